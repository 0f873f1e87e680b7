"""What the bounds of a partition alone say of its rows, so that a large one is dropped as soon as a small one."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from curtilage.connectors.disposal.conditions import All, Compare, Condition
from curtilage.connectors.disposal.nouns import Partition
from curtilage.connectors.disposal.sql import days_meant

_MIDNIGHT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00)?")
"""A bound that is a day. One with a zone is none: in which zone it is written depends on who asks."""


def first_unsure(condition: Condition, part: Partition) -> date | None:
    """Return the day before which rows of a partition are still to be looked at.

    Args:
        condition: What all rows must meet to go.
        part: The partition.

    Returns:
        That day, :data:`datetime.date.min` where there is nothing to be looked at; None where every row is, for
        the condition asks for more than days of the column that the table is parted by.

    >>> part = Partition("visits_2015", "day", "2015-01-01", "2016-01-01", None)
    >>> first_unsure(Compare("day", "<", date(2016, 1, 1)), part)
    datetime.date(1, 1, 1)
    """
    below, least = _as_day(part.below), _as_day(part.least)
    if below is None or (part.least and least is None):
        return None
    stretches = [_days_of(each, part.column) for each in _parts(condition)]
    found = [each for each in stretches if each is not None]
    if len(found) < len(stretches) or below > min(end for _, end in found):
        return None
    first = max(begin for begin, _ in found)
    return date.min if least is not None and least >= first else first


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, All) else (condition,)


def _days_of(condition: Condition, column: str) -> tuple[date, date] | None:
    if not isinstance(condition, Compare) or not isinstance(condition.value, date):
        return None
    return days_meant(condition.operator, condition.value) if condition.column == column else None


def _as_day(bound: str) -> date | None:
    found = _MIDNIGHT.fullmatch(bound)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
