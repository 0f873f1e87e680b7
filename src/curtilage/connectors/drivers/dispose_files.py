"""Take records out of files: rows out of CSV, Parquet and workbooks, documents out of folders.

Rules of this file:

* A system is a folder; a target is a path below it, or a pattern (``intake/*.csv``, ``scans/**/*.pdf``).
* A file of rows is written anew beside the old one and takes its place in one step; the old one's bytes are
  overwritten before they are given up. Documents are moved aside, wiped once the batch is committed.
* A file that changes while it is worked on is left alone, and tried again.
* A link, or a file that has a second name elsewhere, is refused: the record would live on under the other.
* Names of files may be names of people: messages tell the pattern, never a file that it found.
* A key that lies in a file (``keys/backup-2016.key`` for the key ``backup-2016``) is destroyed like a document:
  what was sealed under it cannot be read any more, wherever it lies.

A document has no columns: ``disposal/files/documents.py`` says what conditions and keys name instead.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from curtilage.connectors.disposal.conditions import Condition, Not, columns_of
from curtilage.connectors.disposal.files.documents import DOCUMENT_COLUMNS, describe, has_rows
from curtilage.connectors.disposal.files.marks import Marks, Progress, overwrite, sync_folder
from curtilage.connectors.disposal.files.opening import open_table
from curtilage.connectors.disposal.files.tables import FileTable, MisfitFileError
from curtilage.connectors.disposal.files.weigher import Row, Weigher, day_of, make_weigher, place_of
from curtilage.connectors.disposal.hashing import Hasher, SetDigest
from curtilage.connectors.disposal.nouns import (
    Act,
    Batch,
    Dependant,
    DestroyKey,
    Mark,
    Measure,
    Partition,
    Remains,
    RemoveFiles,
    RewriteFile,
    Target,
    TransferThen,
)
from curtilage.connectors.disposal.ports import Archive, Guard, LockedError, UnfitTargetError
from curtilage.connectors.disposal.sql import MisfitError
from curtilage.foundation.errors import SourceError


class FilesNotReadableError(SourceError):
    """A folder of files could not be read or written."""

    code = "disposal.files-not-readable"

    def __init__(self, *, system: str, why: str) -> None:
        self.system, self.why = system, why
        super().__init__(
            f"{system}: its files could not be worked on ({why}). Nothing of this batch was removed. "
            "Check the rights and the free space there, and run the command again."
        )


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is weighed and changed as one: a file of rows, or all documents together.

    Attributes:
        path: The file; None for the documents.
        name: Below the root, POSIX.
        columns: Names of the cells of a row.
        rows: Gives them, in a stable order.
        table: The file as a table; None for the documents.
    """

    path: Path | None
    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]
    table: FileTable | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    """One batch that is about to be done: ``due`` are the rows that go, by their number in the unit."""

    item: str
    target: Target
    act: Act
    unit: _Unit
    due: Mapping[int, Row]
    spared: int


class FileDisposer:
    """A folder of files, or one file, from which can be deleted."""

    whole_batches: Final = True
    """A batch costs what its file costs, however few rows it takes: give it all that may go."""

    def __init__(
        self, root: Path, system: str, hasher: Hasher, *, archives: Mapping[str, Archive] | None = None
    ) -> None:
        """Take a folder.

        Args:
            root: The folder, or the one file that is the system.
            system: Id of the system.
            hasher: Computes keyed hashes.
            archives: Who takes over what is transferred, by name.

        Raises:
            FilesNotReadableError: There is no such folder or file.
        """
        if not root.exists():
            raise FilesNotReadableError(system=system, why="there is no such folder")
        self._only = root.name if root.is_file() else ""
        self._root: Final = (root.parent if root.is_file() else root).resolve()
        self.source, self.system = root.as_posix(), system
        self._hasher, self._archives = hasher, dict(archives or {})
        self._marks: Final = Marks(self._root, system)
        self._done: Final[dict[str, str]] = {}

    # --- the port -----------------------------------------------------------------------------------

    def check(self, target: Target, act: Act) -> None:
        """Make sure that an act can be done; see the port."""
        inner = act.act if isinstance(act, TransferThen) else act
        if not isinstance(inner, RemoveFiles | RewriteFile | DestroyKey):
            raise self._unfit("files are removed or written anew; nothing else can be done to them")
        if isinstance(act, TransferThen) and act.to not in self._archives:
            raise self._unfit(f"there is no archive {act.to}")
        if _is_of_documents(target) == isinstance(inner, RewriteFile):
            raise self._unfit("documents are removed, files of rows are written anew: this is the other act")
        if isinstance(inner, DestroyKey) and inner.id != _stem(target.table):
            raise self._unfit(f"the file {target.table} is not that of key {inner.id}")
        with self._explained():
            for unit in self._units(target):
                self._weigher(unit, target, target.condition)

    def count(self, target: Target) -> int:
        """Return how many rows meet the condition; see the port."""
        return sum(1 for _ in self._due(target))

    def keys_digest(self, target: Target) -> tuple[int, str]:
        """Return the count and the digest of the keys; see the port."""
        digest = SetDigest()
        digest.add(self._due(target))
        return digest.count, digest.hexdigest()

    def measure(self, target: Target, conditions: Sequence[Condition | None], *, column: str = "") -> Measure:
        """Count the rows that meet each of some conditions, in one reading; see the port."""
        counts, days = [0] * len(conditions), list[date]()
        with self._explained():
            for unit in self._units(target):
                weighers = [
                    None if each is None else self._weigher(unit, target, each) for each in conditions
                ]
                at = place_of(column, unit.columns) if column else None
                for row in unit.rows:
                    for number, weigh in enumerate(weighers):
                        if weigh is None or weigh(row):
                            counts[number] += 1
                            if number == 0 and at is not None and (day := day_of(row[at])):
                                days.append(day)
        return Measure(tuple(counts), min(days, default=None), max(days, default=None))

    def list_dependants(self, target: Target, *, counted: bool = False) -> tuple[Dependant, ...]:
        """Return nothing: files have no foreign keys."""
        return ()

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return nothing: files have no partitions."""
        return ()

    def claim(self, item: str) -> Mark:
        """Take an item over; see the port."""
        with self._explained():
            self._done.pop(item, None)
            return self._marks.claim(item)

    def do_batch(self, item: str, target: Target, act: Act, *, limit: int, guard: Guard) -> Batch:
        """Do the next batch: of one file of rows, or of as many documents as may go; see the port."""
        if limit < 1:
            raise ValueError("A batch has at least one row.")
        spared = 0
        with self._explained(), self._marks.batch(item) as progress:
            spare = guard.spare(target.table)
            for unit in self._units(target, after=self._done.get(item, "")):
                due, stay = self._choose(unit, target, spare, limit)
                spared += stay
                if due:
                    work = _Work(item, target, act, unit, due, spared)
                    return self._take(work, progress, guard)
                self._done[item] = unit.name
        return Batch(progress.number, 0, spared=spared)

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Say what remains; the bytes were overwritten with each batch."""
        return (
            Remains(
                "free-blocks",
                "The files' bytes were overwritten in place before they were given up.",
                None,
                "A disk or a file system that writes elsewhere (flash, snapshots, copy on write) may keep old blocks.",
            ),
        )

    def lag(self) -> float:
        """Return 0: files have no replicas that are known here."""
        return 0.0

    def forget(self, items: Sequence[str]) -> None:
        """Remove the marks of items that are over; see the port."""
        with self._explained():
            self._marks.forget(list(items))

    def close(self) -> None:
        """Do nothing: no file stays open."""

    # --- one batch ----------------------------------------------------------------------------------

    def _choose(
        self, unit: _Unit, target: Target, spare: Condition | None, limit: int
    ) -> tuple[dict[int, Row], int]:
        """Return the rows of a unit that may go, by number, and how many are due and stay."""
        is_due = self._weigher(unit, target, target.condition)
        may_go = self._weigher(unit, target, Not(spare)) if spare is not None else lambda _: True
        due: dict[int, Row] = {}
        stay = 0
        for number, row in enumerate(unit.rows):
            if not is_due(row):
                continue
            if not may_go(row):
                stay += 1
            elif len(due) < limit:
                due[number] = row
        return due, stay

    def _take(self, work: _Work, progress: Progress, guard: Guard) -> Batch:
        started, unit = time.monotonic(), work.unit
        rows = list(work.due.values())
        keys = tuple(self._hasher.keys(_scope(work.target), (_key(work.target, unit, row) for row in rows)))
        batch = Batch(progress.number + 1, len(rows), spared=work.spared, keys=keys)
        if isinstance(work.act, TransferThen):
            self._hand_over(work.act, work.item, batch.number, unit, rows)
        progress.coming = batch.rows
        if unit.path is not None:
            self._write_anew(work, progress, lambda: guard.permit(batch))
        else:
            self._move_aside(work, progress)
            guard.permit(batch)
            progress.number, progress.rows, progress.committed = batch.number, batch.rows, True
            self._marks.save(work.item, progress)
        self._marks.settle(work.item, progress)
        self._marks.save(work.item, progress)
        return replace(batch, seconds=time.monotonic() - started)

    def _write_anew(self, work: _Work, progress: Progress, permit: Callable[[], None]) -> None:
        """Let a new file without the rows take the old one's place, and overwrite the old one's bytes."""
        path, table = work.unit.path, work.unit.table
        assert path is not None
        assert table is not None
        fresh = self._marks.part_of(work.item, path)
        with path.open("r+b") as old:
            before = os.fstat(old.fileno())
            fresh.touch(mode=0o600)
            table.write_without(work.due, fresh)
            fresh.chmod(before.st_mode & 0o777)
            permit()
            if _state(os.fstat(old.fileno())) != _state(before) or _state(path.lstat()) != _state(before):
                raise LockedError(system=self.system, table=work.target.table)
            progress.file = fresh.relative_to(self._root).as_posix()
            self._marks.save(work.item, progress)
            fresh.replace(path)
            sync_folder(path.parent)
            overwrite(old.fileno())

    def _move_aside(self, work: _Work, progress: Progress) -> None:
        """Move documents into the folder of the gone, out of which they come back unless it is committed."""
        gone = self._marks.gone_of(work.item)
        names = [str(row[0]) for row in work.due.values()]
        progress.moved = tuple((str(number), name) for number, name in enumerate(names))
        self._marks.save(work.item, progress)
        gone.mkdir(mode=0o700, exist_ok=True)
        for number, name in progress.moved:
            (self._root / name).rename(gone / number)
        sync_folder(gone)

    def _hand_over(self, act: TransferThen, item: str, number: int, unit: _Unit, rows: Sequence[Row]) -> None:
        if unit.path is not None:
            self._archives[act.to].take(item, number, [(unit.name, unit.columns, rows)])
            return
        content = [(row[0], (self._root / str(row[0])).read_bytes()) for row in rows]
        self._archives[act.to].take(item, number, [("", ("file_path", "content"), content)])

    # --- what there is ------------------------------------------------------------------------------

    def _due(self, target: Target) -> Iterator[bytes]:
        """Give the keyed hash of each row that meets the condition."""
        with self._explained():
            for unit in self._units(target):
                weigh = self._weigher(unit, target, target.condition)
                keys = (_key(target, unit, row) for row in unit.rows if weigh(row))
                yield from self._hasher.keys(_scope(target), keys)

    def _weigher(self, unit: _Unit, target: Target, condition: Condition) -> Weigher:
        def hash_key(row: Row) -> bytes:
            return self._hasher.keys(_scope(target), (_key(target, unit, row),))[0]

        _key(target, unit, [None] * len(unit.columns))
        return make_weigher(condition, unit.columns, self._hasher, hash_key)

    def _units(self, target: Target, *, after: str = "") -> Iterator[_Unit]:
        paths = list(self._paths(target.table))
        if _is_of_documents(target):  # those that went before are not missed
            if not after:
                yield _Unit(None, ".", DOCUMENT_COLUMNS, map(self._describe, paths))
            return
        if not paths and not any(mark in target.table for mark in "*?["):
            raise self._unfit(f"there is no file {target.table}")
        for path in paths:
            name = path.relative_to(self._root).as_posix()
            if name > after:
                table = open_table(path)
                yield _Unit(path, name, table.columns, table.rows(), table)

    def _paths(self, pattern: str) -> Iterator[Path]:
        """Give the files of a pattern, sorted by their names below the root."""
        parts = PurePosixPath(pattern).parts
        if not parts or ".." in parts or PurePosixPath(pattern).is_absolute():
            raise self._unfit("a path lies below the system's folder")
        if self._only and pattern != self._only:
            raise self._unfit(f"the system is one file, {self._only}")
        found = [path for path in self._root.glob(pattern) if not path.is_dir() or path.is_symlink()]
        own = [path for path in found if not any(part.startswith(".curtilage-") for part in path.parts)]
        for path in own:
            if path.resolve() != path or not path.is_file():
                raise self._unfit(f"what {pattern} names is a link, or lies behind one")
            if path.stat().st_nlink > 1:
                raise self._unfit(
                    f"a file of {pattern} has a second name (a hard link), under which it would live on"
                )
        yield from sorted(own, key=lambda path: path.relative_to(self._root).as_posix())

    def _describe(self, path: Path) -> Row:
        return describe(self._root, path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (MisfitError, MisfitFileError) as error:
            raise self._unfit(str(error)) from None
        except OSError as error:
            raise FilesNotReadableError(system=self.system, why=error.strerror or "unknown") from None

    def _unfit(self, what: str) -> UnfitTargetError:
        return UnfitTargetError(system=self.system, what=what)


def _is_of_documents(target: Target) -> bool:
    """Return whether files go as a whole: what is asked of them is what a document has."""
    if not has_rows(target.table):
        return True
    asked = {*columns_of(target.condition), *target.key, *filter(None, [target.subject])}
    return bool(asked & set(DOCUMENT_COLUMNS))


def _stem(pattern: str) -> str:
    """Return the name of the file that a pattern means, without its ending."""
    return PurePosixPath(pattern).name.rpartition(".")[0] or PurePosixPath(pattern).name


def _scope(target: Target) -> str:
    return f"{target.system}.{target.table}"


def _key(target: Target, unit: _Unit, row: Row) -> Row:
    """Return what a row is known by: its file and its key; without a key all its cells."""
    if unit.path is None:
        return (row[0],)
    names = target.key or ()
    return (unit.name, *([row[place_of(name, unit.columns)] for name in names] if names else row))


def _state(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
