"""What of a MariaDB or MySQL database can be read as text: tables, columns, and the SELECTs for them.

* Names go into SQL between backquotes, and no value ever does.
* Every column comes as text or as bytes: what is neither is cast on the server.
* Old rows of a table with system versioning are rows that the city holds: they are read, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.content.isodays import ISO_DAY
from curtilage.connectors.content.ports import Table, TextColumn
from curtilage.connectors.mysql import MADE
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.foundation.errors import SourceError

TABLES: Final = f"""
    SELECT t.table_schema, t.table_name, t.table_type, coalesce(t.engine, ''), coalesce(t.table_rows, 0),
           coalesce(t.data_length, 0), cast(t.create_time AS char), cast(t.update_time AS char),
           coalesce(t.update_time < now() - INTERVAL 2 SECOND, 0)
    FROM information_schema.tables t WHERE {MADE} ORDER BY t.table_schema, t.table_name
"""  # noqa: S608 - put together from constants
COLUMNS: Final = f"""
    SELECT t.table_schema, t.table_name, c.column_name, c.column_type, c.data_type,
           coalesce(c.character_maximum_length, 0), c.privileges
    FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
    WHERE {MADE} ORDER BY t.table_schema, t.table_name, c.ordinal_position
"""  # noqa: S608 - put together from constants
#: The first column of each primary key.
KEYS: Final = f"""
    SELECT t.table_schema, t.table_name, s.column_name
    FROM information_schema.tables t JOIN information_schema.statistics s USING (table_schema, table_name)
    WHERE {MADE} AND s.index_name = 'PRIMARY' AND s.seq_in_index = 1
"""  # noqa: S608 - put together from constants
VIEWS: Final = f"""
    SELECT t.table_schema, t.table_name, coalesce(v.view_definition, '')
    FROM information_schema.tables t JOIN information_schema.views v USING (table_schema, table_name)
    WHERE {MADE}
"""  # noqa: S608 - put together from constants
_NUMBERS: Final = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
_DATES: Final = frozenset({"date", "datetime", "timestamp"})
_TEXTS: Final = frozenset(
    {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set", "json"}
)
_BYTES: Final = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
_SHAPES: Final = frozenset(
    "geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection".split()
)
#: A table in the definition of a view, as the server writes it back.
_BENEATH: Final = re.compile(r"(?:from|join|,)\s*\(*\s*`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`", re.IGNORECASE)
#: In a view these may show what no column of its tables shows.
_OPENING: Final = re.compile(
    r"aes_decrypt|des_decrypt|decode|uncompress|unhex|from_base64|json_table", re.IGNORECASE
)
#: What two pieces of one cell share, so that nothing that is looked for can lie across their border.
OVERLAP: Final = 1_024


#: Client-side numbers of a connection that is gone.
_LOST: Final = frozenset({0, 2006, 2013})
#: The server's number; what is said, what to do.
_FAILURES: Final = {
    1054: (NoAnswerError, "a column of {what} is not there any more", "Run it again: it takes the columns that are there then."),
    1142: (NoRightsError, "this account may not read {what}", "Ask its administrator to run: GRANT SELECT ON {what} TO …."),
    1143: (NoRightsError, "this account may not read a column of {what}", "Ask its administrator to run: GRANT SELECT ON {what} TO …."),
    1146: (NoAnswerError, "{what} is not there any more", "Run it again: it takes the tables that are there then."),
    1205: (NoAnswerError, "{what} is locked by somebody who changes it", "Try again later."),
    1317: (NoAnswerError, "reading {what} was ended on the server", "Try again."),
    1356: (NoRightsError, "what the view {what} shows is gone, or may not be read by its owner", "Ask who made it."),
    1412: (NoAnswerError, "{what} was rebuilt while it was read", "Run it again."),
    1969: (NoAnswerError, "reading {what} took longer than it may", "Try again when it is less busy, or raise the limit of seconds."),
    3024: (NoAnswerError, "reading {what} took longer than it may", "Try again when it is less busy, or raise the limit of seconds."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and how it is asked for.

    Attributes:
        name: As the server has it.
        type: As the server writes it.
        kind: The same without length and signs.
        longest: Characters or bytes that it can hold; 0 where that does not apply.
        readable: The account may read it.
    """

    name: str
    type: str
    kind: str
    longest: int
    readable: bool

    @property
    def textual(self) -> bool:
        """Tell whether it can hold any text."""
        return self.kind in _TEXTS or self.kind in _BYTES

    @property
    def is_text(self) -> bool:
        """Tell whether it comes as text; bytes come as they are."""
        return self.kind not in _BYTES

    @property
    def is_number(self) -> bool:
        """Tell whether ranges of it can be asked for."""
        return self.kind in _NUMBERS

    @property
    def value(self) -> str:
        """Return the expression that gives it as text or bytes."""
        name = quote(self.name)
        if self.kind in _SHAPES:
            return f"ST_AsText({name})"
        if self.kind == "bit":
            return f"CAST({name} + 0 AS CHAR)"
        return name if self.textual and self.kind != "json" else f"CAST({name} AS CHAR)"


@dataclass(frozen=True, slots=True)
class Stored:
    """A table or a view.

    Attributes:
        schema: The database that it lies in.
        name: As the server has it.
        shown: As places give it: with its database in front where none is named in the address.
        kind: ``BASE TABLE``, ``VIEW`` or ``SYSTEM VERSIONED``.
        rows: As the server estimates.
        size: Bytes.
        version: Changes whenever a row may have changed; empty where the server does not tell.
        key: A whole number that begins the primary key; empty where there is none.
        columns: In their order.
    """

    schema: str
    name: str
    shown: str
    kind: str
    rows: int
    size: int
    version: str
    key: str
    columns: tuple[Column, ...]

    @property
    def sql(self) -> str:
        """Return it for FROM."""
        named = f"{quote(self.schema)}.{quote(self.name)}"
        return f"{named} FOR SYSTEM_TIME ALL" if self.kind == "SYSTEM VERSIONED" else named

    @property
    def readable(self) -> tuple[Column, ...]:
        """Return the columns that the account may read."""
        return tuple(column for column in self.columns if column.readable)

    def table(self) -> Table:
        """Return it as readers of content know it."""
        names = [(column, f"{self.shown}.{column.name}") for column in self.readable]
        columns = tuple(TextColumn(name, column.type, column.textual, name) for column, name in names)
        return Table(self.shown, columns, self.rows, self.size)


def quote(name: str) -> str:
    """Return an identifier for SQL, quoted.

    >>> quote("case`notes")
    '`case``notes`'
    """
    return "`" + name.replace("`", "``") + "`"


def explain_reading(source: str, what: str, error: BaseException) -> SourceError:
    """Return the error to raise ``from None``; the server's own words may quote a cell, so they are dropped."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if number in _FAILURES:
        kind, happened, next_step = _FAILURES[number]
        return kind(source=source, what=happened.format(what=what), next_step=next_step.format(what=what))
    if isinstance(error, OSError | EOFError) or number in _LOST:
        said, next_step = (
            f"the connection was lost while reading {what}",
            "Check that the server runs, then try again.",
        )
    else:
        said = f"the server could not compute {what} to its end (error {number})"
        next_step = "Its log says why; what it says is not repeated here, because it may quote a cell."
    return NoAnswerError(source=source, what=said, next_step=next_step)


def beneath(definition: str) -> set[tuple[str, str]] | None:
    """Return the tables that a view shows, as database and name; None where it may show other things as well.

    >>> beneath("select `t`.`a` AS `a` from `city`.`people` `t`")
    {('city', 'people')}
    """
    found = {
        (schema.replace("``", "`"), name.replace("``", "`")) for schema, name in _BENEATH.findall(definition)
    }
    return None if _OPENING.search(definition) or not found else found


def longest_cell(row_bytes: int, columns: Sequence[Column], packet_bytes: int) -> int:
    """Return after how many characters a cell is cut so that a row stays within both bounds."""
    return max(65_536, min(row_bytes, packet_bytes // 2) // 4 // max(1, len(columns)))


def select(stored: Stored, columns: Sequence[Column], *, cut: int, where: str = "") -> str:
    """Return the question for the cells of ``columns``, each cut after ``cut`` characters."""
    cells = ", ".join(f"{_cut(column, cut)} AS c{number}" for number, column in enumerate(columns))
    return f"SELECT {cells} FROM {stored.sql} {where and 'WHERE ' + where}"  # noqa: S608 - quoted names, numbers


def select_piece(stored: Stored, column: Column, *, cut: int, number: int, where: str = "") -> str:
    """Return the question for the ``number``-th piece of what :func:`select` cut off; pieces overlap."""
    start = number * (cut - OVERLAP)
    longer = f"CHAR_LENGTH({column.value}) > {start + OVERLAP}"
    piece = f"SUBSTRING({column.value}, {start + 1}, {cut})"
    return f"SELECT {piece} AS c0 FROM {stored.sql} WHERE {longer} {where and 'AND ' + where}"  # noqa: S608 - quoted names, numbers


def select_spread(
    stored: Stored, columns: Sequence[Column], *, cut: int, starts: Sequence[int], each: int
) -> str:
    """Return the question for a few rows behind each of some keys; without keys for the first ``each`` rows."""
    if not starts:
        return f"{select(stored, columns, cut=cut)} LIMIT {each}"
    key = quote(stored.key)
    asked = (
        f"({select(stored, columns, cut=cut, where=f'{key} >= {start}')} ORDER BY {key} LIMIT {each})"
        for start in starts
    )
    return " UNION ALL ".join(asked)


def extremes_query(stored: Stored, column: Column) -> str:
    """Return the question for the oldest and the newest moment; empty for a column that holds none."""
    name = quote(column.name)
    if column.kind in _DATES:
        ends, within = f"CAST(MIN({name}) AS CHAR), CAST(MAX({name}) AS CHAR)", f"{name} >= '1000-01-01'"
    elif column.kind in _TEXTS:
        ends, within = f"MIN(LEFT({name}, 10)), MAX(LEFT({name}, 10))", f"{name} REGEXP '{ISO_DAY}'"
    else:
        return ""
    return f"SELECT {ends} FROM {stored.sql} WHERE {within}"  # noqa: S608 - quoted names and patterns


def _cut(column: Column, cut: int) -> str:
    if column.kind != "json" and column.longest <= cut:
        return column.value
    return f"IF(LENGTH({column.value}) > {cut}, LEFT({column.value}, {cut}), {column.value})"
