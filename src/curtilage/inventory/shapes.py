"""The keys of every inventory file, as one table: what reads, writes, compares and explains them.

A :class:`Shape` says which keys a noun has in the files, in the order in which they are written. The
loader reads by it, the exports write by it, ``diff`` compares by it, the reference page is made from
it. To give a noun a new key: add the attribute in ``nouns.py``, and one line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.inventory import nouns
from curtilage.inventory._kinds import (
    Choice,
    Flag,
    LanguageTexts,
    Link,
    Tags,
    Text,
    Word,
    Words,
)
from curtilage.inventory._pointers import (
    Codes,
    Columns,
    FormFields,
    Pointer,
    Pointers,
)
from curtilage.inventory._series import (
    AUTHORITY_KEY,
    HOLDING,
    NONE_GIVEN,
    OUTCOME,
    PARTITIONS,
    SERIES,
    TITLE,
    id_key,
)
from curtilage.inventory._shape import Branch, File, Key, Shape
from curtilage.inventory._times import Day, Length

__all__ = [
    "AUTHORITY",
    "BACKUP",
    "CATEGORY",
    "CHANNEL",
    "CHANNEL_KINDS",
    "CITY",
    "COLLECTION",
    "CONTRACT",
    "DEPARTMENT",
    "ENCRYPTION",
    "EXCEPTION",
    "FIELD",
    "FILES",
    "HOLDING",
    "NONE_GIVEN",
    "OFFICER",
    "OUTCOME",
    "PARTITIONS",
    "PRACTICE",
    "PRACTICE_KINDS",
    "PROGRAM",
    "PURPOSE",
    "RECIPIENT_KINDS",
    "SEAT",
    "SERIES",
    "SYSTEM",
    "VENDOR",
    "identities",
    "list_shapes",
]

PRACTICE_KINDS: Final = tuple(
    "agreement statutory-report system-access task-force network-sharing grant-report ad-hoc courtesy-lookup data-broker open-data outbound-query".split()
)
RECIPIENT_KINDS: Final = tuple(
    "federal state county city tribal foreign court school company nonprofit researcher public other".split()
)
CHANNEL_KINDS: Final = tuple("email sms messaging phone video in-person post web-form portal other".split())


_OWNER: Final = Key("owner", Pointer(kinds=("officer",)), "who answers for it")

EXCEPTION: Final = Shape(
    "exception",
    nouns.ApprovedException,
    (
        Key("approved_by", Pointer(kinds=("officer", "seat")), "counsel who gave leave"),
        Key("reason", Text(), "why it may be kept"),
        Key("approved", Day(), "day of the leave"),
        Key("expires", Day(), "its last day"),
    ),
    has_id=False,
    ordered=(("approved", "expires"),),
)

FIELD: Final = Shape(
    "field",
    nouns.Field,
    (
        id_key("short name; dots group fields", dotted=True, name="field"),
        Key(
            "question",
            LanguageTexts(),
            "the question as it is asked, in each language; leave out if never asked",
        ),
        Key(
            "category",
            Pointer(kinds=("category",), words=(NONE_GIVEN,)),
            "what it is; `none` for what fits no category (a case number)",
        ),
        Key("purpose", Pointer(kinds=("purpose",)), "why the program needs it"),
        AUTHORITY_KEY,
        Key("necessity", Choice(nouns.Necessity), "how the program treats the question"),
        Key("decision", Text(), "what changes with the answer"),
        Key("coarser", Text(), "a less exact value that the decision could do with"),
        Key("why_we_ask", LanguageTexts(), "the words shown at the question, in each language"),
        Key("asked_in", FormFields(), "where forms ask it"),
        Key("stored_in", Columns(), "where it is held"),
        Key("series", Pointer(kinds=("series",)), "record series whose time it is kept for"),
        Key("note", Text(), "anything else"),
    ),
    (Branch("exception", EXCEPTION, "counsel's leave, with an end", single=True, default=None),),
    joined=True,
)

COLLECTION: Final = Shape(
    "collection",
    nouns.Collection,
    (
        id_key("short name"),
        TITLE,
        Key("forms", Words(), "files, folders or addresses of the forms"),
        Key(
            "tables",
            Columns(shape="SYSTEM.TABLE"),
            "tables it answers for: every column there must be declared",
        ),
        Key("languages", Tags(), "languages it must be offered in; the city's own when left out"),
    ),
    (Branch("fields", FIELD, "what is asked or held"),),
    joined=True,
)

PURPOSE: Final = Shape(
    "purpose",
    nouns.Purpose,
    (
        id_key("short name"),
        Key("text", Text(), "what is decided or delivered", required=True),
        Key("dpv", Text(), "purpose term of the W3C Data Privacy Vocabulary"),
        AUTHORITY_KEY,
    ),
    scoped=True,
)

PROGRAM: Final = Shape(
    "program",
    nouns.Program,
    (id_key("short name"), TITLE, AUTHORITY_KEY, _OWNER),
    (
        Branch("purposes", PURPOSE, "why it needs data"),
        Branch("collections", COLLECTION, "its forms and data sets"),
    ),
    joined=True,
)

DEPARTMENT: Final = Shape(
    "department",
    nouns.Department,
    (id_key("short name"), TITLE),
    (Branch("programs", PROGRAM, "what it does for residents"),),
)

AUTHORITY: Final = Shape(
    "authority",
    nouns.Authority,
    (
        id_key("short name", dotted=True),
        Key("citation", Text(), "as a lawyer would cite it", required=True),
        Key("title", Text(), "what it is called"),
        Key("jurisdiction", Text(), "whose law: US, US-WA, the city", required=True),
        Key("force", Choice(nouns.Force), "whether it obliges the city or lets it", required=True),
        Key("effective", Day(), "first day in force"),
        Key("expires", Day(), "last day in force"),
        Key("reviewer", Pointer(kinds=("officer",)), "who answers for the reading of it"),
        Key("reviewed", Day(), "day of that review"),
        Key("url", Link(), "where to read it"),
    ),
    ordered=(("effective", "expires"),),
)

ENCRYPTION: Final = Shape(
    "encryption",
    nouns.Encryption,
    (
        Key("in_transit", Flag(), "on the way"),
        Key("at_rest", Flag(), "where it lies"),
        Key("fields", Columns(shape="TABLE.COLUMN"), "columns sealed one by one"),
    ),
    has_id=False,
)

BACKUP: Final = Shape(
    "backup",
    nouns.Backup,
    (
        id_key("short name of the set", name="set"),
        TITLE,
        Key("keep", Length(), "how long each copy is kept, at most"),
        Key("verified", Day(), "when somebody last saw that old copies go"),
    ),
    joined=True,
)

SYSTEM: Final = Shape(
    "system",
    nouns.System,
    (
        id_key("short name"),
        TITLE,
        Key("connection", Pointer(kinds=("connection",)), "its name under [connections] in curtilage.toml"),
        Key("host", Pointer(kinds=("vendor",), words=("city",)), "who runs the machines"),
        Key("legal_entity", Text(), "company or body that runs it"),
        Key("parent", Text(), "its parent company"),
        Key("sub_processors", Pointers(kinds=("vendor",)), "who else handles the data"),
        Key("location", Codes(), "where the data lies"),
        Key("control_jurisdiction", Codes(), "states whose legal process reaches the operator"),
        Key("key_holder", Choice(nouns.KeyHolder, nouns.KeyHolder.UNKNOWN), "who can open it at rest"),
        _OWNER,
    ),
    (
        Branch(
            "encryption",
            ENCRYPTION,
            "what is encrypted",
            single=True,
            default=nouns.Encryption(in_transit=None, at_rest=None, fields=()),
        ),
        Branch("backups", BACKUP, "sets of copies that can be restored"),
    ),
)

CONTRACT: Final = Shape(
    "contract",
    nouns.Contract,
    (
        id_key("short name"),
        TITLE,
        Key("effective", Day(), "first day"),
        Key("expires", Day(), "last day"),
        Key("review", Day(), "day of the next review"),
        Key("clauses", Words(), "clauses of the reading list that it holds"),
        Key("document", Text(), "where it is filed"),
    ),
    joined=True,
    ordered=(("effective", "expires"),),
)

VENDOR: Final = Shape(
    "vendor",
    nouns.Vendor,
    (
        id_key("short name"),
        TITLE,
        Key("parent", Text(), "parent company"),
        Key("control_jurisdiction", Codes(), "states whose legal process reaches it"),
        Key("sub_processors", Pointers(kinds=("vendor",)), "whom it uses in turn"),
    ),
    (Branch("contracts", CONTRACT, "agreements with the city"),),
)

PRACTICE: Final = Shape(
    "practice",
    nouns.Practice,
    (
        id_key("short name"),
        TITLE,
        Key("kind", Word(PRACTICE_KINDS), "what sort of sharing"),
        Key("formal", Flag(), "whether it is written down and approved"),
        Key("fields", Pointers(kinds=("field", "category")), "what is shared"),
        Key("recipient", Text(), "who gets it"),
        Key("recipient_kind", Word(RECIPIENT_KINDS), "what sort of body"),
        Key("route", Choice(nouns.Route), "how it gets there"),
        AUTHORITY_KEY,
        Key("force", Choice(nouns.Force), "whether the city must"),
        Key("frequency", Text(), "how often"),
        Key("onward", Text(), "where it goes from there"),
        Key("last_used", Day(), "day of the last use"),
        Key("log", Text(), "name of the access log in which its use is seen"),
        Key("recipients", Words(), "who may stand in that log; * for any text"),
        Key("purposes", Words(), "what may stand there as purpose: ids of reasons, or its texts"),
        _OWNER,
        Key("review", Day(), "day of the next review"),
        Key("public", Flag(nothing=False), "whether the public register shows it"),
        Key("withheld_reason", Text(), "why it is not public"),
        Key("withheld_until", Day(), "until when"),
        Key("opt_out", Text(), "how a resident says no"),
    ),
)

CHANNEL: Final = Shape(
    "channel",
    nouns.Channel,
    (
        id_key("short name"),
        TITLE,
        Key("kind", Word(CHANNEL_KINDS), "what sort of channel"),
        Key("end_to_end", Flag(), "whether only the two ends can read it"),
        Key("captured_for_records", Flag(), "whether it is kept as the records law asks"),
        Key("highest", Choice(nouns.Reveals, nouns.Reveals.NONE), "most telling data that may be said on it"),
        Key("vendor", Pointer(kinds=("vendor",)), "who runs it"),
    ),
)

SEAT: Final = Shape(
    "seat",
    nouns.Seat,
    (
        id_key("short name"),
        Key("expertise", Choice(nouns.Expertise), "what its holder must bring", required=True),
        Key("holder", Text(), "who sits there; leave out while vacant"),
        Key("since", Day(), "first day"),
        Key("until", Day(), "last day"),
    ),
    ordered=(("since", "until"),),
)

OFFICER: Final = Shape(
    "officer",
    nouns.Officer,
    (
        id_key("short name"),
        Key("role", Text(), "the duty: privacy officer, counsel, records officer", required=True),
        Key("name", Text(), "who holds it"),
        Key("contact", Text(), "how to reach them"),
    ),
)

CITY: Final = Shape(
    "city",
    nouns.City,
    (
        Key("packs", Words(), "packs of law that apply: us, us-wa"),
        Key("second_office", Words(), "roles that sign every destruction besides those of its series"),
    ),
    (
        Branch("officers", OFFICER, "people with a duty"),
        Branch("seats", SEAT, "seats of the oversight body"),
    ),
    has_id=False,
)

CATEGORY: Final = Shape(
    "category",
    nouns.Category,
    (
        id_key("short name"),
        Key("reveals", Choice(nouns.Reveals), "what a value tells by itself", required=True),
        Key("status_information", Flag(nothing=False), "speaks of immigration or citizenship status"),
        Key("locator_information", Flag(nothing=False), "lets somebody be found"),
        Key("labels", LanguageTexts(), "its name, in each language"),
        Key("definition", Text(), "one English sentence"),
        Key("dpv", Text(), "personal data term of the W3C Data Privacy Vocabulary"),
        Key("fideslang", Text(), "key of the fides taxonomy"),
        Key("citations", Words(), "keys of docs/sources.toml"),
    ),
)
"""Categories ship with Curtilage; they are written into JSON only, so that it stands alone."""


FILES: Final = (
    File("city.yml", CITY, "", "city"),
    File("authorities.yml", AUTHORITY, "authorities", "authorities"),
    File("departments/*.yml", DEPARTMENT, "", "departments"),
    File("systems.yml", SYSTEM, "systems", "systems"),
    File("vendors.yml", VENDOR, "vendors", "vendors"),
    File("series/*.yml", SERIES, "series", "series"),
    File("practices.yml", PRACTICE, "practices", "practices"),
    File("channels.yml", CHANNEL, "channels", "channels"),
)
"""Every kind of file, in the order in which the inventory keeps their nouns."""


def list_shapes() -> Iterator[Shape]:
    """Give every shape once, each before those it holds."""
    for file in FILES:
        yield from file.shape.with_inner()


def identities(inventory: nouns.Inventory) -> Mapping[tuple[str, str], tuple[Shape, Any, str]]:
    """Return every declared noun by its shape's name and id, with its shape and its parent's id.

    Purposes, whose ids are those of their program, get the program's id in front.
    """
    found: dict[tuple[str, str], tuple[Shape, Any, str]] = {}
    for file in FILES:
        value = getattr(inventory, file.attribute)
        for noun in (value,) if file.attribute == "city" else value:
            _collect(file.shape, noun, "", found)
    return found


def _collect(
    shape: Shape, noun: Any, parent: str, found: dict[tuple[str, str], tuple[Shape, Any, str]]
) -> None:
    own = str(noun.id) if shape.has_id else shape.name
    found[(shape.name, f"{parent}.{own}" if shape.scoped else own)] = (shape, noun, parent)
    for branch in shape.branches:
        if branch.single:
            continue
        for child in getattr(noun, branch.name):
            _collect(branch.shape, child, own if shape.has_id else "", found)
