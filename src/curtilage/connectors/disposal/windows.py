"""Walk a table by windows of its key, where nothing but the rows themselves is to be looked at: the fastest way.

A window is a range of whole numbers. Its width follows how many rows were due in the one before, so that a
batch comes near its limit and never over it. Three things go on at once, for each is slow and none needs the
others: the keys of the next window are looked up, the rows of this one go, and the keys of the one before are
hashed.

What is looked up must be what goes. Either both are asked at one and the same moment of the database, by two
connections, and the numbers are held against each other; or one statement deletes and tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from typing import Final

PARTS: Final = 8
"""Windows of a batch: chosen so that the first one's looking up and the last one's hashing, which nothing hides, are short."""

LONGEST_EMPTY: Final = 0.2
"""Seconds for which a transaction may look at rows of which none is due, before it ends."""

LONGEST_LOOK: Final = 0.05
"""Seconds that one window should take at most, however few rows of it are due."""


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


@dataclass(frozen=True, slots=True)
class Window:
    """One window.

    Attributes:
        after, until: Keys above the first and up to the second.
        rows: How many rows in it are due; None until it is known.
        keys: Their keys as decimal digits, a comma between each two.
        alike: Rows that a wider and cheaper question finds; where they are as many, it may be asked instead.
    """

    after: int
    until: int
    rows: int | None = None
    keys: bytes = b""
    alike: int | None = None


class TooWideError(Exception):
    """A window held more rows than the batch may take; it is rolled back, and narrower ones are tried."""


class UnevenError(Exception):
    """Other rows went than were looked up: a trigger is at work. It is rolled back, and rows are counted out."""


class EmptyError(Exception):
    """Nothing was due for a while; the transaction ends, and another one goes on from there."""


@dataclass(slots=True)
class Walk:
    """One batch of windows.

    Attributes:
        span: Where the walk stands; moved on as it goes, and to be put back where the batch is rolled back.
        look: Returns a window with its keys, at the moment of the transaction; None where :attr:`take` alone tells them.
        take: Deletes the due rows of a window; returns it with its keys.
        hash: Hashes keys.
        beside: Runs the database's part, two things at a time.
    """

    span: Span
    look: Callable[[Window], Window] | None
    take: Callable[[Window], Window]
    hash: Callable[[bytes], list[bytes]]
    beside: Executor
    _part: int = 1
    _seen: float = 0.0

    def run(self, limit: int) -> list[bytes]:
        """Return the hashes of the keys that went, at most ``limit``; empty at the end of the table.

        Raises:
            TooWideError: A window was too wide.
            UnevenError: Other rows went than were looked up.
            EmptyError: Nothing was due for a while.
        """
        self._part, self._seen = max(1, limit // PARTS), time.monotonic()
        keys: list[bytes] = []
        room, told = limit, b""
        window = self._find(limit)
        while window is not None:
            following = None
            going = self.beside.submit(self._take, window)
            if self.look and room - (window.rows or 0) >= self._part:
                following = self.beside.submit(self._find, room - (window.rows or 0))
            try:
                # Sorted while there is time: the list is, and runs that are sorted are soon merged.
                keys += sorted(self.hash(told))
            finally:
                wait([going])
                wait([following] if following else [])
            gone = going.result()
            room, told = room - (gone.rows or 0), gone.keys
            if room < 0:
                raise TooWideError
            if self.look:
                window = following.result() if following else None
            else:
                is_enough = self._is_long() or room < min(limit, self._part)
                window = None if is_enough else self._find(room)
        if room == limit and not self.span.is_over:
            raise EmptyError
        return keys + sorted(self.hash(told))

    def _find(self, room: int) -> Window | None:
        """Return the next window in which anything is due, or may be; None where the batch ends before it."""
        while not self.span.is_over:
            begun = time.monotonic()
            window = Window(self.span.after, min(self.span.last, self.span.after + self.span.width))
            if self.look is None:
                self.span.after = window.until
                return window
            window = self.look(window)
            rows = window.rows or 0
            self._adapt(rows, time.monotonic() - begun)
            if rows <= room:
                self.span.after = window.until
            if 0 < rows <= room:
                self._seen = time.monotonic()
                return window
            if self._is_long():
                break
        return None

    def _is_long(self) -> bool:
        """Return whether nothing was due for a while."""
        return time.monotonic() - self._seen > LONGEST_EMPTY

    def _take(self, window: Window) -> Window:
        begun = time.monotonic()
        gone = self.take(window)
        if self.look is None:
            self._adapt(gone.rows or 0, time.monotonic() - begun)
        if gone.rows:
            self._seen = time.monotonic()
        return gone

    def _adapt(self, found: int, seconds: float) -> None:
        """Let the next window have as many rows as a part of a batch, and not take too long."""
        # A little under what fits, for rows do not lie evenly.
        wanted = self.span.width * (4.0 if not found else min(4.0, self._part * 0.9 / found))
        wanted = min(wanted, self.span.width * LONGEST_LOOK / max(seconds, 1e-6))
        self.span.width = max(1, self.span.width // 4, int(wanted))
