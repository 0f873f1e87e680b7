"""From a record batch to counts: a pure function, the same in a process, a pool and on Spark.

No value leaves it, only in how many cells of which column which rule counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from curtilage.detection.values.scanner import NotTextError, Scanner

if TYPE_CHECKING:
    import pyarrow as pa


def count_batch(
    batch: pa.RecordBatch, carried: Mapping[str, frozenset[str]], scanner: Scanner
) -> pa.RecordBatch:
    """Return the counts of a batch: ``place`` (a column's name), ``rule`` (its id), ``cells``.

    Besides its rules, each column that was looked through has a row with an empty rule: cells that
    are not null. For each category there is a row with ``=`` before its id: cells in which any of its
    rules counts. A column that holds no text has no row.

    Args:
        batch: Columns of any types.
        carried: Context groups that a column's name speaks of, by its name; none where it is not there.
        scanner: Holds the rules.
    """
    import pyarrow as pa

    rows = list(_list_counts(batch, carried, scanner))
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row[at] for row in rows], kind)
            for at, kind in enumerate((pa.string(), pa.string(), pa.int64()))
        ],
        names=["place", "rule", "cells"],
    )


def _list_counts(
    batch: pa.RecordBatch, carried: Mapping[str, frozenset[str]], scanner: Scanner
) -> Iterator[tuple[str, str, int]]:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            counts = scanner.scan_array(column, carried.get(name, frozenset()))
        except NotTextError:
            continue
        yield name, "", counts.cells
        yield from ((name, rule, cells) for rule, cells in counts.rules.items())
        yield from ((name, f"={category}", cells) for category, cells in counts.categories.items())
