"""OpenDocument spreadsheets as a stream of cells: what is repeated a billion times costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.xml_stream import Event, stream_xml
from curtilage.connectors.reading.zipped import Archive

Row = dict[int, str]
_MOST_COLUMNS: Final = 16_384
_MOST_REPEATS: Final = 1_000
"""Chosen: a row that is filled in the same way more often than this says nothing more."""


def read_ods(document: Document) -> Iterator[tuple[str, int, Row]]:
    """Give sheet, row number from 1 and cells that are not empty, in the order of the file.

    Raises:
        LimitReachedError: It unpacks to too much, or has too many columns.
        NotInstalledError: defusedxml is missing.
        UnreadableError: It is damaged or locked with a password.
    """
    archive = Archive(document)
    sheet, number, repeats = "", 0, 1
    cells: Row = {}
    column = width = 0
    texts: list[str] = []
    is_text = False
    for event in stream_xml(archive.stream("content.xml"), document):
        kind, name = event.kind, event.name
        if kind == "data":
            if is_text:
                texts.append(event.name)
        elif name == "table" and kind == "start":
            sheet, number = event.attributes.get("name", ""), 0
        elif name == "table-row" and kind == "start":
            repeats, column, cells = _repeats(event, "number-rows-repeated"), 0, {}
        elif name == "table-row":
            for again in range(min(repeats, _MOST_REPEATS) if cells else 0):
                yield sheet, number + again + 1, cells
            number += repeats
        elif name in ("table-cell", "covered-table-cell") and kind == "start":
            width, texts = _repeats(event, "number-columns-repeated"), []
        elif name in ("table-cell", "covered-table-cell"):
            if text := "".join(texts).strip():
                if column + width > _MOST_COLUMNS:
                    what = f"A sheet has more than {_MOST_COLUMNS:,} columns"
                    raise LimitReachedError(source=document.source, what=what)
                cells.update((column + at, text) for at in range(width))
            column += width
            texts = []
        elif name == "p":
            is_text = kind == "start"
            texts.append("\n" if texts and kind == "start" else "")
        elif name in ("s", "tab", "line-break") and kind == "start":
            texts.append(" ")


def _repeats(event: Event, name: str) -> int:
    said = event.attributes.get(name, "1")
    return int(said) if said.isdigit() and len(said) < 10 else 1
