"""What hangs on the rows of a batch, as SQL asks for it: see ``closure`` for what is made of the answers."""

# ruff: noqa: S608 - names are quoted, values are parameters: see sql.py

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from curtilage.connectors.disposal.base import SqlSystem, Work, inner_act
from curtilage.connectors.disposal.closure import Along, Child, Reader, find_along
from curtilage.connectors.disposal.conditions import Condition, HashIn, all_of, negate, split_hashes
from curtilage.connectors.disposal.nouns import Clear, Delete, Dependant, Link, Target
from curtilage.connectors.disposal.ports import Guard
from curtilage.connectors.disposal.shapes import Shape
from curtilage.connectors.disposal.sql import MisfitError, Sql, compile_condition, find_column


class SqlDependants(SqlSystem):
    """Finds, counts and weighs dependent rows."""

    def list_dependants(self, target: Target, *, counted: bool = False) -> tuple[Dependant, ...]:
        """Return the tables whose rows hang on the target's; see the port."""
        with self._reading(target.table):
            work = self._prepare(target, Delete(), None)
            tables: dict[str, list[Link]] = {}
            for link in work.links:
                tables.setdefault(link.table, []).append(link)
            counts = self._count_along(work, tables) if counted and tables else {}
        return tuple(
            Dependant(table, tuple(tables[table]), counts.get(table, 0) if counted else None)
            for table in sorted(tables)
        )

    def _weigh_along(
        self, work: Work, rows: list[tuple[Any, ...]], guard: Guard
    ) -> tuple[list[tuple[Any, ...]], Along]:
        """Return the rows whose dependants may go with them, and those dependants."""
        if not work.links or not rows or isinstance(inner_act(work.act), Clear):
            return rows, Along()
        reader, size = self._along_reader(work, guard), len(work.key)
        while True:
            along, held = find_along(reader, work.target.table, rows, work.columns, key_size=size)
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

    def _children(
        self, work: Work, link: Link, values: Sequence[tuple[Any, ...]], spare: Condition | None
    ) -> Iterator[Child]:
        shape = self._shape(link.table)
        if not shape.row_key:
            raise self._unfit(f"{link.table} hangs on {link.parent} and has no key that tells its rows apart")
        stays, hashed = self._stays(work, shape, spare)
        above = tuple(
            name for other in work.links if other.parent == link.table for name in other.parent_columns
        )
        names = tuple(
            find_column(shape.columns, name).name
            for name in (*shape.row_key, *link.columns, *above, *hashed[1])
        )
        ends = (len(shape.row_key), len(shape.row_key) + len(link.columns))
        start = Sql(f"SELECT {', '.join(self._names(names))}, ") + stays + f" FROM {shape.sql} WHERE "
        columns = [self._column(shape, name) for name in link.columns]
        size = max(1, self.dialect.most_values // len(columns))
        for first in range(0, len(values), size):
            among = self.dialect.among(columns, self._names(link.columns), values[first : first + size])
            for row in self._ask(start + among + self.lock_clause):
                held = bool(row[-1]) or self._is_hashed(row[len(row) - 1 - len(hashed[1]) : -1], hashed[0])
                yield Child(row[: ends[0]], row[ends[0] : ends[1]], dict(zip(names, row, strict=False)), held)

    def _stays(
        self, work: Work, shape: Shape, spare: Condition | None
    ) -> tuple[Sql, tuple[list[tuple[frozenset[bytes], bool]], list[str]]]:
        """Return what in SQL makes a dependant stay (1) or go (0), and the keyed hashes that are weighed here."""
        if shape.name not in work.target.along:
            return Sql("1"), ([], [])
        parts = [condition for table, condition in work.target.must if table == shape.name]
        if shape.name == work.target.table:
            parts.append(work.target.condition)  # one that is not due itself does not go because another does
        if spare is not None:
            parts.append(negate(spare))
        if not parts:
            return Sql("0"), ([], [])
        try:
            asked, hashed = split_hashes(all_of(*parts))
            test = compile_condition(asked, shape.columns, self.dialect) if asked else Sql("1 = 1")
        except (MisfitError, ValueError) as error:
            raise self._unfit(f"{shape.name}: {error}") from None
        weighed = [(each, wanted) for each, wanted in hashed if isinstance(each, HashIn)]
        if len(weighed) < len(hashed):
            return Sql("1"), ([], [])
        hashes = [(frozenset(map(bytes.fromhex, each.hashes)), wanted) for each, wanted in weighed]
        return Sql("CASE WHEN ") + test + " THEN 0 ELSE 1 END", (hashes, [each.column for each, _ in weighed])

    def _is_hashed(self, values: Sequence[Any], hashes: Sequence[tuple[frozenset[bytes], bool]]) -> bool:
        """Return whether keyed hashes make a row stay; NULL is unknown, so it does."""
        told = self._hasher.subjects(values)
        return any(
            value is None or (each in known) is not wanted
            for value, each, (known, wanted) in zip(values, told, hashes, strict=True)
        )

    def _count_along(self, work: Work, tables: Iterable[str]) -> dict[str, int]:
        """Return how many rows of each table hang on the rows that meet the condition."""
        reader, counts = self._along_reader(work, None), Counter[str]()
        for block in self._blocks(work):
            rows = self._weigh(work, block)
            along, _ = find_along(reader, work.target.table, rows, work.columns, key_size=len(work.key))
            counts.update(dict(along.counts()))
        return dict(counts)
