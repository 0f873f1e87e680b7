"""A small XML file as a tree that knows its lines; for schemas and forms, never for data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.text import DEEPEST_TREE, LONGEST_TEXT
from curtilage.connectors.reading.xml_stream import stream_xml

_PIECE = 65_536
#: An element of a tree takes four times the memory of a node elsewhere.
_WEIGHT = 4


@dataclass(slots=True)
class Element:
    """One element.

    Attributes:
        name: Local name, its namespace left out.
        attributes: Local name to value.
        line: 1-based line of its start.
        children: In the order of the file.
        text: What stands directly in it, its children's text left out; shortened where it is long.
    """

    name: str
    attributes: Mapping[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, attribute: str) -> str:
        """Return an attribute, empty where there is none."""
        return self.attributes.get(attribute, "")

    def find(self, name: str) -> Element | None:
        """Return the first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def list_children(self, name: str) -> list[Element]:
        """Return all children of that name."""
        return [child for child in self.children if child.name == name]

    def say(self, name: str) -> str:
        """Return the text of the first child of that name, empty where there is none."""
        child = self.find(name)
        return child.text.strip() if child else ""

    def walk(self) -> Iterator[Element]:
        """Give this element and everything in it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def load_xml(document: Document) -> Element:
    """Return the root element of a file.

    Raises:
        LimitReachedError: It nests too deep or has too many elements.
        NotInstalledError: defusedxml is missing.
        UnreadableError: It is not well formed, or declares a document type or an entity.
    """
    bounds = replace(
        document.limits,
        nodes=document.limits.nodes // _WEIGHT,
        depth=min(document.limits.depth, DEEPEST_TREE),
    )
    bounded = replace(document, limits=bounds)
    content = document.content.lstrip() if document.content[:1].isspace() else document.content
    pieces = (content[at : at + _PIECE] for at in range(0, len(content), _PIECE))
    above = Element("", {}, 0)
    opened = [above]
    for event in stream_xml(pieces, bounded):
        if event.kind == "start":
            made = Element(event.name, event.attributes, event.line)
            opened[-1].children.append(made)
            opened.append(made)
        elif event.kind == "end":
            opened.pop()
        elif len(opened[-1].text) < LONGEST_TEXT:
            opened[-1].text += event.name[: LONGEST_TEXT * 4]
    return above.children[0]
