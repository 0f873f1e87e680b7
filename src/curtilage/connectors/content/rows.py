"""What the content of every database has in common: bounded samples, and cells that were cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from curtilage.connectors.content.batches import load_arrow, one_batch

if TYPE_CHECKING:
    import pyarrow as pa


def as_sample(
    batches: Iterable[pa.RecordBatch], names: Sequence[str], *, rows: int, most_bytes: int, source: str
) -> pa.RecordBatch:
    """Return at most ``rows`` rows, evenly from all of ``batches``, of which no more than ``most_bytes`` are taken in.

    Args:
        batches: Asked for one after the other, and left early where they are too large.
        names: What the columns are called.
        rows: Wanted.
        most_bytes: What may be held.
        source: For the message where pyarrow is missing.
    """
    arrow = load_arrow(source)
    found, held, size = [], 0, 0
    for batch in batches:
        found.append(batch)
        held, size = held + batch.num_rows, size + batch.nbytes
        if size > most_bytes:
            break
    if not held:
        return arrow.RecordBatch.from_pydict({name: arrow.array([], "string") for name in names})
    whole = one_batch(found, held, arrow)
    if whole.num_rows > rows:
        whole = whole.take(arrow.array([number * whole.num_rows // rows for number in range(rows)], "int64"))
    return arrow.RecordBatch.from_arrays(whole.columns, names=list(names))


def find_cut(batch: pa.RecordBatch, cut: int, source: str) -> set[int]:
    """Return the numbers of the columns with a cell of at least ``cut`` bytes, which may have been cut there."""
    long = [number for number, cells in enumerate(batch.columns) if cells.nbytes >= cut]
    if not long:
        return set()
    compute = load_arrow(source, "pyarrow.compute")
    lengths = {number: compute.max(compute.binary_length(batch.column(number))).as_py() for number in long}
    return {number for number, longest in lengths.items() if (longest or 0) >= cut}


def say_cut(name: str, cut: int) -> str:
    """Return what is told of a column whose long cells were read in pieces."""
    return f"{name}: cells of more than {cut} characters were read in pieces; each piece counts as a cell."
