"""The ledger as a folder of small files that any static host serves, and anybody's tool checks.

::

    checkpoint                       the newest signed checkpoint
    tile/0/000  tile/0/x001/234      256 leaf hashes each, 32 bytes a hash
    tile/1/000.p/17                  17 hashes over 256 leaves each; a tile that is not full yet
    tile/entries/000                 256 entries, each after its length in 16 bits

Rules of this file:

* The folder grows. A file that stands is never rewritten; if it would have to be, that is a fork, and told.
* ``checkpoint`` alone is replaced, last, when all that it speaks of is there.
* Tiles that are not full stay when they have become full: an old checkpoint needs them.

Source:
    c2sp-tlog-tiles.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from curtilage.foundation.errors import EvidenceError, SourceError
from curtilage.foundation.files import write_atomically
from curtilage.foundation.progress import Progress, Quiet
from curtilage.ledger.ports import Store
from curtilage.ledger.signing import ForkError, check_continues, read_checkpoint
from curtilage.ledger.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, MissingHashesError, find_root

CHECKPOINT: Final = "checkpoint"
"""Name of the one file that is replaced."""

ENTRIES: Final = "entries"
"""Takes the place of the level in the path of entries."""

_LENGTH: Final = struct.Struct(">H")
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class TileDiffersError(EvidenceError):
    """A file of the folder is another one than the ledger would write."""

    code = "ledger.tile-differs"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path} stands there with other content than the ledger has. It was left as it is, and the folder's "
            "checkpoint is unchanged. Run: curtilage ledger verify --tiles DIR, and tell the oversight body."
        )


class BadTileError(EvidenceError):
    """A file of the folder is missing or not of its form."""

    code = "ledger.bad-tile"

    def __init__(self, *, path: str, what: str) -> None:
        self.path, self.what = path, what
        super().__init__(
            f"{path} {what}. Nothing was changed. Export into an empty folder, or ask for another copy."
        )


class NoFolderError(SourceError):
    """There is no folder of tiles."""

    code = "ledger.no-tiles"

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} holds no checkpoint of a ledger. Nothing was checked. Make one with: curtilage ledger export"
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did.

    Attributes:
        before: Entries that the folder held.
        size: Entries that it holds now.
        written: Files that were written, the checkpoint not counted.
    """

    before: int
    size: int
    written: int


def tile_path(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile below the folder.

    Args:
        level: Level of tiles, or :data:`ENTRIES`.
        index: 0-based number of the tile at its level.
        width: Hashes or entries in it; below 256 where it is not full.

    >>> tile_path(0, 1234067, 8)
    'tile/0/x001/x234/067.p/8'
    """
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03d}")
    tail = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{tail}"


def export_tiles(store: Store, folder: Path, note: bytes, *, progress: Progress | None = None) -> Exported:
    """Write what a folder lacks of the ledger up to a checkpoint, then the checkpoint.

    Args:
        store: Where the ledger lies.
        folder: Made where it is missing.
        note: A signed checkpoint over this ledger.
        progress: Told of the files.

    Effects:
        Writes new files and replaces ``checkpoint``. Interrupted, it is finished by doing it again.

    Raises:
        ForkError: The folder, or the note, is of another ledger or another past.
        TileDiffersError: A file is there with other content.
        NotWrittenError: A file cannot be written.
    """
    head = read_checkpoint(note)
    check_continues(store, head, head.origin, store.count())
    before = _held(store, folder, head.origin, head.size)
    shown = progress or Quiet()
    shown.start("Writing tiles", None, unit="files")
    written = 0
    for path, content in _list_tiles(store, before, head.size):
        written += _put(folder / path, content, path)
        shown.step()
    shown.finish()
    write_atomically(folder / CHECKPOINT, note)
    return Exported(before, head.size, written)


def _held(store: Store, folder: Path, origin: str, size: int) -> int:
    """Return the size of what the folder holds, after checking that the ledger continues it."""
    if not (folder / CHECKPOINT).exists():
        return 0
    old = read_checkpoint((folder / CHECKPOINT).read_bytes())
    check_continues(store, old, origin, store.count())
    if old.size > size:
        raise ForkError(what=f"the folder holds {old.size:,} entries, and the checkpoint speaks of {size:,}")
    return old.size


def _list_tiles(store: Store, before: int, after: int) -> Iterator[tuple[str, bytes]]:
    """Give each tile that is needed for ``after`` leaves and was not complete with ``before``."""
    for index, width in _tiles(before, after):
        rows = store.read_rows(after=index * TILE_WIDTH - 1, limit=width)
        bundle = b"".join(_LENGTH.pack(len(row.entry)) + row.entry for row in rows)
        yield tile_path(ENTRIES, index, width), bundle
    level = 0
    while after >> (TILE_HEIGHT * level):
        shift = TILE_HEIGHT * level
        for index, width in _tiles(before >> shift, after >> shift):
            hashes = store.hashes(level, index * TILE_WIDTH, width)
            if len(hashes) != width:
                raise MissingHashesError(
                    level=level, start=index * TILE_WIDTH, count=width, found=len(hashes)
                )
            yield tile_path(level, index, width), b"".join(hashes)
        level += 1


def _tiles(before: int, after: int) -> Iterator[tuple[int, int]]:
    """Give ``(index, width)`` of the tiles of one level that ``after`` has and ``before`` had not so wide."""
    for index in range(before // TILE_WIDTH, after // TILE_WIDTH):
        yield index, TILE_WIDTH
    if width := after % TILE_WIDTH:
        yield after // TILE_WIDTH, width


def _put(path: Path, content: bytes, shown: str) -> bool:
    try:
        if path.read_bytes() == content:
            return False
        raise TileDiffersError(path=shown)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
        return True


class TileFolder:
    """A folder of tiles, to be read as a tree of the size that its checkpoint says.

    Attributes:
        folder: Where it lies.
        note: The signed checkpoint in it.
        head: What that says; not checked yet.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder.

        Raises:
            NoFolderError: It holds no checkpoint.
            EvidenceError: What it holds is no checkpoint.
        """
        try:
            self.note = (folder / CHECKPOINT).read_bytes()
        except OSError as error:
            raise NoFolderError(folder=folder) from error
        self.folder = folder
        self.head = read_checkpoint(self.note)
        self._tile = lru_cache(maxsize=64)(self._read_tile)

    def hashes(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return hashes of the tree, as ``curtilage.ledger.tree.Hashes``.

        Raises:
            BadTileError: The tile is missing or has another length.
        """
        index, offset = divmod(start, TILE_WIDTH)
        tile = self._tile(level, index)
        return [
            tile[at : at + HASH_BYTES] for at in _steps(offset, min(offset + count, len(tile) // HASH_BYTES))
        ]

    def read_entries(self, index: int) -> tuple[bytes, ...]:
        """Return the entries of a tile of leaves, in order.

        Raises:
            BadTileError: The file is missing, or not of its form.
        """
        width = self.width(0, index)
        path, raw = self._read(ENTRIES, index, width)
        entries: list[bytes] = []
        at = 0
        while at + _LENGTH.size <= len(raw) and len(entries) < width:
            (length,) = _LENGTH.unpack_from(raw, at)
            at += _LENGTH.size + length
            entries.append(raw[at - length : at])
        if len(entries) != width or at != len(raw):
            raise BadTileError(path=path, what=f"is no bundle of {width} entries")
        return tuple(entries)

    def width(self, level: int, index: int) -> int:
        """Return how many hashes or entries a tile has in a tree of this size; 0 for none."""
        return max(0, min(TILE_WIDTH, (self.head.size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))

    def find_root(self) -> bytes:
        """Return the root that the tiles lead to."""
        return find_root(self.hashes, self.head.size)

    def list_odd_files(self) -> Iterator[str]:
        """Say of each file that no tile of this size needs what is wrong with it; older tiles must be beginnings."""
        for path in sorted((self.folder / "tile").rglob("*")):
            if path.is_file() and (what := self._weigh_file(path)):
                yield f"{path.relative_to(self.folder).as_posix()} {what}"

    def _weigh_file(self, path: Path) -> str:
        found = _PATH.fullmatch(path.relative_to(self.folder).as_posix())
        if found is None:
            return "is no tile"
        level: int | str = ENTRIES if found["level"] == ENTRIES else int(found["level"])
        index = int(found["index"].replace("/", "").replace("x", ""))
        width = int(found["width"] or TILE_WIDTH)
        most = self.width(0 if level == ENTRIES else int(level), index)
        if width > most:
            return "is more than the checkpoint speaks of: an export was not finished"
        if width == most:
            return ""
        return (
            "" if path.read_bytes() == self._beginning(level, index, width) else "is no beginning of its tile"
        )

    def _beginning(self, level: int | str, index: int, width: int) -> bytes:
        if level == ENTRIES:
            return b"".join(_LENGTH.pack(len(each)) + each for each in self.read_entries(index)[:width])
        return self._tile(int(level), index)[: width * HASH_BYTES]

    def _read_tile(self, level: int, index: int) -> bytes:
        width = self.width(level, index)
        path, raw = self._read(level, index, width)
        if len(raw) != width * HASH_BYTES:
            raise BadTileError(path=path, what=f"has not {width} hashes of {HASH_BYTES} bytes")
        return raw

    def _read(self, level: int | str, index: int, width: int) -> tuple[str, bytes]:
        path = tile_path(level, index, width)
        try:
            return path, (self.folder / path).read_bytes()
        except OSError as error:
            raise BadTileError(path=path, what=f"cannot be read ({error.strerror})") from error


def _steps(start: int, stop: int) -> range:
    return range(start * HASH_BYTES, stop * HASH_BYTES, HASH_BYTES)
