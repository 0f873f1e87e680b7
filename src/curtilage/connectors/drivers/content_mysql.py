"""MariaDB and MySQL: every cell that the account may read, streamed, in a transaction that cannot write.

* Whoever wants to change a table waits for one part of it at most: locks are given back after each question.
* Rows are never gathered on either side. Each process sees one moment of its own: these servers let no
  other connection join. Ranges of the primary key hold the same rows in each, unless a row's key is changed.
* A table is read in ranges of a whole-number primary key, others in one part.
* A part's version is the time of the table's last change as InnoDB remembers it: it forgets it when it is
  restarted, and then the table is read again. ``CHECKSUM TABLE`` would read every row, and tell of their content.
* Views are read only where they may show what no table shows that is read anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.ahead import read_ahead
from curtilage.connectors.content.batches import check_stop, give_out, load_arrow
from curtilage.connectors.content.dates import span
from curtilage.connectors.content.isodays import moment_of
from curtilage.connectors.content.mysql import (
    COLUMNS,
    KEYS,
    TABLES,
    VIEWS,
    Column,
    Stored,
    beneath,
    explain_reading,
    extremes_query,
    longest_cell,
    quote,
    select,
    select_piece,
    select_spread,
)
from curtilage.connectors.content.numbers import Numbers, plan_numbers, spread
from curtilage.connectors.content.packets import Packets, ServerSaidError, columns_of
from curtilage.connectors.content.pages import name_version
from curtilage.connectors.content.ports import ContentLimits, Part, Table
from curtilage.connectors.content.rows import as_sample, find_cut, say_cut
from curtilage.connectors.mysql import connect_with, explain
from curtilage.connectors.ports import NoAnswerError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

_PATIENCE: Final = 60
"""How many times longer than a question a part may take: whoever looks at its rows may be slow."""
_SAMPLE_CUT: Final = 65_536
_SPREAD: Final = 50
"""From how many places of a table a sample is taken."""


class MysqlContent:
    """The content of one database of a MariaDB or MySQL server, or of all where none is named."""

    def __init__(self, url: DatabaseUrl, limits: ContentLimits, *, moment: str = "") -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            limits: The bounds to keep.
            moment: Makes no difference: another connection's moment cannot be joined here.

        Raises:
            NotInstalledError: PyMySQL or pyarrow is missing.
            NoAnswerError: Nobody answers there.
            SignInRefusedError: The server does not let this account in.
            NoRightsError: The account has no right on that database.
        """
        self.source, self.moment = url.source, ""
        self._url, self._limits = url, limits
        self._arrow = load_arrow(url.source)
        self._pymysql = load_library("pymysql", extra="databases", source=url.source)
        self._told: dict[PassedOver, None] = {}
        self._stored: dict[str, Stored] = {}
        self._reading: Any = None
        self._connection = self._connect(limits.seconds)
        self._packet_bytes = int(self._ask("SELECT @@max_allowed_packet")[0][0])

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that the account may read; see the port. The others are told."""
        return tuple(stored.table() for stored in self._find_stored())

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of the primary key; see the port."""
        stored = self._find(table.name)
        if not stored.readable:
            return ()
        ends = self._ends_of_key(stored)
        ranges = plan_numbers(*ends, size=stored.size, wanted=wanted) if ends else [(Numbers(), 1.0)]
        return tuple(
            Part(
                self.source,
                table.name,
                numbers.key,
                int(stored.rows * share),
                int(stored.size * share),
                stored.version,
            )
            for numbers, share in ranges
        )

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return rows from places spread over the primary key; without one the first rows."""
        stored = self._find(table.name)
        wanted = [column for column in stored.readable if column.textual]
        names = [f"{stored.shown}.{column.name}" for column in wanted]
        ends = self._ends_of_key(stored) if stored.rows > 2 * rows else None
        starts = spread(*ends, _SPREAD) if ends else []
        each = -(-rows // _SPREAD) if starts else rows
        query = select_spread(stored, wanted, cut=_SAMPLE_CUT, starts=starts, each=each)
        asked = self._rows(query, wanted, names, stored.shown, self._limits.seconds) if wanted else ()
        most = self._limits.whole_bytes
        return as_sample(asked, names, rows=rows, most_bytes=most, source=self.source)

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a part; see the port. ``distinct`` makes no difference."""
        stored = self._find(part.table)
        wanted = [
            column
            for column in stored.readable
            if (f"{stored.shown}.{column.name}" in columns if columns else column.textual)
        ]
        if wanted:
            where = Numbers.of(part.key).where(quote(stored.key))
            yield from give_out(self._cells(stored, wanted, where, part.size), self._limits, self.source)

    def extremes(self, table: Table, column: str) -> tuple[datetime | None, datetime | None]:
        """Return the oldest and newest moment of a column; of texts those that are written as ISO 8601."""
        stored = self._find(table.name)
        found = next((each for each in stored.readable if f"{stored.shown}.{each.name}" == column), None)
        query = extremes_query(stored, found) if found else ""
        if not query:
            return None, None
        try:
            ends = self._ask(query, what=stored.shown)[0]
        except SourceError:
            self._tell("too-slow", f"{column}: its oldest and newest date could not be found in time.")
            return None, None
        return span(moment for moment in map(moment_of, ends) if moment)

    def told(self) -> tuple[PassedOver, ...]:
        """Return which tables and columns the account may not read, and which cells were read in pieces."""
        return tuple(self._told)

    def close(self) -> None:
        """End the connections."""
        self._leave()
        if self._connection.open:
            self._connection.close()

    def _connect(self, seconds: float) -> Any:
        """Return a connection that sees one moment from its first question on, and may not write."""
        try:
            # PyMySQL leaves a socket open where it finds none to talk to.
            Path(self._url.options.get("unix_socket", "/")).stat()
            connection = self._pymysql.connect(**connect_with(self._url), read_timeout=int(seconds) + 10)
            with connection.cursor() as cursor:
                for order in self._orders(connection, seconds):
                    cursor.execute(order)
        except (self._pymysql.Error, OSError) as error:
            raise explain(self.source, error) from None
        return connection

    def _orders(self, connection: Any, seconds: float) -> tuple[str, ...]:
        is_mariadb = "mariadb" in connection.get_server_info().lower()
        longest = (
            f"max_statement_time = {seconds:.3f}"
            if is_mariadb
            else f"max_execution_time = {seconds * 1000:.0f}, information_schema_stats_expiry = 0"
        )
        return (
            f"SET SESSION {longest}, lock_wait_timeout = 2, innodb_lock_wait_timeout = 2",
            f"SET SESSION net_write_timeout = {int(seconds * _PATIENCE)}, wait_timeout = 28800",
            "SET SESSION time_zone = '+00:00', sql_mode = ''",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            # Without a transaction around it, no question keeps a lock on a table.
            "SET SESSION TRANSACTION READ ONLY",
            "SET autocommit = 1",
        )

    def _ask(self, query: str, *, what: str = "its catalogue") -> list[Any]:
        check_stop(self._limits, self.source)
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query, {"database": self._url.database} if "%(database)s" in query else None)
                return list(cursor.fetchall())
        except (self._pymysql.Error, OSError) as error:
            raise explain_reading(self.source, what, error) from None

    def _find(self, name: str) -> Stored:
        if not self._stored:
            self._find_stored()
        if name not in self._stored:
            raise NoAnswerError(
                source=self.source,
                what=f"{name} is not there any more, or may no longer be read",
                next_step="Run it again: it takes the tables that are there then.",
            )
        return self._stored[name]

    def _find_stored(self) -> list[Stored]:
        columns: dict[tuple[str, str], list[Column]] = {}
        for schema, table, name, type_, kind, longest, privileges in self._ask(COLUMNS):
            column = Column(
                name, str(type_)[:120], kind.lower(), int(longest), "select" in privileges.lower()
            )
            columns.setdefault((schema, table), []).append(column)
        keys = {(schema, table): key for schema, table, key in self._ask(KEYS)}
        made = [
            self._make(row, tuple(columns.get((row[0], row[1]), ())), keys.get((row[0], row[1]), ""))
            for row in self._ask(TABLES)
        ]
        found = [stored for stored in self._drop_views(made) if self._is_readable(stored)]
        self._stored = {stored.shown: stored for stored in found}
        return found

    def _make(self, row: Any, columns: tuple[Column, ...], key: str) -> Stored:
        schema, table, kind, engine, rows, size, made, changed, is_settled = row
        # Of a table that was changed just now another change may bear the same second.
        sure = engine.lower() == "innodb" and changed and is_settled
        is_number = any(column.name == key and column.is_number and column.readable for column in columns)
        return Stored(
            schema=schema,
            name=table,
            shown=table if schema == self._url.database else f"{schema}.{table}",
            kind=kind,
            rows=int(rows),
            size=int(size),
            version=name_version(made, changed, [(each.name, each.type) for each in columns]) if sure else "",
            key=key if is_number else "",
            columns=columns,
        )

    def _drop_views(self, made: list[Stored]) -> list[Stored]:
        """Return what is read: no view that shows only what is read anyway."""
        read = {
            (each.schema, each.name)
            for each in made
            if each.kind != "VIEW" and all(column.readable for column in each.columns)
        }
        covered = set()
        for schema, name, definition in self._ask(VIEWS):
            under = beneath(definition)
            if under is not None and under <= read:
                covered.add((schema, name))
        return [each for each in made if (each.schema, each.name) not in covered]

    def _is_readable(self, stored: Stored) -> bool:
        """Tell whether the account may read a column, and note what it may not read."""
        hidden = len(stored.columns) - len(stored.readable)
        if hidden:
            which = f"{hidden} of its {len(stored.columns)} columns" if stored.readable else "it"
            self._tell(
                "no-rights",
                f"{stored.shown}: this account may not read {which}. Ask its administrator to run: "
                f"GRANT SELECT ON {stored.shown} TO ….",
            )
        return bool(stored.readable)

    def _ends_of_key(self, stored: Stored) -> tuple[int, int] | None:
        """Return the smallest and the largest key; None where there is none, or the answer takes too long."""
        if not stored.key:
            return None
        key = quote(stored.key)
        with suppress(NoAnswerError):
            query = f"SELECT MIN({key}), MAX({key}) FROM {stored.sql}"  # noqa: S608 - quoted names
            smallest, largest = self._ask(query, what=stored.shown)[0]
            return (int(smallest), int(largest)) if smallest is not None else None
        return None

    def _tell(self, reason: str, detail: str) -> None:
        self._told.setdefault(PassedOver(self.source, reason, detail))

    def _cells(
        self, stored: Stored, wanted: Sequence[Column], where: str, size: int
    ) -> Iterator[pa.RecordBatch]:
        cut = longest_cell(self._limits.row_bytes, wanted, self._packet_bytes)
        names = [f"{stored.shown}.{column.name}" for column in wanted]
        pace = self._limits.bytes_per_second
        seconds = self._limits.seconds * _PATIENCE + (4 * size / pace if pace else 0)
        longer: set[int] = set()
        query = select(stored, wanted, cut=cut, where=where)
        for batch in self._rows(query, wanted, names, stored.shown, seconds):
            longer |= find_cut(batch, cut, self.source)
            yield batch
        for column in sorted(longer):
            self._tell("cut", say_cut(names[column], cut))
            yield from self._pieces(stored, wanted[column], names[column], (cut, where, seconds))

    def _pieces(
        self, stored: Stored, column: Column, name: str, how: tuple[int, str, float]
    ) -> Iterator[pa.RecordBatch]:
        cut, where, seconds = how
        number, given = 1, 1
        while given:
            query, given = select_piece(stored, column, cut=cut, number=number, where=where), 0
            for batch in self._rows(query, [column], [name], stored.shown, seconds):
                given += batch.num_rows
                yield batch
            number += 1

    def _rows(
        self, query: str, columns: Sequence[Column], names: list[str], what: str, seconds: float
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of one question as they come."""
        ended = False
        try:
            yield from read_ahead(
                lambda: self._stream(query, [column.is_text for column in columns], names, seconds),
                cancel=self._cancel,
                limits=self._limits,
                source=self.source,
            )
            ended = True
        except (self._pymysql.Error, ServerSaidError, OSError, EOFError) as error:
            raise explain_reading(self.source, what, error) from None
        finally:
            if not ended:
                self._leave()

    def _stream(
        self, query: str, kinds: list[bool], names: list[str], seconds: float
    ) -> Iterator[pa.RecordBatch]:
        if self._reading is None:
            self._reading = self._connect(self._limits.seconds * _PATIENCE)
            with self._reading.cursor() as orders:
                orders.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        connection = self._reading
        with connection.cursor() as orders:
            # Going back to here gives back the lock on the table, and keeps what the transaction sees.
            orders.execute("SAVEPOINT part")
            is_mariadb = "mariadb" in connection.get_server_info().lower()
            longest = (
                f"max_statement_time = {seconds:.3f}"
                if is_mariadb
                else f"max_execution_time = {seconds * 1000:.0f}"
            )
            orders.execute(f"SET SESSION {longest}")
        cursor = connection.cursor(self._pymysql.cursors.SSCursor)
        cursor.execute(query)
        try:
            receive = connection._rfile.read1  # noqa: SLF001 - PyMySQL would make an object of each cell
            for block, starts in Packets(receive, self._limits.batch_bytes).blocks():
                columns = columns_of(block, starts, kinds, self.source)
                yield self._arrow.RecordBatch.from_arrays(columns, names=names)
        finally:
            # The rows were taken past PyMySQL, which otherwise waits for them.
            connection._result.unbuffered_active = False  # noqa: SLF001 - as above
            cursor.close()
        with connection.cursor() as orders:
            orders.execute("ROLLBACK TO SAVEPOINT part")

    def _cancel(self) -> None:
        """End what the other connection asked; the server hears it over this one."""
        reading = self._reading
        if reading is not None:
            with suppress(Exception), self._connection.cursor() as cursor:
                cursor.execute(f"KILL QUERY {int(reading.thread_id())}")

    def _leave(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            with suppress(Exception):
                reading._force_close()  # noqa: SLF001 - saying goodbye would wait for the rows
