"""PostgreSQL: read some people's fields for a release, in a transaction that sees one moment and cannot write.

Where a policy of the server would hide rows from this account, it is an error and no silent gap
(``row_security = off``): what is missing would otherwise be taken for "we hold no such record".
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from curtilage.connectors.disposal.dialects import PostgresDialect
from curtilage.connectors.disposal.sql import Column, Kind, Sql
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.connectors.postgresql import connect_with, explain
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.retrieval.sql import SqlRetriever, TableShape
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError

_KINDS: Final[Mapping[str, Kind]] = {
    "int2": "number", "int4": "number", "int8": "number", "numeric": "number", "float4": "number", "float8": "number",
    "text": "text", "varchar": "text", "bpchar": "text", "name": "text", "date": "day", "timestamp": "moment",
    "timestamptz": "moment", "bool": "boolean", "uuid": "coded",
}  # fmt: skip
_TABLE: Final = """
    SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = %s AND c.relname = %s
"""
_COLUMNS: Final = """
    SELECT a.attname, b.typname, b.typtype::text, format_type(a.atttypid, NULL)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


class PostgresRetriever(SqlRetriever):
    """One PostgreSQL database."""

    dialect = PostgresDialect()

    def __init__(self, url: DatabaseUrl, *, system: str, seconds: float = 300.0) -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            system: Id of the system in the inventory.
            seconds: Wall time for each question.

        Raises:
            NotInstalledError: psycopg is missing.
            SourceError: Nobody answers there, or the account is not let in.
        """
        super().__init__(url.source, system)
        self._psycopg = load_library("psycopg", extra="databases", source=url.source)
        options = f"-c statement_timeout={int(seconds * 1000)} -c row_security=off -c timezone=UTC"
        try:
            self._connection = self._psycopg.connect(
                **{**connect_with(url), "options": options},
                connect_timeout=10,
                application_name="curtilage",
                prepare_threshold=None,
            )
            self._connection.isolation_level = self._psycopg.IsolationLevel.REPEATABLE_READ
            self._connection.read_only = True
        except self._psycopg.Error as error:
            raise explain(self.source, error) from None

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that is asked within see one moment."""
        try:
            yield
        finally:
            with suppress(self._psycopg.Error):  # nothing was written, so nothing can be lost
                self._connection.rollback()

    def _give(self, sql: Sql) -> Generator[tuple[Any, ...], None, None]:
        # A cursor of the server: a million rows need no more memory here than a thousand.
        with self._connection.cursor(name="curtilage") as cursor:
            cursor.itersize = 2_000
            cursor.execute(sql.text, sql.values)
            yield from cursor

    def _selected(self, column: Column) -> str:
        return f"{self.dialect.quote(column.name)}::text"

    def _read_shape(self, table: str) -> TableShape | None:
        schema, _, name = table.rpartition(".")
        found = self._first(Sql(_TABLE, (schema or "public", name)))
        if not found:
            return None
        oid, schema, name = found
        columns = {
            column: Column(column, "coded" if is_enum == "e" else _KINDS.get(kind, "other"), type=written)
            for column, kind, is_enum, written in self._give(Sql(_COLUMNS, (oid,)))
        }
        return TableShape(f"{self.dialect.quote(schema)}.{self.dialect.quote(name)}", columns)

    @contextmanager
    def _explained(self, table: str) -> Iterator[None]:
        try:
            yield
        except self._psycopg.Error as error:
            # The server's own words may quote a row.
            raise self._explain(error, table) from None

    def _explain(self, error: Any, table: str) -> SourceError:
        state = str(getattr(error, "sqlstate", None) or "")
        if state == "42501":
            what = f"this account may not read all rows of {table}"
            step = f"Ask its administrator for GRANT SELECT ON {table}, and for an account that no row policy limits."
            return NoRightsError(source=self.source, what=what, next_step=step)
        if state and not state.startswith(("08", "57")):
            what = f"the server could not read {table} (state {state})"
            return NoAnswerError(source=self.source, what=what, next_step="Its log says why.")
        return explain(self.source, error)
