"""Workbooks as sheets of text cells, read row by row and only as far as somebody asks.

``.xlsx`` is read straight from its XML: what crashes other readers (odd styles, missing dimensions,
comments, drawings) is never looked at, and a sheet that claims a billion empty cells costs nothing.
``.xls`` goes through python-calamine, whose sheets have at most 65,536 rows and 256 columns.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.bounds import Deadline
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.xml_stream import Event, stream_xml
from curtilage.connectors.reading.zipped import Archive, list_entries

#: One row: column index from 0 to its text; empty cells are left out.
Row = Mapping[int, str]

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_COLUMNS: Final = 16_384
_LONGEST_CELL: Final = 32_767
_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        name: Its name as the tab shows it.
        rows: Call it to go through the rows from the top: ``(row number from 1, cells)``. Rows
            without any text are left out. May raise what :func:`open_workbook` raises.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, Row]]]


def is_workbook(document: Document) -> bool:
    """Return whether the file is an Excel workbook of either kind, told by its first bytes."""
    if document.content.startswith(OLE_MAGIC):
        return document.suffix in ("xls", "xlt") or b"W\0o\0r\0k\0b\0o\0o\0k\0" in document.content
    return "xl/workbook.xml" in list_entries(document)


def open_workbook(document: Document) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, in the order of its tabs.

    Raises:
        LimitReachedError: It unpacks to too much, or has too many cells.
        NotInstalledError: A library that it needs is missing.
        UnreadableError: It is damaged, or locked with a password.
    """
    if document.content.startswith(OLE_MAGIC):
        return _open_xls(document)
    archive = Archive(document)
    if "xl/workbook.xml" not in archive.names:
        raise UnreadableError(source=document.source, what="It is no Excel workbook")
    strings = _SharedStrings(archive, document)
    return tuple(
        Sheet(name, lambda part=part: _xlsx_rows(archive, part, strings, document))  # type: ignore[misc]
        for name, part in _sheet_parts(archive, document)
    )


def _sheet_parts(archive: Archive, document: Document) -> Iterator[tuple[str, str]]:
    """Give the name of each sheet and the part of the archive that holds it."""
    targets = {
        event.attributes.get("Id", ""): event.attributes.get("Target", "")
        for event in _starts(archive, "xl/_rels/workbook.xml.rels", document, "Relationship")
    }
    sheets = _starts(archive, "xl/workbook.xml", document, "sheet")
    for number, event in enumerate(sheets, start=1):
        target = targets.get(event.attributes.get("id", ""), f"worksheets/sheet{number}.xml")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if part in archive.names:
            yield event.attributes.get("name", f"Sheet{number}"), part


def _starts(archive: Archive, part: str, document: Document, name: str) -> Iterator[Event]:
    for event in _events(archive, part, document):
        if event.kind == "start" and event.name == name:
            yield event


def _events(archive: Archive, part: str, document: Document) -> Iterator[Event]:
    return stream_xml(archive.stream(part), document) if part in archive.names else iter(())


class _SharedStrings:
    """The table of texts that cells point into, read as far as a cell points."""

    def __init__(self, archive: Archive, document: Document) -> None:
        self._texts: list[str] = []
        self._source = self._read(archive, document)

    def __getitem__(self, index: int) -> str:
        while len(self._texts) <= index:
            text = next(self._source, None)
            if text is None:
                return ""
            self._texts.append(text)
        return self._texts[index]

    @staticmethod
    def _read(archive: Archive, document: Document) -> Iterator[str]:
        parts: list[str] = []
        is_text = is_aside = False
        for event in _events(archive, "xl/sharedStrings.xml", document):
            if event.kind == "data":
                if is_text and not is_aside:
                    parts.append(event.name)
            elif event.name == "t":
                is_text = event.kind == "start"
            elif event.name == "rPh":  # how a Japanese word is spoken
                is_aside = event.kind == "start"
            elif event.name == "si" and event.kind == "end":
                yield "".join(parts)[:_LONGEST_CELL]
                parts.clear()


def _xlsx_rows(
    archive: Archive, part: str, strings: _SharedStrings, document: Document
) -> Iterator[tuple[int, Row]]:
    deadline = Deadline(document)
    row = column = 0
    cells: dict[int, str] = {}
    kind, parts, is_value = "", list[str](), False
    for event in _events(archive, part, document):
        if event.kind == "data":
            if is_value:
                parts.append(event.name)
        elif event.name in ("v", "t"):
            is_value = event.kind == "start"
        elif event.name == "c" and event.kind == "start":
            kind = event.attributes.get("t", "")
            column = _column(event.attributes.get("r", ""), otherwise=column + 1, document=document)
        elif event.name == "c":
            if text := _cell("".join(parts)[:_LONGEST_CELL], kind, strings):
                cells[column - 1] = text
            parts.clear()
        elif event.name == "row" and event.kind == "start":
            number = event.attributes.get("r", "")
            row = int(number) if number.isdigit() and len(number) < 8 else row + 1
            column = 0
        elif event.name == "row":
            deadline.check()
            if cells:
                yield row, cells
            cells = {}


def _column(reference: str, *, otherwise: int, document: Document) -> int:
    found = _CELL.fullmatch(reference)
    number = otherwise
    if found:
        number = 0
        for letter in found[1]:
            number = number * 26 + ord(letter) - 64
    if number > _MOST_COLUMNS:
        what = f"A sheet has more than {_MOST_COLUMNS:,} columns"
        raise LimitReachedError(source=document.source, what=what)
    return number


def _cell(raw: str, kind: str, strings: _SharedStrings) -> str:
    raw = raw.strip()
    if kind == "s":
        return strings[int(raw)].strip() if raw.isdigit() and len(raw) < 8 else ""
    if kind == "b":
        return "TRUE" if raw == "1" else "FALSE"
    if kind in ("str", "inlineStr"):
        return raw
    return "" if kind == "e" else raw.removesuffix(".0")


def _open_xls(document: Document) -> tuple[Sheet, ...]:
    calamine = load_library("python_calamine", extra="forms", source=document.source)
    workbook = _guard(document, lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(document.content)))
    return tuple(
        Sheet(name, lambda name=name: _xls_rows(workbook, name, document))  # type: ignore[misc]
        for name in workbook.sheet_names
    )


def _xls_rows(workbook: Any, name: str, document: Document) -> Iterator[tuple[int, Row]]:
    sheet = _guard(document, lambda: workbook.get_sheet_by_name(name))
    if sheet.start is None:
        return
    top, left = sheet.start
    deadline = Deadline(document)
    for number, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        deadline.check()
        cells = {index: text for index, value in enumerate(values, start=left) if (text := _as_text(value))}
        if cells:
            yield number, cells


def _guard(document: Document, action: Callable[[], Any]) -> Any:
    """Turn whatever the library throws, a panic of its Rust code as well, into one error."""
    try:
        return action()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        what = "Its sheets are damaged, locked with a password, or no workbook"
        raise UnreadableError(source=document.source, what=what) from error


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_LONGEST_CELL].strip()
