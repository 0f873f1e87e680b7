"""Count by days cheaply in a column that may hold anything, where each of its cells is seen to be a day.

Whether a cell is a day costs more to ask than all else, and many rows share one day. So the database hands over
each different cell once: as long as all that could be meant are days and nothing else, the bare comparisons say
the same as the careful ones. The first cell that is not, and one different cell too many, ends the question; it
is then asked with care.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from curtilage.connectors.disposal.conditions import All, Any, Compare, Condition, IsNull, Not
from curtilage.connectors.disposal.sql import END_OF_DAYS, FIRST_DAY, days_meant

NAME: Final = "curtilage_plain_days"
"""Under which name a database knows :class:`PlainDays`."""

_MOST: Final = 100_000
"""Chosen: all days of 270 years; a column of more different cells holds moments."""
_FIRST, _END = FIRST_DAY.isoformat(), END_OF_DAYS.isoformat()


class NotPlainError(Exception):
    """A cell could be meant and is no bare day, or there are too many; the question ends. Says nothing of the cell."""


class PlainDays:
    """An aggregate over the different cells of a column: the days among them, joined by commas."""

    def __init__(self) -> None:
        self._days: list[str] = []

    def step(self, cell: object) -> None:
        """Take one cell; what no comparison with a day can meet is passed over.

        Raises:
            NotPlainError: It could be met, and is not a day and nothing else; or it is one too many.
        """
        if not isinstance(cell, str):
            return  # SQLite holds a number for less than any text, and bytes for more
        if cell.isascii() and not _FIRST <= cell < _END:
            return
        if len(self._days) == _MOST or not _is_plain(cell):
            raise NotPlainError
        self._days.append(cell)

    def finalize(self) -> str:
        """Return the days, in any order."""
        return ",".join(self._days)


def _is_plain(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def ends_within(days: str, stretch: tuple[date, date]) -> tuple[date | None, date | None]:
    """Return the first and the last of some joined days that lie in a stretch, whose end is outside of it.

    >>> ends_within("2015-05-06,2015-05-05,2017-01-01", (date(2015, 1, 1), date(2016, 1, 1)))
    (datetime.date(2015, 5, 5), datetime.date(2015, 5, 6))
    """
    first, end = (each.isoformat() for each in stretch)
    within = [day for day in days.split(",") if first <= day < end]
    if not within:
        return None, None
    return date.fromisoformat(min(within)), date.fromisoformat(max(within))


def stretch_of(condition: Condition | None, column: str) -> tuple[date, date] | None:
    """Return the stretch of days that is all a condition asks of a column; None where it asks for something else."""
    parts = condition.conditions if isinstance(condition, All) else (condition,)
    first, end = FIRST_DAY, END_OF_DAYS
    for each in parts:
        if not (isinstance(each, Compare) and isinstance(each.value, date) and each.column == column):
            return None
        ends = days_meant(each.operator, each.value)
        if ends is None:
            return None
        first, end = max(first, ends[0]), min(end, ends[1])
    return first, end


def ask_days_of_one(conditions: Sequence[Condition | None], column: str) -> bool:
    """Return whether no other column than this one is compared with days."""
    return all(_asks_of_one(each, column) for each in conditions if each is not None)


def _asks_of_one(condition: Condition, column: str) -> bool:
    match condition:
        case All(conditions) | Any(conditions):
            return all(_asks_of_one(each, column) for each in conditions)
        case Not(negated):
            return _asks_of_one(negated, column)
        case Compare(name, _, value):
            return name == column or not isinstance(value, date)
        case IsNull():
            return True
        case _:
            return all(not isinstance(value, date) for value in getattr(condition, "values", (date.min,)))
