"""Business days: which days count for a time that runs, and on which days somebody is there to act.

Rules of this file:

* A time is told early rather than late. A day of which it is not sure that the law keeps it counts as a
  business day, so the time ends sooner.
* The day of the event does not count; the last day does.
* Two questions, two calendars: when a time ends (``federal`` or ``least``), and by which day somebody at the city
  has to act (``city``: every day on which the offices may be closed is left out).

Source:
    usc-5-6103; frcp-6, (a)(1).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from curtilage.disclosure.times.listed import read_list

_FILE: Final = Path(__file__).parent / "holidays.yml"

CITY_FILE: Final = "policy/holidays.yml"
"""Where a city writes the days on which it is closed, relative to its folder."""

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ONE: Final = timedelta(days=1)
_SATURDAY: Final = 5
_SUNDAY: Final = 6


class HolidayRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """On which day of a year a holiday falls: on a date, or on the nth weekday of a month.

    Attributes:
        name: What it is called.
        month: 1 to 12.
        day: Day of the month; 0 where a weekday is meant.
        weekday: Such as ``monday``; empty where a date is meant.
        nth: Which of the month, from 1; -1 is the last.
        since: First year in which it is kept.
    """

    name: str
    month: int
    day: int = 0
    weekday: Literal["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = ""
    nth: int = 0
    since: int = 1

    def in_year(self, year: int) -> date | None:
        """Return the day in a year; None before it was kept.

        >>> HolidayRule(name="Labor Day", month=9, weekday="monday", nth=1).in_year(2026)
        datetime.date(2026, 9, 7)
        """
        if year < self.since:
            return None
        if self.day:
            return date(year, self.month, self.day)
        days = calendar.monthcalendar(year, self.month)
        column = _WEEKDAYS.index(self.weekday)
        found = [week[column] for week in days if week[column]]
        return date(year, self.month, found[self.nth if self.nth < 0 else self.nth - 1])


class ClosedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day on which a city's offices are closed.

    Attributes:
        day: The calendar date.
        name: Why.
        counts: Whether the law says that it is no business day, so that a time does not run on it.
    """

    day: date
    name: str
    counts: bool = False


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    moved: bool
    days: tuple[HolidayRule, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are business days.

    Attributes:
        rules: Holidays, for any year.
        moved: Whether one that falls on a Sunday is kept on the Monday after.
        early: Whether one that falls on a Saturday is kept on the Friday before, too.
        days: Single days that are none.
    """

    rules: tuple[HolidayRule, ...] = ()
    moved: bool = False
    early: bool = False
    days: frozenset[date] = field(default_factory=frozenset)

    def is_business_day(self, day: date) -> bool:
        """Return whether a calendar date is a business day."""
        return (
            day.weekday() < _SATURDAY and day not in self.days and day not in _holidays_around(self, day.year)
        )

    def on_or_after(self, day: date) -> date:
        """Return the first business day from a day on."""
        while not self.is_business_day(day):
            day += _ONE
        return day

    def on_or_before(self, day: date) -> date:
        """Return the last business day up to a day."""
        while not self.is_business_day(day):
            day -= _ONE
        return day

    def add(self, day: date, count: int) -> date:
        """Return the day on which ``count`` business days have passed; the day itself does not count.

        Args:
            day: The day of the event, business day or not.
            count: 0 or more; 0 is the day itself, or the first business day after it.
        """
        if count == 0:
            return self.on_or_after(day)
        for _ in range(count):
            day = self.on_or_after(day + _ONE)
        return day

    def subtract(self, day: date, count: int) -> date:
        """Return the business day that lies ``count`` business days before a day."""
        for _ in range(count):
            day = self.on_or_before(day - _ONE)
        return day


@cache
def _holidays_around(made: Calendar, year: int) -> frozenset[date]:
    """Return the holidays of a year; one of the next year may be kept on its last Friday."""
    return frozenset(day for each in (year, year + 1) for day in _list_holidays(made, each))


def _list_holidays(made: Calendar, year: int) -> Iterator[date]:
    if year > date.max.year:
        return
    for rule in made.rules:
        day = rule.in_year(year)
        if day is None:
            continue
        yield day
        if made.moved and day.weekday() == _SUNDAY:
            yield day + _ONE
        if made.early and day.weekday() == _SATURDAY and day > date.min:
            yield day - _ONE


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of a city.

    Attributes:
        federal: For times of federal law.
        least: For times of state law.
        city: On which days somebody is there to act.
    """

    federal: Calendar
    least: Calendar
    city: Calendar


def make_calendars(closed: Iterable[ClosedDay] = ()) -> Calendars:
    """Return the calendars, with the days on which a city is closed.

    Args:
        closed: From :func:`read_closed_days`; may be empty.
    """
    declared, days = _load(), tuple(closed)
    kept = frozenset(each.day for each in days if each.counts)
    federal, least = declared["federal"], declared["least"]
    return Calendars(
        federal=Calendar(federal.days, moved=federal.moved),
        least=Calendar(least.days, moved=least.moved, days=kept),
        city=Calendar(federal.days, moved=True, early=True, days=frozenset(each.day for each in days)),
    )


@cache
def _load() -> dict[str, _Declared]:
    return msgspec.yaml.decode(_FILE.read_bytes(), type=dict[str, _Declared])


def read_closed_days(folder: Path) -> tuple[ClosedDay, ...]:
    """Return the days on which a city is closed, from ``policy/holidays.yml``; empty where there is no such file.

    Raises:
        DeclarationError: It cannot be read; every problem with its line.
    """
    instead = 'Write a line for each day: - {day: 2026-12-24, name: "Offices closed", counts: false}'
    return read_list(folder, CITY_FILE, ClosedDay, code="disclosure.bad-holidays", instead=instead)
