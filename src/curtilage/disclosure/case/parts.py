"""The parts of a case: what was decided, confirmed, approved, held, sent, as it stands after a fold.

Rules of this file:

* A part says what an event said, with who did it and when; it holds nothing that is sealed.
* Words are of the closed lists of ``nouns``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from curtilage.ledger.nouns import BodyRef


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy answered, as it stands in the ledger: as ``events.Decided`` has it, and who asked.

    Attributes:
        number: Number of its entry in the case.
        by: Id of the officer who asked policy.
        at: When, UTC.
    """

    outcome: str
    policies: tuple[str, ...]
    citations: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    failures: tuple[str, ...]
    policy_hash: str
    day: date
    packs: tuple[tuple[str, str], ...]
    number: int
    by: str
    at: datetime

    @property
    def lets_leave(self) -> bool:
        """Return whether something may leave by it."""
        return self.outcome == "release" and not self.failures

    @property
    def role(self) -> str:
        """Return in which role somebody releases by it; empty where its facts name none."""
        return dict(self.facts).get("acting_role", "")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Counsel's word: who gave it, and when (UTC)."""

    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to a plan: who, as what, when (UTC)."""

    officer: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseHold:
    """Why nothing may leave for now.

    Attributes:
        ground: One of ``nouns.GROUNDS``.
        until: Day on which somebody looks again; None for none. It stands until it is lifted, whatever the day.
        by: Id of who held.
        at: When, UTC.
    """

    ground: str
    until: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CasePlan:
    """The plan that stands; the attributes are those of ``events.Planned``, and who made it.

    Attributes:
        by: Id of who made it: who may not approve it.
        at: When, UTC.
    """

    plan: str
    subjects: int
    rows: int
    fields: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]
    expires: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an answer goes at most; the attributes are those of ``events.Narrowed``."""

    subjects: int
    fields: tuple[str, ...]
    systems: tuple[str, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What left; the attributes are those of ``events.Released``, and who handed it out, and when (UTC)."""

    plan: str
    package_hash: str
    subjects: int
    rows: int
    fields: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Who was told, how, on which day."""

    whom: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why nobody may be told, until when; None is without end."""

    cite: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency that a supervisor stated, and its review.

    Attributes:
        harm: One of ``nouns.HARMS``.
        minimum_only: No more is asked than averts the harm.
        called_back: The caller was reached through the agency's published number.
        opened: When, UTC.
        review_by: Until when it must be reviewed, UTC.
        by: Id of the supervisor.
        finding: What the last review found; empty before any.
        reviewed: When it was reviewed last, UTC.
    """

    harm: str
    minimum_only: bool
    called_back: bool
    opened: datetime
    review_by: datetime
    by: str
    finding: str = ""
    reviewed: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the review is still to be done."""
        return self.finding in {"", "more"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter, or an answer without one.

    Attributes:
        answer: ``objected``, ``refused`` or one of ``nouns.ANSWERS``.
        letter: ``ID@VERSION`` of its template; empty where there was none.
        at: When, UTC.
    """

    answer: str
    letter: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseBody:
    """Where a private body of the case hangs: number and kind of its entry, and how to open it."""

    number: int
    kind: str
    ref: BodyRef
