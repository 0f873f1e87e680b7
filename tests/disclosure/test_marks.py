"""Marks and clocks of real cases: what is recorded starts and ends them, and what is taken back does not."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act, open_case
from curtilage.disclosure.policy.words import SURE
from curtilage.disclosure.times.business_days import make_calendars
from curtilage.disclosure.times.clocks import Present, State, list_clocks, run_clocks
from curtilage.disclosure.times.deadlines import (
    CITY_FILE,
    find_problems,
    load_deadlines,
    name_packs,
    read_deadlines,
)
from curtilage.disclosure.times.marks import read_known
from curtilage.disclosure.times.reminders import find_recorded
from curtilage.foundation.errors import DeclarationError
from tests.disclosure.casework import (
    BOARD,
    CITY,
    DESK,
    LAW,
    NOON,
    PLAN,
    PRIVACY,
    RELEASER,
    TODAY,
    asked,
    begin,
    classified,
    decide,
    done,
    emergency,
    identified,
    make_desk,
    ready,
    received,
    released,
    step,
)

CALENDARS = make_calendars()


def look(desk, *, packs=(), later=0):
    """Return the clocks of all cases by id, some days from now."""
    present = Present(NOON + timedelta(days=later), TODAY + timedelta(days=later))
    clocks = list_clocks(desk.ledger, CALENDARS, packs=packs, zone=CITY.zone, present=present)
    return {clock.id: clock for clock in clocks}


def findings(desk, *, later=0):
    present = Present(NOON + timedelta(days=later), TODAY + timedelta(days=later))
    found = find_recorded(desk.ledger, CALENDARS, packs=(), zone=CITY.zone, present=present)
    return {(finding.rule.code, finding.subject.rpartition(" ")[2]) for finding in found}


def test_what_just_came_waits_to_be_taken_on_and_classified():
    desk = make_desk()
    done(open_case(desk, received(), by=DESK))

    assert set(look(desk)) == {"take-it-on", "say-what-it-is"}
    assert {clock.state for clock in look(desk).values()} == {State.SOON}
    assert findings(desk, later=2) >= {("disclosure.own-time-passed", "take-it-on")}


def test_taking_it_on_and_classifying_end_their_clocks():
    desk = make_desk()
    case = begin(desk, "i-200", return_by=None)
    done(act(desk, case, ev.Assigned("privacy"), by=PRIVACY))

    assert {look(desk)[name].state for name in ("take-it-on", "say-what-it-is")} == {State.MET}


def test_the_papers_day_is_counted_from_the_last_classification():
    desk = make_desk()
    case = begin(desk, "i-138", return_by=TODAY + timedelta(days=20))
    assert look(desk)["return-date"].due == TODAY + timedelta(days=20)

    done(act(desk, case, classified("i-138", return_by=TODAY + timedelta(days=3)), by=LAW))
    assert look(desk)["return-date"].due == TODAY + timedelta(days=3)


def test_a_subpoena_without_a_day_is_a_finding_until_somebody_found_out():
    desk = make_desk()
    begin(desk, "i-138", return_by=None)

    assert ("disclosure.return-date-missing", "return-date-is-missing") in findings(desk, later=3)
    assert ("disclosure.not-preserved", "hold") in findings(desk)


def test_a_decision_that_was_taken_back_starts_no_clock():
    desk = make_desk()
    case = begin(desk, "i-200", civil_immigration=True, return_by=None)
    paper = identified("immigration-agency", "immigration-officer", "yes", "in-person")
    done(act(desk, case, paper, *asked(in_force="yes", scope="not-stated"), by=LAW))
    decide(desk, case)
    assert "answer-goes-out" in look(desk)

    done(act(desk, case, *asked(locator="yes"), by=LAW))
    assert "answer-goes-out" not in look(desk)


def test_a_hold_without_a_day_is_looked_at_after_two_weeks_and_lifting_ends_it():
    desk = make_desk()
    case = begin(desk)
    done(act(desk, case, ev.Held("counsel", None), by=LAW))
    assert look(desk)["hold-is-looked-at"].due == TODAY + timedelta(days=14)

    done(act(desk, case, ev.HoldLifted("counsel"), by=LAW))
    assert "hold-is-looked-at" not in look(desk)


def test_of_two_holds_the_sooner_day_counts():
    desk = make_desk()
    case = begin(desk)
    done(act(desk, case, ev.Held("counsel", TODAY + timedelta(days=9)), by=LAW))
    done(act(desk, case, ev.Held("motion", TODAY + timedelta(days=4)), by=LAW))

    assert look(desk)["hold-until"].due == TODAY + timedelta(days=4)


def release(desk):
    case = ready(desk)
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    done(act(desk, case, released(), by=RELEASER))
    return case


def test_what_left_is_told_to_the_subject_within_three_business_days():
    desk = make_desk()
    case = release(desk)
    assert look(desk)["subject-notice"].due == date(2026, 11, 27)
    assert ("disclosure.not-preserved", "hold") not in findings(desk)
    assert ("disclosure.subject-not-told", "subject-notice") in findings(desk, later=7)

    done(act(desk, case, ev.Noticed("subject", "mail", TODAY), by=PRIVACY))
    assert look(desk)["subject-notice"].state is State.MET


def test_an_order_of_silence_puts_the_notice_off_until_it_ends():
    desk = make_desk()
    case = release(desk)
    until = TODAY + timedelta(days=30)
    withheld = step(ev.NoticeWithheld("18 U.S.C. 2705(b)", until), gag="Tell nobody.")
    done(act(desk, case, withheld, by=LAW))

    assert "subject-notice" not in look(desk)
    assert look(desk)["silence-ends"].due == date(2026, 12, 29)
    assert ("disclosure.subject-not-told", "silence-ends") in findings(desk, later=40)


def test_a_later_order_without_end_takes_the_place_of_one_with_an_end():
    desk = make_desk()
    case = release(desk)
    for until in (TODAY + timedelta(days=30), None):
        done(act(desk, case, step(ev.NoticeWithheld("Order 17", until), gag="Tell nobody."), by=LAW))

    assert "silence-ends" not in look(desk)
    assert look(desk)["silence-without-end"].due == TODAY + timedelta(days=90)


def test_an_emergency_is_reviewed_within_a_day_and_a_review_that_asks_for_more_does_not_end_it():
    desk = make_desk()
    case = emergency(desk)
    assert look(desk)["review-within-24-hours"].moment == NOON + timedelta(hours=24)
    assert ("disclosure.review-overdue", "review-within-24-hours") in findings(desk, later=2)

    done(act(desk, case, ev.Reviewed("board", "more", "record-incomplete"), by=BOARD))
    assert look(desk)["review-within-24-hours"].state is State.SOON
    done(act(desk, case, ev.Reviewed("board", "proper", "none"), by=BOARD))
    assert look(desk)["review-within-24-hours"].state is State.MET


def test_of_a_case_of_counsels_alone_a_finding_says_nothing_but_that():
    desk = make_desk()
    begin(desk, "court-order", gag=True)
    present = Present(NOON + timedelta(days=5), TODAY + timedelta(days=5))
    found = [*find_recorded(desk.ledger, CALENDARS, packs=(), zone=CITY.zone, present=present)]
    told = [finding.message for finding in found if "No hold" not in finding.message]

    assert told
    assert all("counsel's alone" in message for message in told)


def test_where_nobody_ever_asked_there_are_no_findings():
    assert findings(make_desk()) == set()


@pytest.mark.parametrize("row", load_deadlines(), ids=lambda row: row.id)
def test_nothing_is_wrong_with_a_deadline_that_ships(row):
    assert list(find_problems(row)) == []
    assert set(row.says) == {"en", "es"}


@pytest.mark.parametrize("row", load_deadlines(), ids=lambda row: row.id)
def test_a_deadline_has_a_source_that_can_be_found_again(row):
    sources = tomllib.loads((Path(__file__).parents[2] / "docs/sources.toml").read_text("utf-8"))

    assert row.source in sources
    assert row.sure in SURE


def test_packs_are_named_as_a_citys_file_names_them():
    assert name_packs(("us", "US-WA", "or")) == ("us-federal", "wa", "or")


def test_a_time_beyond_the_calendar_ends_with_it():
    desk = make_desk()
    begin(desk, "records-request", served=None, issued=None)
    entries = desk.ledger.read(desk.ledger.list_streams("disclosure/case-")[0])
    known = read_known(entries, CITY.zone)
    row = next(row for row in load_deadlines() if row.id == "records-ca")
    far = replace(row, within={"days": 10**7}, packs=())
    [clock] = run_clocks(known, CALENDARS, packs=(), present=Present(NOON, TODAY), deadlines=[far])

    assert clock.due == date.max


# --- a city's own times ----------------------------------------------------------------------------

OWN = """\
- id: records-here
  says: {en: "Acknowledge the records request"}
  when: {family: records-request}
  start: [received]
  within: {business_days: 2}
  counts: least
  until: [acknowledged, answered, closed]
  who: records
  cite: "City Code 2-14"
  source: city-code
  sure: text
  replaces: records-anywhere
"""


def own(folder, text):
    (folder / CITY_FILE).parent.mkdir(parents=True, exist_ok=True)
    (folder / CITY_FILE).write_text(text, "utf-8")
    return read_deadlines(folder)


def test_a_time_of_the_citys_own_takes_the_place_of_one_that_ships(tmp_path):
    desk = make_desk()
    begin(desk, "records-request", issued=None, served=None)
    rows, present = own(tmp_path, OWN), Present(NOON, TODAY)
    clocks = list_clocks(desk.ledger, CALENDARS, packs=(), zone=CITY.zone, present=present, deadlines=rows)
    found = {clock.id: clock for clock in clocks}

    assert found["records-here"].due == date(2026, 11, 25)
    assert "records-anywhere" not in found


def test_a_city_without_times_of_its_own_has_those_that_ship(tmp_path):
    assert read_deadlines(tmp_path) == load_deadlines()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("start: [received]", "start: [reqeived]", "no mark reqeived"),
        ("family: records-request", "fqmily: records-request", "no fact fqmily"),
        ("family: records-request", "family: records", "no family records"),
        ("business_days: 2", "business_days: -2", "how long"),
        ("{business_days: 2}", "{}", "how long"),
        ("sure: text", "sure: certain", "no word for how sure"),
        ("replaces: records-anywhere", "replaces: records", "no row to replace"),
        ("replaces: records-anywhere", "packs: [xx]", "no pack xx"),
        ("id: records-here", "id: return-date", "Another row"),
        ("start: [received]", "start: []", "its start"),
        ("who: records", "whose: records", "not understood"),
    ],
)
def test_a_time_that_would_never_run_is_refused_with_its_line(tmp_path, old, new, says):
    with pytest.raises(DeclarationError, match=says) as caught:
        own(tmp_path, f"# ours\n{OWN.replace(old, new)}")

    assert {problem.line for problem in caught.value.problems} == {2}


@pytest.mark.parametrize("text", ["id: x", "- [", "[" * 5000])
def test_what_is_no_list_of_times_is_refused(tmp_path, text):
    with pytest.raises(DeclarationError):
        own(tmp_path, text)


def test_handing_a_request_on_acknowledges_it_and_answers_nothing():
    desk = make_desk()
    case = begin(desk, "i-138", return_by=TODAY + timedelta(days=20))
    done(act(desk, case, ev.Answered("routed", ""), by=PRIVACY))

    assert look(desk)["return-date"].done is None
