"""The paragraphs of office documents, wherever text stands in their XML.

Word, PowerPoint and Excel call a paragraph ``p`` and a piece of text ``t``; OpenDocument puts the text
into the paragraph itself. Deleted text of tracked changes, field codes and text boxes count as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from curtilage.connectors.reading.xml_stream import Event

_PARAGRAPHS: Final = frozenset({"p", "h", "si", "threadedComment", "comment"})
_TEXTS: Final = frozenset({"t", "delText", "instrText", "delInstrText", "text"})
_BREAKS: Final = frozenset({"tab", "br", "cr", "s", "line-break"})
_WRAPPED: Final = re.compile(r"(?<=[a-zà-öø-ÿ,;\u0100-\uffff])[ \t]*\n[ \t]*(?=[a-zà-öø-ÿ(\u0100-\uffff])")
_AGAIN: Final = "Fallback"
"""The same drawing once more, for programs that do not know the first way to write it."""


def paragraphs_of(events: Iterable[Event], *, is_open_document: bool = False) -> Iterator[str]:
    """Give the texts of paragraphs that are not empty; one that stands in another before the outer one.

    Args:
        events: Of one part of a document.
        is_open_document: Text stands in the paragraph itself.
    """
    open_paragraphs: list[list[str]] = []
    is_text = False
    skipped = 0
    for event in events:
        kind, name = event.kind, event.name
        if kind == "data":
            if (is_text or is_open_document) and not skipped and open_paragraphs:
                open_paragraphs[-1].append(event.name)
        elif name == _AGAIN:
            skipped += 1 if kind == "start" else -1
        elif name in _PARAGRAPHS:
            if kind == "start":
                open_paragraphs.append([])
            elif text := "".join(open_paragraphs.pop()).strip():
                yield text
        elif name in _TEXTS:
            is_text = kind == "start"
        elif name in _BREAKS and kind == "start" and open_paragraphs and not skipped:
            open_paragraphs[-1].append(" ")


def unwrap(text: str) -> str:
    r"""Return a page's text with lines joined where a sentence goes on in the next one.

    >>> unwrap("He has no\nimmigration papers.\nName: Ana\nPhone: 555-0100")
    'He has no immigration papers.\nName: Ana\nPhone: 555-0100'
    """
    return _WRAPPED.sub(" ", text)
