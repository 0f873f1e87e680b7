"""Look into the cells of some sources, part by part: what is done is kept, what is left can go on later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from curtilage.connectors.content.ports import Part
from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.place import EXPECTED, PassedOver
from curtilage.foundation.progress import Progress, Quiet
from curtilage.survey.nouns import Extent
from curtilage.survey.values.engine import Engine
from curtilage.survey.values.kept import Nothing, version_of
from curtilage.survey.values.nouns import Counted, Named, SourcePlan, Task, Where, merge_told
from curtilage.survey.values.plan import TablePlan

READ_ALL_THE_SAME: Final = frozenset({"cut", "loose", "not-text", "ragged"})
"""Reasons of what does not stand as it should and was read."""


@dataclass(frozen=True, slots=True)
class Look:
    """One source to look into.

    Attributes:
        where: How a worker opens it.
        named: What is known of its columns from their names.
        place: How many places were seen when it ended: where a place of its own belongs.
        is_named: A reader of names read it too, so that it is told when its cells cannot be read.
        forms: Members of an archive that ask something: their words are no content.
    """

    where: Where
    named: tuple[Named, ...] = ()
    place: int = 0
    is_named: bool = True
    forms: tuple[str, ...] = ()


class Keeps(Protocol):
    """Keeps what was counted in parts; see ``kept.py``."""

    def find(self, part: Part, version: str) -> Counted | None:
        """Return what was counted in an unchanged part; None where it must be read."""
        ...

    def keep(self, part: Part, version: str, counted: Counted) -> None:
        """Keep what was counted in a part."""
        ...


@dataclass(slots=True)
class TableCounts:
    """One table and what was counted in it.

    Attributes:
        look: The source.
        plan: What was done with it.
        counted: Sums over its parts.
        sampled: Not every row was looked at: a sample was asked for, or a part could not be read.
        versions: Of its parts; any of them empty where its source cannot tell.
        done: Parts that are counted.
    """

    look: Look
    plan: TablePlan
    counted: Counted = field(default_factory=Counted)
    sampled: bool = False
    versions: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0

    @property
    def version(self) -> str:
        """Return what changes when any cell may have changed; empty where nobody can tell."""
        if self.sampled or not self.versions or not all(version for _, version in self.versions):
            return ""
        return fingerprint([list(pair) for pair in sorted(self.versions)])[:16]

    def extent(self) -> Extent:
        """Return how large and how old the table is."""
        rows = self.counted.rows if self.counted.rows and not self.sampled else self.plan.rows
        return Extent(
            self.look.where.source,
            self.plan.table,
            rows,
            self.plan.size or self.counted.size,
            self.look.where.system,
            sampled=self.sampled,
            ages=self.plan.ages,
        )


@dataclass(slots=True)
class Inspection:
    """One look into the cells of some sources.

    Attributes:
        looks: The sources, in the order of the results.
        engine: What runs the tasks.
        rows: How many rows of each table to look at; 0 for all.
        kept: What was counted before, and keeps what is counted now.
        progress: Told of rows and bytes.
        tables: What was counted; complete after :meth:`run`, sums of what is done before.
        told: What could not be looked into, or not as it stands, with the reason.
        odd: What was read although it does not stand as it should, such as rows with too many cells.
        passed: How many sources that no reader of names knows could not be looked into, by reason.
        parts: Parts that there are; known after the plan.
        done: Parts that are counted so far, those carried over included.
        carried: Parts whose content had not changed: their counts were carried over.
        slow: Why cells are looked at the slow way, in a sentence; empty where they are not.
    """

    looks: Sequence[Look]
    engine: Engine
    rows: int = 0
    kept: Keeps = field(default_factory=Nothing)
    progress: Progress = field(default_factory=Quiet)
    tables: list[TableCounts] = field(default_factory=list)
    told: list[PassedOver] = field(default_factory=list)
    odd: list[PassedOver] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    parts: int = 0
    done: int = 0
    carried: int = 0
    slow: str = ""
    _of_part: dict[tuple[str, Part], tuple[TableCounts, str]] = field(default_factory=dict)

    def run(self) -> None:
        """Plan, then count every part that is not kept.

        Raises:
            WorkerStartError: No worker process can be started.
            NotWrittenError: Counts could not be kept.

        Effects:
            Reads the sources; keeps counts.
        """
        plans = self._plan()
        tasks = [
            task for look, plan in zip(self.looks, plans, strict=True) for task in self._take(look, plan)
        ]
        self._count(tasks)
        for table in self.tables:
            self._tell_odd(table)

    def stop_here(self) -> None:
        """Call tables of which a part is left looked at in part: nobody goes on with them now."""
        for table in self.tables:
            table.sampled = table.sampled or table.done < len(table.plan.parts)

    def list_parts(self) -> list[Part]:
        """Return every part of the tables that were planned."""
        return [part for _, part in self._of_part]

    def list_sources(self) -> list[str]:
        """Return the sources that could be opened."""
        return list(dict.fromkeys(table.look.where.source for table in self.tables))

    def _plan(self) -> list[SourcePlan]:
        self.progress.start("Planning", len(self.looks))
        plans: dict[Where, SourcePlan] = {}
        asked = (Task(look.where, named=look.named, rows=self.rows, forms=look.forms) for look in self.looks)
        try:
            for task, plan in self.engine.plan(asked):
                plans[task.where] = plan
                self.progress.step(detail=task.where.source)
        finally:
            self.progress.finish()
        return [plans[look.where] for look in self.looks]

    def _take(self, look: Look, plan: SourcePlan) -> Iterator[Task]:
        """Take in the plan of one source; give the parts that must be read."""
        self.slow = self.slow or plan.slow
        self._tell(look, plan.problem)
        for told in plan.told:
            self._tell(look, (told.reason, told.detail))
        for number, table in enumerate(plan.tables):
            counts = TableCounts(look, table, sampled=bool(self.rows))
            self._tell(look, table.problem, table.table)
            if table.problem[0]:
                continue
            self.tables.append(counts)
            if plan.sampled:
                counts.counted.add(plan.sampled[number])
            # With several databases the first is closed for the next while they are planned.
            moment = plan.moment if len(self.looks) == 1 else ""
            yield from self._take_parts(counts, plan.rules, moment)

    def _take_parts(self, counts: TableCounts, rules: str, moment: str) -> Iterator[Task]:
        where, plan = counts.look.where, counts.plan
        self.parts += len(plan.parts)
        for part in plan.parts:
            task = Task(
                where,
                part=part,
                columns=plan.read(),
                distinct=plan.distinct(),
                carried=plan.carried(),
                moment=moment,
            )
            version = version_of(task, rules)
            self._of_part[where.system, part] = counts, version
            counts.versions.append((part.key, version))
            known = self.kept.find(part, version)
            if known is None:
                yield task
            else:
                self.carried += 1
                self._add(counts, known)

    def _count(self, tasks: list[Task]) -> None:
        parts = [task.part for task in tasks if task.part]
        rows, size = sum(part.rows for part in parts), sum(part.size for part in parts)
        self.progress.start("Looking into cells", rows, unit="rows", size=size)
        try:
            for task, counted in self.engine.map(tasks):
                assert task.part is not None
                self._finish(task.where, task.part, counted)
                size = task.part.size or counted.size
                self.progress.step(counted.rows, task.where.source, size=size)
        finally:
            self.progress.finish()

    def _finish(self, where: Where, part: Part, counted: Counted) -> None:
        table, version = self._of_part[where.system, part]
        if counted.problem[0]:
            self._tell(table.look, counted.problem, part.table)
            table.sampled = True
            return
        self.kept.keep(part, version, counted)
        self._add(table, counted)

    def _add(self, table: TableCounts, counted: Counted) -> None:
        self.done += 1
        table.done += 1
        table.counted.add(counted)

    def _tell_odd(self, table: TableCounts) -> None:
        """Tell what of a table could not be read as it stands; of what gave nothing the number will do."""
        for told in merge_told(table.counted.told):
            if told.reason in READ_ALL_THE_SAME:
                self.odd.append(told)
            elif table.counted.rows:
                self.told += [told] if told not in self.told else []
            else:
                self._tell(table.look, (told.reason, told.detail))

    def _tell(self, look: Look, problem: tuple[str, str], table: str = "") -> None:
        reason, detail = problem
        if reason and (not look.is_named or reason in EXPECTED):
            self.passed[reason] += 1
        elif reason:
            said = f"{table}: {detail}" if table and not detail.startswith(f"{table}:") else detail
            told = PassedOver(look.where.source, reason, said)
            if told not in self.told:
                self.told.append(told)
