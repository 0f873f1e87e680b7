"""What is recorded of a case: one class for each kind of event, on the case's own stream.

Rules of this file:

* An event holds what may be kept for ever: words of closed lists, days, counts, hashes, ids of rules and
  places. Who asks, about whom, in which words, and every paper and letter are private bodies beside it.
* A name, an address, a number of a record or a word of the paper is never in an event's own data.
* The words of a kind, and the meaning of its fields, never change. What must say more gets a new version.
* Who did it, as what and when stands in the entry itself, not in its data.
* An event is also the command that asks for it: ``case.steps`` weighs it before it is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypeVar

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.nouns import Body, Entry, Event

PREFIX: Final = "disclosure/case-"
"""How the names of the cases' streams begin."""

ASKER: Final = "asker"
"""Private body of :class:`Received`: who asks (name, badge, agency, how to call back), canonical JSON."""

WORDS: Final = "words"
"""Private body of :class:`Received`: what was asked, as it was said or written."""

PAPER: Final = "paper"
"""Private body of :class:`Received` and :class:`Attached`: the scan."""

SUBJECTS: Final = "subjects"
"""Private body of :class:`Classified`: canonical JSON list of the identifiers of whom it is about."""

RECORDS: Final = "records"
"""Private body of :class:`Classified`: which records the paper describes, in its words."""

GAG: Final = "gag"
"""Private body of :class:`Classified` and :class:`NoticeWithheld`: the words that forbid telling."""

SCOPE: Final = "scope"
"""Private body of :class:`Narrowed`: subjects, fields, systems and period that will be answered, canonical JSON."""

PLAN: Final = "plan"
"""Private body of :class:`Planned`: the plan itself, canonical JSON."""

LETTER: Final = "letter"
"""Private body of :class:`Objected`, :class:`Refused`, :class:`Answered`: the letter as it was sent."""


class Data:
    """What all kinds have in common."""

    __slots__ = ()
    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Received(Data):
    """A request arrived; the first entry of every case. Bodies: ``asker``, ``words``, ``paper``; each may lack.

    Attributes:
        case: Id of the case: 8 characters of a-z and 2-7.
        channel: One of ``nouns.CHANNELS``.
        department: Id of the department where it arrived.
        issuer: One of ``disclosure.nouns.ISSUERS`` as the desk heard it, or ``unknown``.
        paper: One of ``nouns.SEEN``: what kind of paper the desk saw; no judgement of it.
        script: Which script the desk was given, ``ID@VERSION``; empty where none was.
    """

    KIND = "disclosure.received"
    case: str
    channel: str
    department: str
    issuer: str
    paper: str
    script: str


@dataclass(frozen=True, slots=True)
class Attached(Data):
    """Something was added to the case. Body: named as ``what`` says.

    Attributes:
        what: ``paper``, ``asker`` or ``words``.
        media: Media type of a paper, such as ``application/pdf``; empty otherwise.
        size_bytes: Its size.
        pages: How many pages; 0 where that is not known.
        hints: Ids of the hints that spoke, never text.
    """

    KIND = "disclosure.attached"
    what: str
    media: str
    size_bytes: int
    pages: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified(Data):
    """A person looked who issued and signed the paper, and whether it is genuine.

    Attributes:
        issuer: One of ``disclosure.nouns.ISSUERS``.
        signer: One of ``disclosure.nouns.SIGNERS``.
        authentic: ``yes``, ``no`` or ``unknown``.
        how: One of ``nouns.PROOFS``: how it was verified.
    """

    KIND = "disclosure.identified"
    issuer: str
    signer: str
    authentic: str
    how: str


@dataclass(frozen=True, slots=True)
class Classified(Data):
    """A person said what the paper is. Bodies: ``subjects``, ``records``, ``gag``; each may lack.

    Attributes:
        instrument: Id of a row of ``instruments.yml``.
        form: Form number as printed, such as ``I-200``; empty where there is none.
        revision: Its revision; empty where there is none.
        issued: Date on the paper.
        served: Date on which it was served on the city.
        return_by: Date by which it wants an answer.
        civil_immigration: The stated purpose is civil immigration enforcement.
        custody: One of ``disclosure.nouns.CUSTODIES``.
        holder: One of ``disclosure.nouns.HOLDERS``.
        gag: The paper, or an order, forbids telling of it.
        subjects: How many people it names.
        hints: Ids of the hints that spoke, never text.
    """

    KIND = "disclosure.classified"
    instrument: str
    form: str
    revision: str
    issued: date | None
    served: date | None
    return_by: date | None
    civil_immigration: bool
    custody: str
    holder: str
    gag: bool
    subjects: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactStated(Data):
    """A person states one more fact; what was stated last counts.

    Attributes:
        fact: Dotted name of a fact of ``disclosure.nouns.Request``, such as ``consent.written``.
        word: ``yes``, ``no``, ``none``, or a word of the fact's list.
    """

    KIND = "disclosure.fact-stated"
    fact: str
    word: str


@dataclass(frozen=True, slots=True)
class Assigned(Data):
    """Somebody answers for the case from now on; ``officer`` is an id of ``city.yml``."""

    KIND = "disclosure.assigned"
    officer: str


@dataclass(frozen=True, slots=True)
class Held(Data):
    """Nothing may leave for now.

    Attributes:
        ground: One of ``nouns.GROUNDS``.
        until: Day on which somebody looks again; it goes on standing until it is lifted.
    """

    KIND = "disclosure.held"
    ground: str
    until: date | None


@dataclass(frozen=True, slots=True)
class HoldLifted(Data):
    """A hold of the case no longer stands; ``ground`` says which."""

    KIND = "disclosure.hold-lifted"
    ground: str


@dataclass(frozen=True, slots=True)
class Confirmed(Data):
    """Counsel confirms, by name; ``what`` is ``order`` or ``outcome``."""

    KIND = "disclosure.confirmed"
    what: str


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


KINDS: Final[Mapping[str, type[Data]]] = {
    cls.KIND: cls
    for cls in (
        Received,
        Attached,
        Identified,
        Classified,
        FactStated,
        Assigned,
        Held,
        HoldLifted,
        Confirmed,
        Decided,
        Narrowed,
        Objected,
        Refused,
        Answered,
        Planned,
        Approved,
        ReleaseIntended,
        Released,
        ReleaseStopped,
        Preserved,
        Noticed,
        NoticeWithheld,
        ExigentOpened,
        Reviewed,
        Closed,
        # one line each, so that two people who add one do not meet
    )
}
"""Every kind of event of a case."""

Kind = TypeVar("Kind", bound=Data)


class UnknownCaseEventError(EvidenceError):
    """The ledger holds an event of a case that this version of Curtilage cannot read."""

    code = "disclosure.unknown-event"

    def __init__(self, *, kind: str, version: int, position: int) -> None:
        self.kind, self.version, self.position = kind, version, position
        super().__init__(
            f"Entry {position} of the ledger is {kind}, version {version}, which cannot be read here. "
            "Nothing was decided on a part of the record, and nothing left. "
            "Use the newest Curtilage that has written to this ledger; if this is it, run: curtilage ledger verify"
        )


def to_event(data: Data, *, bodies: Mapping[str, Body] | None = None) -> Event:
    """Return what is appended to the ledger for ``data``.

    Args:
        data: One of the classes of this file.
        bodies: What is about people, by name.
    """
    import msgspec

    return Event(data.KIND, msgspec.to_builtins(data), bodies or {}, data.VERSION)


def read(entry: Entry) -> Data:
    """Return the data of an entry of a case.

    Raises:
        UnknownCaseEventError: Its kind, its version or its shape is not known here.
    """
    import msgspec

    kind: type[Any] | None = KINDS.get(entry.kind)
    if kind is None or entry.version != kind.VERSION:
        raise UnknownCaseEventError(kind=entry.kind, version=entry.version, position=entry.position)
    try:
        found = msgspec.convert(dict(entry.data), kind)
    except msgspec.ValidationError as error:
        raise UnknownCaseEventError(
            kind=entry.kind, version=entry.version, position=entry.position
        ) from error
    assert isinstance(found, Data)
    return found


def read_kind(entries: Iterable[Entry], kind: type[Kind]) -> Iterator[tuple[Entry, Kind]]:
    """Give the entries of one kind, each with its data.

    Raises:
        UnknownCaseEventError: One of them cannot be read.
    """
    for entry in entries:
        if entry.kind == kind.KIND:
            data = read(entry)
            assert isinstance(data, kind)
            yield entry, data


def case_stream(case: str) -> str:
    """Return the stream of a case, by its id."""
    return f"{PREFIX}{case}"


def draw_id() -> str:
    """Return a new id of a case: random, so that it tells neither a day nor how many came before."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(8))
