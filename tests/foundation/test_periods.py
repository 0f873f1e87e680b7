from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.periods import DAYS_TO_COMPARE, Period

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
COUNTS = st.integers(0, 120)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2016, 2, 29), Period(years=1), date(2017, 2, 28)),
        (date(2016, 2, 29), Period(years=4), date(2020, 2, 29)),
        (date(2017, 1, 31), Period(months=1), date(2017, 2, 28)),
        (date(2017, 8, 31), Period(months=6), date(2018, 2, 28)),
        (date(2017, 12, 31), Period(days=1), date(2018, 1, 1)),
        (date(2017, 1, 31), Period(years=1, months=1, days=1), date(2018, 3, 1)),
        (date(2017, 2, 22), Period(), date(2017, 2, 22)),
    ],
)
def test_a_period_is_added_as_a_calendar_has_it(start, period, end):
    assert period.after(start) == end


@given(DAYS, COUNTS, COUNTS)
def test_a_longer_period_never_ends_earlier(start, shorter, more):
    for unit in ("years", "months", "days"):
        short, long = Period(**{unit: shorter}), Period(**{unit: shorter + more})
        assert start <= short.after(start) <= long.after(start)


@given(DAYS, COUNTS)
def test_twelve_months_are_a_year(start, years):
    assert Period(months=12 * years).after(start) == Period(years=years).after(start)


@pytest.mark.parametrize("months", [1, 2, 3, 6, 11, 12, 18, 36, 60])
def test_the_days_of_comparison_show_the_shortest_and_the_longest_period(months):
    every_day = [date(2017, 1, 1) + timedelta(days=day) for day in range(4 * 365 + 1)]
    period = Period(months=months)

    shown, all_there_are = (
        [(period.after(day) - day).days for day in days] for days in (DAYS_TO_COMPARE, every_day)
    )
    assert (min(shown), max(shown)) == (min(all_there_are), max(all_there_are))


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period(years=1), "1 year"),
        (Period(years=2, months=1, days=30), "2 years, 1 month, 30 days"),
        (Period(), "0 days"),
    ],
)
def test_a_period_is_said_in_words(period, said):
    assert str(period) == said


@pytest.mark.parametrize("part", ["years", "months", "days"])
def test_a_period_cannot_be_negative(part):
    with pytest.raises(ValueError, match="negative"):
        Period(**{part: -1})


@pytest.mark.parametrize("period", [Period(years=1), Period(months=1), Period(days=1)])
def test_a_date_beyond_the_calendar_is_refused(period):
    with pytest.raises(OverflowError):
        period.after(date(9999, 12, 31))
