"""Plain text: a paragraph a row, in logs and other lists a line a row; in any encoding and of any size.

* A line that ends within a sentence is joined with the next one, so that a phrase which was broken
  over two lines is still one.
* Markup stays in: it parts words as spaces do. Elements of XML and rows of an SQL dump are rows, though
  they stand on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from curtilage.connectors.content.base import WHOLE, FileContent
from curtilage.connectors.content.batches import load_arrow, one_batch
from curtilage.connectors.content.files import Stored, suffix_of
from curtilage.connectors.content.ports import PROSE_COLUMN, ContentLimits, Part, Table, TextColumn
from curtilage.connectors.content.ranges import TextFile, blocks_of
from curtilage.connectors.reading.encodings import guess_encoding

if TYPE_CHECKING:
    import pyarrow as pa

_PROSE: Final = frozenset({"txt", "text", "md", "markdown", "rst", "asc", "me", "adoc", "tex"})
_LINES: Final = frozenset(
    {"log", "out", "lst", "dat", "sql", "ini", "cfg", "conf", "vcf", "ics", "mbox", "ldif"}
)
_MARKED_UP: Final = frozenset(
    {"html", "htm", "xml", "xhtml", "rtf", "yml", "yaml", "toml", "properties", "srt", "vtt"}
)
#: What stands on one line in files that programs write, and is many rows.
_PARTED: Final = dict.fromkeys(("xml", "html", "htm", "xhtml"), ((b"><", b">\n<"),)) | {
    "sql": ((b"),(", b"),\n("), (b"), (", b"),\n("))
}
_LEAST_BYTES: Final = 64 * 2**10
_BLOCK_BYTES: Final = 4 * 2**20
_LONG_LINE: Final = "{} × a piece of a line that is too long; it was read by itself."
#: A line that ends in the middle of a sentence, and the next one that begins small. What a search can
#: jump to, the end of the line, stands first.
_WRAPPED: Final = re.compile(rb"\n(?<=[a-z,;\x80-\xff ]\n)(?=[a-z(\xc3\xe3-\xe9])")
_PRINTED: Final = re.compile(r"[^\x00-\x08\x0e-\x1f\ufffd]")


class TextContentReader:
    """Opens plain text."""

    name = "text"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the suffix; a little for whatever else is text."""
        if not _is_text(head):
            return 0.0
        suffix = suffix_of(stored.source)
        if suffix in _PROSE or suffix in _LINES:
            return 0.5
        return 0.2 if suffix in _MARKED_UP else 0.05

    def open(self, stored: Stored, limits: ContentLimits) -> TextContent:
        """Return its content.

        Raises:
            SourceError: It cannot be read.
        """
        return TextContent(stored, limits)


class TextContent(FileContent):
    """One column of paragraphs or lines."""

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Look at the beginning; see :class:`TextContentReader`."""
        super().__init__(stored, limits)
        self._arrow = load_arrow(self.source)
        self._text = TextFile(stored)
        self._is_prose = suffix_of(stored.source) not in _LINES
        self._parted = _PARTED.get(suffix_of(stored.source), ())

    def tables(self) -> tuple[Table, ...]:
        """Return the one table of prose."""
        lines = self._text.head.count("\n") + 1
        rows = self.stored.size * lines // max(1, len(self._text.head))
        return (Table("", (TextColumn(PROSE_COLUMN, "text", textual=True),), rows, self.stored.size),)

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of lines."""
        if not self._text.can_split:
            return super().parts(table, wanted=wanted)
        size = max(1, self.stored.size)
        return tuple(
            self.part(table, f"bytes:{start}-{end}", table.rows * (end - start) // size, end - start)
            for start, end in self._text.split(self._text.begin, wanted, bool)
        )

    def spread(self, table: Table, rows: int) -> pa.RecordBatch:
        """Return paragraphs from eight places of the file; from its beginning where it is packed."""
        if not self._text.can_split:
            return super().spread(table, rows)
        average = self.stored.size // max(1, table.rows) + 1
        spans = self._text.places(self._text.begin, 2 * rows * average // 8 + _LEAST_BYTES, bool)
        parts = (self.part(table, f"bytes:{start}-{end}", 0, 0) for start, end in spans)
        taken = [batch for part in parts for batch in self.batches(part, (), frozenset())]
        each = max(1, rows // max(1, len(taken)))
        return one_batch([batch.slice(0, each) for batch in taken], rows, self._arrow)

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the paragraphs of a range; see the port."""
        start, _, end = (
            part.key.removeprefix("bytes:").partition("-") if part.key != WHOLE else ("0", "", "-1")
        )
        with self._text.open(int(start), int(end)) as file:
            for rows in self._rows(file):
                column = self._arrow.array(rows, self._arrow.large_binary())
                yield self._arrow.RecordBatch.from_arrays([column], names=[PROSE_COLUMN])

    def _rows(self, file: BinaryIO) -> Iterator[list[bytes]]:
        """Give lines, joined where a sentence goes on, many at a time."""
        for block, is_cut in blocks_of(file, _BLOCK_BYTES, self.limits.row_bytes):
            self.notes.add("cut", _LONG_LINE, int(is_cut))
            lines = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in block else block
            for joined, parted in self._parted:
                lines = lines.replace(joined, parted)
            if self._is_prose:
                lines = _WRAPPED.sub(b" ", lines)
            yield [line for line in lines.split(b"\n") if line and not line.isspace()]


def _is_text(head: bytes) -> bool:
    """Return whether the beginning of a file is text in some encoding: nothing in it that is never printed."""
    encoding = guess_encoding(head)
    text: Any = head.decode(encoding, "replace")
    return len(_PRINTED.findall(text)) >= 0.99 * len(text)
