"""XML as a stream of events, within bounds, without ever building a tree.

Document type declarations, entities and anything outside the file are refused before they act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.optional import load_library


class Event(NamedTuple):
    """One step through the file.

    Attributes:
        kind: ``start``, ``end`` or ``data``.
        name: Local name of the element, its namespace left out; the text itself for ``data``.
        attributes: Local attribute name to value, for ``start`` only.
        line: 1-based line, for ``start`` only.
    """

    kind: str
    name: str
    attributes: Mapping[str, str] = {}
    line: int = 0


@dataclass(slots=True)
class _Target:
    """Receives what the parser meets; emptied after each piece."""

    document: Document
    events: list[Event] = field(default_factory=list)
    depth: int = 0
    nodes: int = 0
    expat: Any = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self.nodes += 1
        limits = self.document.limits
        if self.depth > limits.depth:
            raise LimitReachedError(
                source=self.document.source, what=f"Its XML nests deeper than {limits.depth}"
            )
        if self.nodes > limits.nodes:
            raise LimitReachedError(
                source=self.document.source, what=f"Its XML has more than {limits.nodes:,} elements"
            )
        named = {_local(key): value for key, value in attributes.items()}
        self.events.append(Event("start", _local(tag), named, self.expat.CurrentLineNumber))

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.events.append(Event("end", _local(tag)))

    def data(self, text: str) -> None:
        self.events.append(Event("data", text))

    def close(self) -> None:
        """Nothing is kept."""


def stream_xml(pieces: Iterable[bytes], document: Document) -> Iterator[Event]:
    """Give the events of the XML in ``pieces``, a part of ``document`` or the whole of it.

    Stopping early costs nothing: what was not asked for is not parsed.

    Raises:
        LimitReachedError: It nests too deep or has too many elements.
        NotInstalledError: defusedxml is missing.
        UnreadableError: It is not well formed, or declares a document type or an entity.
    """
    etree = load_library("defusedxml.ElementTree", extra="forms", source=document.source)
    defused = load_library("defusedxml", extra="forms", source=document.source)
    target = _Target(document)
    parser = etree.DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    try:
        for piece in pieces:
            parser.feed(piece)
            yield from target.events
            target.events.clear()
        parser.close()
        yield from target.events
    except defused.DefusedXmlException as error:
        what = "Its XML declares a document type or an entity, which no form needs"
        raise UnreadableError(source=document.source, what=what) from error
    except (etree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(source=document.source, what="Its XML is not well formed") from error


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
