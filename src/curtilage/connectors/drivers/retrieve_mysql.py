"""MariaDB and MySQL: read some people's fields for a release, in a transaction that sees one moment and cannot write."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from curtilage.connectors.disposal.dialects import MysqlDialect
from curtilage.connectors.disposal.sql import Column, Kind, Sql
from curtilage.connectors.mysql import connect_with, explain
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.retrieval.sql import SqlRetriever, TableShape
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError

_KINDS: Final[Mapping[str, Kind]] = {
    "tinyint": "number", "smallint": "number", "mediumint": "number", "int": "number", "bigint": "number",
    "decimal": "number", "float": "number", "double": "number", "year": "number", "date": "day",
    "datetime": "moment", "timestamp": "moment", "char": "text", "varchar": "text", "tinytext": "text",
    "text": "text", "mediumtext": "text", "longtext": "text", "enum": "coded", "uuid": "coded",
}  # fmt: skip
_TABLE: Final = (
    "SELECT table_schema, table_name FROM information_schema.tables "
    "WHERE table_schema = coalesce(%s, database()) AND table_name = %s"
)
_COLUMNS: Final = (
    "SELECT column_name, data_type, column_type FROM information_schema.columns "
    "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position"
)
_RIGHTS: Final = frozenset({1142, 1143, 1044, 1370, 1356})


class MysqlRetriever(SqlRetriever):
    """One MariaDB or MySQL database."""

    dialect = MysqlDialect()

    def __init__(self, url: DatabaseUrl, *, system: str, seconds: float = 300.0) -> None:
        """Connect.

        Args:
            url: Where, and as whom; it names the database.
            system: Id of the system in the inventory.
            seconds: How long to wait for the server to send anything.

        Raises:
            NotInstalledError: PyMySQL is missing.
            SourceError: Nobody answers there, or the account is not let in.
        """
        super().__init__(url.source, system)
        self._pymysql = load_library("pymysql", extra="databases", source=url.source)
        self._streaming = load_library("pymysql.cursors", extra="databases", source=url.source).SSCursor
        try:
            self._connection = self._pymysql.connect(
                **connect_with(url),
                init_command="SET time_zone = '+00:00'",
                read_timeout=int(seconds),
                autocommit=True,
            )
            with self._connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        except (self._pymysql.Error, OSError) as error:
            raise explain(self.source, error) from None

    def close(self) -> None:
        """End the connection."""
        with suppress(self._pymysql.Error, OSError):
            self._connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that is asked within see one moment."""
        with self._explained(""), self._connection.cursor() as cursor:
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        try:
            yield
        finally:
            with suppress(self._pymysql.Error, OSError):  # nothing was written, so nothing can be lost
                self._connection.rollback()

    def _give(self, sql: Sql) -> Generator[tuple[Any, ...], None, None]:
        # Rows come as the server sends them: a million need no more memory here than a thousand.
        with self._connection.cursor(self._streaming) as cursor:
            cursor.execute(sql.text, sql.values)
            yield from cursor

    def _read_shape(self, table: str) -> TableShape | None:
        schema, _, name = table.rpartition(".")
        found = self._first(Sql(_TABLE, (schema or None, name)))
        if not found:
            return None
        rows = self._give(Sql(_COLUMNS, found))
        columns = {row[0]: Column(row[0], _KINDS.get(row[1].lower(), "other"), type=row[2]) for row in rows}
        return TableShape(f"{self.dialect.quote(found[0])}.{self.dialect.quote(found[1])}", columns)

    @contextmanager
    def _explained(self, table: str) -> Iterator[None]:
        try:
            yield
        except (self._pymysql.Error, OSError, EOFError) as error:
            # The server's own words may quote a row.
            raise self._explain(error, table) from None

    def _explain(self, error: BaseException, table: str) -> SourceError:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if number in _RIGHTS:
            step = f"Ask its administrator to run: GRANT SELECT ON {table} TO …."
            return NoRightsError(
                source=self.source, what=f"this account may not read {table}", next_step=step
            )
        if number and number < 2000:
            what = f"the server could not read {table} (error {number})"
            return NoAnswerError(source=self.source, what=what, next_step="Its log says why.")
        return explain(self.source, error if isinstance(error, Exception) else RuntimeError())
