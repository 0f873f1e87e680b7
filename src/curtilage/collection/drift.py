"""Declared against observed, both ways: what is there and not declared, what is declared and not there.

Nothing is concluded from what was not looked at: a column is "vanished" only where its system answered,
a question only where its form was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.collection import rules
from curtilage.collection.compare import (
    Forms,
    asks,
    column_id,
    column_name,
    declared_columns,
)
from curtilage.detection.columns import is_named
from curtilage.foundation.finding import Finding, Spot
from curtilage.inventory.nouns import Collection, Field, Necessity, Reveals, System
from curtilage.survey.nouns import Observed
from curtilage.survey.situation import Situation

_NEVER_WRITTEN: Final = {
    Necessity.PROHIBITED: rules.PROHIBITED_HELD,
    Necessity.VERBAL: rules.VERBAL_WRITTEN,
}

_SAVE_PAGE: Final = (
    "Pages of the web are not fetched: save the page into the city's folder and name that file instead."
)


def find(situation: Situation) -> Iterator[Finding]:
    """Give the differences between what is declared and what was seen; nothing without a survey."""
    forms = Forms(situation)
    yield from _find_never_written(situation, forms)
    if situation.observation is None:
        return
    for system in situation.declared.systems:
        if system.id in situation.observation.systems:
            yield from _find_undeclared_columns(situation, system)
    yield from _find_vanished_columns(situation)
    for collection in situation.declared.list_collections():
        yield from _find_in_forms(collection, forms)
    yield from _find_milder_names(situation, forms)


def _find_never_written(situation: Situation, forms: Forms) -> Iterator[Finding]:
    """Prohibited and verbal fields that have a column or stand on a form.

    What was looked at is believed; of what was not, the declaration: it says that the place is there.
    """
    seen = _columns_seen(situation)
    for collection, field in situation.fields():
        rule = _NEVER_WRITTEN.get(field.necessity) if field.necessity else None
        if rule is None:
            continue
        held = [
            place for place in field.stored_in if place.lower() in seen or not _answered(situation, place)
        ]
        asked = [o.place.source for o in forms.questions_of(collection) if asks(field, o.place)]
        unread = [form for form in _forms_of(field) if not forms.was_read(form)]
        if held or asked or unread:
            where = ", ".join(dict.fromkeys((*held, *asked, *unread)))
            message = f"{field.id} is {field.necessity}, and there is a place for the answer: {where}."
            yield Finding(rule, field.spot, field.id, message, state=where)


def _find_undeclared_columns(situation: Situation, system: System) -> Iterator[Finding]:
    declared = declared_columns(situation)
    rest: dict[str, list[str]] = {}
    for observed in situation.columns_of(system.id):
        if column_id(observed) in declared:
            continue
        if observed.verdict.matches:
            yield _undeclared(system, observed)
        else:
            table, _, column = column_name(observed).rpartition(".")
            rest.setdefault(table, []).append(column)
    tables = {
        table.lower() for collection in situation.declared.list_collections() for table in collection.tables
    }
    for table, columns in rest.items():
        if table.lower() in tables:
            message = f"{table}: {len(columns)} not declared ({_shorten(columns)})."
            spot = Spot(system.spot.source, system.spot.line, table)
            yield Finding(rules.UNDECLARED_REST, spot, f"rest of {table}", message, state=" ".join(columns))


def _undeclared(system: System, observed: Observed) -> Finding:
    telling = observed.verdict.reveals.rank >= Reveals.STRONG.rank
    rule = rules.UNDECLARED_TELLING if telling else rules.UNDECLARED
    subject = column_name(observed)
    what = ", ".join(observed.verdict.categories)
    message = f"{subject} looks like {what} ({observed.verdict.reveals}; {_how(observed)}), and no field declares it."
    spot = Spot(system.spot.source, system.spot.line, subject)
    return Finding(rule, spot, subject, message, state=f"{what};{observed.place.type}")


def _how(observed: Observed) -> str:
    """Tell by what a column was recognised; which rule it was stands in the survey and in a scan."""
    kinds = dict.fromkeys(reason.partition(":")[0] for m in observed.verdict.matches for reason in m.reasons)
    return f"by its {' and '.join(kinds)}" if kinds else "recognised"


def _find_vanished_columns(situation: Situation) -> Iterator[Finding]:
    seen = _columns_seen(situation)
    for _, field in situation.fields():
        if field.necessity in _NEVER_WRITTEN:
            continue
        for place in field.stored_in:
            if place.lower() not in seen and _answered(situation, place):
                message = f"{field.id} is declared to lie in {place}, which is not there."
                yield Finding(rules.VANISHED, field.spot, f"{field.id} in {place}", message)


def _columns_seen(situation: Situation) -> frozenset[str]:
    return frozenset(
        column_id(observed) for system in situation.systems for observed in situation.columns_of(system)
    )


def _answered(situation: Situation, column: str) -> bool:
    """Return whether the system of a column was looked at: only then can the column be missing from it."""
    taken = situation.observation
    return taken is not None and column.split(".", 1)[0] in taken.systems


def _forms_of(field: Field) -> list[str]:
    return [pointer.partition("#")[0] for pointer in field.asked_in]


def _find_in_forms(collection: Collection, forms: Forms) -> Iterator[Finding]:
    for form in collection.forms:
        if not forms.was_read(form):
            message = f"{collection.id}: nothing of {form} could be read."
            remedy = _SAVE_PAGE if "://" in form else ""
            yield Finding(rules.UNREAD_FORM, collection.spot, f"{collection.id} form {form}", message, remedy)
    questions = forms.questions_of(collection)
    for observed in questions:
        if observed.verdict.matches and not any(asks(field, observed.place) for field in collection.fields):
            yield _undeclared_question(collection, observed)
    for field in collection.fields:
        yield from _find_vanished_questions(field, questions, forms)


def _undeclared_question(collection: Collection, observed: Observed) -> Finding:
    place, what = observed.place, ", ".join(observed.verdict.categories)
    subject = f"{place.source}#{place.name or place.locator}"
    message = f"{subject} asks for {what} ({observed.verdict.reveals}), and no field of {collection.id} declares it."
    telling = observed.verdict.reveals.rank >= Reveals.STRONG.rank
    rule = rules.UNDECLARED_TELLING_QUESTION if telling else rules.UNDECLARED_QUESTION
    return Finding(rule, _spot(observed), subject, message, state=what)


def _find_vanished_questions(field: Field, questions: list[Observed], forms: Forms) -> Iterator[Finding]:
    if field.necessity in _NEVER_WRITTEN:
        return
    for file, pointer in zip(_forms_of(field), field.asked_in, strict=True):
        if forms.was_read(file) and not any(asks(field, observed.place) for observed in questions):
            message = f"{field.id} is declared to be asked at {pointer}, where no such question is."
            yield Finding(rules.VANISHED_QUESTION, field.spot, f"{field.id} at {pointer}", message)


def _find_milder_names(situation: Situation, forms: Forms) -> Iterator[Finding]:
    """Fields whose column or question was recognised as telling more than the declared category."""
    declared = declared_columns(situation)
    for system in situation.systems:
        for observed in situation.columns_of(system):
            for _, field in declared.get(column_id(observed), ()):
                yield from _milder(situation, field, observed)
    for collection in situation.declared.list_collections():
        for observed in forms.questions_of(collection):
            for field in collection.fields:
                if asks(field, observed.place):
                    yield from _milder(situation, field, observed)


def _milder(situation: Situation, field: Field, observed: Observed) -> Iterator[Finding]:
    named = [match for match in observed.verdict.matches if is_named(match)]  # for cells see content.py
    level = max((match.reveals for match in named), key=lambda each: each.rank, default=Reveals.NONE)
    if level.rank <= situation.reveals(field).rank or level.rank < Reveals.STRONG.rank:
        return
    where = observed.place.name or observed.place.locator
    what = ", ".join(match.category for match in named if match.reveals is level)
    message = f"{field.id} is declared as {field.category}; {where} looks like {what} ({level})."
    subject = f"{field.id} at {observed.place.source}#{where}"
    yield Finding(rules.MISDECLARED, field.spot, subject, message, state=what)


def _spot(observed: Observed) -> Spot:
    place = observed.place
    return Spot(place.source, place.line, place.locator)


def _shorten(names: list[str], limit: int = 6) -> str:
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"
