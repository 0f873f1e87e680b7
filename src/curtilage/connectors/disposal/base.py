"""What deleting from any database must know of it first: shapes, conditions made ready, rows weighed, counts."""

# ruff: noqa: S608 - names are quoted, values are parameters: see sql.py

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from curtilage.connectors.disposal.bounds import first_unsure
from curtilage.connectors.disposal.conditions import (
    All,
    Condition,
    IsNull,
    Not,
    all_of,
    share,
    split_hashes,
)
from curtilage.connectors.disposal.hashing import Hasher, SetDigest
from curtilage.connectors.disposal.nouns import (
    Act,
    Aggregate,
    Clear,
    Delete,
    Link,
    Measure,
    Partition,
    Target,
    TransferThen,
)
from curtilage.connectors.disposal.plain_days import ask_days_of_one, ends_within, stretch_of
from curtilage.connectors.disposal.ports import UnfitTargetError
from curtilage.connectors.disposal.shapes import Shape, find_dependants
from curtilage.connectors.disposal.sql import (
    DAY_PATTERN,
    Dialect,
    MisfitError,
    Part,
    Sql,
    compile_condition,
    find_column,
)
from curtilage.connectors.disposal.weighing import Weighing
from curtilage.foundation.errors import SourceError

_BLOCK: Final = 10_000
_PARTS: Final[tuple[Part, ...]] = ("whole", "cheap", "rest")


@dataclass(frozen=True, slots=True)
class Work:
    """A target made ready: its shape, its condition, the columns to fetch.

    Attributes:
        where: What a row must meet, in SQL.
        cheap: Something wider that costs less to ask; the same where there is nothing cheaper.
        rest: What a row that meets ``cheap`` must meet besides.
        weighing: What it must meet besides, weighed here.
        columns: Columns to fetch, the key first; what is weighed comes behind them.
        links: How dependants hang on the table, directly or through others.
        spare: What must stay, as the guard said; it is in ``where`` and ``weighing`` already.
    """

    target: Target
    act: Act
    shape: Shape
    key: tuple[str, ...]
    where: Sql
    cheap: Sql
    rest: Sql
    weighing: Weighing
    columns: tuple[str, ...]
    links: tuple[Link, ...]
    spare: Condition | None = None


class SqlSystem(ABC):
    """One database, as far as nothing is changed in it; a driver says how to speak to it."""

    dialect: ClassVar[Dialect]
    lock_clause: ClassVar[str] = ""
    """Behind a SELECT of marks and dependants, so that they stay as they are until the transaction ends."""
    row_lock: ClassVar[str] = ""
    """The same for the target's rows; empty where the transaction sees one moment and fails on what changed since."""

    apart: ClassVar[str] = ""
    """Behind a subquery, so that each of its expressions is computed once for a row."""

    def __init__(self, source: str, system: str, hasher: Hasher) -> None:
        self.source, self.system = source, system
        self._hasher: Final = hasher
        self._shapes: Final[dict[str, Shape]] = {}
        self._links: tuple[Link, ...] | None = None

    @abstractmethod
    def _ask(self, sql: Sql) -> list[tuple[Any, ...]]:
        """Return all rows of a question."""

    @abstractmethod
    def _do(self, sql: Sql) -> int:
        """Run a statement; return how many rows it touched."""

    @abstractmethod
    @contextmanager
    def _transaction(self, table: str) -> Iterator[None]:
        """Run a transaction that commits at its end and rolls back on any error, which is explained."""

    @abstractmethod
    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        """Explain errors of questions; leave no transaction open."""

    @abstractmethod
    def _read_shape(self, table: str) -> Shape | None:
        """Return what a table is made of; None where there is none."""

    @abstractmethod
    def _read_links(self) -> tuple[Link, ...]:
        """Return all foreign keys of the database, tables named as plans name them."""

    def count(self, target: Target) -> int:
        """Return how many rows meet the condition; see the port."""
        with self._reading(target.table):
            work = self._prepare(target, Delete(), None)
            if not work.weighing:
                return int(self._ask(Sql(f"SELECT count(*) FROM {work.shape.sql} WHERE ") + work.where)[0][0])
            return sum(len(self._weigh(work, block)) for block in self._blocks(work))

    def keys_digest(self, target: Target) -> tuple[int, str]:
        """Return the count and the digest of the keys; see the port."""
        digest = SetDigest()
        with self._reading(target.table):
            work = self._prepare(target, Delete(), None)
            for block in self._blocks(work):
                digest.add(self._hash_keys(work, self._weigh(work, block)))
        return digest.count, digest.hexdigest()

    def measure(self, target: Target, conditions: Sequence[Condition | None], *, column: str = "") -> Measure:
        """Count the rows that meet each of some conditions, in one scan; see the port."""
        with self._reading(target.table):
            shape = self._shape(target.table)
            common, rests = share(conditions)
            name = find_column(shape.columns, column).name if column else ""
            is_any = bool(column) and shape.columns[name].kind == "any"
        if is_any and (quick := self._count_plain(shape, common, rests, name)):
            return quick
        with self._reading(target.table):
            try:
                inner = [self._test(shape, each) for each in rests]
                day = self._names((name,))[0] if is_any else self._day_of(shape, column) if column else "NULL"
                row = self._count_in(shape, common, inner, day)
                if is_any and not all(each is None or _is_day(each) for each in row[-2:]):
                    # Something else than days lies among them, so each cell is looked at.
                    row = self._count_in(shape, common, inner, self._day_of(shape, column))
            except MisfitError as error:
                raise self._unfit(str(error)) from None
        return Measure(tuple(int(each or 0) for each in row[:-2]), _as_day(row[-2]), _as_day(row[-1]))

    def _count_plain(
        self, shape: Shape, common: Condition | None, rests: Sequence[Condition | None], column: str
    ) -> Measure | None:
        """Count by the bare comparisons while seeing that all cells are days; None where not all are."""
        stretch = stretch_of(rests[0], column)
        aggregate = self.dialect.gather_days(getattr(self, "_connection", None))  # the driver's own
        if not (stretch and aggregate and ask_days_of_one(rests, column)):
            return None
        try:
            tests = [self._part_of(shape, (each,), "cheap") if each else Sql("1 = 1") for each in rests]
            listed = Sql(", ").join([Sql("count(*) FILTER (WHERE ") + test + ")" for test in tests])
            days = (
                f", {aggregate}(DISTINCT {self.dialect.quote(column)} COLLATE BINARY) FROM {shape.sql} WHERE "
            )
            with self._reading(shape.name):
                *counts, said = self._ask(Sql("SELECT ") + listed + days + self._test(shape, common))[0]
        except (MisfitError, SourceError):  # whatever it was, the careful question meets it again
            return None
        return Measure(tuple(counts), *ends_within(said or "", stretch))  # of no row, nothing

    def _count_in(
        self, shape: Shape, common: Condition | None, tests: Sequence[Sql], day: str
    ) -> tuple[Any, ...]:
        """Return how many rows meet each test and what all share, and the first and last day of the first's rows."""
        # As a case: else SQLite would ask what stands behind an OR although it is settled.
        listed = [Sql("CASE WHEN ") + test + f" THEN 1 END AS c{number}" for number, test in enumerate(tests)]
        inner = Sql("SELECT ") + Sql(", ").join(listed) + f", {day} AS d FROM {shape.sql} WHERE "
        inner += self._test(shape, common)
        counts = [f"count(c{number})" for number in range(len(tests))]
        ends = [f"{end}(CASE WHEN c0 = 1 THEN d END)" for end in ("min", "max")]
        asked = Sql(f"SELECT {', '.join(counts + ends)} FROM (") + inner + self.apart + ") counted"
        return self._ask(asked)[0]

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return the partitions of a table; see the port."""
        return ()

    def _prepare(self, target: Target, act: Act, spare: Condition | None) -> Work:
        shape = self._shape(target.table)
        key = target.key or shape.key
        if not key:
            raise self._unfit(f"{target.table} has no primary key, and the plan names no other")
        try:
            key = tuple(find_column(shape.columns, name).name for name in key)
            links = self._links_of(target)
            self._check_key(shape, key, links)
            asked, weighed = split_hashes(self._condition(target, act, spare))
            where, cheap, rest = (self._part_of(shape, asked, part) for part in _PARTS)
            columns = self._columns_of(shape, key, act, links)
            weighing = Weighing(shape.columns, self.dialect, self._hasher, len(columns))
            for each in weighed:
                weighing.add(each)
        except (MisfitError, ValueError) as error:
            raise self._unfit(str(error)) from None
        return Work(target, act, shape, key, where, cheap, rest, weighing, columns, links, spare)

    def _check_key(self, shape: Shape, key: tuple[str, ...], links: Sequence[Link]) -> None:
        if not shape.has_key(key):
            what = f"{', '.join(key)} does not identify a row of {shape.name}: no unique index without NULL says so"
            raise self._unfit(what)
        if key != shape.row_key and any(link.table == shape.name for link in links):
            raise self._unfit(f"rows of {shape.name} hang on each other, so only its own key can be used")

    def _condition(self, target: Target, act: Act, spare: Condition | None) -> Condition:
        parts = [target.condition]
        if spare is not None:
            parts.append(Not(spare))
        if isinstance(inner_act(act), Clear):
            parts.append(self._not_clear(inner_act(act)))
        return all_of(*parts)

    def _not_clear(self, act: Act) -> Condition:
        assert isinstance(act, Clear)
        empty = tuple(IsNull(column) for column in act.columns)
        return Not(All(empty))

    def _columns_of(
        self, shape: Shape, key: Sequence[str], act: Act, links: Sequence[Link]
    ) -> tuple[str, ...]:
        """Return the columns to fetch: the key, what is pointed at, what is counted by."""
        wanted = [
            *key,
            *(name for link in links if link.parent == shape.name for name in link.parent_columns),
        ]
        wanted += act.group_by if isinstance(act, Aggregate) else ()
        return tuple(dict.fromkeys(find_column(shape.columns, name).name for name in wanted))

    def _links_of(self, target: Target) -> tuple[Link, ...]:
        if self._links is None:
            self._links = self._read_links()
        links = find_dependants(target.table, [*self._links, *target.links])
        return tuple(replace(link, parent_columns=self._above(link)) for link in links)

    def _look_again(self) -> None:
        """Forget what tables are made of. A foreign key that comes in between is looked at by the database itself."""
        self._shapes.clear()
        self._links = None

    def _above(self, link: Link) -> tuple[str, ...]:
        return link.parent_columns or self._shape(link.parent).key

    def _shape(self, table: str) -> Shape:
        if table not in self._shapes:
            shape = self._read_shape(table)
            if shape is None:
                raise self._unfit(f"there is no table {table}")
            wrong = [fact for fact in shape.facts if fact in _UNFIT]
            if wrong:
                raise self._unfit(f"{table} {_UNFIT[wrong[0]]}")
            self._shapes[table] = shape
        return self._shapes[table]

    def _column(self, shape: Shape, name: str) -> Any:
        try:
            return find_column(shape.columns, name)
        except MisfitError as error:
            raise self._unfit(f"{shape.name}: {error}") from None

    def _blocks(self, work: Work) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows that meet the condition, in blocks, in the order of the key."""
        after: tuple[Any, ...] = ()
        while block := self._next_rows(work, after, _BLOCK):
            yield block
            after = self._key(work, block[-1])

    def _next_rows(
        self, work: Work, after: tuple[Any, ...], limit: int, *, lock: str = "", source: str = ""
    ) -> list[tuple[Any, ...]]:
        names = self._names(work.key)
        # SQLite lets a key be NULL; such a row has no place in the order, so it stays and is counted as left.
        begin = (
            self.dialect.after(names, after)
            if after
            else Sql(" AND ".join(f"{each} IS NOT NULL" for each in names))
        )
        columns = Sql(", ").join([*map(Sql, self._names(work.columns)), *work.weighing.asked])
        asked = (
            Sql("SELECT ")
            + columns
            + f" FROM {source or work.shape.sql} WHERE "
            + work.where
            + " AND "
            + begin
        )
        return self._ask(asked + f" ORDER BY {', '.join(names)} LIMIT {limit:d}{lock}")

    def _has_others(self, work: Work, part: Partition, sql: str) -> bool:
        """Return whether a partition has any row that does not surely meet all that is asked.

        Args:
            work: With what must stay.
            part: The partition.
            sql: The same for FROM.
        """
        unsure = first_unsure(work.target.condition, part) if work.spare is None else None
        if unsure is not None:
            return unsure > date.min and self._has_any_before(work, part, sql, unsure)
        if self._ask(Sql(f"SELECT 1 FROM {sql} WHERE (") + work.where + ") IS NOT TRUE LIMIT 1"):
            return True
        if not work.weighing:
            return False
        rows = self._next_rows(work, (), _BLOCK, source=sql)
        while rows and len(self._weigh(work, rows)) == len(rows):
            rows = self._next_rows(work, self._key(work, rows[-1]), _BLOCK, source=sql)
        return bool(rows)

    def _has_any_before(self, work: Work, part: Partition, sql: str, day: date) -> bool:
        """Return whether the lowest partition has a row without a day, or from before all that are meant."""
        column = self._column(work.shape, part.column)
        name = self.dialect.quote(column.name)
        asked = [Sql(f"{name} < ") + self.dialect.bound(column, day)]
        asked += [Sql(f"{name} IS NULL")] if column.nullable else []
        # One question each: either is answered from an index where there is one.
        return any(self._ask(Sql(f"SELECT 1 FROM {sql} WHERE ") + each + " LIMIT 1") for each in asked)

    def _weigh(self, work: Work, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return the rows that their keyed hashes let go."""
        if not work.weighing:
            return rows
        may = work.weighing.weigh(rows, lambda: self._hash_keys(work, rows))
        return [row for row, goes in zip(rows, may, strict=True) if goes]

    def _names(self, columns: Iterable[str]) -> list[str]:
        return [self.dialect.quote(name) for name in columns]

    def _key(self, work: Work, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[: len(work.key)]

    def _hash_keys(self, work: Work, rows: Sequence[tuple[Any, ...]]) -> list[bytes]:
        plain = len(work.columns) == len(work.key) and not work.weighing
        return self._hash_rows(work.shape, rows if plain else [row[: len(work.key)] for row in rows])

    def _hash_rows(self, shape: Shape, keys: Sequence[tuple[Any, ...]]) -> list[bytes]:
        return self._hasher.keys(f"{self.system}.{shape.name}", keys)

    def _pieces(self, shape: Shape, key: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> Iterator[Sql]:
        columns = [self._column(shape, name) for name in key]
        size = max(1, self.dialect.most_values // len(key))
        for start in range(0, len(keys), size):
            yield self.dialect.among(columns, self._names(key), keys[start : start + size])

    def _part_of(self, shape: Shape, asked: Sequence[Condition], part: Part) -> Sql:
        # As "all of them", even where it is one: only then the parts are told apart.
        return (
            compile_condition(All(tuple(asked)), shape.columns, self.dialect, part=part)
            if asked
            else Sql("1 = 1")
        )

    def _test(self, shape: Shape, condition: Condition | None) -> Sql:
        return compile_condition(condition, shape.columns, self.dialect) if condition else Sql("1 = 1")

    def _day_of(self, shape: Shape, name: str) -> str:
        column = find_column(shape.columns, name)
        quoted = self.dialect.quote(column.name)
        return self.dialect.day(column, quoted) if column.kind in ("text", "any") else quoted

    def _unfit(self, what: str) -> UnfitTargetError:
        return UnfitTargetError(system=self.system, what=what)


_UNFIT: Final[Mapping[str, str]] = {
    "view": "is a view: name the table that holds the rows",
    "foreign": "lies in another system: delete it there",
    "virtual": "is computed by a module: its rows cannot be deleted here",
    "versioned": "keeps every row that is deleted, as history: drop its system versioning first",
    "row-security": "shows this account only some of its rows: use an account that sees all of them",
}


def inner_act(act: Act) -> Act:
    """Return what is done to the rows themselves, whether or not an archive has them first."""
    return act.act if isinstance(act, TransferThen) else act


def _is_day(said: Any) -> bool:
    return isinstance(said, str) and re.match(DAY_PATTERN, said) is not None


def _as_day(said: Any) -> date | None:
    if said is None:
        return None
    if isinstance(said, datetime) and said.tzinfo:
        return said.astimezone(UTC).date()
    if isinstance(said, date):
        return date(said.year, said.month, said.day)
    return date.fromisoformat(str(said)[:10])
