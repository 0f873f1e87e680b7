"""Join what was counted in cells with the places that names gave: one verdict for each column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from curtilage.connectors.content.ports import PROSE_COLUMN
from curtilage.connectors.content.unpacked import name_unpacked
from curtilage.detection.columns import CellCounts, TellingRule, judge_column, judge_table
from curtilage.detection.nouns import Verdict
from curtilage.foundation.place import Place
from curtilage.survey.nouns import Cells, Observed
from curtilage.survey.values.nouns import CATEGORY, Classify, say_nothing
from curtilage.survey.values.plan import ColumnPlan, Way
from curtilage.survey.values.run import TableCounts
from curtilage.survey.values.task import member_of

_Source = tuple[str, str]
_Joined = tuple[Observed, TableCounts | None]
"""A place, and the table that its cells lie in; None where none were counted."""


@dataclass(slots=True)
class _Column:
    """One column that was looked at, and whether a place has taken it."""

    table: TableCounts
    plan: ColumnPlan
    taken: bool = False

    def sources(self) -> tuple[_Source, ...]:
        """Return what its places may have as their source: itself, or what is packed in it."""
        where = self.table.look.where
        member = f"{where.source}!{member_of(self.table.plan.table)}"
        names = dict.fromkeys((where.source, name_unpacked(where.source), member))
        return tuple((where.system, name) for name in names)


def join_cells(
    observed: Sequence[Observed],
    tables: Iterable[TableCounts],
    rules: Mapping[str, TellingRule],
    *,
    before: int = 0,
    classify: Classify = say_nothing,
) -> tuple[Observed, ...]:
    """Return each place with what was counted in its cells, and places of their own for what has no name.

    Args:
        observed: Places as their names were recognised, in order.
        tables: What was counted.
        rules: Every rule for values by id.
        classify: Says what a column is called that no reader had named.
        before: How many places were seen before the first of ``observed``.

    Returns:
        The same places in the same order. Behind those of its source stands each column in which
        something was found and which no reader had named (JSON without a schema, prose).
    """
    columns = _list_columns(tables)
    of_source: dict[_Source, list[_Column]] = {}
    for column in columns:
        for source in column.sources():
            of_source.setdefault(source, []).append(column)
    joined = [
        _with_cells(each, of_source.get((each.system, each.place.source), []), rules) for each in observed
    ]
    places = partial(_nameless, rules=rules, classify=classify)
    return tuple(_settle_tables(list(_with_nameless(joined, columns, places, before))))


def _settle_tables(joined: list[_Joined]) -> Iterator[Observed]:
    """Let the columns of each table speak for each other; the order stays."""
    tables: dict[int, list[Observed]] = {}
    for each, table in joined:
        if table:
            tables.setdefault(id(table), []).append(each)
    judged = {key: iter(judge_table([each.verdict for each in columns])) for key, columns in tables.items()}
    for each, table in joined:
        yield replace(each, verdict=next(judged[id(table)])) if table else each


def _list_columns(tables: Iterable[TableCounts]) -> list[_Column]:
    found: list[_Column] = []
    for table in tables:
        planned = {column.name for column in table.plan.columns}
        found += [_Column(table, column) for column in table.plan.columns]
        found += [
            _Column(table, ColumnPlan(name, "", Way.WHOLE, "it came up later"))
            for name in table.counted.seen
            if name not in planned
        ]
    return found


def _with_cells(observed: Observed, columns: list[_Column], rules: Mapping[str, TellingRule]) -> _Joined:
    column = _find(observed.place, columns) if observed.place.kind == "column" else None
    if column is None or column.plan.name not in column.table.counted.seen:
        return observed, None
    column.taken = True
    verdict = judge_column(observed.verdict, counts_of(column.table, column.plan), rules)
    return replace(observed, verdict=verdict, cells=cells_of(column.table, column.plan.name)), column.table


def _find(place: Place, columns: list[_Column]) -> _Column | None:
    """Find the column that a place is: where it stands says more than what it is called."""
    free = [column for column in columns if not column.taken]
    for column in free:
        if column.plan.locator and column.plan.locator == place.locator:
            return column
    return next((column for column in free if column.plan.name == place.name), None)


def counts_of(table: TableCounts, plan: ColumnPlan) -> CellCounts:
    """Return what was counted in one column, as detection judges it."""
    counted, hits = table.counted, table.counted.hits.get(plan.name, {})
    return CellCounts(
        seen=counted.seen.get(plan.name, 0),
        rules={rule: cells for rule, cells in hits.items() if not rule.startswith(CATEGORY)},
        profile=plan.profile,
    )


def cells_of(table: TableCounts, column: str) -> Cells:
    """Return what was counted in one column, as it is kept."""
    hits = sorted(table.counted.hits.get(column, {}).items())
    return Cells(
        seen=table.counted.seen.get(column, 0),
        matched=tuple((each.removeprefix(CATEGORY), n) for each, n in hits if each.startswith(CATEGORY)),
        rules=tuple((each, n) for each, n in hits if not each.startswith(CATEGORY)),
        sampled=table.sampled,
        version=table.version,
    )


def _with_nameless(
    joined: list[_Joined],
    columns: list[_Column],
    make_place: Callable[[_Column], Observed | None],
    before: int,
) -> Iterator[_Joined]:
    extra: dict[int, list[_Joined]] = {}
    for column in columns:
        if not column.taken and (place := make_place(column)):
            extra.setdefault(column.table.look.place - before, []).append((place, column.table))
    for number, each in enumerate(joined):
        yield from extra.pop(number, ())
        yield each
    for _, rest in sorted(extra.items()):
        yield from rest


def _nameless(column: _Column, rules: Mapping[str, TellingRule], classify: Classify) -> Observed | None:
    table, name = column.table, column.plan.name
    where, sheet = table.look.where, table.plan.table
    is_prose = name == PROSE_COLUMN and len(table.plan.columns) == 1
    archived = sheet and where.source.lower().endswith(".zip")
    source = f"{where.source}!{member_of(sheet)}" if archived else where.source
    inner = sheet.partition("!")[2] if archived else sheet
    locator = column.plan.locator or (f"{inner}.{name}" if inner else name)
    place = Place(source, locator, "value" if is_prose else "column", name)
    named = Verdict() if is_prose else classify(place)
    verdict = judge_column(named, counts_of(table, column.plan), rules)
    return Observed(place, verdict, where.system, cells_of(table, name)) if verdict.matches else None
