"""LookML: the dimensions of Looker's views, and the columns that its dashboards show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.text import decode, join, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_TELLS: Final = re.compile(
    rb"^[ \t]*+-?[ \t]*+(?:view|explore|dashboard|dimension|dimension_group|measure)\s*+:\s*+\S|^[ \t]*+fields:\s*+\[",
    re.MULTILINE,
)
_FIELDS: Final = re.compile(r"^\s*fields:\s*\[")
_NAME: Final = re.compile(r"\b[^\W\d][\w$]*+\.[^\W\d][\w$]*")
_ELEMENT: Final = re.compile(r"^\s*-\s+(?:name|title|dashboard|explore|view)\s*:")
_SAYING: Final = re.compile(r"^\s*(note_text|description|title)\s*:\s*(.+?)\s*$")
#: ``dimension: born {`` of today's LookML and ``- dimension: born`` of the old, YAML one.
_HOLDS: Final = frozenset({"dimension", "dimension_group", "measure", "parameter", "filter"})
_MOST_FRAMES: Final = 100
_PART: Final = re.compile(
    r"""(?P<note>\#[^\n]*+)|(?P<text>"(?:[^"\\]|\\.)*+")|(?P<sql>\b(?:sql\w*|html|expression)\s*:[^;]*+;;)
       |\b(?P<key>\w++)\s*+:\s*(?P<name>\+?[\w.]*)|(?P<mark>[{}\[\]])|(?P<item>\b[a-z]\w*+)|(?P<break>\n)""",
    re.VERBOSE,
)


@dataclass(slots=True)
class _Block:
    """One bracketed block while it is read."""

    kind: str = ""
    name: str = ""
    line: int = 0
    told: dict[str, str] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)


class LookMlReader:
    """Reads LookML views, models and dashboards."""

    name = "lookml"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure this is LookML, from name and content."""
        if document.suffix not in {"lookml", "lkml"}:
            return 0.0
        return 0.95 if _TELLS.search(document.content) else 0.2

    def read(self, document: Document) -> Iterator[Place]:
        """Give the dimensions of views, or the columns that a dashboard lists, in the order of the file.

        Raises:
            LimitReachedError: A line is too long, or the file lists too many columns.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        text = decode(document)
        old = re.search(r"^[ \t]*+-\s++(?:dashboard|view|explore)\s*:", text, re.MULTILINE)
        places = _of_lists(document.source, text) if old else _of_blocks(document.source, text)
        for count, place in enumerate(places, start=1):
            if count > document.limits.places:
                raise LimitReachedError(source=document.source, what="It lists too many columns")
            yield place


def _of_lists(source: str, text: str) -> Iterator[Place]:
    """Read the YAML kind: an element's list of columns, and what the element says of itself."""
    found: list[tuple[int, str]] = []
    said: list[str] = []
    view, inside = "", False
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside and _ELEMENT.match(line):
            yield from _columns(source, found, said)
            found, said = [], []
        saying = _SAYING.match(line)
        if saying and not inside:
            said.append(saying.group(2).strip("\"'"))
        inside = inside or bool(_FIELDS.match(line))
        if inside:
            found += [(number, name) for name in _NAME.findall(line)]
            inside = "]" not in line
        named = re.match(r"^\s*-\s+(view|dimension|dimension_group)\s*:\s*(\w+)", line)
        if named and named.group(1) == "view":
            view = named.group(2)
        elif named:
            found.append((number, f"{view}.{named.group(2)}" if view else named.group(2)))
    yield from _columns(source, found, said)


def _columns(source: str, found: list[tuple[int, str]], said: list[str]) -> Iterator[Place]:
    for line, name in found:
        yield Place(
            source=source, locator=f"line:{line}", kind="column", name=name, context=join(*said)[:500]
        )


def _of_blocks(source: str, text: str) -> Iterator[Place]:
    """Read today's kind: bracketed blocks, each with a kind, a name and what it says."""
    blocks, pending, line = [_Block()], _Block(), 1
    key, in_list = "", False
    for match in _PART.finditer(text):
        if match["key"] is not None:
            key = match["key"]
            pending = _Block(key, match["name"].lstrip("+"), line)
            blocks[-1].told.setdefault(key, match["name"])
        elif match["text"] is not None:
            blocks[-1].told[key] = match["text"][1:-1]
        elif match["mark"] in {"[", "]"}:
            in_list = match["mark"] == "["
        elif (
            match["item"] is not None
            and in_list
            and key == "timeframes"
            and len(blocks[-1].listed) < _MOST_FRAMES
        ):
            blocks[-1].listed.append(match["item"])
        elif match["mark"] == "{":
            blocks.append(pending)
        elif match["mark"] == "}" and len(blocks) > 1:
            block = blocks.pop()
            if block.kind in _HOLDS and block.name:
                view = next((one.name for one in reversed(blocks) if one.kind == "view"), "")
                yield _dimension(source, view, block)
        line += match.group().count("\n")


def _dimension(source: str, view: str, block: _Block) -> Place:
    told = block.told
    facts = {"hidden"} if told.get("hidden") == "yes" else set()
    facts |= {"computed"} if block.kind == "measure" else set()
    return Place(
        source=source,
        locator=f"line:{block.line}",
        kind="column",
        name=f"{view}.{block.name}" if view else block.name,
        text=join(
            told.get("label") or told.get("group_item_label") or told.get("group_label", ""),
            told.get("description", ""),
        ),
        options=shorten(block.listed),
        context=told.get("group_label", "")[:200],
        type=told.get("type", ""),
        facts=tuple(sorted(facts)),
    )
