"""What of a SQLite file can be read as text: tables, columns, and the SELECTs for them.

A column of SQLite holds whatever was put into it, so every cell is cast to text by SQLite itself.
Bytes come as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.content.ports import Table, TextColumn

#: Tables and virtual tables, with: has no row numbers, is virtual. Views show only what tables hold.
TABLES: Final = """
    SELECT s.name, coalesce(l.wr, 0), coalesce(l.type = 'virtual', 0)
    FROM sqlite_schema s LEFT JOIN pragma_table_list l ON l.name = s.name AND l.schema = 'main'
    WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND coalesce(l.type, '') <> 'shadow'
    ORDER BY s.name
"""
#: Columns but for those that a virtual table takes questions by.
COLUMNS: Final = "SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1"
ROWS: Final = "SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"
_WHOLE: Final = re.compile(r"INT", re.IGNORECASE)
_TEXT: Final = re.compile(r"CHAR|CLOB|TEXT|BLOB", re.IGNORECASE)
#: What a declared type says that holds no text; SQLite itself knows only the first three.
_TYPED: Final = re.compile(r"REAL|FLOA|DOUBLE|NUM|DEC|BOOL|DATE|TIME|MONEY|\bBIT\b|YEAR", re.IGNORECASE)
_ISO: Final = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]*"  # GLOB: SQLite has no regular expressions
#: What two pieces of one cell share, so that nothing that is looked for can lie across their border.
OVERLAP: Final = 1_024


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: As in the file.
        type: As declared; may be empty.
    """

    name: str
    type: str

    @property
    def textual(self) -> bool:
        """Tell whether it is meant to hold any text: by SQLite's own rules of affinity, in their order."""
        if _WHOLE.search(self.type):
            return False
        return bool(_TEXT.search(self.type)) or not _TYPED.search(self.type)


@dataclass(frozen=True, slots=True)
class Stored:
    """One table.

    Attributes:
        name: As in the file.
        is_virtual: A module computes it.
        row: Name under which its rows are numbered, quoted; empty where they are not.
        columns: In their order.
        rows: Estimated.
        size: Bytes, estimated.
    """

    name: str
    is_virtual: bool
    row: str
    columns: tuple[Column, ...]
    rows: int = 0
    size: int = 0

    @property
    def textual(self) -> tuple[Column, ...]:
        """Return the columns that are meant to hold any text."""
        return tuple(column for column in self.columns if column.textual)

    def table(self) -> Table:
        """Return it as readers of content know it."""
        columns = tuple(
            TextColumn(
                f"{self.name}.{column.name}", column.type, column.textual, f"{self.name}.{column.name}"
            )
            for column in self.columns
        )
        return Table(self.name, columns, self.rows, self.size)


def quote(name: str) -> str:
    """Return an identifier for SQL, quoted.

    >>> quote("case.notes")
    '"case.notes"'
    """
    return '"' + name.replace('"', '""') + '"'


def row_name(columns: Sequence[Column]) -> str:
    """Return a name for the number of a row that no column bears; empty where all are taken."""
    taken = {column.name.lower() for column in columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), "")


def select(stored: Stored, columns: Sequence[Column], *, cut: int, where: str = "", last: str = "") -> str:
    """Return the question for the cells of ``columns``, each cut after ``cut`` characters."""
    cells = ", ".join(
        f"{_cut(quote(column.name), cut)} AS c{number}" for number, column in enumerate(columns)
    )
    return f"SELECT {cells} FROM {quote(stored.name)} {where and 'WHERE ' + where} {last}"  # noqa: S608 - quoted names, numbers


def select_piece(stored: Stored, column: Column, *, cut: int, number: int, where: str = "") -> str:
    """Return the question for the ``number``-th piece of what :func:`select` cut off; pieces overlap."""
    start = number * (cut - OVERLAP)
    text = f"CAST({quote(column.name)} AS TEXT)"
    longer = f"length({text}) > {start + OVERLAP}"
    return f"SELECT substr({text}, {start + 1}, {cut}) AS c0 FROM {quote(stored.name)} WHERE {longer} {where and 'AND ' + where}"  # noqa: S608 - quoted names, numbers


def select_spread(
    stored: Stored, columns: Sequence[Column], *, cut: int, starts: Sequence[int], each: int
) -> str:
    """Return the question for a few rows behind each of some row numbers; without them for the first rows."""
    if not starts:
        return select(stored, columns, cut=cut, last=f"LIMIT {each}")
    asked = (
        select(
            stored,
            columns,
            cut=cut,
            where=f"{stored.row} >= {start}",
            last=f"ORDER BY {stored.row} LIMIT {each}",
        )
        for start in starts
    )
    return " UNION ALL ".join(f"SELECT * FROM ({query})" for query in asked)  # noqa: S608 - as above


def with_types(query: str, count: int) -> str:
    """Return ``query`` with a row of empty texts in front: ADBC takes the types of columns from the first rows."""
    texts = ", ".join(f"'' AS c{number}" for number in range(count))
    return f"SELECT {texts} UNION ALL SELECT * FROM ({query})"  # noqa: S608 - as above


def extremes_query(stored: Stored, column: Column) -> str:
    """Return the question for the oldest and the newest ISO 8601 day in a column, 1800 to 2199."""
    name = quote(column.name)
    day = f"substr({name}, 1, 10)"  # an expression, so that a column of "dates" is not compared as a number
    within = f"typeof({name}) = 'text' AND {day} GLOB '{_ISO}' AND {day} BETWEEN '1800' AND '2200'"
    return f"SELECT min({day}), max({day}) FROM {quote(stored.name)} WHERE {within}"  # noqa: S608 - as above


def _cut(name: str, cut: int) -> str:
    # Casting to bytes and asking for their number is cheap; counting characters is not.
    text = f"CAST({name} AS TEXT)"
    return f"CASE WHEN length(CAST({name} AS BLOB)) > {cut} THEN substr({text}, 1, {cut}) ELSE {text} END"
