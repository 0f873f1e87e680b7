"""PostgreSQL: what a database is made of, from its catalogue, in a transaction that cannot write.

The catalogue may be read by every account that may connect, so the account needs no right on any
table: grant it CONNECT and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from curtilage.connectors.ports import TableEntry
from curtilage.connectors.postgresql import MADE, connect_with, explain, qualified
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.sql.checks import answers_of
from curtilage.connectors.reading.text import join, shorten
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.place import Place

_TABLES: Final = f"""
    SELECT n.nspname, c.relname, c.relkind::text,
           CASE WHEN c.relkind = 'p'
                THEN (SELECT sum(greatest(p.reltuples, 0)) FROM pg_partition_tree(c.oid) t
                      JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf)
                ELSE nullif(c.reltuples, -1) END::bigint
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {MADE} ORDER BY n.nspname, c.relname
"""  # noqa: S608 - put together from constants
_COLUMNS: Final = f"""
    SELECT n.nspname, c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod),
           a.attnotnull, a.attgenerated <> '', coalesce(col_description(c.oid, a.attnum), ''),
           coalesce(obj_description(c.oid, 'pg_class'), ''),
           ARRAY(SELECT e.enumlabel::text FROM pg_enum e
                 WHERE e.enumtypid IN (t.oid, t.typelem, t.typbasetype) ORDER BY e.enumsortorder),
           ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
                 WHERE k.contype = 'c' AND ((k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum])
                                            OR (k.contypid = t.oid AND t.typtype = 'd'))),
           EXISTS (SELECT FROM pg_seclabel s WHERE s.classoid = 'pg_class'::regclass
                   AND s.objoid = c.oid AND s.objsubid = a.attnum AND s.label LIKE 'MASKED%')
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE {MADE} ORDER BY n.nspname, c.relname, a.attnum
"""  # noqa: S608 - put together from constants
#: Set within each transaction, so that they hold behind a pool of connections too.
_LIMITS: Final = """
    SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', '2000', true),
           set_config('search_path', 'pg_catalog', true)
"""
_KINDS: Final = {"r": "table", "p": "table", "v": "view", "m": "view", "f": "foreign"}


class PostgresDatabase:
    """One PostgreSQL database."""

    def __init__(self, url: DatabaseUrl, *, seconds: float = 30.0) -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            seconds: Wall time for each question; the server stops a longer one.

        Raises:
            NotInstalledError: psycopg is missing.
            NoAnswerError: Nobody answers there.
            SignInRefusedError: The server does not let this account in.
            NoRightsError: The account may not connect to that database.
        """
        self.source = url.source
        self._psycopg = load_library("psycopg", extra="databases", source=url.source)
        self._milliseconds = str(int(seconds * 1000))
        try:
            self._connection = self._psycopg.connect(
                **connect_with(url),
                connect_timeout=10,
                application_name="curtilage",
                prepare_threshold=None,
            )
            self._connection.read_only = True
            self._connection.isolation_level = self._psycopg.IsolationLevel.REPEATABLE_READ
        except self._psycopg.Error as error:
            raise explain(self.source, error) from error

    def list_tables(self) -> tuple[TableEntry, ...]:
        """Return the tables and views by name; see the port."""
        return tuple(
            TableEntry(qualified(schema, table), _KINDS[kind], rows)
            for schema, table, kind, rows in self._ask(_TABLES)
        )

    def shape(self) -> Iterator[Place]:
        """Give the columns of all tables and views; see the port."""
        for row in self._ask(_COLUMNS):
            yield self._place(row)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(self, query: str) -> Iterator[Any]:
        """Give the rows of one question about the catalogue, a few at a time."""
        try:
            with self._connection.transaction(), self._connection.cursor(name="curtilage") as cursor:
                self._connection.execute(_LIMITS, [self._milliseconds])
                cursor.itersize = 2000
                yield from cursor.execute(query)
        except self._psycopg.Error as error:
            raise explain(self.source, error) from error

    def _place(self, row: Any) -> Place:
        schema, table, kind, column, type_, required, computed = row[:7]
        comment, table_comment, labels, checks, masked = row[7:]
        name = f"{qualified(schema, table)}.{column}"
        told = {"required": required, "computed": computed, "masked": masked}
        told |= {"view": kind in "vm", "foreign": kind == "f"}
        return Place(
            source=self.source,
            locator=name,
            kind="column",
            name=name,
            text=join(comment),
            options=shorten([*labels, *(answer for check in checks for answer in answers_of(check))]),
            context=join(table_comment)[:500],
            type=type_,
            facts=tuple(sorted(fact for fact, holds in told.items() if holds)),
        )
