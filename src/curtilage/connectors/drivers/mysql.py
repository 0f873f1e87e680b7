"""MariaDB and MySQL: what a database is made of, in a transaction that cannot write.

Their catalogue shows an account only the tables that it holds some right on. One that shows nothing
at all is an account without rights, and is said so: an empty answer must not look like an empty city.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from curtilage.connectors.mysql import MADE, connect_with, explain
from curtilage.connectors.ports import NoRightsError, TableEntry
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.sql.checks import answers_of
from curtilage.connectors.reading.text import join, shorten
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import Place

_TABLES: Final = f"""
    SELECT t.table_schema, t.table_name, t.table_type, coalesce(t.engine, ''), t.table_rows
    FROM information_schema.tables t WHERE {MADE} ORDER BY t.table_schema, t.table_name
"""  # noqa: S608 - put together from constants
_COLUMNS: Final = f"""
    SELECT t.table_schema, t.table_name, t.table_type, coalesce(t.engine, ''), t.table_comment,
           c.column_name, c.column_type, c.is_nullable, c.extra, c.column_comment
    FROM information_schema.tables t
    JOIN information_schema.columns c USING (table_schema, table_name)
    WHERE {MADE} ORDER BY t.table_schema, t.table_name, c.ordinal_position
"""  # noqa: S608 - put together from constants
_CHECKS: Final = {
    "mariadb": """
        SELECT k.constraint_schema, k.table_name, k.check_clause FROM information_schema.check_constraints k
        WHERE %(database)s = '' OR k.constraint_schema = %(database)s
    """,
    "mysql": """
        SELECT k.constraint_schema, u.table_name, k.check_clause FROM information_schema.check_constraints k
        JOIN information_schema.table_constraints u USING (constraint_schema, constraint_name)
        WHERE %(database)s = '' OR k.constraint_schema = %(database)s
    """,
}
_ELSEWHERE: Final = frozenset({"FEDERATED", "CONNECT", "SPIDER"})


class MysqlDatabase:
    """One database of a MariaDB or MySQL server, or all that the account sees where none is named."""

    def __init__(self, url: DatabaseUrl, *, seconds: float = 30.0) -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            seconds: Wall time for each question; the server stops a longer one.

        Raises:
            NotInstalledError: PyMySQL is missing.
            NoAnswerError: Nobody answers there.
            SignInRefusedError: The server does not let this account in.
            NoRightsError: The account has no right on that database.
        """
        self.source, self._database = url.source, url.database
        self._pymysql = load_library("pymysql", extra="databases", source=url.source)
        try:
            # PyMySQL leaves a socket open where it finds none to talk to.
            Path(url.options.get("unix_socket", "/")).stat()
            self._connection = self._pymysql.connect(**connect_with(url), read_timeout=int(seconds) + 10)
            self._server = "mariadb" if "mariadb" in self._connection.get_server_info().lower() else "mysql"
            for order in _orders(self._server, seconds):
                self._connection.cursor().execute(order)
        except (self._pymysql.Error, OSError) as error:
            raise explain(self.source, error) from error

    def list_tables(self) -> tuple[TableEntry, ...]:
        """Return the tables and views by name; see the port."""
        found = self._ask(_TABLES)
        if not found:
            self._refuse_blindness()
        return tuple(
            TableEntry(self._qualified(schema, table), _kind(type_, engine), rows)
            for schema, table, type_, engine, rows in found
        )

    def shape(self) -> Iterator[Place]:
        """Give the columns of all tables and views; see the port."""
        rows = self._ask(_COLUMNS)
        if not rows:
            self._refuse_blindness()
        checks = self._list_checks()
        for row in rows:
            yield self._place(row, checks.get((row[0], row[1]), []))

    def close(self) -> None:
        """End the connection."""
        if self._connection.open:
            self._connection.close()

    def _ask(self, query: str) -> list[Any]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query, {"database": self._database})
                return list(cursor.fetchall())
        except (self._pymysql.Error, OSError) as error:
            raise explain(self.source, error) from error

    def _refuse_blindness(self) -> None:
        """Stop where the account sees no table because it holds no right, not because there is none."""
        grants = [str(row[0]) for row in self._ask("SHOW GRANTS")]
        if all(grant.upper().startswith("GRANT USAGE ON") for grant in grants):
            raise NoRightsError(
                source=self.source,
                what="this account has no right on any table, so it is shown none",
                next_step="Ask its administrator to run: GRANT REFERENCES ON … TO ….",
            )

    def _list_checks(self) -> dict[tuple[str, str], list[str]]:
        checks: dict[tuple[str, str], list[str]] = {}
        try:
            found = self._ask(_CHECKS[self._server])
        except SourceError:
            return checks  # servers before MySQL 8.0.16 and MariaDB 10.2 know no checks
        for schema, table, clause in found:
            checks.setdefault((schema, table), []).append(str(clause))
        return checks

    def _qualified(self, schema: str, table: str) -> str:
        return table if schema == self._database else f"{schema}.{table}"

    def _place(self, row: Any, checks: list[str]) -> Place:
        schema, table, kind, engine, table_comment, column, type_, nullable, extra, comment = row
        name = f"{self._qualified(schema, table)}.{column}"
        extra = str(extra).upper()
        told = {"required": nullable == "NO", "hidden": "INVISIBLE" in extra}
        told |= {"view": kind == "VIEW", "foreign": engine.upper() in _ELSEWHERE}
        told["computed"] = "GENERATED" in extra.replace("DEFAULT_GENERATED", "") or "PERSISTENT" in extra
        own = [check for check in checks if f"`{column}`" in check and check.count("`") == 2]
        listed = (answer for check in own for answer in answers_of(f"CHECK ({check})"))
        return Place(
            source=self.source,
            locator=name,
            kind="column",
            name=name,
            text=join(comment),
            options=shorten([*answers_of(str(type_)), *listed]),
            context="" if kind == "VIEW" else join(table_comment)[:500],
            type=str(type_)[:120],
            facts=tuple(sorted(fact for fact, holds in told.items() if holds)),
        )


def _orders(server: str, seconds: float) -> tuple[str, ...]:
    longest = (
        f"max_statement_time = {seconds:.0f}"
        if server == "mariadb"
        else f"max_execution_time = {seconds * 1000:.0f}"
    )
    return (
        f"SET SESSION {longest}, lock_wait_timeout = 2, innodb_lock_wait_timeout = 2",
        "SET SESSION TRANSACTION READ ONLY",
        "START TRANSACTION READ ONLY",
    )


def _kind(type_: str, engine: str) -> str:
    if type_ == "VIEW":
        return "view"
    return "foreign" if engine.upper() in _ELSEWHERE else "table"
