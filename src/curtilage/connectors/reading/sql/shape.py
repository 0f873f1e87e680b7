"""What SQL statements declare: tables, columns, their comments, coded answers and facts.

One tolerant reading for all dialects. A statement that makes no sense is left out; the others stand.
"""

from __future__ import annotations

from typing import Final

from curtilage.connectors.reading.sql.columns import (
    Column,
    Element,
    Shape,
    Table,
    add_element,
    coded_answers,
    describe,
    key_of,
    split_elements,
)
from curtilage.connectors.reading.sql.text import Statement, Token


class _Reader:
    """Walks the tokens of one statement."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else Token("end", "", 0)

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Step over ``words`` where they come next, all or none."""
        following = [token.upper or token.value for token in self.tokens[self.at : self.at + len(words)]]
        if following != list(words):
            return False
        self.at += len(words)
        return True

    def name(self) -> list[str]:
        """Return a qualified name, its parts; empty where none comes next."""
        parts: list[str] = []
        while self.peek().kind in {"word", "name"}:
            parts.append(self.take().value)
            if not self.accept("."):
                break
        return parts


def declare(shape: Shape, statement: Statement, *, most: int) -> None:
    """Add to ``shape`` what one statement declares; nothing where it declares no column.

    Args:
        shape: Changed in place.
        statement: One statement.
        most: Tokens after which the statement is left alone.
    """
    tokens: list[Token] = []
    for token in statement.tokens():
        tokens.append(token)
        if len(tokens) > most:
            return
    reader = _Reader([token for token in tokens if token.kind != "note"])
    first = reader.take().upper
    if first == "CREATE":
        _create(shape, reader, tokens, statement)
    elif first == "ALTER":
        _alter(shape, reader)
    elif first == "COMMENT" and reader.accept("ON"):
        _comment(shape, reader)
    elif first in {"EXEC", "EXECUTE"}:
        _property(shape, reader)


def _create(shape: Shape, reader: _Reader, tokens: list[Token], statement: Statement) -> None:
    kind, foreign = "", False
    for _ in range(10):
        kind = reader.take().upper
        foreign = foreign or kind == "FOREIGN"
        if kind in {"TABLE", "VIEW", "TYPE", "DOMAIN", "TRIGGER", "FUNCTION", "PROCEDURE", "INDEX", ""}:
            break
    reader.accept("IF", "NOT", "EXISTS")
    parts = reader.name()
    if not parts:
        return  # a temporary table (#name) holds nothing for long
    if kind == "TYPE" and reader.accept("AS", "ENUM"):
        shape.types[parts[-1].lower()] = [token.value for token in reader.tokens if token.kind == "text"]
    elif kind == "DOMAIN":
        shape.types[parts[-1].lower()] = coded_answers(reader.tokens)
    elif kind == "TABLE" and reader.peek().value == "(":
        table = shape.add_table(parts)
        table.facts |= {"foreign"} if foreign else set()
        _fill(shape, table, tokens, reader)
        table.said[:0] = [statement.above] if not table.said and "Type: TABLE" not in statement.above else []
    elif kind == "VIEW" or (kind == "TABLE" and _selects(reader)):
        table = shape.add_table(parts)
        table.facts |= {"view"} if kind == "VIEW" else set()
        _view(table, reader, statement)


def _fill(shape: Shape, table: Table, tokens: list[Token], reader: _Reader) -> None:
    """Read the bracketed list of columns and constraints, then what follows it."""
    opening = reader.peek()
    start = next(at for at, token in enumerate(tokens) if token is opening)
    elements, end = split_elements(tokens, start)
    for element in elements:
        add_element(shape, table, element)
    rest = [token for token in tokens[end:] if token.kind != "note"]
    for at, token in enumerate(rest[:-1]):
        following = next((one for one in rest[at + 1 : at + 3] if one.value != "="), token)
        if token.upper == "COMMENT" and following.kind in {"text", "name"}:
            table.said.append(following.value)


def _selects(reader: _Reader) -> bool:
    """Tell ``CREATE TABLE … AS SELECT …`` from one that copies another table's columns."""
    return any(token.upper == "AS" for token in reader.tokens[reader.at :])


def _view(table: Table, reader: _Reader, statement: Statement) -> None:
    from curtilage.connectors.reading.sql.views import selected

    table.said += [statement.above] if "Type: " not in statement.above else []
    named = split_elements(reader.tokens, reader.at)[0] if reader.peek().value == "(" else []
    columns = [element.tokens[0] for element in named if element.tokens]
    for token in columns or selected(statement):
        table.columns.setdefault(token.value.lower(), Column(token.value, token.line, facts={"computed"}))


def _alter(shape: Shape, reader: _Reader) -> None:
    if not (reader.accept("TABLE") or reader.accept("FOREIGN", "TABLE")):
        return
    reader.accept("IF", "EXISTS")
    reader.accept("ONLY")
    parts = reader.name()
    if not parts:
        return
    adding, changed = False, key_of(parts) in shape.tables
    table = shape.add_table(parts)
    actions = split_elements([Token("mark", "(", 0), *reader.tokens[reader.at :]], 0)[0]
    for action in actions:
        adding = _act(shape, table, action.tokens, adding=adding)
    if not changed and not table.columns:
        del shape.tables[key_of(parts)]


def _act(shape: Shape, table: Table, tokens: list[Token], *, adding: bool) -> bool:
    """Apply one action of ALTER TABLE; return whether a column list is being added."""
    reader = _Reader(tokens)
    for words in (("WITH", "CHECK"), ("WITH", "NOCHECK")):
        reader.accept(*words)
    verb = reader.peek().upper
    if verb == "ADD" or (adding and verb not in {"ALTER", "DROP", "MODIFY", "CHANGE", "RENAME"}):
        reader.accept("ADD")
        reader.accept("COLUMN")
        reader.accept("IF", "NOT", "EXISTS")
        rest = tokens[reader.at :]
        bracketed = bool(rest) and rest[0].value == "("
        for element in split_elements(rest, 0)[0] if bracketed else [Element(rest)]:
            add_element(shape, table, element)
        return True
    if verb in {"ALTER", "MODIFY", "CHANGE"}:
        reader.take()
        reader.accept("COLUMN")
        named = reader.name()
        column = table.columns.get(named[-1].lower()) if named else None
        if column:
            describe(column, tokens[reader.at :])
    return False


def _comment(shape: Shape, reader: _Reader) -> None:
    kind = reader.take().upper
    if kind == "MATERIALIZED":
        kind = reader.take().upper
    parts = reader.name()
    if not parts or not reader.accept("IS") or reader.peek().kind != "text":
        return
    owner = shape.find_column(parts) if kind == "COLUMN" else shape.find_table(parts)
    if owner and kind in {"COLUMN", "TABLE", "VIEW"}:
        owner.said.insert(0, reader.peek().value)


def _property(shape: Shape, reader: _Reader) -> None:
    """Read a description that SQL Server keeps as an extended property."""
    if "sp_addextendedproperty" not in [part.lower() for part in reader.name()]:
        return
    texts = [token.value for token in reader.tokens if token.kind == "text"]
    labels = [token.value.lower() for token in reader.tokens if token.kind == "word"]
    by_name = dict(zip([label for label in labels if label in _PROPERTY_PARTS], texts, strict=False))
    upper = [text.upper() for text in texts]
    values = texts[upper.index("MS_DESCRIPTION") + 1 :] if "MS_DESCRIPTION" in upper else []
    said = by_name.get("value") or (values[0] if values else "")
    table, column = (_after(texts, upper, kind) for kind in ("TABLE", "COLUMN"))
    if not said or "MS_DESCRIPTION" not in upper or not table:
        return
    owner = shape.find_column([table, column]) if column else shape.find_table([table])
    owner = owner or _by_last(shape, table, column)
    if owner:
        owner.said.insert(0, said)


_PROPERTY_PARTS: Final = frozenset(
    {"name", "value", "level0type", "level0name", "level1type", "level1name", "level2type", "level2name"}
)


def _after(texts: list[str], upper: list[str], kind: str) -> str:
    return texts[upper.index(kind) + 1] if kind in upper[:-1] else ""


def _by_last(shape: Shape, table: str, column: str) -> Table | Column | None:
    """Return the table or column whose schema the property names apart."""
    for key, found in shape.tables.items():
        if key.rpartition(".")[2] == table.lower():
            return found.columns.get(column.lower()) if column else found
    return None
