"""What the retention room speaks of: what is due, what is held, what is planned, who agreed.

Everything here may be kept for ever and shown to anybody who may see the inventory: ids, days, counts, coded
conditions. The one exception is a :class:`Scope`, which may name people by keyed hashes: it is kept sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from curtilage.connectors.disposal.conditions import Condition
from curtilage.connectors.disposal.nouns import Act, Target
from curtilage.inventory.nouns import Holding, Series


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a person must decide before anything of it can be destroyed.

    Attributes:
        series: Id of the series.
        place: ``SYSTEM.TABLE`` or ``SYSTEM.PATH``; empty where it is the series itself.
        code: Stable short word: see ``retention.due.REASONS``.
        reason: Why, one sentence, without a value.
        rows: How many records it is about; None where they were not counted, or it is all of them.
    """

    series: str
    place: str
    code: str
    reason: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Which records of a series in one place have had their time, on one day, as conditions on the place.

    Attributes:
        series: The series.
        holding: How its records lie in the place.
        day: The day the question is asked; calendar date in the city's zone.
        due: Whose time is surely over.
        later: Whose time is surely not over yet. What is in neither cannot be decided.
        soon: Whose time will be over on the last day of the warning; includes those of ``due``.
        overdue: Whom the city's own limit has passed; None where there is none.
        trigger: Column of the event that starts the time; for several, the first.
        mine: Which rows of the place belong to the series; None is all of them.
    """

    series: Series
    holding: Holding
    day: date
    due: Condition
    later: Condition
    soon: Condition
    overdue: Condition | None
    trigger: str
    mine: Condition | None = None


class Ground(StrEnum):
    """Why records are held."""

    LITIGATION = "litigation"
    ANTICIPATED = "anticipated-litigation"
    COURT_ORDER = "court-order"
    RECORDS_REQUEST = "records-request"
    """An open request for public records; it stands until the answer can no longer be appealed."""
    AUDIT = "audit"
    INVESTIGATION = "investigation"
    CLAIM = "claim"
    REVIEW = "administrative-review"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a hold is about: those that meet every part that is given; at least one is.

    Attributes:
        series: Ids of series; empty is any.
        systems: Ids of systems; empty is any.
        subjects: Keyed hashes of people, 64 hex digits each; empty is anybody.
        condition: On the columns of a table; None is any row.
    """

    series: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()
    subjects: frozenset[str] = field(default=frozenset(), repr=False)
    condition: Condition | None = field(default=None, repr=False)

    def is_empty(self) -> bool:
        """Return whether nothing limits it: such a hold would hold everything, and must be said otherwise."""
        return not (self.series or self.systems or self.subjects or self.condition)


@dataclass(frozen=True, slots=True)
class Hold:
    """An order that records must not be destroyed for now.

    Attributes:
        id: Its id.
        matter: Reference of the matter: a docket or file number, nobody's name.
        ground: Why.
        issuer: Body or office that ordered it.
        scope: Which records; None where it was lost or cannot be opened: then everything is held.
        placed_by: Id of the officer who placed it, and ``placed`` when, UTC.
        review: Day by which somebody looks at it again; ``reviewed`` is when somebody last did, UTC.
        released: When it ended, UTC; None while it stands.
        released_by: Id of the officer who released it; empty while it stands.
        reference: What ended it; empty while it stands.
    """

    id: str
    matter: str
    ground: Ground
    issuer: str
    scope: Scope | None
    placed_by: str
    placed: datetime
    review: date
    reviewed: datetime | None = None
    released: datetime | None = None
    released_by: str = ""
    reference: str = ""

    @property
    def stands(self) -> bool:
        """Return whether nothing it is about may go."""
        return self.released is None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many records of a line are due and stay for one hold; a record may be under several."""

    hold: str
    matter: str
    ground: Ground
    rows: int


@dataclass(frozen=True, slots=True)
class Along:
    """A table whose rows go with those of a line, since they hang on them.

    Attributes:
        table: Its name.
        rows: How many go along.
        series: Series that it belongs to by itself; empty is none.
        due: Which of its rows may go, where it belongs to a series; a row that may not keeps its parent.
        subject: Column that says whom its rows are about; empty is whom the parent is about.
    """

    table: str
    rows: int
    series: str = ""
    due: Condition | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of a plan: what is to be done to the records of one series in one place.

    Attributes:
        id: ``SERIES@PLACE``, with ``#PARTITION`` where a partition is dropped. Unique in the plan.
        series: Id of the series, and ``title`` its name.
        schedule: The schedule, and ``number`` its item, which authorise the destruction.
        authority: Citation of what adopts the schedule, and ``approved`` the day since when.
        trigger: The event that starts the time, in words, and ``column`` where its day stands.
        copy: ``record`` or ``convenience``.
        target: Which records.
        act: What is done to them.
        along: Tables whose rows go along.
        due: Records whose time is over.
        rows: Those of them that no hold covers: what is to go.
        overdue: Those of ``due`` that are past the city's own limit.
        held: What stays, for which hold.
        oldest: First day of the event among ``due``, and ``newest`` the last; None where not known.
        signers: Roles that must agree; all of them, and never one person for two.
        basis: Fingerprint of the declarations that it rests on: another one, and it is not carried out.
        present: Records of the series in the place, due or not.
    """

    id: str
    series: str
    title: str
    schedule: str
    number: str
    authority: str
    approved: date | None
    trigger: str
    column: str
    copy: str
    target: Target
    act: Act
    along: tuple[Along, ...]
    due: int
    rows: int
    overdue: int
    held: tuple[HeldBack, ...]
    oldest: date | None
    newest: date | None
    signers: tuple[str, ...]
    basis: str
    present: int = 0

    @property
    def held_rows(self) -> int:
        """Return how many records are due and stay for a hold."""
        return self.due - self.rows


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go, where, how many, under which item of which schedule: to be read, signed, carried out.

    Attributes:
        id: Fingerprint of its canonical JSON: 64 hex digits.
        city: Name of the city.
        day: The day it is for; calendar date in the city's zone.
        made: When it was made, UTC, whole seconds.
        made_by: Id of the officer or machine that made it.
        not_before: First day on which it may be carried out.
        expires: Last day on which it may begin.
        items: Its lines, sorted by id; may be empty.
        undecided: What a person must decide; none of it goes.
    """

    id: str
    city: str
    day: date
    made: datetime
    made_by: str
    not_before: date
    expires: date
    items: tuple[PlanItem, ...]
    undecided: tuple[Undecided, ...]

    @property
    def rows(self) -> int:
        """Return how many records are to go, over all lines."""
        return sum(item.rows for item in self.items)

    @property
    def signers(self) -> tuple[str, ...]:
        """Return the roles that must agree to it, sorted: those of all lines."""
        return tuple(sorted({role for item in self.items for role in item.signers}))


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One person's consent to a plan, in one role.

    Attributes:
        role: The role, as the series names it.
        officer: Id of the officer.
        at: When, UTC.
        expires: Last day on which it counts.
    """

    role: str
    officer: str
    at: datetime
    expires: date


@dataclass(frozen=True, slots=True)
class PlanState:
    """What the ledger tells of a plan.

    Attributes:
        plan: The plan, as it was recorded.
        version: Number of entries in its stream.
        authorisations: In the order in which they were given.
        last: When anything was last recorded of it, UTC.
        begun: When its carrying out began first, UTC; None where it has not.
        finished: Whether nothing of it is left to do.
        stopped: Stable code of why it was stopped for good; empty where it was not.
        batches: Records that went, by line.
    """

    plan: Plan
    version: int
    authorisations: tuple[Authorisation, ...]
    last: datetime
    begun: datetime | None = None
    finished: bool = False
    stopped: str = ""
    batches: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused: a stable code, and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether something may be done: yes only where there is no reason against it."""

    reasons: tuple[Reason, ...]

    def __bool__(self) -> bool:
        """Return whether it may."""
        return not self.reasons
