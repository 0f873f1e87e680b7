"""What a folder remembers of batches: how far each item has come, and what was about to be done to its files.

A file system has no transactions. A batch is committed at one rename: of the file that was written anew, or,
where files are removed, of this record. What is met half done when an item is claimed is finished or undone:

* The new file lies beside the old one: the rename was not reached, and the new file is removed.
* It does not: the rename was the last thing that was done, and the batch stands.
* Files that were to be removed lie in the folder of the gone, and the record does not say "committed": they
  go back to where they were. It does: they are wiped.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from curtilage.connectors.disposal.nouns import Mark
from curtilage.connectors.disposal.ports import LostClaimError
from curtilage.foundation.files import write_atomically

NAME: Final = ".curtilage-marks.json"
"""The record, in the folder that is the system's root."""

_BLOCK: Final = bytes(1 << 20)


@dataclass(slots=True)
class Progress:
    """How far an item has come.

    Attributes:
        token: Of who claimed it last.
        number, rows: The last batch that was committed.
        coming: Rows of the batch that is about to be committed; 0 for none.
        file: Path of the new file that takes the old one's place, relative to the root; empty for none.
        moved: Where each file was that lies in the folder of the gone, by its name there.
        committed: The files in the folder of the gone are to be wiped.
    """

    token: str
    number: int = 0
    rows: int = 0
    coming: int = 0
    file: str = ""
    moved: tuple[tuple[str, str], ...] = ()
    committed: bool = False


class Marks:
    """The record of one folder."""

    def __init__(self, root: Path, system: str) -> None:
        self._root, self._system = root, system
        self._tokens: dict[str, str] = {}

    def claim(self, item: str) -> Mark:
        """Take an item over, after what was left half done is finished or undone."""
        with self._locked() as known:
            progress = known.get(item) or Progress("")
            self.settle(item, progress)
            self._sweep(item)
            progress.token = self._tokens[item] = secrets.token_hex(16)
            known[item] = progress
            self._write(known)
        return Mark(item, progress.number, progress.rows)

    @contextmanager
    def batch(self, item: str) -> Iterator[Progress]:
        """Hold the record while a batch of a claimed item is prepared and committed.

        Raises:
            LostClaimError: Somebody else claimed it since.
        """
        with self._locked() as known:
            progress = known.get(item)
            if progress is None or progress.token != self._tokens.get(item):
                raise LostClaimError(system=self._system, item=item)
            try:
                yield progress
            except BaseException:
                self.settle(item, progress)
                self._sweep(item)
                self.save(item, progress)
                raise

    def save(self, item: str, progress: Progress) -> None:
        """Write what is known of an item, durable on return; only while its batch is held."""
        known = self._read()
        known[item] = progress
        self._write(known)

    def forget(self, items: list[str]) -> None:
        """Remove items that are over, and the record with the last of them."""
        with self._locked() as known:
            for item in items:
                if progress := known.pop(item, None):
                    self.settle(item, progress)
            self._write(known)

    def part_of(self, item: str, beside: Path) -> Path:
        """Return the path of a new file beside the old one; it does not end like a file of records."""
        return beside.parent / f".curtilage-{_short(item)}.part"

    def gone_of(self, item: str) -> Path:
        """Return the folder of the gone."""
        return self._root / f".curtilage-{_short(item)}-gone"

    def settle(self, item: str, progress: Progress) -> None:
        """Finish or undo what was begun of a batch; only while it is held."""
        if progress.file:
            fresh = self._root / progress.file
            if fresh.exists():
                wipe(fresh)
            else:
                progress.number, progress.rows = progress.number + 1, progress.coming
        gone = self.gone_of(item)
        for name, back in () if progress.committed else progress.moved:
            with suppress(FileNotFoundError):
                (gone / name).rename(self._root / back)
        if gone.is_dir():
            for each in gone.iterdir():
                wipe(each)
            gone.rmdir()
        progress.coming, progress.file, progress.moved, progress.committed = 0, "", (), False

    def _sweep(self, item: str) -> None:
        """Wipe new files that never took an old one's place, and half written records."""
        for record in self._root.glob(f".{NAME}.*"):
            wipe(record)
        for part in self._root.rglob(f".curtilage-{_short(item)}.part"):
            wipe(part)

    @contextmanager
    def _locked(self) -> Iterator[dict[str, Progress]]:
        handle = os.open(self._root, os.O_RDONLY)
        try:
            with suppress(ImportError, OSError):
                import fcntl  # not everywhere

                fcntl.flock(handle, fcntl.LOCK_EX)
            yield self._read()
        finally:
            os.close(handle)

    def _read(self) -> dict[str, Progress]:
        try:
            said = json.loads((self._root / NAME).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        for each in said.values():
            each["moved"] = tuple((name, back) for name, back in each["moved"])
        return {item: Progress(**each) for item, each in said.items()}

    def _write(self, known: dict[str, Progress]) -> None:
        path = self._root / NAME
        if not known:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, json.dumps({item: asdict(each) for item, each in known.items()}).encode())
            path.chmod(0o600)
        sync_folder(self._root)


def wipe(path: Path) -> None:
    """Overwrite a file with zeros, then remove it; a link is only removed.

    Effects:
        What a disk or a file system that writes elsewhere keeps of it, it keeps; a certificate says so.
    """
    with suppress(FileNotFoundError):
        if not path.is_symlink():
            with path.open("r+b") as file:
                overwrite(file.fileno())
        path.unlink()
        sync_folder(path.parent)


def overwrite(handle: int) -> None:
    """Overwrite all that a file holds with zeros, through to the disk."""
    left = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(handle, _BLOCK[:left])
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make the names of a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _short(item: str) -> str:
    return hashlib.sha256(item.encode()).hexdigest()[:16]
