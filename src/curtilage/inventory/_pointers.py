"""What points elsewhere: ids, columns, fields of forms, places; kinds of values, see ``_kinds.py``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from curtilage.inventory._kinds import BAD, Scope, Text, Words, read_leaf
from curtilage.inventory._reading import Reading
from curtilage.inventory._yaml import Node

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
