"""Ranges of pages of a table: how it is divided into parts, and what a part is called.

* Ranges begin at multiples of a power of two, so that a table that grows keeps most of its parts.
* The last range has no end: what is appended while a part waits is read with it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_FEWEST: Final = 1_024
"""Pages of a part at least (8 MB): asking costs more than reading less."""
_MOST: Final = 131_072
"""Pages of a part at most (1 GB): what an interruption costs."""
_KEY: Final = re.compile(r"(?:part:(\d+) )?ctid:(\d+)-(\d*)")


@dataclass(frozen=True, slots=True)
class Pages:
    """Some pages of a table.

    Attributes:
        first: The first page, counted from 0; -1 for a table that has no pages to ask for.
        end: The page behind the last; 0 where all that follow belong to it.
        leaf: Number of the partition that they lie in; 0 for a table that is not partitioned.
    """

    first: int
    end: int = 0
    leaf: int = 0

    @classmethod
    def of(cls, key: str) -> Pages:
        """Take a part's key apart; any other key is the whole table."""
        found = _KEY.fullmatch(key)
        if not found:
            return cls(-1)
        return cls(int(found[2]), int(found[3] or 0), int(found[1] or 0))

    @property
    def key(self) -> str:
        """Return the part's key.

        >>> Pages(0, 1024).key, Pages(1024, leaf=16423).key
        ('ctid:0-1024', 'part:16423 ctid:1024-')
        """
        leaf = f"part:{self.leaf} " if self.leaf else ""
        return f"{leaf}ctid:{self.first}-{self.end or ''}" if self.first >= 0 else "all"

    @property
    def where(self) -> str:
        """Return the condition for the rows on them; empty for all."""
        if self.first < 0:
            return ""
        end = f" AND ctid < '({self.end},0)'" if self.end else ""
        return f"ctid >= '({self.first},0)'{end}"


def plan_pages(pages: Sequence[int], wanted: int) -> Iterator[tuple[int, int, int, float]]:
    """Divide tables into ranges of pages.

    Args:
        pages: How many pages each has.
        wanted: How many ranges there should be of all together.

    Returns:
        Number of the table, first page, page behind the last (0 for all that follow), share of the table.

    >>> list(plan_pages([3000], 2))
    [(0, 0, 2048, 0.6826666666666666), (0, 2048, 0, 0.31733333333333336)]
    """
    each = max(_FEWEST, min(_MOST, sum(pages) // max(1, wanted)))
    step = 1 << (each - 1).bit_length()
    for number, count in enumerate(pages):
        for first in range(0, max(1, count), step):
            end = first + step if first + step < count else 0
            share = ((end or count) - first) / count if count else 1.0
            yield number, first, end, share


def name_version(*facts: object) -> str:
    """Return a short name for what a version is made from: numbers of transactions and places, no cell."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
