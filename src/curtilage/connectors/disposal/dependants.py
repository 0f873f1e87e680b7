"""What hangs on the rows of a batch, as SQL asks for it: see ``closure`` for what is made of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from curtilage.connectors.disposal.base import SqlSystem, Work, inner_act
from curtilage.connectors.disposal.closure import Along, Child, Reader, find_along
from curtilage.connectors.disposal.conditions import Condition, Not
from curtilage.connectors.disposal.nouns import Clear, Delete, Dependant, Link, Target
from curtilage.connectors.disposal.ports import Guard
from curtilage.connectors.disposal.shapes import Shape, order_tables
from curtilage.connectors.disposal.sql import MisfitError, Sql, find_column
from curtilage.connectors.disposal.weighing import Weighing


class SqlDependants(SqlSystem):
    """Finds, counts and weighs dependent rows."""

    def list_dependants(self, target: Target, *, counted: bool = False) -> tuple[Dependant, ...]:
        """Return the tables whose rows hang on the target's; see the port."""
        with self._reading(target.table):
            work = self._prepare(target, Delete(), None)
            tables: dict[str, list[Link]] = {}
            for link in work.links:
                tables.setdefault(link.table, []).append(link)
            busy = [table for table in tables if counted and self._has_rows(table)]
            counts = self._count_along(work, list(tables)) if busy else {}
        return tuple(
            Dependant(table, tuple(tables[table]), counts.get(table, 0) if counted else None)
            for table in sorted(tables)
        )

    def _has_rows(self, table: str) -> bool:
        return bool(self._ask(Sql(f"SELECT 1 FROM {self._shape(table).sql} LIMIT 1")))  # noqa: S608 - a quoted name

    def _weigh_along(
        self, work: Work, rows: list[tuple[Any, ...]], guard: Guard
    ) -> tuple[list[tuple[Any, ...]], Along]:
        """Return the rows whose dependants may go with them, and those dependants."""
        if not work.links or not rows or isinstance(inner_act(work.act), Clear):
            return rows, Along()
        reader, size = self._along_reader(work, guard), len(work.key)
        while True:
            along, held = find_along(
                reader, work.target.table, self._own(work, rows), work.columns, key_size=size
            )
            if not held:
                return rows, along
            rows = [row for number, row in enumerate(rows) if number not in held]
            if not rows:
                return rows, Along()

    def _along_reader(self, work: Work, guard: Guard | None) -> Reader:
        """Return how dependants are read, with what the guard says of each table now."""
        links: dict[str, list[Link]] = {}
        for link in work.links:
            links.setdefault(link.parent, []).append(link)
        spares = {link.table: guard.spare(link.table) if guard else None for link in work.links}
        return Reader(links, lambda link, values: self._children(work, link, values, spares[link.table]))

    def _own(self, work: Work, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [row[: len(work.columns)] for row in rows] if work.weighing else rows

    def _children(
        self, work: Work, link: Link, values: Sequence[tuple[Any, ...]], spare: Condition | None
    ) -> Iterator[Child]:
        """Give the rows that point at some parents by a link, locked, each with whether it must stay."""
        shape = self._shape(link.table)
        if not shape.row_key:
            raise self._unfit(_NO_KEY.format(link.table, link.parent))
        above = [name for other in work.links if other.parent == link.table for name in other.parent_columns]
        names = [find_column(shape.columns, name).name for name in (*shape.row_key, *link.columns, *above)]
        goes = self._goes(work, shape, spare, len(names))
        start = Sql("SELECT ") + Sql(", ").join([*map(Sql, self._names(names)), *goes.asked])
        start += Sql(f" FROM {shape.sql} WHERE ")
        size, points = len(shape.row_key), len(shape.row_key) + len(link.columns)
        named = shape.name in work.target.along
        for piece in self._pieces(shape, link.columns, values):
            rows = self._ask(start + piece + self.lock_clause)
            may = goes.weigh(rows, lambda rows=rows: self._hash_rows(shape, [row[:size] for row in rows]))  # type: ignore[misc] # bound at once
            for row, each in zip(rows, may, strict=True):
                above_row = dict(zip(names, row, strict=False))
                yield Child(row[:size], row[size:points], above_row, held=not (named and each))

    def _goes(self, work: Work, shape: Shape, spare: Condition | None, start: int) -> Weighing:
        """Return what a dependant must meet to go along."""
        parts = [condition for table, condition in work.target.must if table == shape.name]
        if shape.name == work.target.table:
            parts.append(work.target.condition)  # one that is not due itself does not go because another does
        if spare is not None:
            parts.append(Not(spare))
        goes = Weighing(shape.columns, self.dialect, self._hasher, start)
        try:
            for part in parts:
                goes.add(part)
        except (MisfitError, ValueError) as error:
            raise self._unfit(f"{shape.name}: {error}") from None
        return goes

    def _count_along(self, work: Work, tables: Sequence[str]) -> dict[str, int]:
        """Return how many rows of each table hang on the rows that meet the condition."""
        reach = self._reach(work, tables)
        if reach is None:
            return self._walk_along(work)
        return {
            table: int(self._ask(Sql(f"SELECT count(*) FROM {self._shape(table).sql} WHERE ") + where)[0][0])  # noqa: S608 - a quoted name
            for table, where in reach.items()
        }

    def _walk_along(self, work: Work) -> dict[str, int]:
        """Count them block by block, for what one statement cannot ask."""
        reader, counts = self._along_reader(work, None), Counter[str]()
        for block in self._blocks(work):
            rows = self._own(work, self._weigh(work, block))
            along, _ = find_along(reader, work.target.table, rows, work.columns, key_size=len(work.key))
            counts.update(dict(along.counts()))
        return dict(counts)

    def _reach(self, work: Work, tables: Sequence[str]) -> dict[str, Sql] | None:
        """Return what a row of each table meets that hangs on the rows that go, directly or through others.

        None where a keyed hash is asked for, where rows hang on each other in a circle, or where a link that only
        the inventory knows joins columns that a database may not compare.
        """
        order = order_tables([work.target.table, *tables], work.links)
        is_circle = any(len(group) > 1 for group in order) or any(
            link.table == link.parent for link in work.links
        )
        if work.weighing or is_circle or not all(map(self._is_comparable, work.links)):
            return None
        reach = {
            work.target.table: work.where
            + "".join(f" AND {each} IS NOT NULL" for each in self._names(work.key))
        }
        for (table,) in reversed(order):
            if table != work.target.table:
                links = [link for link in work.links if link.table == table]
                reach[table] = Sql(" OR ").join([self._hangs(link, reach[link.parent]) for link in links])
        del reach[work.target.table]
        return reach

    def _hangs(self, link: Link, above: Sql) -> Sql:
        """Return the condition of a row that points at one of some parents."""
        child, parent = self._shape(link.table), self._shape(link.parent)
        if not child.row_key:
            raise self._unfit(_NO_KEY.format(child.name, parent.name))
        points, pointed = (
            ", ".join(self._names([find_column(shape.columns, name).name for name in names]))
            for shape, names in ((child, link.columns), (parent, link.parent_columns))
        )
        return Sql(f"({points}) IN (SELECT {pointed} FROM {parent.sql} WHERE ") + above + ")"  # noqa: S608 - quoted names

    def _is_comparable(self, link: Link) -> bool:
        """Return whether the database compares the two sides of a link as it is: a foreign key, or whole numbers."""
        if link.rule != "declared":
            return True
        sides = ((link.table, link.columns), (link.parent, link.parent_columns))
        return all(
            self._column(self._shape(table), name).kind == "number"
            for table, names in sides
            for name in names
        )


_NO_KEY: Final = "{} hangs on {} and has no key that tells its rows apart"
