"""How many records a line is about: what is due, what is held and why, what goes along, what cannot be told.

It asks the systems and changes nothing. Each table is read once, by one question, and once more for each hold
that names people, whose hashes no database can compute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from curtilage.connectors.disposal.conditions import Any, Compare, Condition, Not, all_of, has_hash
from curtilage.connectors.disposal.nouns import (
    Act,
    Aggregate,
    Clear,
    Delete,
    Dependant,
    DestroyKey,
    DropPartition,
    Link,
    Measure,
    Partition,
    RemoveFiles,
    RewriteFile,
    Target,
    TransferThen,
)
from curtilage.connectors.disposal.ports import Disposer, UnfitTargetError
from curtilage.foundation.errors import SourceError, UndecidedError
from curtilage.inventory.nouns import Disposal, Holding, Inventory
from curtilage.retention.due import list_claimants
from curtilage.retention.holds import Holds, covers, held_rows
from curtilage.retention.nouns import Along, Due, HeldBack, Hold, Undecided

OpenDisposer = Callable[[str], Disposer]
"""Opens a system by its id; raises a SourceError where it cannot be reached. The door closes what it opened."""

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\b")
_TABLES: Final = frozenset({"csv", "tsv", "tab", "psv", "parquet", "pq", "xlsx", "xls", "ods"})


@dataclass(frozen=True, slots=True)
class Counted:
    """What one line of a plan is about, counted.

    Attributes:
        asked: What was asked.
        target: Which records.
        act: What would be done.
        due, rows, overdue, held, oldest, newest, along, present: As in :class:`~curtilage.retention.nouns.PlanItem`.
        part: Name of the partition; empty where it is the whole place.
        soon: Records whose time is not over, and will be before the end of the warning, where that was asked.
    """

    asked: Due
    target: Target
    act: Act
    due: int
    rows: int
    overdue: int
    held: tuple[HeldBack, ...]
    oldest: date | None
    newest: date | None
    along: tuple[Along, ...] = ()
    part: str = ""
    soon: int = 0
    present: int = 0


@dataclass(slots=True)
class Counting:
    """One going round of the systems.

    Attributes:
        declared: The whole inventory.
        dues: What is due, for every series: what goes along may belong to any.
        holds: What stands.
        open_disposer: Opens a system.
        ahead: Look ahead: tell what soon will be due, and places where nothing is; plan nothing.
        counted: The lines so far.
        undecided: What a person must decide, so far.
    """

    declared: Inventory
    dues: Sequence[Due]
    holds: Holds
    open_disposer: OpenDisposer
    ahead: bool = False
    counted: list[Counted] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)

    def count(self, due: Due) -> None:
        """Count what is due in one place; what cannot be asked is a question for a person."""
        try:
            disposer = self.open_disposer(due.holding.system)
            self._count(due, disposer)
        except UnfitTargetError as error:
            self._ask(due, "unfit", f"{error.what}.")
        except (SourceError, UndecidedError) as error:
            self._ask(due, "not-asked", f"{due.holding.system} could not be asked [{error.code}].")

    def _ask(self, due: Due, code: str, reason: str, rows: int | None = None) -> None:
        self.undecided.append(Undecided(due.series.id, due.holding.place, code, reason, rows))

    def _count(self, due: Due, disposer: Disposer) -> None:
        target, act = make_target(due), make_act(due)
        if self.ahead:
            self.counted.append(self._measure(due, target, act, disposer))
            return
        if isinstance(act, DropPartition):
            self._count_partitions(due, target, disposer)
            return
        disposer.check(target, act)
        along = self._along(due, target, act, disposer)
        if along is None:
            return
        target = replace(target, along=tuple(each.table for each in along))
        line = self._measure(due, target, act, disposer)
        if line.due:
            self.counted.append(replace(line, along=along))

    # --- what one scan tells -----------------------------------------------------------------------

    def _measure(
        self, due: Due, target: Target, act: Act, disposer: Disposer, *, noting: bool = True
    ) -> Counted:
        holds = self._holds_on(due)
        asked: dict[str, Condition | None] = {"due": target.condition, "later": due.later, "mine": due.mine}
        if due.overdue is not None and due.overdue != due.due:
            asked["overdue"] = all_of(target.condition, due.overdue)
        asked |= {f"free {hold.id}": self._free(due, target, [hold]) for hold in holds}
        asked["free"] = self._free(due, target, holds)
        if self.ahead:
            asked["soon"] = due.soon
        found, counts = _ask_once(disposer, target, asked, due.trigger)
        held = {hold: counts["due"] - counts[f"free {hold.id}"] for hold in holds}
        if noting:
            self._note_unknown(due, counts)
        return Counted(
            due,
            target,
            act,
            counts["due"],
            counts["free"],
            counts.get("overdue", 0 if due.overdue is None else counts["due"]),
            tuple(HeldBack(hold.id, hold.matter, hold.ground, rows) for hold, rows in held.items() if rows),
            found.oldest,
            found.newest,
            soon=counts.get("soon", counts["due"]) - counts["due"],
            present=counts["mine"],
        )

    def _holds_on(self, due: Due) -> list[Hold]:
        return [
            hold for hold in self.holds.list_standing() if covers(hold, {due.series.id}, due.holding.system)
        ]

    def _held(self, due: Due, target: Target, hold: Hold) -> Condition:
        return held_rows(hold, target.subject, target.key[0] if target.key else due.trigger)

    def _free(self, due: Due, target: Target, holds: Sequence[Hold]) -> Condition:
        """Return what may go although some holds stand."""
        held = tuple(self._held(due, target, hold) for hold in holds)
        return all_of(target.condition, *(Not(each) for each in held))

    def _note_unknown(self, due: Due, counts: Mapping[str, int]) -> None:
        if unknown := counts["mine"] - counts["due"] - counts["later"]:
            reason = (
                f"{unknown:,} records in {due.holding.place} have no day in {due.trigger} that can be meant."
            )
            self._ask(due, "no-day", reason, unknown)

    # --- what goes along ---------------------------------------------------------------------------

    def _along(self, due: Due, target: Target, act: Act, disposer: Disposer) -> tuple[Along, ...] | None:
        """Return what goes along; None after noting that it may not be told whether it may."""
        inner = act.act if isinstance(act, TransferThen) else act
        if not isinstance(inner, Delete | Aggregate):
            return ()
        found = []
        for dependant in disposer.list_dependants(target, counted=True):
            along = self._along_by(due, dependant)
            if along is None:
                series = ", ".join(sorted(each.series for each in self._claimants(due, dependant)))
                reason = f"Rows of {dependant.table} would go along; they belong to {series}, which is not decided or keeps them."
                self._ask(due, "along", reason)
                return None
            found.append(along)
        return tuple(sorted(found, key=lambda each: each.table))

    def _claimants(self, due: Due, dependant: Dependant) -> list[Holding]:
        return list(list_claimants(self.declared, due.holding.system, dependant.table))

    def _along_by(self, due: Due, dependant: Dependant) -> Along | None:
        claimants = self._claimants(due, dependant)
        if not claimants:
            return Along(dependant.table, dependant.rows or 0)
        by_id = {each.holding.id: each for each in self.dues}
        known = [
            by_id[each.id] for each in claimants if each.id in by_id and each.dispose is not Disposal.CLEAR
        ]
        if len(known) < len(claimants):
            return None
        conditions = tuple(each.due for each in known)
        subjects = {each.subject for each in claimants}
        return Along(
            dependant.table,
            dependant.rows or 0,
            ", ".join(sorted({each.series for each in claimants}))
            if len(claimants) > 1
            else claimants[0].series,
            conditions[0] if len(conditions) == 1 else Any(conditions),
            subjects.pop() if len(subjects) == 1 else "",
        )

    # --- partitions --------------------------------------------------------------------------------

    def _count_partitions(self, due: Due, target: Target, disposer: Disposer) -> None:
        """Count each partition whose records are all due; one with a held record is not dropped."""
        partitions = disposer.list_partitions(target.table)
        if not any(each.column.lower() == due.trigger.lower() for each in partitions):
            self._ask(due, "partition", f"{due.holding.place} is not parted by {due.trigger}.")
            return
        asked = {"due": target.condition, "later": due.later, "mine": due.mine}
        self._note_unknown(due, _ask_once(disposer, target, asked, "")[1])
        for partition, inside in _over_by(partitions, due):
            within = replace(due, due=all_of(due.due, inside), mine=inside)
            act, part = DropPartition(partition.name), replace(target, condition=within.due)
            disposer.check(part, act)
            # What is unknown was noted for the whole table.
            line = self._measure(within, part, act, disposer, noting=False)
            if line.due and disposer.count(replace(part, condition=inside)) == line.due:
                rows = line.rows if line.rows == line.due else 0
                self.counted.append(replace(line, asked=due, rows=rows, part=act.name))


def _ask_once(
    disposer: Disposer, target: Target, asked: Mapping[str, Condition | None], column: str
) -> tuple[Measure, dict[str, int]]:
    """Count by name, in one scan but for what no database can compute; the same question is asked once."""
    plain = {
        name: condition for name, condition in asked.items() if condition is None or not has_hash(condition)
    }
    distinct = list(dict.fromkeys(plain.values()))
    found = disposer.measure(target, distinct, column=column)
    counts = {name: found.counts[distinct.index(condition)] for name, condition in plain.items()}
    hashed = {
        name: condition for name, condition in asked.items() if condition is not None and name not in plain
    }
    for condition in dict.fromkeys(hashed.values()):
        rows = disposer.count(replace(target, condition=condition))
        counts |= {name: rows for name, each in hashed.items() if each == condition}
    return found, counts


def _over_by(partitions: Sequence[Partition], due: Due) -> Iterator[tuple[Partition, Condition]]:
    """Give the partitions that end before the day, each with the condition of what lies inside."""
    for each in partitions:
        below, least = _as_day(each.below), _as_day(each.least)
        if each.column.lower() != due.trigger.lower() or below is None or below > due.day:
            continue
        inside: Condition = Compare(due.trigger, "<", below)
        if each.least:
            if least is None:
                continue  # bounded by something that is no day
            inside = all_of(Compare(due.trigger, ">=", least), inside)
        yield each, inside


def _as_day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


# --- from declarations to what is done -----------------------------------------------------------


def make_target(due: Due) -> Target:
    """Return which records a line is about."""
    holding = due.holding
    return Target(
        system=holding.system,
        table=holding.within,
        condition=due.due,
        key=holding.key,
        subject=holding.subject,
        links=tuple(_link(each, holding.within) for each in holding.depends),
    )


def count_covered(
    declared: Inventory, hold: Hold, open_disposer: OpenDisposer
) -> tuple[tuple[tuple[Holding, int], ...], tuple[Undecided, ...]]:
    """Count what a hold is about in every place, due or not; what may be meant counts.

    Args:
        declared: The whole inventory.
        hold: Placed, or only thought of.
        open_disposer: Opens a system by id.

    Returns:
        Each place that it covers with the number of records, in the order of the files; and the places that
        could not be asked, where everything is held.
    """
    found, unasked = [], []
    for holding in (holding for series in declared.series for holding in series.held_in):
        if not covers(hold, {holding.series}, holding.system):
            continue
        try:
            found.append((holding, _count_in(holding, hold, open_disposer(holding.system))))
        except (SourceError, UndecidedError) as error:
            reason = f"{holding.place} could not be asked [{error.code}]; nothing goes from it while the hold stands."
            unasked.append(Undecided(holding.series, holding.place, "not-asked", reason))
    return tuple(found), tuple(unasked)


def _count_in(holding: Holding, hold: Hold, disposer: Disposer) -> int:
    columns = [*holding.key, *(column for _, column in holding.triggers)]
    if not columns:
        raise UnfitTargetError(system=holding.system, what=f"{holding.within} names no column")
    held = held_rows(hold, holding.subject, columns[0])
    target = Target(holding.system, holding.within, Not(held), key=holding.key, subject=holding.subject)
    return disposer.measure(target, [None]).counts[0] - disposer.count(target)


def _link(declared: str, parent: str) -> Link:
    table, _, column = declared.rpartition(".")
    return Link(table, (column,), parent)


def make_act(due: Due) -> Act:
    """Return what is done to the records of a line, which declares all that it needs (see ``due``)."""
    holding = due.holding
    match holding.dispose:
        case Disposal.CLEAR:
            return Clear(holding.clear)
        case Disposal.AGGREGATE:
            return Aggregate(holding.group_by, holding.count_into)
        case Disposal.DROP_PARTITION:
            return DropPartition("")
        case Disposal.REWRITE:
            return RewriteFile()
        case Disposal.REMOVE_FILES:
            return RemoveFiles()
        case Disposal.DESTROY_KEY:
            return DestroyKey(holding.key_name)
        case Disposal.TRANSFER:
            return TransferThen(_moved(due), holding.to)
    return Delete()


def _moved(due: Due) -> Delete | RemoveFiles | RewriteFile:
    """Return how what the archives received goes: as rows of a table, as documents, as rows of files."""
    within = due.holding.within
    suffix = within.rpartition(".")[2].lower()
    if due.trigger.startswith("file_"):
        return RemoveFiles()
    return RewriteFile() if "/" in within or "*" in within or suffix in _TABLES else Delete()


def count_all(
    declared: Inventory,
    dues: Sequence[Due],
    holds: Holds,
    open_disposer: OpenDisposer,
    *,
    only: Sequence[str] = (),
    ahead: bool = False,
) -> tuple[tuple[Counted, ...], tuple[Undecided, ...]]:
    """Ask every system what is due in it.

    Args:
        declared: The whole inventory.
        dues: From ``due.weigh_all``, for all series.
        holds: What stands.
        open_disposer: Opens a system by id.
        only: Ids of the series to count; empty is all.
        ahead: Tell what soon will be due, too, and of every place.

    Returns:
        The lines that have anything due (with ``ahead``, every place), and what a person must decide.
    """
    counting = Counting(declared, dues, holds, open_disposer, ahead)
    for due in dues:
        if not only or due.series.id in only:
            counting.count(due)
    return tuple(counting.counted), tuple(counting.undecided)
