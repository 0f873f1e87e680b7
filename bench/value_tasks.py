"""One measured task in a process of its own: ``python -m bench.value_tasks NAME OPTIONS-AS-JSON``.

Prints one line of JSON: seconds of the clock and of the processor, bytes of text, cells in which something was found, the most memory that
the process held; or ``missing`` and why. Importing, compiling rules and opening are not timed. With
``cores`` in the options the process keeps to so many.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

NOTES = ("case_notes", "notas", "remarks", "ocr_text")


class MissingError(Exception):
    """A piece that is measured is not there."""


class Clock:
    """Takes the time of what stands in its block: of the clock, and of this process."""

    def __enter__(self) -> Self:
        """Begin."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.times = {"seconds": time.perf_counter() - self._wall, "cpu": time.process_time() - self._cpu}


def main() -> int:
    """Run the named task."""
    name, options = sys.argv[1], json.loads(sys.argv[2])
    cores = sorted(os.sched_getaffinity(0))[: options.pop("cores", 1)]
    os.sched_setaffinity(0, cores)
    try:
        result = TASKS[name](**options)
    except (MissingError, ImportError) as why:
        result = {"missing": str(why)}
    print(json.dumps({**result, "memory": most_memory()}))
    return 0


def most_memory() -> int:
    """Return the most bytes that this process held."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


# ---- what is read


def parquet(path: str, groups: Iterable[int] | None = None) -> Iterator[Any]:
    """Give the text columns of each row group, with one thread."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, memory_map=True)
    names = text_names(file.schema_arrow)
    for group in range(file.num_row_groups) if groups is None else groups:
        yield from file.read_row_group(group, columns=names, use_threads=False).to_batches()


def csv(path: str) -> Iterator[Any]:
    """Give all columns of a CSV file, for each is text there, block by block, with one thread."""
    import pyarrow as pa
    import pyarrow.csv as pc

    from bench.city_rows import City

    kinds = dict.fromkeys(City(1).headings, pa.string())
    convert = pc.ConvertOptions(column_types=kinds, strings_can_be_null=True)
    reading = pc.ReadOptions(use_threads=False, block_size=8 << 20)
    parsing = pc.ParseOptions(newlines_in_values=True)
    with pc.open_csv(path, reading, parsing, convert) as reader:
        yield from reader


def postgres(address: str, table: str = "city") -> Iterator[Any]:
    """Give the text columns of a table over ADBC, which copies in binary."""
    import adbc_driver_postgresql.dbapi as adbc

    from bench.city_rows import TEXT_NAMES

    with adbc.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(TEXT_NAMES)} FROM {table}")
        yield from cursor.fetch_record_batch()


def text_names(schema: Any) -> list[str]:
    """Return the columns that hold text."""
    return [field.name for field in schema if str(field.type) in {"string", "large_string", "string_view"}]


READERS: dict[str, Callable[..., Iterator[Any]]] = {"parquet": parquet, "csv": csv, "postgres": postgres}


# ---- what is done with it


def look(names: Iterable[str], engine: str = "kernel") -> Callable[[Any], int]:
    """Return what counts the cells of a batch in which something is found."""
    from bench.value_quality import carried
    from curtilage.detection.values.count import count_batch
    from curtilage.detection.values.scanner import Scanner, shipped_scanner

    scanner = shipped_scanner()
    if engine == "reference":
        scanner = Scanner(scanner.rules, engine="reference")
    if scanner.engine != engine:
        raise MissingError(scanner.why)
    names = tuple(names)
    groups = dict(zip(names, carried(names, scanner.rules), strict=True))

    def count(batch: Any) -> int:
        counted = count_batch(batch, groups, scanner)
        rules, cells = (counted.column(name).to_pylist() for name in ("rule", "cells"))
        return sum(n for rule, n in zip(rules, cells, strict=True) if rule and not rule.startswith("="))

    return count


def read(source: str, **where: Any) -> dict[str, Any]:
    """Only read."""
    reader = READERS[source](**where)
    _warm(source, where)
    with Clock() as clock:
        rows = sum(batch.num_rows for batch in reader)
    return {**clock.times, "rows": rows}


def complete(source: str, **where: Any) -> dict[str, Any]:
    """Read, and look at every cell of every text column."""
    count = look(_names(source, where))
    _warm(source, where)
    reader = READERS[source](**where)
    with Clock() as clock:
        found = sum(count(batch) for batch in reader)
    return {**clock.times, "found": found}


def both(path: str) -> dict[str, Any]:
    """Look at every cell of a Parquet file in two processes, each with half of the row groups."""
    import pyarrow.parquet as pq

    count = pq.ParquetFile(path).num_row_groups
    _warm("parquet", {"path": path})
    context = get_context("fork")
    ready, start, done = context.Semaphore(0), context.Event(), context.Queue()
    halves = [range(first, count, 2) for first in (0, 1)]
    workers = [context.Process(target=_half, args=(path, half, ready, start, done)) for half in halves]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    with Clock() as clock:
        start.set()
        found = [done.get() for _ in workers]
    for worker in workers:
        worker.join()
    if any(isinstance(one, str) for one in found):
        raise MissingError(next(one for one in found if isinstance(one, str)))
    return {**clock.times, "found": sum(found)}


def _half(path: str, groups: range, ready: Any, start: Any, done: Any) -> None:
    try:
        count = look(_names("parquet", {"path": path}))
    except MissingError as why:
        ready.release()
        done.put(str(why))
        return
    ready.release()
    start.wait()
    done.put(sum(count(batch) for batch in parquet(path, groups)))


def planned(source: str, **where: Any) -> dict[str, Any]:
    """Plan from a sample, then look as the plan says: what ``survey`` does, in one process, start-up apart."""
    from bench.value_survey import place as locate
    from bench.value_survey import tools
    from curtilage.survey.values.task import Bench

    place, named = locate(source, where)
    bench = Bench(tools())
    _warm(source, where)
    with Clock() as clock:
        found = _plan_and_count(place, named, bench)
    return {**clock.times, "found": found}


def _plan_and_count(place: Any, named: Any, bench: Any) -> int:
    from curtilage.survey.values.nouns import Task
    from curtilage.survey.values.task import count_part, plan_source

    plan = plan_source(Task(place, named=named), bench)
    if plan.problem[0]:
        raise MissingError(f"the plan failed: {plan.problem[1]}")
    table, found = plan.tables[0], 0
    for part in table.parts:
        task = Task(
            place, part=part, columns=table.read(), distinct=table.distinct(), carried=table.carried()
        )
        counted = count_part(task, bench)
        if counted.problem[0]:
            raise MissingError(f"a part failed: {counted.problem[1]}")
        found += sum(
            n for hits in counted.hits.values() for rule, n in hits.items() if not rule.startswith("=")
        )
    return found


def pooled(source: str, jobs: int, **where: Any) -> dict[str, Any]:
    """Plan and look with the survey's own processes; their start is part of it."""
    from bench.value_survey import in_processes

    _warm(source, where)
    with Clock() as clock:
        found = in_processes(source, where, jobs)
    return {**clock.times, "found": found}


def hashing(processes: int) -> dict[str, Any]:
    """Take the hash of 3 GB in so many processes that share nothing: what more cores can give here at best."""
    context = get_context("fork")
    workers = [context.Process(target=_hash, args=(3000 // processes,)) for _ in range(processes)]
    with Clock() as clock:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return dict(clock.times)


def _hash(megabytes: int) -> None:
    import hashlib

    block, digest = bytes(1_000_000), hashlib.sha256()
    for _ in range(megabytes):
        digest.update(block)


def notes(path: str, engine: str, megabytes: float) -> dict[str, Any]:
    """Look at free text alone, which is in memory already."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bench.city_rows import text_size

    file = pq.ParquetFile(path, memory_map=True)
    batches, size = [], 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=list(NOTES), use_threads=False)
        for batch in table.to_batches(max_chunksize=1000):
            batches.append(batch)
            size += text_size(batch)
            if size > megabytes * 1e6:
                break
        if size > megabytes * 1e6:
            break
    batches = pa.Table.from_batches(batches).combine_chunks().to_batches(max_chunksize=65_536)
    count = look(NOTES, engine)
    count(batches[0].slice(0, 10))
    with Clock() as clock:
        found = sum(count(batch) for batch in batches)
    return {**clock.times, "bytes": size, "found": found}


def _names(source: str, where: dict[str, Any]) -> list[str]:
    if source == "parquet":
        import pyarrow.parquet as pq

        return text_names(pq.read_schema(where["path"]))
    from bench.city_rows import TEXT_NAMES, City

    return list(City(1).headings if source == "csv" else TEXT_NAMES)


def _warm(source: str, where: dict[str, Any]) -> None:
    """Have the file in memory, so that no task pays for the disk."""
    if source in {"parquet", "csv"}:
        with Path(where["path"]).open("rb") as file:
            while file.read(1 << 24):
                pass


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "read": read,
    "complete": complete,
    "planned": planned,
    "both": both,
    "pooled": pooled,
    "hashing": hashing,
    "notes": notes,
}

if __name__ == "__main__":
    sys.exit(main())
