"""What points elsewhere: ids, columns, fields of forms, places; kinds of values, see ``_kinds.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from curtilage.inventory._kinds import BAD, Plain, Scope, Text, Words, read_leaf, wrong_type
from curtilage.inventory._reading import Reading
from curtilage.inventory._yaml import Leaf, Node, Pairs
from curtilage.inventory.nouns import Texts

_ISO_3166: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Columns(Words):
    """Tables or columns, written as ``shape`` says; a table's name may hold dots of its own."""

    shape: str = "SYSTEM.TABLE.COLUMN"

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one."""
        text = read_leaf(node, scope, reading)
        return BAD if text is None else read_column(text, node.line, self.shape, scope, reading)


@dataclass(frozen=True, slots=True)
class Column(Text):
    """One column of a system; empty where none is given."""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read it."""
        text = read_leaf(node, scope, reading)
        return BAD if text is None else read_column(text, node.line, "SYSTEM.TABLE.COLUMN", scope, reading)


def read_column(text: str, line: int, shape: str, scope: Scope, reading: Reading) -> Any:
    """Return a column's name, its system looked up later; BAD after noting what is wrong."""
    parts = text.split(".")
    if not text:
        return ""
    if len(parts) < shape.count(".") + 1 or not all(part.strip() == part and part for part in parts):
        what = f"`{text}` in `{scope.key}` is not written as {shape}."
        instead = f"Write {shape}, with dots between."
        if shape.startswith("SYSTEM"):
            instead = f"Write {shape}, with dots between; the system is an id in systems.yml."
        reading.problem(line, "inventory.bad-column", what, instead)
        return BAD
    if shape.startswith("SYSTEM"):
        reading.refer(("system",), parts[0], scope.key, line)
    return text


@dataclass(frozen=True, slots=True)
class Where(Text):
    """A table, or files by a path that may be a pattern, of a system: the id of a holding in its series."""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read it; its system is looked up later."""
        text = read_leaf(node, scope, reading)
        if text is None:
            return BAD
        system, _, within = text.partition(".")
        if system.strip() != system or not _stays_inside(within):
            what = f"`{text}` in `{scope.key}` is not written as SYSTEM.TABLE or SYSTEM.PATH."
            instead = (
                "Write the system's id in systems.yml, a dot, and the table, or the path below its folder."
            )
            reading.problem(node.line, "inventory.bad-column", what, instead)
            return BAD
        reading.refer(("system",), system, scope.key, node.line)
        return text


def _stays_inside(path: str) -> bool:
    """Return whether a path is there and cannot lead out of its system's folder."""
    parts = path.replace("\\", "/").split("/")
    return bool(path.strip(" ./")) and path == path.strip() and bool(parts[0]) and ".." not in parts


@dataclass(frozen=True, slots=True)
class Triggers:
    """The column of each event that starts the time, sorted by the event's words.

    One column alone stands for the one event of its series; its words are empty then.
    """

    nothing: Texts = ()

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a column, or a mapping of an event's words to its column."""
        if isinstance(node, Leaf):
            text = read_leaf(node, scope, reading)
            return BAD if text is None else (("", text),) if text else ()
        if not isinstance(node, Pairs):
            instead = f"Write `{scope.key}: COLUMN`, or the event's words before each column."
            return wrong_type(node, scope, reading, "a column, or a column for each event", instead)
        events = [event.text for event, _ in node.items]
        if len(set(events)) < len(events) or "" in events:
            what = f"`{scope.key}` has an event twice, or one without words."
            reading.problem(node.line, "inventory.duplicate-key", what, "Write each event once.")
            return BAD
        columns = [
            read_leaf(column, Scope(f"{scope.key}.{name.text}"), reading) for name, column in node.items
        ]
        found = zip(events, columns, strict=True)
        return BAD if None in columns else tuple(sorted((event, column) for event, column in found if column))

    def write(self, value: Texts) -> Plain:
        """Write the one column, or a mapping."""
        columns = dict(value)
        return columns[""] if set(columns) == {""} else dict(columns) or None


@dataclass(frozen=True, slots=True)
class FormFields(Words):
    """Fields of forms, ``FILE#NAME``."""

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one."""
        text = read_leaf(node, scope, reading)
        if text is None:
            return BAD
        file, mark, name = text.partition("#")
        if text and not (file and mark and name):
            what = f"`{text}` in `{scope.key}` is not written as FILE#NAME."
            instead = (
                "Write the form's file, #, and the field's name, such as forms/intake.html#birth_country."
            )
            reading.problem(node.line, "inventory.bad-form-field", what, instead)
            return BAD
        return text


@dataclass(frozen=True, slots=True)
class Pointer(Text):
    """The id of something declared elsewhere; ``words`` may stand instead of an id.

    ``kinds`` is what it may point at; the first one names the problem.
    """

    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read an id, to be looked up when all is read."""
        text = read_leaf(node, scope, reading)
        if text and text not in self.words:
            reading.refer(self.kinds, text, scope.key, node.line, scope.program)
        return BAD if text is None else text


@dataclass(frozen=True, slots=True)
class Pointers(Words):
    """Ids of things declared elsewhere."""

    kinds: tuple[str, ...] = ()

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one id."""
        text = read_leaf(node, scope, reading)
        if text:
            reading.refer(self.kinds, text, scope.key, node.line, scope.program)
        return BAD if text is None else text


@dataclass(frozen=True, slots=True)
class Codes(Words):
    """Places and states, as ISO 3166 codes."""

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one code."""
        text = read_leaf(node, scope, reading)
        if text is None:
            return BAD
        if text and not _ISO_3166.fullmatch(text):
            meant = text.upper() if _ISO_3166.fullmatch(text.upper()) else "US or US-WA"
            what = f"`{text}` in `{scope.key}` is no ISO 3166 code."
            reading.problem(node.line, "inventory.bad-code", what, f"Write {meant}.")
            return BAD
        return text
