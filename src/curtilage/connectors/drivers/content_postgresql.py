"""PostgreSQL: every cell that the account may read, over several connections that see one moment.

* Rows come over ADBC; the catalogue is asked over psycopg. Neither connection can write.
* All that one :class:`PostgresContent` reads is what was there at one moment. Its name (``moment``) lets others
  join as long as this one is open; who comes too late reads at a moment of its own and tells so.
* Whoever wants to change a table waits for one part of it at most: locks are given back after each question.
* A table is read in ranges of pages (``ctid``), a partitioned one by its partitions, never twice.
* A part's version is made from the places and transactions of its rows: as long as it is the same,
  so is every row. Counters of the server's statistics would be cheaper, but lag behind by minutes.
* Views are read only where they may show what no table shows that is read anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.batches import check_stop, give_out, load_arrow
from curtilage.connectors.content.copying import SETTINGS, Copying, explain_reading, join_moment
from curtilage.connectors.content.dates import span
from curtilage.connectors.content.isodays import moment_of
from curtilage.connectors.content.pages import Pages, name_version, plan_pages
from curtilage.connectors.content.ports import ContentLimits, Part, Table
from curtilage.connectors.content.postgresql import (
    BENEATH,
    COLUMNS,
    LEAVES,
    RELATIONS,
    STRUCTURE,
    Column,
    Relation,
    extremes_query,
    fingerprint_query,
    is_covered,
    longest_cell,
    sample_clause,
    select,
    select_rest,
    table_of,
)
from curtilage.connectors.content.rows import as_sample, find_cut, say_cut
from curtilage.connectors.ports import NoAnswerError
from curtilage.connectors.postgresql import connect_with, explain
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

_PATIENCE: Final = 60
"""How many times longer than a question a part may take: whoever looks at its rows may be slow."""
_LATE: Final = (
    "It could not be seen at the moment that the others see: rows that were changed meanwhile may be counted "
    "twice or not at all."
)
_SAMPLE_CUT: Final = 65_536
_SERVER_WITH_RANGES: Final = 140_000
"""From this version on the server finds pages by range, and can tell rows apart without reading them."""


class PostgresContent:
    """The content of one PostgreSQL database."""

    def __init__(self, url: DatabaseUrl, limits: ContentLimits, *, moment: str = "") -> None:
        """Connect.

        Args:
            url: Where, and as whom.
            limits: The bounds to keep.
            moment: Another one's ``moment`` to join; empty for the present.

        Raises:
            NotInstalledError: psycopg, ADBC or pyarrow is missing.
            NoAnswerError: Nobody answers there.
            SignInRefusedError: The server does not let this account in.
            NoRightsError: The account may not connect to that database.
        """
        self.source, self._limits = url.source, limits
        self._arrow = load_arrow(url.source)
        self._psycopg = load_library("psycopg", extra="databases", source=url.source)
        load_library("adbc_driver_postgresql.dbapi", extra="databases", source=url.source)
        self._told: dict[PassedOver, None] = {}
        self._is_late = False
        self._catalogue: dict[str, tuple[Relation, tuple[Column, ...]]] = {}
        self._leaves: dict[int, list[Relation]] = {}
        self._rows = Copying(url, limits)
        self._connection = self._connect(url)
        self.moment = self._begin(moment)
        self._rows.moment = self.moment

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that the account may read; see the port. The others are told."""
        found = self._find_relations()
        return tuple(table_of(relation, columns, relation.rows, relation.size) for relation, columns in found)

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of pages; see the port."""
        relation, columns = self._find(table.name)
        if not any(column.readable for column in columns):
            return ()
        holders = self._leaves.get(relation.oid, [relation])
        ranged = [each for each in holders if each.is_heap and each.whole]
        if len(ranged) < len(holders) or self._connection.info.server_version < _SERVER_WITH_RANGES:
            return (Part(self.source, table.name, "all", table.rows, table.size, ""),)
        return tuple(self._part(table, *each) for each in self._plan_pages(relation, ranged, wanted))

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return rows from pages spread over the table; of views and foreign tables the first ones."""
        relation, columns = self._find(table.name)
        wanted = [column for column in columns if column.readable and column.textual]
        clause = sample_clause(relation, rows)
        found = self._sample(relation, wanted, rows, clause)
        # The server's idea of a table may be old, and pages may be empty.
        return self._sample(relation, wanted, rows, "") if clause and found.num_rows < rows // 4 else found

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a part; see the port. ``distinct`` makes no difference."""
        relation, known = self._find(part.table)
        wanted = [
            column
            for column in known
            if column.readable
            and (f"{relation.shown}.{column.name}" in columns if columns else column.textual)
        ]
        if not wanted:
            return
        if self._is_late:
            self._tell("own-moment", _LATE)
        pages = Pages.of(part.key)
        holder = next(
            (leaf for leaf in self._leaves.get(relation.oid, []) if leaf.oid == pages.leaf), relation
        )
        yield from give_out(
            self._cells(relation, holder, wanted, pages.where, part.size), self._limits, self.source
        )

    def extremes(self, table: Table, column: str) -> tuple[datetime | None, datetime | None]:
        """Return the oldest and newest moment of a column; of texts those that are written as ISO 8601."""
        relation, columns = self._find(table.name)
        found = next((each for each in columns if f"{relation.shown}.{each.name}" == column), None)
        query = extremes_query(relation, found) if found and found.readable else ""
        if not query:
            return None, None
        try:
            ends = self._ask(query, what=relation.shown)[0]
        except SourceError:
            self._tell("too-slow", f"{column}: its oldest and newest date could not be found in time.")
            return None, None
        return span(moment for moment in map(moment_of, ends) if moment)

    def told(self) -> tuple[PassedOver, ...]:
        """Return which tables and columns the account may not read, and what was not seen at one moment."""
        return tuple(self._told)

    def close(self) -> None:
        """End the connections; the moment is then over for those who have not joined."""
        self._rows.close()
        self._connection.close()

    def _connect(self, url: DatabaseUrl) -> Any:
        try:
            connection = self._psycopg.connect(
                **connect_with(url), connect_timeout=10, application_name="curtilage", prepare_threshold=None
            )
        except self._psycopg.Error as error:
            raise explain(self.source, error) from None
        connection.read_only = True
        connection.isolation_level = self._psycopg.IsolationLevel.REPEATABLE_READ
        return connection

    def _begin(self, moment: str) -> str:
        """Begin the one transaction, at ``moment`` where that is still open; return its moment's name."""
        try:
            joined = bool(moment) and self._join(moment)
            settings = {**SETTINGS, "statement_timeout": str(int(self._limits.seconds * 1000))}
            for name, value in settings.items():
                self._connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", [name, value])
            if joined:
                return moment
            return str(self._connection.execute("SELECT pg_catalog.pg_export_snapshot()").fetchone()[0])
        except self._psycopg.Error as error:
            self._connection.close()
            raise explain(self.source, error) from None

    def _join(self, moment: str) -> bool:
        if order := join_moment(moment):
            try:
                self._connection.execute(order)
            except self._psycopg.Error:
                self._connection.rollback()
            else:
                return True
        self._is_late = True
        return False

    def _ask(self, query: str, values: Sequence[object] = (), *, what: str = "its catalogue") -> list[Any]:
        """Return the rows of one question.

        It is taken back afterwards: the moment stays, but no lock on a table, behind which the city's
        own programs would wait.
        """
        check_stop(self._limits, self.source)
        try:
            with self._connection.transaction(force_rollback=True), self._connection.cursor() as cursor:
                return list(cursor.execute(query, values or None).fetchall())
        except self._psycopg.Error as error:
            raise explain_reading(self.source, what, error) from None

    def _ask_sizes(self, queries: dict[str, str]) -> list[Any]:
        """Ask with exact sizes; where a table is locked, with those of its last analysis."""
        try:
            return self._ask(queries["exact"])
        except NoAnswerError:
            return self._ask(queries["estimated"])

    def _find(self, name: str) -> tuple[Relation, tuple[Column, ...]]:
        if not self._catalogue:
            self._find_relations()
        if name not in self._catalogue:
            raise NoAnswerError(
                source=self.source,
                what=f"{name} is not there any more, or may no longer be read",
                next_step="Run it again: it takes the tables that are there then.",
            )
        return self._catalogue[name]

    def _find_relations(self) -> list[tuple[Relation, tuple[Column, ...]]]:
        columns: dict[int, list[Column]] = {}
        for row in self._ask(COLUMNS):
            columns.setdefault(row[0], []).append(Column.of(row[1:]))
        self._leaves = {}
        for row in self._ask_sizes(LEAVES):
            self._leaves.setdefault(row[0], []).append(Relation(*row[1:]))
        relations = [self._whole(Relation(*row)) for row in self._ask_sizes(RELATIONS)]
        kept = [(each, tuple(columns.get(each.oid, ()))) for each in self._choose(relations)]
        self._tell_columns(kept)
        self._catalogue = {relation.shown: (relation, columns) for relation, columns in kept}
        return kept

    def _whole(self, relation: Relation) -> Relation:
        """Return a partitioned table with the rows and bytes of its partitions."""
        leaves = self._leaves.get(relation.oid, [])
        if not leaves:
            return relation
        sums = [sum(getattr(leaf, name) for leaf in leaves) for name in ("rows", "pages", "size")]
        return replace(relation, rows=sums[0], pages=sums[1], size=sums[2])

    def _choose(self, relations: list[Relation]) -> list[Relation]:
        """Return what is read: what the account may read, but no view that shows only what is read anyway."""
        read = frozenset(each.oid for each in relations if each.whole and each.kind != "v")
        read |= {leaf.oid for leaves in self._leaves.values() for leaf in leaves if leaf.whole}
        beneath: dict[int, set[int]] = {}
        for view, under in self._ask(BENEATH):
            beneath.setdefault(view, set()).add(under)
        kept = [each for each in relations if each.kind != "v" or not is_covered(each.oid, beneath, read)]
        for each in kept:
            if not each.partly:
                self._tell(
                    "no-rights",
                    f"{each.shown}: this account may not read it. Ask its administrator to run: GRANT SELECT ON {each.shown} TO ….",
                )
        return [each for each in kept if each.partly]

    def _tell_columns(self, kept: list[tuple[Relation, tuple[Column, ...]]]) -> None:
        for relation, columns in kept:
            hidden = sum(not column.readable for column in columns)
            if hidden:
                self._tell(
                    "no-rights",
                    f"{relation.shown}: this account may not read {hidden} of its {len(columns)} columns. Ask its administrator to run: GRANT SELECT ON {relation.shown} TO ….",
                )

    def _tell(self, reason: str, detail: str) -> None:
        self._told.setdefault(PassedOver(self.source, reason, detail))

    def _plan_pages(
        self, relation: Relation, holders: list[Relation], wanted: int
    ) -> list[tuple[Relation, Pages, float]]:
        page = int(self._ask("SELECT pg_catalog.current_setting('block_size')")[0][0])
        pages = [-(-holder.size // page) for holder in holders]
        return [
            (holders[number], Pages(first, end, holders[number].oid if holders != [relation] else 0), share)
            for number, first, end, share in plan_pages(pages, wanted)
        ]

    def _part(self, table: Table, holder: Relation, pages: Pages, share: float) -> Part:
        return Part(
            source=self.source,
            table=table.name,
            key=pages.key,
            rows=int(holder.rows * share),
            size=int(holder.size * share),
            version=self._version(holder, pages),
        )

    def _version(self, holder: Relation, pages: Pages) -> str:
        """Return what changes with every row of some pages; empty where it cannot be told in time."""
        try:
            structure = self._ask(STRUCTURE, [holder.oid], what=holder.shown)
            rows = self._ask(fingerprint_query(holder, pages.where), what=holder.shown)
        except NoAnswerError:
            return ""
        return name_version(*structure, *rows) if structure else ""

    def _cells(
        self, relation: Relation, holder: Relation, wanted: Sequence[Column], where: str, size: int
    ) -> Iterator[pa.RecordBatch]:
        cut = longest_cell(self._limits.row_bytes, wanted)
        names = [f"{relation.shown}.{column.name}" for column in wanted]
        longer: set[int] = set()
        seconds = self._seconds(size)
        for batch in self._rows.ask(
            select(holder, wanted, cut=cut, where=where), what=relation.shown, seconds=seconds
        ):
            longer |= find_cut(batch, cut, self.source)
            yield self._arrow.RecordBatch.from_arrays(batch.columns, names=names)
        for number in sorted(longer):
            self._tell("cut", say_cut(names[number], cut))
            query = select_rest(holder, wanted[number], cut=cut, where=where)
            for batch in self._rows.ask(query, what=relation.shown, seconds=seconds):
                yield self._arrow.RecordBatch.from_arrays(batch.columns, names=[names[number]])

    def _sample(self, relation: Relation, wanted: Sequence[Column], rows: int, clause: str) -> pa.RecordBatch:
        names = [f"{relation.shown}.{column.name}" for column in wanted]
        query = select(relation, wanted, cut=_SAMPLE_CUT, rest=clause)
        query += f" LIMIT {8 * rows if clause else rows}"
        asked = self._rows.ask(query, what=relation.shown, seconds=self._limits.seconds) if wanted else ()
        most = self._limits.whole_bytes
        return as_sample(asked, names, rows=rows, most_bytes=most, source=self.source)

    def _seconds(self, size: int) -> float:
        """Return how long a part may take; a pace that was asked for does not end it."""
        pace = self._limits.bytes_per_second
        return self._limits.seconds * _PATIENCE + (4 * size / pace if pace else 0)
