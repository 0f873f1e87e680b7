"""The nouns of access logs: how often who was given what for, by month. Never who did it, or about whom.

Rules of this file:

* A log of accesses names people: who asked, whose plate, which case. None of it is kept. What is kept is a body's
  name, the id of a reason, a month and a count.
* A body is kept by its name only where a practice declares it, or where the name reads as a body's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

NOT_NAMED: Final = "(nobody named)"
"""Stands for a recipient where the log names none."""

NOT_KEPT: Final = "(not kept)"
"""Stands for recipients that no practice declares and whose text does not read as a body's name."""

MASKED: Final = "(masked)"
"""Stands for a recipient or a purpose that whoever exported the log made unreadable."""

NONE_GIVEN: Final = "none-given"
"""Purpose of an access for which nobody stated any."""

NOT_RECORDED: Final = "not-recorded"
"""Purpose of every access in a log that has no such column."""

OTHER: Final = "other"
"""Purpose that no practice declares and no reason reads."""


class Access(NamedTuple):
    """One line of a log, as its columns say it; forgotten as soon as it is counted.

    Attributes:
        moment: When, as the log writes it.
        recipient: Who got it; None where the log has no such column.
        purpose: What for; None where the log has no such column.
    """

    moment: str
    recipient: str | None
    purpose: str | None


class Use(NamedTuple):
    """How often a body was given data for a reason in a month.

    Attributes:
        recipient: A body, as the log or the practice writes it, or one of the words above.
        purpose: Id of a reason, a text that a practice declares, or one of the words above.
        month: ``2026-05``, in the city's zone.
        times: Accesses; 1 or more.
    """

    recipient: str
    purpose: str
    month: str
    times: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """Rows of a log that could not be taken as they stand: how many, and the numbers of the first of them."""

    rows: int = 0
    first: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LogCount:
    """What one file of a log came to.

    Attributes:
        first, last: First and last day counted, in the city's zone; None where nothing was.
        rows: Accesses counted.
        uses: Sorted by recipient, purpose, month.
        undated: Rows without a day that can be read, or with one that is still to come.
        known: Rows of days that an earlier file told of.
        unkept: Rows whose recipient is :data:`NOT_KEPT`.
        other: Rows whose purpose is :data:`OTHER`.
    """

    first: date | None
    last: date | None
    rows: int
    uses: tuple[Use, ...]
    undated: Leftover = Leftover()
    known: Leftover = Leftover()
    unkept: Leftover = Leftover()
    other: Leftover = Leftover()


@dataclass(frozen=True, slots=True)
class LogReading:
    """One file of a log, as the ledger tells of it.

    Attributes:
        number: Number of its entry in the log's stream.
        first, last: First and last day, in the city's zone.
        rows: Accesses.
        undated: Rows that could not be counted, since their day could not be read.
        by: Id of who read it.
        at: When it was read, UTC.
        uses: As in :class:`LogCount`.
    """

    number: int
    first: date
    last: date
    rows: int
    undated: int
    by: str
    at: datetime
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class AccessLog:
    """An access log, as far as its files were read.

    Attributes:
        name: As practices name it.
        version: Number of entries of its stream.
        readings: Those that stand, in the order of their days.
    """

    name: str
    version: int = 0
    readings: tuple[LogReading, ...] = ()

    @property
    def last(self) -> date | None:
        """Return the last day that was told of; None where none was."""
        return max((each.last for each in self.readings), default=None)

    def list_uses(self, *, since: str = "") -> tuple[Use, ...]:
        """Return the uses of all readings added up, from a month on (``2026-05``), sorted."""
        return add_uses(use for each in self.readings for use in each.uses if use.month >= since)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what a log shows and what practices declare part.

    Attributes:
        kind: ``recipient``, ``purpose``, ``grave-purpose``, ``not-seen``, ``not-read`` or ``nobody-declares``.
        log: Name of the log.
        what: The recipient, the purpose, or the id of the practice; may be empty.
        count: Accesses; 0 where there are none.
        first, last: First and last month of them; empty where there are none.
        practices: Ids of the practices that name the log.
        counts: For a purpose: the recipients, with their counts, the most frequent first.
    """

    kind: str
    log: str
    what: str
    count: int = 0
    first: str = ""
    last: str = ""
    practices: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def add_uses(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Return uses with those of one recipient, purpose and month added up, sorted.

    >>> add_uses([Use("A", "x", "2026-05", 2), Use("A", "x", "2026-05", 1)])
    (Use(recipient='A', purpose='x', month='2026-05', times=3),)
    """
    found: dict[tuple[str, str, str], int] = {}
    for recipient, purpose, month, times in uses:
        found[recipient, purpose, month] = found.get((recipient, purpose, month), 0) + times
    return tuple(Use(*key, found[key]) for key in sorted(found))
