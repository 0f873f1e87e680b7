"""Lengths of time as schedules write them: days, weeks, months, years, in whole numbers.

A month is a calendar month: a period is added to a date, never converted to days.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS_TO_COMPARE: Final = tuple(date(year, month, 1) for year in range(2017, 2021) for month in range(1, 13))
"""Days from which two periods are compared. A month has 28 to 31 days and a year 365 or 366, so which of
two periods is longer can hang on the day it begins; over four years each case comes up."""


@dataclass(frozen=True, slots=True)
class Period:
    """Years, months and days, each zero or more, added in that order.

    >>> Period(months=1).after(date(2017, 1, 31))
    datetime.date(2017, 2, 28)
    >>> str(Period(years=6))
    '6 years'
    """

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        """Refuse a negative part.

        Raises:
            ValueError: A part is negative.
        """
        if min(self.years, self.months, self.days) < 0:
            raise ValueError("A period cannot be negative.")

    def after(self, start: date) -> date:
        """Return the date this long after ``start``; the month's last day where there is no such day.

        Raises:
            OverflowError: The date would lie beyond the year 9999.
        """
        month_index = start.year * 12 + start.month - 1 + self.years * 12 + self.months
        year, month = divmod(month_index, 12)
        if year > date.max.year:
            raise OverflowError("The period ends after the year 9999.")
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days)

    def __str__(self) -> str:
        """Render in words, the largest unit first."""
        parts = ((self.years, "year"), (self.months, "month"), (self.days, "day"))
        said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
        return ", ".join(said) or "0 days"
