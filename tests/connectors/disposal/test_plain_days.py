"""A column in which every cell is a day is counted by bare comparisons; any other one with care, to the same counts."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal import plain_days
from curtilage.connectors.disposal.conditions import Any, Compare, IsNull, Not, OneOf, all_of
from curtilage.connectors.disposal.plain_days import (
    NotPlainError,
    PlainDays,
    ask_days_of_one,
    ends_within,
    stretch_of,
)
from tests.connectors.disposal.test_cheap_questions import CELLS, DAYS
from tests.connectors.disposal.worlds import SqliteWorld, due

EARLY, LATE = Compare("day", "<", date(2015, 5, 6)), Compare("day", ">=", date(2015, 5, 6))
ASKED = (EARLY, LATE, None)
PLAIN = ["2015-05-05", "2016-02-29", "1800-01-01", "1799-12-31", "2199-12-31", "2200-01-01", "", 2015, None]


def make(folder, cells, declared="day"):
    world = SqliteWorld(Path(folder) / "housing.db")
    world.run(f"CREATE TABLE cells (id INTEGER PRIMARY KEY, {declared}, kind)")
    for number, cell in enumerate(cells):
        world.run("INSERT INTO cells (day, kind) VALUES (?, ?)", cell, number % 2)
    return world


def measured(world, asked=ASKED):
    """Return what is counted, and how many questions about cells it took."""
    disposer, questions = world.open(), []
    disposer._connection.set_trace_callback(questions.append)
    found = disposer.measure(due(table="cells", condition=EARLY), asked, column="day")
    return found, sum("count(" in each for each in questions)


def with_care(world, asked=ASKED):
    """Count each by itself, by the question that looks at every cell."""
    disposer = world.open()
    return tuple(
        disposer.count(due(table="cells", condition=Not(Not(each)) if each else Any((IsNull("id"), Not(IsNull("id"))))))
        for each in asked
    )  # fmt: skip


def test_a_column_of_days_is_asked_once(tmp_path):
    world = make(tmp_path, PLAIN)
    found, questions = measured(world)
    assert (found.counts, questions) == (with_care(world), 1)
    assert (found.oldest, found.newest) == (date(1800, 1, 1), date(2015, 5, 5))
    world.close()


@pytest.mark.parametrize("cell", [each for each in CELLS if each not in PLAIN] + ["2015-05-05,2015-05-04"])
@pytest.mark.parametrize("declared", ["day", "day date", "day text COLLATE NOCASE", "day text COLLATE RTRIM"])
def test_one_cell_that_is_no_bare_day_lets_all_be_asked_with_care(tmp_path, cell, declared):
    world = make(tmp_path, [*PLAIN, cell], declared)
    found, _ = measured(world)
    assert found.counts == with_care(world)
    world.close()


@given(
    st.lists(st.sampled_from(CELLS + PLAIN), max_size=8),
    st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "="]), st.sampled_from(DAYS)), min_size=1),
)
def test_whatever_is_asked_of_whatever_stands_there_the_counts_are_those_of_care(cells, said):
    asked = [
        *(Compare("day", operator, day) for operator, day in said),
        Not(EARLY),
        OneOf("kind", (1,)),
        None,
    ]
    with tempfile.TemporaryDirectory() as folder:
        world = make(folder, cells)
        found, careful = measured(world, asked)[0], with_care(world, asked)
        world.close()
    assert found.counts == careful


def test_a_database_that_writes_in_sixteen_bits_is_understood(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.run("PRAGMA encoding = 'UTF-16le'")
    world.run("CREATE TABLE cells (id INTEGER PRIMARY KEY, day)")
    for cell in [*PLAIN, "\u3231\u3230", "2015-05-05\u00e9"]:
        world.run("INSERT INTO cells (day) VALUES (?)", cell)
    assert measured(world)[0].counts == with_care(world)
    world.close()


def test_a_column_of_moments_ends_the_quick_question_at_once(monkeypatch):
    days = PlainDays()
    with pytest.raises(NotPlainError):
        days.step("2015-05-05 10:00:00")
    monkeypatch.setattr(plain_days, "_MOST", 1)
    days.step("2015-05-05")
    with pytest.raises(NotPlainError):
        days.step("2015-05-06")


def test_what_is_asked_besides_days_of_one_column_is_asked_with_care():
    assert ask_days_of_one([all_of(EARLY, OneOf("kind", ("a", 1))), Not(IsNull("kind")), None], "day")
    assert not ask_days_of_one([Any((EARLY, Compare("other", "=", date(2015, 1, 1))))], "day")
    assert not ask_days_of_one([OneOf("day", (date(2015, 1, 1),))], "day")
    assert stretch_of(all_of(EARLY, OneOf("kind", ("a",))), "day") is None
    assert stretch_of(None, "day") is None
    assert stretch_of(Compare("day", "<>", date(2015, 1, 1)), "day") is None
    assert ends_within("", (date(2015, 1, 1), date(2016, 1, 1))) == (None, None)
