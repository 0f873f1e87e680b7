"""Progress on a terminal: what is done, how fast, how long still. Silence in a pipe."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from curtilage.cli.render import is_terminal, printable, shorten
from curtilage.foundation.progress import Quiet

_REDRAW_SECONDS: Final = 0.1
_FIRST_SECONDS: Final = 0.5
_CLEAR: Final = "\r\x1b[2K"


class OneLine:
    """One line of a terminal that is drawn again at most ten times a second.

    Nothing is drawn in the first half second, so that quick work stays quiet.

    Args:
        count: Tells how many steps there will be; asked on a thread of its own, because counting a
            large tree takes a while. None where nobody knows.
    """

    def __init__(self, count: Callable[[], int] | None = None) -> None:
        self._count = count
        self._what, self._detail, self._unit = "", "", ""
        self._done = self._done_size = self._size = 0
        self._on_screen = False
        self._total: int | None = None
        self._begun = self._drawn = 0.0
        self._work = 0

    def start(self, what: str, total: int | None, *, unit: str = "", size: int = 0) -> None:
        """Begin a piece of work; see :class:`~curtilage.foundation.progress.Progress`."""
        self._what, self._total, self._done = what, total, 0
        self._unit, self._size, self._done_size = unit, size, 0
        self._begun = time.monotonic()
        self._drawn = self._begun + _FIRST_SECONDS - _REDRAW_SECONDS
        self._work += 1
        if total is None and self._count:
            threading.Thread(target=self._ask, args=(self._count, self._work), daemon=True).start()

    def step(self, count: int = 1, detail: str = "", *, size: int = 0) -> None:
        """Tell that ``count`` more steps, of ``size`` bytes, are done."""
        self._done += count
        self._done_size += size
        now = time.monotonic()
        if now - self._drawn >= _REDRAW_SECONDS:
            self._drawn, self._detail = now, detail
            self._draw(now - self._begun)

    def finish(self) -> None:
        """Take the line away, so that the terminal holds results only."""
        self.clear()

    def clear(self) -> None:
        """Take the line away for now: something is about to be printed where it stands."""
        if self._on_screen:
            self._on_screen = False
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()

    def _ask(self, count: Callable[[], int], work: int) -> None:
        total = count()
        if work == self._work:  # else another piece of work has begun
            self._total = total

    def _draw(self, seconds: float) -> None:
        if self._unit:
            done, total = (self._done, self._done_size), (self._total or 0, self._size)
            line = describe_data(self._what, done, total, seconds, unit=self._unit)
        else:
            line = describe(self._what, self._done, self._total, seconds)
        width = shutil.get_terminal_size().columns
        room = width - len(line) - 4
        detail = f"  {shorten(printable(self._detail), room)}" if room > 12 else ""
        self._on_screen = True
        sys.stderr.write(_CLEAR + shorten(line, width - 1) + detail)
        sys.stderr.flush()


def describe(what: str, done: int, total: int | None, seconds: float) -> str:
    """Say how far a piece of work is.

    >>> describe("Looking", 500, 2000, 10.0)
    'Looking: 500 of 2,000, 50 a second, 30 s left'
    >>> describe("Looking", 500, None, 10.0)
    'Looking: 500, 50 a second'
    """
    rate = done / seconds if seconds > 0 else 0.0
    said = f"{what}: {done:,}"
    if total:
        said += f" of {max(total, done):,}"
    said += f", {rate:,.0f} a second"
    if total and rate:
        said += f", {_duration(max(0, total - done) / rate)} left"
    return said


def describe_data(
    what: str, done: tuple[int, int], total: tuple[int, int], seconds: float, *, unit: str
) -> str:
    """Say how far a piece of work with data is.

    Args:
        what: What is done.
        done: Steps and bytes so far.
        total: Steps and bytes in all, as far as is known; 0 where nobody knows.
        seconds: Since it began.
        unit: What a step is.

    >>> describe_data("Looking", (500_000, 90_000_000), (2_000_000, 360_000_000), 3.0, unit="rows")
    'Looking: 500,000 of 2,000,000 rows, 90 MB, 30 MB/s, 9 s left'
    """
    said = f"{what}: {done[0]:,}" + (f" of {max(total[0], done[0]):,}" if total[0] else "") + f" {unit}"
    if done[1] and seconds > 0:
        said += f", {_size(done[1])}, {_size(done[1] / seconds)}/s"
    # Bytes tell more truly than rows how much is left; rows where nobody knows the bytes.
    share = done[1] / total[1] if total[1] else done[0] / total[0] if total[0] else 0.0
    if 0 < share <= 1:
        said += f", {_duration(seconds / share - seconds)} left"
    return said


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:,.0f} {unit}" if count >= 10 or unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError


class Silent(Quiet):
    """Shows nothing, and has nothing to clear."""

    def clear(self) -> None:
        """Do nothing."""


def show_progress(*, quiet: bool = False, count: Callable[[], int] | None = None) -> OneLine | Silent:
    """Return what shows progress here: one line on a terminal, nothing in a pipe or when ``quiet``."""
    return OneLine(count) if is_terminal(sys.stderr) and not quiet else Silent()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
