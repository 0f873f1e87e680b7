"""Whether anything of a case may leave: what must hold of the case, in one place.

Rules of this file:

* Policy's answer is one of the conditions, and never the only one. It is asked anew besides, by
  ``judge.weigh_still``, whenever this is asked.
* Two different people approve, neither of them who planned, one of them in the role that releases. In an
  emergency one supervisor approves what somebody else planned.
* People are told apart by their names in ``city.yml``: one person under two ids approves once.
* An approval counts while who gave it still has that role.

Source:
    curtilage-disclosure-table, approvers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.disclosure.case.nouns import Approval, Case, Moment
from curtilage.disclosure.case.roles import SUPERVISOR, roles_of, say_roles
from curtilage.inventory.nouns import Officer
from curtilage.retention.nouns import Permission, Reason

WITHOUT_COUNSEL: Final = ("records-officer", SUPERVISOR)
"""Roles that release without counsel's confirmation: what law makes public, and an emergency."""


_ONE_NAME: Final = " Ids of one name in city.yml count as one person."


def weigh_leaving(case: Case, now: Moment) -> Permission:
    """Return whether the plan that stands may be released now, as far as the case itself says.

    Args:
        case: The case as it stands at this moment.
        now: The moment.
    """
    return Permission(
        (*weigh_ruling(case, now).reasons, *_weigh_plan(case, now), *_weigh_approvals(case, now))
    )


def weigh_ruling(case: Case, now: Moment) -> Permission:
    """Return whether the case is decided so that a plan may be made of what leaves."""
    return Permission(tuple(_weigh_ruling(case, now)))


def weigh_approval(case: Case, officer: Officer, plan: str, role: str, now: Moment) -> Permission:
    """Return whether somebody may approve a plan in a role."""
    return Permission(
        (
            *weigh_ruling(case, now).reasons,
            *_weigh_plan(case, now),
            *_weigh_one(case, officer, plan, role, now),
        )
    )


def list_counting(case: Case, now: Moment) -> tuple[Approval, ...]:
    """Return the approvals that count: one a person, not who planned, still in that role."""
    if case.plan is None:
        return ()
    counting: list[Approval] = []
    for given in case.list_approvals():
        officer = now.find(given.officer)
        others = (case.plan.by, *(each.officer for each in counting))
        is_new = not any(now.is_one_person(given.officer, other) for other in others)
        if officer and given.role in roles_of(officer) and is_new:
            counting.append(given)
    return tuple(counting)


def _weigh_ruling(case: Case, now: Moment) -> Iterator[Reason]:
    if case.gone:
        yield Reason("gone", "What this case is about has left already; another release is another case.")
    if case.held:
        grounds = ", ".join(hold.ground for hold in case.holds)
        yield Reason(
            "held", f"The case is held ({grounds}). Counsel lifts it: curtilage disclosure lift {case.id}"
        )
    if case.is_sealed:
        yield Reason(
            "sealed", "The case is in the sealed lane: counsel alone handles it, and nothing leaves this way."
        )
    if case.ruling is None:
        text = "Policy has not answered to the facts as they are now."
        yield Reason("not-decided", f"{text} Ask it: curtilage disclosure rule {case.id} --as OFFICER")
        return
    if not case.ruling.lets_leave:
        outcome = case.ruling.outcome.replace("_", " ")
        yield Reason("not-released", f"Policy's answer is: {outcome}. Nothing leaves by it.")
    if case.outcome is None and case.ruling.role not in WITHOUT_COUNSEL:
        text = f"Counsel has not confirmed the answer: curtilage disclosure confirm {case.id} outcome --as OFFICER"
        yield Reason("not-confirmed", text)
    yield from _weigh_emergency(case, now)


def _weigh_emergency(case: Case, now: Moment) -> Iterator[Reason]:
    """Give what speaks against releasing for an emergency alone."""
    if not case.is_emergency:
        return
    if case.emergency is None or not case.emergency.is_open:
        yield Reason("no-open-review", "No review of the emergency stands open.")
    elif now.at > case.emergency.review_by:
        text = (
            f"The emergency is over: it was to be reviewed by {case.emergency.review_by:%Y-%m-%d %H:%M} UTC."
        )
        yield Reason("emergency-over", text)
    if case.civil_immigration is not False:
        yield Reason("civil-immigration", "Civil immigration enforcement is no emergency.")


def _weigh_plan(case: Case, now: Moment) -> Iterator[Reason]:
    if case.plan is None:
        text = "There is no plan of what would leave, of the case as it is now."
        yield Reason(
            "no-plan", f"{text} Make one: curtilage disclosure plan-release {case.id} --to KEYS --as OFFICER"
        )
    elif now.today > case.plan.expires:
        yield Reason("plan-expired", f"The plan could be carried out until {case.plan.expires}. Plan anew.")


def _weigh_approvals(case: Case, now: Moment) -> Iterator[Reason]:
    if case.plan is None or case.ruling is None:
        return
    counting = list_counting(case, now)
    if len(counting) < case.approvers:
        text = f"{len(counting)} of {case.approvers} people approved the plan, besides who made it."
        yield Reason(
            "not-approved", f"{text} Approve it: curtilage disclosure approve {case.id} PLAN --as OFFICER"
        )
    elif not any(given.role == case.ruling.role for given in counting):
        who = say_roles(frozenset({case.ruling.role}))
        yield Reason("role-missing", f"Nobody approved as {case.ruling.role}. Ask {who} to approve the plan.")


def _weigh_one(case: Case, officer: Officer, plan: str, role: str, now: Moment) -> Iterator[Reason]:
    if case.plan is None or case.ruling is None:
        return
    if plan != case.plan.plan:
        yield Reason(
            "other-plan", f"The plan that stands is {case.plan.plan[:12]}. Read that one, and approve it."
        )
    if now.is_one_person(officer.id, case.plan.by):
        yield Reason("own-plan", f"Who made the plan does not approve it. Ask somebody else.{_ONE_NAME}")
    if any(now.is_one_person(officer.id, given.officer) for given in case.list_approvals()):
        yield Reason(
            "approved-already", f"You approved this plan already. It takes another person.{_ONE_NAME}"
        )
    if role not in roles_of(officer):
        yield Reason("not-that-role", f"You do not act as {role} here; your role is: {officer.role}.")
    if case.is_emergency and role != SUPERVISOR:
        yield Reason("not-supervisor", "In an emergency a supervisor approves.")
    is_last = len(case.list_approvals()) + 1 >= case.approvers
    if is_last and not any(
        r == case.ruling.role for r in (role, *(given.role for given in case.list_approvals()))
    ):
        text = f"One of those who approve must be {say_roles(frozenset({case.ruling.role}))}."
        yield Reason("role-missing", text)
