"""The batch that takes rows out of a database: the same for every one of them, in one place.

A batch is numbered steps in one transaction, and whatever fails in any of them rolls all of it back:

1. Ask the guard what stays.
2. Choose the next rows that are due, in the order of their key, and lock them.
3. Leave out those that a keyed hash spares, and those on which something hangs that must stay.
4. Hand them to the archive where the plan says so; count them into statistics where it says so.
5. Take the dependants, then the rows. The number of rows that went must be the number that was chosen.
6. Move the mark, under the claim's token.
7. Ask the guard for leave, and commit.
"""

# ruff: noqa: S608 - names are quoted, values are parameters: see sql.py

from __future__ import annotations

import secrets
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Final

from curtilage.connectors.disposal.base import Work, inner_act
from curtilage.connectors.disposal.closure import Along
from curtilage.connectors.disposal.hashing import LARGEST, Hasher
from curtilage.connectors.disposal.nouns import (
    Act,
    Aggregate,
    Batch,
    Clear,
    Delete,
    DropPartition,
    Link,
    Mark,
    Remains,
    Target,
    TransferThen,
)
from curtilage.connectors.disposal.ports import Archive, Guard, LockedError, LostClaimError
from curtilage.connectors.disposal.shapes import Shape, order_tables
from curtilage.connectors.disposal.sql import Sql
from curtilage.connectors.disposal.walking import SqlWalking
from curtilage.connectors.disposal.windows import (
    EmptyError,
    Span,
    TooWideError,
    UnevenError,
    Walk,
)

MARKS: Final = "curtilage_marks"
"""Table in the system that remembers how far each item of a plan has come."""


@dataclass(slots=True)
class _Claim:
    """What this process holds of an item."""

    token: str
    number: int
    after: tuple[Any, ...] = ()
    """The last key that was looked at in this run; never written anywhere."""
    span: Span | None = None
    """The same, where the table is walked by windows."""
    is_narrow: bool = False
    """The next batch is counted out, for a window held too many rows."""
    is_uneven: bool = False
    """All batches are counted out, for what goes is not what was looked up."""


@dataclass(slots=True)
class _Chosen:
    """Rows of one batch.

    Attributes:
        rows: Those that go; the columns of the work.
        first, last: Keys between which all that was looked at lies.
        whole: Nothing that lies between and is due was left out.
        spared: How many were left out, and ``hanging`` how many of them because of what hangs on them.
        along: What goes with them.
    """

    rows: list[tuple[Any, ...]]
    first: tuple[Any, ...]
    last: tuple[Any, ...]
    whole: bool
    spared: int = 0
    hanging: int = 0
    along: Along = field(default_factory=Along)


class SqlDisposer(SqlWalking):
    """Takes rows out of a database; a driver says how to speak to it."""

    mark_types: ClassVar[tuple[str, str]] = ("text", "bigint")
    """Types of the mark's columns of text and numbers."""

    def __init__(
        self, source: str, system: str, hasher: Hasher, *, archives: Mapping[str, Archive] | None = None
    ) -> None:
        super().__init__(source, system, hasher)
        self._archives: Final = dict(archives or {})
        self._claims: Final[dict[str, _Claim]] = {}
        self._beside: Final = ThreadPoolExecutor(2, thread_name_prefix="curtilage-disposer")

    def close(self) -> None:
        """End the connection; may be called twice."""
        self._beside.shutdown(wait=True)

    def _take_group(self, group: Sequence[str], along: Along, links: Sequence[Link]) -> None:
        """Delete the rows of tables that hang on each other; the default is one after the other."""
        for table in group:
            self._take_keys(self._shape(table), along.keys_of(table))

    def check(self, target: Target, act: Act) -> None:
        """Make sure that an act can be done; see the port."""
        with self._reading(target.table):
            self._look_again()
            work = self._prepare(target, act, None)
            if target.subject:
                self._column(work.shape, target.subject)
            if isinstance(act, DropPartition):
                self._check_partition(work, act)
            self._check_act(work, act)

    def claim(self, item: str) -> Mark:
        """Take an item over; see the port."""
        mark, token = self.dialect.mark, secrets.token_hex(16)
        self._look_again()
        with self._transaction(MARKS):
            self._make_marks()
        with self._transaction(MARKS):
            where = Sql(f" FROM {MARKS} WHERE item = {mark}", (item,))
            found = self._ask(Sql("SELECT number, rows_taken") + where + self.lock_clause)
            if not found:
                self._do(Sql(f"INSERT INTO {MARKS} VALUES ({mark}, {mark}, 0, 0)", (item, token)))
                found = [(0, 0)]
            self._do(Sql(f"UPDATE {MARKS} SET token = {mark} WHERE item = {mark}", (token, item)))
        self._claims[item] = _Claim(token, int(found[0][0]))
        return Mark(item, int(found[0][0]), int(found[0][1]))

    def do_batch(self, item: str, target: Target, act: Act, *, limit: int, guard: Guard) -> Batch:
        """Do the next batch in one transaction; see the port."""
        claim = self._claims.get(item)
        if claim is None:
            raise LostClaimError(system=self.system, item=item)
        if limit < 1:
            raise ValueError("A batch has at least one row.")
        while True:
            span = replace(claim.span) if claim.span else None
            try:
                batch, last = self._commit(item, target, act, limit, guard)
            except _NothingLeftError as nothing:
                return nothing.batch
            except EmptyError:
                continue
            except TooWideError:
                # This batch is counted out row by row; the next ones walk by narrower windows.
                claim.span, claim.is_narrow = span, True
                continue
            except UnevenError:
                claim.span, claim.is_uneven = None, True
                claim.after = (span.after,) if span else claim.after
                continue
            except BaseException:
                claim.span = span
                raise
            break
        if claim.span is not None and last:
            claim.span.after, claim.is_narrow = last[0], False
            claim.span.width = max(1, claim.span.width // 4)
        claim.number, claim.after = batch.number, last
        return batch

    def _commit(
        self, item: str, target: Target, act: Act, limit: int, guard: Guard
    ) -> tuple[Batch, tuple[Any, ...]]:
        """Do the steps of a batch in one transaction, and tidy up behind it."""
        with self._transaction(target.table):
            started = time.monotonic()
            work = self._prepare(target, act, guard.spare(target.table))
            batch, last = self._run(item, work, limit, guard)
            self._move_mark(item, self._claims[item], batch)
            guard.permit(replace(batch, seconds=time.monotonic() - started))
        ended = time.monotonic()
        self._tidy_up()
        return replace(batch, seconds=ended - started, free=time.monotonic() - ended), last

    def _tidy_up(self) -> None:
        """Do what a batch leaves to do, without its locks."""

    def _mark_only(self, item: str, guard: Guard) -> Batch:
        """Move the mark with the guard's leave, for an act that commits by itself and can be asked for afterwards."""
        claim = self._claims.get(item)
        if claim is None:
            raise LostClaimError(system=self.system, item=item)
        batch = Batch(claim.number + 1, 0)
        with self._transaction(MARKS):
            self._move_mark(item, claim, batch)
            guard.permit(batch)
        claim.number = batch.number
        return batch

    @abstractmethod
    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Say what remains; see the port."""

    def lag(self) -> float:
        """Return how far the slowest replica is behind, in seconds; see the port."""
        return 0.0

    def forget(self, items: Sequence[str]) -> None:
        """Remove the marks of items that are over; see the port."""
        mark = self.dialect.mark
        with self._transaction(MARKS):
            for item in items:
                self._do(Sql(f"DELETE FROM {MARKS} WHERE item = {mark}", (item,)))
                self._claims.pop(item, None)
            left = self._ask(Sql(f"SELECT count(*) FROM {MARKS}"))[0][0]
        if not left:
            with self._transaction(MARKS):
                self._do(Sql(f"DROP TABLE {MARKS}"))

    def _run(self, item: str, work: Work, limit: int, guard: Guard) -> tuple[Batch, tuple[Any, ...]]:
        """Do steps 2 to 5; return the batch and the last key that was looked at."""
        claim, act = self._claims[item], work.act
        number = claim.number + 1
        if isinstance(act, DropPartition):
            return self._drop_partition(work, act, number), ()
        after = claim.after
        if self._is_plain(work) and self._begin_span(work, claim):
            if not claim.is_narrow:
                return self._walk(work, claim, limit, guard), ()
            assert claim.span is not None
            after = (claim.span.after,)
        chosen = self._choose(work, after, limit, guard)
        if not chosen.rows:
            raise _NothingLeftError(Batch(number, 0, spared=chosen.spared, hanging=chosen.hanging))
        if isinstance(act, TransferThen):
            self._hand_over(item, number, work, chosen)
        if isinstance(act, Aggregate):
            self._count_into(work, act, chosen.rows)
        if any(link.table == work.shape.name for link in work.links) and not isinstance(
            inner_act(act), Clear
        ):
            # The target's own rows are part of a circle: they go with their group, and those that hang on others
            # of them are due themselves, so they count as what they are.
            own = [self._key(work, row) for row in chosen.rows]
            own += chosen.along.keys_of(work.shape.name)
            self._take_along(chosen.along.with_rows(work.shape.name, own), work.links)
            keys = self._hash_rows(work.shape, own)
        else:
            self._take_along(chosen.along, work.links)
            keys = self._take_and_hash(work, chosen)
        counts = tuple((table, rows) for table, rows in chosen.along.counts() if table != work.shape.name)
        return Batch(number, len(keys), counts, chosen.spared, chosen.hanging, tuple(keys)), chosen.last

    def _begin_span(self, work: Work, claim: _Claim) -> bool:
        """Return whether the keys are whole numbers; find out the first and the last of them once."""
        if claim.is_uneven:
            return False
        if claim.span is None:
            name = self._names(work.key)[0]
            # Two questions: each is answered from the index, where SQLite would read the whole table for both.
            ends = [
                self._ask(Sql(f"SELECT {end}({name}) FROM {work.shape.sql}"))[0][0] for end in ("min", "max")
            ]
            if any(type(end) is not int or abs(end) >= LARGEST for end in ends):
                return False
            claim.span = Span(ends[0] - 1, ends[1], 1_000)
        return True

    def _walk(self, work: Work, claim: _Claim, limit: int, guard: Guard) -> Batch:
        assert claim.span is not None
        scope = f"{self.system}.{work.shape.name}"
        with self._looking(work) as look:
            walk = Walk(
                claim.span,
                look,
                lambda window: self._take_window(work, window),
                lambda joined: self._hasher.numbers(scope, joined),
                guard.foresee,
                self._beside,
            )
            keys = walk.run(limit)
        if not keys:
            raise _NothingLeftError(Batch(claim.number + 1, 0))
        return Batch(claim.number + 1, len(keys), keys=keys)

    def _take_along(self, along: Along, links: Sequence[Link]) -> None:
        for group in order_tables(along.tables(), links):
            self._take_group(group, along, links)

    def _take_and_hash(self, work: Work, chosen: _Chosen) -> list[bytes]:
        # The database works on while this machine hashes: both are slow, and neither needs the other.
        going: Future[int] = self._beside.submit(self._take, work, chosen)
        try:
            keys = self._hash_keys(work, chosen.rows)
        finally:
            gone = going.result()
        if gone != len(chosen.rows):
            raise LockedError(system=self.system, table=work.shape.name)
        return keys

    def _choose(self, work: Work, after: tuple[Any, ...], limit: int, guard: Guard) -> _Chosen:
        """Return the next rows that may go; none where the end of the table is reached."""
        spared = hanging = 0
        while True:
            found = self._next_rows(work, after, limit, lock=self.row_lock)
            if not found:
                return _Chosen([], after, after, whole=False, spared=spared, hanging=hanging)
            first, last = self._key(work, found[0]), self._key(work, found[-1])
            free = self._weigh(work, found)
            rows, along = self._weigh_along(work, free, guard)
            spared += len(found) - len(rows)
            hanging += len(free) - len(rows)
            if rows:
                return _Chosen(rows, first, last, len(rows) == len(found), spared, hanging, along)
            after = last

    def _take(self, work: Work, chosen: _Chosen) -> int:
        """Delete or clear the chosen rows; return how many there were."""
        names = self._names(work.key)
        act = inner_act(work.act)
        if isinstance(act, Clear):
            cleared = ", ".join(f"{name} = NULL" for name in self._names(act.columns))
            start = Sql(f"UPDATE {work.shape.sql} SET {cleared} WHERE ")
        else:
            start = Sql(f"DELETE FROM {work.shape.sql} WHERE ")
        if chosen.whole:
            within = self.dialect.after(names, chosen.first, inclusive=True)
            return self._do(
                start + within + " AND " + self.dialect.until(names, chosen.last) + " AND " + work.where
            )
        keys = [self._key(work, row) for row in chosen.rows]
        return sum(self._do(start + piece) for piece in self._pieces(work.shape, work.key, keys))

    def _take_keys(self, shape: Shape, keys: Sequence[tuple[Any, ...]]) -> None:
        """Delete dependants by their keys, all of them."""
        gone = 0
        for piece in self._pieces(shape, shape.row_key, keys):
            gone += self._do(Sql(f"DELETE FROM {shape.sql} WHERE ") + piece)
        if gone != len(keys):
            raise LockedError(system=self.system, table=shape.name)

    def _move_mark(self, item: str, claim: _Claim, batch: Batch) -> None:
        mark = self.dialect.mark
        moved = self._do(
            Sql(
                f"UPDATE {MARKS} SET number = {mark}, rows_taken = {mark} WHERE item = {mark} AND token = {mark} AND number = {mark}",
                (batch.number, batch.rows, item, claim.token, claim.number),
            )
        )
        if moved != 1:
            raise LostClaimError(system=self.system, item=item)

    def _hand_over(self, item: str, number: int, work: Work, chosen: _Chosen) -> None:
        assert isinstance(work.act, TransferThen)
        keys = [self._key(work, row) for row in chosen.rows]
        parts = [self._whole_rows(work.shape, work.key, keys)]
        for table in chosen.along.tables():
            shape = self._shape(table)
            parts.append(self._whole_rows(shape, shape.row_key, chosen.along.keys_of(table)))
        expected = [len(keys), *(rows for _, rows in chosen.along.counts())]
        if [len(rows) for _, _, rows in parts] != expected:
            raise LockedError(system=self.system, table=work.shape.name)
        self._archives[work.act.to].take(item, number, parts)

    def _whole_rows(
        self, shape: Shape, key: Sequence[str], keys: Sequence[tuple[Any, ...]]
    ) -> tuple[str, Sequence[str], Sequence[Sequence[Any]]]:
        columns = tuple(shape.columns)
        start = Sql(f"SELECT {', '.join(self._names(columns))} FROM {shape.sql} WHERE ")
        rows = [row for piece in self._pieces(shape, key, keys) for row in self._ask(start + piece)]
        return shape.name, columns, rows

    def _count_into(self, work: Work, act: Aggregate, rows: Iterable[tuple[Any, ...]]) -> None:
        table, _, column = act.count_into.rpartition(".")
        into, mark = self._shape(table), self.dialect.mark
        places = [work.columns.index(name) for name in act.group_by]
        names, count = self._names(act.group_by), self._names((column,))[0]
        for group, number in Counter(tuple(row[place] for place in places) for row in rows).items():
            same = Sql(" AND ").join(
                [
                    Sql(f"{name} {self.dialect.none_safe} {mark}", (value,))
                    for name, value in zip(names, group, strict=True)
                ]
            )
            if not self._do(
                Sql(f"UPDATE {into.sql} SET {count} = {count} + {mark} WHERE ", (number,)) + same
            ):
                marks = ", ".join([mark] * (len(names) + 1))
                self._do(
                    Sql(
                        f"INSERT INTO {into.sql} ({', '.join([*names, count])}) VALUES ({marks})",
                        (*group, number),
                    )
                )

    def _check_act(self, work: Work, act: Act) -> None:
        """Refuse an act that the table cannot bear."""
        inner = inner_act(act)
        if isinstance(inner, Clear):
            for name in inner.columns:
                column = self._column(work.shape, name)
                if not column.nullable or column.name in work.key:
                    raise self._unfit(f"column {column.name} of {work.shape.name} cannot be cleared")
        if isinstance(act, TransferThen) and act.to not in self._archives:
            raise self._unfit(f"there is no archive {act.to}")
        if isinstance(act, Aggregate):
            table, _, count = act.count_into.rpartition(".")
            for name in (*act.group_by, count):
                self._column(self._shape(table), name)
        if not isinstance(inner, Delete | Clear | Aggregate | DropPartition):
            raise self._unfit("a database has rows; files are removed and keys destroyed elsewhere")

    def _check_partition(self, work: Work, act: DropPartition) -> None:
        """Refuse what cannot be dropped as a whole."""
        raise self._unfit("this database has no partitions")

    def _drop_partition(self, work: Work, act: DropPartition, number: int) -> Batch:
        """Drop a partition whose rows all meet the condition."""
        raise self._unfit("this database has no partitions")

    def _make_marks(self) -> None:
        text, number = self.mark_types
        self._do(
            Sql(
                f"CREATE TABLE IF NOT EXISTS {MARKS} (item {text} NOT NULL PRIMARY KEY, token {text} NOT NULL, "
                f"number {number} NOT NULL, rows_taken {number} NOT NULL)"
            )
        )


class _NothingLeftError(Exception):
    """Rolls back a batch that found nothing to do."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        super().__init__()
