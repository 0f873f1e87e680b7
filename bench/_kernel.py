"""How fast the kernel looks through each column of the made-up city, alone: `python -m bench._kernel [COLUMN ...]`.

Processor time of this thread, the best of five; the machine's load shows all the same, so compare
columns and versions of one hour only.
"""

import sys
import time

import pyarrow as pa
import pyarrow.compute as pc

from bench.city_rows import City
from bench.value_quality import carried
from curtilage.detection.values.scanner import shipped_scanner

ROWS = 100_000


def main(wanted: list[str]) -> None:
    """Print nanoseconds a cell and MB a second by column."""
    scanner = shipped_scanner()
    table = pa.Table.from_batches([block.table for block in City(ROWS, 2017).blocks()]).combine_chunks()
    names = tuple(
        name for name, kind in zip(table.schema.names, table.schema.types, strict=True) if kind == pa.string()
    )
    total = size = 0.0
    for name, groups in zip(names, carried(names, scanner.rules), strict=True):
        if wanted and name not in wanted:
            continue
        column = table.column(name).chunk(0)
        spent = min(
            _timed(lambda column=column, groups=groups: scanner.scan_array(column, groups)) for _ in range(5)
        )
        held = pc.sum(pc.binary_length(column)).as_py() or 0
        total, size = total + spent, size + held
        print(f"{name:20} {spent / ROWS * 1e9:8.1f} ns a cell {held / spent / 1e6:8.0f} MB/s")
    print(
        f"{'together':20} {total / ROWS * 2e6:8.2f} s for 2 million rows {size / total / 1e6:8.0f} MB/s, {scanner.engine}"
    )


def _timed(run) -> float:
    begun = time.thread_time()
    run()
    return time.thread_time() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
