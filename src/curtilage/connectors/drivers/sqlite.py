"""SQLite files: what they are made of, from the catalogue, without touching the file or beside it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

from curtilage.connectors.ports import NoAnswerError, TableEntry, UnreadableError
from curtilage.connectors.reading.sql.columns import Shape, Table, options_of, text_of
from curtilage.connectors.reading.sql.shape import declare
from curtilage.connectors.reading.sql.text import Statement
from curtilage.connectors.reading.text import join
from curtilage.connectors.sqlite import locate
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.place import Place

_TABLES: Final = """
    SELECT name, type, coalesce(sql, '') FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
    ORDER BY name
"""
_MOST_TOKENS: Final = 200_000


class SqliteDatabase:
    """One SQLite file, opened so that it cannot be written."""

    def __init__(self, url: DatabaseUrl, *, seconds: float = 30.0) -> None:
        """Open the file.

        Args:
            url: Its path is ``url.database``.
            seconds: Wall time for each question.

        Raises:
            NoAnswerError: There is no such file, or it is locked.
            NoRightsError: This account may not read it.
            UnreadableError: It is no SQLite file.
        """
        self.source, self._seconds = url.source, seconds
        self._connection = sqlite3.connect(locate(Path(url.database), self.source), uri=True, timeout=2.0)
        with ExitStack() as unfit:
            unfit.callback(self.close)
            self._ask("PRAGMA query_only = ON")
            # Views of a stranger's file may not run functions with side effects.
            self._ask("PRAGMA trusted_schema = OFF")
            self._ask("SELECT count(*) FROM sqlite_schema")
            unfit.pop_all()

    def list_tables(self) -> tuple[TableEntry, ...]:
        """Return the tables and views by name; see the port."""
        rows = self._list_counts()
        return tuple(TableEntry(name, kind, rows.get(name)) for name, kind, _ in self._ask(_TABLES))

    def shape(self) -> Iterator[Place]:
        """Give the columns of all tables and views; see the port."""
        for name, kind, sql in self._ask(_TABLES):
            declared = _declared(sql)
            for column in self._list_columns(name):
                yield self._place(name, kind, declared, column)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(self, query: str, *values: str) -> list[Any]:
        deadline = time.monotonic() + self._seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
        try:
            with closing(self._connection.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.OperationalError as error:
            raise NoAnswerError(
                source=self.source,
                what="SQLite cannot open it now, or took too long",
                next_step="Close the program that holds it, or scan a copy of it with its -wal file.",
            ) from error
        except sqlite3.DatabaseError as error:
            raise UnreadableError(source=self.source, what="SQLite finds it damaged") from error

    def _list_columns(self, table: str) -> list[Any]:
        try:
            return self._ask('SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', table)
        except NoAnswerError:
            return []  # a view on a table that is gone, or of a module that is not loaded

    def _list_counts(self) -> dict[str, int]:
        try:
            found = self._ask("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
        except NoAnswerError:
            return {}  # never analysed
        return {table: count for table, count in found if isinstance(count, int)}

    def _place(self, table: str, kind: str, declared: tuple[Shape, Table | None], row: Any) -> Place:
        name, type_, required, key, hidden = row
        shape, found = declared
        column = found.columns.get(name.lower()) if found else None
        told = {"required": required or key, "hidden": hidden == 1, "computed": hidden in {2, 3}}
        told["view"] = kind == "view"
        return Place(
            source=self.source,
            locator=f"{table}.{name}",
            kind="column",
            name=f"{table}.{name}",
            text=text_of(column) if column else "",
            options=options_of(column, shape) if column else (),
            context=join(*found.said)[:500] if found else "",
            type=str(type_ or ""),
            facts=tuple(sorted(fact for fact, holds in told.items() if holds)),
        )


def _declared(sql: str) -> tuple[Shape, Table | None]:
    """Return what the table's own CREATE statement says: SQLite keeps it with its comments."""
    shape = Shape()
    declare(shape, Statement(sql, 1, "", escapes=False), most=_MOST_TOKENS)
    return shape, next(iter(shape.tables.values()), None)
