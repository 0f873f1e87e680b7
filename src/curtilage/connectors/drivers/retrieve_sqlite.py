"""SQLite: read some people's fields for a release. The file is opened so that nothing in or beside it is written.

A file that was left in WAL mode with nobody at it is read without locks, so whoever begins to write it meanwhile
would not be noticed by SQLite: it is noticed here, and nothing of what was read is used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from curtilage.connectors.disposal.dialects import SqliteDialect
from curtilage.connectors.disposal.sql import Column, Sql
from curtilage.connectors.ports import NoAnswerError, UnreadableError
from curtilage.connectors.retrieval.ports import MovingSourceError
from curtilage.connectors.retrieval.sql import SqlRetriever, TableShape
from curtilage.connectors.sqlite import locate
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError


class SqliteRetriever(SqlRetriever):
    """One SQLite file."""

    dialect = SqliteDialect()

    def __init__(self, url: DatabaseUrl, *, system: str, seconds: float = 30.0) -> None:
        """Open the file, which must be there.

        Args:
            url: Its path is ``url.database``.
            system: Id of the system in the inventory.
            seconds: How long to wait for a lock.

        Raises:
            NoAnswerError: There is no such file.
            NoRightsError: This account may not read it.
            UnreadableError: It is no SQLite file.
        """
        super().__init__(url.source, system)
        self._path = Path(url.database)
        where = locate(self._path, url.source)
        self._is_idle = "immutable=1" in where
        self._connection = sqlite3.connect(where, uri=True, timeout=seconds, isolation_level=None)
        # A text that is no UTF-8 goes on byte by byte as it is.
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        with self._explained(""):
            for setting in ("query_only = ON", "temp_store = MEMORY", "cell_size_check = ON"):
                self._connection.execute(f"PRAGMA {setting}").fetchall()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that is asked within see one moment."""
        before = self._state()
        with self._explained(""):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):  # nothing was written, so nothing can be lost
                self._connection.execute("ROLLBACK")
        if self._is_idle and self._state() != before:
            raise MovingSourceError(system=self.system)

    def _state(self) -> tuple[int, int, int, bool]:
        found = self._path.stat()
        wal = self._path.with_name(f"{self._path.name}-wal")
        return found.st_ino, found.st_mtime_ns, found.st_size, wal.exists() and wal.stat().st_size > 0

    def _give(self, sql: Sql) -> Generator[tuple[Any, ...], None, None]:
        with closing(self._connection.execute(sql.text, sql.values)) as cursor:
            yield from cursor

    def _read_shape(self, table: str) -> TableShape | None:
        query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND lower(name) = lower(?)"
        found = self._first(Sql(query, (table,)))
        if not found:
            return None
        rows = self._give(Sql("SELECT name, type, hidden FROM pragma_table_xinfo(?)", (found[0],)))
        columns = {name: Column(name, "any", type=kind or "") for name, kind, hidden in rows if hidden != 1}
        return TableShape(self.dialect.quote(found[0]), columns)

    @contextmanager
    def _explained(self, table: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            # The library's own words may quote a cell.
            raise self._explain(error, table) from None

    def _explain(self, error: sqlite3.Error, table: str) -> SourceError:
        code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return UnreadableError(source=self.source, what="SQLite finds it damaged")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            what, step = "another program keeps it locked", "Try again in a moment."
        else:
            what, step = f"SQLite could not read {table or 'it'}", "Check the table."
        return NoAnswerError(source=self.source, what=what, next_step=step)
