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
        self._what, self._detail = "", ""
        self._done = 0
        self._on_screen = False
        self._total: int | None = None
        self._begun = self._drawn = 0.0

    def start(self, what: str, total: int | None) -> None:
        """Begin a piece of work; see :class:`~curtilage.foundation.progress.Progress`."""
        self._what, self._total, self._done = what, total, 0
        self._begun = time.monotonic()
        self._drawn = self._begun + _FIRST_SECONDS - _REDRAW_SECONDS
        if total is None and self._count:
            threading.Thread(target=self._ask, args=(self._count,), daemon=True).start()

    def step(self, count: int = 1, detail: str = "") -> None:
        """Tell that ``count`` more steps are done."""
        self._done += count
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

    def _ask(self, count: Callable[[], int]) -> None:
        self._total = count()

    def _draw(self, seconds: float) -> None:
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
