"""Walk a table by windows of its key, where nothing but the rows themselves is to be looked at: the fastest way.

A window is a range of whole numbers. Its width follows how many rows were due in the one before, so that a
batch comes near its limit and never over it. Three things go on at once, for each is slow: a scout looks up the
keys of one window after the other, their rows go behind it, and their keys are hashed.

What is looked up must be what goes. Either both are asked at one and the same moment of the database, by two
connections, and the numbers are held against each other; or one statement deletes and tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

PARTS: Final = 8
"""Windows of a batch: chosen so that the first one's looking up and the last one's taking, which nothing hides, are short."""

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
        foresee: Told of all hashes as soon as they are known.
        beside: Runs the database's part, two things at a time.
    """

    span: Span
    look: Callable[[Window], Window] | None
    take: Callable[[Window], Window]
    hash: Callable[[bytes], list[bytes]]
    foresee: Callable[[tuple[bytes, ...]], None]
    beside: Executor
    _part: int = 1
    _seen: float = 0.0
    _stopped: bool = False

    def run(self, limit: int) -> tuple[bytes, ...]:
        """Return the hashes of the keys that went, at most ``limit``, sorted; empty at the end of the table.

        Raises:
            TooWideError: A window was too wide.
            UnevenError: Other rows went than were looked up.
            EmptyError: Nothing was due for a while.
        """
        self._part, self._seen = max(1, limit // PARTS), time.monotonic()
        keys = self._run_behind(limit) if self.look else self._run_telling(limit)
        if not keys and not self.span.is_over:
            raise EmptyError
        return keys

    def _run_behind(self, limit: int) -> tuple[bytes, ...]:
        """Let rows go behind a scout."""
        told: SimpleQueue[Window | None] = SimpleQueue()
        due: SimpleQueue[Window | None] = SimpleQueue()
        both = (
            self.beside.submit(self._scout, limit, (told, due)),
            self.beside.submit(self._take_all, due),
        )
        try:
            keys: list[bytes] = []
            while (window := told.get()) is not None:
                # Runs that are sorted are soon merged.
                keys += sorted(self.hash(window.keys))
            found = tuple(sorted(keys))
            self.foresee(found)
        except BaseException:
            self._stopped = True
            raise
        finally:
            wait(both)
        for each in both:
            each.result()
        return found

    def _scout(self, room: int, tell: Sequence[SimpleQueue[Window | None]]) -> None:
        """Look windows up until the batch is full; None stands behind the last."""
        try:
            while room >= self._part and not self._stopped and (window := self._find(room)):
                room -= window.rows or 0
                for each in tell:
                    each.put(window)
        finally:
            for each in tell:
                each.put(None)

    def _take_all(self, due: SimpleQueue[Window | None]) -> None:
        try:
            while (window := due.get()) is not None and not self._stopped:
                self.take(window)
        except BaseException:
            self._stopped = True
            raise

    def _run_telling(self, limit: int) -> tuple[bytes, ...]:
        """Hash what went of one window while the next one goes."""
        keys: list[bytes] = []
        room, told = limit, b""
        while room >= (1 if room == limit else self._part) and (window := self._find(room)):
            going = self.beside.submit(self._take, window)
            try:
                keys += sorted(self.hash(told))
            finally:
                wait([going])
            gone = going.result()
            room, told = room - (gone.rows or 0), gone.keys
            if room < 0:
                raise TooWideError
            if self._is_long():
                break
        found = tuple(sorted(keys + self.hash(told)))
        self.foresee(found)
        return found

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
