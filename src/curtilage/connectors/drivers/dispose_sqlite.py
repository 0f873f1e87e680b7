"""SQLite: take rows out of a file so that nothing of them can be read in it, its journal or its WAL.

* ``secure_delete`` overwrites what is deleted; ``VACUUM`` builds the file anew, because moves of rows from
  before leave copies in free space; ``wal_checkpoint(TRUNCATE)`` empties the WAL.
* A batch holds the file's one write lock from its first statement, so nothing moves beneath it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote as quote_path

from curtilage.connectors.disposal.base import Work
from curtilage.connectors.disposal.dialects import SqliteDialect
from curtilage.connectors.disposal.engine import SqlDisposer
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.nouns import Link, Remains, Target
from curtilage.connectors.disposal.ports import Archive, LockedError, RefusedError
from curtilage.connectors.disposal.shapes import Shape
from curtilage.connectors.disposal.sql import Column, Sql
from curtilage.connectors.disposal.windows import UnevenError, Window
from curtilage.connectors.ports import NoAnswerError, UnreadableError
from curtilage.connectors.sqlite import is_sqlite_file
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import CurtilageError

_RULES: Final = {"CASCADE": "cascade", "SET NULL": "set-null", "SET DEFAULT": "set-default"}
_TABLES: Final = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


class SqliteDisposer(SqlDisposer):
    """One SQLite file."""

    dialect = SqliteDialect()
    apart = " LIMIT -1"
    breath_seconds = 0.05
    """How long nobody holds the one write lock after it was held for a while. Whoever waits by SQLite's own busy handler
    looks at least that often in its first quarter of a second, so it gets in."""

    def __init__(
        self,
        url: DatabaseUrl,
        *,
        system: str,
        hasher: Hasher,
        archives: Mapping[str, Archive] | None = None,
        lock_seconds: float = 2.0,
    ) -> None:
        """Open the file, which must be there.

        Args:
            url: Its path is ``url.database``.
            system: Id of the system in the inventory.
            hasher: Computes keyed hashes.
            archives: Where rows can be handed to, by name.
            lock_seconds: How long to wait for a lock.

        Raises:
            NoAnswerError: There is no such file.
            UnreadableError: It is no SQLite file.
        """
        super().__init__(url.source, system, hasher, archives=archives)
        path = Path(url.database)
        if not path.is_file():
            raise NoAnswerError(source=url.source, what="there is no such file", next_step="Check the path.")
        if not is_sqlite_file(path):
            raise UnreadableError(source=url.source, what="It is no SQLite database")
        self._seconds = lock_seconds
        self._address = f"file:{quote_path(str(path))}?mode=rw"
        self._connection = self._connect()
        self._second: sqlite3.Connection | None = None
        with self._reading(""):
            for setting in (
                "foreign_keys = ON",
                "secure_delete = FAST",
                "synchronous = FULL",
                "temp_store = MEMORY",
                # The WAL is written back behind each batch: see _tidy_up.
                "wal_autocheckpoint = 0",
            ):
                self._connection.execute(f"PRAGMA {setting}").fetchall()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._address,
            uri=True,
            timeout=self._seconds,
            isolation_level=None,
            check_same_thread=False,  # statements run beside the hashing; never two at once on one connection
        )

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Build the file anew and empty the WAL; say what could not be done."""
        with self._reading(""):
            remains = [*self._vacuum(), *self._empty_wal(), *self._told_of_copies(targets)]
        return tuple(remains)

    def close(self) -> None:
        """End the connection."""
        super().close()
        self._connection.close()
        if self._second is not None:
            self._second.close()

    # --- walking by windows -------------------------------------------------------------------------

    @contextmanager
    def _looking(self, work: Work) -> Iterator[Callable[[Window], Window] | None]:
        """Look windows up by a second connection: while this one holds the write lock, nobody moves what it sees."""
        # Without a WAL, whoever reads keeps the writer from its commit.
        if self._ask(Sql("PRAGMA journal_mode"))[0][0] != "wal":
            yield None
            return
        second = self._second = self._second or self._connect()
        second.execute("BEGIN")
        try:
            yield lambda window: self._look(second, work, window)
        finally:
            with suppress(sqlite3.Error):  # it may have been ended already
                second.execute("ROLLBACK")  # before the commit, so that the WAL can be written back

    def _look(self, connection: sqlite3.Connection, work: Work, window: Window) -> Window:
        """Return a window with the keys of its due rows, and how many rows the cheaper question finds."""
        name = self._names(work.key)[0]
        asked = Sql(f"SELECT group_concat({name}) FILTER (WHERE ") + work.rest + "), count(*)"
        asked += Sql(f" FROM {work.shape.sql} WHERE ") + self._within(work, window, loosely=True)
        said, alike = connection.execute(asked.text, asked.values).fetchone()
        keys = str(said or "").encode()
        if keys.translate(None, b"0123456789-,"):
            raise UnevenError  # a cell of the key is no whole number
        return replace(window, rows=keys.count(b",") + 1 if keys else 0, keys=keys, alike=alike)

    def _take_telling(self, work: Work, window: Window) -> Window:
        return self._take_window(work, self._look(self._connection, work, window))

    def _tidy_up(self) -> None:
        """Write the WAL back while nobody is kept from writing: that takes a third of all time, so others get in."""
        with suppress(sqlite3.Error):  # it is only put off
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    # --- what remains -------------------------------------------------------------------------------

    def _vacuum(self) -> Iterator[Remains]:
        why = self._why_not_vacuum() or self._build_anew()
        if why:
            what = "Pages of the file may hold copies of rows from before this program deleted them, for it could not be built anew"
            when = "Until somebody runs VACUUM, best in an hour in which nobody writes."
            yield Remains("free-pages", f"{what}: {why}.", unknown=when)

    def _build_anew(self) -> str:
        """Build the file anew, unless that keeps others from writing for too long; return why it was not."""
        # The copy can be stopped, and takes a third of the time at least; what follows writes it back and cannot.
        end = time.monotonic() + self._seconds / 3
        self._connection.set_progress_handler(lambda: time.monotonic() > end, 1_000)
        try:
            self._connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return (
                    f"it is so large that nobody could have written for more than {self._seconds:g} seconds"
                )
            return "the disk is full" if "full" in str(error) else "another program uses the file"
        finally:
            self._connection.set_progress_handler(None, 0)
        return ""

    def _why_not_vacuum(self) -> str:
        """Return why building the file anew could hurt it; empty where it cannot."""
        is_virtual = self._ask(Sql("SELECT 1 FROM pragma_table_list WHERE type = 'virtual' LIMIT 1"))
        # A text index names rows by numbers, which VACUUM gives anew where no column holds them.
        return "it has an index that would lose its rows" if is_virtual else ""

    def _empty_wal(self) -> Iterator[Remains]:
        deadline = time.monotonic() + self._seconds
        while True:
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        what = "The file's WAL may hold pages with the rows, because another program reads the file."
        yield Remains("journal", what, unknown="Until that program closes it or lets it be checkpointed.")

    def _told_of_copies(self, targets: Sequence[Target]) -> Iterator[Remains]:
        tables = sorted({target.table for target in targets})
        for table in tables:
            query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?) AND sql LIKE '%DELETE%' ORDER BY name"
            for (name,) in self._ask(Sql(query, (table,))):
                what = f"The trigger {name} runs when a row of {table} goes, and may keep a copy of it."
                yield Remains("trigger", what, unknown="Ask who keeps the system what it does.")

    def _ask(self, sql: Sql) -> list[tuple[Any, ...]]:
        with closing(self._connection.execute(sql.text, sql.values)) as cursor:
            return cursor.fetchall()

    def _do(self, sql: Sql) -> int:
        with closing(self._connection.execute(sql.text, sql.values)) as cursor:
            return cursor.rowcount

    @contextmanager
    def _transaction(self, table: str) -> Iterator[None]:
        with self._reading(table):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                # Circles of foreign keys are looked at once, at the commit.
                self._connection.execute("PRAGMA defer_foreign_keys = ON")
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself where it had to
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            # The library's own words may quote a cell.
            raise self._explain(error, table) from None

    def _explain(self, error: sqlite3.Error, table: str) -> CurtilageError:
        code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LockedError(system=self.system, table=table or "the file")
        if code == sqlite3.SQLITE_CONSTRAINT:
            return RefusedError(system=self.system, table=table)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return UnreadableError(source=self.source, what="SQLite finds it damaged")
        if code == sqlite3.SQLITE_FULL:
            return NoAnswerError(
                source=self.source, what="its disk is full", next_step="Make room, and try again."
            )
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            step = "Ask its owner for the right to write."
            return NoAnswerError(
                source=self.source, what="this account may not write the file", next_step=step
            )
        what = f"SQLite could not work on {table or 'it'}"
        return NoAnswerError(source=self.source, what=what, next_step="Check the table and its triggers.")

    def _read_shape(self, table: str) -> Shape | None:
        found = self._ask(
            Sql(
                "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)",
                (table,),
            )
        )
        if not found:
            return None
        name, kind = found[0]
        rows = self._ask(Sql('SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', (name,)))
        columns = {
            row[0]: Column(row[0], "any", nullable=not (row[2] or row[3]), type=row[1] or "")
            for row in rows
            if row[4] != 1
        }
        key = tuple(row[0] for row in sorted((row for row in rows if row[3]), key=lambda row: row[3]))
        facts = (kind,) if kind in ("view", "virtual") else ()
        return Shape(table, self.dialect.quote(name), columns, key, self._uniques(name, columns), facts)

    def _uniques(self, table: str, columns: Mapping[str, Column]) -> tuple[tuple[str, ...], ...]:
        query = "SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND NOT partial AND origin <> 'pk' ORDER BY name"
        found = []
        for (index,) in self._ask(Sql(query, (table,))):
            names = [
                row[0]
                for row in self._ask(Sql("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)))
            ]
            if all(name in columns and not columns[name].nullable for name in names):
                found.append(tuple(names))
        return tuple(found)

    def _read_links(self) -> tuple[Link, ...]:
        links = []
        for (table,) in self._ask(Sql(_TABLES)):
            query = (
                'SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq'
            )
            found: dict[int, list[tuple[Any, ...]]] = {}
            for row in self._ask(Sql(query, (table,))):
                found.setdefault(row[0], []).append(row[1:])
            for parts in found.values():
                above = tuple(part[2] for part in parts if part[2])
                rule = _RULES.get(parts[0][3], "none")
                links.append(
                    Link(table, tuple(part[1] for part in parts), self._named(parts[0][0]), above, rule)
                )
        return tuple(links)

    def _named(self, table: str) -> str:
        """Return a table's name as the file has it: foreign keys may write it with other capitals."""
        found = self._ask(Sql(_TABLES + " AND lower(name) = lower(?)", (table,)))
        return str(found[0][0]) if found else table
