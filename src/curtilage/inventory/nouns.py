"""What a city declares: the nouns of the inventory, as frozen values.

Every noun that a file declares carries ``spot``, the file and line it was read from, so that each
finding can point at it. References between nouns are ids; the loader has resolved them all, so an
id in a loaded :class:`Inventory` is never dangling.

Empty never means yes: an empty ``authority``, ``approved_by`` or ``series`` is "none given".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from curtilage.foundation.finding import Spot
from curtilage.foundation.periods import Period

Texts = tuple[tuple[str, str], ...]
"""A text in several languages: ``(BCP 47 tag, text)``, in the order of the file."""


class Reveals(StrEnum):
    """How much a value tells of immigration status, citizenship or national origin."""

    NONE = "none"
    WEAK = "weak"
    """Correlates: language, a missing number, a birthplace's proxy."""
    STRONG = "strong"
    """Singles out with little more: country of birth, passport, ITIN."""
    DIRECT = "direct"
    """States it, or exists only because of it."""

    @property
    def rank(self) -> int:
        """Return 0 for none to 3 for direct."""
        return list(Reveals).index(self)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of residents' data, from the vocabulary that ships with Curtilage.

    Attributes:
        id: For example ``country_of_birth``.
        reveals: What a value of it tells by itself.
        status_information: Speaks of immigration or citizenship status (8 USC 1373's subject).
        locator_information: Lets somebody be found: address, workplace, hours, appointments.
        labels: Name in the languages that are shipped.
        definition: One English sentence.
        dpv: Term of the W3C Data Privacy Vocabulary, an IRI, empty where DPV has none.
        fideslang: Key of the fides taxonomy, empty where there is none.
        citations: Keys in ``docs/sources.toml``.
    """

    id: str
    reveals: Reveals
    status_information: bool
    locator_information: bool
    labels: Texts
    definition: str = ""
    dpv: str = ""
    fideslang: str = ""
    citations: tuple[str, ...] = ()


class Force(StrEnum):
    """Whether an authority obliges the city or lets it."""

    MANDATORY = "mandatory"
    PERMISSIVE = "permissive"


@dataclass(frozen=True, slots=True)
class Authority:
    """A law, rule, order or decision that is cited.

    Attributes:
        effective: First day in force, in the city's zone; None where not stated: nothing rests on it then.
        expires: Last day in force; None where none is set. Past it the authority "needs review".
        reviewer: Who answers for the reading of it; empty is nobody.
        reviewed: Day of that review.
    """

    id: str
    citation: str
    jurisdiction: str
    force: Force
    effective: date | None
    expires: date | None
    reviewer: str
    reviewed: date | None
    title: str
    url: str
    spot: Spot

    def is_current(self, today: date) -> bool:
        """Return whether ``today`` lies within effective and expires, both included; no where none is stated."""
        begun = self.effective is not None and self.effective <= today
        return begun and (self.expires is None or today <= self.expires)


class Necessity(StrEnum):
    """How a program treats a question."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    VERBAL = "verbal"
    """Asked aloud, acted on, not written down."""
    PROHIBITED = "prohibited"
    """Neither asked nor held."""


@dataclass(frozen=True, slots=True)
class ApprovedException:
    """Counsel's leave to keep a question that the rules would stop.

    Attributes:
        approved_by: Officer or seat id of counsel; empty is nobody.
        expires: Last day; None means it never was given an end, which the check refuses.
    """

    approved_by: str
    reason: str
    approved: date | None
    expires: date | None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked of, or held about, a resident.

    Attributes:
        id: ``DEPARTMENT.PROGRAM.COLLECTION.FIELD`` ids joined by dots.
        question: The words in each language; empty where it is held but never asked.
        category: Id of a :class:`Category`; ``none`` where the file says that it fits none, empty where
            it says nothing.
        purpose: Id of a :class:`Purpose` of the same program; empty is none given.
        authority: Id of an :class:`Authority`, ``none`` where the file says there is none,
            empty where it says nothing.
        decision: What changes with the answer.
        coarser: Id or words of a coarser value that the decision could do with; empty is none.
        why_we_ask: The words shown at the question, in each language.
        asked_in: ``FILE#NAME_OR_LOCATOR`` of each form that asks it.
        stored_in: ``SYSTEM.TABLE.COLUMN`` of each place that holds it.
        series: Id of a :class:`Series`; empty is none given.
    """

    id: str
    question: Texts
    category: str
    purpose: str
    authority: str
    necessity: Necessity | None
    decision: str
    coarser: str
    why_we_ask: Texts
    asked_in: tuple[str, ...]
    stored_in: tuple[str, ...]
    series: str
    exception: ApprovedException | None
    note: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a program needs data: what it decides or delivers with it.

    ``id`` is unique within its program. ``dpv`` is a purpose term of the W3C Data Privacy Vocabulary,
    empty where none is given.
    """

    id: str
    text: str
    dpv: str
    authority: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Collection:
    """A form or data set of a program.

    Attributes:
        id: ``DEPARTMENT.PROGRAM.COLLECTION`` ids joined by dots.
        forms: Files or folders, relative to the city's folder or URLs, that ask its questions.
        tables: ``SYSTEM.TABLE`` that it answers for: a column there that no field declares is drift.
        languages: Languages it must be offered in; the city's own when empty.
    """

    id: str
    title: str
    forms: tuple[str, ...]
    tables: tuple[str, ...]
    languages: tuple[str, ...]
    fields: tuple[Field, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Program:
    """What a department does for residents, with its own purposes and authority.

    Attributes:
        id: ``DEPARTMENT.PROGRAM`` ids joined by dots.
        owner: Id of an :class:`Officer`; empty is nobody. So for every owner and reviewer.
    """

    id: str
    title: str
    authority: str
    purposes: tuple[Purpose, ...]
    collections: tuple[Collection, ...]
    owner: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Department:
    """A part of the city's government; one file each."""

    id: str
    title: str
    programs: tuple[Program, ...]
    spot: Spot


class KeyHolder(StrEnum):
    """Who can open the data at rest."""

    CITY = "city"
    VENDOR = "vendor"
    SHARED = "shared"
    NOBODY = "nobody"
    """Not encrypted, so there is no key."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Encryption:
    """What is declared of a system's encryption; None is "not stated", which is not a yes."""

    in_transit: bool | None
    at_rest: bool | None
    fields: tuple[str, ...]
    """``TABLE.COLUMN`` declared as sealed field by field."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A set of copies of a system that can be restored.

    Attributes:
        id: ``SYSTEM.SET`` ids joined by a dot.
        keep: How long each copy is kept, at most; None is not stated: then nothing says when deleted
            records are gone from it.
        verified: Day on which somebody last saw that old copies really go; None is never.
    """

    id: str
    title: str
    keep: Period | None
    verified: date | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class System:
    """Where data lies.

    Attributes:
        connection: Name of a connection in ``curtilage.toml``; empty where it cannot be read.
        host: Where it runs: ``city`` or a vendor's id.
        legal_entity: The company or body that runs it.
        parent: Its parent company; empty is none known.
        sub_processors: Vendor ids.
        location: ISO 3166 codes of the places that hold the data (``US-WA``).
        control_jurisdiction: ISO 3166 codes of the states whose process reaches the controller.
        backups: Sets of copies that can be restored; empty is "not stated", which is not "none".
    """

    id: str
    title: str
    connection: str
    host: str
    legal_entity: str
    parent: str
    sub_processors: tuple[str, ...]
    location: tuple[str, ...]
    control_jurisdiction: tuple[str, ...]
    key_holder: KeyHolder
    encryption: Encryption
    owner: str
    spot: Spot
    backups: tuple[Backup, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement with a vendor; ``clauses`` are ids of the reading list that it holds.

    ``id`` is ``VENDOR.CONTRACT`` ids joined by a dot.
    """

    id: str
    title: str
    effective: date | None
    expires: date | None
    review: date | None
    clauses: tuple[str, ...]
    document: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Vendor:
    """A company that holds or handles residents' data for the city."""

    id: str
    title: str
    parent: str
    control_jurisdiction: tuple[str, ...]
    sub_processors: tuple[str, ...]
    contracts: tuple[Contract, ...]
    spot: Spot


class Disposition(StrEnum):
    """What happens to records when their time is over."""

    DESTROY = "destroy"
    TRANSFER = "transfer"
    APPRAISE = "appraise"
    PERMANENT = "permanent"


class Copy(StrEnum):
    """Which copy of a record lies in a place."""

    RECORD = "record"
    """The one that the schedule speaks of, whatever it lies on."""
    CONVENIENCE = "convenience"
    """A duplicate that somebody works with: the minimum does not bind it."""


class Disposal(StrEnum):
    """How the records of one place go when their time is over."""

    DELETE = "delete"
    CLEAR = "clear"
    """Columns are set to null; the row stays."""
    AGGREGATE = "aggregate"
    """Rows are counted by group, the counts stay, the rows go."""
    DROP_PARTITION = "drop-partition"
    REWRITE = "rewrite"
    """A file is written anew without the records."""
    REMOVE_FILES = "remove-files"
    TRANSFER = "transfer-then-delete"
    DESTROY_KEY = "destroy-key"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which rows of a table are meant, by what one column says: how a matter ended, whether somebody agreed.

    Attributes:
        column: The column.
        among: Its values, as text; empty is none given, and then no row is meant.
    """

    column: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """How the records of a series lie in one place. Columns are named without their table.

    Attributes:
        id: ``SERIES.PLACE``, so that a place stands once in a series.
        series: Id of the series.
        triggers: Column of each event that starts the time, by the event's words; the words are empty
            for the one column of a series with one event. Empty is none given: then nothing is ever due.
        subject: Column that says whom a record is about; empty is none, and then a hold on anybody
            holds every record here.
        key: Columns that identify a record; empty is the table's primary key.
        outcome: Which rows belong to the series; None is all of them.
        keep: How long a convenience copy is kept; None is as long as the record.
        dispose: How records go; None is not stated, and then nothing goes.
        clear: Columns that are set to null, with ``clear``.
        group_by: Columns by which rows are counted, with ``aggregate``.
        count_into: Table that gets the counts, with ``aggregate``.
        partition: Length of a partition in time, with ``drop-partition``: ``day``, ``month``, ``year``.
        to: Folder, or file ending in .zip, of the archives, with ``transfer-then-delete``.
        key_name: Name of the key, with ``destroy-key``.
        depends: ``TABLE.COLUMN`` that point here beyond declared foreign keys; their rows go too.
        shared_where: Which rows may be shared where nothing compels it; None where the place records no wish.
    """

    id: str
    series: str
    triggers: Texts
    subject: str
    key: tuple[str, ...]
    outcome: Outcome | None
    copy: Copy
    keep: Period | None
    dispose: Disposal | None
    clear: tuple[str, ...]
    group_by: tuple[str, ...]
    count_into: str
    partition: str
    to: str
    key_name: str
    depends: tuple[str, ...]
    spot: Spot
    shared_where: Outcome | None = None

    @property
    def place(self) -> str:
        """Return where they lie: ``SYSTEM.TABLE``, or ``SYSTEM.PATH`` for files; a path may be a pattern."""
        return self.id.removeprefix(f"{self.series}.")

    @property
    def system(self) -> str:
        """Return the id of the system."""
        return self.place.partition(".")[0]

    @property
    def within(self) -> str:
        """Return the table or path in the system; a table's name may hold dots of its own."""
        return self.place.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Series:
    """A record series: a class of records with one retention rule.

    Attributes:
        authority: Id of the :class:`Authority` that adopts the schedule.
        schedule: Name or number of the schedule.
        item: Item number in it.
        trigger: The event that starts the time, in words (``case closed``).
        trigger_column: ``SYSTEM.TABLE.COLUMN`` that holds its date; empty is none given.
        minimum_text: The clause as the schedule writes it.
        minimum: The clause parsed: see ``inventory.clause``; None where there is no clause.
        city_maximum: The city's own limit; None is none adopted.
        longer_reason: Why the maximum exceeds the minimum; empty is no reason.
        authorised_by: Roles that sign a destruction; empty is nobody.
        held_in: Where its records lie, and how; empty is not stated, and then nothing is planned.
    """

    id: str
    title: str
    authority: str
    schedule: str
    item: str
    trigger: str
    trigger_column: str
    minimum_text: str
    minimum: object | None
    city_maximum: Period | None
    longer_reason: str
    disposition: Disposition | None
    authorised_by: tuple[str, ...]
    spot: Spot
    held_in: tuple[Holding, ...] = ()


class Route(StrEnum):
    """How shared data reaches its recipient."""

    DIRECT = "direct"
    VIA_STATE = "via state"
    VIA_VENDOR = "via vendor"


@dataclass(frozen=True, slots=True)
class Practice:
    """A way in which data is shared, written down or not.

    Attributes:
        kind: ``agreement``, ``statutory-report``, ``system-access``, ``task-force``,
            ``network-sharing``, ``grant-report``, ``ad-hoc``, ``courtesy-lookup``,
            ``data-broker``, ``open-data``, ``outbound-query``.
        fields: Field or category ids.
        onward: Where it goes from there, as far as is known; empty is not known.
        log: Name of the access log in which its use is seen; empty is none, and then nobody compares.
        recipients: Who may stand in that log as recipient, as it writes them; ``*`` stands for any text.
            Empty is the words of ``recipient``, and no pattern.
        purposes: What may stand there as purpose: ids of reasons (see ``sharing.reasons``), or texts as the
            log writes them, ``*`` as above. Empty is none: every purpose is then undeclared.
        public: Shown on the register; otherwise ``withheld_reason`` and ``withheld_until`` say why.
    """

    id: str
    title: str
    kind: str
    formal: bool | None
    fields: tuple[str, ...]
    recipient: str
    recipient_kind: str
    route: Route | None
    authority: str
    force: Force | None
    frequency: str
    onward: str
    last_used: date | None
    owner: str
    review: date | None
    public: bool
    withheld_reason: str
    withheld_until: date | None
    opt_out: str
    spot: Spot
    log: str = ""
    recipients: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """How staff and residents communicate, and what may be said on it."""

    id: str
    title: str
    kind: str
    end_to_end: bool | None
    captured_for_records: bool | None
    highest: Reveals
    vendor: str
    spot: Spot


class Expertise(StrEnum):
    """What a seat of the oversight body must bring."""

    LAW = "law"
    LAW_ENFORCEMENT = "law enforcement"
    SECURITY = "cybersecurity"
    CONTRACTS = "contract reading"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the oversight body; ``holder`` is empty while it is vacant."""

    id: str
    expertise: Expertise
    holder: str
    since: date | None
    until: date | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Officer:
    """A person with a duty: privacy officer, counsel, records officer, clerk."""

    id: str
    role: str
    name: str
    contact: str
    spot: Spot

    def has_duty(self, duty: str) -> bool:
        """Return whether the role names ``duty`` as a word: a housing counselor is no counsel."""
        return duty in re.findall(r"\w+", self.role.lower())

    def is_one_person(self, other: Officer) -> bool:
        """Return whether two ids stand for one person: the same id, or the same name.

        In doubt they do: two people of one name, or of none yet, are told apart in ``city.yml`` before they
        count as two.
        """
        return self.id == other.id or _plain_name(self) == _plain_name(other)


def _plain_name(officer: Officer) -> str:
    return " ".join(officer.name.split()).casefold()


@dataclass(frozen=True, slots=True)
class City:
    """The city itself, from ``city.yml`` and ``curtilage.toml``.

    Attributes:
        second_office: Roles that sign every destruction besides those that its series names, where the
            law asks for another office's consent.
    """

    name: str
    zone: str
    languages: tuple[str, ...]
    packs: tuple[str, ...]
    seats: tuple[Seat, ...]
    officers: tuple[Officer, ...]
    spot: Spot
    second_office: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that a city declares, loaded whole, in the order of files and lines."""

    city: City
    authorities: tuple[Authority, ...] = ()
    departments: tuple[Department, ...] = ()
    systems: tuple[System, ...] = ()
    vendors: tuple[Vendor, ...] = ()
    series: tuple[Series, ...] = ()
    practices: tuple[Practice, ...] = ()
    channels: tuple[Channel, ...] = ()
    categories: tuple[Category, ...] = field(default=())

    def list_programs(self) -> tuple[Program, ...]:
        """Return the programs of all departments."""
        return tuple(program for department in self.departments for program in department.programs)

    def list_collections(self) -> tuple[Collection, ...]:
        """Return the collections of all programs."""
        return tuple(found for program in self.list_programs() for found in program.collections)

    def list_fields(self) -> tuple[Field, ...]:
        """Return the fields of all collections."""
        return tuple(found for collection in self.list_collections() for found in collection.fields)
