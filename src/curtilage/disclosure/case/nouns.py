"""What a case is at a moment: the fold of its own stream, and the closed lists of words that it uses.

Rules of this file:

* A case here has no name, no address and no word of a paper in it; those are private bodies, which it names.
* Whatever changes a fact takes back what was decided on the facts before: the decision, counsel's confirmation of
  it, the plan and its approvals. A case never carries a yes that was given to something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from curtilage.disclosure.case.parts import (
    Approval,
    Bounds,
    CaseBody,
    CaseHold,
    CasePlan,
    Confirmation,
    Emergency,
    Gone,
    Notice,
    Ruling,
    Sent,
    Withheld,
)
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import BodyRef

__all__ = [
    "Approval",
    "Bounds",
    "Case",
    "CaseBody",
    "CaseHold",
    "CasePlan",
    "Confirmation",
    "Emergency",
    "Gone",
    "Look",
    "Moment",
    "Notice",
    "Ruling",
    "Sent",
    "Stage",
    "Withheld",
]

CHANNELS: Final = ("counter", "phone", "paper", "email", "portal", "vendor", "records")
"""How a request reached the city."""

SEEN: Final = ("none", "court", "agency", "unsure")
"""What kind of paper a desk saw."""

ATTACHED: Final = ("paper", "asker", "words")
"""What can be added to a case."""

AUTHENTIC: Final = ("yes", "no", "unknown")
"""Whether a paper is genuine, as a person found."""

PROOFS: Final = ("clerk-of-court", "call-back", "in-person", "none")
"""How it was verified that a paper is genuine."""

GROUNDS: Final = ("counsel", "order", "motion")
"""Why nothing may leave for now: counsel says so, a court ordered it, a motion is pending."""

CONFIRMED: Final = ("order", "outcome")
"""What counsel confirms: that the order binds the city; that the city answers as was decided."""

ANSWERS: Final = ("no-such-record", "routed", "redirected", "sealed-lane", "released")
"""Answers that are neither an objection nor a refusal."""

TOLD: Final = ("city", "subject", "vendor")
"""Who was told of a request."""

WAYS: Final = ("mail", "email", "phone", "in-person", "portal")
"""How somebody was told."""

HARMS: Final = ("death", "serious-harm", "missing-child", "fire")
"""What an emergency threatens."""

REVIEWERS: Final = ("board", "counsel")
"""Who reviews an emergency afterwards."""

REVIEW_FINDINGS: Final = ("proper", "improper", "more")
"""What a review found; ``more`` leaves it open."""

REVIEW_NOTES: Final = (
    "none",
    "no-emergency",
    "more-than-needed",
    "caller-not-verified",
    "immigration-purpose",
    "record-incomplete",
)
"""Why a review found so."""

RESULTS: Final = (
    "released",
    "narrowed",
    "refused",
    "objected",
    "no-such-record",
    "routed",
    "withdrawn",
    "misaddressed",
)
"""How a case ended."""


class Stage(StrEnum):
    """What a case waits for, in the order in which a case passes them."""

    RECEIVED = "received"
    """Somebody must say what the paper is."""
    CLASSIFIED = "classified"
    """Policy must answer."""
    DECIDED = "decided"
    """The answer must be confirmed, planned or sent."""
    PLANNED = "planned"
    """Two people must approve the plan."""
    APPROVED = "approved"
    """It may be released."""
    RELEASING = "releasing"
    """A release was begun and has no outcome."""
    RELEASED = "released"
    """It left; it must be told and closed."""
    ANSWERED = "answered"
    """A letter went; the case must be closed."""
    CLOSED = "closed"
    """Nothing more is to do."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is weighed, and who may act then.

    Attributes:
        at: The moment, UTC.
        today: Calendar date in the city's zone.
        people: Officers, and who sits on the oversight body; see ``roles.list_people``.
    """

    at: datetime
    today: date
    people: tuple[Officer, ...]

    def find(self, officer: str) -> Officer | None:
        """Return somebody by id; None where nobody of that id may act."""
        return next((each for each in self.people if each.id == officer), None)

    def is_one_person(self, one: str, other: str) -> bool:
        """Return whether two ids stand for one person, see :meth:`Officer.is_one_person`."""
        first, second = self.find(one), self.find(other)
        return one == other or bool(first and second and first.is_one_person(second))


class Case(msgspec.Struct, frozen=True):  # a dataclass takes ten times as long to change in a fold
    """One outside request, as far as its stream was read.

    Attributes:
        id: 8 characters of a-z and 2-7.
        number: Number of entries: the version to append at.
        received: When it arrived, UTC.
        last: When it was changed last, UTC.
        channel: One of :data:`CHANNELS`.
        department: Id of the department where it arrived.
        script: Which script the desk was given.
        paper: One of :data:`SEEN`.
        issuer: Who issued the paper; ``unknown`` until a person looked.
        signer: Who signed; empty until a person looked.
        authentic: One of :data:`AUTHENTIC`; empty until a person looked.
        how: How that was verified.
        instrument: Id of the instrument; empty until it was classified.
        form, revision: As printed on the paper.
        issued, served, return_by: Dates of the paper; None where it has none.
        civil_immigration: The stated purpose; None until it was classified.
        custody, holder: As in ``disclosure.nouns``; empty until it was classified.
        gag: Whether the paper, or an order, forbids telling of it.
        subjects: How many people it names.
        hints: Ids of hints that spoke.
        facts: What people stated besides, by dotted name.
        officer: Id of who answers for the case; empty while nobody does.
        holds: What stands against releasing anything.
        order: Counsel's confirmation that the order binds; taken back when the paper's facts change.
        ruling: What policy answered last, of the facts as they are now; None before, and after a change.
        outcome: Counsel's confirmation of that ruling.
        bounds: How far the answer goes; None where nobody narrowed it.
        plan: The plan that stands, of that ruling.
        approvals: Who approved, by plan.
        releasing: Plan of a release that was begun and has no outcome; empty for none.
        gone: What left, in order; a case is released once.
        sent: Letters and answers, in order.
        answered: Whether the last of them answers the facts as they are now.
        notices: Who was told.
        withheld: Why nobody may be told.
        preserved: Ids of the retention holds that were placed for it.
        emergency: What a supervisor stated.
        result: How it ended; empty while it is open.
        closed: When, UTC.
        bodies: Its private bodies, in order.
    """

    id: str
    number: int
    received: datetime
    last: datetime
    channel: str
    department: str
    script: str
    paper: str
    issuer: str
    signer: str = ""
    authentic: str = ""
    how: str = ""
    instrument: str = ""
    form: str = ""
    revision: str = ""
    issued: date | None = None
    served: date | None = None
    return_by: date | None = None
    civil_immigration: bool | None = None
    custody: str = ""
    holder: str = ""
    gag: bool = False
    subjects: int = 0
    hints: tuple[str, ...] = ()
    facts: Mapping[str, str] = {}  # a struct gives each its own
    officer: str = ""
    holds: tuple[CaseHold, ...] = ()
    order: Confirmation | None = None
    ruling: Ruling | None = None
    outcome: Confirmation | None = None
    bounds: Bounds | None = None
    plan: CasePlan | None = None
    approvals: Mapping[str, tuple[Approval, ...]] = {}
    releasing: str = ""
    gone: tuple[Gone, ...] = ()
    sent: tuple[Sent, ...] = ()
    answered: bool = False
    notices: tuple[Notice, ...] = ()
    withheld: Withheld | None = None
    preserved: tuple[str, ...] = ()
    emergency: Emergency | None = None
    result: str = ""
    closed: datetime | None = None
    bodies: tuple[CaseBody, ...] = ()

    @property
    def held(self) -> bool:
        """Return whether anything stands against releasing."""
        return bool(self.holds)

    @property
    def is_open(self) -> bool:
        """Return whether something is still to do."""
        return not self.result

    @property
    def is_sealed(self) -> bool:
        """Return whether it goes to counsel alone: a gag, or a paper that carries one by law."""
        return self.gag or self.instrument == "national-security-letter"

    @property
    def stage(self) -> Stage:
        """Return what the case waits for."""
        reached = {
            Stage.CLOSED: bool(self.result),
            Stage.RELEASED: bool(self.gone),
            Stage.RELEASING: bool(self.releasing),
            Stage.ANSWERED: self.answered,
            Stage.APPROVED: len(self.list_approvals()) >= self.approvers,
            Stage.PLANNED: self.plan is not None,
            Stage.DECIDED: self.ruling is not None,
            Stage.CLASSIFIED: bool(self.instrument),
        }
        return next((stage for stage, is_there in reached.items() if is_there), Stage.RECEIVED)

    @property
    def is_emergency(self) -> bool:
        """Return whether policy lets it leave for an emergency alone."""
        return self.ruling is not None and self.ruling.lets_leave and self.ruling.role == "supervisor"

    @property
    def approvers(self) -> int:
        """Return how many people approve a plan, besides who made it."""
        return EMERGENCY_APPROVERS if self.is_emergency else APPROVERS

    def list_approvals(self) -> tuple[Approval, ...]:
        """Return who approved the plan that stands; empty where none does."""
        return self.approvals.get(self.plan.plan, ()) if self.plan else ()

    def find_body(self, name: str) -> BodyRef | None:
        """Return the private body of that name that was recorded last; None where there is none."""
        return next((body.ref for body in reversed(self.bodies) if body.ref.name == name), None)


@dataclass(frozen=True, slots=True)
class Look:
    """What a step is weighed on: the case as it stands, who would do it, and when."""

    case: Case
    by: Officer
    now: Moment


APPROVERS: Final = 2
"""How many different people approve a plan, besides who made it."""

EMERGENCY_APPROVERS: Final = 1
"""In an emergency one supervisor approves what somebody else planned: two people, and no third is waited for."""
