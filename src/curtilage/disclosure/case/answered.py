"""Kinds of events of a case from policy's answer on: bounds, letters, plans, releases, notices, the end.

See ``events`` for the rules of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from curtilage.disclosure.case.asked import Data


@dataclass(frozen=True, slots=True)
class Decided(Data):
    """Policy answered, by the activated set.

    Attributes:
        outcome: One of ``disclosure.nouns.Answer``.
        policies: Own ids of the rules that spoke.
        citations: What they cite.
        facts: Every fact on which it was decided, as dotted name and word: it can be decided again.
        failures: Why it could not be decided; then the outcome is a refusal.
        policy_hash: 64 hex digits that name the set of rules.
        day: Calendar day for which it was decided, in the city's zone.
        packs: Id and hash of each pack, in order.
    """

    KIND = "disclosure.decided"
    outcome: str
    policies: tuple[str, ...]
    citations: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    failures: tuple[str, ...]
    policy_hash: str
    day: date
    packs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Narrowed(Data):
    """What will be answered is no more than this; whether that matches the paper is stated anew. Body: ``scope``.

    Attributes:
        subjects: How many people.
        fields: Names of places: ``SYSTEM.TABLE.COLUMN``, sorted.
        systems: Ids of systems, sorted.
        since: First day of the period; None where it is without beginning.
        until: Last day; None where it is without end.
    """

    KIND = "disclosure.narrowed"
    subjects: int
    fields: tuple[str, ...]
    systems: tuple[str, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Objected(Data):
    """The city objected in writing. Body: ``letter``.

    Attributes:
        letter: Id and version of the template that was used, ``ID@VERSION``; empty where none was.
        due: Day by which it had to be sent; None where the paper names none.
    """

    KIND = "disclosure.objected"
    letter: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Refused(Data):
    """The city declined. Body: ``letter``, which may lack; ``letter`` as in :class:`Objected`."""

    KIND = "disclosure.refused"
    letter: str


@dataclass(frozen=True, slots=True)
class Answered(Data):
    """The city answered otherwise; ``answer`` is one of ``nouns.ANSWERS``. Body: ``letter``, which may lack."""

    KIND = "disclosure.answered"
    answer: str
    letter: str


@dataclass(frozen=True, slots=True)
class Planned(Data):
    """A plan of what would leave was made; it takes the place of any before. Body: ``plan``.

    Attributes:
        plan: The plan's fingerprint, 64 hex digits.
        subjects: How many people it is about.
        rows: Records that would leave.
        fields: Values that would leave, by ``SYSTEM.TABLE.COLUMN``.
        left_out: What stays, counted by reason.
        expires: Last day on which it may be carried out.
    """

    KIND = "disclosure.planned"
    plan: str
    subjects: int
    rows: int
    fields: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]
    expires: date


@dataclass(frozen=True, slots=True)
class Approved(Data):
    """Somebody whose role it is approved a plan, as ``role``."""

    KIND = "disclosure.approved"
    plan: str
    role: str


@dataclass(frozen=True, slots=True)
class ReleaseIntended(Data):
    """A package is about to be made; whether it was, :class:`Released` tells. ``package`` is its file name."""

    KIND = "disclosure.release-intended"
    plan: str
    package: str


@dataclass(frozen=True, slots=True)
class Released(Data):
    """A package is complete and was handed out.

    Attributes:
        plan: The plan's fingerprint.
        package_hash: SHA-256 of the encrypted package, 64 hex digits.
        subjects: How many people it is about.
        rows: Records in it.
        fields: Values in it, by ``SYSTEM.TABLE``.
        left_out: What stayed, counted by reason.
    """

    KIND = "disclosure.released"
    plan: str
    package_hash: str
    subjects: int
    rows: int
    fields: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReleaseStopped(Data):
    """A release that was begun is given up, and nothing of it left; ``reason`` is a stable code."""

    KIND = "disclosure.release-stopped"
    plan: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preserved(Data):
    """Nothing responsive is purged: ``hold`` is the id of a hold of the retention room."""

    KIND = "disclosure.preserved"
    hold: str


@dataclass(frozen=True, slots=True)
class Noticed(Data):
    """Somebody was told of the request.

    Attributes:
        whom: One of ``nouns.TOLD``.
        how: One of ``nouns.WAYS``.
        on: Calendar day.
    """

    KIND = "disclosure.noticed"
    whom: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class NoticeWithheld(Data):
    """Nobody may be told for now. Body: ``gag``.

    Attributes:
        cite: What forbids it, as a lawyer cites it.
        until: Last day on which it is forbidden; None where it is without end.
    """

    KIND = "disclosure.notice-withheld"
    cite: str
    until: date | None


@dataclass(frozen=True, slots=True)
class ExigentOpened(Data):
    """A supervisor stated an emergency, and a review stands open.

    Attributes:
        harm: One of ``nouns.HARMS``.
        minimum_only: No more is asked than averts the harm.
        called_back: The caller was reached through the agency's published number.
        review_by: Until when the board reviews it, UTC.
    """

    KIND = "disclosure.exigent-opened"
    harm: str
    minimum_only: bool
    called_back: bool
    review_by: datetime


@dataclass(frozen=True, slots=True)
class Reviewed(Data):
    """The emergency was reviewed afterwards.

    Attributes:
        by: ``board`` or ``counsel``.
        finding: One of ``nouns.REVIEW_FINDINGS``.
        note: One of ``nouns.REVIEW_NOTES``.
    """

    KIND = "disclosure.reviewed"
    by: str
    finding: str
    note: str


@dataclass(frozen=True, slots=True)
class Closed(Data):
    """Nothing more is to do; ``result`` is one of ``nouns.RESULTS``."""

    KIND = "disclosure.closed"
    result: str
