"""Record batches: made from rows of text, cut to size, and given out at the pace that was asked for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.reading.optional import load_library

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST_NAP_SECONDS: Final = 0.25
_DICTIONARY_ROWS: Final = 4
"""How many times more rows a batch may have where cells come as dictionaries: they take a few bytes each."""


def load_arrow(source: str, module: str = "pyarrow") -> Any:
    """Return pyarrow, or a module of it.

    Raises:
        NotInstalledError: It is missing; says the one-line remedy.
    """
    return load_library(module, extra="tables", source=source)


def give_out(
    batches: Iterable[pa.RecordBatch], limits: ContentLimits, source: str
) -> Iterator[pa.RecordBatch]:
    """Give ``batches`` cut to size and at the pace of ``limits``; empty ones are left out.

    Raises:
        StoppedError: ``limits.stopped`` said so.
    """
    started, rows, size = time.monotonic(), 0, 0
    check_stop(limits, source)
    for batch in batches:
        for piece in cut(batch, limits):
            check_stop(limits, source)
            yield piece
            rows, size = rows + piece.num_rows, size + (piece.nbytes if limits.bytes_per_second else 0)
            due = max(
                size / limits.bytes_per_second if limits.bytes_per_second else 0.0,
                rows / limits.rows_per_second if limits.rows_per_second else 0.0,
            )
            _wait_until(started + due, limits, source)


def check_stop(limits: ContentLimits, source: str) -> None:
    """Stop where somebody asked for it.

    Raises:
        StoppedError: ``limits.stopped`` said so.
    """
    if limits.stopped():
        raise StoppedError(source=source)


def _wait_until(moment: float, limits: ContentLimits, source: str) -> None:
    while (left := moment - time.monotonic()) > 0:
        check_stop(limits, source)
        time.sleep(min(left, _LONGEST_NAP_SECONDS))


def cut(batch: pa.RecordBatch, limits: ContentLimits) -> Iterator[pa.RecordBatch]:
    """Give ``batch`` in slices of at most ``batch_rows`` rows and about ``batch_bytes`` bytes; nothing is copied."""
    if not batch.num_rows:
        return
    if any(hasattr(kind, "index_type") for kind in batch.schema.types):
        yield from _cut_rarely(batch, limits.batch_rows * _DICTIONARY_ROWS)
        return
    each = max(1, min(limits.batch_rows, batch.num_rows * limits.batch_bytes // max(1, batch.nbytes)))
    for start in range(0, batch.num_rows, each):
        piece = batch.slice(start, each) if each < batch.num_rows else batch
        # Rows are of unequal length: a slice may hold the long ones.
        if piece.num_rows > 1 and each < batch.num_rows and piece.nbytes > 2 * limits.batch_bytes:
            yield from cut(piece, limits)
        else:
            yield piece


def _cut_rarely(batch: pa.RecordBatch, rows: int) -> Iterator[pa.RecordBatch]:
    """Give a batch with dictionaries in slices of many rows: each holds all of them, and they are looked at again."""
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def one_batch(batches: Sequence[pa.RecordBatch], rows: int, arrow: Any) -> pa.RecordBatch:
    """Return ``batches`` as one of at most ``rows`` rows; columns that only some of them have are null elsewhere."""
    if not batches:
        return arrow.RecordBatch.from_pydict({})
    table = arrow.concat_tables(
        [arrow.Table.from_batches([batch]) for batch in batches], promote_options="permissive"
    ).slice(0, rows)
    columns = [
        column.chunk(0) if column.num_chunks == 1 else _joined(column, arrow) for column in table.columns
    ]
    return arrow.RecordBatch.from_arrays(columns, names=table.column_names)


def _joined(column: Any, arrow: Any) -> Any:
    return arrow.concat_arrays(column.chunks) if column.num_chunks else arrow.array([], column.type)


def texts_of(values: Sequence[str | None], arrow: Any) -> Any:
    """Return an array of texts; half a surrogate pair, which is no character, becomes a question mark."""
    try:
        return arrow.array(values, arrow.string())
    except UnicodeEncodeError:
        safe = [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
        return arrow.array(safe, arrow.string())


def from_rows(
    rows: Iterable[Mapping[str, str]], limits: ContentLimits, source: str
) -> Iterator[pa.RecordBatch]:
    """Give rows of texts as batches; each has the columns that come up in its rows, in their order.

    Args:
        rows: Column name to text; a column that a row does not have is null.
        limits: Bound a batch.
        source: For the message where pyarrow is missing.
    """
    arrow = load_arrow(source)
    held: list[Mapping[str, str]] = []
    names: dict[str, None] = {}
    size = 0
    for row in rows:
        held.append(row)
        names.update(dict.fromkeys(row))
        size += sum(map(len, row.values()))
        # A column that few rows have still costs a place in every row.
        if len(held) >= limits.batch_rows or size + 8 * len(held) * len(names) >= limits.batch_bytes:
            yield _batch(held, names, arrow)
            held, names, size = [], {}, 0
    if held:
        yield _batch(held, names, arrow)


def _batch(rows: Sequence[Mapping[str, str]], names: Iterable[str], arrow: Any) -> Any:
    columns = {name: texts_of([row.get(name) for row in rows], arrow) for name in names}
    return arrow.RecordBatch.from_pydict(columns)


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return names that differ: ``col:N`` for an empty one, ``NAME (2)`` for the second of a name.

    >>> unique_names(["phone", "", "phone", "phone (2)"])
    ('phone', 'col:2', 'phone (2)', 'phone (2) (2)')
    """
    taken: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        first = wanted = name or f"col:{number}"
        again = 1
        while wanted in taken:
            again += 1
            wanted = f"{first} ({again})"
        taken[wanted] = None
    return tuple(taken)
