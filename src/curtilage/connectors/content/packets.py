"""Rows of MariaDB and MySQL as Arrow: their packets are taken apart a column at a time, not a cell at a time.

PyMySQL asks the question and reads what the columns are; then the rows are read off the connection here,
because making a Python object of every cell costs three times as much as receiving them. A row is a
packet: its length in 3 bytes, a number, and its cells, each behind its own length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.batches import load_arrow

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD: Final = 4
_FULL: Final = 0xFFFFFF
"""A packet of this length goes on in the next one."""
_END, _ERROR = 0xFE, 0xFF
_LONGEST_END: Final = 9
_TAIL: Final = 1024
"""Longer than any error that a server sends."""
_NULL: Final = 251
#: First byte of a length that does not fit into it, and how many bytes of the length follow.
_LONG: Final = ((252, 2), (253, 3), (254, 8))
_PADDING: Final = bytes(8)
"""So that looking for a long length never looks behind the last cell."""


class ServerSaidError(Exception):
    """The server ended the rows with an error; of its words only the number is kept."""

    def __init__(self, number: int) -> None:
        super().__init__(number)


@dataclass(slots=True)
class Packets:
    """The rows of one question, as they come.

    Attributes:
        receive: Returns some bytes of the connection, at most as many as asked for; empty at its end.
        enough: Bytes after which a block is given.
        done: The last row has come.
    """

    receive: Callable[[int], bytes]
    enough: int
    done: bool = False
    _left: bytes = b""
    _long: list[bytes] = field(default_factory=list)

    def blocks(self) -> Iterator[tuple[bytes, list[int]]]:
        """Give blocks of bytes, each with the places where its rows begin; never an empty one.

        Raises:
            ServerSaidError: The server ended the rows with an error.
            EOFError: The connection was closed in the middle.
        """
        whole = b""
        while not self.done:
            # Behind a row of several packets there may be rows already.
            block = self._left if whole else self._fill()
            starts, end, whole = self._find_rows(block)
            self._left = block[end:]
            if starts:
                yield block, starts
            if whole:
                yield whole, [0]

    def _fill(self) -> bytes:
        """Return what is left of the last block and more: enough, a whole row at least, or all to the end."""
        pieces, size, tail = [self._left], len(self._left), self._left[-_TAIL:]
        wanted = max(self.enough, _HEAD + int.from_bytes(self._left[:3], "little"))
        while size < wanted:
            piece = self.receive(2**20)
            if not piece:
                raise EOFError
            pieces.append(piece)
            size += len(piece)
            tail = (tail + piece[-_TAIL:])[-_TAIL:]
            if _is_end(tail):
                break
        return b"".join(pieces)

    def _find_rows(self, block: bytes) -> tuple[list[int], int, bytes]:
        """Return where rows begin, where what is not yet whole begins, and a row of several packets that ends there."""
        starts: list[int] = []
        at, size = 0, len(block)
        while at + _HEAD <= size:
            length = _length(block, at)
            behind = at + _HEAD + length
            if behind > size:
                break
            if length == _FULL or self._long:
                self._long.append(block[at + _HEAD : behind])
                at = behind
                if length < _FULL:
                    whole, self._long = b"".join(self._long), []
                    return starts, at, whole
                continue
            first = block[at + _HEAD] if length else 0
            if first == _ERROR:
                raise ServerSaidError(int.from_bytes(block[at + 5 : at + 7], "little"))
            if first == _END and length < _LONGEST_END:
                self.done = True
                return starts, behind, b""
            starts.append(at + _HEAD)
            at = behind
        return starts, at, b""


def _is_end(tail: bytes) -> bool:
    """Tell whether some bytes end with the packet behind the last row, or with an error: then none may follow.

    A cell that looks the same only makes a block shorter.
    """
    if tail[-9:-6] == b"\x05\0\0" and tail[-5] == _END:
        return True
    mark = tail.rfind(b"#")
    head = mark - 3 - _HEAD
    return head >= 0 and tail[mark - 3] == _ERROR and _HEAD + _length(tail, head) == len(tail) - head


def _length(block: bytes, at: int) -> int:
    return block[at] | block[at + 1] << 8 | block[at + 2] << 16


def columns_of(block: bytes, starts: list[int], kinds: list[bool], source: str) -> list[pa.Array]:
    """Return the cells of some rows as one array for each column.

    Args:
        block: Holds the rows; less than 2 GiB.
        starts: Where each row's first cell begins.
        kinds: Of each column whether it is text; others are bytes.
        source: For the message where pyarrow is missing.
    """
    arrow, compute = load_arrow(source), load_arrow(source, "pyarrow.compute")
    buffer = arrow.py_buffer(block + _PADDING)
    taker = _Taker(arrow, compute, buffer, arrow.array(starts, arrow.int64()))
    return [taker.take(arrow.string() if is_text else arrow.binary()) for is_text in kinds]


class _Taker:
    """Takes one column after the other out of a block; all rows go on together."""

    def __init__(self, arrow: Any, compute: Any, buffer: Any, places: Any) -> None:
        self._arrow, self._compute, self._buffer = arrow, compute, buffer
        self._bytes = arrow.Array.from_buffers(arrow.uint8(), buffer.size, [None, buffer])
        self._places = places
        self._even = arrow.array(range(0, 2 * len(places), 2), arrow.int64())

    def take(self, type_: Any) -> Any:
        compute = self._compute
        first = self._at(self._places)
        longest = compute.max(first).as_py()
        begin, length = compute.add(self._places, 1), first
        if longest > _NULL:
            begin, length = self._read_long(first, begin)
        is_null = compute.equal(first, _NULL)
        if longest >= _NULL:
            length = compute.if_else(is_null, 0, length)
        end = compute.add(begin, length)
        cells = self._between(begin, end)
        kept = compute.if_else(is_null, None, self._even) if longest >= _NULL else self._even
        self._places = end
        return cells.take(kept).view(type_)

    def _at(self, places: Any) -> Any:
        return self._bytes.take(places).cast("int64")

    def _read_long(self, first: Any, begin: Any) -> tuple[Any, Any]:
        compute = self._compute
        length, behind = first, begin
        for mark, width in _LONG:
            is_such = compute.equal(first, mark)
            if not compute.any(is_such).as_py():
                continue
            # Elsewhere the place is the row's own first byte, which is there for sure.
            place = compute.if_else(is_such, begin, 0)
            value = self._at(place)
            for number in range(1, width):
                byte = self._at(compute.add(place, number))
                value = compute.bit_wise_or(value, compute.shift_left(byte, 8 * number))
            length = compute.if_else(is_such, value, length)
            behind = compute.if_else(is_such, compute.add(begin, width), behind)
        return behind, length

    def _between(self, begin: Any, end: Any) -> Any:
        """Return an array whose even elements are the cells, and whose odd ones are what lies between them.

        Two offsets lie in one number of 64 bits, so that begin and end stand in turn without a copy of any cell.
        """
        arrow, compute = self._arrow, self._compute
        both = compute.bit_wise_or(begin, compute.shift_left(end, 32))
        return arrow.BinaryArray.from_buffers(
            arrow.binary(), 2 * len(begin) - 1, [None, both.buffers()[1], self._buffer]
        )
