"""What the ledger tells of plans: the state of each is the fold of its own stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final

from curtilage.foundation.canonical import JSON
from curtilage.foundation.errors import UndecidedError
from curtilage.ledger.nouns import NO_STREAM, Actor, Entry
from curtilage.ledger.ports import Ledger
from curtilage.ledger.record import Record
from curtilage.ledger.snapshots import Projection, load_state
from curtilage.retention.events import (
    HOLD_KINDS,
    KINDS,
    PREFIX,
    Authorised,
    BatchDone,
    Begun,
    PlanFinished,
    PlanMade,
    PlanPart,
    PlanStopped,
    plan_stream,
    read,
    read_kind,
    to_event,
)
from curtilage.retention.nouns import Authorisation, Plan, PlanState
from curtilage.retention.plan_file import PlanChangedError, join_plan, split_plan


class UnknownPlanError(UndecidedError):
    """The ledger does not know a plan, or knows several that begin so."""

    code = "retention.unknown-plan"

    def __init__(self, *, plan: str, found: int = 0) -> None:
        self.plan, self.found = plan, found
        what = f"{found} plans begin with {plan[:12]}" if found else f"The ledger knows no plan {plan[:12]}"
        super().__init__(
            f"{what}. Nothing was deleted. List the plans with: curtilage retention status; "
            "make one with: curtilage retention plan --out plan.json"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: all of a :class:`~curtilage.retention.nouns.PlanState` but the plan itself."""

    last: datetime
    version: int = 0
    authorisations: tuple[Authorisation, ...] = ()
    begun: datetime | None = None
    finished: bool = False
    stopped: str = ""
    batches: Mapping[str, int] = field(default_factory=dict)


def record_plan(ledger: Ledger, plan: Plan, *, by: Actor) -> Entry:
    """Record a plan, whole, so that it can be carried out from the ledger alone.

    Effects:
        Appends to the ledger.

    Raises:
        StreamMovedError: It is recorded already.
    """
    parts = list(split_plan(plan))
    made = PlanMade(
        plan.id,
        plan.day,
        plan.not_before,
        plan.expires,
        len(plan.items),
        plan.rows,
        len(plan.undecided),
        len(parts),
    )
    data = [made, *(PlanPart(plan.id, number, text) for number, text in enumerate(parts, start=1))]
    return ledger.append(plan_stream(plan.id), NO_STREAM, [to_event(each) for each in data], by=by)[0]


def read_state(ledger: Ledger, plan: str) -> PlanState:
    """Return what the ledger tells of a plan.

    Args:
        ledger: The ledger.
        plan: Id of the plan, 64 hex digits.

    Raises:
        UnknownPlanError: There is none.
        EvidenceError: What was recorded of it cannot be read, or is not what was made.
    """
    entries = ledger.read(plan_stream(plan))
    if not entries:
        raise UnknownPlanError(plan=plan)
    return fold_plan(entries)


def find_plan(ledger: Ledger, start: str) -> str:
    """Return the id of the one plan whose id begins so; at least 6 hex digits.

    Raises:
        UnknownPlanError: None does, or several do.
    """
    found = [name for name in ledger.list_streams(f"{PREFIX}plan-{start[:32]}") if len(start) >= 6]
    if len(found) != 1:
        raise UnknownPlanError(plan=start, found=len(found))
    plan = next((made.plan for _, made in read_kind(ledger.read(found[0]), PlanMade)), "")
    if not plan.startswith(start):
        raise UnknownPlanError(plan=start)
    return plan


def list_states(ledger: Ledger) -> tuple[PlanState, ...]:
    """Return the state of every plan, the oldest first; may be empty."""
    made: dict[str, list[Entry]] = {}
    for entry in ledger.read_all(kinds=(PlanMade.KIND, PlanPart.KIND)):
        made.setdefault(entry.stream, []).append(entry)
    progress = _fold_all(ledger)
    states = (_state_of(_plan_of(entries), progress[stream]) for stream, entries in made.items())
    return tuple(sorted(states, key=lambda state: (state.plan.made, state.plan.id)))


def fold_plan(entries: Sequence[Entry]) -> PlanState:
    """Return the state of a plan from the entries of its stream, in order; at least one."""
    progress = Progress(last=entries[0].at)
    for entry in entries:
        progress = advance(progress, entry)
    return _state_of(_plan_of(entries), progress)


def _state_of(plan: Plan, progress: Progress) -> PlanState:
    return PlanState(plan, **{each.name: getattr(progress, each.name) for each in fields(progress)})


def _plan_of(entries: Sequence[Entry]) -> Plan:
    made = next((made for _, made in read_kind(tuple(entries), PlanMade)), None)
    if made is None:
        raise PlanChangedError(plan=entries[0].stream.rpartition("-")[2])
    parts = sorted((part.part, part.text) for _, part in read_kind(tuple(entries), PlanPart))
    return join_plan(made.plan, [text for _, text in parts])


def advance(progress: Progress, entry: Entry) -> Progress:
    """Return how far a plan is after one more entry of its stream.

    Raises:
        UnknownEventError: The entry cannot be read here.
    """
    progress = replace(progress, version=entry.number, last=max(progress.last, entry.at))
    match read(entry):
        case Authorised(role=role, expires=expires):
            given = Authorisation(role, entry.actor.id, entry.at, expires)
            return replace(progress, authorisations=(*progress.authorisations, given))
        case Begun():
            return replace(progress, begun=progress.begun or entry.at)
        case BatchDone(item=item, rows=rows):
            return replace(progress, batches={**progress.batches, item: progress.batches.get(item, 0) + rows})
        case PlanFinished():
            return replace(progress, finished=True)
        case PlanStopped(reason=reason, final=True):
            return replace(progress, stopped=reason)
    return progress


# --- all plans at once, from a snapshot ----------------------------------------------------------

All = Mapping[str, Progress]
"""How far each plan is, by its stream."""


def _fold_all(ledger: Ledger) -> All:
    if isinstance(ledger, Record):
        return load_state(ledger, PLANS).value
    progress: All = {}
    for entry in ledger.read_all(kinds=PLANS.kinds):
        progress = _evolve_all(progress, entry)
    return progress


def _evolve_all(progress: All, entry: Entry) -> All:
    if not entry.stream.startswith(f"{PREFIX}plan-"):
        return progress
    before = progress.get(entry.stream, Progress(last=entry.at))
    # One mapping is carried along a fold of very many entries, and belongs to that fold alone.
    assert isinstance(progress, dict)
    progress[entry.stream] = advance(before, entry)
    return progress


def _write_all(progress: All) -> JSON:
    return {stream: _write(each) for stream, each in progress.items()}


def _write(progress: Progress) -> JSON:
    return {
        "version": progress.version,
        "authorisations": [
            [each.role, each.officer, each.at.isoformat(), each.expires.isoformat()]
            for each in progress.authorisations
        ],
        "last": progress.last.isoformat(),
        "begun": progress.begun.isoformat() if progress.begun else None,
        "finished": progress.finished,
        "stopped": progress.stopped,
        "batches": dict(progress.batches),
    }


def _read_all(said: Any) -> All:
    return {stream: _read(each) for stream, each in said.items()}


def _read(said: Any) -> Progress:
    return Progress(
        version=said["version"],
        authorisations=tuple(
            Authorisation(role, officer, datetime.fromisoformat(at), date.fromisoformat(expires))
            for role, officer, at, expires in said["authorisations"]
        ),
        last=datetime.fromisoformat(said["last"]),
        begun=datetime.fromisoformat(said["begun"]) if said["begun"] else None,
        finished=said["finished"],
        stopped=said["stopped"],
        batches=said["batches"],
    )


PLANS: Final = Projection(
    name="retention-plans",
    version=1,
    start=dict,
    evolve=_evolve_all,
    write=_write_all,
    read=_read_all,
    kinds=frozenset(KINDS) - frozenset(HOLD_KINDS),
)
"""How far each plan is; what the plans say stands in their own entries."""
