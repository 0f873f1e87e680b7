"""Weigh a condition for a row in memory, as the databases do it in SQL: true, false, or unknown.

Rules of this file:

* Unknown (None) is never true, nor is its negation: a cell that is empty, a day that is no day, a number
  that is text.
* A day is written as ISO 8601 has it, with or without a time behind. "03/04/2017" is two days, so it is none.
* Days before 1800 and from 2200 on stand for "none" and "never": unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any as Anything
from typing import Final

from curtilage.connectors.disposal.conditions import (
    All,
    Any,
    Compare,
    Condition,
    HashIn,
    IsNull,
    KeyIn,
    Not,
    OneOf,
)
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.sql import END_OF_DAYS, FIRST_DAY, Column, MisfitError, find_column

Row = Sequence[object]
Weigher = Callable[[Row], bool | None]

_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:.*)?", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)
_COMPARE: Final[Mapping[str, Callable[[Anything, Anything], bool]]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def make_weigher(
    condition: Condition, columns: Sequence[str], hasher: Hasher, hash_key: Callable[[Row], bytes]
) -> Weigher:
    """Return what weighs a condition for each row.

    Args:
        condition: Keyed hashes may stand anywhere in it.
        columns: Names of the cells of a row, in order.
        hasher: Hashes subjects.
        hash_key: Returns the keyed hash of a row's key.

    Raises:
        MisfitError: It names a column that is not there.
    """

    def make(part: Condition) -> Weigher:
        return make_weigher(part, columns, hasher, hash_key)

    match condition:
        case All(conditions):
            return _all([make(each) for each in conditions])
        case Any(conditions):
            return _any([make(each) for each in conditions])
        case Not(negated):
            inner = make(negated)
            return lambda row: None if (said := inner(row)) is None else not said
        case OneOf(column, values):
            return _any([make(Compare(column, "=", value)) for value in values])
        case IsNull(column):
            at = place_of(column, columns)
            return lambda row: is_nothing(row[at])
        case HashIn(column, hashes):
            return _hashed(place_of(column, columns), hashes, hasher)
        case KeyIn(hashes):
            known = frozenset(map(bytes.fromhex, hashes))
            return lambda row: hash_key(row) in known
        case Compare(column, operator, value):
            at, compare, read = place_of(column, columns), _COMPARE[operator], _reader(value, operator)
            return lambda row: None if (cell := read(row[at])) is None else compare(cell, value)


def place_of(name: str, columns: Sequence[str]) -> int:
    """Return where a column stands, capitals aside where only one is meant.

    Raises:
        MisfitError: There is none, or two of that name.
    """
    if columns.count(name) > 1:
        raise MisfitError(f"there are two columns {name}")
    return columns.index(find_column({each: Column(each, "any") for each in columns}, name).name)


def is_nothing(cell: object) -> bool:
    """Return whether a cell holds nothing: no value, or an empty text."""
    return cell is None or cell == ""


def day_of(cell: object) -> date | None:
    """Return the calendar day of a cell; of a moment with a zone, that of UTC; None where there is none.

    >>> day_of("2017-02-22 10:00"), day_of("02/22/2017")
    (datetime.date(2017, 2, 22), None)
    """
    if isinstance(cell, datetime):
        cell = (cell.astimezone(UTC) if cell.tzinfo else cell).date()
    elif isinstance(cell, str):
        found = _ISO.fullmatch(cell.strip())
        try:
            cell = date.fromisoformat(found[1]) if found else None
        except ValueError:  # a day that no calendar has
            return None
    return cell if isinstance(cell, date) and FIRST_DAY <= cell < END_OF_DAYS else None


def _number_of(cell: object) -> Decimal | None:
    if isinstance(cell, str):
        return Decimal(cell.strip()) if _NUMBER.fullmatch(cell.strip()) else None
    found = Decimal(cell) if isinstance(cell, int | float | Decimal) else None
    return found if found is not None and found.is_finite() else None


def _text_of(cell: object) -> str | None:
    if is_nothing(cell):
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if isinstance(cell, str | int | float | Decimal) else None


def _reader(value: object, operator: str) -> Callable[[object], Anything]:
    if isinstance(value, date):
        return day_of
    if isinstance(value, int):
        return _number_of
    return _text_of if operator in {"=", "<>"} else lambda _: None


def _hashed(at: int, hashes: frozenset[str], hasher: Hasher) -> Weigher:
    known = frozenset(map(bytes.fromhex, hashes))

    def weigh(row: Row) -> bool | None:
        return None if is_nothing(row[at]) else hasher.subjects((row[at],))[0] in known

    return weigh


def _all(weighers: Sequence[Weigher]) -> Weigher:
    def weigh(row: Row) -> bool | None:
        found: bool | None = True
        for each in weighers:
            said = each(row)
            if said is False:
                return False
            found = None if said is None else found
        return found

    return weigh


def _any(weighers: Sequence[Weigher]) -> Weigher:
    def weigh(row: Row) -> bool | None:
        found: bool | None = False
        for each in weighers:
            said = each(row)
            if said:
                return True
            found = None if said is None else found
        return found

    return weigh
