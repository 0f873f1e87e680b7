"""Equal cells are looked at once, and counts stay what they are."""

import random
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values import alike, kernel
from curtilage.detection.values.kernel import KernelMissingError
from curtilage.detection.values.scanner import Scanner
from tests.detection.values.test_reference import RULES

FEWEST = 256
CELLS = ["A012345678", "she is undocumented", "", "visa card", "a@b.example", "é", "12", None, "x" * 3000]


@pytest.fixture(scope="module", autouse=True)
def _kernel() -> None:
    try:
        kernel.library()
    except KernelMissingError as missing:
        pytest.skip(f"no kernel here: {missing}")


def counted(cells: pa.Array, weights: pa.Array) -> Counter[bytes]:
    """Return how often each cell counts in all."""
    found: Counter[bytes] = Counter()
    for cell, times in zip(cells.cast(pa.binary()).to_pylist(), weights.to_pylist(), strict=True):
        if cell is not None:
            found[cell] += times
        else:
            assert times == 0
    return +found


@given(st.lists(st.one_of(st.none(), st.binary(max_size=20)), min_size=1, max_size=9), st.integers(0, 50))
def test_each_cell_counts_as_often_as_it_stands_there(few, first):
    cells = pa.array(few * 2 * FEWEST, pa.binary()).slice(first)
    weights = alike.tell_apart(cells)

    if weights is None:
        assert set(few) == {None}
    else:
        assert counted(cells, weights) == Counter(cell for cell in cells.to_pylist() if cell is not None)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_of_short_equal_cells_only_the_first_is_looked_at(kind):
    cells = pa.array(CELLS[:8] * 200, pa.string()).cast(kind)
    weights = alike.tell_apart(cells)

    assert weights.to_pylist()[:8] == [200] * 7 + [0]
    assert set(weights.to_pylist()[8:]) == {0}


def test_long_cells_are_each_looked_at():
    weights = alike.tell_apart(pa.array(["x" * 3000, "y"] * 200))

    assert weights.to_pylist()[::2] == [1] * 200


@pytest.mark.parametrize("repeated", [0, 30])
def test_cells_that_are_hardly_ever_equal_are_left_as_they_are(repeated):
    cells = [f"R-{number}" for number in range(6000)]
    cells[:repeated] = ["R-1"] * repeated

    assert alike.tell_apart(pa.array(cells)) is None


def test_more_different_cells_than_the_table_holds_are_counted_all_the_same():
    chance = random.Random(7)
    some = [f"{number % 100}" for number in range(20_000)]
    cells = pa.array(some + [f"{chance.randrange(150_000):06}" for _ in range(200_000)])
    weights = alike.tell_apart(cells)

    assert counted(cells, weights) == Counter(cell.encode() for cell in cells.to_pylist())


def test_a_handful_of_cells_is_not_worth_asking():
    assert alike.tell_apart(pa.array(["a"] * (FEWEST - 1))) is None


@pytest.mark.parametrize("width", [pa.int32(), pa.int64()])
def test_values_of_a_dictionary_are_counted(width):
    indices = pa.array([0, 2, None, 2, 0, 2], width).slice(1)
    column = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b", "c"]))

    assert alike.tally(column).to_pylist() == [1, 0, 3]


def test_an_index_beyond_its_dictionary_counts_for_nothing():
    indices = pa.array([0, 9, -1, 1], pa.int32())
    column = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b"]), safe=False)

    assert alike.tally(column).to_pylist() == [1, 1]


@pytest.mark.parametrize("shaped", [False, True])
def test_both_engines_count_repeated_cells_alike(shaped):
    chance = random.Random(3)
    cells = pa.array([chance.choice(CELLS) for _ in range(2000)])
    engines = [Scanner(RULES, engine=each) for each in ("kernel", "reference")]

    found, expected = (each.scan_array(cells, shaped=shaped) for each in engines)
    assert found == expected
    assert found.rules["a_number"] > 100
