"""Which records have had their time, and what a person must decide: never by guess."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.periods import Period
from curtilage.inventory.terms import START, Clause, Span
from curtilage.retention.due import REASONS, weigh_all
from curtilage.retention.logic import first_not_over
from tests.retention.declared import holding, load, series
from tests.retention.evaluate import day, evaluate

TODAY = day("2017-02-22")


def weigh(*declared, today=TODAY, **city):
    return weigh_all(load(*declared, **city), today, warn_days=30)


def only_due(*declared, today=TODAY, **city):
    dues, undecided = weigh(*declared, today=today, **city)
    assert undecided == ()
    assert len(dues) == 1
    return dues[0]


def codes(*declared, **city):
    dues, undecided = weigh(*declared, **city)
    assert dues == ()
    assert {each.code for each in undecided} <= set(REASONS)
    return [each.code for each in undecided]


# --- what is due ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closed", "expected"),
    [("2011-02-22", True), ("2011-02-23", False), ("2016-12-31", False), ("2001-05-05", True)],
)
def test_a_record_is_due_on_the_day_its_minimum_is_met(closed, expected):
    due = only_due()

    assert evaluate(due.due, {"closed_on": day(closed)}) is expected
    assert evaluate(due.later, {"closed_on": day(closed)}) is not expected


@pytest.mark.parametrize("closed", [None, "soon", day("1900-01-01"), day("1969-12-31"), day("1970-01-01")])
def test_a_day_that_is_missing_or_a_placeholder_is_neither_due_nor_later(closed):
    due = only_due()

    assert evaluate(due.due, {"closed_on": closed}) is not True
    assert evaluate(due.later, {"closed_on": closed}) is not True


def test_outcome_decides_which_series_a_row_belongs_to():
    approved = series(held_in=[holding(outcome={"column": "outcome", "is": ["approved"]})])
    denied = series(
        id="hsg-015",
        minimum="Retain 90 days after case closed, then destroy.",
        held_in=[holding(outcome={"column": "outcome", "is": ["denied"]})],
    )
    (six_years, ninety_days), undecided = weigh(approved, denied)
    row = {"outcome": "denied", "closed_on": day("2016-11-24")}

    assert undecided == ()
    assert evaluate(ninety_days.due, row) is True
    assert evaluate(ninety_days.due, row | {"closed_on": day("2016-11-25")}) is False
    assert evaluate(six_years.due, row) is False
    assert evaluate(six_years.due, row | {"outcome": "approved"}) is False
    assert evaluate(ninety_days.due, row | {"outcome": None}) is None


def test_whichever_is_later_waits_for_both_and_asks_for_both_days():
    clause = (
        "Retain 3 years after case closed or 1 year after audit complete, whichever is later, then destroy."
    )
    due = only_due(
        series(
            minimum=clause,
            held_in=[holding(trigger={"case closed": "closed_on", "audit completed": "audited"})],
        )
    )

    assert evaluate(due.due, {"closed_on": day("2013-01-01"), "audited": day("2016-01-01")}) is True
    assert evaluate(due.due, {"closed_on": day("2013-01-01"), "audited": day("2017-01-01")}) is False
    assert evaluate(due.due, {"closed_on": day("2013-01-01"), "audited": None}) is None
    assert evaluate(due.later, {"closed_on": day("2013-01-01"), "audited": None}) is None
    assert evaluate(due.later, {"closed_on": day("2016-01-01"), "audited": None}) is True


def test_time_that_runs_from_the_end_of_the_year_is_told_from_the_day_itself():
    due = only_due(series(minimum="Retain 5 years after end of calendar year of case closed, then destroy."))

    assert evaluate(due.due, {"closed_on": day("2011-12-31")}) is True
    assert evaluate(due.due, {"closed_on": day("2012-01-01")}) is False


def test_the_minimum_is_not_undercut_by_the_citys_own_limit():
    due = only_due(series(city_maximum="1 year"))

    assert evaluate(due.due, {"closed_on": day("2012-01-01")}) is False
    assert evaluate(due.overdue, {"closed_on": day("2012-01-01")}) is True


def test_a_longer_limit_counts_only_with_a_reason():
    longer = series(city_maximum="8 years")
    with_reason = series(city_maximum="8 years", longer_reason="The auditor comes in the eighth year.")
    row = {"closed_on": day("2010-01-01")}

    assert evaluate(only_due(longer).due, row) is True
    assert evaluate(only_due(longer).overdue, row) is False
    assert evaluate(only_due(with_reason).due, row) is False


def test_a_duplicate_goes_earlier_where_the_record_itself_is_declared():
    record, copy = (
        holding(),
        holding(within="files.exports/*.csv", copy="convenience", keep="30 days", dispose="rewrite"),
    )
    (_, duplicate), undecided = weigh(series(held_in=[record, copy]))

    assert undecided == ()
    assert evaluate(duplicate.due, {"closed_on": day("2017-01-23")}) is True
    assert codes(series(held_in=[copy])) == ["no-record-copy"]


def test_cleared_columns_are_due_while_they_hold_something():
    due = only_due(series(held_in=[holding(dispose="clear", clear=["ssn"])]))
    row = {"closed_on": day("2001-01-01"), "ssn": "x"}

    assert evaluate(due.due, row) is True
    assert evaluate(due.due, row | {"ssn": None}) is False


def test_a_row_waits_until_the_columns_that_would_go_with_it_have_had_their_time():
    cleared = series(
        id="ssn",
        minimum="Retain 10 years after case closed, then destroy.",
        held_in=[holding(dispose="clear", clear=["ssn", "itin"])],
    )
    (_, rows), undecided = weigh(cleared, series())
    row = {"closed_on": day("2009-01-01"), "ssn": "x", "itin": None}

    assert undecided == ()
    assert evaluate(rows.due, row) is False
    assert evaluate(rows.due, row | {"ssn": None}) is True
    assert evaluate(rows.due, row | {"closed_on": day("2007-01-01")}) is True


def test_east_of_greenwich_a_moment_may_have_yesterdays_day():
    guam = b'name = "Smalltown"\nzone = "Pacific/Guam"\n'

    assert evaluate(only_due(settings=guam).due, {"closed_on": day("2011-02-22")}) is False
    assert evaluate(only_due(settings=guam).due, {"closed_on": day("2011-02-21")}) is True


def test_what_will_be_due_is_told_ahead():
    due = only_due()

    assert evaluate(due.soon, {"closed_on": day("2011-03-24")}) is True
    assert evaluate(due.soon, {"closed_on": day("2011-03-25")}) is False


# --- what a person must decide -------------------------------------------------------------------

OPEN = {
    "no-place": series(held_in=[]),
    "no-clause": series(minimum=None),
    "clause-needs-a-person": series(minimum="Retain as long as the clerk sees fit, then destroy."),
    "no-authority": series(item=None),
    "no-signer": series(authorised_by=None),
    "disposition": series(disposition=None, minimum="Retain 6 years after case closed."),
    "appraisal": series(
        disposition="appraise",
        minimum="Retain 6 years after case closed, then transfer to archives for appraisal.",
    ),
    "no-trigger": series(held_in=[holding(trigger=None)]),
    "wrong-event": series(trigger="application received"),
    "no-dispose": series(held_in=[holding(dispose=None)]),
}


@pytest.mark.parametrize(("code", "said"), OPEN.items(), ids=OPEN)
def test_what_is_not_said_goes_to_a_person(code, said):
    assert codes(said) == [code]


@pytest.mark.parametrize(
    "changed",
    [
        {"dispose": "clear"},
        {"dispose": "aggregate", "group_by": ["month"]},
        {"dispose": "drop-partition"},
        {"dispose": "destroy-key"},
        {"keep": "30 days"},
    ],
    ids=str,
)
def test_a_way_that_lacks_a_part_goes_to_a_person(changed):
    assert codes(series(held_in=[holding(**changed)])) == ["no-dispose"]


def test_a_transfer_is_not_deleted_and_a_destruction_not_transferred():
    transfer = "Retain 6 years after case closed, then transfer to archives."

    assert codes(series(disposition="transfer", minimum=transfer)) == ["other-way"]
    assert codes(series(held_in=[holding(dispose="transfer-then-delete", to="archives")])) == ["other-way"]


@pytest.mark.parametrize(
    "authority", [{"expires": "2017-02-21"}, {"effective": "2017-03-01"}, {"effective": ""}]
)
def test_nothing_goes_under_an_authority_that_is_not_in_force(authority):
    assert codes(authority=authority) == ["authority-not-in-force"]


def test_two_claims_on_the_same_records_go_to_a_person():
    other = series(id="hsg-099", minimum="Retain 1 year after case closed, then destroy.")

    assert codes(series(), other) == ["two-claims", "two-claims"]


def test_a_row_does_not_go_with_columns_that_are_kept_for_ever():
    kept = series(
        id="kept",
        minimum="Retain permanently.",
        disposition="permanent",
        held_in=[holding(dispose="clear", clear=["ssn"])],
    )

    assert codes(kept, series()) == ["two-claims"]


def test_what_is_permanent_is_neither_due_nor_a_question():
    assert weigh(series(minimum="Retain permanently.", disposition="permanent")) == ((), ())


def test_several_events_need_a_column_each():
    clause = (
        "Retain 3 years after case closed or 1 year after audit complete, whichever is later, then destroy."
    )

    assert codes(series(minimum=clause)) == ["no-trigger"]
    assert codes(series(minimum=clause, held_in=[holding(trigger={"case closed": "c"})])) == ["no-trigger"]


# --- any clause, any day -------------------------------------------------------------------------

lengths = st.builds(Period, st.integers(0, 9), st.integers(0, 14), st.integers(0, 40)).filter(
    lambda p: p != Period()
)
days = st.dates(date(1995, 1, 1), date(2035, 1, 1))


@given(lengths, days, days)
def test_the_first_day_that_is_not_over_parts_those_that_are(period, today, began):
    assert (began < first_not_over(period, today)) == (period.after(began) <= today)


@given(st.data(), st.sampled_from(["later", "earlier"]), lengths, lengths, days)
def test_a_condition_agrees_with_the_clause_on_every_row(data, which, one, other, today):
    spans = Span(one, "case closed"), Span(other, "audit complete")
    declared = series(
        minimum=f"Retain {spans[0]} or {spans[1]}, whichever is {which}, then destroy.",
        held_in=[holding(trigger={"case closed": "c", "audit complete": "a"})],
    )
    dues, undecided = weigh(declared, today=max(today, day("2014-01-01")))
    assert undecided == ()
    row = {name: data.draw(st.none() | days) for name in "ca"}
    known = {event: row[name] for event, name in (("case closed", "c"), ("audit complete", "a")) if row[name]}
    minimum = dues[0].series.minimum
    assert isinstance(minimum, Clause)
    end = minimum.due(known | ({START: row["c"]} if row["c"] else {}))

    said = evaluate(dues[0].due, row)
    if isinstance(end, date):
        assert said is (end <= dues[0].day)
        assert evaluate(dues[0].later, row) is (end > dues[0].day)
    else:
        # What the clause cannot tell without a day may still be over by the other, where the earlier counts.
        assert said is not True or which == "earlier"
    assert not (said is True and evaluate(dues[0].later, row) is True)
