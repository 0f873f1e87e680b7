"""XLSX, written anew without some rows of its one sheet of records.

Rules of this file:

* The parts of a workbook are edited as the text that they are, so that all else stays to the byte; a row
  that goes leaves its number empty, so that no reference moves.
* A text that only rows that went used is emptied in the table of shared texts; results that formulas keep
  are dropped and computed again when the workbook is opened; links of the cells go with them.
* A part that may hold copies of cells (pivot caches, comments, revisions, drawings) is a refusal, not a hope.

Source:
    ecma-376, part 1, sections 18.3 and 18.4.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from curtilage.connectors.disposal.files.tables import MisfitFileError, flush
from curtilage.connectors.reading.office.tabular import SAMPLED_ROWS, find_header
from curtilage.connectors.reading.optional import load_library

_LARGEST: Final = 256 * 2**20
"""Bytes that all parts may unpack to."""

_COPIES: Final = re.compile(
    r"xl/(pivotCache|revisions|comments|threadedComments|drawings|media|queryTables|externalLinks|embeddings"
    r"|customData|model|richData|persons)",
    re.IGNORECASE,
)
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW: Final = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row>)", re.DOTALL)
_NUMBER: Final = re.compile(rb'\br="(\d+)"')
_CELL: Final = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
_SHARED: Final = re.compile(rb"<(?:\w+:)?v>\s*(\d+)\s*</(?:\w+:)?v>")
_ITEM: Final = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</\1si>)", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
_JOINED: Final = re.compile(rb'<(?:\w+:)?f\b[^>]*\bt="(?:shared|array|dataTable)"')
_RESULT: Final = re.compile(rb"<((?:\w+:)?)v>.*?</\1v>", re.DOTALL)
_LINK: Final = re.compile(
    rb'<((?:\w+:)?)hyperlink\b[^>]*?\bref="[A-Z]+(\d+)(?::[A-Z]+(\d+))?"[^>]*?(?:/>|>.*?</\1hyperlink>)',
    re.DOTALL,
)
_NO_LINKS: Final = re.compile(rb"<((?:\w+:)?)hyperlinks\b[^>]*>\s*</\1hyperlinks>")
_LINK_ID: Final = re.compile(rb'\b\w+:id="([^"]+)"')
_ODD: Final = (b"<!--", b"<![CDATA[", b"<!DOCTYPE", b"<!ENTITY")


class WorkbookTable:
    """The one sheet of a workbook that holds a table."""

    def __init__(self, path: Path) -> None:
        """Read it whole.

        Raises:
            MisfitFileError: It is damaged, has more than one sheet with cells, or no row of column names.
            NotInstalledError: A library is missing.
        """
        self._path = path
        calamine = load_library("python_calamine", extra="forms", source=path.name)
        try:
            book = calamine.CalamineWorkbook.from_path(str(path))
            sheets = {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
        except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError) as error:
            raise MisfitFileError("it is no workbook that can be read") from error
        filled = [rows for rows in sheets.values() if any(any(cell != "" for cell in row) for row in rows)]
        if len(filled) != 1:
            raise MisfitFileError(
                "not exactly one of its sheets has cells: put each table into a file of its own"
            )
        self._cells = filled[0]
        header = find_header(list(_sample(self._cells)))
        if header is None or not header.is_header:
            raise MisfitFileError("it has no row of column names")
        self._first = header.number
        self.columns = header.names

    def rows(self) -> Iterator[Sequence[object]]:
        """Give the rows; see :class:`FileTable`. An empty row counts as one."""
        width = len(self.columns)
        for row in self._cells[self._first :]:
            yield [cell if cell != "" else None for cell in (*row, *[None] * width)[:width]]

    def write_without(self, gone: Collection[int], out: Path) -> None:
        """Write it without some rows; see :class:`FileTable`."""
        numbers = {self._first + 1 + number for number in gone}
        parts = _read_parts(self._path)
        sheets = {name: content for name, content in parts.items() if _SHEET.fullmatch(name)}
        name = max(sheets, key=lambda each: sum(1 for found in _CELL.finditer(sheets[each]) if found[3]))
        changed = _without_rows(sheets[name], numbers)
        links = _links_of(changed, numbers)
        unlinked = _LINK.sub(lambda found: b"" if _is_in(found, numbers) else found[0], changed)
        parts[name] = _NO_LINKS.sub(b"", unlinked)
        _drop_links(parts, name, links)
        for each in sheets:
            parts[each] = _forget_results(parts[each])
        if "xl/sharedStrings.xml" in parts:
            parts["xl/sharedStrings.xml"] = _empty_unused(
                parts["xl/sharedStrings.xml"], [parts[each] for each in sheets]
            )
        _drop_chain(parts)
        _write_parts(self._path, parts, out)


def _sample(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, dict[int, str]]]:
    for number, row in enumerate(rows[: 4 * SAMPLED_ROWS], start=1):
        filled = {at: str(cell).strip() for at, cell in enumerate(row) if str(cell).strip()}
        if filled:
            yield number, filled


def _read_parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook, none of which may hold what could not be found in it."""
    with zipfile.ZipFile(path) as archive:
        if copies := sorted({found[1] for each in archive.namelist() if (found := _COPIES.match(each))}):
            raise MisfitFileError(f"it has parts in which copies of cells may lie ({', '.join(copies)})")
        if sum(each.file_size for each in archive.infolist()) > _LARGEST:
            raise MisfitFileError(f"it unpacks to more than {_LARGEST:,} bytes")
        parts = {each: archive.read(each) for each in archive.namelist()}
    for name, content in parts.items():
        if name.endswith(".xml") and (
            content[:4].startswith((b"\xff\xfe", b"\xfe\xff")) or any(odd in content for odd in _ODD)
        ):
            raise MisfitFileError("it is written in a way that other programs than spreadsheets use")
    return parts


def _write_parts(old: Path, parts: Mapping[str, bytes], out: Path) -> None:
    with zipfile.ZipFile(old) as archive, out.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
            for info in archive.infolist():
                if info.filename in parts:
                    fresh = zipfile.ZipInfo(info.filename, info.date_time)
                    fresh.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(fresh, parts[info.filename])
        flush(file)


def _without_rows(sheet: bytes, numbers: Collection[int]) -> bytes:
    """Return a sheet without rows, each of which must have been found."""
    at, met = 0, set()

    def keep(found: re.Match[bytes]) -> bytes:
        nonlocal at
        said = _NUMBER.search(found[2])
        at = int(said[1]) if said else at + 1
        if at not in numbers:
            return found[0]
        if _JOINED.search(found[0]):
            raise MisfitFileError("a formula in a row that is due reaches over other rows")
        met.add(at)
        return b""

    kept = _ROW.sub(keep, sheet)
    if met != set(numbers):
        raise MisfitFileError("its rows are not where they were read")
    return kept


def _forget_results(sheet: bytes) -> bytes:
    def forget(found: re.Match[bytes]) -> bytes:
        return _RESULT.sub(b"", found[0]) if _FORMULA.search(found[0]) else found[0]

    return _CELL.sub(forget, sheet)


def _empty_unused(table: bytes, sheets: Sequence[bytes]) -> bytes:
    """Empty the shared texts that no cell uses any more; their places stay, for others count by them."""
    used = {
        int(number)
        for sheet in sheets
        for found in _CELL.finditer(sheet)
        if b't="s"' in found[2]
        for number in _SHARED.findall(found[3] or b"")
    }
    at = -1

    def keep(found: re.Match[bytes]) -> bytes:
        nonlocal at
        at += 1
        prefix = found[1]
        return found[0] if at in used else b"<" + prefix + b"si><" + prefix + b"t/></" + prefix + b"si>"

    return _ITEM.sub(keep, table)


def _is_in(found: re.Match[bytes], numbers: Collection[int]) -> bool:
    return any(row in numbers for row in range(int(found[2]), int(found[3] or found[2]) + 1))


def _links_of(sheet: bytes, numbers: Collection[int]) -> frozenset[bytes]:
    """Return the ids of links that only cells of rows that go have."""
    gone: set[bytes] = set()
    kept: set[bytes] = set()
    for found in _LINK.finditer(sheet):
        if said := _LINK_ID.search(found[0]):
            (gone if _is_in(found, numbers) else kept).add(said[1])
    return frozenset(gone - kept)


def _drop_links(parts: dict[str, bytes], sheet: str, links: Collection[bytes]) -> None:
    folder, _, file = sheet.rpartition("/")
    name = f"{folder}/_rels/{file}.rels"
    for each in links if name in parts else ():
        parts[name] = re.sub(
            rb'<Relationship\b[^>]*\bId="' + re.escape(each) + rb'"[^>]*/>', b"", parts[name]
        )


def _drop_chain(parts: dict[str, bytes]) -> None:
    """Take out the order of computing, which names cells; spreadsheets make it anew."""
    if parts.pop("xl/calcChain.xml", None) is None:
        return
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = re.sub(rb"<(?:Override|Relationship)\b[^>]*calcChain[^>]*/>", b"", parts[name])
