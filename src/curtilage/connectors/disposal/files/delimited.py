"""CSV and its kin, written anew so that every row that stays keeps its very bytes.

A row that has more or fewer cells than the header is no row that can be decided: all its cells are unknown,
so it stays. What does not follow CSV to its end (a quote that is never closed) is refused as a whole, for
one row could then hide a thousand.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from curtilage.connectors.disposal.files.tables import MisfitFileError, flush
from curtilage.connectors.reading.office.delimited import SUFFIXES, Layout, lay_out

__all__ = ["SUFFIXES", "DelimitedTable"]

_BEGINNING: Final = 256 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class DelimitedTable:
    """One file of CSV."""

    def __init__(self, path: Path) -> None:
        """Look at its beginning.

        Raises:
            MisfitFileError: It has no header, so no condition can name a column.
        """
        self._path = path
        self._mark, self._encoding = _encoding_of(path)
        with path.open("rb") as file:
            file.seek(len(self._mark))
            text = file.read(_BEGINNING).decode(self._encoding, "ignore")
        self._layout: Layout = lay_out(text, SUFFIXES.get(path.suffix.lower().removeprefix("."), ","))
        if self._layout.header is None or not self._layout.header.is_header:
            raise MisfitFileError("it has no row of column names")
        self.columns = self._layout.header.names

    def rows(self) -> Iterator[Sequence[object]]:
        """Give the rows; see :class:`FileTable`."""
        for _, cells in self._records():
            yield cells

    def write_without(self, gone: Collection[int], out: Path) -> None:
        """Write it without some rows; see :class:`FileTable`."""
        with out.open("wb") as file:
            file.write(self._mark)
            file.write(self._before().encode(self._encoding))
            for number, (text, _) in enumerate(self._records()):
                if number not in gone:
                    file.write(text.encode(self._encoding))
            flush(file)

    def _before(self) -> str:
        with self._open() as lines:
            return lines.read(self._layout.skipped)

    def _records(self) -> Iterator[tuple[str, Sequence[object]]]:
        """Give each row as it is written, and its cells."""
        taken: list[str] = []
        width = len(self.columns)
        with self._open() as lines:
            lines.read(self._layout.skipped)

            def counted() -> Iterator[str]:
                for line in lines:
                    taken.append(line)
                    yield line

            reader = csv.reader(counted(), delimiter=self._layout.delimiter, strict=True)
            try:
                for cells in reader:
                    text = "".join(taken)
                    taken.clear()
                    fits = len(cells) >= width and not any(cells[width:])
                    yield text, cells[:width] if fits else [None] * width
            except (csv.Error, UnicodeDecodeError) as error:
                raise MisfitFileError("it does not follow its format to its end") from error

    def _open(self) -> TextIOWrapper:
        file = self._path.open(encoding=self._encoding, newline="")
        if self._mark:
            file.read(1)
        return file


def _encoding_of(path: Path) -> tuple[bytes, str]:
    """Return the mark that a file begins with, and how it is encoded.

    What is not UTF-8 is read byte by byte: it is written again as it was, whatever it means.
    """
    with path.open("rb") as file:
        head = file.read(3)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return mark, encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return b"", "latin-1"
    return b"", "utf-8"
