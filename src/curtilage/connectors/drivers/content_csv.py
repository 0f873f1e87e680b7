"""The rows of CSV, TSV and their kin, of any encoding and size.

* Columns are called what ``drivers/tables.py`` calls them. What is not UTF-8 is replaced and counted,
  so that it cannot lose a row.
* pyarrow reads; where a part does not follow CSV, ``content/loose.py`` goes on.
* A row that has more or fewer cells than the header is read all the same, and counted.
* A large file is cut into ranges of bytes, each beginning with a row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from curtilage.connectors.content.base import WHOLE, FileContent
from curtilage.connectors.content.batches import load_arrow, one_batch, unique_names
from curtilage.connectors.content.files import Stored, suffix_of
from curtilage.connectors.content.loose import Cells, batch_of, loose_rows, parse_rows
from curtilage.connectors.content.ports import ContentLimits, Part, Table, TextColumn
from curtilage.connectors.content.ranges import Span, TextFile
from curtilage.connectors.ports import LimitReachedError
from curtilage.connectors.reading.office.delimited import SUFFIXES, Layout, lay_out

if TYPE_CHECKING:
    import pyarrow as pa

_WHAT_IS_NO_TEXT: Final = (b"PK\x03\x04", b"%PDF", b"PAR1", b"\xd0\xcf\x11\xe0")
_FITS_ROWS: Final = 20
_FITS_BYTES: Final = 64 * 2**10
_FITS_SHARE: Final = 0.9
_MOST_ODD: Final = 50_000
_RAGGED: Final = "{} × a row with more or fewer cells than the table has columns; all of them were read."
_LOOSE: Final = (
    "{} × a part that does not follow CSV (a quote never closed, a row too long); it was read line by line."
)
_PIECES: Final = "{} × a piece of a row that is too long; it was read by itself."
_REPLACED: Final = (
    "{} × a character that does not follow the encoding of the file; what stands around it was read."
)


class CsvContentReader:
    """Opens CSV and its kin."""

    name = "csv"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the suffix and by not being another format."""
        return 0.7 if suffix_of(stored.source) in SUFFIXES and not head.startswith(_WHAT_IS_NO_TEXT) else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> CsvContent:
        """Return its content.

        Raises:
            LimitReachedError: It has too many columns.
            NotInstalledError: pyarrow is missing.
            SourceError: It cannot be read.
        """
        return CsvContent(stored, limits)


@dataclass(slots=True)
class _Odd:
    """Rows that do not follow the header, as pyarrow hands them over."""

    delimiter: str
    rows: list[Cells] = field(default_factory=list)
    count: int = 0

    def __call__(self, row: Any) -> str:
        if self.count >= _MOST_ODD:
            # Where hardly a row follows the header the loose way holds less in memory.
            return "error"
        self.rows += parse_rows(row.text, self.delimiter)
        self.count += 1
        return "skip"

    def clear(self) -> None:
        """Forget the rows; they were given out."""
        self.rows, self.count = [], 0


class CsvContent(FileContent):
    """One table of text."""

    stays_open = True

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Look at the beginning of the table; see :class:`CsvContentReader`."""
        super().__init__(stored, limits)
        self._arrow = load_arrow(stored.source)
        self._csv = load_arrow(stored.source, "pyarrow.csv")
        self._text = TextFile(stored)
        self._layout = lay_out(self._text.head, SUFFIXES.get(suffix_of(stored.source), ","))
        self._begin = self._text.begin * (not self._text.is_wide) + self._text.bytes_of(
            self._text.head[: self._layout.skipped]
        )
        if self._layout.width > limits.columns:
            raise LimitReachedError(
                source=self.source, what=f"It has more than {limits.columns:,} columns", line=1
            )
        self._names, self._columns = _columns(self._layout)
        self._told_replaced = 0

    def tables(self) -> tuple[Table, ...]:
        """Return the one table."""
        lines = max(1, self._text.head.count("\n"))
        average = max(1, len(self._text.head) // lines)
        size = self.stored.size
        rows = (lines if self._text.is_whole else size // average) - (self._layout.skipped > 0)
        return (Table("", self._columns, max(0, rows), size),) if self._columns else ()

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of bytes; one part of what is packed or UTF-16."""
        if not self._text.can_split:
            return super().parts(table, wanted=wanted)
        spans = self._text.split(self._begin, wanted, self._fits)
        size = max(1, self.stored.size)
        return tuple(
            self.part(table, f"bytes:{start}-{end}", table.rows * (end - start) // size, end - start)
            for start, end in spans
        )

    def spread(self, table: Table, rows: int) -> pa.RecordBatch:
        """Return rows from eight places of the file; from its beginning where it is packed."""
        if not self._text.can_split:
            return super().spread(table, rows)
        average = self.stored.size // max(1, table.rows) + 1
        spans = self._text.places(self._begin, 2 * rows * average // 8 + _FITS_BYTES, self._fits)
        taken: list[Any] = []
        for span in spans:
            left = max(1, rows // len(spans))
            for batch in self._range(span, self._names):
                taken.append(batch.slice(0, left))
                left -= taken[-1].num_rows
                if left <= 0:
                    break
        return one_batch(taken, rows, self._arrow)

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a range; see the port."""
        wanted = [name for name in self._names if name in columns] if columns else list(self._names)
        if not wanted:
            return
        start, end = (self._begin, -1) if part.key == WHOLE else _span(part.key)
        if start == self._begin and self._layout.before:
            before: list[Cells] = [[cell.encode() for cell in row] for row in self._layout.before]
            yield batch_of(before, self._names, wanted, self._arrow)
        yield from self._range((start, end), wanted)
        self.notes.add("not-text", _REPLACED, self._text.replaced - self._told_replaced)
        self._told_replaced = self._text.replaced

    def _range(self, span: Span, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Read a range fast, and where that fails loosely from there on."""
        done = 0
        odd = _Odd(self._layout.delimiter)
        has_failed = False
        with self._text.open(*span, is_valid=True) as file:
            fast = self._fast(file, wanted, odd)
            while True:
                try:
                    batch = next(fast, None)
                except self._arrow.ArrowException:
                    # Its words quote the row: they are dropped here, and nothing is raised from it.
                    has_failed = True
                    break
                if batch is not None:
                    yield batch
                if odd.rows:
                    yield from self._batches_of(odd.rows, wanted)
                    self.notes.add("ragged", _RAGGED, len(odd.rows))
                done += (batch.num_rows if batch is not None else 0) + odd.count
                odd.clear()
                if batch is None:
                    break
        if has_failed:
            yield from self._loose(span, wanted, done)

    def _fast(self, file: BinaryIO, wanted: Sequence[str], odd: _Odd) -> Iterator[Any]:
        first = file.read(1)
        if not first:
            return
        options = self._csv.ReadOptions(
            use_threads=False, block_size=self.limits.batch_bytes, column_names=list(self._names)
        )
        parse = self._csv.ParseOptions(
            delimiter=self._layout.delimiter,
            newlines_in_values=True,
            invalid_row_handler=odd,
            ignore_empty_lines=True,
        )
        # Never as dictionaries: telling cells apart afterwards takes half of the time.
        types = dict.fromkeys(self._names, self._arrow.binary())
        convert = self._csv.ConvertOptions(column_types=types, include_columns=list(wanted), check_utf8=False)
        source = self._arrow.PythonFile(_Before(first, file), mode="r")
        yield from self._csv.open_csv(source, options, parse, convert)

    def _loose(self, span: Span, wanted: Sequence[str], done: int) -> Iterator[pa.RecordBatch]:
        """Read a range row by row, without the first ``done`` rows."""
        self.notes.add("loose", _LOOSE)
        held: list[Cells] = []
        size = 0
        newline = b"\r" if "\n" not in self._text.head and "\r" in self._text.head else b"\n"
        with self._text.open(*span) as file:
            rows = loose_rows(file, self._layout.delimiter, self.limits.row_bytes, newline)
            for number, (row, is_piece) in enumerate(rows):
                if number < done:
                    continue
                self.notes.add("cut", _PIECES, int(is_piece))
                self.notes.add("ragged", _RAGGED, int(len(row) != len(self._names) and not is_piece))
                held.append(row)
                size += sum(len(cell) for cell in row if cell) + 8 * len(wanted)
                if len(held) >= self.limits.batch_rows or size >= self.limits.batch_bytes:
                    yield batch_of(held, self._names, wanted, self._arrow)
                    held, size = [], 0
        yield batch_of(held, self._names, wanted, self._arrow)

    def _batches_of(self, rows: list[Cells], wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        each = max(1, self.limits.batch_bytes // (8 * len(wanted)))
        for start in range(0, len(rows), each):
            yield batch_of(rows[start : start + each], self._names, wanted, self._arrow)

    def _fits(self, window: bytes) -> bool:
        """Return whether rows of the table begin here: the next ones are as wide as it is."""
        width = len(self._names)
        if width < 2:
            return True
        text = io.StringIO(window[:_FITS_BYTES].decode("latin-1"), newline="")
        widths: list[int] = []
        try:
            for row in csv.reader(text, delimiter=self._layout.delimiter):
                widths.append(len(row))
                if len(widths) > _FITS_ROWS:
                    break
        except csv.Error:
            pass
        whole = widths[:-1]
        return bool(whole) and whole[0] == width and whole.count(width) >= _FITS_SHARE * len(whole)


class _Before(io.RawIOBase):
    """A file again, of which the first byte was looked at."""

    def __init__(self, first: bytes, file: BinaryIO) -> None:
        self._first, self._file = first, file

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        first, self._first = self._first, b""
        return first + self._file.read(size - len(first)) if first else self._file.read(size)


def _columns(layout: Layout) -> tuple[tuple[str, ...], tuple[TextColumn, ...]]:
    if layout.header is None:
        return (), ()
    header = layout.header
    names = unique_names([*header.names, *([""] * (layout.width - len(header.names)))])
    return names, tuple(
        TextColumn(name, "", textual=True, locator=f"row:{header.number} col:{number}")
        for number, name in enumerate(names, start=1)
    )


def _span(key: str) -> Span:
    start, _, end = key.removeprefix("bytes:").partition("-")
    return int(start), int(end)
