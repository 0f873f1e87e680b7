"""The values of JSON and lines of JSON: a record a row, nested keys as dotted paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from curtilage.connectors.content.base import WHOLE, FileContent
from curtilage.connectors.content.batches import from_rows, load_arrow, one_batch
from curtilage.connectors.content.files import Stored, suffix_of
from curtilage.connectors.content.json_stream import BrokenJsonError, TooLargeError, stream_records
from curtilage.connectors.content.ports import ContentLimits, Part, Table, TextColumn
from curtilage.connectors.content.ranges import TextFile, lines_of
from curtilage.connectors.content.records import LONE, Flattener

if TYPE_CHECKING:
    import pyarrow as pa

_LINES: Final = frozenset({"jsonl", "ndjson", "jsonlines", "ldjson"})
_SUFFIXES: Final = _LINES | {"json", "geojson"}
_SAMPLED_RECORDS: Final = 1000
_LEAST_BYTES: Final = 64 * 2**10
_BROKEN_LINES: Final = "{} × a line that does not follow JSON; it was read as plain text."
_BROKEN: Final = "It does not follow JSON from some place on; what stands before was read."
_TOO_LARGE: Final = "A record is too large to be held; what stands before was read."
_TOO_DEEP: Final = "{} × a record that is nested too deeply; in a file of lines it was read as plain text."
_NUMBERS_AS_WRITTEN: Final = json.JSONDecoder(
    strict=False, parse_int=str, parse_float=str, parse_constant=str
)


class JsonContentReader:
    """Opens JSON and lines of JSON."""

    name = "json"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the suffix."""
        return 0.6 if suffix_of(stored.source) in _SUFFIXES else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> JsonContent:
        """Return its content.

        Raises:
            SourceError: It cannot be read.
        """
        return JsonContent(stored, limits)


class JsonContent(FileContent):
    """One table of records."""

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Look at the beginning; see :class:`JsonContentReader`."""
        super().__init__(stored, limits)
        self._text = TextFile(stored)
        self._is_lines = suffix_of(stored.source) in _LINES or _has_records_as_lines(self._text.head)
        self._flat = Flattener(deepest=limits.depth, widest=limits.columns)

    def tables(self) -> tuple[Table, ...]:
        """Return the one table, with the columns of its first records."""
        whole = Part(self.source, "", WHOLE, 0, 0, "")
        with self.notes.unheard():
            first = list(islice(self._rows(whole), _SAMPLED_RECORDS))
        names = dict.fromkeys(name for row in first for name in row)
        columns = tuple(TextColumn(name, "", textual=True) for name in names)
        lines = self._text.head.count("\n") if self._is_lines else 0
        rows = self.stored.size * lines // max(1, len(self._text.head))
        return (Table("", columns, rows, self.stored.size),) if columns else ()

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of lines; one part where the file is one value."""
        if not (self._is_lines and self._text.can_split):
            return super().parts(table, wanted=wanted)
        size = max(1, self.stored.size)
        return tuple(
            self.part(table, f"bytes:{start}-{end}", table.rows * (end - start) // size, end - start)
            for start, end in self._text.split(self._text.begin, wanted, bool)
        )

    def spread(self, table: Table, rows: int) -> pa.RecordBatch:
        """Return records from eight places of a file of lines."""
        if not (self._is_lines and self._text.can_split):
            return super().spread(table, rows)
        average = self.stored.size // max(1, table.rows) + 1
        spans = self._text.places(self._text.begin, 2 * rows * average // 8 + _LEAST_BYTES, bool)
        parts = (self.part(table, f"bytes:{start}-{end}", 0, 0) for start, end in spans)
        taken = [row for part in parts for row in islice(self._rows(part), max(1, rows // len(spans)))]
        batches = list(from_rows(taken, self.limits, self.source))
        return one_batch(batches, rows, load_arrow(self.source))

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the records of a part; see the port."""
        rows = self._rows(part)
        if columns:
            rows = ({name: row[name] for name in columns if name in row} for row in rows)
        yield from from_rows(rows, self.limits, self.source)

    def _rows(self, part: Part) -> Iterator[dict[str, str]]:
        if self._is_lines:
            yield from self._rows_of_lines(part.key)
            return
        try:
            with self._text.open() as file:
                for key, record in stream_records(file, largest=self.limits.row_bytes):
                    yield self._flat.row(record, key)
        except BrokenJsonError:
            self.notes.add("unreadable", _BROKEN)
        except TooLargeError:
            self.notes.add("too-large", _TOO_LARGE)
        except RecursionError:
            self.notes.add("too-deep", _TOO_DEEP)

    def _rows_of_lines(self, key: str) -> Iterator[dict[str, str]]:
        start, _, end = key.removeprefix("bytes:").partition("-") if key != WHOLE else ("0", "", "-1")
        with self._text.open(int(start), int(end)) as file:
            for line, is_cut in lines_of(file, self.limits.row_bytes):
                if not line.strip():
                    continue
                text = line.decode("utf-8", "replace")
                try:
                    record = None if is_cut else _NUMBERS_AS_WRITTEN.decode(text)
                except RecursionError:
                    self.notes.add("too-deep", _TOO_DEEP)
                    record = None
                except ValueError:
                    self.notes.add("loose", _BROKEN_LINES)
                    record = None
                yield self._flat.row(record) if record is not None else {LONE: text}


def _has_records_as_lines(head: str) -> bool:
    """Return whether each of the first lines is an object by itself, whatever the file is called."""
    lines = [line for line in head.split("\n")[:-1] if line.strip()][:10]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False
