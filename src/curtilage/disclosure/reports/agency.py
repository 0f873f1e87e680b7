"""The report of an agency on the identifying information that it collects, keeps and gives away.

What the inventory declares, and what the ledger counted. What neither knows is left for a person to write, and says so.

Source:
    nyc-23-1205, (a)(1): types, routine and approved disclosures, entities, reasons, agreements, divisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.disclosure.reports.counts import HIDDEN, NOTHING, Counts, say_row
from curtilage.disclosure.reports.paper import ReportSection
from curtilage.inventory.nouns import Inventory, Practice

_BY_HAND: Final = (
    "How each disclosure that was not routine furthered the agency's purpose.",
    "Which collections and disclosures the chief privacy officer approved.",
    "Policies on requests and on proposals of other agencies and of third parties.",
    "Which employees, by division and category, disclose after approval.",
    "How agreements are used and will be used.",
    "Policies on disclosures in emergencies, against routine ones.",
)
"""What a person writes: no declaration holds it."""


def list_sections(declared: Inventory, counts: Counts) -> Iterator[ReportSection]:
    """Give the sections of the report.

    Args:
        declared: The inventory, as it is declared when the report is made.
        counts: What is printed of the span.
    """
    yield _list_collected(declared)
    yield _list_practices(declared, "Disclosures that are routine", routine=True)
    yield _list_practices(declared, "Disclosures that are not routine", routine=False)
    yield _list_released(counts)
    yield _list_reasons(declared)
    yield _list_answerable(declared)
    said = (
        "What is declared is told as it stands when this report is made; only what is counted is of the span."
    )
    yield ReportSection("To be written by the agency", (*_BY_HAND, said))


def _list_collected(declared: Inventory) -> ReportSection:
    categories = {each.id: dict(each.labels).get("en", each.id) for each in declared.categories}
    found: dict[str, tuple[set[str], bool, bool]] = {}
    for department in declared.departments:
        for program in department.programs:
            for collection in program.collections:
                for field in collection.fields:
                    where, asked, held = found.get(field.category, (set(), False, False))
                    found[field.category] = (
                        where | {department.title or department.id},
                        asked or bool(field.asked_in or field.question),
                        held or bool(field.stored_in),
                    )
    rows = tuple(
        (categories[category], ", ".join(sorted(where)), _yes(asked), _yes(held))
        for category, (where, asked, held) in sorted(found.items())
        if category in categories and (asked or held)
    )
    return _table(
        "Identifying information that is collected and kept", ("Type", "Departments", "Asked", "Kept"), rows
    )


def _list_practices(declared: Inventory, title: str, *, routine: bool) -> ReportSection:
    """List practices; one that is written down, on an authority, and again and again, is routine."""
    chosen = [each for each in declared.practices if _is_routine(each) == routine]
    types, cited = _name_types(declared), {each.id: each.citation for each in declared.authorities}
    rows = tuple(
        (
            each.title or each.id,
            each.recipient or "not stated",
            each.recipient_kind or "not stated",
            ", ".join(dict.fromkeys(types.get(field, field) for field in each.fields)) or "not stated",
            cited.get(each.authority) or each.authority or "none",
            each.frequency or "not stated",
            each.onward or "not known",
            _yes(each.public),
        )
        for each in chosen
    )
    headings = (
        "Practice",
        "Recipient",
        "Kind of body",
        "Types",
        "Authority",
        "How often",
        "From there",
        "On the register",
    )
    said = (
        "Written down, on an authority, and how often. Whether it is routine, the privacy officer designates."
    )
    return _table(title, headings, rows, (said,) if routine else ())


def _name_types(declared: Inventory) -> dict[str, str]:
    """Return in words what each id of a field or category that a practice may name is."""
    words = {each.id: dict(each.labels).get("en", each.id) for each in declared.categories}
    return words | {field.id: words.get(field.category, field.id) for field in declared.list_fields()}


def _is_routine(practice: Practice) -> bool:
    return practice.formal is True and bool(practice.authority) and bool(practice.frequency)


def _list_released(counts: Counts) -> ReportSection:
    rows = tuple(
        (say_row(row), str(counts.find(row, "released")), str(counts.find(row, "narrowed")))
        for row in counts.rows
        if {counts.find(row, "released"), counts.find(row, "narrowed")} != {NOTHING}
    )
    said = f"{HIDDEN} stands for 1 to {counts.threshold - 1}, or for a count that would give one away."
    headings = ("Kind of request", "Released", "Released in part")
    return _table("Requests from outside, and what was released", headings, rows, (said,))


def _list_reasons(declared: Inventory) -> ReportSection:
    cited = {each.id: each.citation for each in declared.authorities}
    rows = tuple(
        (
            program.title or program.id,
            purpose.text,
            cited.get(purpose.authority or program.authority) or "none",
        )
        for program in declared.list_programs()
        for purpose in program.purposes
    )
    return _table("Why it is collected and kept", ("Program", "What for", "Authority"), rows)


def _list_answerable(declared: Inventory) -> ReportSection:
    rows = tuple((each.role, each.id) for each in declared.city.officers)
    packs = ", ".join(declared.city.packs) or "none"
    sentences = (
        "Each request from outside is a case before any answer; two people release no more than an order names.",
        f"Packs of law that apply: {packs}.",
    )
    return _table("Who answers, and by which rules", ("Role", "Officer"), rows, sentences)


def _table(
    title: str, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...], sentences: tuple[str, ...] = ()
) -> ReportSection:
    """Return a section with a table, or with the word that there is nothing."""
    if not rows:
        return ReportSection(title, (*sentences, "None."))
    return ReportSection(title, sentences, headings, rows)


def _yes(value: object) -> str:
    return "yes" if value else "no"
