"""What the retention room records in the ledger: one class for each kind of event.

Rules of this file:

* An event holds what may be kept for ever: ids, days, counts, codes, hashes. Whom a hold is about, and which
  records a batch took, are private bodies beside it.
* The words of a kind, and the meaning of its fields, never change. What must say more gets a new version.
* Who did it, as what and when stands in the entry itself, not in its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, TypeVar

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.kinds import read_data, write_data
from curtilage.ledger.nouns import Body, Entry, Event

PREFIX: Final = "retention/"
"""How the names of the room's streams begin."""

SCOPE: Final = "scope"
"""Name of the private body of :class:`HoldPlaced`: the hold's scope, as canonical JSON."""

MANIFEST: Final = "manifest"
"""Name of the private body of :class:`BatchIntended`: see ``retention.manifest``."""


class Data:
    """What all kinds have in common."""

    __slots__ = ()
    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class PlanMade(Data):
    """A plan was made. Its canonical JSON follows in the same act, in ``parts`` of :class:`PlanPart`.

    Attributes:
        plan: Id of the plan: the fingerprint of its JSON, 64 hex digits.
        day: The day it is for, in the city's zone.
        not_before: First day on which it may be carried out: the warning is over.
        expires: Last day.
        items: How many lines it has.
        rows: Records that are to go, over all of them.
        undecided: Lines that a person must decide.
        parts: How many parts follow.
    """

    KIND = "retention.plan-made"
    plan: str
    day: date
    not_before: date
    expires: date
    items: int
    rows: int
    undecided: int
    parts: int


@dataclass(frozen=True, slots=True)
class PlanPart(Data):
    """A part of a plan's canonical JSON, in order; ``part`` counts from 1."""

    KIND = "retention.plan-part"
    plan: str
    part: int
    text: str


@dataclass(frozen=True, slots=True)
class Authorised(Data):
    """Somebody whose role it is agreed to a plan; ``expires`` is the last day on which it counts."""

    KIND = "retention.authorised"
    plan: str
    role: str
    expires: date


@dataclass(frozen=True, slots=True)
class Begun(Data):
    """The carrying out of a plan began, or went on after an interruption."""

    KIND = "retention.begun"
    plan: str


@dataclass(frozen=True, slots=True)
class BatchIntended(Data):
    """A batch is about to be committed; whether it was, :class:`BatchDone` tells.

    Attributes:
        plan: Id of the plan.
        item: Id of its line.
        number: 1-based number of the batch within the line.
        rows: Records that it takes.
        along: Dependent rows, by table.
        spared: Records that were due and stay.
        root: Commitment to the records: 64 hex digits.
    """

    KIND = "retention.batch-intended"
    plan: str
    item: str
    number: int
    rows: int
    along: tuple[tuple[str, int], ...]
    spared: int
    root: str


@dataclass(frozen=True, slots=True)
class BatchDone(Data):
    """The batch that was intended under the same number was committed."""

    KIND = "retention.batch-done"
    plan: str
    item: str
    number: int
    rows: int
    root: str


@dataclass(frozen=True, slots=True)
class PlanFinished(Data):
    """Nothing that the plan names is left that may go; ``rows`` went in all."""

    KIND = "retention.plan-finished"
    plan: str
    rows: int


@dataclass(frozen=True, slots=True)
class PlanStopped(Data):
    """The carrying out ended before its end; ``reason`` is a stable code, ``rows`` went until then.

    It may go on where ``final`` is false.
    """

    KIND = "retention.plan-stopped"
    plan: str
    reason: str
    rows: int
    final: bool


@dataclass(frozen=True, slots=True)
class CertificateIssued(Data):
    """A certificate was issued. Its JSON follows in the same act, in ``parts`` of :class:`CertificatePart`.

    Attributes:
        plan: Id of the plan.
        certificate: Id of the certificate.
        fingerprint: SHA-256 of its canonical JSON, 64 hex digits.
        parts: How many parts follow.
    """

    KIND = "retention.certificate-issued"
    plan: str
    certificate: str
    fingerprint: str
    parts: int


@dataclass(frozen=True, slots=True)
class CertificatePart(Data):
    """A part of a certificate's JSON, ASCII, in order; ``part`` counts from 1."""

    KIND = "retention.certificate-part"
    plan: str
    certificate: str
    part: int
    text: str


@dataclass(frozen=True, slots=True)
class Witnessed(Data):
    """Somebody who did not carry a plan out looked on, and says so; a certificate with that follows in the same act.

    Attributes:
        plan: Id of the plan.
        certificate: Id of the certificate that follows.
        fingerprint: Of the certificate that was witnessed, 64 hex digits.
    """

    KIND = "retention.witnessed"
    plan: str
    certificate: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CopiesGone(Data):
    """A holder confirmed that its copies of a system are gone; a certificate with that follows in the same act.

    Attributes:
        plan: Id of the plan.
        certificate: Id of the certificate that follows.
        system: Id of the system, and ``holder`` of the vendor.
        reference: Number or name of the document that says so.
        day: Since when, as it says; calendar date in the city's zone.
        letter: SHA-256 of the document's bytes, 64 hex digits; empty where there is no file of it.
    """

    KIND = "retention.copies-gone"
    plan: str
    certificate: str
    system: str
    holder: str
    reference: str
    day: date
    letter: str


@dataclass(frozen=True, slots=True)
class Replayed(Data):
    """What had been deleted from a system is deleted again, since a backup was restored; first entry of its stream.

    Attributes:
        plan: Id of the replay, which takes the place of a plan's.
        system: Id of the system that was restored.
        plans: Ids of the plans by which it went before; their consents stand.
        items: How many lines it has.
        rows: Records that the manifests list, over all of them.
        lost: Records whose list was destroyed, since no backup should hold them any more.
    """

    KIND = "retention.replayed"
    plan: str
    system: str
    plans: tuple[str, ...]
    items: int
    rows: int
    lost: int


@dataclass(frozen=True, slots=True)
class NightWorked(Data):
    """The scheduled work of a night was done, as far as it could be.

    Attributes:
        due: The moment for which it was scheduled, ISO 8601, UTC.
        late: Whether it was done only after that night was over.
        jobs: What was done, and what came of it: a job's name, and a short sentence of counts.
        failures: What could not be done: a job's name, the id of the plan or system (may be empty), and the
            error's stable code.
    """

    KIND = "retention.night-worked"
    due: str
    late: bool
    jobs: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class HoldPlaced(Data):
    """Records must not be destroyed for now. The private body :data:`SCOPE` says which.

    Attributes:
        hold: Id of the hold.
        matter: Reference of the matter: a docket or file number, nobody's name.
        ground: Why: see ``retention.nouns.Ground``.
        issuer: Body or office that ordered it, nobody's name.
        series: Series it is limited to; empty is all.
        systems: Systems it is limited to; empty is all.
        subjects: How many people it is limited to; 0 is not by people.
        conditional: Whether it is limited by a condition.
        review: Day by which somebody looks at it again.
    """

    KIND = "retention.hold-placed"
    hold: str
    matter: str
    ground: str
    issuer: str
    series: tuple[str, ...]
    systems: tuple[str, ...]
    subjects: int
    conditional: bool
    review: date


@dataclass(frozen=True, slots=True)
class HoldReviewed(Data):
    """Somebody looked at a hold and found that it must go on standing; ``review`` is the next day to look."""

    KIND = "retention.hold-reviewed"
    hold: str
    review: date


@dataclass(frozen=True, slots=True)
class HoldReleased(Data):
    """A hold no longer stands; ``reference`` is what ended it: an order's or a letter's number."""

    KIND = "retention.hold-released"
    hold: str
    reference: str


KINDS: Final[Mapping[str, type[Data]]] = {
    cls.KIND: cls
    for cls in (
        PlanMade,
        PlanPart,
        Authorised,
        Begun,
        BatchIntended,
        BatchDone,
        PlanFinished,
        PlanStopped,
        CertificateIssued,
        CertificatePart,
        Witnessed,
        CopiesGone,
        Replayed,
        NightWorked,
        HoldPlaced,
        HoldReviewed,
        HoldReleased,
        # one line each, so that two people who add one do not meet
    )
}
"""Every kind of event of this room."""

HOLD_KINDS: Final = (HoldPlaced.KIND, HoldReviewed.KIND, HoldReleased.KIND)
"""Kinds that tell which holds stand."""

Kind = TypeVar("Kind", bound=Data)


class UnknownEventError(EvidenceError):
    """The ledger holds an event of this room that this version of Curtilage cannot read."""

    code = "retention.unknown-event"

    def __init__(self, *, kind: str, version: int, position: int) -> None:
        self.kind, self.version, self.position = kind, version, position
        super().__init__(
            f"Entry {position} of the ledger is {kind}, version {version}, which cannot be read here. "
            "Nothing was decided on a part of the record, and nothing was deleted. "
            "Use the newest Curtilage that has written to this ledger; if this is it, run: curtilage ledger verify"
        )


def to_event(data: Data, *, bodies: Mapping[str, Body] | None = None) -> Event:
    """Return what is appended to the ledger for ``data``.

    Args:
        data: One of the classes of this file.
        bodies: What is about people, by name.
    """
    return write_data(data, bodies)


def read(entry: Entry) -> Data:
    """Return the data of an entry of this room.

    Raises:
        UnknownEventError: Its kind, its version or its shape is not known here.
    """
    found = read_data(entry, KINDS)
    if found is None:
        raise UnknownEventError(kind=entry.kind, version=entry.version, position=entry.position)
    return found


def read_kind(entries: Iterator[Entry] | tuple[Entry, ...], kind: type[Kind]) -> Iterator[tuple[Entry, Kind]]:
    """Give the entries of one kind, each with its data.

    Raises:
        UnknownEventError: One of them cannot be read.
    """
    for entry in entries:
        if entry.kind == kind.KIND:
            data = read(entry)
            assert isinstance(data, kind)
            yield entry, data


def plan_stream(plan: str) -> str:
    """Return the stream of a plan, by its id of 64 hex digits."""
    return f"{PREFIX}plan-{plan[:32]}"


def hold_stream(hold: str) -> str:
    """Return the stream of a hold, by its id."""
    return f"{PREFIX}hold-{hold}"
