"""What the ledger tells of plans: the state of each is the fold of its own stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from curtilage.foundation.errors import UndecidedError
from curtilage.ledger.nouns import NO_STREAM, Actor, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.events import (
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
    streams = (ledger.read(name) for name in ledger.list_streams(f"{PREFIX}plan-"))
    # A replay has such a stream, too, and no plan in it.
    states = (fold_plan(entries) for entries in streams if entries[0].kind == PlanMade.KIND)
    return tuple(sorted(states, key=lambda state: (state.plan.made, state.plan.id)))


def fold_plan(entries: Sequence[Entry]) -> PlanState:
    """Return the state of a plan from the entries of its stream, in order; at least one."""
    state = PlanState(_plan_of(entries), 0, (), entries[0].at)
    for entry in entries:
        state = evolve(state, entry)
    return state


def _plan_of(entries: Sequence[Entry]) -> Plan:
    made = next((made for _, made in read_kind(tuple(entries), PlanMade)), None)
    if made is None:
        raise PlanChangedError(plan=entries[0].stream.rpartition("-")[2])
    parts = sorted((part.part, part.text) for _, part in read_kind(tuple(entries), PlanPart))
    return join_plan(made.plan, [text for _, text in parts])


def evolve(state: PlanState, entry: Entry) -> PlanState:
    """Return the state after one more entry of the plan's stream."""
    state = replace(state, version=entry.number, last=max(state.last, entry.at))
    match read(entry):
        case Authorised(role=role, expires=expires):
            given = Authorisation(role, entry.actor.id, entry.at, expires)
            return replace(state, authorisations=(*state.authorisations, given))
        case Begun():
            return replace(state, begun=state.begun or entry.at)
        case BatchDone(item=item, rows=rows):
            return replace(state, batches={**state.batches, item: state.batches.get(item, 0) + rows})
        case PlanFinished():
            return replace(state, finished=True)
        case PlanStopped(reason=reason, final=True):
            return replace(state, stopped=reason)
    return state
