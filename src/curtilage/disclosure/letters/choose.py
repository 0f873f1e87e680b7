"""Which letter a case needs now, by what policy answered and what was done.

Rules of this file:

* A letter says what was decided; where nothing was, it says that the request was received, and no more.
* Where a case goes to counsel alone no letter is made: counsel writes it, and sees first who may read it.
* Where counsel reviews, the letter refuses nothing.

Source:
    curtilage-disclosure-table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.notice import is_silenced
from curtilage.disclosure.nouns import Answer
from curtilage.foundation.errors import NotAllowedError

BY_ANSWER: Final[Mapping[str, str]] = {
    Answer.ROUTE: "receipt",
    Answer.NOTIFY_CITY: "vendor",
    Answer.COUNSEL_REVIEW: "holding",
    Answer.OBJECT_OR_DECLINE: "object",
    Answer.DECLINE: "decline",
    Answer.NARROW: "narrow",
    Answer.RELEASE: "receipt",
}
"""The letter of each answer; a release is told of when it has left."""

REFUSALS: Final = frozenset({"receipt", "holding", "decline", "object", "narrow", "no-such-record"})
"""Letters with which whoever took the request gets a page of their own."""

AFTER: Final[Mapping[str, frozenset[Answer]]] = {
    "holding": frozenset({Answer.COUNSEL_REVIEW, Answer.OBJECT_OR_DECLINE, Answer.NARROW}),
    "decline": frozenset({Answer.DECLINE, Answer.COUNSEL_REVIEW, Answer.OBJECT_OR_DECLINE}),
    "object": frozenset({Answer.OBJECT_OR_DECLINE, Answer.COUNSEL_REVIEW, Answer.NARROW}),
    "narrow": frozenset({Answer.NARROW, Answer.COUNSEL_REVIEW}),
    "vendor": frozenset({Answer.NOTIFY_CITY, Answer.COUNSEL_REVIEW}),
    "no-such-record": frozenset({Answer.RELEASE}),
}
"""Which answers of policy a letter may follow; the others follow from what happened."""


class SealedCaseError(NotAllowedError):
    """A letter is asked for in a case that goes to counsel alone."""

    code = "disclosure.sealed-case"

    def __init__(self, *, case: str) -> None:
        self.case = case
        super().__init__(
            f"Case {case} goes to counsel alone: an order of silence may stand. Nothing was written. "
            "Counsel writes to whom the order allows, or asks for the letter by --kind and --as."
        )


class NotSoError(NotAllowedError):
    """A letter would say what has not happened."""

    code = "disclosure.letter-not-so"

    def __init__(self, *, case: str, kind: str, why: str) -> None:
        self.case, self.kind, self.why = case, kind, why
        super().__init__(
            f"The letter {kind} would say of case {case} what is not so: {why}. Nothing was written. "
            f"Look at the case: curtilage disclosure show {case}"
        )


def choose_kind(case: Case) -> str:
    """Return the letter that a case needs now: one of ``nouns.KINDS``.

    Raises:
        SealedCaseError: It goes to counsel alone.
    """
    if is_sealed(case):
        raise SealedCaseError(case=case.id)
    if case.gone:
        return "release"
    return BY_ANSWER[Answer(case.ruling.outcome)] if case.ruling is not None else "receipt"


def is_sealed(case: Case) -> bool:
    """Return whether only counsel may have a letter made in a case."""
    return case.is_sealed or (case.ruling is not None and case.ruling.outcome == Answer.SEALED_LANE)


def check_kind(case: Case, kind: str, *, by_counsel: bool, today: date) -> None:
    """Refuse a letter that would say what is not so, or tell what may not be told.

    Args:
        case: The case.
        kind: One of ``nouns.KINDS``.
        by_counsel: Counsel asks for it, by name.
        today: Calendar date in the city's zone.

    Raises:
        SealedCaseError: It goes to counsel alone, and counsel does not ask; or it would tell the subject
            while an order of silence stands.
        NotSoError: It would say what has not happened, or what policy did not answer.
    """
    if (is_sealed(case) and not by_counsel) or (kind == "notice" and is_silenced(case, today)):
        raise SealedCaseError(case=case.id)
    if kind in {"release", "notice"} and not case.gone:
        raise NotSoError(case=case.id, kind=kind, why="nothing has left")
    if kind == "preserve" and not case.preserved:
        raise NotSoError(case=case.id, kind=kind, why="no hold was placed for it")
    if kind in AFTER and (case.ruling is None or case.ruling.outcome not in AFTER[kind]):
        said = case.ruling.outcome.replace("_", " ") if case.ruling is not None else "nothing yet"
        raise NotSoError(case=case.id, kind=kind, why=f"policy answered {said}")
