"""The cells of workbooks, ``.xlsx``, ``.xls`` and ``.ods``: every sheet is a table.

* Columns and sheets are called what ``drivers/tables.py`` calls them.
* calamine reads where a sheet is as small as it looks; a sheet that claims a billion cells, or that
  calamine does not take, is read as a stream.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.base import FileContent
from curtilage.connectors.content.batches import from_rows, load_arrow, texts_of, unique_names
from curtilage.connectors.content.files import Stored, read_whole, suffix_of
from curtilage.connectors.content.paragraphs import paragraphs_of
from curtilage.connectors.content.ports import PROSE_COLUMN, ContentLimits, Part, Table, TextColumn
from curtilage.connectors.content.spreadsheet import read_ods
from curtilage.connectors.ports import Document, Limits
from curtilage.connectors.reading.office.sheets import OLE_MAGIC, open_workbook
from curtilage.connectors.reading.office.tabular import SAMPLED_ROWS, find_header
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.xml_stream import stream_xml
from curtilage.connectors.reading.zipped import Archive

if TYPE_CHECKING:
    import pyarrow as pa

ASIDES: Final = "(notes)"
"""The table of what is written beside the cells: notes, comments, text boxes. No sheet can be called so."""
_ASIDE: Final = re.compile(r"xl/(?:comments|threadedComments/|drawings/drawing).*(?<!\.rels)$")
_ZIP: Final = b"PK\x03\x04"
_ZIPPED: Final = frozenset({"xlsx", "xlsm", "xltx", "xltm", "ods", "ots"})
_OLE: Final = frozenset({"xls", "xlt"})
_ODS: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_WORKBOOK_PART: Final = b"xl/workbook.xml"
#: A dense sheet takes about 32 bytes a cell in calamine.
_MOST_DENSE_CELLS: Final = 8_000_000
_LETTERS: Final = re.compile(rb'<c[^>]{0,200}?\br="([A-Z]{1,3})\d')
_NUMBERS: Final = re.compile(rb'<c[^>]{0,200}?\br="[A-Z]{1,3}(\d{1,7})"')
_CELLS_AT_MOST: Final = 100_000_000

Row = dict[int, str]


class WorkbookContentReader:
    """Opens workbooks."""

    name = "workbook"
    extra = "forms"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first bytes and the suffix."""
        suffix = suffix_of(stored.source)
        if head.startswith(OLE_MAGIC):
            return 0.9 if suffix in _OLE else 0.0
        if not head.startswith(_ZIP):
            return 0.0
        # An archive that holds a workbook is not one.
        is_inside = suffix != "zip" and (_ODS in head[:200] or _WORKBOOK_PART in head)
        return 0.9 if suffix in _ZIPPED or is_inside else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> WorkbookContent:
        """Return its content.

        Raises:
            LimitReachedError: It is larger than may be held, or unpacks to too much.
            NotInstalledError: A library that it needs is missing.
            UnreadableError: It is damaged or locked with a password.
        """
        return WorkbookContent(stored, limits)


@dataclass(frozen=True, slots=True)
class _Sheet:
    table: Table
    names: tuple[str, ...]
    header: int


class WorkbookContent(FileContent):
    """One workbook, held in memory."""

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Read the file and look at the beginning of each sheet; see :class:`WorkbookContentReader`."""
        super().__init__(stored, limits)
        self._arrow = load_arrow(self.source)
        self._document = Document(
            self.source,
            read_whole(stored, limits),
            Limits(
                file_bytes=limits.whole_bytes,
                expanded_bytes=limits.expanded_bytes,
                depth=limits.depth,
                nodes=_CELLS_AT_MOST,
                seconds=float("inf"),
            ),
        )
        self._is_ods = _ODS in self._document.content[:200] or suffix_of(self.source) in ("ods", "ots")
        self._calamine: Any = None
        self._is_large: bool | None = None
        self._sheets = {sheet.table.name: sheet for sheet in self._look()}

    def tables(self) -> tuple[Table, ...]:
        """Return a table for each sheet that is not empty, and one for what is written beside the cells."""
        tables = tuple(sheet.table for sheet in self._sheets.values())
        if self._is_ods or self._document.content.startswith(OLE_MAGIC) or next(self._asides(), None) is None:
            return tables
        return (*tables, Table(ASIDES, (TextColumn(PROSE_COLUMN, "text", textual=True),), 0, 0))

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a sheet; see the port."""
        if part.table == ASIDES:
            rows_aside = ({PROSE_COLUMN: text} for text in self._asides())
            yield from from_rows(rows_aside, self.limits, self.source)
            return
        sheet = self._sheets[part.table]
        wanted = [(at, name) for at, name in enumerate(sheet.names) if not columns or name in columns]
        rows = (cells for number, cells in self._rows(part.table) if number != sheet.header)
        # A sheet of 16,384 columns that are mostly empty still needs a place for each.
        most = max(1, min(self.limits.batch_rows, self.limits.batch_bytes // (8 * len(sheet.names))))
        while held := list(islice(rows, most)):
            # A cell to the right of the table is read with its last column.
            last = len(sheet.names) - 1
            for cells in held:
                if beyond := [at for at in cells if at > last]:
                    cells[last] = "\n".join([cells.get(last, ""), *(cells.pop(at) for at in beyond)]).strip()
            arrays = [texts_of([cells.get(at) for cells in held], self._arrow) for at, _ in wanted]
            yield self._arrow.RecordBatch.from_arrays(arrays, names=[name for _, name in wanted])

    # Sheets

    def _look(self) -> Iterator[_Sheet]:
        for name, rows in self._first_rows():
            sample = list(islice(rows, SAMPLED_ROWS))
            header = find_header(sample)
            if header is None:
                continue
            width = max(len(header.names), 1 + max(max(cells) for _, cells in sample))
            names = unique_names([*header.names, *([""] * (width - len(header.names)))])
            columns = tuple(
                TextColumn(each, "", textual=True, locator=f"{name}!row:{header.number} col:{at}")
                for at, each in enumerate(names, start=1)
            )
            number = header.number if header.is_header else 0
            yield _Sheet(Table(name, columns, 0, 0), names, number)

    def _first_rows(self) -> Iterator[tuple[str, Iterator[tuple[int, Any]]]]:
        if not self._is_ods:
            yield from ((sheet.name, sheet.rows()) for sheet in open_workbook(self._document))
            return
        found: dict[str, list[tuple[int, Row]]] = {}
        for name, number, cells in read_ods(self._document):
            rows = found.setdefault(name, [])
            if len(rows) < SAMPLED_ROWS:
                rows.append((number, cells))
        yield from ((name, iter(rows)) for name, rows in found.items())

    def _rows(self, name: str) -> Iterator[tuple[int, Row]]:
        """Give the rows of a sheet that are not empty, by their numbers from 1."""
        if self._is_ods:
            yield from (
                (number, dict(cells)) for sheet, number, cells in read_ods(self._document) if sheet == name
            )
            return
        sheet = next(each for each in open_workbook(self._document) if each.name == name)
        dense = self._dense(name) if not self._document.content.startswith(OLE_MAGIC) else None
        yield from ((number, dict(cells)) for number, cells in (dense or sheet.rows()))

    def _dense(self, name: str) -> Iterator[tuple[int, Row]] | None:
        """Return the rows as calamine reads them; None where the sheet is too large or too odd for it."""
        if self._is_large is None:
            self._is_large = self._weigh_cells()
        if self._is_large:
            return None
        library = load_library("python_calamine", extra="forms", source=self.source)
        try:
            self._calamine = self._calamine or library.CalamineWorkbook.from_filelike(
                io.BytesIO(self._document.content)
            )
            rows = self._calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # noqa: BLE001 - a panic of its Rust code as well; the stream reads on
            return None
        return _filled(rows)

    def _weigh_cells(self) -> bool:
        """Return whether the sheets, empty cells counted, or their texts take too much memory."""
        archive = Archive(self._document)
        sheets = [part for part in archive.names if part.startswith("xl/worksheets/")]
        if sum(_extent(archive.stream(part)) for part in sheets) > _MOST_DENSE_CELLS:
            return True
        return sum(map(len, archive.stream("xl/sharedStrings.xml"))) > self.limits.whole_bytes

    def _asides(self) -> Iterator[str]:
        """Give what is written beside the cells: notes, comments, text boxes."""
        archive = Archive(self._document)
        for part in sorted(archive.names):
            if _ASIDE.match(part):
                yield from paragraphs_of(stream_xml(archive.stream(part), self._document))


def _filled(rows: Iterable[list[Any]]) -> Iterator[tuple[int, Row]]:
    for number, values in enumerate(rows, start=1):
        cells = {
            at: text
            for at, value in enumerate(values)
            if (text := value.strip() if value.__class__ is str else _as_text(value))
        }
        if cells:
            yield number, cells


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _extent(pieces: Iterable[bytes]) -> int:
    """Return how many cells a sheet takes when empty ones between are counted."""
    letters: set[bytes] = set()
    numbers: set[bytes] = set()
    rest = b""
    for piece in pieces:
        rest += piece
        letters.update(_LETTERS.findall(rest))
        numbers.update(_NUMBERS.findall(rest))
        rest = rest[-256:]
    return max(map(_column, letters), default=0) * max(map(int, numbers), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
