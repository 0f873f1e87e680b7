"""Texts of lines: their encoding, their bytes as UTF-8, and where they can be cut into parts."""

from __future__ import annotations

import codecs
import io
from array import array as numbers
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from curtilage.connectors.content.batches import load_arrow
from curtilage.connectors.content.files import PartOfFile, Stored, read_fully, read_head
from curtilage.connectors.reading.encodings import MARKS, guess_encoding

HEAD_BYTES: Final = 2**20
"""How much of a text is looked at to tell how it is written."""
SMALLEST_PART_BYTES: Final = 8 * 2**20
LARGEST_PART_BYTES: Final = 512 * 2**20
_SAMPLED_PLACES: Final = 8
_BLOCK_BYTES: Final = 2**20
_WINDOW_BYTES: Final = 256 * 2**10
_MOST_STARTS: Final = 64
_WIDE: Final = frozenset({"utf-16", "utf-32", "utf-16-le", "utf-16-be"})

Span = tuple[int, int]


class TextFile:
    """A text file as bytes of UTF-8, whole or in ranges that begin and end with a line.

    Attributes:
        encoding: Python's name; a byte order mark is taken off.
        head: The first characters, without the mark.
        begin: Where the text begins, in bytes of the file.
        can_split: Whether it can be read in ranges of its own bytes.
        replaced: How many characters could not be read in its encoding, so far. In a file that is
            UTF-8 they are counted only where valid text was asked for.
    """

    def __init__(self, stored: Stored) -> None:
        """Look at the beginning of the file.

        Raises:
            SourceError: It cannot be opened or read.
        """
        self.stored = stored
        head = read_head(stored, HEAD_BYTES)
        self.encoding = guess_encoding(head)
        marked = next((mark for mark, name in MARKS if head.startswith(mark)), b"")
        self.begin = len(marked)
        self.replaced = 0
        self.is_wide = self.encoding in _WIDE
        if self.encoding == "utf-8-sig":
            self.encoding = "utf-8"
        self.can_split = stored.can_seek and not self.is_wide and stored.size > 0
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        self.head = decoder.decode(head if self.is_wide else head[self.begin :])
        self.is_whole = len(head) < HEAD_BYTES

    def bytes_of(self, text: str) -> int:
        """Return how many bytes of the file (of the UTF-8, where it is UTF-16) a piece of :attr:`head` takes."""
        return len(text.encode("utf-8" if self.is_wide else self.encoding, "replace"))

    def open(self, start: int = 0, end: int = -1, *, is_valid: bool = False) -> BinaryIO:
        """Return the text in UTF-8, without its mark.

        Args:
            start: The first byte, counted as :meth:`bytes_of` does, the mark included.
            end: One behind the last byte; -1 for the end. Only where :attr:`can_split`.
            is_valid: Whether what is not valid UTF-8 is replaced and counted, and not passed on.
        """
        start = max(start, 0 if self.is_wide else self.begin)
        file = self.stored.open()
        if self.is_wide:
            text = cast("BinaryIO", _Transcoded(file, self))
            skip(text, start)
            return text
        if self.stored.can_seek:
            file.seek(start)
        else:
            skip(file, start)
        limited = file if end < 0 else cast("BinaryIO", PartOfFile(file, max(0, end - start)))
        if self.encoding == "utf-8":
            return cast("BinaryIO", _Valid(limited, self)) if is_valid else limited
        return cast("BinaryIO", _Transcoded(limited, self))

    def split(
        self, begin: int, wanted: int, fits: Callable[[bytes], bool], end: int = -1
    ) -> tuple[Span, ...]:
        """Return ranges that together are the file from ``begin``, each beginning with a row.

        Args:
            begin: The first byte of data.
            wanted: How many ranges at most, unless one were larger than 512 MiB.
            fits: Whether a row begins where these bytes do.
            end: One behind the last byte; -1 for the end of the file.
        """
        end = self.stored.size if end < 0 else end
        size = max(0, end - begin)
        count = max(min(wanted, size // SMALLEST_PART_BYTES), -(-size // LARGEST_PART_BYTES), 1)
        return self.cut(begin, end, count, fits)

    def cut(self, begin: int, end: int, count: int, fits: Callable[[bytes], bool]) -> tuple[Span, ...]:
        """Return ``count`` ranges of about the same size, fewer where no row begins near a cut."""
        cuts = [begin]
        for number in range(1, count):
            found = self.next_row(begin + (end - begin) * number // count, fits)
            if found is not None and cuts[-1] < found < end:
                cuts.append(found)
        return tuple(zip(cuts, [*cuts[1:], end], strict=True))

    def places(self, begin: int, size: int, fits: Callable[[bytes], bool]) -> tuple[Span, ...]:
        """Return eight short ranges spread over the file, each of about ``size`` bytes, or all of it."""
        spans = self.cut(begin, self.stored.size, _SAMPLED_PLACES, fits)
        return tuple(
            (start, end if end - start <= size else self.next_row(start + size, fits) or end)
            for start, end in spans
        )

    def next_row(self, offset: int, fits: Callable[[bytes], bool]) -> int | None:
        """Return where the first row at or behind ``offset`` begins; None where none does nearby."""
        with self.stored.open() as file:
            file.seek(max(0, offset - 1))
            window = read_fully(file, _WINDOW_BYTES, self.stored.source)
        at = window.find(b"\n")
        for _ in range(_MOST_STARTS):
            if at < 0:
                return None
            if fits(window[at + 1 :]):
                return max(1, offset) + at
            at = window.find(b"\n", at + 1)
        return None


def skip(file: BinaryIO, size: int) -> None:
    """Read ``size`` bytes and drop them."""
    while size > 0 and (piece := file.read(min(size, _BLOCK_BYTES))):
        size -= len(piece)


class _Valid(io.RawIOBase):
    """The bytes of a file with a mark in place of what is not UTF-8; nearly free where all is."""

    def __init__(self, file: BinaryIO, text: TextFile) -> None:
        self._file, self._text = file, text
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            piece = self._file.read(size)
            block = self._rest + piece if self._rest else piece
            self._rest = b""
            if block.isascii():
                return block
            block = self._checked(block, is_end=not piece)
            if block or not piece:
                return block

    def _checked(self, block: bytes, *, is_end: bool) -> bytes:
        whole = len(block) - (0 if is_end else _begun(block))
        if _is_utf_8(block, whole, self._text.stored.source):
            self._rest = block[whole:]
            return block[:whole] if self._rest else block
        try:
            _, used = codecs.utf_8_decode(block, "strict", is_end)
        except UnicodeDecodeError:
            text, used = codecs.utf_8_decode(block, "replace", is_end)
            self._text.replaced += text.count("\ufffd")
            self._rest = block[used:]
            return text.encode()
        self._rest = block[used:]
        return block[:used] if self._rest else block

    def close(self) -> None:
        self._file.close()
        super().close()


def _begun(block: bytes) -> int:
    """Return how many bytes at the end are the beginning of a character whose rest is still to come."""
    for behind, byte in enumerate(reversed(block[-3:]), start=1):
        if byte >= 0xC0:
            length = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return behind if length > behind else 0
        if byte < 0x80:
            return 0
    return 0


def _is_utf_8(block: bytes, size: int, source: str) -> bool:
    """Return whether the first ``size`` bytes are valid UTF-8; ten times faster than decoding them."""
    arrow = load_arrow(source)
    ends = arrow.py_buffer(numbers("q", (0, size)))
    text = arrow.Array.from_buffers(arrow.large_string(), 1, [None, ends, arrow.py_buffer(block)])
    try:
        text.validate(full=True)
    except arrow.ArrowInvalid:
        return False
    return True


class _Transcoded(io.RawIOBase):
    """The bytes of a file written as UTF-8."""

    def __init__(self, file: BinaryIO, text: TextFile) -> None:
        self._file, self._text = file, text
        self._decoder = codecs.getincrementaldecoder(text.encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces, left = [], size if size >= 0 else 2**62
        while left > 0:
            if not self._ready and not self._fill():
                break
            pieces.append(self._ready[:left])
            self._ready = self._ready[left:]
            left -= len(pieces[-1])
        return b"".join(pieces)

    def _fill(self) -> bool:
        raw = self._file.read(_BLOCK_BYTES)
        text = self._decoder.decode(raw, final=not raw)
        self._text.replaced += text.count("\ufffd")
        self._ready = text.encode("utf-8", "replace").replace(b"\xef\xbb\xbf", b"")
        return bool(raw) or bool(self._ready)

    def close(self) -> None:
        self._file.close()
        super().close()


def blocks_of(file: BinaryIO, size: int, longest: int) -> Iterator[tuple[bytes, bool]]:
    """Give a text in blocks that end with a line, and whether a block was cut off within one.

    Args:
        file: From a line's beginning.
        size: About how many bytes a block has.
        longest: A longer line is given in pieces of about this many bytes, cut between words.
    """
    rest = b""
    while data := file.read(size):
        held = rest + data
        end = held.rfind(b"\n") + 1
        while not end and len(held) > longest:
            at = between_words(held, longest)
            yield held[:at], True
            held = held[at:]
        yield held[:end], False
        rest = held[end:]
    yield rest, False


def lines_of(file: BinaryIO, longest: int, newline: bytes = b"\n") -> Iterator[tuple[bytes, bool]]:
    """Give the lines of a text without their ends, and whether a line was cut off because it was too long.

    Args:
        file: From a line's beginning.
        longest: A longer line is given in pieces of about this many bytes, cut between words.
        newline: What ends a line; a carriage return before it is taken off as well.
    """
    rest = b""
    block = max(_BLOCK_BYTES, longest // 8)
    while data := file.read(block):
        *lines, rest = (rest + data).split(newline)
        for line in lines:
            *pieces, end = _pieces(line, longest)
            yield from ((piece, True) for piece in pieces)
            yield end.removesuffix(b"\r"), False
        *pieces, rest = _pieces(rest, longest)
        yield from ((piece, True) for piece in pieces)
    if rest:
        yield rest.removesuffix(b"\r"), False


def _pieces(line: bytes, longest: int) -> Iterator[bytes]:
    while len(line) > longest:
        at = between_words(line, longest)
        yield line[:at]
        line = line[at:]
    yield line


def between_words(data: bytes, size: int) -> int:
    """Return where to cut ``data`` so that no word is cut and at most ``size`` bytes stand before: behind a space."""
    floor = max(1, size - 4096)
    at = max(data.rfind(sign, floor, size) for sign in (b" ", b",", b";", b"\t", b"|", b"\n")) + 1
    return at if at > 0 else _between_characters(data, size)


def _between_characters(data: bytes, size: int) -> int:
    while size > 1 and data[size : size + 1] and 0x80 <= data[size] < 0xC0:
        size -= 1
    return size
