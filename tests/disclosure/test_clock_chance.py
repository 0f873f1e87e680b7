"""Clocks of whatever may happen: no history makes them fail, and none is told late."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.times.business_days import make_calendars
from curtilage.disclosure.times.clocks import Present, State, run_clocks
from curtilage.disclosure.times.deadlines import load_deadlines
from curtilage.disclosure.times.marks import NAMES, Known, Mark, instrument_facts

ZONE = "America/Chicago"
CALENDARS = make_calendars()
PACKS = ("or", "wa", "ca", "il", "co", "ny", "nyc", "chicago", "nj", "tx", "fl")
START = datetime(2026, 1, 5, 15, tzinfo=UTC)

hours = st.integers(0, 24 * 400)
mark = hours.map(lambda count: START + timedelta(hours=count)).map(lambda at: Mark(at, at.date()))
histories = st.dictionaries(
    st.sampled_from(NAMES), st.lists(mark, min_size=1, max_size=3).map(tuple), max_size=12
)
known = st.builds(
    lambda paper, outcome, marks: Known(
        "k3m7ab2x",
        {**instrument_facts(paper), "outcome": outcome},
        {"received": (Mark(START, START.date()),), **marks},
        ZONE,
    ),
    st.sampled_from(["", *load_instruments()]),
    st.sampled_from(["", *Answer]),
    histories,
)
moments = hours.map(
    lambda count: Present(START + timedelta(hours=count), (START + timedelta(hours=count)).date())
)
bound = st.frozensets(st.sampled_from(PACKS))


@given(known=known, packs=bound, present=moments)
def test_any_history_has_clocks_the_most_urgent_first(known, packs, present):
    clocks = run_clocks(known, CALENDARS, packs=packs, present=present)
    ranks = [list(State).index(clock.state) for clock in clocks]

    assert ranks == sorted(ranks)
    assert len({clock.id for clock in clocks}) == len(clocks)


@given(known=known, packs=bound, present=moments)
def test_the_day_to_act_is_never_after_the_end(known, packs, present):
    assert all(
        clock.act_by <= clock.due for clock in run_clocks(known, CALENDARS, packs=packs, present=present)
    )


@given(known=known, packs=bound, present=moments)
def test_what_is_not_done_is_overdue_exactly_after_its_end(known, packs, present):
    for clock in run_clocks(known, CALENDARS, packs=packs, present=present):
        is_late = present.now > clock.moment if clock.moment else present.today > clock.due
        assert (clock.state is State.OVERDUE) == (is_late and clock.done is None)


@given(known=known, packs=bound, present=moments)
def test_a_row_and_what_it_replaces_do_not_run_together(known, packs, present):
    ids = {clock.id for clock in run_clocks(known, CALENDARS, packs=packs, present=present)}

    for row in load_deadlines():
        assert not ({row.id, row.replaces} <= ids and row.replaces)


@given(known=known, packs=bound, present=moments)
def test_the_law_of_another_place_sets_no_time(known, packs, present):
    rows = {row.id: row for row in load_deadlines()}
    for clock in run_clocks(known, CALENDARS, packs=packs, present=present):
        assert not rows[clock.id].packs or packs.intersection(rows[clock.id].packs)


@given(known=known, present=moments, closed=st.dates(date(2026, 1, 1), date(2027, 3, 1)))
def test_closing_the_offices_for_a_day_lets_no_time_of_law_end_later(known, present, closed):
    from curtilage.disclosure.times.business_days import ClosedDay

    shut = make_calendars([ClosedDay(closed, "closed")])
    before = {each.id: each for each in run_clocks(known, CALENDARS, packs=PACKS, present=present)}
    after = {each.id: each for each in run_clocks(known, shut, packs=PACKS, present=present)}

    for name, clock in after.items():
        if clock.deadline.counts != "city":
            assert clock.due == before[name].due
            assert clock.act_by <= before[name].act_by
