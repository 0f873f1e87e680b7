"""PostgreSQL: take rows and partitions out of tables, and say what of them the server keeps for how long.

* A batch sees one moment (REPEATABLE READ): what somebody changed since is not deleted but begun anew.
* PostgreSQL writes nothing over what is deleted. ``VACUUM`` gives the room free; where it cannot yet, and what
  lies in the write-ahead log, in slots and on replicas, is told.
"""

# ruff: noqa: S608 - names are quoted, values are parameters: see disposal/sql.py

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from typing import Any, Final

from curtilage.connectors.disposal.base import Work
from curtilage.connectors.disposal.closure import Along
from curtilage.connectors.disposal.dialects import PostgresDialect
from curtilage.connectors.disposal.engine import SqlDisposer
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.nouns import Batch, DropPartition, Link, Partition, Remains, Target
from curtilage.connectors.disposal.ports import Archive, LockedError, RefusedError
from curtilage.connectors.disposal.shapes import Shape
from curtilage.connectors.disposal.sql import Column, Kind, Sql
from curtilage.connectors.disposal.windows import Window
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.connectors.postgresql import connect_with, explain, qualified
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import CurtilageError

_KINDS: Final[Mapping[str, Kind]] = {
    "int2": "number", "int4": "number", "int8": "number", "numeric": "number", "float4": "number", "float8": "number",
    "text": "text", "varchar": "text", "bpchar": "text", "name": "text", "date": "day", "timestamp": "moment",
    "timestamptz": "moment", "bool": "boolean", "uuid": "coded",
}  # fmt: skip
_RULES: Final = {"c": "cascade", "n": "set-null", "d": "set-default"}
_SHAPE: Final = """
    SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relrowsecurity AND NOT pg_has_role(current_user, c.relowner, 'USAGE')
           OR c.relforcerowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = %s AND c.relname = %s
"""
_COLUMNS: Final = """
    SELECT a.attname, b.typname, b.typtype::text, NOT a.attnotnull, format_type(a.atttypid, NULL)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEYS: Final = """
    SELECT i.indisprimary, ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, place)
                                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num ORDER BY k.place)
    FROM pg_index i WHERE i.indrelid = %s AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    ORDER BY i.indexrelid
"""
_LINKS: Final = """
    SELECT n.nspname, c.relname, pn.nspname, p.relname, k.confdeltype::text,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY x(num, place)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.num ORDER BY x.place),
           ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY x(num, place)
                 JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.num ORDER BY x.place)
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY k.oid
"""
_PARTITIONS: Final = """
    SELECT n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(i.inhparent),
           nullif(c.reltuples, -1)::bigint
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.inhparent = %s AND c.relispartition ORDER BY 3, 2
"""
_TRIGGERS: Final = """
    SELECT tgname FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal AND tgtype & 8 = 8 ORDER BY tgname
"""
_BUSY: Final = frozenset({"55P03", "40P01", "40001", "57014"})


class PostgresDisposer(SqlDisposer):
    """One PostgreSQL database."""

    dialect = PostgresDialect()
    lock_clause = " FOR UPDATE"

    def __init__(
        self,
        url: DatabaseUrl,
        *,
        system: str,
        hasher: Hasher,
        archives: Mapping[str, Archive] | None = None,
        lock_seconds: float = 2.0,
    ) -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            system: Id of the system in the inventory.
            hasher: Computes keyed hashes.
            archives: Where rows can be handed to, by name.
            lock_seconds: How long to wait for a lock.

        Raises:
            NotInstalledError: psycopg is missing.
            SourceError: Nobody answers there, or the account is not let in.
        """
        super().__init__(url.source, system, hasher, archives=archives)
        self._psycopg = load_library("psycopg", extra="databases", source=url.source)
        self._lock = f"{int(lock_seconds * 1000)}ms"
        self._now: Any = None
        self._settings = {
            **connect_with(url),
            "connect_timeout": 10,
            "application_name": "curtilage",
            "prepare_threshold": None,
        }
        self._second: Any = None
        try:
            self._connection = self._psycopg.connect(**self._settings)
            self._connection.isolation_level = self._psycopg.IsolationLevel.REPEATABLE_READ
        except self._psycopg.Error as error:
            raise explain(self.source, error) from None

    def close(self) -> None:
        """End the connection."""
        super().close()
        self._connection.close()
        if self._second is not None:
            self._second.close()

    # --- speaking to it -----------------------------------------------------------------------------

    def _ask(self, sql: Sql) -> list[tuple[Any, ...]]:
        with self._connection.cursor(binary=True) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(sql.text, sql.values).fetchall()
            return rows

    def _do(self, sql: Sql) -> int:
        with self._connection.cursor() as cursor:
            return int(cursor.execute(sql.text, sql.values).rowcount)

    @contextmanager
    def _transaction(self, table: str) -> Iterator[None]:
        try:
            with self._connection.transaction():
                self._connection.execute(_LIMITS, [self._lock])
                yield
        except self._psycopg.Error as error:
            # The server's own words may quote a row.
            raise self._explain(error, table) from None

    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        with self._transaction(table):
            yield

    def _explain(self, error: Any, table: str) -> CurtilageError:
        state = str(getattr(error, "sqlstate", None) or "")
        if state in _BUSY:
            return LockedError(system=self.system, table=table)
        if state.startswith(("23", "27")) or state == "P0001":
            return RefusedError(system=self.system, table=table)
        if state == "42501":
            step = f"Ask its administrator to run: GRANT SELECT, UPDATE, DELETE ON {table} TO …."
            return NoRightsError(
                source=self.source, what=f"this account may not change {table}", next_step=step
            )
        if state.startswith("53"):
            what = "its disk is full, or it has no more room"
            return NoAnswerError(source=self.source, what=what, next_step="Make room there, and try again.")
        if state and not state.startswith(("08", "57P")):
            what = f"the server could not work on {table} (state {state})"
            return NoAnswerError(
                source=self.source, what=what, next_step="Its log says why; that may quote a row."
            )
        return explain(self.source, error)

    # --- what it is made of -------------------------------------------------------------------------

    def _read_shape(self, table: str) -> Shape | None:
        schema, _, name = table.rpartition(".")
        found = self._ask(Sql(_SHAPE, (schema or "public", name)))
        if not found:
            return None
        oid, schema, name, kind, hides = found[0]
        columns = {
            row[0]: Column(row[0], _kind(row[1], row[2]), nullable=row[3], type=row[4])
            for row in self._ask(Sql(_COLUMNS, (oid,)))
        }
        keys = [(primary, tuple(names)) for primary, names in self._ask(Sql(_KEYS, (oid,)))]
        sure = [
            names
            for primary, names in keys
            if not primary and not any(columns[each].nullable for each in names)
        ]
        facts = [{"v": "view", "m": "view", "f": "foreign"}.get(kind, ""), "row-security" if hides else ""]
        quote = self.dialect.quote
        return Shape(
            table,
            f"{quote(schema)}.{quote(name)}",
            columns,
            next((names for primary, names in keys if primary), ()),
            tuple(sure),
            tuple(fact for fact in facts if fact),
        )

    def _read_links(self) -> tuple[Link, ...]:
        return tuple(
            Link(
                qualified(schema, table),
                tuple(columns),
                qualified(*parent),
                tuple(above),
                _RULES.get(rule, "none"),
            )
            for schema, table, *parent, rule, columns, above in self._ask(Sql(_LINKS))
        )

    def _oid(self, table: str) -> int:
        return int(
            self._ask(Sql("SELECT %s::regclass::oid::bigint", (self._shape(table).sql.replace("%%", "%"),)))[
                0
            ][0]
        )

    # --- walking by windows -------------------------------------------------------------------------

    @contextmanager
    def _looking(self, work: Work) -> Iterator[Callable[[Window], Window] | None]:
        """Look windows up by a second connection that shares this transaction's snapshot: what it sees is what goes."""
        second = self._connect_again()
        if second is None:
            yield None
            return
        snapshot = self._ask(Sql("SELECT pg_export_snapshot()"))[0][0]
        second.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            second.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            yield lambda window: self._look(second, work, window)
        finally:
            with suppress(self._psycopg.Error):  # one that is gone is opened anew
                second.execute("ROLLBACK")

    def _connect_again(self) -> Any:
        """Return the second connection; None where the server has none to spare."""
        if self._second is None or self._second.closed:
            try:
                self._second = self._psycopg.connect(**self._settings, autocommit=True)
                # Somebody may wait for a lock between the two connections: then neither waits for long.
                self._second.execute(
                    f"SET lock_timeout = '{self._lock}'; SET max_parallel_workers_per_gather = 0"
                )
            except self._psycopg.Error:
                self._second = None
        return self._second

    def _look(self, second: Any, work: Work, window: Window) -> Window:
        name = self._names(work.key)[0]
        asked = Sql(f"SELECT string_agg({name}::text, ',') FROM {work.shape.sql} WHERE ")
        asked += self._within(work, window)
        return _told(window, second.execute(asked.text, asked.values).fetchone()[0])

    def _take_telling(self, work: Work, window: Window) -> Window:
        # One text comes over in a fraction of the time of as many rows.
        name = self._names(work.key)[0]
        taken = Sql(f"WITH taken AS (DELETE FROM {work.shape.sql} WHERE ") + self._within(work, window)
        taken += f" RETURNING {name}) SELECT string_agg({name}::text, ',') FROM taken"
        return _told(window, self._ask(taken)[0][0])

    # --- circles ------------------------------------------------------------------------------------

    def _take_group(self, group: Sequence[str], along: Along, links: Sequence[Link]) -> None:
        """Delete rows that hang on each other in one statement: foreign keys are looked at when it ends."""
        if len(group) == 1:
            self._take_keys(self._shape(group[0]), along.keys_of(group[0]))
            return
        shapes = [self._shape(table) for table in group]
        keys = [along.keys_of(shape.name) for shape in shapes]
        pieces = [
            next(self._pieces(shape, shape.row_key, each)) for shape, each in zip(shapes, keys, strict=True)
        ]
        if any(len(each) > self.dialect.most_values for each in keys):
            raise RefusedError(system=self.system, table=group[0])
        taken = [
            Sql(f"t{number} AS (DELETE FROM {shape.sql} WHERE ") + piece + " RETURNING 1)"
            for number, (shape, piece) in enumerate(zip(shapes, pieces, strict=True))
        ]
        counts = ", ".join(f"(SELECT count(*) FROM t{number})" for number in range(len(group)))
        gone = self._ask(Sql("WITH ") + Sql(", ").join(taken) + f" SELECT {counts}")[0]
        if list(gone) != [len(each) for each in keys]:
            raise LockedError(system=self.system, table=group[0])

    # --- partitions ---------------------------------------------------------------------------------

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return the partitions of a table; see the port."""
        with self._reading(table):
            rows = self._ask(Sql(_PARTITIONS, (self._oid(table),)))
        return tuple(_partition(*row) for row in rows)

    def _check_partition(self, work: Work, act: DropPartition) -> None:
        self._find_partition(work, act)
        if work.links:
            raise self._unfit(
                f"rows of {work.links[0].table} hang on {work.shape.name}, so no partition can be dropped"
            )

    def _find_partition(self, work: Work, act: DropPartition) -> Partition:
        found = [each for each in self._partitions(work) if each.name == act.name]
        if not found:
            raise self._unfit(f"{work.shape.name} has no partition {act.name}")
        return found[0]

    def _partitions(self, work: Work) -> list[Partition]:
        return [_partition(*row) for row in self._ask(Sql(_PARTITIONS, (self._oid(work.shape.name),)))]

    def _drop_partition(self, work: Work, act: DropPartition, number: int) -> Batch:
        """Detach and drop it, once it is locked and no row in it stays."""
        part = self._shape_of_part(act.name)
        self._do(Sql(f"LOCK TABLE {part} IN ACCESS EXCLUSIVE MODE"))
        found = self._find_partition(work, act)
        if self._has_others(work, found, part):
            raise self._unfit(f"partition {act.name} holds rows that must stay")
        self._do(Sql(f"ALTER TABLE {work.shape.sql} DETACH PARTITION {part}"))
        self._do(Sql(f"DROP TABLE {part}"))
        return Batch(number, 0)

    def _shape_of_part(self, name: str) -> str:
        schema, _, table = name.rpartition(".")
        return f"{self.dialect.quote(schema or 'public')}.{self.dialect.quote(table)}"

    # --- what remains -------------------------------------------------------------------------------

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Vacuum the tables, and say what remains."""
        tables = sorted({table for target in targets for table in (target.table, *target.along)})
        remains = [each for table in tables for each in self._vacuum(table)]
        with self._reading(""):
            remains += [*self._told_of_triggers(tables), *self._told_of_log(), *self._told_of_replicas()]
        return tuple(remains)

    def _vacuum(self, table: str) -> Iterator[Remains]:
        done = False
        with suppress(CurtilageError):
            with self._reading(table):
                sql, oid = self._shape(table).sql, self._oid(table)
            self._connection.autocommit = True
            try:
                self._connection.execute(f"SET lock_timeout = '{self._lock}'")
                self._connection.execute(f"VACUUM {sql}".replace("%%", "%"))
                done = True
            except self._psycopg.Error:
                done = False
            finally:
                self._connection.autocommit = False
            with self._reading(table):
                dead = self._ask(Sql("SELECT pg_stat_get_dead_tuples(%s)", (oid,)))[0][0]
            done = done and not dead
        what = (
            f"VACUUM gave the room of the rows in {table} free; their bytes are overwritten as the table is written to."
            if done
            else f"Dead rows of {table} are still in its file: somebody looks at an older moment, or it could not be vacuumed."
        )
        yield Remains(
            "dead-tuples",
            what,
            unknown="PostgreSQL does not say when; VACUUM FULL would write the table anew.",
        )

    def _told_of_triggers(self, tables: Sequence[str]) -> Iterator[Remains]:
        for table in tables:
            for (name,) in self._ask(Sql(_TRIGGERS, (self._oid(table),))):
                what = f"The trigger {name} runs when a row of {table} goes, and may keep a copy of it."
                yield Remains("trigger", what, unknown="Ask who keeps the system what it does.")

    def _told_of_log(self) -> Iterator[Remains]:
        archives = self._ask(Sql("SELECT current_setting('archive_mode') <> 'off'"))[0][0]
        what = "The write-ahead log holds the rows until its files are used again, some checkpoints later."
        if archives:
            what = (
                "The write-ahead log is archived, and what is archived holds the rows as long as it is kept."
            )
        yield Remains(
            "write-ahead-log",
            what,
            unknown="The server does not say until when." if not archives else "Ask who keeps the archive.",
        )

    def _told_of_replicas(self) -> Iterator[Remains]:
        for name, active in self._ask(
            Sql("SELECT slot_name::text, active FROM pg_replication_slots ORDER BY 1")
        ):
            state = "in use" if active else "in use by nobody, so that the log is kept for it"
            yield Remains(
                "slot", f"The replication slot {name} is {state}.", unknown="Until it is read on or removed."
            )
        for (name,) in self._ask(
            Sql("SELECT DISTINCT coalesce(application_name, '') FROM pg_stat_replication ORDER BY 1")
        ):
            what = f"The replica {name or 'without a name'} deletes the rows when it has caught up; its own log holds them after that."
            yield Remains("replica", what, unknown="Ask who keeps the replica.")

    def lag(self) -> float:
        """Return how far the slowest replica is behind, in seconds; see the port."""
        with self._reading(""):
            query = "SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::float8 FROM pg_stat_replication"
            return float(self._ask(Sql(query))[0][0])


_LIMITS: Final = "SELECT set_config('lock_timeout', %s, true)"


def _told(window: Window, keys: str | None) -> Window:
    return replace(window, rows=keys.count(",") + 1 if keys else 0, keys=(keys or "").encode())


def _kind(name: str, sort: str) -> Kind:
    return "coded" if sort == "e" else _KINDS.get(name, "other")


def _partition(schema: str, table: str, bound: str, key: str, rows: int | None) -> Partition:
    """Return a partition from the words of the catalogue: ``FOR VALUES FROM ('…') TO ('…')``."""
    column = (
        key.removeprefix("RANGE (").removesuffix(")") if key.startswith("RANGE (") and "," not in key else ""
    )
    ends = bound.split("'")[1::2] if column and "FROM" in bound else []
    least, below = (ends[0], ends[1]) if len(ends) == 2 else ("", "")
    return Partition(qualified(schema, table), column.strip('"'), least, below, rows)
