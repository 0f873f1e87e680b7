"""Count a log of accesses: what is kept of it, and what only its rows' numbers are told of.

Rules of this file:

* A row is read, counted and forgotten. No text of it is kept but a body's name.
* Two files of one log may tell of the same days: exports of two months often share a day. A file that tells of
  every day of an earlier one takes its place; otherwise days that were told of already are passed over.
* A day that cannot be read, or that is still to come, is no day: the row is told of and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.foundation.errors import UsageError
from curtilage.sharing.bodies import RecipientReader
from curtilage.sharing.columns import read_day
from curtilage.sharing.nouns import NOT_KEPT, OTHER, Access, AccessLog, Leftover, LogCount, Use, add_uses
from curtilage.sharing.reasons import ReasonReader

_FIRST: Final = 5
"""Numbers of rows that are told of, so that somebody can look."""


class NoAccessError(UsageError):
    """A log holds no row that can be counted."""

    code = "sharing.no-access"

    def __init__(self, *, rows: int, known: int) -> None:
        self.rows, self.known = rows, known
        why = "all its days were read before" if known else "no row has a day that can be read"
        super().__init__(
            f"Of {rows:,} rows none was counted: {why}. Nothing was recorded. "
            "Check that it is the right file and, with --moment, the right column of days."
        )


@dataclass(slots=True)
class _Told:
    """Rows to tell of."""

    rows: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.rows += 1
        if len(self.first) < _FIRST:
            self.first.append(number)

    def frozen(self) -> Leftover:
        return Leftover(self.rows, tuple(self.first))


@dataclass(frozen=True, slots=True)
class Declared:
    """What the practices that name one log declare of it.

    Attributes:
        recipients: As the log writes them, ``*`` for any text.
        purposes: Ids of reasons, or texts as the log writes them.
    """

    recipients: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Days:
    """Everything of one day: counts by recipient and purpose, and rows to tell of."""

    uses: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: int = 0
    first_row: int = 0
    unkept: _Told = field(default_factory=_Told)
    other: _Told = field(default_factory=_Told)


def count_log(
    accesses: Iterable[Access], declared: Declared, log: AccessLog, *, zone: ZoneInfo, today: date
) -> tuple[LogCount, tuple[int, ...]]:
    """Count the rows of one file.

    Args:
        accesses: Every row, in the order of the file. The first is number 1.
        declared: What practices say of this log.
        log: What was read of it before.
        zone: The city's.
        today: Calendar date there: a later day is none.

    Returns:
        The counts, and the numbers of earlier readings whose place this one takes.

    Raises:
        NoAccessError: No row was counted.
    """
    days, undated, rows = _count_days(accesses, declared, zone, today)
    replaced = tuple(
        each.number for each in log.readings if days and min(days) <= each.first and each.last <= max(days)
    )
    standing = [each for each in log.readings if each.number not in replaced]
    known = _Told()
    for day in [each for each in days if any(one.first <= each <= one.last for one in standing)]:
        gone = days.pop(day)
        known.rows += gone.rows
        known.first = sorted([*known.first, gone.first_row])[:_FIRST]
    if not days:
        raise NoAccessError(rows=rows, known=known.rows)
    return _gather(days, undated, known), replaced


def _count_days(
    accesses: Iterable[Access], declared: Declared, zone: ZoneInfo, today: date
) -> tuple[dict[date, _Days], _Told, int]:
    recipients, reasons = RecipientReader(declared.recipients), ReasonReader(declared.purposes)
    days: dict[date, _Days] = {}
    undated, number = _Told(), 0
    for number, access in enumerate(accesses, start=1):
        day = read_day(access.moment, zone)
        if day is None or day > today:
            undated.add(number)
            continue
        here = days.setdefault(day, _Days(first_row=number))
        here.rows += 1
        use = recipients.read(access.recipient or ""), reasons.read(access.purpose)
        here.uses[use] = here.uses.get(use, 0) + 1
        if use[0] == NOT_KEPT:
            here.unkept.add(number)
        if use[1] == OTHER:
            here.other.add(number)
    return days, undated, number


def _gather(days: dict[date, _Days], undated: _Told, known: _Told) -> LogCount:
    return LogCount(
        first=min(days),
        last=max(days),
        rows=sum(each.rows for each in days.values()),
        uses=add_uses(_list_uses(days)),
        undated=undated.frozen(),
        known=known.frozen(),
        unkept=_together(each.unkept for each in days.values()),
        other=_together(each.other for each in days.values()),
    )


def _list_uses(days: dict[date, _Days]) -> Iterator[Use]:
    for day, each in days.items():
        for (recipient, purpose), count in each.uses.items():
            yield Use(recipient, purpose, f"{day:%Y-%m}", count)


def _together(told: Iterable[_Told]) -> Leftover:
    every = list(told)
    first = sorted(number for each in every for number in each.first)
    return Leftover(sum(each.rows for each in every), tuple(first[:_FIRST]))
