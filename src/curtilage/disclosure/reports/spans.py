"""The months, quarters and years of which a report tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.foundation.errors import UsageError

MONTHS: Final = {"month": 1, "quarter": 3, "year": 12, "two-years": 24}
"""How many months each kind of span has."""

_WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>0[1-9]|1[0-2])|[Qq](?P<quarter>[1-4])))?|(?P<first>\d{4})-(?P<second>\d{4})"
)


class BadSpanError(UsageError):
    """A span is not written so that it can be read, or is of another kind than the report's."""

    code = "disclosure.bad-span"

    def __init__(self, *, why: str) -> None:
        self.why = why
        super().__init__(
            f"{why} Nothing was counted. Write a month as 2026-05, a quarter as 2026-Q2, a year as 2026, two as 2025-2026."
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Whole calendar months of the city's own time.

    Attributes:
        kind: One of :data:`MONTHS`.
        first: Its first day.
        last: Its last day.
    """

    kind: str
    first: date
    last: date

    def __str__(self) -> str:
        """Render as it is typed: ``2026-05``, ``2026-Q2``, ``2026``, ``2025-2026``."""
        match self.kind:
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first:%Y}-Q{(self.first.month + 2) // 3}"
            case "two-years":
                return f"{self.first:%Y}-{self.last:%Y}"
        return f"{self.first:%Y}"

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Return the moment at which it begins and the one at which the next begins, UTC."""
        where = ZoneInfo(zone)
        begin, end = (
            datetime.combine(day, time(), where).astimezone(UTC)
            for day in (self.first, self.last + timedelta(days=1))
        )
        return begin, end

    def split(self, kind: str) -> tuple[Span, ...]:
        """Return the spans of a finer kind that make it up, in order.

        Raises:
            BadSpanError: It is shorter than one of them.
        """
        if MONTHS[kind] > MONTHS[self.kind]:
            raise BadSpanError(why=f"{self} is shorter than a {kind}, for which small counts are hidden.")
        return tuple(self._parts(kind))

    def _parts(self, kind: str) -> Iterator[Span]:
        day = self.first
        while day <= self.last:
            part = _span(kind, day.year, day.month)
            yield part
            day = part.last + timedelta(days=1)


def parse_span(written: str) -> Span:
    """Return the span that somebody typed.

    Raises:
        BadSpanError: It is none.

    >>> parse_span("2026-Q4").first, str(parse_span("2025-2026"))
    (datetime.date(2026, 10, 1), '2025-2026')
    """
    found = _WRITTEN.fullmatch(written.strip())
    if not found or int(found["year"] or found["first"]) < 1:
        raise BadSpanError(why="This is no span of time.")
    if found["first"]:
        if int(found["second"]) != int(found["first"]) + 1:
            raise BadSpanError(why="Two years follow each other.")
        return _span("two-years", int(found["first"]), 1)
    if found["month"]:
        return _span("month", int(found["year"]), int(found["month"]))
    if found["quarter"]:
        return _span("quarter", int(found["year"]), 3 * int(found["quarter"]) - 2)
    return _span("year", int(found["year"]), 1)


def last_span(kind: str, today: date) -> Span:
    """Return the last span of a kind that is over.

    Two years begin with an even one: a report of July 2026 tells of the two years before it. Source: nyc-23-1201.

    >>> str(last_span("quarter", date(2026, 11, 23))), str(last_span("two-years", date(2026, 11, 23)))
    ('2026-Q3', '2024-2025')
    """
    return find_span(kind, find_span(kind, today).first - timedelta(days=1))


def find_span(kind: str, day: date) -> Span:
    """Return the span of a kind in which a day lies.

    >>> str(find_span("two-years", date(2026, 11, 23)))
    '2026-2027'
    """
    months = MONTHS[kind]
    begin = (day.year * 12 + day.month - 1) // months * months
    return _span(kind, begin // 12, begin % 12 + 1)


def _span(kind: str, year: int, month: int) -> Span:
    try:
        index = year * 12 + month - 1 + MONTHS[kind]
        end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
        return Span(kind, date(year, month, 1), end)
    except ValueError as error:
        raise BadSpanError(why="It lies beyond the calendar.") from error
