"""Whether a step may be taken in a case: by this person, now, with this in it. Pure.

Rules of this file:

* A step is the event that would be recorded. It is weighed before, and again on the case as it stands then.
* Every reason against it is said at once, each with what to do instead.
* A step that is not known here, or a word that is on no list, is refused.
* What lets anything leave is weighed in ``leaving``, and asked at the plan, at each approval, when the release
  begins and when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.answers import weigh_answer, weigh_close
from curtilage.disclosure.case.judge import list_facts, to_request
from curtilage.disclosure.case.leaving import weigh_approval, weigh_leaving, weigh_ruling
from curtilage.disclosure.case.nouns import Case, Look, Moment
from curtilage.disclosure.case.roles import BOARD, COUNSEL, FRONT_LINE, MAY, STATES, roles_of, say_roles
from curtilage.disclosure.case.words import weigh_words
from curtilage.disclosure.policy.facts import Incomplete
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import Officer
from curtilage.retention.nouns import Permission, Reason

REVIEW_WITHIN: Final = timedelta(hours=24)
"""An emergency is reviewed within this time, however a city sets it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step, with what is about people in it.

    Attributes:
        data: The event that would be recorded.
        bodies: Private bodies, by name.
    """

    data: ev.Data
    bodies: Mapping[str, Guarded] = field(default_factory=dict)


def weigh_receiving(step: Step, by: Officer, now: Moment) -> Permission:
    """Return whether a case may begin with this."""
    if not isinstance(step.data, ev.Received):
        return Permission((Reason("not-received", "A case begins when something is received."),))
    return Permission((*_weigh_role(step, by), *weigh_words(step.data, step.bodies, now)))


def weigh(case: Case, step: Step, by: Officer, now: Moment) -> Permission:
    """Return whether somebody may take a step in a case as it stands.

    Args:
        case: The case.
        step: What would be recorded.
        by: Who would do it.
        now: When.
    """
    data = step.data
    if type(data) not in MAY or isinstance(data, ev.Received):
        return Permission((Reason("unknown-step", "A case knows no such step."),))
    reasons = [*_weigh_role(step, by), *_weigh_over(case, data), *_weigh_lane(case, data, by)]
    reasons += weigh_words(data, step.bodies, now)
    if not reasons:  # what follows may take the words for granted
        reasons += _weigh_kind(data, Look(case, by, now))
    return Permission(tuple(reasons))


def _weigh_role(step: Step, by: Officer) -> Iterator[Reason]:
    yield from weigh_role(type(step.data), by)


def weigh_role(kind: type[ev.Data], by: Officer) -> Iterator[Reason]:
    """Give why somebody's role keeps them from a kind of step, whatever the case; nothing where it does not."""
    may, has = MAY[kind], roles_of(by)
    if may & has:
        return
    if has == {FRONT_LINE}:
        text = "Nobody at a desk decides: you receive, and hand on. "
    else:
        text = f"Your role is {by.role}. "
    yield Reason("not-your-role", f"{text}This is done by {say_roles(may)}.")


def _weigh_over(case: Case, data: ev.Data) -> Iterator[Reason]:
    """Give why nothing more of this kind is done in a case that is closed, or whose release left."""
    if not case.is_open and not isinstance(data, _AFTER_THE_END):
        yield Reason("closed", f"The case was closed ({case.result}). A new request is a new case.")
    elif case.gone and not isinstance(data, _AFTER_RELEASE):
        yield Reason("gone", "What was decided here has left. A new request is a new case.")


_AFTER_THE_END: Final = (ev.Noticed, ev.NoticeWithheld)
_AFTER_RELEASE: Final = (
    ev.Attached,
    ev.Assigned,
    ev.Answered,
    ev.Preserved,
    ev.Noticed,
    ev.NoticeWithheld,
    ev.Reviewed,
    ev.Closed,
)


def _weigh_lane(case: Case, data: ev.Data, by: Officer) -> Iterator[Reason]:
    if case.is_sealed and COUNSEL not in roles_of(by) and not isinstance(data, ev.Attached):
        yield Reason("sealed", "This case is counsel's alone.")


_Weigh = Callable[[Any, Look], Iterator[Reason]]


def _weigh_kind(data: ev.Data, look: Look) -> Iterator[Reason]:
    """Give what speaks against a step of this kind, its words and its role being right."""
    find = _KINDS.get(type(data))
    if find is not None:
        yield from find(data, look)


def _attached(_: ev.Attached, look: Look) -> Iterator[Reason]:
    if roles_of(look.by) == {FRONT_LINE} and look.case.instrument:
        yield Reason("handed-on", "The case was handed on. Give what you have to who answers for it.")


def _stated(data: ev.FactStated, look: Look) -> Iterator[Reason]:
    head = data.fact.partition(".")[0]
    may = STATES[head]
    if not may & roles_of(look.by):
        yield Reason("not-your-fact", f"This is stated by {say_roles(may)}.")
    if (head, data.word) != ("scope", "matched"):
        return
    if COUNSEL not in roles_of(look.by):
        yield Reason("not-your-fact", "That what is asked matches what the paper names is stated by counsel.")
    if look.case.bounds is None:
        text = "Nobody has said what would be answered, so nothing can match."
        yield Reason(
            "no-bounds", f"{text} Say it: curtilage disclosure narrow {look.case.id} SCOPE --as OFFICER"
        )


def _assigned(data: ev.Assigned, look: Look) -> Iterator[Reason]:
    officer = look.now.find(data.officer)
    if officer is None:
        yield Reason("nobody", "city.yml declares no officer of that id.")
    elif roles_of(officer) <= {FRONT_LINE, BOARD}:
        yield Reason(
            "not-inside",
            f"{officer.id} is {officer.role}; a case is answered by {say_roles(MAY[ev.Decided])}.",
        )
    elif look.case.is_sealed and COUNSEL not in roles_of(officer):
        yield Reason("sealed", "This case is counsel's alone.")


def _lifted(data: ev.HoldLifted, look: Look) -> Iterator[Reason]:
    if all(hold.ground != data.ground for hold in look.case.holds):
        yield Reason("not-held", f"The case is not held on the ground: {data.ground}.")


def _confirmed(data: ev.Confirmed, look: Look) -> Iterator[Reason]:
    if data.what == "outcome":
        if look.case.ruling is None:
            yield Reason(
                "not-decided",
                f"Policy has not answered: curtilage disclosure rule {look.case.id} --as OFFICER",
            )
        elif look.case.ruling.failures:
            yield Reason("undecided", "Policy could not decide; there is no answer to confirm.")
        return
    if not look.case.instrument:
        yield _unclassified(look)
    if look.case.authentic != "yes":
        text = "Nobody has verified that the paper is genuine."
        yield Reason(
            "not-authentic", f"{text} Say so: curtilage disclosure identify {look.case.id} --authentic yes"
        )


def _decided(data: ev.Decided, look: Look) -> Iterator[Reason]:
    role = dict(data.facts).get("acting_role", "")
    request = to_request(look.case, role)
    if isinstance(request, Incomplete) or list_facts(request) != data.facts:
        yield Reason("other-facts", "It was decided on other facts than those of the case. Decide anew.")
    if data.day != look.now.today:
        yield Reason("other-day", "It was decided for another day. Decide anew.")


def _narrowed(_: ev.Narrowed, look: Look) -> Iterator[Reason]:
    if not look.case.instrument:
        yield _unclassified(look)


def _planned(data: ev.Planned, look: Look) -> Iterator[Reason]:
    yield from weigh_ruling(look.case, look.now).reasons
    if look.case.bounds is None:
        text = f"Nobody has said how far the answer goes: curtilage disclosure narrow {look.case.id} SCOPE"
        yield Reason("no-bounds", text)
    elif data.subjects > look.case.bounds.subjects:
        yield Reason("beyond-bounds", "The plan is about more people than the case's bounds name.")
    elif not {name for name, _ in data.fields} <= set(look.case.bounds.fields):
        yield Reason("beyond-bounds", "The plan has fields that the case's bounds do not name.")


def _approved(data: ev.Approved, look: Look) -> Iterator[Reason]:
    yield from weigh_approval(look.case, look.by, data.plan, data.role, look.now).reasons


def _intended(data: ev.ReleaseIntended, look: Look) -> Iterator[Reason]:
    yield from _releasing(data.plan, look)


def _released(data: ev.Released, look: Look) -> Iterator[Reason]:
    yield from _releasing(data.plan, look)
    if look.case.releasing != data.plan:
        yield Reason("not-begun", "No release of this plan was begun.")
    if look.case.plan and (data.subjects > look.case.plan.subjects or data.rows > look.case.plan.rows):
        yield Reason("more-than-planned", "The package has more than the plan that was approved.")


def _releasing(plan: str, look: Look) -> Iterator[Reason]:
    case = look.case
    yield from weigh_leaving(case, look.now).reasons
    if case.plan and plan != case.plan.plan:
        yield Reason("other-plan", f"The plan that stands is {case.plan.plan[:12]}.")
    if case.ruling is not None and case.ruling.role not in roles_of(look.by):
        yield Reason("not-your-role", f"It is released by {say_roles(frozenset({case.ruling.role}))}.")


def _stopped(data: ev.ReleaseStopped, look: Look) -> Iterator[Reason]:
    if look.case.releasing != data.plan:
        yield Reason("not-begun", "No release of this plan was begun.")


def _noticed(_: ev.Noticed, look: Look) -> Iterator[Reason]:
    withheld = look.case.withheld
    if withheld and (withheld.until is None or look.now.today <= withheld.until):
        until = f"until {withheld.until}" if withheld.until else "without end"
        yield Reason("withheld", f"Nobody may be told, {until}.")
    elif look.case.gag and withheld is None:
        text = "The paper forbids telling. Counsel records by what, and until when"
        yield Reason("withheld", f"{text}: curtilage disclosure withhold-notice {look.case.id} --as OFFICER")


def _exigent(data: ev.ExigentOpened, look: Look) -> Iterator[Reason]:
    if look.case.civil_immigration is None:
        yield _unclassified(look)
    elif look.case.civil_immigration:
        yield Reason("civil-immigration", "Civil immigration enforcement is no emergency.")
    if not look.now.at < data.review_by <= look.now.at + REVIEW_WITHIN:
        yield Reason("review", "An emergency is reviewed within 24 hours.")
    if look.case.emergency is not None and not look.case.emergency.is_open:
        yield Reason("reviewed", "The emergency of this case was reviewed. Another one is another case.")


def _reviewed(data: ev.Reviewed, look: Look) -> Iterator[Reason]:
    if look.case.emergency is None or not look.case.emergency.is_open:
        yield Reason("no-review", "No review of an emergency stands open here.")
    elif look.now.is_one_person(look.by.id, look.case.emergency.by):
        yield Reason("own-emergency", "Who stated the emergency does not review it.")
    if (data.by == BOARD) != (BOARD in roles_of(look.by)):
        yield Reason("not-your-role", "Who sits on the board reviews for the board, and counsel for counsel.")


def _unclassified(look: Look) -> Reason:
    text = "Nobody has said what the paper is, or what is asked"
    return Reason("not-classified", f"{text}: curtilage disclosure classify {look.case.id} --as OFFICER")


_KINDS: Final[Mapping[type[ev.Data], _Weigh]] = {
    ev.Attached: _attached,
    ev.FactStated: _stated,
    ev.Assigned: _assigned,
    ev.HoldLifted: _lifted,
    ev.Confirmed: _confirmed,
    ev.Decided: _decided,
    ev.Narrowed: _narrowed,
    ev.Objected: weigh_answer,
    ev.Refused: weigh_answer,
    ev.Answered: weigh_answer,
    ev.Planned: _planned,
    ev.Approved: _approved,
    ev.ReleaseIntended: _intended,
    ev.Released: _released,
    ev.ReleaseStopped: _stopped,
    ev.Noticed: _noticed,
    ev.ExigentOpened: _exigent,
    ev.Reviewed: _reviewed,
    ev.Closed: weigh_close,
}
