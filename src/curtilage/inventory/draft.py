"""Draft declarations from what was seen: a database's columns, a form's questions, a list.

A draft says what a machine can see (what it is called, where it lies, what it looks like) and leaves
open what a person must decide: purpose, authority, necessity, decision, series. What is open is
written empty with ``# decide: ...`` behind it, loads, and is a finding until somebody decides.

``importing.py`` adds drafts to the files, and overwrites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from curtilage.foundation.place import Place
from curtilage.inventory._emit import Remarked
from curtilage.inventory._kinds import is_language, slug
from curtilage.inventory.columns import name_column, tidy_name

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


def draft_table(
    places: Sequence[Place], seen: Mapping[Place, Sequence[str]], *, system: str
) -> tuple[DraftCollection, ...]:
    """Draft a collection for each table of a database or a schema.

    Args:
        places: Columns; see :func:`name_column` for where their table's name is found.
        seen: Categories recognised in each place, the one to declare first; a place may be missing.
        system: Id of the system that the database is.
    """
    tables: dict[str, dict[str, Place]] = {}
    for place in places:
        table, column = name_column(place)
        tables.setdefault(table, {}).setdefault(column, place)
    found: list[DraftCollection] = []
    for table, columns in tables.items():
        names = Names()
        fields = []
        for column, place in columns.items():
            where = {"stored_in": [f"{system}.{table}.{column}"]}
            own = names.take(column)
            fields.append(draft_field(own, seen.get(place, ()), question={}, where=where, facts=place.facts))
        plain = {"id": slug(table) or "table", "title": table, "tables": [f"{system}.{table}"]}
        found.append(DraftCollection(plain, tuple(fields)))
    return distinct(found)


def draft_form(places: Sequence[Place], seen: Mapping[Place, Sequence[str]]) -> tuple[DraftCollection, ...]:
    """Draft a collection for each form.

    Args:
        places: Questions, of one or several forms.
        seen: Categories recognised in each place, the one to declare first; a place may be missing.
    """
    forms: dict[str, list[Place]] = {}
    for place in places:
        forms.setdefault(place.source, []).append(place)
    return distinct([_draft_one_form(source, questions, seen) for source, questions in forms.items()])


def _draft_one_form(
    source: str, questions: Sequence[Place], seen: Mapping[Place, Sequence[str]]
) -> DraftCollection:
    # In FILE#NAME the first mark ends the file's name.
    names, form = Names(), tidy_name(source).replace("#", "%23") or "form"
    fields = []
    for place in questions:
        lang = place.lang if is_language(place.lang) else ""
        said = [(lang or "en", place.text), *place.translations]
        texts = {tag: tidy_name(text) for tag, text in said if is_language(tag)}
        fields.append(
            draft_field(
                names.take(place.name or place.text),
                seen.get(place, ()),
                question={tag: text for tag, text in texts.items() if text},
                where={"asked_in": [f"{form}#{tidy_name(place.name or place.locator) or 'field'}"]},
                facts=place.facts,
                unsure_language=bool(tidy_name(place.text)) and not lang,
            )
        )
    stem = form.rstrip("/").rpartition("/")[2].partition(".")[0]
    return DraftCollection({"id": slug(stem) or "form", "title": stem, "forms": [form]}, tuple(fields))


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
        categories: What was recognised, the one to declare first; may be empty.
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
class Names:
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
    names = Names()
    return tuple(
        replace(draft, plain={**draft.plain, "id": names.take(str(draft.plain["id"]))}) for draft in found
    )
