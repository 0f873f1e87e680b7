"""CSV that does not follow CSV, row by row: nothing of it is lost.

The fast reader refuses a file where a row is larger than its block or a quote is never closed; such a
part is read here instead, about ten times slower. A quote that is never closed ends with its line. A
row that is too long comes in pieces, each in the columns that it has reached.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final

from curtilage.connectors.content.ranges import lines_of

#: What Python's own reader takes for one cell; a longer row is cut at its delimiters alone.
_LONGEST_QUOTED: Final = 128 * 2**10
_QUOTE: Final = b'"'

Cells = list[bytes | None]


def loose_rows(
    file: BinaryIO, delimiter: str, longest: int, newline: bytes = b"\n"
) -> Iterator[tuple[Cells, bool]]:
    """Give the rows of a CSV file that are not empty, and whether one is only a piece of a row.

    Args:
        file: UTF-8, from the beginning of a row.
        delimiter: One character.
        longest: A longer row comes in pieces.
        newline: What ends a line.
    """
    held: list[bytes] = []
    size = reached = 0
    is_open = False
    for line, is_cut in lines_of(file, longest, newline):
        if is_cut or reached:
            cells = _split(line, delimiter)
            yield [*([None] * reached), *cells], is_cut
            reached = reached + len(cells) - 1 if is_cut else 0
            continue
        held.append(line)
        size += len(line)
        is_open ^= line.count(_QUOTE) % 2 == 1
        if not is_open:
            yield from ((row, False) for row in _parse(held, delimiter))
        elif size <= _LONGEST_QUOTED:
            continue
        else:
            yield from ((row, False) for each in held if (row := _split(each, delimiter)))
        held, size, is_open = [], 0, False
    yield from ((row, False) for each in held if (row := _split(each, delimiter)))


def parse_rows(text: str, delimiter: str) -> list[Cells]:
    """Return the cells of one row as well as it can be read; of one whose quote is never closed, line by line."""
    lines = text.encode("utf-8", "replace").split(b"\n")
    if text.count('"') % 2:
        return [row for line in lines if (row := _split(line.removesuffix(b"\r"), delimiter))]
    return _parse(lines, delimiter)


def _parse(lines: Sequence[bytes], delimiter: str) -> list[Cells]:
    # Latin-1 gives each byte a character and back, so bytes that are no UTF-8 pass through.
    text = b"\n".join(lines).decode("latin-1")
    if '"' in text:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            return [[cell.encode("latin-1") for cell in row] for row in rows if row]
        except csv.Error:
            pass
    return [row for line in lines if (row := _split(line, delimiter))]


def _split(line: bytes, delimiter: str) -> Cells:
    return [cell.strip(_QUOTE) for cell in line.split(delimiter.encode())] if line.strip(b"\r\n") else []


def batch_of(rows: Iterable[Cells], names: Sequence[str], wanted: Sequence[str], arrow: Any) -> Any:
    """Return rows as a record batch of bytes; cells beyond the last column stand in the last one wanted.

    Args:
        rows: Cells by position; shorter and longer ones than ``names``.
        names: The columns by position.
        wanted: Which of them, in their order.
        arrow: pyarrow.
    """
    width = len(names)
    places = [names.index(name) for name in wanted]
    columns: list[Cells] = [[] for _ in wanted]
    for row in rows:
        for column, place in zip(columns, places, strict=True):
            column.append(row[place] if place < len(row) else None)
        if len(row) > width and columns:
            beyond = [cell for cell in row[width:] if cell]
            columns[-1][-1] = b"\n".join([columns[-1][-1] or b"", *beyond]).removeprefix(b"\n")
    arrays = [arrow.array(column, arrow.large_binary()) for column in columns]
    return arrow.RecordBatch.from_arrays(arrays, names=list(wanted))
