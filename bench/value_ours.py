"""What Curtilage itself says of the cells and columns of the made-up city.

    python -m bench.value_ours --rows 20000                   the figures
    python -m bench.value_ours --rows 20000 --errors 40       and the most frequent errors
    python -m bench.value_ours --kinds                        and the share found of each kind

A cell is looked at alone, with what its column's name says (or, hidden, without). A column is judged by
its name and its cells together, as ``survey`` does.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable

from bench.city_columns import TEXT
from bench.city_rows import City
from bench.value_score import Score, f1, score, score_columns, truth_of

OWN = 0.6
"""From this certainty on a category is the column's own; below, some of its cells hold it."""

Find = Callable[[bytes, frozenset[str]], list]


def finder() -> tuple[Find, object, str]:
    """Return what finds in a cell, the rules, and which engine that is: the kernel where it is built."""
    from curtilage.detection.values import reference, rules

    book = rules.load()
    try:
        from curtilage.detection.values.scanner import Scanner

        scanner = Scanner(book)
        scanner.find(b"A012345678", frozenset())
    except (ImportError, TypeError):
        return reference.Finder(book).find, book, "reference"
    return scanner.find, book, scanner.engine


def carried(names: tuple[str, ...], book: object) -> list[frozenset[str]]:
    """Return the groups that each column carries by its name."""
    from curtilage.detection.classifier import Classifier, Field

    classifier = Classifier()
    return [
        book.groups_of(frozenset(classifier.classify(Field(name=name, text="")).categories)) for name in names
    ]


def cells(blocks: list) -> tuple[Score, float, int] | str:
    """Return the score of cells, MB of text a second cell by cell, and memory; or why there is none."""
    try:
        find, book, _ = finder()
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


def columns(blocks: list) -> dict[str, Counter] | str:
    """Return outcomes of columns with names and with names hidden; or why there are none."""
    try:
        from curtilage.detection.values.count import count_batch  # noqa: F401 - whether it is there
    except ImportError as missing:
        return f"counts of columns are not there yet ({missing})"
    return {what: score_columns(verdicts(blocks, hidden=what == "hidden")) for what in ("names", "hidden")}


def verdicts(blocks: list, *, hidden: bool) -> dict[int, list]:
    """Return what is said of each column: its own categories."""
    from curtilage.detection.classifier import Classifier, Field
    from curtilage.detection.columns import CellCounts, judge_column
    from curtilage.detection.nouns import Verdict

    find, book, _ = finder()
    classifier = Classifier()
    by_id = {rule.id: rule for rule in book.rules}
    said = {}
    for index, name in enumerate(blocks[0].table.schema.names[:36]):
        verdict = classifier.classify(Field(name=f"c{index + 1:02}" if hidden else name, text=""))
        groups = book.groups_of(frozenset(verdict.categories))
        seen, rules = 0, Counter()
        for block in blocks:
            for text in block.table.column(index).drop_null().to_pylist():
                seen += 1
                rules.update({book.rules[hit[0]].id for hit in find(text.encode(), groups)})
        joined: Verdict = judge_column(verdict, CellCounts(seen=seen, rules=rules), by_id)
        said[index] = [(frozenset((match.category,)), True) for match in joined.matches if match.score >= OWN]
    return said


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--odd", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--names", type=int, default=0)
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--kinds", action="store_true")
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
    print(f"{options.rows:,} rows, {finder()[2]}, {rate:.2f} MB/s cell by cell")
    print(f"typed cell F1, all cells                     {result.f1:.4f}  {dict(result.all)}")
    print(f"typed cell F1, stray cells and sentences     {result.stray_f1:.4f}  {dict(result.stray)}")
    print(f"mean share found over kinds                  {result.macro:.4f}")
    print(
        f"traps taken of 1,000                         {result.per_thousand:.2f}  of {result.traps['all']:,}"
    )
    outcome = columns(blocks)
    if isinstance(outcome, str):
        print(f"columns: not measured: {outcome}")
    else:
        for what, count in outcome.items():
            print(f"columns F1, {what:8}                        {f1(count):.4f}  {dict(count)}")
    if options.kinds or options.errors:
        _tell_kinds(result)
    for text, count in result.taken.most_common(options.errors):
        print(f"wrong {count:6}  {text}")
    return 0


def _tell_kinds(result: Score) -> None:
    for name, one in sorted(result.kinds.items(), key=lambda pair: pair[1]["found"] / sum(pair[1].values())):
        whole = sum(one.values())
        print(f"found {one['found'] / whole:7.1%} of {whole:7,}  {name}")


if __name__ == "__main__":
    sys.exit(main())
