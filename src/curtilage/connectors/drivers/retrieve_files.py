"""Files below a folder, of rows (CSV, Parquet, XLSX) or documents: read some people's fields for a release.

* A table is a path below the system's folder, or a pattern (``intake/*.csv``), whose files have the same columns.
* Of a row that has more or fewer cells than its header nobody knows about whom it is: it is not given out, and
  it is counted, for "we hold no such record" would else be a guess.
* Of documents, ``disposal/files/documents.py`` says what is asked instead of columns; ``content`` is the file itself.
* A file that changes between the first look and the last is an error, and nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from curtilage.connectors.disposal.conditions import Condition
from curtilage.connectors.disposal.files.documents import DOCUMENT_COLUMNS, describe, has_rows
from curtilage.connectors.disposal.files.opening import open_table
from curtilage.connectors.disposal.files.tables import FileTable, MisfitFileError
from curtilage.connectors.disposal.files.weigher import Row, Weigher, is_nothing, make_weigher, place_of
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.sql import MisfitError
from curtilage.connectors.ports import NoAnswerError
from curtilage.connectors.retrieval.cells import write_cell
from curtilage.connectors.retrieval.nouns import CONTENT, Cell, Found, Wanted
from curtilage.connectors.retrieval.ports import MovingSourceError, UnfitWantedError

_BLOCK: Final = 256 * 1024
_NOT_READ: Final = (".xls", ".ods")


class FileRetriever:
    """A folder of files of rows, or one of them."""

    def __init__(self, root: Path, *, system: str) -> None:
        """Take a folder.

        Args:
            root: The folder, or the one file that is the system.
            system: Id of the system in the inventory.

        Raises:
            NoAnswerError: There is no such folder or file.
        """
        if not root.exists():
            step = "Check the path in curtilage.toml."
            raise NoAnswerError(source=root.as_posix(), what="there is no such folder", next_step=step)
        self._only = root.name if root.is_file() else ""
        self._root = (root.parent if root.is_file() else root).resolve()
        self.source, self.system = root.as_posix(), system
        self._seen: dict[Path, tuple[int, int, int]] = {}

    def close(self) -> None:
        """Do nothing: no file stays open."""

    @contextmanager
    def moment(self) -> Iterator[None]:
        """See at the end that no file changed since it was first looked at; see the port."""
        self._seen.clear()
        yield
        if any(_state(path) != before for path, before in self._seen.items()):
            raise MovingSourceError(system=self.system)

    def list_columns(self, table: str) -> tuple[str, ...]:
        """Return the names of a file's columns; see the port."""
        with self._explained():
            return next(iter(self._tables(table))).columns

    def count(self, wanted: Wanted) -> Found:
        """Count what is there; see the port."""
        rows = outside = undated = unshared = unreadable = 0
        people: set[str] = set()
        there: set[str] = set()
        has_others = False
        with self._explained():
            for row, weighed in self._weighed(wanted):
                if all(cell is None for cell in row):
                    unreadable += 1
                    continue
                if not weighed.about:
                    has_others = has_others or not is_nothing(row[weighed.subject])
                    continue
                there.add(str(row[weighed.subject]))
                if weighed.within is None:
                    undated += 1
                elif not weighed.within:
                    outside += 1
                elif not weighed.shared:
                    unshared += 1
                else:
                    rows += 1
                    people.add(str(row[weighed.subject]))
        return Found(
            rows, len(people), len(there), outside, undated, unshared, unreadable, has_others=has_others
        )

    def read(self, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
        """Give the records; see the port."""
        with self._explained():
            for row, weighed in self._weighed(wanted):
                if weighed.about and weighed.within and weighed.shared:
                    yield tuple(write_cell(row[at]) for at in weighed.fields)

    def is_of_documents(self, table: str) -> bool:
        """Return whether files are released as a whole; see the port."""
        return not has_rows(table)

    def open_document(self, name: str) -> Iterator[bytes]:
        """Give the bytes of a document; see the port."""
        with self._explained():
            path = self._root / name
            if path not in self._seen:
                raise MisfitFileError("a document is named that was not asked for")
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block

    def _weighed(self, wanted: Wanted) -> Iterator[tuple[Row, _Weighed]]:
        """Give each row with what is to be said of it."""
        for table in self._tables(wanted.table):
            told = _Weighing(wanted, table.columns)
            for row in table.rows():
                yield row, told.weigh(row)

    def _tables(self, pattern: str) -> Iterator[FileTable | _Documents]:
        if not has_rows(pattern):
            yield _Documents(self._root, self._paths(pattern))
            return
        columns: tuple[str, ...] | None = None
        for path in self._paths(pattern):
            if path.suffix.lower() in _NOT_READ:
                raise MisfitFileError(
                    "workbooks of this kind are not read for a release: save it as XLSX or CSV"
                )
            table = open_table(path)
            if columns is not None and table.columns != columns:
                raise MisfitFileError(f"the files of {pattern} do not have the same columns")
            columns = table.columns
            yield table

    def _paths(self, pattern: str) -> list[Path]:
        parts = PurePosixPath(pattern).parts
        if not parts or ".." in parts or PurePosixPath(pattern).is_absolute():
            raise MisfitFileError("a path lies below the system's folder")
        if self._only and pattern != self._only:
            raise MisfitFileError(f"the system is one file, {self._only}")
        found = sorted(path for path in self._root.glob(pattern) if path.is_file())
        if not found:
            raise MisfitFileError(f"there is no file {pattern}")
        if any(path.resolve() != path for path in found):
            raise MisfitFileError(f"what {pattern} names is a link, or lies behind one")
        for path in found:
            self._seen.setdefault(path, _state(path))
        return found

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (MisfitError, MisfitFileError) as error:
            raise UnfitWantedError(system=self.system, what=str(error)) from None
        except OSError as error:
            what = f"a file could not be read ({error.strerror or 'unknown'})"
            raise NoAnswerError(source=self.source, what=what, next_step="Check its rights.") from None


class _Documents:
    """Documents as a table: one row each, whose ``content`` is the document's own path."""

    columns = (*DOCUMENT_COLUMNS, CONTENT)

    def __init__(self, root: Path, paths: list[Path]) -> None:
        self._root, self._paths = root, paths

    def rows(self) -> Iterator[Row]:
        """Give what is asked of each."""
        for path in self._paths:
            row = describe(self._root, path)
            yield (*row, row[0])


class _Weighed:
    """What is said of one row: each is true, false or unknown."""

    __slots__ = ("about", "fields", "shared", "subject", "within")

    def __init__(self, weighing: _Weighing, row: Row) -> None:
        self.fields, self.subject = weighing.fields, weighing.subject
        self.about = weighing.about(row)
        self.within = weighing.within(row)
        self.shared = weighing.shared(row)


class _Weighing:
    """The conditions of what is wanted, made ready for the columns of one file."""

    def __init__(self, wanted: Wanted, columns: tuple[str, ...]) -> None:
        self.fields = tuple(place_of(name, columns) for name in wanted.fields)
        self.subject = place_of(wanted.subject, columns)
        self.about = _make(wanted.about(), columns)
        self.within = _make(wanted.within(), columns)
        self.shared = _make(wanted.may_share(), columns)

    def weigh(self, row: Row) -> _Weighed:
        """Return what is said of a row."""
        return _Weighed(self, row)


def _make(condition: Condition | None, columns: tuple[str, ...]) -> Weigher:
    if condition is None:
        return lambda _row: True
    return make_weigher(condition, columns, Hasher(b"\0" * 32), lambda _row: b"")  # no hash is asked for


def _state(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_ino, found.st_mtime_ns, found.st_size
