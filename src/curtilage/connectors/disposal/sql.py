"""Turn conditions into SQL, so that every database means the same by them and is never more generous.

Rules of this file:

* Names go in quoted, values as parameters. No value ever stands in the text of a statement.
* What cannot be decided gives NULL, or false where only a true answer counts: a day that is no day, a
  number that is text. A negation of it gives NULL as well.
* A value that does not fit the column's kind is refused, for a database that guesses may match too much.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any as Anything
from typing import Final, Literal

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
    Value,
)

Kind = Literal["any", "boolean", "coded", "day", "moment", "number", "text", "other"]
"""What a column holds: ``coded`` are enumerations and identifiers with a text form, ``any`` is SQLite's."""

Part = Literal["whole", "cheap", "rest"]
"""Which part of a condition is asked."""

FIRST_DAY: Final = date(1800, 1, 1)
"""A day before it stands for "none" in old systems, or is damaged: unknown."""
END_OF_DAYS: Final = date(2200, 1, 1)
"""A day from it on stands for "never": unknown."""

DAY_PATTERN: Final = (
    "^((18|19|20|21)[0-9][0-9]-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))|((18|19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29)([T ]|$)"
)
"""Regular expression for a text that begins with a day that the calendar has, from FIRST_DAY to END_OF_DAYS."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: As the database has it.
        kind: What it holds.
        nullable: It may be NULL.
        type: As the database writes it, for casts.
    """

    name: str
    kind: Kind
    nullable: bool = True
    type: str = ""


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its values, in order."""

    text: str
    values: tuple[Anything, ...] = ()

    def __add__(self, other: Sql | str) -> Sql:
        """Join two pieces."""
        more = Sql(other) if isinstance(other, str) else other
        return Sql(self.text + more.text, self.values + more.values)

    def join(self, pieces: Sequence[Sql]) -> Sql:
        """Join pieces with this one between them, as :meth:`str.join` does."""
        joined = Sql("")
        for number, piece in enumerate(pieces):
            joined = joined + self + piece if number else piece
        return joined


class MisfitError(ValueError):
    """A condition that a column cannot answer; says which, and never a value."""


class Dialect(ABC):
    """How one database writes conditions and lists; subclasses change what differs."""

    mark = "%s"
    """Where a value goes."""
    most_values = 1_000
    """Values in one list at most."""
    none_safe = "IS NOT DISTINCT FROM"
    """Equal, where NULL equals NULL."""

    def quote(self, name: str) -> str:
        """Return an identifier for SQL, quoted."""
        return '"' + name.replace('"', '""').replace("%", "%%") + '"'

    @abstractmethod
    def day(self, column: Column, name: str) -> str:
        """Return an expression for the column's day as ISO 8601 text, NULL where there is none; for text columns."""

    def whole_day(self, name: str) -> str:
        """Return what is true only where a cell is an ISO 8601 day and nothing else, and is cheaper than :meth:`day`."""
        raise AssertionError("A column holds what it is declared to hold.")

    def between_days(self, name: str, first: date, end: date) -> Sql:
        """Return what is true for all cells of a column of kind ``any`` whose day lies there, and perhaps for others.

        Args:
            name: Of the column.
            first: The first day that is meant.
            end: The first day behind it that is not.
        """
        raise AssertionError("A column holds what it is declared to hold.")

    def gather_days(self, connection: Anything) -> str:
        """Teach a connection the aggregate of ``plain_days``, and return its name; empty where there is no need of it."""
        return ""

    @abstractmethod
    def same_text(self, column: Column, name: str, value: str) -> Sql:
        """Return ``name = value`` letter by letter, for a column of text or codes."""

    def number(self, column: Column, name: str, operator: str, value: int) -> Sql:
        """Return the comparison with a number."""
        return Sql(f"{name} {operator} {self.mark}", (value,))

    def boolean(self, name: str, value: bool) -> Sql:  # noqa: FBT001 - it is the value
        """Return the comparison with a truth value."""
        return Sql(f"{name} = {self.mark}", (value,))

    def bound(self, column: Column, value: date) -> Sql:
        """Return a day as a value that a column of days or moments is compared with."""
        return Sql(self.mark, (value,))

    def after(self, names: Sequence[str], values: Sequence[Anything], *, inclusive: bool = False) -> Sql:
        """Return "the key comes after ``values``", in the key's order."""
        left, right = ", ".join(names), ", ".join([self.mark] * len(names))
        return Sql(f"({left}) {'>=' if inclusive else '>'} ({right})", tuple(values))

    def until(self, names: Sequence[str], values: Sequence[Anything]) -> Sql:
        """Return "the key comes before ``values`` or is it"."""
        left, right = ", ".join(names), ", ".join([self.mark] * len(names))
        return Sql(f"({left}) <= ({right})", tuple(values))

    def among(
        self, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Sequence[Anything]]
    ) -> Sql:
        """Return "the columns are one of ``rows``", at most :attr:`most_values` values in all."""
        if len(names) == 1:
            marks = ", ".join([self.mark] * len(rows))
            return Sql(f"{names[0]} IN ({marks})", tuple(row[0] for row in rows))
        each = "(" + ", ".join([self.mark] * len(names)) + ")"
        marks = ", ".join([each] * len(rows))
        return Sql(f"({', '.join(names)}) IN (VALUES {marks})", tuple(value for row in rows for value in row))


def compile_condition(
    condition: Condition,
    columns: Mapping[str, Column],
    dialect: Dialect,
    *,
    alias: str = "",
    part: Part = "whole",
) -> Sql:
    """Return a condition as SQL that is true exactly for the rows that surely meet it.

    Args:
        condition: Without keyed hashes; see ``conditions.split_hashes``.
        columns: The table's columns by name.
        dialect: How the database writes it.
        alias: Of the table, quoted; empty is none.
        part: ``cheap`` leaves out what costs most, so that it is true for all of them, and perhaps for others;
            ``rest`` is what is to be asked of those besides.

    Raises:
        MisfitError: It names a column that is not there, or one that it does not fit.
    """
    compiling = _Compiling(columns, dialect, f"{alias}." if alias else "", part)
    return compiling.compile(condition, certain=True)


def find_column(columns: Mapping[str, Column], name: str) -> Column:
    """Return a column by its name, capitals aside where only one is meant.

    Raises:
        MisfitError: There is none.
    """
    if name in columns:
        return columns[name]
    near = [column for column in columns.values() if column.name.casefold() == name.casefold()]
    if len(near) == 1:
        return near[0]
    raise MisfitError(f"there is no column {name}")


@dataclass(frozen=True, slots=True)
class _Compiling:
    columns: Mapping[str, Column]
    dialect: Dialect
    prefix: str
    part: Part

    def compile(self, condition: Condition, *, certain: bool) -> Sql:
        """Return SQL. Where ``certain``, false may stand for unknown: it is under no negation."""
        match condition:
            case All(conditions):
                return self._all(conditions) if certain else self._join(" AND ", conditions, certain=False)
            case Any(conditions):
                return self._join(" OR ", conditions, certain=certain)
            case Not(negated):
                return Sql("(NOT ") + self.compile(negated, certain=False) + ")"
            case IsNull(column):
                return Sql(f"({self._name(column)[1]} IS NULL)")
            case OneOf(column, values):
                return self._join(" OR ", [Compare(column, "=", value) for value in values], certain=certain)
            case Compare(column, operator, value):
                return Sql("(") + self._compare(column, operator, value, certain=certain) + ")"
            case HashIn() | KeyIn():
                raise MisfitError("a keyed hash stands where a database would have to compute it")

    def _all(self, conditions: Sequence[Condition]) -> Sql:
        """Return what is true where all of them surely are; stretches of days of one column become one."""
        stretches: dict[str, tuple[date, date]] = {}
        others: list[Condition] = []
        for each in conditions:
            ends = self._days_of(each)
            if isinstance(each, Compare) and ends:
                first, end = stretches.get(each.column, ends)
                stretches[each.column] = (max(first, ends[0]), min(end, ends[1]))
            else:
                others.append(each)
        if self.part == "rest":
            return self._rest(others, tuple(stretches))
        pieces = [self.compile(each, certain=True) for each in others]
        pieces += [Sql("(") + self._stretch(column, *ends) + ")" for column, ends in stretches.items()]
        return Sql("(") + Sql(" AND ").join(pieces) + ")"

    def _rest(self, others: Sequence[Condition], days: Sequence[str]) -> Sql:
        """Return what the cheap part of all of them leaves to be asked."""
        whole, cheap = replace(self, part="whole"), replace(self, part="cheap")
        pieces = [(each, whole.compile(each, certain=True)) for each in others]
        left = [piece for each, piece in pieces if cheap.compile(each, certain=True) != piece]
        named = [self._name(column) for column in days]
        left += [Sql(self._is_day(found, name)) for found, name in named if found.kind == "any"]
        return Sql(" AND ").join(left) if left else Sql("1 = 1")

    def _days_of(self, condition: Condition) -> tuple[date, date] | None:
        """Return the stretch of days that a condition asks for; None where it is another one, or days stand in text."""
        if not isinstance(condition, Compare) or not isinstance(condition.value, date):
            return None
        if find_column(self.columns, condition.column).kind == "text":
            return None
        return days_meant(condition.operator, condition.value)

    def _join(self, word: str, conditions: Sequence[Condition], *, certain: bool) -> Sql:
        return Sql("(") + Sql(word).join([self.compile(each, certain=certain) for each in conditions]) + ")"

    def _name(self, column: str) -> tuple[Column, str]:
        found = find_column(self.columns, column)
        return found, self.prefix + self.dialect.quote(found.name)

    def _compare(self, column: str, operator: str, value: Value, *, certain: bool) -> Sql:
        found, name = self._name(column)
        if isinstance(value, date):
            return self._compare_day(found, name, operator, value, certain=certain)
        if isinstance(value, int):
            return self._compare_number(found, name, operator, value, certain=certain)
        return self._compare_text(found, name, operator, value, certain=certain)

    def _compare_day(self, column: Column, name: str, operator: str, day: date, *, certain: bool) -> Sql:
        if column.kind in ("text", "any"):
            ends = days_meant(operator, day) if certain and column.kind == "any" else None
            if ends:
                return self._stretch(column.name, *ends)
            return Sql(f"{self.dialect.day(column, name)} {operator} {self.dialect.mark}", (day.isoformat(),))
        if column.kind not in ("day", "moment"):
            raise MisfitError(f"column {column.name} is compared with a day and holds none")
        if certain and (ends := days_meant(operator, day)):
            return self._stretch(column.name, *ends)
        return self._within(column, name, self._whole_days(column, name, operator, day))

    def _stretch(self, column: str, first: date, end: date) -> Sql:
        """Return that a column's day is ``first`` or later, and before ``end``; both are days that can be meant."""
        found, name = self._name(column)
        if found.kind == "any":
            # The bare comparison first: it is cheap, may use an index, and says no to most rows. Of what it lets
            # through, only whether it is a day is still to be seen.
            between = self.dialect.between_days(name, first, end)
            if self.part == "cheap":
                return between
            return between + " AND " + self._is_day(found, name)
        if found.kind not in ("day", "moment"):
            raise MisfitError(f"column {found.name} is compared with a day and holds none")
        before = Sql(f"{name} < ") + self.dialect.bound(found, end)
        return before + f" AND {name} >= " + self.dialect.bound(found, first)

    def _is_day(self, column: Column, name: str) -> str:
        return f"({self.dialect.whole_day(name)} OR {self.dialect.day(column, name)} IS NOT NULL)"

    def _whole_days(self, column: Column, name: str, operator: str, day: date) -> Sql:
        def side(sign: str, bound: date) -> Sql:
            return Sql(f"{name} {sign} ") + self.dialect.bound(column, bound)

        after = _next(day)
        match operator:
            case "<":
                return side("<", day)
            case "<=":
                return side("<", after)
            case ">":
                return side(">=", after)
            case ">=":
                return side(">=", day)
            case "=":
                return Sql("(") + side(">=", day) + " AND " + side("<", after) + ")"
            case _:
                return Sql("(") + side("<", day) + " OR " + side(">=", after) + ")"

    def _within(self, column: Column, name: str, answer: Sql) -> Sql:
        """Let days outside of what can be meant be unknown."""
        least = Sql(f"{name} >= ") + self.dialect.bound(column, FIRST_DAY)
        most = Sql(f"{name} < ") + self.dialect.bound(column, END_OF_DAYS)
        return Sql("CASE WHEN ") + least + " AND " + most + " THEN " + answer + " END"

    def _compare_number(self, column: Column, name: str, operator: str, value: int, *, certain: bool) -> Sql:
        if column.kind == "boolean" and operator in ("=", "<>") and value in (0, 1):
            same = self.dialect.boolean(name, bool(value))
            return same if operator == "=" else Sql("NOT ") + same
        if column.kind not in ("number", "any"):
            raise MisfitError(f"column {column.name} is compared with a number and holds none")
        return self.dialect.number(column, name, operator, value)

    def _compare_text(self, column: Column, name: str, operator: str, value: str, *, certain: bool) -> Sql:
        if column.kind in ("text", "any", "coded"):
            same = self.dialect.same_text(column, name, value)
            return same if operator == "=" else Sql("NOT (") + same + ")"
        if column.kind == "number" and value.removeprefix("-").isdecimal() and value.isascii():
            return self._compare_number(column, name, operator, int(value), certain=certain)
        if column.kind == "boolean" and value.lower() in ("true", "false"):
            return self._compare_number(column, name, operator, int(value.lower() == "true"), certain=certain)
        raise MisfitError(f"column {column.name} is compared with a text and holds none")


def days_meant(operator: str, day: date) -> tuple[date, date] | None:
    """Return from which day and before which one a column's day surely compares so; None for what is no stretch."""
    after = _next(day)
    match operator:
        case "<":
            return FIRST_DAY, min(day, END_OF_DAYS)
        case "<=":
            return FIRST_DAY, min(after, END_OF_DAYS)
        case ">":
            return max(after, FIRST_DAY), END_OF_DAYS
        case ">=":
            return max(day, FIRST_DAY), END_OF_DAYS
        case "=":
            return max(day, FIRST_DAY), min(after, END_OF_DAYS)
    return None


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
