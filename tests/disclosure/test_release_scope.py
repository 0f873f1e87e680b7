"""How far a release reaches, as a person writes it: all problems at once, and never a word of the file."""

from datetime import date

import pytest

from curtilage.disclosure.release.scope import (
    BadScopeError,
    BrokenScopeError,
    read_scope,
    scope_from_json,
)
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.guarded import Guarded

GOOD = b"""\
period: {since: 2016-01-01, until: 2016-12-31}
records:
  - in: housing_db.applicants
    about: [CANARY-1007, "0042"]
    fields: [full_name, address]
    dated_by: received_on
  - in: library_db.cards
    about: [CANARY-1007]
    fields: [full_name]
"""


def _problems(text):
    with pytest.raises(BadScopeError) as caught:
        read_scope(text.encode())
    assert "CANARY" not in str(caught.value)
    return [problem.what for problem in caught.value.problems]


def test_a_scope_says_people_fields_systems_and_period():
    scope = read_scope(GOOD)
    assert (scope.since, scope.until) == (date(2016, 1, 1), date(2016, 12, 31))
    assert scope.systems == ("housing_db", "library_db")
    assert scope.fields[0] == "housing_db.applicants.address"
    assert scope.lines[0].about[1] == Guarded("0042")


def test_the_same_identifier_in_two_systems_is_two_people():
    assert read_scope(GOOD).subjects == 3


def test_a_scope_does_not_print_about_whom_it_is():
    assert "CANARY" not in repr(read_scope(GOOD))


def test_a_scope_comes_back_from_what_the_case_holds():
    import json

    scope = read_scope(GOOD)
    assert scope_from_json(json.loads(canonical_bytes(scope.to_json()))) == scope


def test_json_is_read_as_well():
    said = b'{"period": {"since": "2016-01-01"}, "records": [{"in": "a.b", "about": ["x"], "fields": ["f"]}]}'
    assert read_scope(said).until is None


def test_that_the_paper_names_no_period_is_said_in_words():
    scope = read_scope(GOOD.replace(b"{since: 2016-01-01, until: 2016-12-31}", b"none named"))
    assert (scope.since, scope.until) == (None, None)


@pytest.mark.parametrize(
    "text", ["", "period: none named", "records: []", "- a", "[", "period: {}\nrecords: ~"]
)
def test_what_is_empty_is_refused(text):
    assert _problems(text)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("period: {since: 2016-01-01, until: 2016-12-31}\n", "", "It is not said which period the paper names."),
        ("since: 2016-01-01, until: 2016-12-31", "since: 2017-01-01, until: 2016-12-31", "The period ends before it begins."),
        ("since: 2016-01-01", "since: 01/01/2016", "A day cannot be read."),
        ('[CANARY-1007, "0042"]', "[]", "It is not said about whom: a release is about people that the paper names."),
        ('[CANARY-1007, "0042"]', '["*"]', "Something under about would stand for everybody, or for nobody."),
        ('[CANARY-1007, "0042"]', "['CANARY%']", "Something under about would stand for everybody, or for nobody."),
        ('[CANARY-1007, "0042"]', "[everyone]", "Something under about would stand for everybody, or for nobody."),
        ('[CANARY-1007, "0042"]', "['']", "Something under about is empty."),
        ("[full_name, address]", "[]", "fields names no column, or an empty one."),
        ("[full_name, address]", "['*']", "fields names every column."),
        ("in: housing_db.applicants", "in: housing_db", "A place has a system and a table."),
        ("library_db.cards", "housing_db.applicants", "A place stands twice."),
        ("dated_by: received_on", "CANARY: received_on", "An entry has a key that is not known."),
        ("dated_by: received_on", "named_by_order: [ssn]", "named_by_order has what fields has not."),
    ],
)  # fmt: skip
def test_each_mistake_has_its_message(old, new, what):
    text = GOOD.decode()
    assert old in text
    assert what in _problems(text.replace(old, new))


def test_more_people_than_an_order_names_go_to_counsel():
    many = ", ".join(f"CANARY-{number}" for number in range(501))
    (what,) = _problems(GOOD.decode().replace('CANARY-1007, "0042"', many))
    assert what.startswith("More than 500 people")


def test_all_problems_are_told_at_once_with_their_lines():
    with pytest.raises(BadScopeError) as caught:
        read_scope(b"records:\n  - about: []\n    fields: []\n", "order.yml")
    told = [(problem.path, problem.line) for problem in caught.value.problems]
    assert told == [("order.yml", 1), ("order.yml", 2), ("order.yml", 2), ("order.yml", 3)]
    assert "period: {since: 2016-01-01" in str(caught.value)


@pytest.mark.parametrize(
    "said", [None, {}, {"records": []}, {"records": [{"in": "a.b"}], "since": None, "until": None}]
)
def test_a_broken_scope_of_the_case_is_evidence(said):
    with pytest.raises(BrokenScopeError):
        scope_from_json(said)
