"""Weigh row by row what no database can compute: keyed hashes, wherever they stand in a condition.

The database answers every part without a hash, as 1, 0 or NULL beside the row; the rest is three-valued logic
here. So a hold on some people in some cases means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

from curtilage.connectors.disposal.conditions import All, Any, Condition, HashIn, KeyIn, Not, has_hash
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.sql import Column, Dialect, Sql, compile_condition, find_column

Told = list[bool | None]
"""An answer for each row, in order; None is unknown."""


@dataclass(slots=True)
class Weighing:
    """A condition that is weighed here, and what is asked beside each row for it.

    Attributes:
        columns: The table's columns.
        dialect: How the database writes it.
        hasher: Computes the hashes.
        start: How many values of a row come before those that are asked here.
        asked: What is selected beside each row, in order.
    """

    columns: Mapping[str, Column]
    dialect: Dialect
    hasher: Hasher
    start: int
    asked: list[Sql] = field(default_factory=list)
    _parts: list[Callable[[Sequence[Anything], Sequence[bytes]], Told]] = field(default_factory=list)

    def add(self, condition: Condition) -> None:
        """Weigh one more condition.

        Raises:
            MisfitError: It names a column that is not there, or that it does not fit.
        """
        self._parts.append(self._compile(condition))

    def weigh(self, rows: Sequence[Anything], keys: Callable[[], Sequence[bytes]]) -> list[bool]:
        """Return for each row whether it surely meets every condition.

        Args:
            rows: As they came, in order.
            keys: Gives the keyed hash of each row's key; asked only where a condition needs it.
        """
        needed: Sequence[bytes] = keys() if self._needs_keys else ()
        answers = [part(rows, needed) for part in self._parts]
        return [all(told[number] for told in answers) for number in range(len(rows))]

    _needs_keys: bool = False

    def __bool__(self) -> bool:
        """Return whether there is anything to weigh."""
        return bool(self._parts)

    def _compile(self, condition: Condition) -> Callable[[Sequence[Anything], Sequence[bytes]], Told]:
        if not has_hash(condition):
            place = self._ask(condition)
            return lambda rows, _keys: [None if row[place] is None else bool(row[place]) for row in rows]
        match condition:
            case HashIn(column, hashes):
                return self._compile_subject(column, hashes)
            case KeyIn(hashes):
                self._needs_keys = True
                known = frozenset(map(bytes.fromhex, hashes))
                return lambda _rows, keys: [key in known for key in keys]
            case Not(negated):
                inner = self._compile(negated)
                return lambda rows, keys: [None if told is None else not told for told in inner(rows, keys)]
            case All(conditions) | Any(conditions):
                parts = [self._compile(each) for each in conditions]
                join = _all if isinstance(condition, All) else _any
                return lambda rows, keys: [
                    join(told) for told in zip(*(part(rows, keys) for part in parts), strict=True)
                ]
        raise AssertionError(condition)

    def _compile_subject(
        self, column: str, hashes: frozenset[str]
    ) -> Callable[[Sequence[Anything], Sequence[bytes]], Told]:
        known = frozenset(map(bytes.fromhex, hashes))
        place = self._select(Sql(self.dialect.quote(find_column(self.columns, column).name)))

        def told(rows: Sequence[Anything], _keys: Sequence[bytes]) -> Told:
            values = [row[place] for row in rows]
            found = self.hasher.subjects(values)
            return [
                None if value is None else each in known for value, each in zip(values, found, strict=True)
            ]

        return told

    def _ask(self, condition: Condition) -> int:
        test = compile_condition(Not(Not(condition)), self.columns, self.dialect)
        return self._select(Sql("CASE WHEN ") + test + " THEN 1 WHEN NOT (" + test + ") THEN 0 END")

    def _select(self, piece: Sql) -> int:
        self.asked.append(piece)
        return self.start + len(self.asked) - 1


def _all(told: Sequence[bool | None]) -> bool | None:
    return False if False in told else None if None in told else True


def _any(told: Sequence[bool | None]) -> bool | None:
    return True if True in told else None if None in told else False
