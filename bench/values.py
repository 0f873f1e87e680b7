"""How fast cells are looked at, beside reading them: ratios of one run, medians with spread.

    python -m bench values                            2 million rows: about 15 minutes, 3 GB of disk
    python -m bench.values --rows 200000 --runs 3     about 2 minutes
    python -m bench.values --most 20000000            cost by rows up to 20 million: 20 minutes more, 12 GB
    python -m bench.values --spark                    one Spark worker against two

Each figure is taken in a process of its own that keeps to one core (two where it says so). The tasks that
are compared take turns, for the machine may be shared; a ratio is of two that ran one after the other. What
one process does alone is given in seconds of its core (CPU); what waits for others by the clock (wall).
The table is that of ``bench.city_rows``; it is written below ``.cache/city`` and removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.speed import machine

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
PATIENCE = 900
"""Seconds that one task may take."""
LIMITS = {"parquet": (1.8, 1.5), "csv": (1.7, 1.7), "postgres": (1.3, 1.3)}
"""What complete and planned detection may take, as a multiple of reading."""


@dataclass(frozen=True)
class Taken:
    """The figures of one task, run by run; ``time`` is which time is its own, ``cpu`` or ``seconds``."""

    name: str
    runs: list[dict] = field(default_factory=list)
    time: str = "cpu"

    @property
    def missing(self) -> str:
        """Why it was not measured; empty where it was."""
        return next((run["missing"] for run in self.runs if "missing" in run), "" if self.runs else "no run")

    def each(self, what: str) -> list[float]:
        """Return one figure of every run."""
        return [run[what] for run in self.runs]


def main() -> int:
    """Print the tables."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the tables are removed
    print(machine())
    print(f"Medians of {options.runs} runs that take turns, with the lowest and the highest.\n")
    with _folder() as folder:
        size = _make(options.rows, folder, csv="csv" in options.only or "postgres" in options.only)
        print(f"{options.rows:,} rows, 44 columns, {size / 1e6:,.0f} MB of text in 36 of them\n", flush=True)
        if "parquet" in options.only:
            _beside_reading("parquet", {"path": str(folder / "city.parquet")}, size, options.runs, two=True)
        if "csv" in options.only:
            _beside_reading("csv", {"path": str(folder / "city.csv")}, size, options.runs)
        if "notes" in options.only:
            _notes(folder / "city.parquet", options.runs)
        if "postgres" in options.only:
            _postgres(folder, size, options.runs)
        if "rows" in options.only:
            _by_rows(options)
        if options.spark:
            _spark()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = ("parquet", "csv", "notes", "postgres", "rows")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--most", type=int, default=2_000_000, help="rows of the largest table of cost by rows"
    )
    parser.add_argument("--only", nargs="+", default=parts, choices=parts)
    parser.add_argument("--spark", action="store_true")
    return parser.parse_args()


@contextmanager
def _folder() -> Iterator[Path]:
    CACHE.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="city-", dir=CACHE))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(rows: int, folder: Path, *, csv: bool = False) -> int:
    """Write a table in a process of its own; return its bytes of text."""
    order = (
        "import sys; from pathlib import Path; from bench.city_rows import City, write; "
        f"print(write(City({rows}), Path({str(folder)!r}), csv={csv}))"
    )
    done = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=True, cwd=ROOT)
    return int(done.stdout)


def take_turns(tasks: dict[str, tuple[str, dict]], runs: int, time: str = "cpu") -> dict[str, Taken]:
    """Run the tasks one after another, that many times."""
    taken = {name: Taken(name, time=time) for name in tasks}
    for _ in range(runs):
        for name, (task, options) in tasks.items():
            if not taken[name].runs or not taken[name].missing:
                taken[name].runs.append(run(task, options))
    return taken


def run(task: str, options: dict) -> dict:
    """Run one task in a process of its own."""
    command = [sys.executable, "-m", "bench.value_tasks", task, json.dumps(options)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {"missing": f"it took longer than {PATIENCE} s"}
    if done.returncode:
        print(done.stderr[-300:], file=sys.stderr)
        return {
            "missing": f"the task ended with status {done.returncode}: {done.stderr.strip().rpartition(chr(10))[2][:160]}"
        }
    return json.loads(done.stdout.splitlines()[-1])


def _beside_reading(source: str, where: dict, size: int, runs: int, *, two: bool = False) -> None:
    tasks = {
        "read": ("read", {"source": source, **where}),
        "complete": ("complete", {"source": source, **where}),
        "planned": ("planned", {"source": source, **where}),
    }
    if two:
        tasks["two cores"] = ("both", {**where, "cores": 2})
        for jobs in (1, 2):
            tasks[f"hashing {jobs}"] = ("hashing", {"processes": jobs, "cores": 2})
            tasks[f"survey {jobs}"] = ("pooled", {"source": source, **where, "jobs": jobs, "cores": 2})
    taken = take_turns(tasks, runs, "seconds" if source == "postgres" else "cpu")
    title = {
        "parquet": "Parquet, text columns",
        "csv": "CSV, all columns as text",
        "postgres": "PostgreSQL, text columns",
    }[source]
    show(f"{title} read into Arrow, one core", taken["read"], size)
    complete, plan = LIMITS[source]
    show("  every cell looked at", taken["complete"], size)
    ratio("    beside reading", taken["complete"], taken["read"], complete)
    show("  looked at as planned, plan included", taken["planned"], size)
    ratio("    beside reading", taken["planned"], taken["read"], plan)
    beyond(taken["complete"], taken["read"])
    beyond(taken["planned"], taken["read"], "planned, ")
    if two:
        one, both, alone, pair = (
            replace(taken[name], time="seconds") for name in ("complete", "two cores", "survey 1", "survey 2")
        )
        limit = [replace(taken[f"hashing {jobs}"], time="seconds") for jobs in (2, 1)]
        ratio("  the machine's limit: hashing on two cores, beside one", *limit, 0.5, "at best")
        show("  every cell looked at, two cores", both, size)
        ratio("    beside one core", both, one, 0.6)
        show("  the survey's own processes, two, with their start", pair, size)
        ratio("    beside one process", pair, alone, 0.6)
    print(flush=True)


def _notes(path: Path, runs: int) -> None:
    tasks = {
        engine: ("notes", {"path": str(path), "engine": engine, "megabytes": most})
        for engine, most in (("kernel", 200), ("reference", 2))
    }
    taken = take_turns(tasks, runs)
    for engine, least in (("kernel", 500), ("reference", 1)):
        one = taken[engine]
        if one.missing:
            print(f"{f'free text alone, one core, {engine}':52} not measured: {one.missing}")
            continue
        rates = [run["bytes"] / run["cpu"] / 1e6 for run in one.runs]
        print(
            f"{f'free text alone, one core, {engine}':52} {spread(rates, 'MB/s', 1)}  wanted at least {least}"
        )
    print(flush=True)


def _postgres(folder: Path, size: int, runs: int) -> None:
    try:
        import adbc_driver_postgresql  # noqa: F401 - whether it is there

        from tests.servers import run_postgresql
    except ImportError as missing:
        print(f"{'PostgreSQL':52} not measured: {missing}\n")
        return
    from bench.city_rows import load_postgres

    with run_postgresql() as server:
        address = server.url(database="postgres")
        load_postgres(address, folder)
        _beside_reading("postgres", {"address": address}, size, runs)


def _by_rows(options: argparse.Namespace) -> None:
    """Print the cost of tables of growing length, and by how much the cost of a row differs."""
    sizes = [rows for rows in (100_000, 500_000, 2_000_000, 5_000_000, 20_000_000) if rows <= options.most]
    print("cost by rows: every cell of a Parquet file, one core")
    costs, memory = [], []
    for rows in sizes:
        with _folder() as folder:
            size = _make(rows, folder)
            taken = take_turns(
                {"complete": ("complete", {"source": "parquet", "path": str(folder / "city.parquet")})}, 3
            )["complete"]
        if taken.missing:
            print(f"{f'  {rows:,} rows':52} not measured: {taken.missing}\n")
            return
        show(f"  {rows:,} rows", taken, size)
        costs.append(statistics.median(taken.each(taken.time)) / rows)
        memory.append(max(taken.each("memory")) / 2**20)
    if len(costs) > 1:
        print(
            f"  a row of the largest costs {costs[-1] / costs[0]:.2f} x a row of the smallest; memory {memory[0]:,.0f} and {memory[-1]:,.0f} MiB"
        )
    print(flush=True)


def _spark() -> None:
    """Print one Spark worker against two."""
    try:
        from bench import value_spark
    except ImportError:
        print(f"{'Spark, one worker against two':52} not measured: bench.value_spark is not there")
        return
    value_spark.main()


def show(what: str, taken: Taken, size: int) -> None:
    """Print seconds and MB of text a second."""
    if taken.missing:
        print(f"{what:52} not measured: {taken.missing}", flush=True)
        return
    seconds = taken.each("seconds")
    print(
        f"{what:52} {spread(seconds, 's', 2)}  {size / 1e6 / statistics.median(seconds):,.0f} MB/s",
        flush=True,
    )


def ratio(what: str, one: Taken, other: Taken, most: float, wanted: str = "wanted at most") -> None:
    """Print the ratio of two tasks that took turns."""
    if not (one.missing or other.missing):
        pairs = [a / b for a, b in zip(one.each(one.time), other.each(other.time), strict=True)]
        print(f"{what:52} {spread(pairs, 'x', 2)}  {wanted} {most}", flush=True)


def beyond(one: Taken, other: Taken, which: str = "") -> None:
    """Print the memory of a task beyond that of the reader."""
    if not (one.missing or other.missing):
        more = [(a - b) / 2**20 for a, b in zip(one.each("memory"), other.each("memory"), strict=True)]
        print(
            f"{f'    {which}memory beyond the reader':52} {spread(more, 'MiB', 0)}  wanted under 600",
            flush=True,
        )


def spread(values: list[float], unit: str, digits: int) -> str:
    """Return the median with the lowest and the highest."""
    middle, least, most = (
        f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return f"{middle:>9} {unit}  ({least} to {most})"


if __name__ == "__main__":
    sys.exit(main())
