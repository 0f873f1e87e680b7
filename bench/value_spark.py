"""One worker of Apache Spark against two, on a cluster of this machine that has started up.

    python -m bench.value_spark --rows 2000000         half a minute
    python -m bench.value_spark                        20 million rows: 12 minutes, 5 GB of disk

Each cluster is a master and workers of one core each, started anew; what is timed is the survey's own look
at one Parquet file through ``SparkEngine``, after a small file has warmed the workers. The counts of both,
and of processes of this machine, must be the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from bench.speed import machine

ROOT = Path(__file__).resolve().parents[1]
ROWS = 20_000_000
WARM_ROWS = 200_000
WANTED = 0.65


def main(rows: int = ROWS) -> int:
    """Print the figures."""
    try:
        import pyspark  # noqa: F401 - whether it is there
    except ImportError:
        print(f"{'Spark, one worker against two':52} not measured: PySpark is not installed; run: make spark")
        return 0
    from bench.values import _folder, _make

    with _folder() as folder, _folder() as small:
        size = _make(rows, folder)
        _make(WARM_ROWS, small)
        taken = {
            workers: _take(workers, folder / "city.parquet", small / "city.parquet") for workers in (1, 2)
        }
        here = _take(0, folder / "city.parquet", small / "city.parquet")
    for workers, run in taken.items():
        print(
            f"{f'{rows:,} rows, Spark with {workers} worker(s)':52} {run['seconds']:9,.1f} s  {size / 1e6 / run['seconds']:,.0f} MB/s"
        )
    print(
        f"{f'{rows:,} rows, two processes of this machine':52} {here['seconds']:9,.1f} s  {size / 1e6 / here['seconds']:,.0f} MB/s"
    )
    ratio = taken[2]["seconds"] / taken[1]["seconds"]
    print(f"{'  two workers beside one':52} {ratio:9,.2f} x  wanted at most {WANTED}")
    same = taken[1]["counts"] == taken[2]["counts"] == here["counts"]
    print(f"{'  counts of all three':52} {'the same' if same else 'DIFFERENT'}")
    return 0 if same else 1


def _take(workers: int, path: Path, warm: Path) -> dict:
    """Run one look in a process of its own; no worker stands for two processes without Spark."""
    command = [
        sys.executable,
        "-m",
        "bench.value_spark",
        "--one",
        json.dumps([workers, str(path), str(warm)]),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"a cluster with {workers} workers failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _one(workers: int, path: str, warm: str) -> dict:
    import tempfile

    from curtilage.cli.values import TOOLS
    from curtilage.connectors.content.ports import ContentLimits

    if not workers:
        from curtilage.survey.values.engine import PoolEngine

        with PoolEngine(TOOLS, limits=ContentLimits(), memory_bytes=4 << 30, jobs=2) as pool:
            return _look(pool, path, warm)
    from curtilage.survey.values.spark import SparkEngine
    from tests.survey.cluster import run_cluster

    with (
        tempfile.TemporaryDirectory(prefix="spark-", dir=ROOT / ".cache") as folder,
        run_cluster(Path(folder), workers) as master,
        SparkEngine(master, TOOLS, limits=ContentLimits()) as engine,
    ):
        return _look(engine, path, warm)


def _look(engine: object, path: str, warm: str) -> dict:
    _count(engine, warm)
    begun = time.perf_counter()
    counts = _count(engine, path)
    return {"seconds": time.perf_counter() - begun, "counts": counts}


def _count(engine: object, path: str) -> dict:
    from bench.value_survey import place
    from curtilage.survey.values.run import Inspection, Look

    where, named = place("parquet", {"path": path})
    inspection = Inspection([Look(where, named)], engine)
    inspection.run()
    if inspection.told:
        raise RuntimeError(inspection.told[0].detail)
    return {
        name: dict(sorted(hits.items())) for name, hits in sorted(inspection.tables[0].counted.hits.items())
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_one(*json.loads(options.one))))
        sys.exit(0)
    print(machine())
    sys.exit(main(options.rows))
