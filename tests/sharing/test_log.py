"""What a file of a log comes to."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.sharing.log import NoAccessError
from curtilage.sharing.nouns import MASKED, NOT_KEPT, NOT_NAMED, AccessLog, Use
from tests.sharing.logs import count, open_book, put, read_log


def test_accesses_are_counted_by_body_reason_and_month():
    counted, _ = count(
        "2016-12-31 Northfield IL PD|stolen car",
        "2016-12-30 NORTHFIELD  IL PD|Stolen",
        "2017-01-01 Beloit WI PD|yearly count",
    )

    assert counted.uses == (
        Use("* WI PD", "yearly count", "2017-01", 1),
        Use("Northfield IL PD", "stolen-vehicle", "2016-12", 2),
    )
    assert (counted.first, counted.last, counted.rows) == (date(2016, 12, 30), date(2017, 1, 1), 3)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Danville IL PD", "Danville IL PD"),
        ("U.S. Customs and Border Protection", "U.S. Customs and Border Protection"),
        ("ICE", "ICE"),
        ("Jane Canary", NOT_KEPT),
        ("jane.canary@police.example", NOT_KEPT),
        ("Officer Canary police 555-0100", NOT_KEPT),
        ("AB12345", NOT_KEPT),
        ("police " * 20, NOT_KEPT),
        ("sheriff\x1b[2J", NOT_KEPT),
        ("", NOT_NAMED),
        ("***", MASKED),
        ("REDACTED", MASKED),
    ],
)
def test_only_a_body_is_kept_by_its_name(written, kept):
    counted, _ = count(f"2017-01-01 {written}|stolen")

    assert [use.recipient for use in counted.uses] == [kept]


def test_what_a_practice_declares_is_kept_in_its_own_words():
    from curtilage.sharing.log import Declared

    counted, _ = count("2017-01-01 ACME 4711|x", declared=Declared(("Acme *",)))

    assert counted.uses[0].recipient == "Acme *"


def test_rows_to_look_at_are_told_by_their_numbers():
    counted, _ = count(
        "2017-01-01 Northfield IL PD|stolen",
        "soon Northfield IL PD|stolen",
        "2017-02-23 Northfield IL PD|stolen",
        "2017-01-02 Jane Canary|who knows",
    )

    assert (counted.undated.rows, counted.undated.first) == (2, (2, 3))
    assert (counted.unkept.first, counted.other.first) == ((4,), (4,))


def test_a_file_of_which_nothing_counts_is_refused():
    with pytest.raises(NoAccessError, match="Of 1 rows"):
        count("soon Northfield IL PD|x")


def test_the_same_file_again_changes_nothing():
    ledger = open_book()
    rows = ["2017-01-01 Northfield IL PD|stolen", "2017-01-31 Danville IL PD|x"]

    assert [put(ledger, *rows), put(ledger, *rows)] == [True, False]
    assert read_log(ledger, "plates").version == 2


def test_a_day_that_two_exports_share_is_counted_once():
    ledger = open_book()
    put(ledger, "2017-01-01 Northfield IL PD|stolen", "2017-02-01 Northfield IL PD|stolen")
    log = read_log(ledger, "plates")

    counted, instead = count(
        "2017-02-01 Northfield IL PD|stolen", "2017-02-02 Northfield IL PD|stolen", log=log
    )

    assert (counted.rows, counted.known.rows, counted.known.first, instead) == (1, 1, (1,), ())


def test_a_fuller_export_takes_the_place_of_those_it_covers():
    ledger = open_book()
    put(ledger, "2017-01-03 Northfield IL PD|stolen")
    put(ledger, "2017-01-10 Northfield IL PD|stolen")
    put(ledger, "2017-01-01 Northfield IL PD|stolen", "2017-01-31 Northfield IL PD|stolen")

    log = read_log(ledger, "plates")

    assert [(each.first, each.rows) for each in log.readings] == [(date(2017, 1, 1), 2)]
    assert log.list_uses() == (Use("Northfield IL PD", "stolen-vehicle", "2017-01", 2),)


def test_a_log_with_more_bodies_than_an_entry_holds_comes_back_whole():
    ledger = open_book()
    rows = [f"2017-01-{1 + number % 28:02} Agency of {'é' * 60} {number:04}|stolen" for number in range(900)]
    put(ledger, *rows)

    log = read_log(ledger, "plates")

    assert log.version > 2
    assert sum(use.times for use in log.list_uses()) == 900


DAYS = st.dates(date(2016, 1, 1), date(2017, 2, 22))


@given(st.lists(st.lists(DAYS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_no_day_is_ever_counted_by_two_readings(files):
    ledger = open_book()
    for days in files:
        try:
            put(ledger, *(f"{day} Northfield IL PD|stolen" for day in days))
        except NoAccessError:
            continue  # all of them were told of

    readings = read_log(ledger, "plates").readings
    assert all(one.last < other.first for one, other in itertools.pairwise(readings))


@given(st.text(), st.text(), st.text())
def test_no_row_of_any_kind_ends_the_reading(moment, recipient, purpose):
    from curtilage.sharing.log import Declared, count_log
    from curtilage.sharing.nouns import Access
    from tests.sharing.logs import TODAY, ZONE

    rows = [Access(moment, recipient, purpose), Access("2017-01-01", "Northfield IL PD", "stolen")]
    counted, _ = count_log(rows, Declared(), AccessLog("plates"), zone=ZONE, today=TODAY)

    assert counted.rows + counted.undated.rows == 2
