"""How SQLite, PostgreSQL and MariaDB write conditions: the same answers from each, never a more generous one."""

# ruff: noqa: S608 - names are quoted, values are parameters: see sql.py

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from curtilage.connectors.disposal.plain_days import NAME, PlainDays
from curtilage.connectors.disposal.sql import DAY_PATTERN, END_OF_DAYS, FIRST_DAY, Column, Dialect, Sql


class SqliteDialect(Dialect):
    """How SQLite writes conditions: a column holds whatever was put into it, so the type of each cell is asked."""

    mark = "?"
    most_values = 900
    none_safe = "IS"

    def quote(self, name: str) -> str:
        """Return an identifier for SQL, quoted."""
        return '"' + name.replace('"', '""') + '"'

    def day(self, column: Column, name: str) -> str:
        """Return the day of a cell that begins with an ISO 8601 day; NULL for any other cell."""
        day = f"substr({name}, 1, 10)"
        return (
            f"CASE WHEN {name} GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*' AND typeof({name}) = 'text' "
            f"AND substr({name}, 6, 2) BETWEEN '01' AND '12' AND substr({name}, 9, 2) > '00' "
            # The function knows the lengths of months; most days need not be asked.
            f"AND (substr({name}, 9, 2) <= '28' OR date({day}) = {day}) "
            f"AND (substr({name}, 9, 2) < '29' OR date({day}, '+0 days') = {day}) "
            f"AND {name} >= '{FIRST_DAY}' AND {name} < '{END_OF_DAYS}' "
            f"AND (length({name}) = 10 OR substr({name}, 11, 1) IN ('T', ' ')) THEN {day} END"
        )

    def whole_day(self, name: str) -> str:
        """Return what is true only for a text that is a day: the function gives it back only then."""
        return f"date({name}, '+0 days') = {name} COLLATE BINARY"

    def between_days(self, name: str, first: date, end: date) -> Sql:
        """Return the comparison letter by letter: days as text stand in the order of the calendar."""
        both = f"{name} < ? COLLATE BINARY AND {name} >= ? COLLATE BINARY"
        return Sql(both, (end.isoformat(), first.isoformat()))

    def gather_days(self, connection: Any) -> str:
        """Teach a connection to gather days; see ``plain_days``."""
        connection.create_aggregate(NAME, 1, PlainDays)
        return NAME

    def same_text(self, column: Column, name: str, value: str) -> Sql:
        """Return the comparison letter by letter, whatever collation the column has."""
        return Sql(f"{name} = ? COLLATE BINARY", (value,))

    def number(self, column: Column, name: str, operator: str, value: int) -> Sql:
        """Return the comparison with a number; a cell of text is no number."""
        return Sql(f"CASE WHEN typeof({name}) IN ('integer', 'real') THEN {name} {operator} ? END", (value,))


class PostgresDialect(Dialect):
    """How PostgreSQL writes conditions."""

    most_values = 100_000

    def day(self, column: Column, name: str) -> str:
        """Return the day of a text that begins with an ISO 8601 day; NULL for any other text."""
        return f"CASE WHEN {name} ~ '{DAY_PATTERN}' THEN left({name}, 10) END COLLATE \"C\""

    def same_text(self, column: Column, name: str, value: str) -> Sql:
        """Return the comparison letter by letter, whatever collation the column has."""
        if column.kind == "coded":
            return Sql(f'{name}::text = %s COLLATE "C"', (value,))
        return Sql(f'{name} = %s COLLATE "C"', (value,))

    def bound(self, column: Column, value: date) -> Sql:
        """Return a day as a value; one with a zone is midnight in UTC."""
        if column.type.startswith("timestamp with time zone"):
            return Sql("%s::timestamptz", (f"{value.isoformat()} 00:00:00+00",))
        return Sql("%s::date", (value,))

    def among(self, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Sql:
        """Return "the columns are one of ``rows``", each column as one array."""
        arrays = [f"%s::{column.type}[]" for column in columns]
        values = tuple([row[place] for row in rows] for place in range(len(names)))
        if len(names) == 1:
            return Sql(f"{names[0]} = ANY({arrays[0]})", values)
        return Sql(f"({', '.join(names)}) IN (SELECT * FROM unnest({', '.join(arrays)}))", values)


class MysqlDialect(Dialect):
    """How MariaDB and MySQL write conditions."""

    most_values = 10_000
    none_safe = "<=>"

    def quote(self, name: str) -> str:
        """Return an identifier for SQL, quoted."""
        return "`" + name.replace("`", "``").replace("%", "%%") + "`"

    def day(self, column: Column, name: str) -> str:
        """Return the day of a text that begins with an ISO 8601 day; NULL for any other text."""
        text = f"CONVERT({name} USING utf8mb4)"
        return f"CASE WHEN {text} REGEXP '{DAY_PATTERN}' THEN LEFT({text}, 10) COLLATE utf8mb4_bin END"

    def same_text(self, column: Column, name: str, value: str) -> Sql:
        """Return the comparison letter by letter; the plain one first, for it may use an index."""
        same = f"CAST(CONVERT({name} USING utf8mb4) AS BINARY) = CAST(CONVERT(%s USING utf8mb4) AS BINARY)"
        return Sql(f"{name} = %s AND {same}", (value, value))

    def after(self, names: Sequence[str], values: Sequence[Any], *, inclusive: bool = False) -> Sql:
        """Return "the key comes after ``values``" in pieces that the server can answer from an index."""
        return self._side(names, values, ">", inclusive=inclusive)

    def until(self, names: Sequence[str], values: Sequence[Any]) -> Sql:
        """Return "the key comes before ``values`` or is it"."""
        return self._side(names, values, "<", inclusive=True)

    def _side(self, names: Sequence[str], values: Sequence[Any], sign: str, *, inclusive: bool) -> Sql:
        last = f"{sign}=" if inclusive else sign
        if len(names) == 1:
            return Sql(f"{names[0]} {last} %s", (values[0],))
        rest = self._side(names[1:], values[1:], sign, inclusive=inclusive)
        first = Sql(f"({names[0]} {sign}= %s AND ({names[0]} {sign} %s OR ", (values[0], values[0]))
        return first + rest + "))"

    def among(self, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Sql:
        """Return "the columns are one of ``rows``"."""
        if len(names) == 1:
            return super().among(columns, names, rows)
        each = "(" + ", ".join([self.mark] * len(names)) + ")"
        values = tuple(value for row in rows for value in row)
        return Sql(f"({', '.join(names)}) IN ({', '.join([each] * len(rows))})", values)
