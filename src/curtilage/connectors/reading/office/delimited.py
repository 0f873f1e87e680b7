"""CSV and its kin: the delimiter, told from the first rows, and where the table begins.

What is read for its places and what is read for its cells goes through here, so that both call a
column the same.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.office.tabular import SAMPLED_ROWS, Header, find_header

#: Suffix and the delimiter that it promises.
SUFFIXES: Final = {"csv": ",", "tsv": "\t", "tab": "\t", "psv": "|"}
DELIMITERS: Final = (",", ";", "\t", "|", "^", "~")
_SNIFFED_CHARACTERS: Final = 64 * 1024
_SNIFFED_ROWS: Final = 20


def sniff_delimiter(text: str, usual: str) -> str:
    """Return the delimiter that cuts the first rows into the most columns, evenly.

    Args:
        text: The beginning of a table.
        usual: What it is where the rows do not tell.
    """
    lines = text[:_SNIFFED_CHARACTERS].splitlines()[:_SNIFFED_ROWS]

    def evenness(delimiter: str) -> tuple[float, int, bool]:
        counts = [len(cells) for cells in _try_csv(lines, delimiter) if cells]
        common = max(set(counts), key=counts.count, default=1)
        if common < 2:
            return 0.0, 0, delimiter == usual
        return counts.count(common) / len(counts), common, delimiter == usual

    weighed = {delimiter: evenness(delimiter) for delimiter in DELIMITERS}
    best = max(weighed, key=lambda delimiter: (weighed[delimiter][0] > 0.6, *weighed[delimiter]))
    return best if weighed[best][0] > 0 else usual


def _try_csv(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table of data in CSV begins.

    Attributes:
        delimiter: One character.
        header: Its row and names; None where the table is empty.
        width: Columns of the widest of the first rows.
        before: The rows above the header: titles, notes.
        skipped: How many characters stand before the first row of data.
    """

    delimiter: str
    header: Header | None
    width: int
    before: tuple[tuple[str, ...], ...]
    skipped: int


def lay_out(text: str, usual: str) -> Layout:
    """Return how the table that begins with ``text`` is laid out; its names are those of its places.

    Args:
        text: Its beginning, without a byte order mark; a last line that is not whole does no harm.
        usual: The delimiter where the rows do not tell.
    """
    delimiter = sniff_delimiter(text, usual)
    rows = list(_first_rows(text, delimiter))
    sample = [(number, filled) for number, _, cells in rows if (filled := _filled(cells))][:SAMPLED_ROWS]
    header = find_header(sample)
    width = max((len(cells) for _, _, cells in rows), default=0)
    if header is None or not header.is_header:
        return Layout(delimiter, header, width, (), 0)
    own = next((row for row in rows if row[0] == header.number), rows[0])
    before = tuple(tuple(cells) for number, _, cells in rows if number < header.number and _filled(cells))
    return Layout(delimiter, header, max(len(own[2]), len(header.names)), before, own[1])


def _first_rows(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Give number, end in characters and cells of the first rows, as far as they follow CSV."""
    ends = [0]
    lines = io.StringIO(text, newline="")

    def counted() -> Iterator[str]:
        for line in lines:
            ends.append(ends[-1] + len(line))
            yield line

    reader = csv.reader(counted(), delimiter=delimiter)
    found = 0
    for number in itertools.count(1):
        try:
            cells = next(reader, None)
        except csv.Error:
            return
        if cells is None or found > 2 * SAMPLED_ROWS:
            return
        found += bool(cells)
        yield number, ends[reader.line_num], cells


def _filled(cells: list[str]) -> dict[int, str]:
    return {index: cell.strip() for index, cell in enumerate(cells) if cell.strip()}
