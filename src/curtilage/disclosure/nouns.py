"""The nouns of disclosure: what is known of an outside request, and what policy answers.

Rules of this file:

* A request here is the *facts* of a what-if or of a case. It has no name, no address and no record in it:
  kinds, roles and yes or no. A file with anything else in it is not read.
* Every attribute is named after the law, so that a lawyer can read a policy aloud.
* What a record says of status and what lets a person be found are two attributes, never one flag.
* No attribute has a default. What is not known is missing, and what is missing is answered with a refusal
  (:mod:`curtilage.disclosure.policy.facts` reads; :mod:`curtilage.disclosure.policy.decide` answers).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

ROLES: Final = (
    "frontline",
    "records-officer",
    "releaser",
    "supervisor",
    "privacy-officer",
    "counsel",
    "contract-manager",
)
"""In which role somebody of the city answers."""

ISSUERS: Final = (
    "court",
    "grand-jury",
    "immigration-court",
    "immigration-agency",
    "federal-agency",
    "state-or-local-agency",
    "attorney",
    "subject",
    "public",
)
"""Who issued the paper, or asks where there is none. A grand jury's subpoena is a court's."""

SIGNERS: Final = (
    "judge",
    "magistrate",
    "clerk-of-court",
    "immigration-judge",
    "immigration-officer",
    "agency-official",
    "attorney",
    "subject",
    "nobody",
)
"""Who signed. An immigration judge is an officer of the executive branch, not of a court."""

SCOPES: Final = ("matched", "exceeds", "ambiguous", "not-stated")
"""How what is asked compares with what the paper names: subjects, fields, systems, period."""

CUSTODIES: Final = ("city", "vendor")
"""Who was served and holds the data."""

HOLDERS: Final = ("law-enforcement", "school", "hospital", "other")
"""What kind of department the records are of; some statutes bind only one kind."""


class Answer(StrEnum):
    """What policy answers, the most cautious first. Only one lets anything leave."""

    ROUTE = "route"
    SEALED_LANE = "sealed_lane"
    NOTIFY_CITY = "notify_city"
    COUNSEL_REVIEW = "counsel_review"
    OBJECT_OR_DECLINE = "object_or_decline"
    DECLINE = "decline"
    NARROW = "narrow"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatoryAuthority:
    """A statute that is said to compel this very disclosure.

    Attributes:
        compels: It obliges; it does not merely let.
        current: It holds on the day of the decision.
        names_the_fields: It names the fields that are asked, not records at large.
    """

    compels: bool
    current: bool
    names_the_fields: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The subject's own consent to this disclosure.

    Attributes:
        written: It is in writing and signed.
        specific: It names what may go, to whom, and for what.
        by_the_subject: The subject gave it, or who acts for the subject by law.
        revoked: It was taken back.
    """

    written: bool
    specific: bool
    by_the_subject: bool
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exigency:
    """An emergency that is said to bear no delay.

    Attributes:
        serious_harm: Death or serious harm threatens now, or a child is missing.
        minimum_only: No more is asked than averts the harm.
        called_back: The caller was reached again through the agency's published number.
        review_opened: The review that must end within 24 hours stands open.
    """

    serious_harm: bool
    minimum_only: bool
    called_back: bool
    review_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The facts of one outside request, on which policy decides.

    Attributes:
        instrument: Id of a row of ``instruments.yml``, as a person classified it.
        issuer: One of :data:`ISSUERS`.
        signer: One of :data:`SIGNERS`.
        acting_role: One of :data:`ROLES`: of whoever of the city would answer.
        civil_immigration: The stated purpose is civil immigration enforcement.
        authentic: A person verified the paper, with the court's clerk or the issuer.
        in_force: It is dated, served in time, and neither stale nor expired.
        confirmed_by_counsel: The city's counsel confirmed it, by name.
        scope: One of :data:`SCOPES`.
        motion_pending: A motion to quash, modify or stay is pending.
        enforced_by_court: A court ordered compliance with the agency's paper.
        held: The case is held: by counsel, or by an order.
        gag: The paper, or an order, forbids telling of it.
        custody: One of :data:`CUSTODIES`.
        holder: One of :data:`HOLDERS`.
        official_wishes_to_send: Nobody asked or compelled; an official of the city wishes to send.
        status: What is asked holds status information.
        locator: It holds locator information.
        other_personal: It holds other information of a person.
        public_record: Law makes the record public.
        exempt_fields: Some of its fields are exempt from being public.
        mandatory_authority: The statute that is said to compel; None where none is cited.
        consent: None where none was given.
        exigency: None where no emergency is stated.
    """

    instrument: str
    issuer: str
    signer: str
    acting_role: str
    civil_immigration: bool
    authentic: bool
    in_force: bool
    confirmed_by_counsel: bool
    scope: str
    motion_pending: bool
    enforced_by_court: bool
    held: bool
    gag: bool
    custody: str
    holder: str
    official_wishes_to_send: bool
    status: bool
    locator: bool
    other_personal: bool
    public_record: bool
    exempt_fields: bool
    mandatory_authority: MandatoryAuthority | None
    consent: Consent | None
    exigency: Exigency | None


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be otherwise.

    Attributes:
        fact: Dotted name, such as ``consent.written``.
        now: What it is, in words: ``yes``, ``no``, ``none`` or one of the words above.
        then: What it would be.
    """

    fact: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Flip:
    """The fewest changes that would lead to another answer.

    Attributes:
        changes: One or more, in the order of the facts.
        answer: What policy would answer then.
    """

    changes: tuple[Change, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done besides, with its source.

    Attributes:
        id: Stable id, such as ``or-report-to-commission``.
        text: What to do, one sentence.
        cite: The citation, as a lawyer writes it; may be empty where we chose it.
        sure: How sure the source is: ``text``, ``account``, ``knowledge`` or ``chosen``.
    """

    id: str
    text: str
    cite: str
    sure: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What policy answers to one request, and why. Counsel decides; this is what counsel is handed.

    It is true, asked as a truth, only where something may leave.

    Attributes:
        outcome: The answer.
        policies: Own ids of the rules that spoke, those first that gave the answer; empty where none spoke,
            which is a refusal.
        citations: What those rules cite, in the same order, each once.
        duties: What must be done besides.
        facts: The facts that the rules look at which gave the answer, as dotted name and word, in the order of the request.
        flips: The smallest changes that would lead to another answer; empty where they were not asked for.
        failures: Why it could not be decided: facts that are missing, rules that failed. Then the outcome
            is a refusal, whatever the rules said.
        policy_hash: 64 hexadecimal digits that name the set of rules; a decision is no decision without.
        day: The calendar day for which packs were chosen.
        unsigned: Packs that counsel has not signed: the answer is a what-if and binds nobody.
    """

    outcome: Answer
    policies: tuple[str, ...]
    citations: tuple[str, ...]
    duties: tuple[Duty, ...]
    facts: tuple[tuple[str, str], ...]
    flips: tuple[Flip, ...]
    failures: tuple[str, ...]
    policy_hash: str
    day: date
    unsigned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether something may leave."""
        return self.outcome is Answer.RELEASE and not self.failures
