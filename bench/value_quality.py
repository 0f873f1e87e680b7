"""What Curtilage itself says of the cells and columns of the made-up city.

    python -m bench.value_quality --rows 20000                   the figures
    python -m bench.value_quality --rows 20000 --errors 40       and the most frequent errors
    python -m bench.value_quality --kinds                        and the share found of each kind
    python -m bench.value_quality --show a_number                and made-up cells in which it was missed

A cell is looked at alone, with what its column's name says (or, hidden, without). A column is judged by
its name and its cells together, as ``survey`` does.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from bench.city_columns import TEXT
from bench.city_rows import BLOCK, SEED, City
from bench.value_score import Score, explain_columns, f1, score, score_columns, truth_of

ODD_CELLS = 0.55
"""How sure a verdict is of what only a few cells hold; what is surer is the column's own."""
PROFILED = 2_000
"""Cells of a column that its profile is made of."""

Find = Callable[[bytes, frozenset[str]], list]


def rulebook() -> tuple[Find, Any, str]:
    """Return what finds in a cell, the rules, and which engine that is: the kernel where it is built."""
    from curtilage.detection.values.scanner import shipped_scanner

    scanner = shipped_scanner()
    return scanner.find, scanner.rules, scanner.engine


def carried(names: tuple[str, ...], book: Any) -> list[frozenset[str]]:
    """Return the groups that each column carries by its name."""
    from curtilage.detection.classifier import Classifier, Field

    classifier = Classifier()
    return [
        book.groups_of(frozenset(classifier.classify(Field(name=name, text="")).categories)) for name in names
    ]


def cells(blocks: list) -> tuple[Score, float, int] | str:
    """Return the score of cells, MB of text a second cell by cell, and memory; or why there is none."""
    try:
        find, book, _ = rulebook()
        groups = carried(blocks[0].table.schema.names[:36], book)
    except (ImportError, FileNotFoundError) as missing:
        return f"detection.values is not there ({missing})"
    truth = truth_of(block.truth for block in blocks)
    said, size, begun = {}, 0, time.perf_counter()
    categories = [frozenset((rule.category,)) for rule in book.rules]
    row = 0
    for block in blocks:
        for column in range(36):
            if column in _LEFT_OUT:
                continue
            for number, text in enumerate(block.table.column(column).to_pylist(), start=row):
                if text is None:
                    continue
                cell = text.encode()
                size += len(cell)
                if hits := find(cell, groups[column]):
                    said[number, column] = [
                        (meant, True) for meant in {categories[hit[0]] for hit in hits} if "" not in meant
                    ]
        row += block.table.num_rows
    spent = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return score(truth, said), size / spent / 1e6, memory


_LEFT_OUT = frozenset(index for index, column in enumerate(TEXT) if column.unscored)


def columns(rows: int, seed: int = SEED) -> dict[str, dict[int, list]]:
    """Return what is said of each column under each of the five lists of names, and with names hidden."""
    book = rulebook()
    cities = {f"names {number}": City(rows, seed, names=number) for number in range(5)}
    cities["hidden"] = City(rows, seed, hidden=True)
    return {what: verdicts(city, book) for what, city in cities.items()}


def verdicts(city: City, book: tuple[Find, Any, str]) -> dict[int, list]:
    """Return what is said of each column: its own categories, and what sentences hold; not odd cells."""
    return {
        index: [
            (frozenset((match.category,)), True)
            for match in verdict.matches
            if match.score > ODD_CELLS or TEXT[index].words
        ]
        for index, verdict in enumerate(judge(city, book))
    }


def judge(city: City, book: tuple[Find, Any, str]) -> tuple[Any, ...]:
    """Return the verdict on each text column, by its name and its cells, as the survey gives it."""
    from curtilage.detection.classifier import Classifier, Field
    from curtilage.detection.columns import CellCounts, judge_column, judge_table
    from curtilage.detection.values.profile import profile_cells
    from curtilage.detection.values.scanner import shipped_scanner

    find, rules, _ = book
    classifier, shapes, by_id = Classifier(), shipped_scanner(), {rule.id: rule for rule in rules.rules}
    table = pa.Table.from_batches([block.table for block in city.blocks()])
    judged = []
    for name in table.schema.names[:36]:
        verdict = classifier.classify(Field(name=name, text=""))
        groups = rules.groups_of(frozenset(verdict.categories))
        cells = Counter(text.encode() for text in table.column(name).drop_null().to_pylist())
        found: Counter = Counter()
        for cell, times in cells.items():
            found.update(dict.fromkeys({rules.rules[hit[0]].id for hit in find(cell, groups)}, times))
        profile = profile_cells(itertools.islice(cells.items(), PROFILED), shapes)
        judged.append(judge_column(verdict, CellCounts(cells.total(), found, profile), by_id))
    return judge_table(judged)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--odd", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--names", type=int, default=0)
    parser.add_argument("--columns", type=int, default=2_000, metavar="ROWS", help="0 for none")
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--show", nargs="*", default=(), metavar="KIND")
    options = parser.parse_args()
    city = City(
        options.rows, options.seed, options.odd, dense=True, hidden=options.hidden, names=options.names
    )
    blocks = list(city.blocks())
    found = cells(blocks)
    if isinstance(found, str):
        print(f"not measured: {found}")
        return 0
    result, rate, _ = found
    print(f"{options.rows:,} rows, {rulebook()[2]}, {rate:.2f} MB/s cell by cell")
    print(f"typed cell F1, all cells                     {result.f1:.4f}  {dict(result.all)}")
    print(f"typed cell F1, stray cells and sentences     {result.stray_f1:.4f}  {dict(result.stray)}")
    print(f"mean share found over kinds                  {result.macro:.4f}")
    print(
        f"traps taken of 1,000                         {result.per_thousand:.2f}  of {result.traps['all']:,}"
    )
    if options.columns:
        _tell_columns(columns(options.columns, options.seed), errors=bool(options.errors))
    if options.kinds or options.errors:
        _tell_kinds(result)
    for text, count in result.taken.most_common(options.errors):
        print(f"wrong {count:6}  {text}")
    for kind in options.show:
        for row, column in result.missed[kind][:15]:
            cell = blocks[row // BLOCK].table.column(column)[row % BLOCK]
            print(f"missed {kind} in {blocks[0].table.schema.names[column]}: {cell.as_py()!r}")
    return 0


def _tell_columns(said: dict[str, dict[int, list]], *, errors: bool) -> None:
    counts = {what: score_columns(one) for what, one in said.items()}
    counts["all five"] = sum((count for what, count in counts.items() if what != "hidden"), Counter())
    for what, count in counts.items():
        print(f"columns F1, {what:8}                         {f1(count):.4f}  {dict(count)}")
    for what, one in said.items() if errors else ():
        for text in explain_columns(one):
            print(f"  {what}: {text}")


def _tell_kinds(result: Score) -> None:
    for name, one in sorted(result.kinds.items(), key=lambda pair: pair[1]["found"] / sum(pair[1].values())):
        whole = sum(one.values())
        print(f"found {one['found'] / whole:7.1%} of {whole:7,}  {name}")


if __name__ == "__main__":
    sys.exit(main())
