"""How fast: the command's start, fields classified, a tree of 10,000 files scanned.

    python -m bench speed                       all of it, five runs of each
    python -m bench.speed --files 2000 --runs 1    quicker

Seconds belong to the machine that is named; the ratios to a baseline measured in the same run travel.
"""

from __future__ import annotations

import argparse
import ast
import csv
import html.parser
import json
import multiprocessing
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.tree import FIELDS, WORDS, build, label

COMMAND = (sys.executable, "-c", "from curtilage.cli.main import main; main()")
CORES = 2


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--fields", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(machine())
    print(f"Medians of {options.runs} runs, with the lowest and the highest.\n")
    start(options.runs * 3)
    classify(options.fields, options.runs)
    scan(options.files, options.runs)
    return 0


def machine() -> str:
    """Name the machine, as far as it matters here."""
    model = platform.processor() or platform.machine()
    for line in _lines_of("/proc/cpuinfo"):
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = os.getloadavg()[0]
    return (
        f"{model}, {len(os.sched_getaffinity(0))} cores to use, {memory:.0f} GiB; {platform.system()}, "
        f"Python {platform.python_version()}; load before the run {busy:.1f}"
    )


def start(runs: int) -> None:
    """CPU of ``curtilage --help``, and of Python alone."""
    alone = measure(lambda: cpu((sys.executable, "-c", "pass")), runs)
    ours = measure(lambda: cpu((*COMMAND, "--help")), runs)
    show("curtilage --help, CPU", ours, "s", 3)
    show("  baseline: python -c pass", alone, "s", 3)


def classify(count: int, runs: int) -> None:
    """Fields a second on one core, inside Python and through the command."""
    from curtilage.detection.classifier import Classifier, Field

    fields = make_fields(count)
    lines = "".join(json.dumps(field) + "\n" for field in fields).encode()
    begun = time.process_time()
    classifier = Classifier()
    print(f"\nclassifier ready after {time.process_time() - begun:.2f} s of CPU")
    given = [Field(name=field["name"], text=field["text"]) for field in fields]

    def inside() -> float:
        begun = time.process_time()
        for field in given:
            classifier.classify(field)
        return count / (time.process_time() - begun)

    idle = cpu((*COMMAND, "classify"), b"")
    show("classify, one core, in Python", measure(inside, runs), "fields/s")
    rate = measure(lambda: count / (cpu((*COMMAND, "classify"), lines) - idle), runs)
    show("curtilage classify, one core, after start", rate, "fields/s")
    baseline = measure(lambda: count / _timed(lambda: _rewrite(lines)), runs)
    show("  baseline: the same lines read and written as JSON", baseline, "fields/s")


def scan(files: int, runs: int) -> None:
    """Seconds for a tree of source files on two cores, and for reading and parsing it alone."""
    with tempfile.TemporaryDirectory() as folder:
        size = build(Path(folder), files)
        print(f"\n{files:,} source files, {size / 2**20:.0f} MiB, on {CORES} cores")
        paths = [str(path) for path in sorted(Path(folder).rglob("*")) if path.is_file()]
        ours = measure(
            lambda: wall((*COMMAND, "scan", folder, "--jobs", str(CORES), "--format", "jsonl")), runs
        )
        alone = measure(lambda: _timed(lambda: parse_all(paths)), runs)
    show("curtilage scan --jobs 2", ours, "s", 1)
    show("  baseline: the same files read and parsed", alone, "s", 1)
    print(f"  scan / baseline {statistics.median(ours) / statistics.median(alone):.2f}")


def make_fields(count: int) -> list[dict]:
    """Fields that are all different, one in four of them telling or personal."""
    fields = []
    for number in range(count):
        name = FIELDS[number % len(FIELDS)]
        words = " ".join(WORDS[(number * step) % len(WORDS)] for step in (3, 5, 7))
        text = f"{label(name)} of the {words} {number}"
        fields.append({"id": number, "name": f"{WORDS[number % 31]}_{name}", "text": text, "lang": "en"})
    return fields


def parse_all(paths: list[str]) -> None:
    """Read each file and parse it with the usual parser of its format, on two cores."""
    with multiprocessing.get_context("fork").Pool(CORES) as pool:
        pool.map(parse, paths, chunksize=64)


def parse(path: str) -> None:
    """Read and parse one file."""
    text = Path(path).read_text("utf-8")
    suffix = path.rpartition(".")[2]
    if suffix == "py":
        ast.parse(text)
    elif suffix == "json":
        json.loads(text)
    elif suffix == "yml":
        yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    elif suffix == "html":
        html.parser.HTMLParser().feed(text)
    elif suffix == "csv":
        list(csv.reader(text.splitlines()))
    elif suffix == "sql":
        import sqlglot

        sqlglot.parse(text)


def cpu(command: tuple[str, ...], given: bytes = b"") -> float:
    """CPU seconds of a command and of the processes that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def wall(command: tuple[str, ...]) -> float:
    """Wall seconds of a command."""
    return _timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def measure(once: Callable[[], float], runs: int) -> list[float]:
    """Measure several times."""
    return [once() for _ in range(runs)]


def show(what: str, values: list[float], unit: str, digits: int = 0) -> None:
    """Print one figure with its spread."""
    middle, least, most = (
        f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    print(f"{what:52} {middle:>9} {unit}  ({least} to {most})", flush=True)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _rewrite(lines: bytes) -> int:
    return sum(len(json.dumps(json.loads(line))) for line in lines.splitlines())


def _lines_of(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main())
