"""How what a tool says of cells and columns is scored against the made-up city's truth."""

import pytest

pytest.importorskip("pyarrow")

from bench.city_columns import TEXT
from bench.city_kinds import NUMBER
from bench.value_kinds import KINDS, LENIENT, meaning
from bench.value_score import Truth, f1, score, score_columns

NAMES = [column.names[0] for column in TEXT]
PHONE, NOTES, ORDER = NAMES.index("phone"), NAMES.index("case_notes"), NAMES.index("order_no")


def says(*categories, counts=True):
    return (frozenset(categories), counts)


def test_a_cell_is_right_where_any_category_that_is_meant_is_right():
    truth = Truth({(0, NOTES): (NUMBER["status_en"],)})
    assert score(truth, {(0, NOTES): [says("visa", "email")]}).all == {"tp": 1}
    assert score(truth, {(0, NOTES): [says("email")]}).all == {"fn": 1, "fp": 1}
    assert score(truth, {}).all == {"fn": 1}


def test_what_fills_a_column_is_not_stray():
    truth = Truth({(0, PHONE): (NUMBER["phone"],), (1, PHONE): (NUMBER["a_number"],)})
    said = {(0, PHONE): [says("phone")], (1, PHONE): [says("alien_number")]}
    assert score(truth, said).all == {"tp": 2}
    assert score(truth, said).stray == {"tp": 1}


def test_a_trap_is_taken_where_something_is_said_of_it():
    truth = Truth({(0, ORDER): (NUMBER["order9"],), (1, ORDER): (NUMBER["order9"],)})
    result = score(truth, {(0, ORDER): [says("ssn")]})
    assert result.traps == {"all": 2, "taken": 1}
    assert result.per_thousand == 500
    assert result.all == {"fp": 1}


def test_a_broad_kind_counts_where_it_is_right_and_never_as_wrong():
    truth = Truth({(0, NOTES): (NUMBER["dob"],)})
    broad = [(frozenset(meaning("DATE_TIME")[0]), meaning("DATE_TIME")[1])]
    assert score(truth, {(0, NOTES): broad, (1, NOTES): broad}).all == {"tp": 1}


def test_what_no_kind_is_about_counts_neither_way():
    assert not score(Truth({}), {(0, NOTES): [says("full_name"), says("language")]}).all


def test_only_the_first_rows_are_scored_of_a_tool_that_read_no_more():
    truth = Truth({(0, PHONE): (NUMBER["phone"],), (9, PHONE): (NUMBER["phone"],)})
    assert score(truth.until(5), {(0, PHONE): [says("phone")]}).f1 == 1.0


def test_a_column_is_told_or_missed_and_a_harmless_one_may_be_wrong():
    said = {PHONE: [says("phone")], ORDER: [says("ssn")], NOTES: [says("free_text"), says("phone")]}
    count = score_columns(said)
    sensitive = sum(bool(column.right) for column in TEXT)
    assert count == {"tp": 2, "fn": sensitive - 2, "fp": 1}
    assert 0 < f1(count) < 0.2


def test_no_kind_of_a_peer_is_both_broad_and_exact():
    assert not KINDS.keys() & LENIENT.keys()
    assert meaning("something else") == ((), False)
