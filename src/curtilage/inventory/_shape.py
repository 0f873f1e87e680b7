"""What a shape is: the keys of one noun in a file, and how a noun is written by them.

The shapes themselves are in ``shapes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from curtilage.inventory._kinds import Kind


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a noun's mapping in a file.

    Attributes:
        name: As the file writes it.
        kind: How its value is read and written.
        help: What to write, in under fifteen words; shown on the reference page.
        required: A file without it cannot be loaded.
        attribute: Name in the noun where it is another one.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    attribute: str = ""

    @property
    def target(self) -> str:
        """Return the name of the noun's attribute."""
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Branch:
    """A key that holds further nouns: a list of them, or ``single`` one without an id.

    ``default`` is what stands in the noun where the file says nothing.
    """

    name: str
    shape: Shape
    help: str
    single: bool = False
    default: Any = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one noun.

    Attributes:
        name: ``field``, ``series`` ...; how problems and ``diff`` call it.
        noun: The class that is built.
        keys: In the order in which they are written; the first is the id where ``has_id``.
        joined: The noun's id is its parent's id, a dot, and what the file writes.
        scoped: Ids are looked up within the program (purposes).
        ordered: Pairs of dates of which the first must not be later than the second.
    """

    name: str
    noun: type[Any]
    keys: tuple[Key, ...]
    branches: tuple[Branch, ...] = ()
    has_id: bool = True
    joined: bool = False
    scoped: bool = False
    ordered: tuple[tuple[str, str], ...] = ()

    def names(self) -> list[str]:
        """Return every key that can stand here, in order."""
        return [*(key.name for key in self.keys), *(branch.name for branch in self.branches)]

    def with_inner(self) -> Iterator[Shape]:
        """Give this shape and all that it holds, each before those it holds."""
        yield self
        for branch in self.branches:
            yield from branch.shape.with_inner()

    def own_id(self, noun: Any, parent: str = "") -> str:
        """Return the id as the file writes it: without the parent's in front."""
        whole = str(noun.id)
        return whole.removeprefix(f"{parent}.") if self.joined and parent else whole


@dataclass(frozen=True, slots=True)
class File:
    """One kind of file in the inventory's folder.

    Attributes:
        pattern: Its path below ``inventory/``; ``*`` is any name.
        shape: What it declares.
        key: The one key at its top that holds a list; empty where the file is one noun.
        attribute: Where the inventory keeps the nouns.
    """

    pattern: str
    shape: Shape
    key: str
    attribute: str


def write_noun(shape: Shape, noun: Any, parent: str = "") -> dict[str, Any]:
    """Return what a file would write for a noun: only what says something, in the file's order."""
    written: dict[str, Any] = {}
    for key in shape.keys:
        value = getattr(noun, key.target)
        is_id = shape.has_id and key is shape.keys[0]
        plain = shape.own_id(noun, parent) if is_id else key.kind.write(value)
        if plain is not None:
            written[key.name] = plain
    for branch in shape.branches:
        plain = _write_branch(branch, getattr(noun, branch.name), getattr(noun, "id", ""))
        if plain:
            written[branch.name] = plain
    return written


def _write_branch(branch: Branch, value: Any, parent: str) -> Any:
    if branch.single:
        # An exception that says nothing yet is still one; default values are left out.
        return None if value == branch.default else write_noun(branch.shape, value)
    return [write_noun(branch.shape, noun, parent) for noun in value]
