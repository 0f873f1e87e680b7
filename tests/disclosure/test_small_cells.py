"""No small count can be worked out from what is printed: tried by brute force on every small table."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.reports.small_cells import add_totals, hide_small


def printed(counts, threshold):
    hidden = hide_small(counts, threshold)
    return [
        ["*" if (row, column) in hidden else value for column, value in enumerate(cells)]
        for row, cells in enumerate(add_totals(counts))
    ]


def possible(counts, threshold, most):
    """Give every table that agrees with what is printed, hidden cells from 1 to ``most``."""
    shown = printed(counts, threshold)
    inner = [cells[:-1] for cells in shown[:-1]]
    choices = [range(1, most + 1) if value == "*" else [value] for cells in inner for value in cells]
    width = len(inner[0])
    for chosen in itertools.product(*choices):
        table = add_totals([chosen[start : start + width] for start in range(0, len(chosen), width)])
        if all(
            value == "*" or value == table[row][column]
            for row, cells in enumerate(shown)
            for column, value in enumerate(cells)
        ):
            yield table


TABLES = st.sampled_from([(1, 1), (1, 2), (1, 3), (2, 2), (2, 2)]).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@settings(max_examples=60)
@given(TABLES, st.integers(2, 4))
def test_a_small_count_could_as_well_be_one_or_as_much_as_the_threshold(counts, threshold):
    tables = list(possible(counts, threshold, most=9))

    for row, column in itertools.product(range(len(counts)), range(len(counts[0]))):
        if 0 < counts[row][column] < threshold:
            values = {table[row][column] for table in tables}
            assert (min(values), max(values) >= threshold) == (1, True)


@settings(max_examples=60)
@given(TABLES, st.integers(2, 4))
def test_a_small_total_could_as_well_be_as_much_as_the_threshold(counts, threshold):
    whole, tables = add_totals(counts), list(possible(counts, threshold, most=9))

    for row, column in itertools.product(range(len(whole)), range(len(whole[0]))):
        if 0 < whole[row][column] < threshold:
            assert max(table[row][column] for table in tables) >= threshold


@given(TABLES, st.integers(1, 12))
def test_zeros_and_what_is_large_enough_without_small_ones_beside_it_are_printed(counts, threshold):
    shown, whole = printed(counts, threshold), add_totals(counts)
    values = [value for cells in whole for value in cells]

    for said, cells in zip(shown, whole, strict=True):
        assert all(value != "*" or there > 0 for value, there in zip(said, cells, strict=True))
    if not any(0 < value < threshold for value in values):
        assert shown == [list(cells) for cells in whole]


@given(TABLES, st.integers(2, 12))
def test_every_small_cell_is_hidden(counts, threshold):
    for said, cells in zip(printed(counts, threshold), add_totals(counts), strict=True):
        assert all(value == "*" for value, there in zip(said, cells, strict=True) if 0 < there < threshold)


def test_one_small_cell_takes_the_smallest_companions():
    counts = [[3, 40, 90], [50, 60, 70], [80, 20, 30]]

    assert printed(counts, 11) == [
        ["*", "*", 90, 133],
        [50, 60, 70, 180],
        ["*", "*", 30, 130],
        [133, 120, 190, 443],
    ]


def test_a_single_case_does_not_print_its_totals():
    assert printed([[1, 0], [0, 0]], 11) == [["*", 0, "*"], [0, 0, 0], ["*", 0, "*"]]


def test_a_threshold_of_one_hides_nothing():
    assert hide_small([[1, 2], [0, 3]], 1) == frozenset()


@pytest.mark.parametrize("threshold", [5, 11])
def test_a_table_of_every_instrument_and_result_is_done_at_once(threshold):
    counts = [[(row * 7 + column * 5) % 40 for column in range(8)] for row in range(60)]

    hidden = hide_small(counts, threshold)

    assert 0 < len(hidden) < 61 * 9
