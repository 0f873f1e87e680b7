"""That a report was handed in is recorded by an officer with the hash of its file, and found where it was not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from curtilage.disclosure.case.state import list_cases
from curtilage.disclosure.reports.handed_in import (
    STREAM,
    HandedIn,
    UnreadableDeliveryError,
    find_late,
    list_due,
    list_handed_in,
    record_handing_in,
    weigh_handing_in,
)
from curtilage.disclosure.reports.kinds import HandIn, load_kinds
from curtilage.disclosure.reports.spans import parse_span
from curtilage.ledger.nouns import Event
from tests.disclosure.casework import BOARD, CHIEF, CLERK, DESK, LAW, PRIVACY, RECORDS, RELEASER
from tests.disclosure.reported import LAW as ACTOR
from tests.disclosure.reported import Year, day

TODAY = date(2026, 6, 15)
MAY = HandedIn("or-monthly", "2026-05", date(2026, 6, 10), "The commission", "a" * 64, 812, "csv")


def reasons(by=LAW, **changed):
    return {each.code for each in weigh_handing_in(replace(MAY, **changed), by, today=TODAY).reasons}


def due(year, today=TODAY, packs=("or",), zone="America/Chicago"):
    return list_due(year.record, list_cases(year.record), packs=packs, zone=zone, today=today)


def spans(found):
    return [str(each.span) for each in found]


def asked_in(*months):
    """Return a year in which an immigration agency asked in some months."""
    year = Year()
    for month in months:
        year.at(day(month, 5))
        year.whole()
    return year


# --- recording -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LAW, PRIVACY, RECORDS], ids=lambda by: by.id)
def test_counsel_privacy_and_records_officers_record_it(by):
    assert reasons(by) == set()


@pytest.mark.parametrize("by", [DESK, CLERK, RELEASER, CHIEF, BOARD], ids=lambda by: by.id)
def test_nobody_else_does(by):
    assert reasons(by) == {"role"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": date(2026, 6, 16)}, "not-yet"),
        ({"on": date(2026, 5, 31)}, "not-over"),
        ({"span": "2026-Q1"}, "span"),
        ({"size_bytes": 0}, "empty"),
        ({"to": " "}, "to"),
        ({"to": "a" * 121}, "to"),
        ({"to": "The\ncommission"}, "to"),
    ],
)
def test_what_cannot_have_been_handed_in_so_is_refused(changed, code):
    assert reasons(**changed) == {code}


def test_it_stands_in_the_ledger_with_who_when_to_whom_and_the_hash_and_no_more():
    year = Year()
    entry = record_handing_in(MAY, year.record, by=PRIVACY)

    assert (entry.stream, entry.actor.id, entry.bodies) == (STREAM, "privacy", ())
    assert dict(entry.data) == {
        "report": "or-monthly",
        "span": "2026-05",
        "on": "2026-06-10",
        "to": "The commission",
        "sha256": "a" * 64,
        "size_bytes": 812,
        "form": "csv",
    }
    [read] = list_handed_in(year.record)
    assert (read.data, read.by) == (MAY, "privacy")


def test_the_same_is_recorded_once_and_a_corrected_one_beside_it():
    year = Year()
    record_handing_in(MAY, year.record, by=LAW)

    assert record_handing_in(MAY, year.record, by=PRIVACY) is None
    record_handing_in(replace(MAY, sha256="b" * 64), year.record, by=LAW)
    assert [each.data.sha256[0] for each in list_handed_in(year.record)] == ["a", "b"]


def test_what_cannot_be_read_is_said_and_nothing_is_recorded():
    year = Year()
    year.record.append(STREAM, 0, [Event("disclosure.report-handed-in", {"report": 7})], by=ACTOR)

    with pytest.raises(UnreadableDeliveryError, match="Entry 0"):
        record_handing_in(MAY, year.record, by=LAW)
    assert year.record.count() == 1


# --- what is due ---------------------------------------------------------------------------------


def test_a_month_without_such_a_request_is_not_due():
    assert spans(due(asked_in(2, 4))) == ["2026-02", "2026-04"]


def test_a_month_that_is_not_over_is_not_due():
    assert spans(due(asked_in(2, 6))) == ["2026-02"]


def test_a_request_that_turned_out_to_be_another_makes_no_month_due():
    year = Year()
    case = year.receive()
    assert spans(due(year)) == ["2026-01"]

    year.classify(case, civil_immigration=False)
    assert spans(due(year)) == []


def test_what_counsel_alone_knows_of_makes_no_month_due():
    year = Year()
    year.whole(gag=True)

    assert due(year) == ()


def test_a_report_of_counts_is_due_for_every_quarter_since_the_first_request():
    year = asked_in(3)

    assert spans(due(year, date(2026, 12, 1), ("nyc",))) == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_without_its_pack_or_without_any_request_nothing_is_due():
    assert due(asked_in(2), packs=("tx",)) == ()
    assert due(Year()) == ()


def test_the_months_are_those_of_the_citys_own_zone():
    year = Year()
    year.at(datetime(2026, 3, 1, 3, tzinfo=UTC))
    year.whole()

    assert spans(due(year)) == ["2026-02"]
    assert spans(due(year, zone="UTC")) == ["2026-03"]


def test_the_first_time_that_it_was_handed_in_counts():
    year = asked_in(5)
    record_handing_in(MAY, year.record, by=LAW)
    record_handing_in(replace(MAY, on=date(2026, 6, 14), sha256="b" * 64), year.record, by=LAW)
    [found] = due(year)

    assert found.handed.data == MAY
    assert not found.is_late(date(2027, 1, 1))


# --- what is late --------------------------------------------------------------------------------


def test_reports_are_late_the_day_after_their_day_and_told_kind_by_kind():
    year = asked_in(2, 3, 5)
    [found] = find_late(due(year), date(2026, 6, 15))

    assert found.rule.code == "disclosure.report-not-handed-in"
    assert found.state == "2026-02, 2026-03"
    assert "2026-02, 2026-03: the first to be handed in by 2026-03-30. ORS 181A.826." in found.message
    [last] = [each for each in due(year) if str(each.span) == "2026-03"]
    assert (last.is_late(date(2026, 4, 30)), last.is_late(date(2026, 5, 1))) == (False, True)


def test_no_finding_says_who_asked():
    [found] = find_late(due(asked_in(2)), TODAY)

    assert "Canary" not in repr(found)


@pytest.mark.parametrize(
    ("span", "by"),
    [("2024-2025", date(2026, 7, 31)), ("2026-2027", date(2028, 7, 31))],
)
def test_the_agencys_report_is_due_on_the_last_of_july_of_every_second_year(span, by):
    assert load_kinds()["nyc-biennial"].hand_in.find_day(parse_span(span).last) == by


def test_a_day_of_the_year_in_which_a_span_ends_may_still_come():
    assert HandIn(day="07-31").find_day(date(2026, 6, 30)) == date(2026, 7, 31)
    assert HandIn(day="07-31").find_day(date(2026, 7, 31)) == date(2027, 7, 31)


@pytest.mark.parametrize("kind", load_kinds().values(), ids=lambda kind: kind.id)
def test_what_a_statute_asks_for_has_a_day_and_what_none_asks_for_has_none(kind):
    assert bool(kind.hand_in) == bool(kind.cite)
    if kind.hand_in:
        assert bool(kind.hand_in.days) != bool(kind.hand_in.day)
