"""Score what a tool says of cells and of columns against the truth of the made-up city.

A cell's truth is what ``city_rows`` planted in it. A tool says kinds of a cell; each may mean several
categories. It is right where one of them is right for something in the cell; it is wrong where none is, and
none may be said besides. Names, languages, codes and ages are left to the score of columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from bench.city_columns import TEXT, Column
from bench.city_kinds import KINDS

Cell = tuple[int, int]
"""Row and column, both counted from 0."""
Said = tuple[frozenset[str], bool]
"""The categories that one statement may mean, and whether it counts as wrong where it is not right."""

SCORED = frozenset(category for kind in KINDS for category in kind.right)
OPEN = frozenset(index for index, column in enumerate(TEXT) if column.unscored)
_FREE = frozenset(("free_text",))


@dataclass(frozen=True)
class Truth:
    """What is in which cell: numbers of kinds."""

    cells: Mapping[Cell, tuple[int, ...]]

    def until(self, rows: int) -> Truth:
        """Return the truth about the first rows."""
        return Truth({cell: kinds for cell, kinds in self.cells.items() if cell[0] < rows})


@dataclass
class Score:
    """Outcomes of cells.

    Attributes:
        all: Right, missed and wrong statements of all cells.
        stray: The same without what fills a column of its own: what sentences carry, what strays.
        kinds: Found and missed, by kind.
        traps: Cells with a trap, and those of them about which something wrong was said.
        taken: Wrong statements by the trap's kind or the column.
        missed: The first cells in which a kind was missed.
    """

    all: Counter = field(default_factory=Counter)
    stray: Counter = field(default_factory=Counter)
    kinds: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    traps: Counter = field(default_factory=Counter)
    taken: Counter = field(default_factory=Counter)
    missed: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))

    @property
    def f1(self) -> float:
        """F1 of all cells."""
        return f1(self.all)

    @property
    def stray_f1(self) -> float:
        """F1 of what stands where it does not belong, and in sentences."""
        return f1(self.stray)

    @property
    def macro(self) -> float:
        """Mean share found, each kind counting the same."""
        found = [
            one["found"] / (one["found"] + one["missed"])
            for one in self.kinds.values()
            if one["found"] + one["missed"]
        ]
        return sum(found) / len(found) if found else 0.0

    @property
    def per_thousand(self) -> float:
        """Traps taken of a thousand."""
        return 1000 * self.traps["taken"] / self.traps["all"] if self.traps["all"] else 0.0

    def found(self, *prefixes: str) -> tuple[int, int]:
        """Return how many of some kinds were found, and how many there are."""
        mine = [one for name, one in self.kinds.items() if name.startswith(prefixes)]
        found, missed = (sum(one[what] for one in mine) for what in ("found", "missed"))
        return found, found + missed


def truth_of(batches: Iterable[pa.RecordBatch]) -> Truth:
    """Gather the truth of some blocks."""
    cells: dict[Cell, list[int]] = defaultdict(list)
    for batch in batches:
        for row, column, kind in zip(*(one.to_pylist() for one in batch.columns), strict=True):
            cells[row, column].append(kind)
    return Truth({cell: tuple(dict.fromkeys(kinds)) for cell, kinds in cells.items()})


def score(truth: Truth, said: Mapping[Cell, Iterable[Said]]) -> Score:
    """Compare what a tool said of each cell with the truth; cells that it did not name say nothing."""
    result = Score()
    for cell in truth.cells.keys() | said.keys():
        if cell[1] not in OPEN:
            _score_cell(result, cell, truth.cells.get(cell, ()), tuple(said.get(cell, ())))
    return result


def _score_cell(result: Score, cell: Cell, numbers: tuple[int, ...], said: tuple[Said, ...]) -> None:
    kinds = [KINDS[number] for number in numbers]
    column = TEXT[cell[1]]
    own = not column.words
    wanted = {kind.right: kind for kind in kinds if not kind.trap}
    allowed = (
        frozenset(column.also).union(*(kind.right + kind.also for kind in kinds))
        if kinds
        else frozenset(column.also)
    )
    for right, kind in wanted.items():
        found = any(not meant.isdisjoint(right) for meant, _ in said)
        result.kinds[kind.name]["found" if found else "missed"] += 1
        if not found:
            result.missed[kind.name].append(cell)
        for count in _counts(result, stray=not own or not _fills(column.names[0], right)):
            count["tp" if found else "fn"] += 1
    wrong = [meant for meant, counts in said if counts and meant & SCORED and meant.isdisjoint(allowed)]
    for _ in wrong:
        for count in _counts(result, stray=True):
            count["fp"] += 1
    _score_traps(result, cell, [kind.name for kind in kinds if kind.trap], wrong)


def _counts(result: Score, *, stray: bool) -> tuple[Counter, ...]:
    return (result.all, result.stray) if stray else (result.all,)


def _fills(name: str, right: tuple[str, ...]) -> bool:
    """Return whether a column is made of what is right, so that it strays nowhere."""
    return bool(set(_RIGHT[name]) & set(right))


_RIGHT = {column.names[0]: column.right for column in TEXT}


def _score_traps(result: Score, cell: Cell, traps: list[str], wrong: list[frozenset[str]]) -> None:
    if traps:
        result.traps["all"] += 1
        result.traps["taken"] += bool(wrong)
    for meant in wrong:
        where = "+".join(traps) or "no trap"
        result.taken[f"{TEXT[cell[1]].names[0]}: {where} taken for {'/'.join(sorted(meant))}"] += 1


def f1(count: Mapping[str, int]) -> float:
    """Return F1 of counted outcomes."""
    wanted, said = count["tp"] + count["fn"], count["tp"] + count["fp"]
    return 2 * count["tp"] / (wanted + said) if wanted + said else 0.0


def score_columns(said: Mapping[int, Iterable[Said]]) -> Counter:
    """Count outcomes of columns: each sensitive column told is right, each other thing said is wrong.

    What a column of notes is found to contain besides being notes counts neither way.
    """
    count: Counter = Counter()
    for index, column in enumerate(TEXT):
        right, wrong = _judge_column(column, tuple(said.get(index, ())))
        if column.right:
            count["tp" if right else "fn"] += 1
        count["fp"] += len(wrong)
    return count


def explain_columns(said: Mapping[int, Iterable[Said]]) -> list[str]:
    """Return a line about each column that was missed or said wrongly."""
    lines = []
    for index, column in enumerate(TEXT):
        right, wrong = _judge_column(column, tuple(said.get(index, ())))
        if column.right and not right:
            lines.append(f"{column.names[0]} missed")
        lines += [f"{column.names[0]} taken for {'/'.join(sorted(meant))}" for meant in wrong]
    return lines


def _judge_column(column: Column, statements: tuple[Said, ...]) -> tuple[bool, list[frozenset[str]]]:
    right = any(not meant.isdisjoint(column.right) for meant, _ in statements)
    if column.words:
        return right, []
    allowed = frozenset(column.right).union(column.also)
    return right, [
        meant for meant, counts in statements if counts and meant - _FREE and meant.isdisjoint(allowed)
    ]
