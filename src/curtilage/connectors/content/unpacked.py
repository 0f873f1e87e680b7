"""What is packed: a file behind gz, bz2, xz or zst as a stream, the members of a zip archive one by one.

Nothing is written anywhere and nothing is held: bytes are unpacked as they are read, against a bound.
What an archive says about its own sizes is not believed. An archive within an archive is not looked into.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, BinaryIO, Final, cast

from curtilage.connectors.content.batches import load_arrow
from curtilage.connectors.content.files import Stored, suffix_of
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.ports import LimitReachedError, UnreadableError
from curtilage.connectors.walk import is_passed_over
from curtilage.foundation.place import PassedOver

#: Suffix and the first bytes that it promises.
CODECS: Final[Mapping[str, bytes]] = MappingProxyType(
    {"gz": b"\x1f\x8b\x08", "bz2": b"BZh", "xz": b"\xfd7zXZ", "zst": b"(\xb5/\xfd"}
)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
_CUT_OFF: Final = ("unreadable", "It is damaged or its end is missing; what stands before was read.")
_PIECE_BYTES: Final = 2**18
_RATIO_COUNTS_FROM_BYTES: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that lies packed in another one.

    Attributes:
        source: How it is named in every result.
        packed: The file around it.
        unpack: Opens it from the open file around it.
        limits: ``stream_bytes`` and ``ratio`` are kept.
        packed_size: Bytes that it takes up there; 0 where unknown.
        size: Always 0: what an archive says is not believed.
        can_seek: Always false.
    """

    source: str
    packed: Stored = field(repr=False)
    unpack: Callable[[BinaryIO], Any] = field(repr=False)
    limits: ContentLimits = field(repr=False)
    packed_size: int = 0
    size: int = 0
    can_seek: bool = False
    odd: list[tuple[str, str]] = field(default_factory=list, repr=False)

    @property
    def version(self) -> str:
        """Return that of the file around it."""
        return self.packed.version

    def open(self) -> BinaryIO:
        """Return its bytes; raises as :class:`Stored` does."""
        outer = self.packed.open()
        failed = False
        try:
            inner = self.unpack(outer)
        except _BROKEN:
            failed = True
        if failed:
            outer.close()
            raise UnreadableError(source=self.source, what="It is damaged or locked with a password")
        return cast("BinaryIO", _Counted(self, outer, inner))

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return whether its end was missing, since last asked."""
        odd = (*self.odd, *self.packed.problems())
        self.odd.clear()
        return odd


class _Counted(io.RawIOBase):
    """Bytes that are unpacked as they are read; ends where the archive is cut off."""

    def __init__(self, file: Unpacked, outer: BinaryIO, inner: BinaryIO) -> None:
        self._of, self._outer, self._inner = file, outer, inner
        self._size = 0
        self._is_over = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces: list[bytes] = []
        left = size if size >= 0 else 2**62
        # Piece by piece: what stands before a damage is given out.
        while left > 0 and (piece := self._piece(min(left, _PIECE_BYTES))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        if self._is_over:
            return b""
        try:
            piece = bytes(self._inner.read(size))
        except _BROKEN:
            piece = b""
            self._is_over = True
        if (self._is_over or getattr(self._inner, "is_cut_off", False)) and _CUT_OFF not in self._of.odd:
            self._of.odd.append(_CUT_OFF)
        self._size += len(piece)
        self._weigh()
        return piece

    def _weigh(self) -> None:
        limits, packed = self._of.limits, self._of.packed_size
        is_bomb = packed and self._size > _RATIO_COUNTS_FROM_BYTES and self._size > limits.ratio * packed
        if is_bomb or self._size > limits.stream_bytes:
            what = f"It unpacks to more than {limits.stream_bytes:,} bytes, or far beyond its packed size"
            raise LimitReachedError(source=self._of.source, what=what)

    def close(self) -> None:
        self._inner.close()
        self._outer.close()
        super().close()


def codec_of(stored: Stored, head: bytes) -> str:
    """Return how a single file is packed, by its name and first bytes; empty where it is not."""
    suffix = suffix_of(stored.source)
    return suffix if suffix in CODECS and head.startswith(CODECS[suffix]) else ""


def name_unpacked(source: str) -> str:
    """Return what a file that is packed by itself is called in results: without that suffix.

    >>> name_unpacked("exports/people.csv.gz"), name_unpacked("exports/all.zip")
    ('exports/people.csv', 'exports/all.zip')
    """
    suffix = suffix_of(source)
    return source.removesuffix(f".{suffix}") if suffix in CODECS else source


def unpack_one(stored: Stored, codec: str, limits: ContentLimits) -> Unpacked:
    """Return the file behind ``codec``; it is called as the packed one, without that suffix."""

    def opened(file: BinaryIO) -> Any:
        if codec == "zst":
            arrow = load_arrow(stored.source)
            return arrow.CompressedInputStream(arrow.PythonFile(file, mode="r"), "zstd")
        return _Inflated(file, _DECODERS[codec])

    return Unpacked(name_unpacked(stored.source), stored, opened, limits, stored.size)


_DECODERS: Final[Mapping[str, Callable[[], Any]]] = MappingProxyType(
    {"gz": lambda: _Gzip(), "bz2": bz2.BZ2Decompressor, "xz": lzma.LZMADecompressor}  # noqa: PLW0108 - made below
)


class _Gzip:
    """zlib's decoder with the same verbs as those of bz2 and lzma."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail and not self._decoder.eof

    def decompress(self, data: bytes, size: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, size)


class _Inflated:
    """A packed stream, or several one after the other, of which nothing is lost where it is cut off."""

    def __init__(self, file: BinaryIO, new: Callable[[], Any]) -> None:
        self._file, self._new, self._decoder = file, new, new()
        self._packed = b""
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        pieces: list[bytes] = []
        left = size if size >= 0 else 2**62
        while left > 0 and not self._is_over and (piece := self._some(min(left, _PIECE_BYTES))) is not None:
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _some(self, size: int) -> bytes | None:
        if self._decoder.eof:
            self._packed = (self._decoder.unused_data or self._file.read(_PIECE_BYTES)).lstrip(b"\0")
            if not self._packed:
                return None
            self._decoder = self._new()
        if self._decoder.needs_input and not self._packed:
            self._packed = self._file.read(_PIECE_BYTES)
            if not self._packed:
                self._is_over = True
                return b""
        packed, self._packed = self._packed, b""
        try:
            return bytes(self._decoder.decompress(packed, size))
        except _BROKEN:
            self._is_over = True
            return b""

    @property
    def is_cut_off(self) -> bool:
        """Whether it ended before its end."""
        return self._is_over

    def close(self) -> None:
        """Leave the file open: who opened it closes it."""


def members_of(stored: Stored, limits: ContentLimits) -> Iterator[Unpacked | PassedOver]:
    """Give the files in a zip archive by name, called ``ARCHIVE!NAME``; what is hidden is passed over.

    Raises:
        LimitReachedError: It has too many members.
        UnreadableError: It is no zip archive, or damaged.
    """
    entries: list[zipfile.ZipInfo] | None = None
    with stored.open() as file:
        try:
            _refuse_many(file, stored, limits)
            entries = zipfile.ZipFile(file).infolist()
        except _BROKEN:
            entries = None
    if entries is None:
        raise UnreadableError(source=stored.source, what="Its archive is damaged")
    for entry in sorted(entries, key=lambda entry: entry.filename):
        source = f"{stored.source}!{entry.filename}"
        reason = is_passed_over(entry.filename)
        if entry.is_dir():
            continue
        if reason or entry.filename.lower().endswith(".zip"):
            yield PassedOver(source, reason or "no-reader")
        else:
            packed = max(1, min(entry.compress_size, stored.size or entry.compress_size))
            yield Unpacked(source, stored, _Member(entry.filename), limits, packed)


@dataclass(frozen=True, slots=True)
class _Member:
    name: str

    def __call__(self, file: BinaryIO) -> Any:
        return zipfile.ZipFile(file).open(self.name)


def _refuse_many(file: BinaryIO, stored: Stored, limits: ContentLimits) -> None:
    """Count the members by what the end of the archive says, before an object is made of each."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 2**16 - 22))
    tail = file.read(2**16 + 22)
    at = tail.rfind(b"PK\x05\x06")
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    # An entry of the list takes 46 bytes at least.
    if 0xFFFFFFFF > listed > 46 * 4 * limits.tables:
        what = f"Its archive has more than {limits.tables:,} members"
        raise LimitReachedError(source=stored.source, what=what)
    file.seek(0)
