"""How spans in the sentences that nobody wrote a rule by are scored."""

from collections import Counter

import pytest

pytest.importorskip("pyarrow")

from bench.value_score import SCORED
from bench.value_unseen import RIGHT, compare, read_line, sentences


def test_marks_are_taken_out_of_a_line():
    line = read_line("en\tSSN [ssn|219-44-1201], [status|no papers].")
    assert line.text == "SSN 219-44-1201, no papers."
    assert [line.text[start:end] for start, end, _ in line.spans] == ["219-44-1201", "no papers"]
    assert read_line("es\tPagó con Visa.").spans == ()


def test_a_span_is_found_where_something_right_overlaps_it():
    line = read_line("en\tSSN [ssn|219-44-1201] given.")
    assert compare(line, [(2, 8, "ssn")]) == {"tp": 1}
    assert compare(line, [(16, 20, "ssn")]) == {"fn": 1}
    assert compare(line, [(4, 15, "phone")]) == {"fn": 1, "fp": 1}
    assert compare(line, [(4, 15, "ssn"), (0, 3, "full_name")]) == {"tp": 1}


def test_a_trap_is_taken_once_whatever_is_said_of_it():
    trap = read_line("en\tInvoice A012345678.")
    assert compare(trap, []) == {"traps": 1}
    assert compare(trap, [(8, 18, "alien_number"), (8, 18, "ssn")]) == {"traps": 1, "taken": 1, "fp": 2}


def test_what_goes_with_a_status_is_not_wrong_beside_one():
    line = read_line("en\t[status|Refugee] from far away.")
    assert compare(line, [(0, 7, "immigration_status"), (8, 20, "country_of_birth")]) == {"tp": 1}


def test_half_of_the_sentences_are_traps_and_every_mark_is_known():
    each = list(sentences())
    traps = Counter(bool(sentence.spans) for sentence in each)
    assert len(each) >= 300
    assert 0.4 <= traps[False] / len(each) <= 0.6
    assert {mark for sentence in each for _, _, mark in sentence.spans} <= RIGHT.keys()
    assert {category for right in RIGHT.values() for category in right} - {"state_id"} <= SCORED
