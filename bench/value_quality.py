"""What Curtilage itself says of the cells and columns of the made-up city.

    python -m bench.value_quality --rows 20000                   the figures
    python -m bench.value_quality --rows 20000 --errors 40       and the most frequent errors
    python -m bench.value_quality --kinds                        and the share found of each kind
    python -m bench.value_quality --show a_number                and made-up cells in which it was missed
    python -m bench.value_quality --unseen                       and sentences by which no rule was written

A cell is looked at alone, with what its column's name says (or, hidden, without). A column is judged by
its name and its cells together, as ``survey`` does.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from typing import Any

import pyarrow as pa

from bench.city_columns import TEXT
from bench.city_rows import BLOCK, SEED, City
from bench.peer_scripts.values_common import most_memory
from bench.value_score import Score, explain_columns, f1, score, score_columns, truth_of
from bench.value_unseen import tell_unseen

ODD_CELLS = 0.55
"""How sure a verdict is of what only a few cells hold; what is surer is the column's own."""
PROFILED = 2_000
"""Rows of a table that a column's profile is made of."""


def find_all(scanner: Any, array: pa.Array, groups: frozenset[str]) -> list[list]:
    """Return the hits of each cell of a column."""
    if scanner.kernel:
        return scanner.kernel.find(array, groups)
    return [scanner.find(cell.as_py().encode(), groups) if cell.is_valid else [] for cell in array]


def carried(names: tuple[str, ...], book: Any) -> list[frozenset[str]]:
    """Return the groups that each column carries by its name."""
    from curtilage.detection.classifier import Classifier, Field

    classifier = Classifier()
    return [
        book.groups_of(frozenset(classifier.classify(Field(name=name, text="")).categories)) for name in names
    ]


def cells(blocks: list) -> Score:
    """Return the score of cells, each looked at alone, with what its column's name carries."""
    from curtilage.detection.values.scanner import shipped_scanner

    scanner = shipped_scanner()
    groups = carried(blocks[0].table.schema.names[:36], scanner.rules)
    meant = [(frozenset((rule.category,)), True) for rule in scanner.rules.rules]
    said, first = {}, 0
    for block in blocks:
        for column in (column for column in range(36) if column not in _LEFT_OUT):
            found = find_all(scanner, block.table.column(column), groups[column])
            for row, hits in enumerate(found, start=first):
                if hits:
                    said[row, column] = list({meant[hit.rule] for hit in hits})
        first += block.table.num_rows
    return score(truth_of(block.truth for block in blocks), said)


def rate(blocks: list) -> tuple[float, int, str]:
    """Return MB of text counted a second of one core, the most memory of this process, and the engine."""
    from bench.city_rows import text_size
    from curtilage.detection.values.count import count_batch
    from curtilage.detection.values.scanner import shipped_scanner

    scanner = shipped_scanner()
    names = blocks[0].table.schema.names[:36]
    groups = dict(zip(names, carried(names, scanner.rules), strict=True))
    batches = [block.table.select(names) for block in blocks]
    rates = []
    for _ in range(3):
        begun = time.process_time()
        for batch in batches:
            count_batch(batch, groups, scanner)
        rates.append(sum(map(text_size, batches)) / (time.process_time() - begun) / 1e6)
    return statistics.median(rates), most_memory(), scanner.engine


_LEFT_OUT = frozenset(index for index, column in enumerate(TEXT) if column.unscored)


def columns(rows: int, seed: int = SEED) -> dict[str, dict[int, list]]:
    """Return what is said of each column under each of the five lists of names, and with names hidden."""
    cities = {f"names {number}": City(rows, seed, names=number) for number in range(5)}
    cities["hidden"] = City(rows, seed, hidden=True)
    return {what: verdicts(city) for what, city in cities.items()}


def verdicts(city: City) -> dict[int, list]:
    """Return what is said of each column: its own categories, and what sentences hold; not odd cells."""
    return {
        index: [
            (frozenset((match.category,)), True)
            for match in verdict.matches
            if match.score > ODD_CELLS or TEXT[index].words
        ]
        for index, verdict in enumerate(judge(city))
    }


def judge(city: City) -> tuple[Any, ...]:
    """Return the verdict on each text column, by its name and its cells, as the survey gives it."""
    from curtilage.detection.classifier import Classifier, Field
    from curtilage.detection.columns import CellCounts, judge_column, judge_table
    from curtilage.detection.values.scanner import shipped_scanner
    from curtilage.survey.values.looks import RuleLooks

    scanner, classifier = shipped_scanner(), Classifier()
    rules = scanner.rules
    looks, by_id = RuleLooks(rules, scanner), {rule.id: rule for rule in rules.rules}
    table = pa.Table.from_batches([block.table for block in city.blocks()]).combine_chunks()
    judged = []
    for name in table.schema.names[:36]:
        cells = table.column(name).chunk(0)
        verdict = classifier.classify(Field(name=name, text=""))
        found = scanner.scan_array(cells, rules.groups_of(frozenset(verdict.categories)))
        counts = CellCounts(found.cells, found.rules, looks.profile(cells.slice(0, PROFILED)))
        judged.append(judge_column(verdict, counts, by_id))
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
    parser.add_argument("--unseen", action="store_true")
    options = parser.parse_args()
    city = City(
        options.rows, options.seed, options.odd, dense=True, hidden=options.hidden, names=options.names
    )
    blocks = list(city.blocks())
    result = cells(blocks)
    speed, _, engine = rate(blocks)
    print(f"{options.rows:,} rows, a stray cell in {1 / options.odd:,.0f}; {engine}, {speed:,.1f} MB/s")
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
    if options.unseen:
        from curtilage.detection.values.scanner import shipped_scanner

        tell_unseen(shipped_scanner())
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
