"""Other tools on the same cells: each in an environment of its own, with its rules and with an afternoon of ours.

    python -m bench value_peers                       about 25 minutes: each is given a minute for each question
    python -m bench.value_peers --seconds 10          quicker; less is seen of the slow ones
    python -m bench.value_peers --only presidio

A tool reads the rows of the made-up city one after another until its time is over, and is scored on what
it read; ours reads all of them. Stray cells are ten times as frequent as in the table that speed is
measured on, so that enough of them are met. ``value_kinds`` says what each tool's words are taken to mean,
``peer_scripts/values_custom.py`` holds the afternoon's rules.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass

from bench import value_quality, value_sets
from bench.city_rows import City
from bench.peers import Peer, install
from bench.value_ask import Answer, ask
from bench.value_score import Score, Truth, f1, score, score_columns, truth_of

ROWS = 12_000
ODD = 0.01


@dataclass(frozen=True)
class Asked:
    """A tool, and what it takes.

    Attributes:
        peer: How it is installed.
        cells: Whether it looks at single cells.
        columns: Whether it looks at whole columns.
        custom: Whether it takes rules of one's own.
    """

    peer: Peer
    cells: bool = True
    columns: bool = False
    custom: bool = False


PEERS = (
    Asked(Peer("Presidio 2.2.366, patterns", "presidio", ("presidio-analyzer==2.2.366",)), custom=True),
    Asked(
        Peer(
            "presidio-structured",
            "presidio_structured",
            ("presidio-structured", "presidio-analyzer==2.2.366", "pandas"),
        ),
        cells=False,
        columns=True,
        custom=True,
    ),
    Asked(Peer("DataProfiler 0.14", "dataprofiler", ("DataProfiler[ml]",)), columns=True),
    Asked(
        Peer(
            "piicatcher 0.17",
            "piicatcher_values",
            ("piicatcher==0.17.0", "commonregex==1.5.4"),
            ("--no-deps",),
        ),
        columns=True,
    ),
    Asked(Peer("commonregex 1.5.4", "commonregex", ("commonregex==1.5.4",)), custom=True),
    Asked(Peer("scrubadub 2.0.1", "scrubadub", ("scrubadub==2.0.1",)), custom=True),
)


def main() -> int:
    """Print the tables; 0 also where nothing could be installed."""
    options = _options()
    city = City(options.rows, odd=ODD, dense=True)
    blocks = list(city.blocks())
    truth = truth_of(block.truth for block in blocks)
    table = _lines(blocks)
    print(
        f"{options.rows:,} rows of the made-up city, seed {city.seed}, {len(truth.cells):,} cells with something in them"
    )
    print(
        f"each tool is given {options.seconds:.0f} s of one core a question; rates are of what it read, by CPU\n"
    )
    _cells(options, table, truth, blocks)
    _columns(
        options, table, {what: score_columns(said) for what, said in value_quality.columns(2_000).items()}
    )
    value_sets.compare(options, (one.peer for one in chosen(options) if one.cells))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="", help="part of a tool's name")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[Asked]:
    """Return the tools that are asked."""
    return [one for one in PEERS if options.only.lower() in one.peer.name.lower()]


def _cells(options: argparse.Namespace, table: str, truth: Truth, blocks: list) -> None:
    print(
        "| tool, cell by cell | rows read | MB/s | ours is faster by | typed F1, all cells | typed F1, stray and in sentences "
        "| A-numbers | status phrases | traps taken of 1,000 | memory |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    ours, memory, engine = value_quality.rate(blocks)
    print(
        row(f"Curtilage, {engine}", options.rows, ours, ours, value_quality.cells(blocks), memory), flush=True
    )
    for one in chosen(options):
        if not one.cells:
            continue
        if why := install(one.peer):
            print(f"| {one.peer.name} | skipped: {why} | | | | | | | | |")
            continue
        for custom in (False, True) if one.custom else (False,):
            name = one.peer.name + (
                ", with an afternoon's rules" if custom else "" if one.custom else ", takes no rules"
            )
            answer = ask(one.peer, "cells", table, options.seconds, custom=custom)
            if isinstance(answer, str):
                print(f"| {name} | failed: {answer} | | | | | | | | |")
                continue
            result = score(truth.until(answer.rows), answer.cells)
            print(row(name, answer.rows, answer.rate, ours, result, answer.memory), flush=True)
    print()


def row(name: str, rows: int, rate: float, ours: float, result: Score, memory: int) -> str:
    """Return one line of the table of cells."""
    a_numbers, status = result.found("a_number"), result.found("status_")
    return (
        f"| {name} | {rows:,} | {rate:,.3g} | {ours / rate:,.0f} x | {result.f1:.3f} | {result.stray_f1:.3f} | {a_numbers[0]}/{a_numbers[1]} "
        f"| {status[0]}/{status[1]} | {result.per_thousand:.1f} | {memory / 2**20:,.0f} MiB |"
    )


def _columns(options: argparse.Namespace, table: str, ours: dict[str, Counter]) -> None:
    print("| tool, column by column | F1, with names | found | wrong | F1, names hidden | found | wrong |")
    print("|---|---|---|---|---|---|---|")
    print(_column_row("Curtilage", ours["names 0"], ours["hidden"]))
    for one in chosen(options):
        if not one.columns or install(one.peer):
            continue
        for custom in (False, True) if one.custom else (False,):
            found = {}
            for what, hidden in (("names", False), ("hidden", True)):
                answer = ask(one.peer, "columns", table, options.seconds, custom=custom, hidden=hidden)
                found[what] = score_columns(answer.columns) if isinstance(answer, Answer) else Counter()
            name = one.peer.name + (", with an afternoon's rules" if custom else "")
            print(_column_row(name, found["names"], found["hidden"]), flush=True)
    print()


def _column_row(name: str, names: Counter, hidden: Counter) -> str:
    def three(count: Counter) -> str:
        return f"{f1(count):.3f} | {count['tp']}/{count['tp'] + count['fn']} | {count['fp']}"

    return f"| {name} | {three(names)} | {three(hidden)} |"


def _lines(blocks: list) -> str:
    lines = [json.dumps(blocks[0].table.schema.names[:36])]
    for block in blocks:
        columns = [block.table.column(number).to_pylist() for number in range(36)]
        lines += [json.dumps(cells) for cells in zip(*columns, strict=True)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
