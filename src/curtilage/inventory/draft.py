"""Draft declarations from what was seen: a database's columns, a form's questions, a list.

A draft says what a machine can see (what it is called, where it lies, what it looks like) and leaves
open what a person must decide: purpose, authority, necessity, decision, series. What is open is
written empty with ``# decide: ...`` behind it, loads, and is a finding until somebody decides.

Nothing is overwritten. Into a file that exists only what is not declared yet is added, and only when
asked to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from curtilage.foundation.errors import UsageError
from curtilage.foundation.place import Place
from curtilage.inventory import edit
from curtilage.inventory._emit import Remarked, emit_noun
from curtilage.inventory._kinds import slug
from curtilage.inventory.load import INVENTORY, Documents, load_documents
from curtilage.inventory.nouns import Inventory
from curtilage.inventory.shapes import identities

Plain = Mapping[str, Any]
"""A noun as a file would write it; values may carry a remark."""

OPEN: Final[Mapping[str, str]] = {
    "category": "decide: nothing was recognised; `none` where it fits no category",
    "purpose": "decide: id of a purpose of this program",
    "authority": "decide: id in authorities.yml, or none",
    "necessity": "decide: required, optional, verbal or prohibited",
    "decision": "decide: what changes with the answer",
    "series": "decide: id in series/",
}
"""What a person must decide of each field, with the comment that says so."""

_HEAD: Final = """\
# Drafted from what was seen; nobody has decided anything yet.
# Search for "decide": each is a question to the people who run the program. Until it is answered,
# `curtilage check` reports it. What is not needed should not be asked: delete it at the source too.
"""


@dataclass(frozen=True, slots=True)
class DraftCollection:
    """A form or data set, drafted.

    Attributes:
        plain: Its own keys (``id``, ``title``, ``forms``, ``tables``).
        fields: Its fields, in order.
    """

    plain: Plain
    fields: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an import adds to one program of one department.

    Attributes:
        department: Id.
        program: Id, without the department's.
        purposes: Purposes that the source itself states; may be empty.
        collections: At least one.
        systems: Systems that the fields are stored in; those that are declared are left as they are.
    """

    department: str
    program: str
    collections: tuple[DraftCollection, ...]
    purposes: tuple[Plain, ...] = ()
    systems: tuple[Plain, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would write: read it, then let the caller write the files.

    Attributes:
        files: Whole files, new or changed; empty when all is declared already.
        added: Ids of the fields that are added, in order.
        known: How many fields were declared already and are left as they are.
    """

    files: tuple[edit.Edited, ...]
    added: tuple[str, ...]
    known: int


class AlreadyThereError(UsageError):
    """An import would change a file that exists."""

    code = "inventory.already-there"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path} exists. Nothing was written. Give --merge to add only what it does not declare yet, "
            "or name another --department."
        )


def draft_table(
    places: Sequence[Place], seen: Mapping[Place, Sequence[str]], *, system: str
) -> tuple[DraftCollection, ...]:
    """Draft a collection for each table of a database or a schema.

    Args:
        places: Columns; see :func:`name_column` for where their table's name is found.
        seen: Categories recognised in each place, best first; a place may be missing.
        system: Id of the system that the database is.
    """
    tables: dict[str, dict[str, Place]] = {}
    for place in places:
        table, column = name_column(place)
        tables.setdefault(table, {}).setdefault(column, place)
    found: list[DraftCollection] = []
    for table, columns in tables.items():
        names = _Names()
        fields = []
        for column, place in columns.items():
            where = {"stored_in": [f"{system}.{table}.{column}"]}
            own = names.take(column)
            fields.append(draft_field(own, seen.get(place, ()), question={}, where=where, facts=place.facts))
        plain = {"id": slug(table) or "table", "title": table, "tables": [f"{system}.{table}"]}
        found.append(DraftCollection(plain, tuple(fields)))
    return distinct(found)


_TABLE_COLUMN: Final = re.compile(r"[^:/.]+(?:\.[^:/.]+)+")


def name_column(place: Place) -> tuple[str, str]:
    """Return the table and the column that a place is.

    They stand in the locator of a live database, in the name where a schema was read; the columns of
    a plain file belong to a table named after the file.

    >>> name_column(Place("exports/cards.csv", "row:1 col:2", "column", "born on"))
    ('cards', 'born on')
    """
    for said in (place.locator, place.name):
        if _TABLE_COLUMN.fullmatch(said):
            table, _, column = said.rpartition(".")
            return table, column
    stem = place.source.rstrip("/").rpartition("/")[2].partition(".")[0]
    plain = re.sub(r"[.\s]+", " ", place.name).strip()
    return stem or "table", plain or "column"


def draft_form(places: Sequence[Place], seen: Mapping[Place, Sequence[str]]) -> tuple[DraftCollection, ...]:
    """Draft a collection for each form.

    Args:
        places: Questions, of one or several forms.
        seen: Categories recognised in each place, best first; a place may be missing.
    """
    forms: dict[str, list[Place]] = {}
    for place in places:
        forms.setdefault(place.source, []).append(place)
    return distinct([_draft_one_form(source, questions, seen) for source, questions in forms.items()])


def _draft_one_form(
    source: str, questions: Sequence[Place], seen: Mapping[Place, Sequence[str]]
) -> DraftCollection:
    names = _Names()
    fields = []
    for place in questions:
        texts = dict([(place.lang or "en", place.text), *place.translations]) if place.text else {}
        fields.append(
            draft_field(
                names.take(place.name or place.text),
                seen.get(place, ()),
                question={lang: text for lang, text in texts.items() if lang and text},
                where={"asked_in": [f"{source}#{place.name or place.locator}"]},
                facts=place.facts,
                unsure_language=bool(place.text) and not place.lang,
            )
        )
    stem = source.rstrip("/").rpartition("/")[2].partition(".")[0]
    return DraftCollection({"id": slug(stem) or "form", "title": stem, "forms": [source]}, tuple(fields))


def draft_field(
    name: str,
    categories: Sequence[str],
    *,
    question: Mapping[str, str],
    where: Plain,
    facts: Sequence[str] = (),
    unsure_language: bool = False,
) -> Plain:
    """Draft one field.

    Args:
        name: Its id in the collection.
        categories: What was recognised, best first; may be empty.
        question: The words, by language; empty for a column.
        where: ``asked_in`` or ``stored_in``.
        facts: As in :class:`Place`.
        unsure_language: The language of the question was not told; the remark asks for it.
    """
    said: dict[str, Any] = {"field": name}
    if question:
        said["question"] = (
            Remarked(dict(question), "decide: is this English?") if unsure_language else dict(question)
        )
    said["category"] = _category(categories)
    for key in ("purpose", "authority", "necessity", "decision"):
        said[key] = Remarked(None, OPEN[key])
    if "required" in facts and question:
        said["necessity"] = Remarked(None, f"{OPEN['necessity']} (the form insists on an answer)")
    return {**said, **where, "series": Remarked(None, OPEN["series"])}


def draft_system(identifier: str, *, connection: str = "", title: str = "") -> Plain:
    """Draft a system of which nothing is known but that it is there.

    Args:
        identifier: Its id.
        connection: Name of its connection in curtilage.toml; empty where it has none yet.
        title: What people call it; made of the id where empty.
    """
    named = connection or Remarked(None, "decide: its name under [connections] in curtilage.toml")
    return {
        "id": identifier,
        "title": title or identifier.replace("_", " "),
        "connection": named,
        "host": Remarked(None, "decide: city, or the id of a vendor"),
        "key_holder": Remarked(None, "decide: city, vendor, shared or nobody"),
        "owner": Remarked(None, "decide: an officer in city.yml"),
    }


def _category(categories: Sequence[str]) -> Remarked:
    if not categories:
        return Remarked(None, OPEN["category"])
    rest = f", or {', '.join(categories[1:4])}" if len(categories) > 1 else ""
    return Remarked(categories[0], f"recognised by its words{rest}: check it")


def make_id(text: str) -> str:
    """Return ``text`` as an id: lower-case words joined by ``_``; empty where no letter remains."""
    return slug(text)


@dataclass(slots=True)
class _Names:
    """Gives each field of a collection an id of its own."""

    taken: dict[str, int] = field(default_factory=dict)

    def take(self, text: str) -> str:
        """Return an id made of ``text``; a number is added where it is taken."""
        own = slug(text)[:80].strip("_") or "field"
        self.taken[own] = self.taken.get(own, 0) + 1
        while self.taken[own] > 1 and f"{own}_{self.taken[own]}" in self.taken:
            self.taken[own] += 1
        if self.taken[own] == 1:
            return own
        made = f"{own}_{self.taken[own]}"
        self.taken[made] = 1
        return made


def distinct(found: list[DraftCollection]) -> tuple[DraftCollection, ...]:
    """Return the collections with a number behind each id that another has already."""
    names = _Names()
    return tuple(
        replace(draft, plain={**draft.plain, "id": names.take(str(draft.plain["id"]))}) for draft in found
    )


def plan_import(documents: Documents, drafts: Sequence[Draft], *, merge: bool) -> Import:
    """Return what would be written to declare drafts that are not declared yet.

    Args:
        documents: The city's files as they are.
        drafts: What was seen.
        merge: Whether files that exist may be added to.

    Raises:
        AlreadyThereError: A department's file exists and ``merge`` is not set.
        DeclarationError: The files as they are, or as they would become, do not load.
    """
    inventory = load_documents(documents)
    for draft in drafts:
        path = f"{INVENTORY}/departments/{draft.department}.yml"
        if path in documents and not merge:
            raise AlreadyThereError(path=path)
    planning = _Planning(dict(documents), inventory)
    for draft in drafts:
        planning.take(draft)
    load_documents(planning.documents)
    changed = [path for path, content in planning.documents.items() if documents.get(path) != content]
    files = tuple(edit.Edited(path, planning.documents[path]) for path in changed)
    return Import(files, tuple(planning.added), planning.known)


class _Planning:
    """Adds drafts to the files in memory, one after the other."""

    def __init__(self, documents: dict[str, bytes], inventory: Inventory) -> None:
        self.documents = documents
        self.declared = {key: noun for key, (_, noun, _) in identities(inventory).items()}
        self.places = {
            place for each in inventory.list_fields() for place in (*each.stored_in, *each.asked_in)
        }
        self.added: list[str] = []
        self.known = 0

    def take(self, draft: Draft) -> None:
        """Add what a draft says and the files do not."""
        for system in draft.systems:
            self._add("system", "", str(system["id"]), [system])
        collections = [self._unknown(draft, collection) for collection in draft.collections]
        collections = [collection for collection in collections if collection.fields]
        if not collections and not draft.purposes:
            return
        program = f"{draft.department}.{draft.program}"
        whole = {
            "id": draft.program,
            "purposes": list(draft.purposes),
            "collections": [_whole(each) for each in collections],
        }
        whole = {key: value for key, value in whole.items() if value}
        if ("department", draft.department) not in self.declared:
            self._add_department(draft, whole)
        elif ("program", program) not in self.declared:
            self._add("program", draft.department, program, [whole])
        else:
            self._add_to_program(program, draft, collections)

    def _unknown(self, draft: Draft, collection: DraftCollection) -> DraftCollection:
        """Return the collection with the fields that are not declared, under ids that are free."""
        above = f"{draft.department}.{draft.program}.{collection.plain['id']}"
        names = _Names({identifier.removeprefix(f"{above}."): 1 for identifier in self._fields_of(above)})
        fields = []
        for plain in collection.fields:
            places = [*plain.get("stored_in", ()), *plain.get("asked_in", ())]
            if (places and self.places.issuperset(places)) or (
                not places and f"{above}.{plain['field']}" in self._fields_of(above)
            ):
                self.known += 1
                continue
            own = str(plain["field"])
            fields.append({**plain, "field": own if own not in names.taken else names.take(own)})
            names.taken.setdefault(own, 1)
            self.places.update(places)
            self.added.append(f"{above}.{fields[-1]['field']}")
        return replace(collection, fields=tuple(fields))

    def _fields_of(self, collection: str) -> list[str]:
        declared = self.declared.get(("collection", collection))
        return [each.id for each in declared.fields] if declared is not None else []

    def _add_department(self, draft: Draft, program: Plain) -> None:
        lines = emit_noun({"id": draft.department, "programs": [program]})
        path = f"{INVENTORY}/departments/{draft.department}.yml"
        self.documents[path] = (_HEAD + "".join(f"{line}\n" for line in lines)).encode()
        self._learn()

    def _add_to_program(self, program: str, draft: Draft, collections: Sequence[DraftCollection]) -> None:
        for purpose in draft.purposes:
            self._add("purpose", program, f"{program}.{purpose['id']}", [purpose])
        fresh: list[Plain] = []
        for collection in collections:
            above = f"{program}.{collection.plain['id']}"
            if ("collection", above) in self.declared:
                self._write(edit.add_nouns(self.documents, "field", above, collection.fields))
            else:
                fresh.append(_whole(collection))
        if fresh:
            self._write(edit.add_nouns(self.documents, "collection", program, fresh))
        self._learn()

    def _add(self, noun: str, parent: str, identifier: str, plains: Sequence[Plain]) -> None:
        if (noun, identifier) in self.declared:
            return
        self._write(edit.add_nouns(self.documents, noun, parent, plains))
        self._learn()

    def _write(self, edited: edit.Edited) -> None:
        self.documents[edited.path] = edited.content

    def _learn(self) -> None:
        self.declared = {
            key: noun for key, (_, noun, _) in identities(load_documents(self.documents)).items()
        }


def _whole(collection: DraftCollection) -> Plain:
    return {**collection.plain, "fields": list(collection.fields)}
