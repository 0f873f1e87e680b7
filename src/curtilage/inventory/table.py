"""The fields of an inventory as a table for a spreadsheet: one row a field, and back.

``import`` reads the columns that ``export`` writes, in any order; see ``draft.py``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.inventory._kinds import LanguageTexts
from curtilage.inventory._shape import Shape
from curtilage.inventory.nouns import Category, Field, Inventory, Program
from curtilage.inventory.shapes import EXCEPTION, FIELD

BEFORE: Final = ("department", "program", "collection", "field")
"""Columns that say which field a row is about."""

BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "category": ("reveals", "status_information", "locator_information"),
    "purpose": ("purpose_text",),
    "authority": ("citation",),
}
"""Columns that explain an id of another column; ``import`` passes them over."""

AFTER: Final = ("declared_at",)
"""Columns at the end; ``import`` passes them over."""

#: Characters that make a spreadsheet run a cell, in their wide forms too.
_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠|%]|[\t\r\n]")


def guard_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula.

    Source:
        owasp-csv-injection.

    >>> guard_cell("=1+1"), guard_cell("Apt 3-B")
    ("'=1+1", 'Apt 3-B')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_cell(text: str) -> str:
    """Return the text that :func:`guard_cell` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def write_table(inventory: Inventory) -> str:
    r"""Return the fields as CSV: UTF-8 with a byte order mark and CRLF, as spreadsheets expect it.

    Several values stand in one cell, with ``; `` between. Each text has a column per language. A cell
    that a spreadsheet would run begins with an apostrophe.
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, table_columns(inventory), restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in table_rows(inventory):
        writer.writerow({column: guard_cell(value) for column, value in row.items()})
    return "\ufeff" + file.getvalue()


def table_columns(inventory: Inventory) -> list[str]:
    """Return the headings: one per key of a field, and per language of its texts."""
    languages = list(inventory.city.languages)
    for field in inventory.list_fields():
        languages += [language for language, _ in (*field.question, *field.why_we_ask)]
    columns = list(BEFORE)
    for key in FIELD.keys[1:]:
        if isinstance(key.kind, LanguageTexts):
            columns += [f"{key.name}_{language}" for language in dict.fromkeys(languages)]
        else:
            columns += [key.name, *BESIDE.get(key.name, ())]
    return [*columns, *(f"exception_{key.name}" for key in EXCEPTION.keys), *AFTER]


def table_rows(inventory: Inventory) -> Iterator[dict[str, str]]:
    """Give a row for each field, column to text, unguarded; columns that say nothing are left out."""
    categories = {category.id: category for category in inventory.categories}
    citations = {authority.id: authority.citation for authority in inventory.authorities}
    for department in inventory.departments:
        for program in department.programs:
            for collection in program.collections:
                names = (department.id, program.id, collection.id)
                where = dict(zip(BEFORE, (name.rpartition(".")[2] for name in names), strict=False))
                for field in collection.fields:
                    beside = _explain(field, program, categories, citations)
                    own = {"field": FIELD.own_id(field, collection.id)}
                    yield {**where, **own, **_cells(field), **beside}


def _explain(
    field: Field, program: Program, categories: Mapping[str, Category], citations: Mapping[str, str]
) -> dict[str, str]:
    category = categories.get(field.category)
    purposes = {purpose.id: purpose.text for purpose in program.purposes}
    said = {
        "purpose_text": purposes.get(field.purpose, ""),
        "citation": citations.get(field.authority, ""),
        "declared_at": f"{field.spot.source}:{field.spot.line}",
    }
    if category is not None:
        said["reveals"] = str(category.reveals)
        said["status_information"] = str(category.status_information).lower()
        said["locator_information"] = str(category.locator_information).lower()
    return said


def _cells(field: Field) -> dict[str, str]:
    cells = _flat(FIELD, field)
    if field.exception is not None:
        cells |= {f"exception_{name}": text for name, text in _flat(EXCEPTION, field.exception).items()}
    return cells


def _flat(shape: Shape, noun: Any) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key in shape.keys[1:] if shape.has_id else shape.keys:
        value = getattr(noun, key.target)
        if isinstance(key.kind, LanguageTexts):
            cells |= {f"{key.name}_{language}": text for language, text in value}
        else:
            plain = key.kind.write(value)
            cells[key.name] = "; ".join(plain) if isinstance(plain, list) else str(plain or "")
    return cells
