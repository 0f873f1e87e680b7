"""Draft declarations from a list of fields in CSV: one row a field.

The columns are those that ``inventory export --format csv`` writes, in any order and case; only
``field`` must be there. Comma, semicolon, tab and bar are understood, with or without a byte order
mark. Several values in one cell are parted by ``;`` or line ends. What a cell leaves empty is left
open for a person to decide.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from curtilage.foundation.errors import DeclarationError
from curtilage.inventory._emit import Remarked
from curtilage.inventory._kinds import BAD, Identifier, LanguageTexts, Scope, Words
from curtilage.inventory._reading import Reading
from curtilage.inventory._shape import Key
from curtilage.inventory._yaml import LARGEST_BYTES, Leaf, Node, Pairs, Rows
from curtilage.inventory.draft import OPEN, Draft, DraftCollection
from curtilage.inventory.load import resolve
from curtilage.inventory.nouns import Inventory
from curtilage.inventory.shapes import EXCEPTION, FIELD, identities
from curtilage.inventory.table import AFTER, BEFORE, BESIDE, unguard_cell

_DELIMITERS: Final = ",;\t|"
_PASSED_OVER: Final = frozenset({*AFTER, *(name for names in BESIDE.values() for name in names)}) - {
    "purpose_text"
}
_KEYS: Final[Mapping[str, Key]] = {key.name: key for key in FIELD.keys[1:]}
_PLAIN_ID: Final = Identifier()
_EXCEPTION_KEYS: Final[Mapping[str, Key]] = {f"exception_{key.name}": key for key in EXCEPTION.keys}


@dataclass(slots=True)
class _Program:
    """What the rows say of one program."""

    collections: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)


def draft_listing(
    content: bytes,
    path: str,
    inventory: Inventory,
    *,
    department: str = "",
    program: str = "",
    collection: str = "",
) -> tuple[Draft, ...]:
    """Draft what a CSV file lists.

    Args:
        content: The file: UTF-8, or UTF-16 with a byte order mark.
        path: Its name, for problems.
        inventory: What is declared already; ids in the file must be in it.
        department: Stands where a row names none. So do ``program`` and ``collection``.
        program: Without the department's id.
        collection: Without the program's id.

    Returns:
        A draft for each program, in the order of the rows.

    Raises:
        DeclarationError: With every problem of every row; ``line`` is the line of the file.
    """
    reading = Reading(path=path)
    defaults = {"department": department, "program": program, "collection": collection}
    rows = _read(content, reading)
    programs: dict[tuple[str, str], _Program] = {}
    for line, row in rows:
        _take(
            line, {**row, **{key: row.get(key) or said for key, said in defaults.items()}}, programs, reading
        )
    _check(programs, inventory, reading)
    if reading.problems:
        raise DeclarationError(reading.problems, next_step="Mend the rows above, then import the file again.")
    return tuple(_draft(where, said) for where, said in programs.items())


def _read(content: bytes, reading: Reading) -> list[tuple[int, dict[str, str]]]:
    """Return the rows, each with its first line, by column in lower case; problems are noted."""
    text = _decode(content, reading)
    if text is None:
        return []
    rows: list[tuple[int, dict[str, str]]] = []
    head: list[str] | None = None
    for line, cells in _split(text, reading):
        if head is None:
            head = _head(cells, reading)
            if "field" not in head:
                return []
        elif any(cell.strip() for cell in cells[len(head) :]):
            what = f"The row has {len(cells)} cells, the heading {len(head)}."
            reading.problem(line, "inventory.bad-row", what, "Put text that holds the separator in quotes.")
        else:
            said = (unguard_cell(cell.strip()).strip() for cell in cells)
            rows.append((line, dict(zip(head, said, strict=False))))
    if not rows and not reading.problems:
        instead = "Write a heading, and a row for each field."
        reading.problem(0, "inventory.no-rows", "The file lists no field.", instead)
    return rows


def _split(text: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of each row that says something, with its first line, as far as the file is CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        instead = "Look for a quotation mark that is not closed or not doubled."
        reading.problem(line, "inventory.bad-row", "From here on the file is no CSV.", instead)


def _decode(content: bytes, reading: Reading) -> str | None:
    if len(content) > LARGEST_BYTES:
        what = f"The file has more than {LARGEST_BYTES // 2**20} MiB."
        reading.problem(0, "inventory.too-large", what, "Split it.")
        return None
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        instead = "Save it again as “CSV UTF-8”."
        reading.problem(line, "inventory.not-utf8", "The file is not UTF-8 text.", instead)
        return None


def _find_delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=head.count)


def _head(cells: Sequence[str], reading: Reading) -> list[str]:
    head = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in cells]
    known = [*BEFORE, *_KEYS, *_EXCEPTION_KEYS, *_PASSED_OVER, "purpose_text"]
    for index, column in enumerate(head):
        language = _language_column(column)
        if column and column not in known and not language:
            what = f"unknown column `{column}`;"
            instead = reading.suggest(column, known) or f"Columns are: {', '.join([*BEFORE, *_KEYS])}."
            reading.problem(1, "inventory.unknown-column", what, instead)
        if column and column in head[:index]:
            what = f"The column `{column}` is there twice."
            reading.problem(1, "inventory.duplicate-key", what, "Delete one of them.")
    if "field" not in head:
        what = "There is no column `field`."
        reading.problem(
            1, "inventory.missing-column", what, "Name the column that holds each field's short name."
        )
    return head


def _language_column(column: str) -> tuple[str, str] | None:
    for key in _KEYS.values():
        if isinstance(key.kind, LanguageTexts) and column.startswith(f"{key.name}_"):
            tag = column.removeprefix(f"{key.name}_").replace("_", "-")
            return (key.name, tag) if tag else None
    return None


def _take(
    line: int, row: Mapping[str, str], programs: dict[tuple[str, str], _Program], reading: Reading
) -> None:
    """Add one row to its program; its problems are noted."""
    where = {}
    for name in BEFORE:
        own = row.get(name, "")
        if not own:
            what = f"The row names no {name}."
            instead = "Fill the cell." if name == "field" else f"Fill the cell, or give --{name}."
            reading.problem(line, "inventory.missing-key", what, instead)
            return
        kind = FIELD.keys[0].kind if name == "field" else _PLAIN_ID
        where[name] = kind.read(Leaf(own, line), Scope(name), reading)
    if BAD in where.values():
        return
    program = programs.setdefault((where["department"], where["program"]), _Program())
    fields = program.collections.setdefault(where["collection"], [])
    if any(plain["field"] == where["field"] for plain in fields):
        what = f"`{where['field']}` is listed twice in {where['collection']}."
        reading.problem(line, "inventory.duplicate-id", what, "Give one of them another name.")
        return
    full = f"{where['department']}.{where['program']}"
    fields.append(_plain(line, where["field"], row, full, reading))
    purpose, text = row.get("purpose"), row.get("purpose_text")
    if purpose and text and _PLAIN_ID.read(Leaf(purpose, line), Scope("purpose"), reading) is not BAD:
        program.purposes[purpose] = text


def _plain(line: int, name: str, row: Mapping[str, str], program: str, reading: Reading) -> dict[str, Any]:
    plain: dict[str, Any] = {"field": name}
    for key in _KEYS.values():
        written = _write(key, _node(key, key.name, row, line), Scope(key.name, program), reading)
        if written is not None:
            plain[key.name] = written
        elif key.name in OPEN:
            plain[key.name] = Remarked(None, OPEN[key.name])
    exception = {
        key.name: _write(key, Leaf(row.get(column, ""), line), Scope(column), reading)
        for column, key in _EXCEPTION_KEYS.items()
    }
    if any(exception.values()):
        plain["exception"] = {key: value for key, value in exception.items() if value}
    return plain


def _write(key: Key, node: Node, scope: Scope, reading: Reading) -> Any:
    value = key.kind.read(node, scope, reading)
    return None if value is BAD else key.kind.write(value)


def _node(key: Key, name: str, row: Mapping[str, str], line: int) -> Node:
    if isinstance(key.kind, LanguageTexts):
        found = [(_language_column(column), cell) for column, cell in row.items() if cell]
        return Pairs(
            [(Leaf(said[1], line), Leaf(cell, line)) for said, cell in found if said and said[0] == name],
            line,
        )
    cell = row.get(name, "")
    if isinstance(key.kind, Words):
        parts = [part.strip() for part in cell.replace("\n", ";").split(";")]
        return Rows([Leaf(part, line) for part in parts if part], line)
    return Leaf(cell, line)


def _check(programs: Mapping[tuple[str, str], _Program], inventory: Inventory, reading: Reading) -> None:
    """Look up every id; purposes that the file itself explains count as declared."""
    for (kind, identifier), (shape, noun, parent) in identities(inventory).items():
        own = noun.id if shape.has_id else identifier
        reading.declared.setdefault(f"{kind}:{parent}" if shape.scoped else kind, {})[own] = ("", 0)
    for (department, program), said in programs.items():
        known = reading.declared.setdefault(f"purpose:{department}.{program}", {})
        known.update(dict.fromkeys(said.purposes, ("", 0)))
    resolve(reading)


def _draft(where: tuple[str, str], said: _Program) -> Draft:
    collections = tuple(
        DraftCollection({"id": name}, tuple(fields)) for name, fields in said.collections.items()
    )
    purposes = tuple({"id": name, "text": text} for name, text in said.purposes.items())
    return Draft(where[0], where[1], collections, purposes=purposes)
