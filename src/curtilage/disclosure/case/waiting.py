"""What a case waits for, who does it, and with which command.

Rules of this file:

* It is a help, and decides nothing: what may be done is weighed when it is done.
* What is open and easily forgotten comes first: a release without an outcome, a review, a hold to look at.
* It names roles and commands, never anybody of whom the case is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.judge import RELEASING, list_missing, to_request
from curtilage.disclosure.case.leaving import WITHOUT_COUNSEL, list_counting
from curtilage.disclosure.case.nouns import Case, Moment, Stage
from curtilage.disclosure.case.roles import COUNSEL, MAY, say_roles
from curtilage.disclosure.policy.facts import Incomplete
from curtilage.disclosure.policy.words import say_fact


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a case waits for.

    Attributes:
        code: Stable code.
        what: What is to be done, a short sentence.
        who: Who does it, in words.
        command: What to type after ``curtilage disclosure``, and before ``--as``.
    """

    code: str
    what: str
    who: str
    command: str


_ANSWER: Final = {
    "route": ("Hand it on, and say so.", "answer {case} routed"),
    "sealed_lane": ("Counsel answers it alone.", "answer {case} sealed-lane"),
    "notify_city": ("The vendor releases nothing; the city takes it up.", "answer {case} routed"),
    "counsel_review": ("Counsel reviews it: confirm the order, narrow, object or refuse.", "show {case}"),
    "object_or_decline": ("Counsel objects or declines in writing, by the return date.", "object {case}"),
    "decline": ("Decline it in writing.", "refuse {case}"),
    "narrow": ("Counsel says how far the answer goes, and that it matches the order.", "narrow {case} SCOPE"),
}
"""What follows from an answer that lets nothing leave."""


def list_waiting(case: Case, now: Moment) -> tuple[Waiting, ...]:
    """Return what a case waits for: what is easily forgotten, the next thing, who answers; empty where nothing.

    Args:
        case: The case.
        now: When it is asked.
    """
    unassigned = _list_unassigned(case) if case.is_open else ()
    return (*_list_open(case, now), *(_list_next(case, now) if case.is_open else ()), *unassigned)


def _list_open(case: Case, now: Moment) -> Iterator[Waiting]:
    """Give what stands open whatever the stage."""
    if case.releasing:
        text = "A release was begun and has no outcome: run it again, or give it up."
        yield Waiting(
            "release-begun",
            text,
            say_roles(MAY[ev.Released]),
            f"release {case.id} {case.releasing[:12]} --out FOLDER",
        )
    if case.emergency and case.emergency.is_open:
        due = f"{case.emergency.review_by:%Y-%m-%d %H:%M} UTC"
        late = " It is overdue." if now.at > case.emergency.review_by else ""
        yield Waiting(
            "review",
            f"The emergency is to be reviewed by {due}.{late}",
            "the board or counsel",
            f"review {case.id}",
        )
    for hold in case.holds if case.is_open else ():
        day = f"; it was to be looked at on {hold.until}" if hold.until and hold.until <= now.today else ""
        text = f"It is held ({hold.ground}), and nothing leaves{day}."
        yield Waiting("hold", text, COUNSEL, f"lift {case.id} {hold.ground}")


def _list_unassigned(case: Case) -> Iterator[Waiting]:
    if not case.officer:
        who = say_roles(MAY[ev.Assigned])
        yield Waiting("unassigned", "Nobody answers for it.", who, f"assign {case.id} OFFICER")


def _list_next(case: Case, now: Moment) -> Iterator[Waiting]:
    match case.stage:
        case Stage.RECEIVED:
            text = "Somebody says what the paper is, or what is asked."
            yield Waiting("classify", text, say_roles(MAY[ev.Classified]), f"classify {case.id}")
        case Stage.CLASSIFIED:
            yield from _list_facts(case)
        case Stage.RELEASED | Stage.ANSWERED:
            yield Waiting(
                "close", "It is answered: tell who must be told, and close it.", _CLOSERS, f"close {case.id}"
            )
        case Stage.RELEASING:
            return
        case _:
            yield from _list_after(case, now)


_CLOSERS: Final = say_roles(MAY[ev.Closed])


def _list_facts(case: Case) -> Iterator[Waiting]:
    request = to_request(case, RELEASING[0])
    if not isinstance(request, Incomplete):
        yield Waiting("rule", "Policy is asked.", say_roles(MAY[ev.Decided]), f"rule {case.id}")
        return
    for each in list_missing(case, request.missing):
        facts = ", ".join(map(say_fact, each.facts))
        yield Waiting("facts", f"Somebody states: {facts}.", each.who, each.command)


def _list_after(case: Case, now: Moment) -> Iterator[Waiting]:
    """Give what follows from policy's answer."""
    ruling = case.ruling
    if ruling is None:
        return
    if not ruling.lets_leave:
        what, command = _ANSWER.get(ruling.outcome, ("Counsel looks at it.", "show {case}"))
        who = say_roles(MAY[ev.Refused]) if ruling.outcome in {"decline", "route"} else COUNSEL
        yield Waiting("answer", what, who, command.format(case=case.id))
        return
    if case.outcome is None and ruling.role not in WITHOUT_COUNSEL:
        yield Waiting("confirm", "Counsel confirms the answer.", COUNSEL, f"confirm {case.id} outcome")
    if case.bounds is None:
        text = "Somebody says how far the answer goes."
        yield Waiting("narrow", text, say_roles(MAY[ev.Narrowed]), f"narrow {case.id} SCOPE")
    elif case.plan is None:
        yield Waiting(
            "plan",
            "Somebody plans what leaves.",
            say_roles(MAY[ev.Planned]),
            f"plan-release {case.id} --to KEYS",
        )
    else:
        yield from _list_planned(case, now)


def _list_planned(case: Case, now: Moment) -> Iterator[Waiting]:
    assert case.plan is not None
    missing = case.approvers - len(list_counting(case, now))
    plan = case.plan.plan[:12]
    if missing > 0:
        text = f"{missing} more {'person approves' if missing == 1 else 'people approve'} the plan."
        yield Waiting("approve", text, say_roles(MAY[ev.Approved]), f"approve {case.id} {plan}")
    elif case.ruling is not None:
        yield Waiting(
            "release",
            "It may be released.",
            say_roles(frozenset({case.ruling.role})),
            f"release {case.id} {plan} --out FOLDER",
        )
