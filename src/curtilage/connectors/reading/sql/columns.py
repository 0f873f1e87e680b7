"""The columns of one bracketed list in SQL: names, types, comments, coded answers, facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from curtilage.connectors.reading.sql.text import Token, note
from curtilage.connectors.reading.text import join, shorten

#: Schemas that a reader of the name would not say.
_PLAIN_SCHEMAS: Final = frozenset({"public", "dbo", "main"})
#: Words that end the type of a column.
_AFTER_TYPE: Final = re.compile(
    r"NOT|NULL|DEFAULT|PRIMARY|UNIQUE|KEY|REFERENCES|CHECK|CONSTRAINT|COLLATE|COMMENT|GENERATED|AS"
    r"|IDENTITY|AUTO_?INCREMENT|ENCRYPT|ENCRYPTED|MASKED|SPARSE|ROWGUIDCOL|ON|ENABLE|DISABLE|VISIBLE"
    r"|INVISIBLE|HIDDEN|STORED|VIRTUAL|PERSISTED|STORAGE|COMPRESSION|OPTIONS|AFTER|FIRST|CHARSET|ENCODE|USING"
)
_CONSTRAINTS: Final = frozenset({"CONSTRAINT", "EXCLUDE", "LIKE", "FULLTEXT", "SPATIAL", "SUPPLEMENTAL"})
_LONGEST_TYPE: Final = 120


@dataclass(slots=True)
class Column:
    """A column while its file is still being read."""

    name: str
    line: int
    type: str = ""
    said: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Table:
    """A table or view while its file is still being read."""

    name: str
    said: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Shape:
    """All that a file declares, in its order."""

    tables: dict[str, Table] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=dict)

    def find_table(self, parts: list[str]) -> Table | None:
        """Return the table of that qualified name, in this file; None where there is none."""
        return self.tables.get(key_of(parts)) if parts else None

    def find_column(self, parts: list[str]) -> Column | None:
        """Return the column of that qualified name; None where there is none."""
        table = self.find_table(parts[:-1])
        return table.columns.get(parts[-1].lower()) if table else None

    def add_table(self, parts: list[str]) -> Table:
        """Return the table of that name, new unless the file already has it."""
        named = [part for part in parts[:-1] if part.lower() not in _PLAIN_SCHEMAS]
        return self.tables.setdefault(key_of(parts), Table(".".join([*named[-1:], parts[-1]])))


def key_of(parts: list[str]) -> str:
    """Return what tells two tables of one file apart, whatever their spelling."""
    return ".".join(part.lower() for part in parts[-2:] if part.lower() not in _PLAIN_SCHEMAS)


@dataclass(slots=True)
class Element:
    """A column or constraint as written, and the comments on it."""

    tokens: list[Token] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def split_elements(tokens: list[Token], start: int) -> tuple[list[Element], int]:
    """Split a bracketed list at its commas; the index after its closing bracket comes second.

    A comment at the end of a line belongs to what stands before it, one on its own line to what follows.
    """
    found, depth, angle, last_line = [Element()], 0, 0, tokens[start].line
    for at in range(start, len(tokens)):
        token = tokens[at]
        if token.kind == "note":
            ends_line = token.line == last_line and at > start + 1
            owner = found[-2] if ends_line and not found[-1].tokens and len(found) > 1 else found[-1]
            if not _is_code(token.value):
                owner.said.append(token.value)
            continue
        last_line = token.line
        if token.value in {"(", ")"} and token.kind == "mark":
            depth += 1 if token.value == "(" else -1
            if depth == 0:
                return found, at + 1
            if depth == 1 and token.value == "(":
                continue
        if depth == 1 and token.value in {"<", ">"} and token.kind == "mark":
            angle = max(0, angle + (1 if token.value == "<" else -1))  # struct<name:string, born:date>
        if depth == 1 and angle == 0 and token.value == "," and token.kind == "mark":
            found.append(Element())
            continue
        found[-1].tokens.append(token)
    return found, len(tokens)


def _is_code(comment: str) -> bool:
    """Tell a column that was commented out from words about one."""
    return comment.rstrip().endswith((",", ";", "("))


def add_element(shape: Shape, table: Table, element: Element) -> None:
    """Add one column to ``table``, or what a constraint says of its columns."""
    tokens = element.tokens
    if not tokens or tokens[0].kind not in {"word", "name"}:
        return
    if _is_constraint(tokens):
        _constrain(table, tokens)
        return
    name = tokens[0]
    column = Column(name.value, name.line, _type(tokens), [note(said) for said in element.said])
    describe(column, tokens[1:])
    column.options += coded_answers(tokens[1:]) or shape.types.get(column.type.lower().rpartition(".")[2], [])
    table.columns[name.value.lower()] = column


def _is_constraint(tokens: list[Token]) -> bool:
    first, following = tokens[0].upper, tokens[1] if len(tokens) > 1 else Token("end", "", 0)
    if first in {"PRIMARY", "FOREIGN"}:
        return following.upper == "KEY"
    if first == "PERIOD":
        return following.upper == "FOR"
    if first in {"CHECK", "UNIQUE"}:
        return following.value == "(" or following.upper in {"KEY", "INDEX", "CLUSTERED", "NONCLUSTERED"}
    if first in {"KEY", "INDEX"}:
        # KEY name (column) is an index; key varchar(20) is a column called key.
        inside = tokens[3] if len(tokens) > 3 and tokens[2].value == "(" else following
        return following.value == "(" or (inside is not following and inside.kind != "number")
    return first in _CONSTRAINTS and len(tokens) > 1


def _type(tokens: list[Token]) -> str:
    """Return the declared type as written, spaces as one would set them."""
    kept, depth = "", 0
    for token in tokens[1:]:
        if depth == 0 and _AFTER_TYPE.fullmatch(token.upper):
            break
        depth += {"(": 1, ")": -1}.get(token.value, 0) if token.kind == "mark" else 0
        value = f"'{token.value}'" if token.kind == "text" else token.value
        wordy = kept[-1:].isalnum() and value[:1].isalnum()
        kept += f" {value}" if wordy or (kept[-1:] in {")", "]"} and value[:1].isalnum()) else value
        if len(kept) > _LONGEST_TYPE:
            break
    return kept[:_LONGEST_TYPE].strip()


def describe(column: Column, tokens: list[Token]) -> None:
    """Add the comment and the facts that stand behind the name of ``column``."""
    words = [token.upper for token in tokens]
    for at, token in enumerate(tokens[:-1]):
        if token.upper == "COMMENT" and tokens[at + 1].kind in {"text", "name"}:
            column.said.append(tokens[at + 1].value)
        if words[at : at + 2] == ["DESCRIPTION", ""] and tokens[at + 1].value == "=" and at + 2 < len(tokens):
            column.said.append(tokens[at + 2].value)  # OPTIONS (description = "…") of BigQuery
    pairs = set(pairwise(words))
    if ("NOT", "NULL") in pairs or ("PRIMARY", "KEY") in pairs:
        column.facts.add("required")
    if {"MASKED", "MASKING"} & set(words):
        column.facts.add("masked")
    if {"ENCRYPT", "ENCRYPTED"} & set(words):
        column.facts.add("encrypted")
    if {"HIDDEN", "INVISIBLE"} & set(words):
        column.facts.add("hidden")
    if words[:1] == ["AS"] or ("GENERATED" in words and "IDENTITY" not in words):
        column.facts.add("computed")


def coded_answers(tokens: list[Token]) -> list[str]:
    """Return the coded answers of ``ENUM (…)``, ``SET (…)`` or ``CHECK (… IN (…))``; empty for none."""
    words = [token.upper for token in tokens]
    if words and words[0] in {"ENUM", "SET"}:
        closing = next((at for at, token in enumerate(tokens) if token.value == ")"), len(tokens))
        return [token.value for token in tokens[:closing] if token.kind in {"text", "name"}]
    if "CHECK" not in words:
        return []
    check = tokens[words.index("CHECK") :]
    said = {token.upper for token in check}
    values = [token.value for token in check if token.kind == "text"]
    either = "IN" in said or "ANY" in said or ("OR" in said and len(values) > 1)
    return values if either and not said & {"LIKE", "SIMILAR", "REGEXP_LIKE", "RLIKE"} else []


def _constrain(table: Table, tokens: list[Token]) -> None:
    """Give a table's check on one column, or its primary key, to the columns that it speaks of."""
    named = [token.value.lower() for token in tokens if token.kind in {"word", "name"}]
    spoken = [name for name in dict.fromkeys(named) if name in table.columns]
    words = {token.upper for token in tokens}
    if "PRIMARY" in words:
        for name in spoken:
            table.columns[name].facts.add("required")
    elif "CHECK" in words and len(spoken) == 1:
        options = table.columns[spoken[0]].options
        options += [value for value in coded_answers(tokens) if value not in options]


def text_of(column: Column) -> str:
    """Return what is said of a column, as one line."""
    return join(*column.said)


def options_of(column: Column, shape: Shape) -> tuple[str, ...]:
    """Return the coded answers of a column, also where its type was declared after it."""
    return shorten(column.options or shape.types.get(column.type.lower().rpartition(".")[2], ()))
