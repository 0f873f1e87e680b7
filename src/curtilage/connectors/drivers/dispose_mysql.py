"""MariaDB and MySQL: take rows and partitions out of tables, and say what of them the server keeps for how long.

* A batch reads what is committed (READ COMMITTED) and locks each row that it takes, and no gap between rows,
  so that others may go on writing beside it.
* Foreign keys are looked at row by row here: circles are untied by NULL where that may be, and else taken
  with the looking switched off and done by this program afterwards, in the same transaction.
* Dropping a partition commits by itself; whether it is gone is then asked of the server.
"""

# ruff: noqa: S608 - names are quoted, values are parameters: see disposal/sql.py

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from curtilage.connectors.disposal.base import Work
from curtilage.connectors.disposal.closure import Along
from curtilage.connectors.disposal.dialects import MysqlDialect
from curtilage.connectors.disposal.engine import SqlDisposer
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.nouns import Act, Batch, DropPartition, Link, Partition, Remains, Target
from curtilage.connectors.disposal.ports import Archive, Guard, LockedError, RefusedError
from curtilage.connectors.disposal.shapes import Shape
from curtilage.connectors.disposal.sql import Column, Kind, Sql
from curtilage.connectors.disposal.windows import Window
from curtilage.connectors.mysql import connect_with, explain
from curtilage.connectors.mysql_column import read_column
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import CurtilageError

_KINDS: Final[Mapping[str, Kind]] = {
    "tinyint": "number", "smallint": "number", "mediumint": "number", "int": "number", "bigint": "number",
    "decimal": "number", "float": "number", "double": "number", "year": "number", "date": "day",
    "datetime": "moment", "timestamp": "moment", "char": "text", "varchar": "text", "tinytext": "text",
    "text": "text", "mediumtext": "text", "longtext": "text", "enum": "coded", "uuid": "coded",
}  # fmt: skip
_RULES: Final = {"CASCADE": "cascade", "SET NULL": "set-null", "SET DEFAULT": "set-default"}
_TABLE: Final = "SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema = coalesce(%s, database()) AND table_name = %s"
_COLUMNS: Final = """
    SELECT column_name, data_type, is_nullable = 'YES', column_type FROM information_schema.columns
    WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position
"""
_KEYS: Final = """
    SELECT index_name, column_name, sub_part IS NOT NULL FROM information_schema.statistics
    WHERE table_schema = %s AND table_name = %s AND non_unique = 0 ORDER BY index_name, seq_in_index
"""
_LINKS: Final = """
    SELECT k.constraint_schema, k.constraint_name, k.table_schema, k.table_name, k.referenced_table_schema,
           k.referenced_table_name, r.delete_rule, k.column_name, k.referenced_column_name, database()
    FROM information_schema.key_column_usage k
    JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.referenced_table_name IS NOT NULL ORDER BY 1, 2, k.ordinal_position
"""
_PARTITIONS: Final = """
    SELECT partition_name, partition_method, partition_expression, partition_description, table_rows
    FROM information_schema.partitions
    WHERE table_schema = %s AND table_name = %s AND partition_name IS NOT NULL ORDER BY partition_ordinal_position
"""
_TRIGGERS: Final = """
    SELECT trigger_name FROM information_schema.triggers
    WHERE event_object_schema = %s AND event_object_table = %s AND event_manipulation = 'DELETE' ORDER BY 1
"""
_BUSY: Final = frozenset({1205, 1213, 1020, 3572, 1969, 3024, 1317})
_REFUSED: Final = frozenset({1451, 1452, 1216, 1217, 1644, 1048, 3819, 4025})
_RIGHTS: Final = frozenset({1142, 1143, 1044, 1370})
_FULL: Final = frozenset({1021, 1114, 1041, 1135, 3, 28})


_WIDTH: Final = 15
"""Characters of the longest number below ``hashing.LARGEST``, and a comma."""


class MysqlDisposer(SqlDisposer):
    """One MariaDB or MySQL database."""

    dialect = MysqlDialect()
    lock_clause = " FOR UPDATE"
    row_lock = " FOR UPDATE"
    mark_types = ("varchar(64) CHARACTER SET ascii COLLATE ascii_bin", "bigint")

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
            url: Where, and as whom; it names the database.
            system: Id of the system in the inventory.
            hasher: Computes keyed hashes.
            archives: Where rows can be handed to, by name.
            lock_seconds: How long to wait for a lock, in whole seconds, at least 1.

        Raises:
            NotInstalledError: PyMySQL is missing.
            SourceError: Nobody answers there, or the account is not let in.
        """
        super().__init__(url.source, system, hasher, archives=archives)
        self._pymysql = load_library("pymysql", extra="databases", source=url.source)
        seconds = max(1, round(lock_seconds))
        settings = (
            f"SET innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}, time_zone = '+00:00'"
        )
        try:
            # The number of rows that a statement found, not of those that it changed.
            flags = self._pymysql.constants.CLIENT.FOUND_ROWS
            self._connection = self._pymysql.connect(
                **connect_with(url), init_command=settings, client_flag=flags, autocommit=True
            )
            self._command("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
            self._command("SET SESSION group_concat_max_len = 1073741824")
            self._returning = "mariadb" in self._connection.get_server_info().lower()
        except (self._pymysql.Error, OSError) as error:
            raise explain(self.source, error) from None

    def close(self) -> None:
        """End the connection."""
        super().close()
        with suppress(self._pymysql.Error, OSError):
            self._connection.close()

    # --- speaking to it -----------------------------------------------------------------------------

    def _ask(self, sql: Sql) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            return list(cursor.fetchall())

    def _do(self, sql: Sql) -> int:
        with self._connection.cursor() as cursor:
            return int(cursor.execute(sql.text, sql.values))

    def _command(self, text: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(text)

    @contextmanager
    def _transaction(self, table: str) -> Iterator[None]:
        with self._reading(table):
            self._connection.begin()
            try:
                yield
                self._connection.commit()
            except BaseException:
                with suppress(self._pymysql.Error, OSError):  # a connection that is gone has rolled back
                    self._connection.rollback()
                raise

    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        try:
            yield
        except (self._pymysql.Error, OSError, EOFError) as error:
            # The server's own words may quote a row.
            raise self._explain(error, table) from None

    def _explain(self, error: BaseException, table: str) -> CurtilageError:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if number in _BUSY:
            return LockedError(system=self.system, table=table)
        if number in _REFUSED:
            return RefusedError(system=self.system, table=table)
        if number in _RIGHTS:
            step = f"Ask its administrator to run: GRANT SELECT, UPDATE, DELETE ON {table} TO …."
            return NoRightsError(
                source=self.source, what=f"this account may not change {table}", next_step=step
            )
        if number in _FULL:
            what = "its disk is full, or it has no more room"
            return NoAnswerError(source=self.source, what=what, next_step="Make room there, and try again.")
        if number and number < 2000:
            what = f"the server could not work on {table} (error {number})"
            return NoAnswerError(
                source=self.source, what=what, next_step="Its log says why; that may quote a row."
            )
        return explain(self.source, error if isinstance(error, Exception) else RuntimeError())

    # --- what it is made of -------------------------------------------------------------------------

    def _read_shape(self, table: str) -> Shape | None:
        schema, _, name = table.rpartition(".")
        found = self._ask(Sql(_TABLE, (schema or None, name)))
        if not found:
            return None
        schema, name, kind = found[0]
        columns = {
            row[0]: Column(row[0], _KINDS.get(row[1].lower(), "other"), nullable=bool(row[2]), type=row[3])
            for row in self._ask(Sql(_COLUMNS, (schema, name)))
        }
        keys: dict[str, list[str]] = {}
        partial = set()
        for index, column, is_part in self._ask(Sql(_KEYS, (schema, name))):
            keys.setdefault(index, []).append(column)
            partial |= {index} if is_part or column is None else set()
        sure = [
            tuple(names)
            for index, names in keys.items()
            if index != "PRIMARY"
            and index not in partial
            and not any(columns[each].nullable for each in names)
        ]
        facts = {"VIEW": ("view",), "SYSTEM VERSIONED": ("versioned",)}.get(kind, ())
        quote = self.dialect.quote
        primary = tuple(keys.get("PRIMARY", ()))
        return Shape(table, f"{quote(schema)}.{quote(name)}", columns, primary, tuple(sure), facts)

    def _read_links(self) -> tuple[Link, ...]:
        found: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
        for row in self._ask(Sql(_LINKS)):
            found.setdefault((row[0], row[1], row[3]), []).append(row[2:])
        links = []
        for parts in found.values():
            schema, table, above_schema, above, rule, _, _, here = parts[0]
            child = table if schema == here else f"{schema}.{table}"
            parent = above if above_schema == here else f"{above_schema}.{above}"
            columns, points = tuple(part[5] for part in parts), tuple(part[6] for part in parts)
            links.append(Link(child, columns, parent, points, _RULES.get(rule, "none")))
        return tuple(links)

    def _place(self, table: str) -> tuple[str, str]:
        schema, _, name = table.rpartition(".")
        found = self._ask(Sql(_TABLE, (schema or None, name)))[0]
        return str(found[0]), str(found[1])

    # --- walking by windows -------------------------------------------------------------------------

    def _take_telling(self, work: Work, window: Window) -> Window:
        """Delete and tell in one statement where the server has it; else lock, tell, and delete."""
        name, within = self._names(work.key)[0], self._within(work, window)
        if self._returning:
            text = Sql(f"DELETE FROM {work.shape.sql} WHERE ") + within
            text += f" RETURNING RPAD(CONCAT({name}, ','), {_WIDTH:d}, ' ')"
            keys = read_column(self._connection, text.text, text.values, width=_WIDTH).replace(b" ", b"")[:-1]
            return replace(window, rows=keys.count(b",") + 1 if keys else 0, keys=keys)
        asked = Sql(f"SELECT GROUP_CONCAT({name}) FROM {work.shape.sql} WHERE ") + within + self.row_lock
        keys = str(self._ask(asked)[0][0] or "").encode()
        found = replace(window, rows=keys.count(b",") + 1 if keys else 0, keys=keys)
        return self._take_window(work, found)

    # --- circles ------------------------------------------------------------------------------------

    def _take_group(self, group: Sequence[str], along: Along, links: Sequence[Link]) -> None:
        inside = [
            link for link in links if link.table in group and link.parent in group and link.rule != "declared"
        ]
        stubborn = [link for link in inside if not self._untie(link, along)]
        if not stubborn:
            for table in group:
                self._take_keys(self._shape(table), along.keys_of(table))
            return
        with self._not_looking():
            for table in group:
                self._take_keys(self._shape(table), along.keys_of(table))
        self._look(stubborn, along)

    def _untie(self, link: Link, along: Along) -> bool:
        """Set the columns of a link to NULL in the rows that go; return whether they may be NULL."""
        shape = self._shape(link.table)
        if not all(shape.columns[name].nullable for name in link.columns):
            return False
        cleared = ", ".join(f"{name} = NULL" for name in self._names(link.columns))
        for piece in self._pieces(shape, shape.row_key, along.keys_of(link.table)):
            self._do(Sql(f"UPDATE {shape.sql} SET {cleared} WHERE ") + piece)
        return True

    @contextmanager
    def _not_looking(self) -> Iterator[None]:
        self._command("SET SESSION foreign_key_checks = 0")
        try:
            yield
        finally:
            self._command("SET SESSION foreign_key_checks = 1")

    def _look(self, links: Sequence[Link], along: Along) -> None:
        """See that nothing hangs on rows that went while the server did not look."""
        for link in links:
            child, parent = self._shape(link.table), self._shape(link.parent)
            if parent.row_key != link.parent_columns:
                raise self._unfit(
                    f"rows of {link.table} and {link.parent} hang on each other by what is no key"
                )
            for piece in self._pieces(child, link.columns, along.keys_of(link.parent)):
                if self._ask(Sql(f"SELECT 1 FROM {child.sql} WHERE ") + piece + " LIMIT 1 FOR UPDATE"):
                    raise RefusedError(system=self.system, table=link.parent)

    # --- partitions ---------------------------------------------------------------------------------

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return the partitions of a table; see the port."""
        with self._reading(table):
            self._shape(table)
            return self._partitions(table)

    def _partitions(self, table: str) -> tuple[Partition, ...]:
        parts, least = [], ""
        for name, method, expression, below, rows in self._ask(Sql(_PARTITIONS, self._place(table))):
            is_range = method == "RANGE COLUMNS" and "," not in (expression or "")
            upper = str(below).strip("'") if is_range and below != "MAXVALUE" else ""
            parts.append(Partition(name, str(expression).strip("`") if is_range else "", least, upper, rows))
            least = upper
        return tuple(parts)

    def _check_partition(self, work: Work, act: DropPartition) -> None:
        self._find_partition(work, act)

    def _find_partition(self, work: Work, act: DropPartition) -> Partition:
        found = [each for each in self._partitions(work.shape.name) if each.name == act.name]
        if not found:
            raise self._unfit(f"{work.shape.name} has no partition {act.name}")
        return found[0]

    def do_batch(self, item: str, target: Target, act: Act, *, limit: int, guard: Guard) -> Batch:
        """Do the next batch; a partition is dropped after it was permitted, for that commits by itself."""
        if not isinstance(act, DropPartition):
            return super().do_batch(item, target, act, limit=limit, guard=guard)
        with self._reading(target.table):
            work = self._prepare(target, act, guard.spare(target.table))
            found = self._find_partition(work, act)
            part = f"{work.shape.sql} PARTITION ({self.dialect.quote(act.name)})"
            if self._has_others(work, found, part):
                raise self._unfit(f"partition {act.name} holds rows that must stay")
        batch = self._mark_only(item, guard)
        with self._reading(target.table):
            self._command(
                f"ALTER TABLE {work.shape.sql} DROP PARTITION {self.dialect.quote(act.name)}".replace(
                    "%%", "%"
                )
            )
        return batch

    # --- what remains -------------------------------------------------------------------------------

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Say what remains: this server has nothing that writes over what was deleted in a table that is used."""
        tables = sorted({table for target in targets for table in (target.table, *target.along)})
        with self._reading(""):
            remains = [*self._told_of_undo(tables), *self._told_of_binlog(today), *self._told_of_replicas()]
            remains += [each for table in tables for each in self._told_of_triggers(table)]
        return tuple(remains)

    def _told_of_undo(self, tables: Sequence[str]) -> Iterator[Remains]:
        what = (
            f"InnoDB takes the rows of {', '.join(tables)} out of its pages when nobody looks at an older moment any more, and "
            "their bytes are overwritten as the table is written to."
        )
        yield Remains(
            "undo-log",
            what,
            unknown="The server does not say when; OPTIMIZE TABLE would write the table anew.",
        )

    def _told_of_binlog(self, today: date) -> Iterator[Remains]:
        on, days = self._ask(Sql("SELECT @@log_bin, @@expire_logs_days"))[0]
        if not on:
            return
        what = "The binary log holds the rows as they were."
        if days:
            whole = int(-(-float(days) // 1)) + 1
            yield Remains("binary-log", what, until=today + timedelta(days=whole))
        else:
            yield Remains("binary-log", what, unknown="It is kept without an end: set expire_logs_days.")

    def _told_of_replicas(self) -> Iterator[Remains]:
        hosts: list[tuple[Any, ...]] = []
        with suppress(self._pymysql.Error):
            hosts = self._ask(Sql("SHOW SLAVE HOSTS"))
        for row in hosts:
            what = f"The replica {row[1] or row[0]} deletes the rows when it has caught up; its own log holds them after that."
            yield Remains("replica", what, unknown="Ask who keeps the replica.")

    def _told_of_triggers(self, table: str) -> Iterator[Remains]:
        for (name,) in self._ask(Sql(_TRIGGERS, self._place(table))):
            what = f"The trigger {name} runs when a row of {table} goes, and may keep a copy of it."
            yield Remains("trigger", what, unknown="Ask who keeps the system what it does.")
