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
from curtilage.inventory._kinds import is_language, slug, without_language
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
    """Draft a collection for each form; one form in several languages is one.

    Args:
        places: Questions, of one or several forms.
        seen: Categories recognised in each place, the one to declare first; a place may be missing.
    """
    forms: dict[str, list[Place]] = {}
    for place in places:
        forms.setdefault(place.source, []).append(place)
    return distinct([_draft_one_form(versions, seen) for versions in _group_versions(forms)])


def _group_versions(forms: Mapping[str, list[Place]]) -> list[dict[str, list[Place]]]:
    """Put forms together that differ only in a language in their path, and ask under the same names."""
    groups: dict[str, list[dict[str, list[Place]]]] = {}
    for source, questions in forms.items():
        same = groups.setdefault(without_language(source), [])
        names = {place.name for place in questions if place.name}
        for group in same:
            first = {place.name for place in next(iter(group.values()))}
            if len(names & first) * 2 >= max(1, min(len(names), len(first))):
                group[source] = questions
                break
        else:
            same.append({source: questions})
    return [group for same in groups.values() for group in same]


def _draft_one_form(
    versions: Mapping[str, Sequence[Place]], seen: Mapping[Place, Sequence[str]]
) -> DraftCollection:
    names = Names()
    # In FILE#NAME the first mark ends the file's name.
    forms = {source: tidy_name(source).replace("#", "%23") or "form" for source in versions}
    fields = [
        _draft_question(names.take(asked[0].name or asked[0].text), asked, forms, seen)
        for asked in _same_questions(list(versions.values()))
    ]
    stem = next(iter(forms.values())).rstrip("/").rpartition("/")[2].partition(".")[0]
    plain = {"id": slug(stem) or "form", "title": stem, "forms": list(forms.values())}
    return DraftCollection(plain, tuple(fields))


def _same_questions(versions: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """Return each question with its versions in other languages; of a name said twice the first goes along."""
    asked = [[place] for place in versions[0]]
    for others in versions[1:]:
        waiting = {one[0].name: one for one in reversed(asked) if one[0].name}
        for place in others:
            if place.name in waiting:
                waiting.pop(place.name).append(place)
            else:
                asked.append([place])
    return asked


def _draft_question(
    name: str, asked: Sequence[Place], forms: Mapping[str, str], seen: Mapping[Place, Sequence[str]]
) -> Plain:
    """Draft a field from a question and its versions in other languages."""
    texts: dict[str, str] = {}
    for place in asked:
        for tag, text in ((_language_of(place) or "en", place.text), *place.translations):
            # The star says that an answer is required, which has a place of its own.
            if is_language(tag) and (said := tidy_name(text).rstrip(" *")):
                texts.setdefault(tag, said)
    where = [f"{forms[place.source]}#{tidy_name(place.name or place.locator) or 'field'}" for place in asked]
    return draft_field(
        name,
        tuple(dict.fromkeys(category for place in asked for category in seen.get(place, ()))),
        question=texts,
        where={"asked_in": where},
        facts=asked[0].facts,
        unsure_language=any(tidy_name(place.text) and not _language_of(place) for place in asked),
    )


def _language_of(place: Place) -> str:
    return place.lang if is_language(place.lang) else ""


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
