"""Delete again what had been deleted, after a system was restored from a backup.

Rules of this file:

* What goes is what the ledger's manifests list, by keyed hashes of keys: not what a condition would find now.
  A record that was changed between the backup and its deletion goes too; one that never went does not.
* The consent of then stands: the restore did not undo it. Holds are asked for as ever, in each batch.
* It walks the one code path that deletes, and ends with a certificate of its own.
* A list that was destroyed, since no backup should hold its records any more, cannot be replayed: it is told,
  and so is a partition, which has no list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from curtilage.connectors.disposal.conditions import KeyIn
from curtilage.connectors.disposal.nouns import TransferThen
from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.errors import UsageError
from curtilage.inventory.nouns import Officer
from curtilage.ledger.errors import BodyDestroyedError
from curtilage.ledger.nouns import NO_STREAM, Actor, BodyRef, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.authorise import has_role
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
        parts: Lines whose records have no list: partitions that were dropped.
    """

    plan: Plan
    plans: tuple[str, ...]
    system: str
    lost: int
    parts: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What one line's manifests list."""

    item: PlanItem
    hashes: set[bytes]
    plans: set[str]


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
    found, lost, parts = _collect(ledger, system)
    if not found:
        raise NothingToReplayError(system=system, lost=lost)
    items = tuple(_line(found[key]) for key in sorted(found))
    begun, count = _find_begun(ledger, system)
    id_ = begun or fingerprint([system, now.isoformat(), count, sorted(found)])
    plans = tuple(sorted({plan for each in found.values() for plan in each.plans}))
    made = Plan(id_, city, today, now, by, today, today, items, ())
    return Replay(made, plans, system, lost, tuple(sorted(parts)))


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


def _collect(ledger: Ledger, system: str) -> tuple[Mapping[str, _Found], int, set[str]]:
    found: dict[str, _Found] = {}
    lost, parts = 0, set[str]()
    for _, entries in _streams(ledger):
        items = {item.id: item for item in fold_plan(entries).plan.items if item.target.system == system}
        done = {(said.item, said.number, said.root) for _, said in read_kind(entries, BatchDone)}
        for entry, said in read_kind(entries, BatchIntended):
            if said.item not in items or (said.item, said.number, said.root) not in done:
                continue
            ref = next((each for each in entry.bodies if each.name == MANIFEST), None)
            if ref is None:
                parts.add(said.item)
            elif (hashes := _open(ledger, ref, said.root)) is None:
                lost += said.rows
            else:
                known = found.setdefault(said.item, _Found(items[said.item], set(), set()))
                known.item = _join(known.item, items[said.item])
                known.hashes |= hashes
                known.plans.add(said.plan)
    return found, lost, parts


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
    item, rows = found.item, len(found.hashes)
    target = replace(item.target, condition=KeyIn(frozenset(each.hex() for each in found.hashes)))
    act = item.act.act if isinstance(item.act, TransferThen) else item.act
    return replace(item, target=target, act=act, due=rows, rows=rows, overdue=0, held=())


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
