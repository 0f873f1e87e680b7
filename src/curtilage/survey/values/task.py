"""What one worker does with content: plan the tables of a source, or count one part. Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curtilage.connectors.content.ports import PROSE_COLUMN, Content, Table, TextColumn
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.foundation.place import PassedOver, Place
from curtilage.survey.nouns import Age
from curtilage.survey.values.nouns import Classify, Counted, Looks, Named, SourcePlan, Task, ValueTools, Where
from curtilage.survey.values.plan import (
    NUMBERED,
    SAMPLE_ROWS,
    ColumnPlan,
    TablePlan,
    count_parts,
    holds_whole_numbers,
    plan_column,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    import pyarrow as pa


@dataclass(slots=True)
class Bench:
    """Where a worker works: its tools, and the database that it has open.

    A database stays open from task to task, for signing in takes a while and most tasks come in a row
    from the same. So does a file that says so (``stays_open``): of large ones there are many parts.
    """

    tools: ValueTools
    moved: Callable[[], None] = lambda: None
    _open: tuple[Where, Content] | None = None

    def content(self, where: Where, moment: str = "") -> Content:
        """Return the open content of a source; closes the one before.

        Raises:
            SourceError: It cannot be opened.
        """
        if (
            self._open
            and self._open[0] == where
            and (where.url or getattr(self._open[1], "stays_open", False))
        ):
            return self._open[1]
        self.close()
        content = self.tools.open_content(where.address, where.source, moment)
        self._open = (where, content)
        return content

    def close(self) -> None:
        """Let go of the source that is open."""
        if self._open:
            with suppress(Exception):
                self._open[1].close()
        self._open = None


def plan_source(task: Task, bench: Bench) -> SourcePlan:
    """Plan each table of a source; where only some rows are asked for, count them at once.

    A table that cannot be read is told and the others are planned.

    Raises:
        MemoryError: The memory of the worker did not suffice; the worker is then replaced.
    """
    version = bench.tools.looks.version
    if not task.where.url:
        bench.close()  # a file may have changed since it was opened
    try:
        content = bench.content(task.where)
        tables = [table for table in content.tables() if member_of(table.name) not in task.forms]
        known = content.told()
        planned = [_plan_table(task, table, content, bench) for table in tables]
        # What cells of a sample tell is told once more when all is read.
        more = content.told() if task.rows or not planned else ()
        told = _named_as(task.where, dict.fromkeys((*known, *more)))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a library's words may quote the source
        bench.close()
        return SourcePlan(rules=version, problem=explain(error, task.where.source))
    plans, sampled = zip(*planned, strict=True) if planned else ((), ())
    return SourcePlan(
        plans,
        sampled if task.rows else (),
        version,
        told,
        moment=getattr(content, "moment", ""),
        slow=bench.tools.looks.slow,
    )


def member_of(table: str) -> str:
    """Return the member of an archive that a table lies in, where its source is an archive.

    >>> member_of("exports/people.xlsx!Sheet 1")
    'exports/people.xlsx'
    """
    return table.partition("!")[0]


def _plan_table(task: Task, table: Table, content: Content, bench: Bench) -> tuple[TablePlan, Counted]:
    try:
        batch = content.sample(table, rows=task.rows or SAMPLE_ROWS)
        named = [_find_named(task.named, column.locator, column.name) for column in table.columns]
        columns = tuple(
            _plan_column(column, known, batch, bench.tools)
            for column, known in zip(table.columns, named, strict=True)
        )
        ages = tuple(
            _age(content, table, column.name, known.name)
            for column, known in zip(table.columns, named, strict=True)
            if known and known.is_trigger
        )
        plan = TablePlan(table.name, table.rows, table.size, columns, ages=ages)
        if task.rows:
            return plan, _count([batch], plan.carried(), bench)
        parts = tuple(
            replace(part, source=task.where.source)
            for part in content.parts(table, wanted=count_parts(table))
        )
        return TablePlan(table.name, table.rows, table.size, columns, parts, ages), Counted()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        problem = explain(error, task.where.source)
        return TablePlan(table.name, table.rows, table.size, problem=problem), Counted(problem=problem)


def _find_named(named: tuple[Named, ...], locator: str, name: str) -> Named | None:
    """Find what is known of a column: by its place where its source gives one, else by its name."""
    for each in named if locator else ():
        if each.locator == locator:
            return each
    return next((each for each in named if each.name == name), None)


def _plan_column(
    column: TextColumn, known: Named | None, batch: pa.RecordBatch, tools: ValueTools
) -> ColumnPlan:
    looks = tools.looks
    if not (column.textual or holds_whole_numbers(column)):
        return plan_column(column, None, carried=frozenset())
    categories = known.categories if known else _categories_of(column, tools.classify)
    if not column.textual:
        return plan_column(column, None, carried=looks.carries(NUMBERED.intersection(categories)))
    carried = looks.carries(categories)
    cells = batch.column(column.name) if column.name in batch.schema.names else None
    plan = plan_column(column, cells, carried=carried)
    if cells is None:
        return plan
    return replace(plan, profile=looks.profile(cells))


def _categories_of(column: TextColumn, classify: Classify) -> tuple[str, ...]:
    if column.name == PROSE_COLUMN:
        return ()
    return classify(Place("", column.locator, "column", column.name)).categories


def _age(content: Content, table: Table, column: str, name: str) -> Age:
    oldest, newest = content.extremes(table, column)
    return Age(name, _day(oldest), _day(newest))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def count_part(task: Task, bench: Bench) -> Counted:
    """Count one part of a table.

    Raises:
        MemoryError: The memory of the worker did not suffice; the worker is then replaced.
    """
    assert task.part is not None
    try:
        content = bench.content(task.where, task.moment)
        before = set(content.told())
        batches = content.read(task.part, columns=task.columns, distinct=frozenset(task.distinct))
        counted = _count(batches, task.carried, bench)
        told = (each for each in content.told() if each not in before)
        counted.told = _named_as(task.where, told)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        bench.close()
        return Counted(problem=explain(error, task.where.source))
    return counted


def _named_as(where: Where, told: Iterable[PassedOver]) -> tuple[PassedOver, ...]:
    return tuple(replace(each, source=where.source) for each in told)


def _count(
    batches: Iterable[pa.RecordBatch], carried: Mapping[str, tuple[str, ...]], bench: Bench
) -> Counted:
    counted = Counted()
    groups = {column: frozenset(each) for column, each in carried.items()}
    for batch in batches:
        bench.moved()
        counted.add(_count_batch(batch, groups, bench.tools.looks))
    return counted


def _count_batch(batch: pa.RecordBatch, carried: Mapping[str, frozenset[str]], looks: Looks) -> Counted:
    counted = Counted(batch.num_rows, batch.nbytes, dict(_seen(batch)))
    for column, rule, cells in looks.count(batch, carried):
        counted.hits.setdefault(column, {})[rule] = cells
    return counted


def _seen(batch: pa.RecordBatch) -> Iterator[tuple[str, int]]:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        yield name, len(column) - column.null_count


def explain(error: Exception, source: str) -> tuple[str, str]:
    """Return a stable reason and one sentence for a person; of an unforeseen error its kind only."""
    if isinstance(error, SourceError | UsageError):
        said = str(error).removeprefix(f"{source}: ")
        return error.code.rpartition(".")[2], said[:1].upper() + said[1:]
    return "unreadable", f"Reading its cells failed ({type(error).__name__})."
