"""Chance for whole columns: Arrow arrays of made-up text, the same for the same seed.

Each column of each block of rows has a stream of its own, named by seed, block and column, so neither
the order in which columns are made nor the size of the batches they travel in changes a byte. Python's
own generator gives the bytes (its sequence is promised to stay), Arrow does the rest; no numpy.
"""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

Columns = list[bytes]
"""Text of fixed width, turned on its side: one byte string for each position, one byte of it per row."""

_CLASSES = {
    "9": string.digits,
    "8": "23456789",
    "A": string.ascii_uppercase,
    "f": "0123456789abcdef",
    "V": "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
    "b": string.ascii_letters + string.digits + "+/",
    "q": "AEIMQUYcgkosw048",
}


class Dice:
    """Chance for one column of one block of ``rows`` rows."""

    def __init__(self, seed: int, block: int, column: str, rows: int) -> None:
        self.rows = rows
        self._chance = random.Random(f"{seed}/{block}/{column}")

    def single(self) -> random.Random:
        """Return the stream itself, for what is made one by one."""
        return self._chance

    def fraction(self) -> pa.UInt32Array:
        """Return 32 bits of chance a row."""
        raw = self._chance.randbytes(4 * self.rows)
        return pa.UInt32Array.from_buffers(pa.uint32(), self.rows, [None, pa.py_buffer(raw)])

    def below(self, limit: int) -> pa.UInt64Array:
        """Return a whole number from 0 to ``limit`` - 1 a row."""
        wide = pc.multiply(self.fraction().cast(pa.uint64()), pa.scalar(limit, pa.uint64()))
        return pc.shift_right(wide, pa.scalar(32, pa.uint64()))

    def share(self, share: float) -> pa.BooleanArray:
        """Return true for that share of rows."""
        return pc.less(self.fraction(), pa.scalar(min(int(share * 2**32), 2**32 - 1), pa.uint32()))

    def pick(self, pool: Sequence[str]) -> pa.StringArray:
        """Return one of the pool a row."""
        return _pool(tuple(pool)).take(self.below(len(pool)))

    def columns(self, pattern: str) -> Columns:
        """Return text of a pattern: 9 digit, 8 digit above 1, A letter, f hexadecimal, V of a VIN, b base64, q its end."""
        return [
            self._chance.randbytes(self.rows).translate(_table(_CLASSES[char]))
            if char in _CLASSES
            else char.encode() * self.rows
            for char in pattern
        ]

    def text(self, pattern: str) -> pa.StringArray:
        """Return text of a pattern as an array."""
        return fixed(self.columns(pattern))

    def mix(self, *parts: tuple[float, pa.Array]) -> tuple[pa.StringArray, pa.Int64Array]:
        """Choose for each row one of the arrays by weight; return the text and which it was."""
        total = sum(weight for weight, _ in parts)
        chance, edge, which = self.fraction(), 0.0, None
        for weight, _ in parts[:-1]:
            edge += weight / total
            over = pc.greater_equal(chance, pa.scalar(int(edge * 2**32), pa.uint32())).cast(pa.int64())
            which = over if which is None else pc.add(which, over)
        if which is None:
            which = pa.array([0] * self.rows, pa.int64())
        return pc.choose(which, *(array for _, array in parts)), which

    def sparse(self, array: pa.Array, share: float) -> pa.Array:
        """Leave that share of rows; make the others null."""
        return pc.if_else(self.share(share), array, pa.scalar(None, array.type))


def fixed(columns: Columns) -> pa.StringArray:
    """Join text of fixed width to an array."""
    rows, width = len(columns[0]), len(columns)
    text = bytearray(rows * width)
    for place, column in enumerate(columns):
        text[place::width] = column
    offsets = _offsets(rows, width)
    return pa.StringArray.from_buffers(rows, offsets, pa.py_buffer(bytes(text)))


def check(columns: Columns, weigh: Sequence[dict[str, int]], modulus: int, digits: str) -> bytes:
    """Return a check character a row: of the sum of each column's weighed values, by remainder."""
    total = None
    for column, values in zip(columns, weigh, strict=True):
        table = bytearray(256)
        for char, value in values.items():
            table[ord(char)] = value
        one = pa.UInt8Array.from_buffers(
            pa.uint8(), len(column), [None, pa.py_buffer(column.translate(bytes(table)))]
        ).cast(pa.uint32())
        total = one if total is None else pc.add(total, one)
    rest = pc.subtract(total, pc.multiply(pc.divide(total, modulus), modulus)).cast(pa.uint8())
    raw = rest.buffers()[1].to_pybytes()[: len(columns[0])]
    return raw.translate(bytes(ord(digits[n]) if n < len(digits) else 0 for n in range(256)))


def join(*parts: pa.Array | str) -> pa.StringArray:
    """Join texts of a row."""
    return pc.binary_join_element_wise(*parts, "")


@lru_cache(maxsize=64)
def _table(chars: str) -> bytes:
    return bytes(ord(chars[n % len(chars)]) for n in range(256))


@lru_cache(maxsize=256)
def _pool(words: tuple[str, ...]) -> pa.StringArray:
    return pa.array(words, pa.string())


@lru_cache(maxsize=128)
def _offsets(rows: int, width: int) -> pa.Buffer:
    return pa.array(range(0, rows * width + 1, width), pa.int32()).buffers()[1]
