"""A table is cut in the same places each night, and a plan says what is done with each column."""

import random
from collections import Counter

import pyarrow as pa
import pytest

from curtilage.connectors.content.ports import Table, TextColumn
from curtilage.survey.values.plan import (
    MOST_PARTS,
    Way,
    count_each,
    count_parts,
    guess_different,
    plan_column,
)

TEXT = TextColumn("note", "text", True)


@pytest.mark.parametrize(
    ("rows", "size", "parts"),
    [(0, 0, 1), (10, 10, 1), (400_000, 9 * 2**20, 4), (10, 2**30, 32), (0, 2**60, MOST_PARTS)],
)
def test_bytes_or_rows_decide_into_how_many_parts(rows, size, parts):
    assert count_parts(Table("", (), rows, size)) == parts


def test_numbers_are_passed_over_by_their_type():
    plan = plan_column(TextColumn("age", "int64", False), None, carried=frozenset())

    assert (plan.way, plan.why) == (Way.PASS, "its type is int64")


@pytest.mark.parametrize(
    ("cells", "way"),
    [
        (["a", "b"] * 200, Way.DISTINCT),
        ([str(number) for number in range(400)], Way.WHOLE),
        (["a"] * 10, Way.WHOLE),
        ([None] * 400, Way.WHOLE),
    ],
)
def test_few_different_cells_are_looked_at_once_each(cells, way):
    assert plan_column(TEXT, pa.array(cells, pa.string()), carried=frozenset()).way is way


@pytest.mark.parametrize("kind", [pa.string(), pa.large_binary(), pa.string_view(), pa.binary_view()])
def test_different_cells_are_counted_in_every_layout(kind):
    cells = pa.array(["a", "b", None, "a"], pa.string())

    assert sorted(count_each(cells.cast(kind))) == [1, 2]
    assert sorted(count_each(cells.dictionary_encode())) == [1, 2]


def test_cells_that_come_again_in_a_sample_tell_how_many_there_are_in_all():
    names = random.Random(7).choices(range(20_000), k=2_000)

    assert 15_000 < guess_different(list(Counter(names).values())) < 25_000


def test_a_code_that_stands_often_does_not_make_the_other_cells_few():
    cells = ["none"] * 600 + [str(number) for number in range(1_400)]

    assert plan_column(TEXT, pa.array(cells, pa.string()), carried=frozenset()).way is Way.WHOLE


def test_a_column_that_the_sample_does_not_hold_is_looked_at_whole():
    plan = plan_column(TEXT, None, carried=frozenset({"alien"}))

    assert (plan.way, plan.why, plan.carried) == (Way.WHOLE, "nothing in the sample", ("alien",))


def test_days_of_many_years_are_told_apart_though_a_sample_shows_few_of_them_twice():
    days = [f"{number:05}" for number in random.Random(2).choices(range(30_000), k=2_000)]

    assert plan_column(TEXT, pa.array(days), carried=frozenset()).way is Way.DISTINCT
