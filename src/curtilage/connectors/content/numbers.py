"""Ranges of a whole-number key: how a table without page numbers is divided into parts.

The borders are multiples of a power of two that lies far above single rows, so that a part's key
tells nothing about any row, even where the key is somebody's number; the first and the last range are open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_KEY: Final = re.compile(r"key:(-?\d*)\.\.(-?\d*)")
_FEWEST_BYTES: Final = 8 * 2**20
_MOST_BYTES: Final = 2**30
_SMALLEST_STEP: Final = 4_096


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rows whose key lies in a range.

    Attributes:
        first: The smallest key; None for no border.
        end: The key behind the last; None for no border.
    """

    first: int | None = None
    end: int | None = None

    @classmethod
    def of(cls, key: str) -> Numbers:
        """Take a part's key apart; any other key is the whole table."""
        found = _KEY.fullmatch(key)
        borders = [int(border) if border else None for border in found.groups()] if found else [None, None]
        return cls(*borders)

    @property
    def key(self) -> str:
        """Return the part's key.

        >>> Numbers(None, 8192).key, Numbers(8192).key, Numbers().key
        ('key:..8192', 'key:8192..', 'all')
        """
        if self.first is None and self.end is None:
            return "all"
        shown = ["" if border is None else str(border) for border in (self.first, self.end)]
        return f"key:{shown[0]}..{shown[1]}"

    def where(self, column: str) -> str:
        """Return the condition for the rows; empty for all.

        Args:
            column: The key's name, quoted.
        """
        first = f"{column} >= {self.first}" if self.first is not None else ""
        end = f"{column} < {self.end}" if self.end is not None else ""
        return " AND ".join(filter(None, (first, end)))


def plan_numbers(smallest: int, largest: int, *, size: int, wanted: int) -> Iterator[tuple[Numbers, float]]:
    """Divide the keys from ``smallest`` to ``largest`` into ranges, each with its share of the table.

    Args:
        smallest: The smallest key that there is.
        largest: The largest.
        size: Bytes of the table.
        wanted: How many ranges there should be; fewer of a small table, more of a huge one.

    >>> [each.key for each, _ in plan_numbers(1, 20000, size=2**30, wanted=2)]
    ['key:..16384', 'key:16384..']
    """
    count = max(min(wanted, size // _FEWEST_BYTES), size // _MOST_BYTES, 1)
    step = max(_SMALLEST_STEP, 1 << (max(1, (largest - smallest) // count) - 1).bit_length())
    borders = range((smallest // step + 1) * step, largest + 1, step)
    if count == 1 or not borders:
        yield Numbers(), 1.0
        return
    ends = [None, *borders, None]
    for first, end in itertools.pairwise(ends):
        low, high = max(smallest, first or smallest), min(largest + 1, end or largest + 1)
        yield Numbers(first, end), (high - low) / (largest + 1 - smallest)


def spread(smallest: int, largest: int, pieces: int) -> list[int]:
    """Return ``pieces`` numbers at equal distances from ``smallest`` on."""
    return [smallest + (largest + 1 - smallest) * number // pieces for number in range(pieces)]
