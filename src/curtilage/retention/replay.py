"""Delete again what had been deleted, after a system was restored from a backup.

Rules of this file:

* What goes is what the ledger's manifests list, by keyed hashes of keys: not what a condition would find now.
  A record that was changed between the backup and its deletion goes too; one that never went does not.
* The consent of then stands: the restore did not undo it. Holds are asked for as ever, in each batch.
* It walks the one code path that deletes, and ends with a certificate of its own.
* A partition has no list. It is dropped again by its name, where every row in it surely meets the condition
  of then; otherwise the line is refused, and a person looks.
* A list that was destroyed, since no backup should hold its records any more, cannot be replayed: it is told.
* A replay that a further restore cut off gives way to a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from curtilage.connectors.disposal.conditions import KeyIn
from curtilage.connectors.disposal.nouns import DropPartition, TransferThen
from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.inventory.nouns import Inventory, Officer
from curtilage.ledger.errors import BodyDestroyedError
from curtilage.ledger.nouns import NO_STREAM, Actor, BodyRef, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.authorise import has_role
from curtilage.retention.carry_out import Result, carry_out
from curtilage.retention.carrying import Carrying
from curtilage.retention.events import (
    MANIFEST,
    PREFIX,
    BatchDone,
    BatchIntended,
    PlanFinished,
    PlanMade,
    PlanStopped,
    Replayed,
    plan_stream,
    read_kind,
    to_event,
)
from curtilage.retention.manifest import unpack
from curtilage.retention.nouns import Permission, Plan, PlanItem, Reason
from curtilage.retention.run_line import MarkMismatchError
from curtilage.retention.state import fold_plan


class NothingToReplayError(UsageError):
    """The ledger knows of nothing that was deleted from a system and can be deleted again."""

    code = "retention.nothing-to-replay"

    def __init__(self, *, system: str, lost: int) -> None:
        self.system, self.lost = system, lost
        why = (
            f"The lists of {lost:,} records were destroyed, since no declared backup should hold them any more"
            if lost
            else "Nothing was deleted from it by a plan"
        )
        super().__init__(
            f"There is nothing to delete again in {system}. {why}. Nothing was deleted. "
            "If records came back all the same, make a plan: curtilage retention plan"
        )


@dataclass(frozen=True, slots=True)
class Replay:
    """What is to be deleted again.

    Attributes:
        plan: Made from the lines of the plans of then; its id names the replay.
        plans: Ids of those plans, sorted.
        system: Id of the system.
        lost: Records whose list was destroyed.
        parts: Lines whose records have no list: partitions that were dropped, and are dropped again.
        resumed: Whether it was begun before, and goes on.
    """

    plan: Plan
    plans: tuple[str, ...]
    system: str
    lost: int
    parts: tuple[str, ...]
    resumed: bool


@dataclass(slots=True)
class _Found:
    """What one line's manifests list; ``whole`` counts the records of a partition, which has none."""

    item: PlanItem
    plans: set[str]
    hashes: set[bytes] = field(default_factory=set)
    whole: int = 0


def plan_replay(ledger: Ledger, system: str, *, city: str, now: datetime, today: date, by: str) -> Replay:
    """Return what is to be deleted again in a system.

    Args:
        ledger: The ledger.
        system: Id of the system that was restored.
        city: The city's name.
        now: UTC; a replay that was begun and has not ended goes on under its own id.
        today: Calendar date in the city's zone.
        by: Id of the officer.

    Raises:
        NothingToReplayError: There is nothing.
        EvidenceError: A manifest is not the one that was recorded.
    """
    found, lost = _collect(ledger, system)
    if not found:
        raise NothingToReplayError(system=system, lost=lost)
    items = tuple(_line(found[key]) for key in sorted(found))
    begun, count = _find_begun(ledger, system)
    id_ = begun or fingerprint([system, now.isoformat(), count, sorted(found)])
    plans = tuple(sorted({plan for each in found.values() for plan in each.plans}))
    made = Plan(id_, city, today, now, by, today, today, items, ())
    parts = tuple(item.id for item in items if isinstance(item.act, DropPartition))
    return Replay(made, plans, system, lost, parts, bool(begun))


def carry_out_replay(
    ask: Callable[[], Replay],
    carrying_of: Callable[[str], Carrying],
    *,
    ledger: Ledger,
    declared: Inventory,
    today: Callable[[], date],
    by: Actor,
) -> tuple[Replay, Result]:
    """Carry a replay out, from wherever it stands.

    Args:
        ask: Plans it, and weighs whether it may be; asked once more where the system was restored again while
            it was under way, for then it begins anew.
        carrying_of: Where and how a plan of an id is carried out; asked when the ledger knows that it begins.
        ledger: The ledger.
        declared: The inventory, for the certificate.
        today: Calendar date in the city's zone.
        by: Who does it.

    Returns:
        What was carried out, and how it ended.

    Raises:
        EvidenceError: The ledger, or what the system remembers, cannot be right. Nothing more was deleted.

    Effects:
        As :func:`begin_replay` and ``carry_out``.
    """
    made = ask()
    try:
        return made, _carry_out(made, carrying_of, ledger=ledger, declared=declared, today=today, by=by)
    except MarkMismatchError as error:
        if not made.resumed or error.marked > error.recorded:
            raise
    made = ask()  # the ledger tells by now that the one before met a restore
    return made, _carry_out(made, carrying_of, ledger=ledger, declared=declared, today=today, by=by)


def _carry_out(
    made: Replay,
    carrying_of: Callable[[str], Carrying],
    *,
    ledger: Ledger,
    declared: Inventory,
    today: Callable[[], date],
    by: Actor,
) -> Result:
    begin_replay(ledger, made, by=by)
    carrying = carrying_of(made.plan.id)
    try:
        items = tuple(item for item in made.plan.items if _may_be_there(item, carrying))
    finally:
        carrying.close()
    return carry_out(replace(made.plan, items=items), carrying, declared=declared, today=today, by=by)


def _may_be_there(item: PlanItem, carrying: Carrying) -> bool:
    """Return whether a restored backup may have brought something of a line back: not a partition that is not there."""
    if not isinstance(item.act, DropPartition) or carrying.recorder.batches(item.id)[0]:
        return True
    with suppress(SourceError):  # the line itself tells what is wrong
        parts = carrying.disposer(item.target.system).list_partitions(item.target.table)
        return any(part.name == item.act.name for part in parts)
    return True


def begin_replay(ledger: Ledger, replay: Replay, *, by: Actor) -> None:
    """Record that a replay begins, and end what had begun in the system before it was restored.

    What the system remembers of a plan in the middle is from before the backup, so that plan cannot go on; a
    new one can. A replay that was begun before is left as it is.

    Effects:
        Appends to the ledger.
    """
    for name, entries in _streams(ledger):
        state = fold_plan(entries)
        touched = {item.id for item in state.plan.items if item.target.system == replay.system}
        if touched & set(state.batches) and not state.finished and not state.stopped:
            stopped = PlanStopped(state.plan.id, "restored", sum(state.batches.values()), final=True)
            ledger.append(name, len(entries), [to_event(stopped)], by=by)
    stream = plan_stream(replay.plan.id)
    if not ledger.read(stream):
        said = Replayed(
            replay.plan.id,
            replay.system,
            replay.plans,
            len(replay.plan.items),
            replay.plan.rows,
            replay.lost,
        )
        ledger.append(stream, NO_STREAM, [to_event(said)], by=by)


def weigh_replay(replay: Replay, officer: Officer) -> Permission:
    """Return whether an officer may have a replay carried out: one of those who agree to each line, at least."""
    reasons = [
        Reason(
            "not-the-role", f"{officer.id} is {officer.role}; {item.id} asks for {' or '.join(item.signers)}."
        )
        for item in replay.plan.items
        if not any(has_role(officer, role) for role in item.signers)
    ]
    return Permission(tuple(reasons))


def _streams(ledger: Ledger) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Give the stream of each plan, with its entries."""
    for name in ledger.list_streams(f"{PREFIX}plan-"):
        entries = ledger.read(name)
        if entries[0].kind == PlanMade.KIND:
            yield name, entries


def _collect(ledger: Ledger, system: str) -> tuple[Mapping[str, _Found], int]:
    """Return what went from a system, by line, and how many records have no list any more."""
    found: dict[str, _Found] = {}
    lost = 0
    for _, entries in _streams(ledger):
        items = {item.id: item for item in fold_plan(entries).plan.items if item.target.system == system}
        done = {(said.item, said.number, said.root) for _, said in read_kind(entries, BatchDone)}
        for entry, said in read_kind(entries, BatchIntended):
            if said.item not in items or (said.item, said.number, said.root) not in done:
                continue
            item = items[said.item]
            ref = next((each for each in entry.bodies if each.name == MANIFEST), None)
            hashes = _open(ledger, ref, said.root) if ref else frozenset()
            if hashes is None:
                lost += said.rows
                continue
            known = found.setdefault(item.id, _Found(item, set()))
            known.item = _join(known.item, item)
            known.hashes |= hashes
            known.whole += 0 if ref else said.rows
            known.plans.add(said.plan)
    return found, lost


def _open(ledger: Ledger, ref: BodyRef, root: str) -> frozenset[bytes] | None:
    try:
        return unpack(ledger.open_body(ref), root=root)
    except BodyDestroyedError:
        return None


def _join(one: PlanItem, other: PlanItem) -> PlanItem:
    """Return the newer line, with the dates of both."""
    days = [day for item in (one, other) for day in (item.oldest, item.newest) if day]
    along = {each.table: each for item in (one, other) for each in item.along}
    return replace(
        other, oldest=min(days, default=None), newest=max(days, default=None), along=tuple(along.values())
    )


def _line(found: _Found) -> PlanItem:
    item = replace(found.item, overdue=0, held=())
    if isinstance(item.act, DropPartition):
        return replace(item, due=found.whole, rows=found.whole)
    rows = len(found.hashes)
    target = replace(item.target, condition=KeyIn(frozenset(each.hex() for each in found.hashes)))
    act = item.act.act if isinstance(item.act, TransferThen) else item.act
    return replace(item, target=target, act=act, due=rows, rows=rows)


def _find_begun(ledger: Ledger, system: str) -> tuple[str, int]:
    """Return the id of a replay of a system that can go on, empty where there is none, and how many there were.

    One that met a system which remembers less than the ledger cannot go on: it was restored once more since.
    """
    begun, count = "", 0
    for entry, said in read_kind(ledger.read_all(kinds=(Replayed.KIND,)), Replayed):
        entries = ledger.read(entry.stream)
        ended = any(each.kind == PlanFinished.KIND for each in entries)
        lost = any(stop.reason == MarkMismatchError.code for _, stop in read_kind(entries, PlanStopped))
        begun = said.plan if said.system == system and not (ended or lost) else begun
        count += 1
    return begun, count
