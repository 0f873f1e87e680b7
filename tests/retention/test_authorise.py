"""Who must agree, and what stops a plan from being carried out: each reason by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from curtilage.ledger.ports import StreamMovedError
from curtilage.retention.authorise import (
    UnknownOfficerError,
    basis_of,
    find_officer,
    find_role,
    give_consent,
    has_role,
    list_missing,
    list_signers,
    weigh_consent,
    weigh_start,
)
from curtilage.retention.events import BatchDone, Begun, PlanFinished, PlanStopped, plan_stream, to_event
from curtilage.retention.state import UnknownPlanError, find_plan, list_states, read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import COUNSEL, HEAD, RECORDS, open_book
from tests.retention.declared import holding, load, series
from tests.retention.plans import ITEM, plan_of

CITY = load()
NOTHING = date(2017, 3, 8)


def line(declared=CITY):
    return replace(ITEM, basis=basis_of(declared, declared.series[0], declared.series[0].held_in[0]))


def book_with(plan, *, agreed=(RECORDS, HEAD), days=14):
    """Return a ledger with a recorded plan, some consents, and its clock; ``days`` after it was made."""
    clock = StoppedClock()
    book = open_book(clock)
    record_plan(book, plan, by=RECORDS)
    for who in agreed:
        give_consent(book, read_state(book, plan.id), who.role, date(2017, 4, 1), by=who)
    clock.move(timedelta(days=days))
    return book, clock


def start(book, clock, plan, declared=CITY):
    today = clock.today("America/Chicago")
    found = weigh_start(read_state(book, plan.id), declared, now=clock.now(), today=today)
    return [reason.code for reason in found.reasons]


def test_a_plan_that_all_agreed_to_may_begin_when_the_warning_is_over():
    plan = plan_of(line())
    book, clock = book_with(plan)

    assert start(book, clock, plan) == []


def test_a_plan_waits_for_the_end_of_the_warning():
    plan = plan_of(line())
    book, clock = book_with(plan, days=13)

    assert start(book, clock, plan) == ["warning"]


def test_a_plan_that_was_not_begun_in_time_is_not_begun():
    plan = plan_of(line(), expires=date(2017, 3, 10))
    book, clock = book_with(plan, days=20)

    assert start(book, clock, plan) == ["expired"]


def test_a_plan_that_began_in_time_may_go_on():
    plan = plan_of(line(), expires=date(2017, 3, 10))
    book, clock = book_with(plan)
    append(book, plan, Begun(plan.id))
    clock.move(timedelta(days=10))

    assert start(book, clock, plan) == []


@pytest.mark.parametrize("agreed", [(), (RECORDS,), (HEAD,)], ids=len)
def test_a_plan_waits_for_every_role(agreed):
    plan = plan_of(line())
    book, clock = book_with(plan, agreed=agreed)

    assert set(start(book, clock, plan)) == {"not-agreed"}


def test_a_consent_runs_out():
    plan = plan_of(line())
    book, clock = book_with(plan, days=40)

    assert start(book, clock, plan) == ["not-agreed", "not-agreed"]


def test_the_consent_of_somebody_who_left_counts_no_more():
    plan = plan_of(line())
    book, clock = book_with(plan)
    left = load(city={"officers": [{"id": "rec", "role": "records officer"}]})

    assert start(book, clock, plan, left) == ["not-agreed"]


def test_one_person_does_not_agree_for_two():
    both = load(city={"officers": [{"id": "rec", "role": "records officer and department head"}]})
    plan = plan_of(line(both))
    book, clock = book_with(plan, agreed=(RECORDS, replace(RECORDS, role="department head")))

    assert start(book, clock, plan, both) == ["not-agreed"]


def test_one_person_under_two_ids_does_not_agree_for_two():
    roles = {"rec": "records officer", "head": "department head"}
    twins = load(
        city={"officers": [{"id": of, "role": role, "name": "A. Example"} for of, role in roles.items()]}
    )
    plan = plan_of(line(twins))
    book, clock = book_with(plan, agreed=(RECORDS, HEAD))

    assert start(book, clock, plan, twins) == ["not-agreed"]
    assert consent("head", "department head", agreed=(RECORDS,), declared=twins) == ["one-person"]


def test_nobody_named_is_nobody_who_agreed():
    plan = plan_of(replace(line(), signers=()))
    book, clock = book_with(plan, agreed=())

    assert start(book, clock, plan) == ["nobody-signs"]


def test_a_clock_that_was_set_back_stops_everything():
    plan = plan_of(line())
    book, clock = book_with(plan)
    append(book, plan, Begun(plan.id))
    clock.move(timedelta(minutes=-5))

    assert start(book, clock, plan) == ["clock"]


@pytest.mark.parametrize(
    "changed",
    [
        series(minimum="Retain 5 years after case closed, then destroy."),
        series(held_in=[holding(subject="about")]),
        series(held_in=[holding(outcome={"column": "outcome", "is": ["denied"]})]),
        series(authorised_by=["records officer"]),
        series(held_in=[holding(within="housing.visits")]),
    ],
    ids=range(5),
)
def test_what_is_declared_otherwise_since_is_not_carried_out(changed):
    plan = plan_of(line())
    book, clock = book_with(plan)

    assert start(book, clock, plan, load(changed)) == ["changed"]


def test_a_series_that_is_gone_stops_its_plan():
    plan = plan_of(line())
    book, clock = book_with(plan)

    assert start(book, clock, plan, load(series(id="other"))) == ["unknown-series"]


def test_an_authority_that_ended_since_stops_its_plan():
    declared = load(authority={"expires": "2017-03-01"})
    plan = plan_of(line(declared))
    book, clock = book_with(plan)

    assert start(book, clock, plan, declared) == ["authority"]


def test_what_is_over_is_not_begun_again():
    plan = plan_of(line())
    for ended, code in (
        (PlanFinished(plan.id, 8), "finished"),
        (PlanStopped(plan.id, "x", 2, final=True), "stopped"),
    ):
        book, clock = book_with(plan)
        append(book, plan, ended)
        assert start(book, clock, plan) == [code]


def test_a_pause_is_no_end():
    plan = plan_of(line())
    book, clock = book_with(plan)
    append(book, plan, PlanStopped(plan.id, "until", 2, final=False))

    assert start(book, clock, plan) == []


def test_an_empty_plan_is_not_begun():
    plan = plan_of(replace(line(), rows=0))
    book, clock = book_with(plan)

    assert start(book, clock, plan) == ["nothing"]


def append(book, plan, *data):
    stream = plan_stream(plan.id)
    book.append(stream, len(book.read(stream)), [to_event(each) for each in data], by=RECORDS)


# --- agreeing ------------------------------------------------------------------------------------


def consent(officer, role, *, agreed=(), today=date(2017, 2, 22), plan=None, declared=CITY):
    plan = plan or plan_of(line(declared))
    book, _ = book_with(plan, agreed=agreed)
    found = weigh_consent(
        read_state(book, plan.id), declared, find_officer(declared, officer), role, today=today
    )
    return [reason.code for reason in found.reasons]


def test_whose_role_it_is_may_agree():
    assert consent("rec", "records officer") == []
    assert consent("head", "department head", agreed=(RECORDS,)) == []


def test_another_role_may_not():
    assert consent("law", "records officer") == ["not-the-role"]
    assert consent("law", "city counsel") == ["not-asked"]
    assert consent("law", "") == ["not-asked"]


def test_who_agreed_in_one_role_may_not_in_another():
    both = load(city={"officers": [{"id": "rec", "role": "records officer and department head"}]})

    assert consent("rec", "department head", agreed=(RECORDS,), declared=both) == ["one-person"]


def test_nobody_agrees_to_what_can_no_longer_begin():
    assert consent("rec", "records officer", today=date(2017, 6, 1)) == ["expired"]


def test_who_read_an_older_state_must_read_again():
    plan = plan_of(line())
    book, _ = book_with(plan, agreed=())
    state = read_state(book, plan.id)
    give_consent(book, state, "records officer", date(2017, 4, 1), by=RECORDS)

    with pytest.raises(StreamMovedError):
        give_consent(book, state, "department head", date(2017, 4, 1), by=HEAD)


def test_a_role_is_told_by_all_its_words():
    law = find_officer(CITY, "law")

    assert has_role(law, "counsel")
    assert has_role(law, "City Counsel")
    assert not has_role(law, "county counsel")
    assert not has_role(law, " ")


def test_a_second_office_signs_beside_those_of_the_series():
    declared = load(city={"second_office": ["city counsel"]})

    assert list_signers(declared, declared.series[0]) == (
        "city counsel",
        "department head",
        "records officer",
    )
    assert list_signers(declared, replace(declared.series[0], authorised_by=())) == ()


def test_an_unknown_officer_is_refused():
    with pytest.raises(UnknownOfficerError, match="Nothing was recorded"):
        find_officer(CITY, "nobody")


def test_the_role_of_an_officer_is_found_where_it_is_one():
    plan = plan_of(line())
    book, _ = book_with(plan, agreed=())
    state = read_state(book, plan.id)

    assert find_role(state, find_officer(CITY, "rec")) == "records officer"
    assert find_role(state, find_officer(CITY, "law")) == ""


# --- what the ledger tells -----------------------------------------------------------------------


def test_a_plan_comes_back_from_the_ledger():
    plan = plan_of(line())
    book, _ = book_with(plan, agreed=(RECORDS,))
    append(
        book,
        plan,
        Begun(plan.id),
        BatchDone(plan.id, ITEM.id, 1, 5, "0" * 64),
        BatchDone(plan.id, ITEM.id, 2, 2, "1" * 64),
    )
    state = read_state(book, plan.id)

    assert state.plan == plan
    assert state.batches == {ITEM.id: 7}
    assert state.begun is not None
    assert [each.officer for each in state.authorisations] == ["rec"]
    assert list_missing(state, CITY, date(2017, 3, 8)) == ("department head",)


def test_a_plan_is_found_by_how_its_id_begins():
    plan, other = plan_of(line()), plan_of(line(), city="Othertown")
    book, _ = book_with(plan)
    record_plan(book, other, by=COUNSEL)

    assert find_plan(book, plan.id[:8]) == plan.id
    assert find_plan(book, plan.id) == plan.id
    assert {state.plan.id for state in list_states(book)} == {plan.id, other.id}
    for unknown in ("", plan.id[:5], "f" * 64, plan.id[:40] + "0" * 24):
        with pytest.raises(UnknownPlanError):
            find_plan(book, unknown)


def test_a_plan_nobody_made_is_unknown():
    with pytest.raises(UnknownPlanError, match="Nothing was deleted"):
        read_state(open_book(), "a" * 64)
