"""Days at which a time is over, and what is surely so and surely not so, as conditions.

A day that stands for "unknown" is no day: a record would be due for decades because of it. Days beyond 2200 stand
for "open", and those who read the day from a system know none of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.connectors.disposal.conditions import (
    All,
    Any,
    Compare,
    Condition,
    IsNull,
    Not,
    all_of,
)
from curtilage.foundation.periods import Period

EARLIEST: Final = date(1970, 1, 2)
"""Chosen: days before are mostly what a system writes for "unknown": 1900-01-01, or a moment of zero, which is
1970-01-01 in UTC and the evening before in America. A record that is older is for a person to look at."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A question about a row: which rows it is surely so for, and which it is surely not so for.

    A row that meets neither cannot be decided.
    """

    so: Condition
    not_so: Condition


def first_not_over(period: Period, today: date, *, year_end: bool = False) -> date:
    """Return the first day from which ``period`` has not passed ``today``; all days before are over.

    Args:
        period: How long.
        today: The day the question is asked.
        year_end: Whether the time runs from the end of the calendar year in which the day lies.

    >>> first_not_over(Period(months=1), date(2017, 2, 28))
    datetime.date(2017, 2, 1)
    >>> first_not_over(Period(years=6), date(2017, 2, 28), year_end=True)
    datetime.date(2011, 1, 1)
    """
    if year_end:
        return date(first_not_over(period, today).year, 1, 1)
    last = today.toordinal()
    return date.fromordinal(
        1 + bisect_left(range(1, last + 1), x=True, key=lambda day: _lasts(period, day, today))
    )


def _lasts(period: Period, ordinal: int, today: date) -> bool:
    try:
        return period.after(date.fromordinal(ordinal)) > today
    except OverflowError:
        return True


def is_over(
    column: str, period: Period, today: date, *, slack_days: int = 0, year_end: bool = False
) -> Sides:
    """Return for which rows ``period`` after the day in ``column`` is over.

    Args:
        column: Holds a day or a moment.
        period: How long; of no length it asks whether the day has come.
        today: Calendar date in the city's zone.
        slack_days: How many days a moment's day may lie before the city's: see :func:`count_slack`.
        year_end: As in :func:`first_not_over`.
    """
    first = first_not_over(period, today, year_end=year_end)
    end = date.fromordinal(max(1, first.toordinal() - slack_days))
    so = All((Compare(column, "<", end), Compare(column, ">=", EARLIEST)))
    return Sides(so, Compare(column, ">=", end))


def count_slack(zone: str, today: date) -> int:
    """Return 1 where the city's day begins before that of UTC, in which moments are often kept; else 0.

    East of Greenwich a moment of the city's morning has yesterday's day in UTC, and would be over a day early.

    >>> count_slack("America/Chicago", date(2017, 2, 22)), count_slack("Pacific/Guam", date(2017, 2, 22))
    (0, 1)
    """
    moments = (datetime(today.year, month, 1, 12, tzinfo=UTC) for month in (1, 7))
    offsets = (moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments)
    return int(any(offset is not None and offset.total_seconds() > 0 for offset in offsets))


def later_of(sides: Sequence[Sides]) -> Sides:
    """Return what is so once each is so: "whichever is later", and several parts of a clause."""
    if len(sides) == 1:
        return sides[0]
    return Sides(All(tuple(each.so for each in sides)), Any(tuple(each.not_so for each in sides)))


def earlier_of(sides: Sequence[Sides]) -> Sides:
    """Return what is so once one of them is so: "whichever is earlier"."""
    if len(sides) == 1:
        return sides[0]
    return Sides(Any(tuple(each.so for each in sides)), All(tuple(each.not_so for each in sides)))


def only(mine: Condition | None, condition: Condition) -> Condition:
    """Return a condition on those rows only that belong to a series; None is all of them."""
    return condition if mine is None else all_of(mine, condition)


def is_given(columns: Sequence[str]) -> Condition:
    """Return that at least one of some columns holds something; at least one is given."""
    asked = tuple(Not(IsNull(column)) for column in columns)
    return asked[0] if len(asked) == 1 else Any(asked)
