"""Findings about what is asked and held: question by question, declared against observed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from curtilage.collection import content, drift, rules
from curtilage.collection.combinations import weigh_combination
from curtilage.collection.precision import find_coarser
from curtilage.collection.purposes import why_no_purpose
from curtilage.collection.wording import find_fault
from curtilage.foundation.finding import Finding, Rule
from curtilage.inventory.nouns import Collection, Field, Force, Necessity, Reveals
from curtilage.survey.situation import Situation

RULES: Final = rules.RULES

#: An exception of counsel lasts a year at most (domain rule R1.3 of the project: "expiry <= 365 d").
LONGEST_EXCEPTION: Final = timedelta(days=365)


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about collection, by what kind of gap they are, then in file order."""
    for collection, field in situation.fields():
        yield from _find_in_field(situation, field)
        yield from _find_in_words(situation, collection, field)
    yield from _find_hollow_purposes(situation)
    yield from _find_copied(situation)
    yield from _find_reused(situation)
    yield from _find_combinations(situation)
    yield from drift.find(situation)
    yield from content.find(situation)


def on_field(rule: Rule, field: Field, message: str, *, remedy: str = "", state: str = "") -> Finding:
    """Return a finding that points at the declaration of ``field``."""
    return Finding(rule, field.spot, field.id, message, remedy, state)


def _find_in_field(situation: Situation, field: Field) -> Iterator[Finding]:
    if field.necessity is Necessity.PROHIBITED:
        return  # nothing is to justify; drift says whether it is asked or held all the same
    if not field.category:
        yield on_field(rules.NO_CATEGORY, field, f"{field.id} has no category.")
    if not field.purpose:
        yield on_field(rules.NO_PURPOSE, field, f"{field.id} names no purpose.")
    if not field.authority:
        yield on_field(rules.NO_AUTHORITY, field, f"{field.id} names no authority.")
    if field.necessity is None:
        yield on_field(rules.NO_NECESSITY, field, f"{field.id} does not say whether it is required.")
    if not field.decision and situation.reveals(field).rank >= Reveals.WEAK.rank:
        yield on_field(rules.NO_DECISION, field, f"{field.id} does not say what changes with the answer.")
    if field.category and situation.tells(field) and field.necessity is not Necessity.VERBAL:
        yield from _find_without_mandate(situation, field)
    if coarser := field.coarser or find_coarser(field.category, field.decision):
        message = f"{field.id} asks for {field.category}; its decision could do with {coarser}."
        yield on_field(rules.TOO_PRECISE, field, message, remedy=f"Ask for {coarser}.", state=coarser)


def _find_without_mandate(situation: Situation, field: Field) -> Iterator[Finding]:
    lacking = _why_no_mandate(situation, field)
    if lacking and (no_leave := _why_no_exception(situation, field)):
        message = f"{field.id} is {situation.reveals(field)}: {lacking}, and {no_leave}."
        yield on_field(rules.NO_MANDATE, field, message, state=f"{lacking}; {no_leave}")


def _why_no_mandate(situation: Situation, field: Field) -> str:
    authority = situation.authorities.get(field.authority)
    if authority is None:
        return "it cites no authority"
    if authority.force is not Force.MANDATORY:
        return f"authority {authority.id} permits it but does not oblige"
    return "" if authority.is_current(situation.today) else f"authority {authority.id} is not in force"


def _why_no_exception(situation: Situation, field: Field) -> str:
    leave = field.exception
    if leave is None or not leave.approved_by:
        return "counsel has approved no exception"
    officers = situation.declared.city.officers
    if leave.approved_by not in {officer.id for officer in officers if officer.has_duty("counsel")}:
        return f"the exception was approved by {leave.approved_by}, who is not declared as counsel"
    if leave.expires is None or leave.approved is None:
        return "the exception has no beginning or no end"
    if situation.today < leave.approved:
        return f"the exception begins on {leave.approved}"
    if leave.expires < situation.today:
        return f"the exception ended on {leave.expires}"
    return (
        "the exception lasts longer than a year" if leave.expires - leave.approved > LONGEST_EXCEPTION else ""
    )


def _find_in_words(situation: Situation, collection: Collection, field: Field) -> Iterator[Finding]:
    if not field.question or field.necessity is Necessity.PROHIBITED:
        return
    if not field.why_we_ask and situation.reveals(field).rank >= Reveals.WEAK.rank:
        yield on_field(rules.NO_WHY, field, f"{field.id} does not say why it is asked.")
    languages = collection.languages or situation.declared.city.languages
    for what, texts in (("question", field.question), ("why_we_ask", field.why_we_ask)):
        spoken = {language for language, text in texts if text.strip()}
        missing = ", ".join(language for language in languages if language not in spoken)
        if texts and missing:
            yield on_field(
                rules.NO_TRANSLATION, field, f"{field.id}: {what} is missing in {missing}.", state=missing
            )
    for language, text in field.question:
        if fault := find_fault(text):
            yield on_field(rules.UNFAIR, field, f"{field.id}, question in {language}: {fault}.", state=fault)


def _find_hollow_purposes(situation: Situation) -> Iterator[Finding]:
    for program in situation.declared.list_programs():
        for purpose in program.purposes:
            if fault := why_no_purpose(purpose.text):
                subject = f"{program.id} purpose {purpose.id}"
                message = f"The purpose {purpose.id} of {program.id} is none: {fault}."
                yield Finding(rules.HOLLOW_PURPOSE, purpose.spot, subject, message, state=fault)


def _find_copied(situation: Situation) -> Iterator[Finding]:
    asked: dict[tuple[str, str, str], list[Field]] = {}
    for _, field in situation.fields():
        if situation.tells(field) and field.question and field.decision:
            words = " ".join(field.question[0][1].casefold().split())
            asked.setdefault((field.category, words, field.decision.casefold()), []).append(field)
    for fields in asked.values():
        programs = {_program_of(field) for field in fields}
        if len(programs) > 1:
            message = f"{', '.join(field.id for field in fields)} ask the same in the same words for the same reason."
            yield on_field(rules.COPIED, fields[0], message)


def _find_reused(situation: Situation) -> Iterator[Finding]:
    stored: dict[str, list[Field]] = {}
    for _, field in situation.fields():
        for place in field.stored_in:
            stored.setdefault(place.lower(), []).append(field)
    for place, fields in stored.items():
        uses = {(_program_of(field), field.purpose) for field in fields}
        if len({program for program, _ in uses}) > 1:
            names = ", ".join(sorted(f"{program} for {purpose or 'no purpose'}" for program, purpose in uses))
            message = f"{place} serves {names}."
            yield Finding(rules.REUSED, fields[0].spot, f"column {place}", message, state=names)


def _program_of(field: Field) -> str:
    return ".".join(field.id.split(".")[:2])


def _find_combinations(situation: Situation) -> Iterator[Finding]:
    for collection in situation.declared.list_collections():
        held = [
            field.category
            for field in collection.fields
            if field.necessity not in {Necessity.VERBAL, Necessity.PROHIBITED}
        ]
        for danger in weigh_combination(held):
            together = ", ".join(danger.categories)
            does = "point to status" if danger.kind == "reveals" else "single out a person without a name"
            message = f"{collection.id} holds {together}: together they {does}."
            yield Finding(
                rules.TOGETHER, collection.spot, f"{collection.id} {danger.kind}", message, state=together
            )
