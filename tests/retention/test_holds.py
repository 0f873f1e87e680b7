"""What is held stays, in doubt too; placing and releasing are recorded; nobody's name is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.conditions import Compare, IsNull, Not, OneOf
from curtilage.connectors.disposal.nouns import Target
from curtilage.ledger.ports import StreamMovedError
from curtilage.retention.authorise import find_officer
from curtilage.retention.holds import (
    Holds,
    covers,
    place_hold,
    read_holds,
    release_hold,
    review_hold,
    scope_from_json,
    scope_to_json,
    weigh_placing,
    weigh_release,
    weigh_review,
    what_stays,
)
from curtilage.retention.nouns import Along, Scope
from curtilage.testing.clock import StoppedClock
from tests.retention.books import COUNSEL, HASHER, RECORDS, open_book, people, placed, put_hold
from tests.retention.declared import load
from tests.retention.evaluate import evaluate
from tests.retention.plans import ITEM

TODAY = date(2017, 2, 22)
LINE = replace(ITEM, along=(Along("tags", 1),))


def stays(item, holds, row, table="applications"):
    """Return whether a row surely may go, as a driver asks it: not spared, and not unknown."""
    condition = what_stays(item, holds, table)
    return condition is not None and evaluate(Not(condition), row, HASHER) is not True


def holds_on(*scopes):
    book = open_book()
    for number, scope in enumerate(scopes):
        put_hold(book, f"h-{number}", scope)
    return read_holds(book)


# --- what stays ----------------------------------------------------------------------------------


def test_nothing_stays_where_no_hold_stands():
    assert what_stays(LINE, Holds(), "applications") is None
    assert what_stays(LINE, Holds(), "tags") is None


def test_a_person_under_a_hold_is_spared_and_another_is_not():
    holds = holds_on(Scope(subjects=people("p-1")))

    assert stays(LINE, holds, {"person": "p-1"})
    assert not stays(LINE, holds, {"person": "p-2"})


def test_a_row_that_says_nobody_stays_under_a_hold_on_people():
    assert stays(LINE, holds_on(Scope(subjects=people("p-1"))), {"person": None})


def test_a_table_whose_subject_nobody_declared_stays_whole_under_a_hold_on_people():
    line = replace(LINE, target=replace(LINE.target, subject=""))

    assert stays(line, holds_on(Scope(subjects=people("p-1"))), {"person": "p-2", "outcome": "denied"})


def test_a_condition_holds_what_it_is_true_or_unknown_for():
    holds = holds_on(Scope(condition=Compare("district", "=", 5)))

    assert stays(LINE, holds, {"district": 5})
    assert stays(LINE, holds, {"district": None})
    assert not stays(LINE, holds, {"district": 4})


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), True),
        (Scope(series=frozenset({"hsg-014"})), True),
        (Scope(series=frozenset({"hsg-099"})), False),
        (Scope(systems=frozenset({"housing"})), True),
        (Scope(systems=frozenset({"files"})), False),
        (Scope(series=frozenset({"hsg-014"}), systems=frozenset({"files"})), False),
    ],
    ids=str,
)
def test_series_and_systems_limit_a_hold(scope, expected):
    assert stays(LINE, holds_on(scope), {"outcome": "denied"}) is expected


def test_several_holds_spare_what_any_of_them_spares():
    holds = holds_on(Scope(subjects=people("p-1")), Scope(condition=OneOf("outcome", ("appealed",))))

    assert stays(LINE, holds, {"person": "p-1", "outcome": "denied"})
    assert stays(LINE, holds, {"person": "p-2", "outcome": "appealed"})
    assert not stays(LINE, holds, {"person": "p-2", "outcome": "denied"})


def test_what_goes_along_stays_while_its_own_series_keeps_it():
    notes = Along("notes", 12, "notes-1", Compare("made_on", "<", date(2012, 1, 1)))
    line = replace(LINE, along=(notes,))

    assert stays(line, Holds(), {"made_on": date(2013, 1, 1)}, "notes")
    assert stays(line, Holds(), {"made_on": None}, "notes")
    assert not stays(line, Holds(), {"made_on": date(2011, 1, 1)}, "notes")


def test_what_goes_along_is_held_with_its_own_series_and_its_own_person():
    notes = Along("notes", 12, "notes-1", Compare("made_on", "<", date(2012, 1, 1)), subject="about")
    line, row = replace(LINE, along=(notes,)), {"made_on": date(2011, 1, 1), "about": "p-1"}

    assert stays(line, holds_on(Scope(subjects=people("p-1"))), row, "notes")
    assert not stays(line, holds_on(Scope(subjects=people("p-2"))), row, "notes")
    assert stays(line, holds_on(Scope(series=frozenset({"notes-1"}))), row, "notes")


scopes = st.builds(
    Scope,
    st.frozensets(st.sampled_from(["hsg-014", "hsg-099"])),
    st.frozensets(st.sampled_from(["housing", "files"])),
    st.frozensets(st.sampled_from(sorted(people("p-1", "p-2")))),
    st.none() | st.just(Compare("district", "=", 5)) | st.just(IsNull("district")),
)


@given(
    st.lists(scopes, max_size=3),
    st.fixed_dictionaries(
        {"person": st.sampled_from(["p-1", "p-2", "p-3", None]), "district": st.sampled_from([4, 5, None])}
    ),
    st.sampled_from(["person", ""]),
)
def test_whoever_may_be_meant_stays(found, row, subject):
    line = replace(LINE, target=replace(LINE.target, subject=subject))
    holds = holds_on(*found)

    def may_be_meant(hold):
        scope = hold.scope
        named = not scope.subjects or row["person"] is None or HASHER.subject(row["person"]) in scope.subjects
        asked = scope.condition is None or evaluate(scope.condition, row) is not False
        return covers(hold, {"hsg-014"}, "housing") and (named or not subject) and asked

    if any(may_be_meant(hold) for hold in holds.holds):
        assert stays(line, holds, row)
    if stays(line, holds, row):
        assert any(map(may_be_meant, holds.holds))


# --- the ledger ----------------------------------------------------------------------------------


def test_a_hold_is_placed_reviewed_and_released():
    clock = StoppedClock()
    book = open_book(clock)
    put_hold(book, scope=Scope(subjects=people("p-1")), subjects=1)
    clock.move(timedelta(days=30))
    review_hold(book, "h-1", date(2017, 12, 1), by=RECORDS)
    standing = read_holds(book)
    clock.move(timedelta(days=30))
    release_hold(book, "h-1", "Order 17 of 2017", by=COUNSEL)
    released = read_holds(book, standing)

    assert standing.list_standing()[0].scope.subjects == people("p-1")
    assert standing.holds[0].review == date(2017, 12, 1)
    assert released.list_standing() == ()
    assert released.holds[0].reference == "Order 17 of 2017"
    assert released == read_holds(book)


def test_whom_a_hold_names_does_not_stand_in_its_entry_and_is_gone_once_it_is_released():
    book = open_book()
    entry = put_hold(book, scope=Scope(subjects=people("p-1"), condition=Compare("name", "=", "CANARY")))
    ref = entry.bodies[0]

    assert next(iter(people("p-1"))) not in str(entry.data)
    assert "CANARY" not in str(entry.data)
    assert "CANARY" in book.open_body(ref).unsafe_reveal()
    assert "CANARY" not in repr(read_holds(book))
    release_hold(book, "h-1", "Order 17", by=COUNSEL)
    with pytest.raises(Exception, match="destroyed"):
        book.open_body(ref)


def test_a_hold_whose_scope_is_lost_holds_everything():
    book = open_book()
    entry = put_hold(book, scope=Scope(series=frozenset({"hsg-099"})))
    before = read_holds(book)
    book.destroy_body(entry.bodies[0], by=COUNSEL, reason="by mistake")

    assert not stays(LINE, before, {"outcome": "denied"})
    assert stays(LINE, read_holds(book), {"outcome": "denied"})


def test_a_hold_is_placed_once():
    book = open_book()
    put_hold(book)

    with pytest.raises(StreamMovedError):
        put_hold(book)


@given(scopes)
def test_a_scope_comes_back_as_it_went(scope):
    assert scope_from_json(dict(scope_to_json(scope))) == scope


@pytest.mark.parametrize(
    "said", [None, [], {}, {"series": 5, "systems": [], "subjects": [], "condition": None}]
)
def test_what_is_no_scope_is_refused(said):
    with pytest.raises(ValueError, match=r"scope|list"):
        scope_from_json(said)


# --- who may, and how ----------------------------------------------------------------------------


def weigh(scope=None, **changed):
    found = weigh_placing(load(), Holds(), placed(**changed), scope or Scope(), today=TODAY, review_days=180)
    return [reason.code for reason in found.reasons]


def test_a_hold_that_says_all_may_be_placed():
    assert weigh(Scope(series=frozenset({"hsg-014"}), systems=frozenset({"housing"}))) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"matter": "Maria Lopez"}, "matter"),
        ({"matter": ""}, "matter"),
        ({"ground": "because"}, "ground"),
        ({"issuer": " "}, "issuer"),
        ({"review": TODAY}, "review"),
        ({"review": date(2018, 1, 1)}, "review"),
    ],
)
def test_a_hold_that_lacks_a_part_is_refused(changed, code):
    assert weigh(**changed) == [code]


def test_a_hold_on_what_is_not_declared_is_refused():
    scope = Scope(series=frozenset({"hsg-14"}), systems=frozenset({"houses"}))

    assert weigh(scope) == ["unknown-scope", "unknown-scope"]


def test_counsel_releases_and_nobody_else():
    declared, hold = load(), holds_on(Scope()).holds[0]

    assert weigh_release(hold, find_officer(declared, "law"), "Order 17")
    assert [r.code for r in weigh_release(hold, find_officer(declared, "rec"), "Order 17").reasons] == [
        "not-counsel"
    ]
    assert [r.code for r in weigh_release(hold, find_officer(declared, "law"), "").reasons] == ["reference"]


def test_what_was_released_is_neither_reviewed_nor_released_again():
    book = open_book()
    put_hold(book)
    release_hold(book, "h-1", "Order 17", by=COUNSEL)
    hold = read_holds(book).holds[0]

    assert not weigh_release(hold, find_officer(load(), "law"), "Order 18")
    assert not weigh_review(hold, date(2017, 3, 1), today=TODAY, review_days=180)


def test_a_hold_on_the_same_id_is_refused():
    holds = holds_on(Scope())
    found = weigh_placing(load(), holds, placed("h-0"), Scope(), today=TODAY, review_days=180)

    assert [reason.code for reason in found.reasons] == ["known-hold"]


def test_an_anchor_is_a_column_of_the_table():
    keyed = replace(LINE, target=Target("housing", "applications", LINE.target.condition, key=("id",)))
    condition = what_stays(keyed, holds_on(Scope()), "applications")

    assert evaluate(condition, {"id": 5}) is True
    assert evaluate(condition, {"id": None}) is True


def test_place_hold_seals_the_scope_under_its_series():
    entry = place_hold(open_book(), placed(), Scope(), by=COUNSEL, kept_under="curtilage.holds")

    assert [(ref.name, ref.series) for ref in entry.bodies] == [("scope", "curtilage.holds")]
