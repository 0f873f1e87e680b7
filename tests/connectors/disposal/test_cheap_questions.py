"""What is asked more cheaply means the same, whatever stands in a cell."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.conditions import Any, Compare, IsNull, Not, OneOf, all_of, share
from curtilage.connectors.disposal.nouns import Delete
from tests.connectors.disposal.worlds import HASHER, SqliteWorld, due, take_all

CELLS = [
    "2015-05-05", "2015-02-29", "2016-02-29", "2015-02-30", "2015-13-01", "2015-00-10", "2015-05-05 10:00:00",
    "2015-05-05T23:59:59Z", "2015-05-05x", "2015-5-5", "1799-12-31", "1800-01-01", "2200-01-01", "2199-12-31",
    " 2015-05-05", "2015-05-05 ", "now", "", "2015", 2015, 2457000.5, b"2015-05-05", None,
]  # fmt: skip
DAYS = [
    date(1700, 1, 1),
    date(1800, 1, 1),
    date(2015, 5, 5),
    date(2015, 5, 6),
    date(2016, 2, 29),
    date(2300, 1, 1),
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    world = SqliteWorld(tmp_path_factory.mktemp("cells") / "housing.db")
    world.run("CREATE TABLE cells (id INTEGER PRIMARY KEY, day)")
    for cell in CELLS:
        world.run("INSERT INTO cells (day) VALUES (?)", cell)
    yield world
    world.close()


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "=", "<>"])
@pytest.mark.parametrize("day", DAYS)
def test_a_day_is_found_by_the_quick_question_where_the_slow_one_finds_it(cells, operator, day):
    asked = Compare("day", operator, day)
    quick, slow = (due(table="cells", condition=each) for each in (asked, Not(Not(asked))))
    assert cells.open().keys_digest(quick) == cells.open().keys_digest(slow)


@given(
    st.lists(
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "="]), st.sampled_from(DAYS)), min_size=2, max_size=4
    )
)
def test_several_comparisons_of_one_column_become_one_stretch(cells, said):
    asked = [Compare("day", operator, day) for operator, day in said]
    joined = due(table="cells", condition=all_of(*asked))
    apart = due(table="cells", condition=Not(Any(tuple(Not(each) for each in asked))))
    disposer = cells.open()
    assert disposer.keys_digest(joined) == disposer.keys_digest(apart)


def test_cells_that_are_no_days_stay_among_rows_that_go_by_the_cheap_question(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=60)
    for number, cell in enumerate(CELLS):
        world.run("UPDATE applications SET closed_on = ? WHERE id = ?", cell, 2 * number + 1)
    disposer = world.open()
    going = disposer.count(due())
    told = {key for batch in take_all(disposer, due(), Delete(), limit=10) for key in batch.keys}
    left = set(world.ids())
    assert told == set(HASHER.keys("housing.applications", [(key,) for key in set(range(1, 61)) - left]))
    assert (len(told), disposer.count(due())) == (going, 0)
    assert {2 * CELLS.index(cell) + 1 for cell in ("2015-02-30", "now", 2015, None)} <= left
    world.close()


def test_what_conditions_share_is_asked_once():
    denied, early, late = OneOf("outcome", ("denied",)), IsNull("a"), IsNull("b")
    asked = (all_of(denied, early), denied, all_of(late, denied))
    assert share(asked) == (denied, (early, None, late))
    assert share((early, None)) == (None, (early, None))
