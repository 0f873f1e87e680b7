"""Days and lengths of time, as the files write them: kinds of values, see ``_kinds.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from curtilage.foundation.periods import Period
from curtilage.inventory._kinds import BAD, Plain, Scope, read_leaf
from curtilage.inventory._reading import Reading
from curtilage.inventory._yaml import Node

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_YEARS: Final = 500
"""As in a clause. What is to be kept longer is permanent."""
_LENGTH: Final = re.compile(r"(\d{1,4})\s*(day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date in the city's own zone; None where none is given."""

    nothing: None = None

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a date."""
        text = read_leaf(node, scope, reading)
        if not text:
            return BAD if text is None else None
        try:
            return (
                date.fromisoformat(text) if _DAY.fullmatch(text) else self._refuse(text, node, scope, reading)
            )
        except ValueError:
            return self._refuse(text, node, scope, reading)

    def _refuse(self, text: str, node: Node, scope: Scope, reading: Reading) -> Any:
        what = f"`{scope.key}: {text}` is no date."
        if _DAY.fullmatch(text):
            what = f"`{scope.key}: {text}` is a day that no calendar has."
        instead = "Write year-month-day, such as 2017-02-22; leave it empty where there is none."
        reading.problem(node.line, "inventory.bad-date", what, instead)
        return BAD

    def write(self, value: date | None) -> Plain:
        """Write year-month-day."""
        return value.isoformat() if value else None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; None where none is given."""

    nothing: None = None

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read numbers of days, weeks, months and years."""
        text = read_leaf(node, scope, reading)
        if not text:
            return BAD if text is None else None
        length = parse_length(text)
        if length is None:
            what = f"`{scope.key}: {text}` is no length of time."
            instead = (
                "Write a number of days, weeks, months or years, such as 90 days or 6 years, "
                f"up to {_LONGEST_YEARS} years; for ever is `disposition: permanent`."
            )
            reading.problem(node.line, "inventory.bad-length", what, instead)
            return BAD
        return length

    def write(self, value: Period | None) -> Plain:
        """Write it in words."""
        return str(value) if value is not None else None


def parse_length(text: str) -> Period | None:
    """Return a length such as ``1 year, 6 months``; None where it is none, or more than 500 years.

    >>> parse_length("2 weeks and 1 day")
    Period(years=0, months=0, days=15)
    """
    rest = text.strip().lower()
    found = {"day": 0, "month": 0, "year": 0}
    while rest:
        match = _LENGTH.match(rest)
        if match is None:
            return None
        count, unit = int(match[1]), match[2]
        found["day" if unit == "week" else unit] += count * (7 if unit == "week" else 1)
        rest = re.sub(r"^(\s*,|\s+and\b)?\s*", "", rest[match.end() :])
    years = found["year"] + found["month"] / 12 + found["day"] / 365
    if not text.strip() or years > _LONGEST_YEARS:
        return None
    return Period(found["year"], found["month"], found["day"])
