"""Office files are zip archives: open one without letting it unpack to more than it may.

What an archive says about its own sizes is not believed. Each member is unpacked piece by piece and
counted, and all members of a file share one budget, so that overlapping entries and forged sizes
end like an honest bomb does.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError

_MOST_ENTRIES: Final = 10_000
#: Deflate cannot shrink real sheets and documents more than about 200 times; a bomb reaches 1,000.
_LARGEST_RATIO: Final = 400
_RATIO_COUNTS_FROM_BYTES: Final = 8 * 2**20
_PIECE_BYTES: Final = 2**16
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
)


class Archive:
    """A zip archive that gives out its members within one budget of bytes."""

    def __init__(self, document: Document) -> None:
        """Open the archive of ``document``.

        Raises:
            LimitReachedError: It has more than 10,000 entries, or the file itself is too large.
            UnreadableError: It is no zip archive, or damaged, or its list of entries is.
        """
        self._document = document
        self._left = document.limits.expanded_bytes
        if len(document.content) > document.limits.file_bytes:
            raise LimitReachedError(source=document.source, what="The file is larger than may be read")
        if _has_too_many_entries(document):
            what = f"Its archive has more than {_MOST_ENTRIES:,} entries"
            raise LimitReachedError(source=document.source, what=what)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(document.content))
        except _BROKEN as error:
            raise UnreadableError(source=document.source, what="Its zip archive is damaged") from error
        self.names = frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """Return the unpacked bytes of one member; empty where there is none of that name.

        Raises as :meth:`stream` does.
        """
        return b"".join(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """Give one member piece by piece, so that reading its beginning unpacks its beginning only.

        Raises:
            LimitReachedError: The archive unpacks to more than ``limits.expanded_bytes`` in all, or
                this member to more than 400 times its packed size.
            UnreadableError: The member is damaged or encrypted.
        """
        if name not in self.names:
            return
        size = 0
        packed = max(1, min(self._zip.getinfo(name).compress_size, len(self._document.content)))
        try:
            with self._zip.open(name) as member:
                while piece := member.read(_PIECE_BYTES):
                    size += len(piece)
                    self._spend(len(piece), ratio=size / packed if size > _RATIO_COUNTS_FROM_BYTES else 0)
                    yield piece
        except _BROKEN as error:
            what = "A part of its archive is damaged or locked with a password"
            raise UnreadableError(source=self._document.source, what=what) from error

    def _spend(self, count: int, *, ratio: float) -> None:
        self._left -= count
        if self._left < 0 or ratio > _LARGEST_RATIO:
            limit = self._document.limits.expanded_bytes
            what = f"Its archive unpacks to more than {limit:,} bytes, or far beyond its packed size"
            raise LimitReachedError(source=self._document.source, what=what)


def looks_zipped(document: Document) -> bool:
    """Return whether the file starts as a zip archive does."""
    return document.content[:4] == b"PK\x03\x04"


def list_entries(document: Document) -> frozenset[str]:
    """Return the names in the archive, empty where it is none or damaged; never raises.

    Reads the list at the end of the file only.
    """
    if not looks_zipped(document) or _has_too_many_entries(document):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            return frozenset(archive.namelist())
    except _BROKEN:
        return frozenset()


def _has_too_many_entries(document: Document) -> bool:
    """Count before the library makes an object of each entry."""
    return document.content.count(b"PK\x01\x02") > _MOST_ENTRIES
