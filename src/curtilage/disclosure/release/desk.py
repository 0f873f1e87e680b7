"""What a release needs from outside, and its two steps before anything leaves: the plan, and the approvals.

Rules of this file:

* Everything that is recorded goes through the desk of the case, which weighs who may, and when.
* Policy is asked anew each time: at the plan, at each approval, and when the package is made.
* The plan is sealed with the case, so that who approves and who releases read that very plan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import Acted, CaseDesk, act, open_body
from curtilage.disclosure.case.leaving import weigh_ruling
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.roles import MAY, roles_of, say_roles
from curtilage.disclosure.case.state import read_case
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.release.nouns import FORMAT, ReleasePlan, Scope
from curtilage.disclosure.release.plan import PLAN_DAYS, Ingredients, Open, make_plan, reading
from curtilage.disclosure.release.scope import scope_from_json
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import Officer
from curtilage.retention.nouns import Permission, Reason

_TRIES: Final = 10
"""How often a step is tried that somebody else's came before; nobody acts on a case that often at once."""


class BrokenPlanError(EvidenceError):
    """The plan that the case holds is not the one that was recorded."""

    code = "disclosure.broken-plan"

    def __init__(self, *, case: str) -> None:
        self.case = case
        super().__init__(
            f"The plan that case {case} holds is not the one whose fingerprint stands in the ledger. Nothing left. "
            "Verify the record: curtilage ledger verify; tell oversight; then plan the release again."
        )


@dataclass(frozen=True, slots=True)
class Releasing:
    """What a release needs.

    Attributes:
        desk: The desk of the case.
        opener: Opens a system to read from.
        still: Asks policy anew whether the case, as it is now, may be released.
        by: Who does it.
    """

    desk: CaseDesk
    opener: Open
    still: Callable[[Case], Permission]
    by: Officer


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of planning: true, asked as a truth, where there is a plan, and it was recorded.

    Attributes:
        case: The case afterwards.
        plan: The plan; None where there is none.
        reasons: Why there is none.
    """

    case: Case
    plan: ReleasePlan | None
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is a plan."""
        return self.plan is not None and not self.reasons


def plan_release(release: Releasing, case: str, recipients: Sequence[str]) -> Planned:
    """Plan what would leave in a case, and record the plan.

    Args:
        release: What a release needs.
        case: Id of the case, or how it begins.
        recipients: Public keys that can open the package; at least one.

    Raises:
        UnknownCaseError: There is no such case.
        UndecidedError: A place is not as the scope or the inventory says.
        SourceError: A system does not answer.
        EvidenceError: The case's scope is not what was recorded.

    Effects:
        Counts in the city's systems; appends to the ledger.
    """
    found = read_case(release.desk.ledger, case)
    now = release.desk.now()
    allowed = [*_weigh_role(release), *weigh_ruling(found, now).reasons]
    allowed += () if allowed else release.still(found).reasons
    if allowed:
        return Planned(found, None, tuple(allowed))
    if found.bounds is None:
        text = f"Nobody has said how far the answer goes: curtilage disclosure narrow {found.id} SCOPE"
        return Planned(found, None, (Reason("no-bounds", text),))
    expires = now.today + timedelta(days=PLAN_DAYS - 1)
    scope = open_scope(release, found)
    given = Ingredients(found, scope, release.desk.declared, tuple(recipients), now.today, expires)
    plan = _make(release, given)
    if isinstance(plan, Permission):
        return Planned(found, None, plan.reasons)
    step = Step(_to_event(plan, scope), {ev.PLAN: Guarded(canonical_bytes(plan.to_json()).decode())})
    acted = act(release.desk, found.id, step, by=release.by, seen=found.number)
    return Planned(acted.case or found, plan, acted.reasons)


def approve(release: Releasing, case: str, plan: str, role: str) -> Acted:
    """Approve a plan, in a role.

    Args:
        release: What a release needs; ``release.by`` approves.
        case: Id of the case, or how it begins.
        plan: Id of the plan.
        role: One of ``disclosure.nouns.ROLES``.

    Raises:
        UnknownCaseError: There is no such case.
        EvidenceError: The plan is not what was recorded.

    Effects:
        Appends to the ledger.
    """
    found = read_case(release.desk.ledger, case)
    if found.plan is not None:
        read_plan(release, found)
        still = release.still(found)
        if not still:
            return Acted(found, still.reasons)
    return act(release.desk, found.id, ev.Approved(plan, role), by=release.by, seen=found.number)


def pick_role(case: Case, officer: Officer) -> str:
    """Return in which role somebody approves: the one that releases by the ruling, where it is theirs."""
    has = roles_of(officer)
    if case.ruling and case.ruling.role in has:
        return case.ruling.role
    return min(has & MAY[ev.Approved], default=min(has))


def open_scope(release: Releasing, case: Case) -> Scope:
    """Return how far the case's release reaches.

    Raises:
        NoSuchBodyError: Nobody narrowed the case.
        BodyDestroyedError: It was destroyed on its schedule.
        EvidenceError: It is not what was recorded.
    """
    return scope_from_json(json.loads(open_body(release.desk.ledger, case, ev.SCOPE).unsafe_reveal()))


def read_plan(release: Releasing, case: Case) -> ReleasePlan:
    """Return the plan that stands, as it was recorded.

    Raises:
        BrokenPlanError: It does not match its fingerprint.
        EvidenceError: It is not what was recorded.
    """
    import msgspec

    said = json.loads(open_body(release.desk.ledger, case, ev.PLAN).unsafe_reveal())
    if not isinstance(said, dict) or said.pop("format", None) != FORMAT:
        raise BrokenPlanError(case=case.id)
    try:
        plan = msgspec.convert(said, ReleasePlan)
    except msgspec.ValidationError:
        raise BrokenPlanError(case=case.id) from None
    if case.plan is None or plan.id != case.plan.plan or plan.case != case.id:
        raise BrokenPlanError(case=case.id)
    return plan


def record(release: Releasing, case: str, step: ev.Data) -> Acted:
    """Record a step on the case as it stands, whoever was quicker with something else: it is weighed each time."""
    from curtilage.disclosure.case.desk import MOVED

    acted = act(release.desk, case, step, by=release.by)
    for _ in range(_TRIES):
        if acted or all(reason.code != MOVED for reason in acted.reasons):
            break
        acted = act(release.desk, case, step, by=release.by)
    return acted


def _make(release: Releasing, given: Ingredients) -> ReleasePlan | Permission:
    drafts = given.drafts()
    if isinstance(drafts, Permission):
        return drafts
    with reading(drafts, release.opener) as systems:
        return make_plan(given, drafts, systems)


def _weigh_role(release: Releasing) -> tuple[Reason, ...]:
    """Return why nothing is even counted for somebody: to learn whether a record exists is an answer, too."""
    if MAY[ev.Planned] & roles_of(release.by):
        return ()
    text = f"Your role is {release.by.role}. This is done by {say_roles(MAY[ev.Planned])}."
    return (Reason("not-your-role", text),)


def _to_event(plan: ReleasePlan, scope: Scope) -> ev.Planned:
    return ev.Planned(
        plan=plan.id,
        subjects=min(plan.people, scope.subjects),
        rows=plan.rows,
        fields=plan.count_fields(),
        left_out=plan.count_left_out(),
        expires=plan.expires,
    )
