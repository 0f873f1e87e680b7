"""Walk a table by windows of its key, where nothing but the rows themselves is to be looked at: the fastest way.

A window is a range of whole numbers. Its width follows how many rows were due in the one before, so that a
batch comes near its limit and never over it. While the database works on one window, the hashes of the one
before are computed: both are slow, and neither needs the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Final

PARTS: Final = 8
"""Windows of a batch: chosen so that the last one's hashes, which nothing hides, are few."""

LONGEST_EMPTY: Final = 0.2
"""Seconds for which a transaction may look at rows of which none is due, before it begins anew."""


@dataclass(slots=True)
class Span:
    """What of a table's key is still to be walked.

    Attributes:
        after: All keys up to it are done.
        last: The last key, as it was when the walk began.
        width: Keys of the next window.
    """

    after: int
    last: int
    width: int

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left."""
        return self.after >= self.last


class TooWideError(Exception):
    """A window held more rows than the batch may take; it is rolled back, and narrower ones are tried."""


class EmptyError(Exception):
    """Nothing was due for a while; the transaction ends, and another one goes on from there."""


@dataclass(slots=True)
class Walk:
    """One batch of windows.

    Attributes:
        span: Where the walk stands; moved on as it goes, and to be put back where the batch is rolled back.
        take: Deletes the due rows whose keys are above the first and up to the second; returns their keys.
        hash: Hashes keys.
        beside: Runs the database's part.
    """

    span: Span
    take: Callable[[int, int], list[tuple[Any, ...]]]
    hash: Callable[[Sequence[tuple[Any, ...]]], list[bytes]]
    beside: Executor

    def run(self, limit: int) -> list[bytes]:
        """Return the hashes of the keys that went, at most ``limit``; empty at the end of the table.

        Raises:
            TooWideError: A window was too wide.
            EmptyError: Nothing was due for a while.
        """
        part, begun = max(1, limit // PARTS), time.monotonic()
        keys: list[bytes] = []
        waiting: list[tuple[Any, ...]] = []
        taken = 0
        while not self.span.is_over and (not taken or taken + part <= limit):
            until = min(self.span.last, self.span.after + self.span.width)
            going = self.beside.submit(self.take, self.span.after, until)
            try:
                keys += self.hash(waiting)
            finally:
                waiting = going.result()
            taken += len(waiting)
            if taken > limit:
                raise TooWideError
            self.span.after = until
            self._adapt(part, len(waiting))
            if not taken and time.monotonic() - begun > LONGEST_EMPTY and not self.span.is_over:
                raise EmptyError
        return keys + self.hash(waiting)

    def _adapt(self, part: int, found: int) -> None:
        # A little under what fits, for rows do not lie evenly.
        wanted = self.span.width * 4 if not found else int(self.span.width * part * 0.9 / found)
        self.span.width = max(1, min(max(wanted, self.span.width // 4), self.span.width * 4))
