"""Which letters and ends follow from what policy answered.

Rules of this file:

* A letter follows from an answer that counsel confirmed, or that counsel or the privacy officer sends.
* A court's order is not declined by this program: counsel objects, narrows, or the city complies.
* To say that one holds nothing about somebody tells something about them. It is said only to whom policy
  lets something leave.
* A case ends as it was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.nouns import Case, Look
from curtilage.disclosure.case.roles import COUNSEL, roles_of
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.inventory.nouns import Officer
from curtilage.retention.nouns import Reason

_Letter = ev.Objected | ev.Refused | ev.Answered

_AFTER: Final[Mapping[str, frozenset[str]]] = {
    "objected": frozenset({"object_or_decline", "counsel_review", "narrow"}),
    "refused": frozenset({"object_or_decline", "decline", "counsel_review"}),
    "no-such-record": frozenset({"release"}),
    "redirected": frozenset({"decline", "counsel_review", "route"}),
    "sealed-lane": frozenset({"sealed_lane"}),
}
"""Which answers of policy a letter may follow."""


def weigh_answer(data: _Letter, look: Look) -> Iterator[Reason]:
    """Give what speaks against a letter or an answer."""
    answer = name_answer(data)
    if answer == "routed":
        if is_courts_order(look.case):
            text = "A court's order is not only handed on: counsel objects, narrows it, or the city complies."
            yield Reason("courts-order", text)
        return
    if answer == "released":
        if not look.case.gone:
            yield Reason("not-gone", "Nothing left, so it cannot be said that it did.")
        return
    if look.case.gone:
        yield Reason("gone", "What was asked has left; there is nothing to decline.")
    elif look.case.ruling is None:
        text = (
            f"Policy has not answered to the facts as they are now: curtilage disclosure rule {look.case.id}"
        )
        yield Reason("not-decided", text)
    else:
        yield from _weigh_after(look.case, answer, look.case.ruling.outcome, look.by)


def name_answer(data: _Letter) -> str:
    """Return what a letter says, as ``Sent`` names it."""
    if isinstance(data, ev.Answered):
        return data.answer
    return "objected" if isinstance(data, ev.Objected) else "refused"


def _weigh_after(case: Case, answer: str, outcome: str, by: Officer) -> Iterator[Reason]:
    if case.ruling is not None and case.ruling.failures:
        yield Reason("undecided", "Policy could not decide. Complete the facts, and ask it anew.")
    if outcome not in _AFTER[answer]:
        said = outcome.replace("_", " ")
        yield Reason("other-answer", f"Policy's answer is: {said}. That is not answered with: {answer}.")
    if answer == "refused" and is_courts_order(case):
        text = "A court's order is not declined: counsel objects, narrows it, or the city complies."
        yield Reason("courts-order", text)
    speaks_for_the_law = roles_of(by) & {COUNSEL, "privacy-officer"}
    if case.outcome is None and (answer == "no-such-record" or not speaks_for_the_law):
        text = f"Counsel has not confirmed the answer: curtilage disclosure confirm {case.id} outcome --as OFFICER"
        yield Reason("not-confirmed", text)


def is_courts_order(case: Case) -> bool:
    """Return whether a judge or magistrate of a court ordered it."""
    family = load_instruments()[case.instrument].family if case.instrument else ""
    return family == "court-order" and case.issuer == "court" and case.signer in {"judge", "magistrate"}


def weigh_close(data: ev.Closed, look: Look) -> Iterator[Reason]:
    """Give what speaks against ending a case so."""
    if look.case.releasing:
        yield Reason(
            "releasing",
            f"A release was begun and has no outcome: curtilage disclosure release {look.case.id} "
            f"{look.case.releasing[:12]} --out FOLDER --as OFFICER",
        )
    if look.case.held:
        text = f"The case is held; counsel lifts it first: curtilage disclosure lift {look.case.id}"
        yield Reason("held", f"{text} {look.case.holds[0].ground} --as OFFICER")
    if look.case.emergency is not None and look.case.emergency.is_open and look.case.gone:
        text = f"The emergency is not reviewed yet: curtilage disclosure review {look.case.id}"
        yield Reason("review-open", text)
    if not _ended_so(look.case, data.result):
        yield Reason("other-end", f"The case did not end so: {data.result}. {_say_ends(look.case)}")


def _ended_so(case: Case, result: str) -> bool:
    """Return whether the last answer, to the facts as they are now, is that end."""
    if case.gone:
        return result == "released" or (result == "narrowed" and case.bounds is not None)
    if result == "withdrawn":
        return True
    last = case.sent[-1].answer if case.answered else ""
    return result == _ENDS.get(last, last)


_ENDS: Final[Mapping[str, str]] = {"redirected": "misaddressed", "sealed-lane": "routed"}
"""How a case ends whose last answer has another name."""


def _say_ends(case: Case) -> str:
    if case.gone:
        return "It was released."
    if case.answered:
        return f"It was answered last: {case.sent[-1].answer}."
    return "It is not answered as it is now; whoever asked may withdraw it."
