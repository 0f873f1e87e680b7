"""The text of documents: Word, PowerPoint, OpenDocument; a paragraph a row.

Read are the body with its tables, headers, footers, notes, comments, text boxes, what tracked changes
took out and put in, and the slides' notes; properties and macros are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.content.base import ProseContent
from curtilage.connectors.content.files import Stored, read_whole, suffix_of
from curtilage.connectors.content.paragraphs import paragraphs_of
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.ports import Document, Limits, UnreadableError
from curtilage.connectors.reading.xml_stream import stream_xml
from curtilage.connectors.reading.zipped import Archive

_ZIP: Final = b"PK\x03\x04"
_SUFFIXES: Final = frozenset("docx docm dotx dotm pptx pptm potx ppsx odt ott odp odg fodt".split())
_PARTS: Final = re.compile(
    r"word/(?:document|header|footer|footnotes|endnotes|comments|glossary/document)[^/]*\.xml"
    r"|ppt/(?:slides|notesSlides|comments|diagrams)/[^/]*\.xml|word/(?:diagrams|charts)/[^/]*\.xml"
    r"|content\.xml|styles\.xml"
)
_NODES_AT_MOST: Final = 50_000_000


class WordContentReader:
    """Opens documents."""

    name = "word"
    extra = "forms"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first bytes and the suffix."""
        if not head.startswith(_ZIP):
            return 0.0
        suffix = suffix_of(stored.source)
        # An archive that holds a document is not one.
        is_inside = suffix != "zip" and b"word/document.xml" in head
        return 0.9 if suffix in _SUFFIXES or is_inside else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ProseContent:
        """Return its content.

        Raises:
            LimitReachedError: It is larger than may be held.
            SourceError: It cannot be read.
        """
        document = Document(
            stored.source,
            read_whole(stored, limits),
            Limits(
                file_bytes=limits.whole_bytes,
                expanded_bytes=limits.expanded_bytes,
                depth=limits.depth * 3,
                nodes=_NODES_AT_MOST,
            ),
        )
        return ProseContent(stored, limits, lambda _: _paragraphs(document))


def _paragraphs(document: Document) -> Iterator[str]:
    archive = Archive(document)
    parts = sorted(name for name in archive.names if _PARTS.fullmatch(name))
    if not parts:
        raise UnreadableError(source=document.source, what="It is called a document and holds no text of one")
    is_open = "content.xml" in archive.names
    for part in parts:
        yield from paragraphs_of(stream_xml(archive.stream(part), document), is_open_document=is_open)
