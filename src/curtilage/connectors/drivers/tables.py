"""CSV, TSV and Excel tables: the header of data, the rows of a data dictionary or of translations.

``row:1 col:N`` for a column, ``row:N`` for a row of a dictionary, ``row:N col:en`` for a wording;
in a workbook ``SHEET!`` stands in front. Rows of data are looked at to tell what a table is, never kept.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.bounds import Deadline, within_limits
from curtilage.connectors.reading.office.delimited import SUFFIXES, sniff_delimiter
from curtilage.connectors.reading.office.dictionary import Numbered, Table
from curtilage.connectors.reading.office.sheets import is_workbook, open_workbook
from curtilage.connectors.reading.office.tabular import read_table
from curtilage.connectors.reading.text import decode
from curtilage.foundation.place import Place


class CsvReader:
    """Reads CSV and its kin."""

    name = "csv"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is, by the suffix and by not being binary."""
        if document.suffix not in SUFFIXES:
            return 0.0
        head = document.head()
        is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        return 0.7 if is_wide or b"\0" not in head else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns of a table of data, else the rows that describe fields or wordings.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text, or no table.
        """
        rows = _csv_rows(decode(document), document)
        yield from within_limits(read_table(Table(document.source), rows), document)


class WorkbookReader:
    """Reads Excel workbooks that are no XLSForm, each sheet as a table."""

    name = "excel"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return how sure it is that this is a workbook; a format that lives in one is surer."""
        return 0.6 if is_workbook(document) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns, or described fields, of each sheet, in the order of the tabs.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: A library that it needs is missing.
            UnreadableError: The workbook is damaged or locked.
        """
        places = (
            read_table(Table(document.source, f"{sheet.name}!", sheet.name), sheet.rows())
            for sheet in open_workbook(document)
        )
        yield from within_limits(itertools.chain.from_iterable(places), document)


def _csv_rows(text: str, document: Document) -> Iterator[Numbered]:
    delimiter = sniff_delimiter(text, SUFFIXES.get(document.suffix, ","))
    deadline = Deadline(document)
    for number, cells in enumerate(_parse(text, delimiter, document), start=1):
        deadline.check()
        row = {index: cell.strip() for index, cell in enumerate(cells) if cell.strip()}
        if row:
            yield number, row


def _parse(text: str, delimiter: str, document: Document) -> Iterator[list[str]]:
    try:
        yield from csv.reader(_lines(text, document), delimiter=delimiter)
    except csv.Error as error:
        # The library's own words may quote the file.
        raise UnreadableError(source=document.source, what="It does not follow CSV") from error


def _lines(text: str, document: Document) -> Iterator[str]:
    longest = document.limits.line_bytes
    stream = io.StringIO(text, newline="")
    for number in itertools.count(1):
        line = stream.readline(longest + 1)
        if len(line) > longest:
            what = f"A line is longer than {longest:,} bytes"
            raise LimitReachedError(source=document.source, what=what, line=number)
        if not line:
            return
        yield line
