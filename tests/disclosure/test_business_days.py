"""Business days: counted as a lawyer counts them, early rather than late."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curtilage.disclosure.times.business_days import (
    CITY_FILE,
    Calendar,
    ClosedDay,
    HolidayRule,
    make_calendars,
    read_closed_days,
)
from curtilage.foundation.errors import DeclarationError

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/business-days.yml").read_text("utf-8"))
CALENDARS = make_calendars()
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize("case", CASES["add"], ids=lambda case: case["name"])
def test_a_time_in_business_days_ends(case):
    counted = getattr(CALENDARS, case["calendar"])

    assert counted.add(case["from"], case["days"]) == case["ends"]


@pytest.mark.parametrize("year", CASES["closed"])
def test_nobody_is_there_on_the_holidays_of_a_year(year):
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    closed = [day for day in every if day.year == year and day.weekday() < 5]

    assert [day for day in closed if not CALENDARS.city.is_business_day(day)] == CASES["closed"][year]


@given(day=days, count=st.integers(0, 40))
def test_a_business_day_is_what_a_time_ends_on(day, count):
    end = CALENDARS.federal.add(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]

    assert CALENDARS.federal.is_business_day(end)
    assert sum(map(CALENDARS.federal.is_business_day, between)) == count or count == 0


@given(day=days, count=st.integers(0, 40))
def test_a_time_of_state_law_never_ends_after_the_citys_own_count(day, count):
    assert CALENDARS.least.add(day, count) <= CALENDARS.city.add(day, count)


@given(day=days, count=st.integers(0, 20))
def test_subtracting_goes_back_over_what_adding_went(day, count):
    start = CALENDARS.city.on_or_after(day)

    assert CALENDARS.city.subtract(CALENDARS.city.add(start, count), count) == start


def test_a_day_that_the_city_is_closed_moves_the_day_to_act_and_no_time():
    closed = date(2026, 12, 24)
    made = make_calendars([ClosedDay(closed, "Offices closed")])

    assert not made.city.is_business_day(closed)
    assert made.least.is_business_day(closed)


def test_a_day_of_which_the_law_says_that_it_counts_not_moves_a_time_of_state_law_only():
    friday = date(2026, 11, 27)
    made = make_calendars([ClosedDay(friday, "Day after Thanksgiving", counts=True)])

    assert made.least.add(date(2026, 11, 25), 1) == date(2026, 11, 30)
    assert made.federal.is_business_day(friday)


def test_a_holiday_is_not_kept_before_its_first_year():
    rule = HolidayRule(name="Juneteenth", month=6, day=19, since=2021)

    assert rule.in_year(2020) is None
    assert rule.in_year(2021) == date(2021, 6, 19)


def test_a_calendar_without_rules_leaves_out_weekends_only():
    assert Calendar().add(date(2026, 12, 24), 1) == date(2026, 12, 25)


def test_a_city_that_writes_no_closed_days_has_none(tmp_path):
    assert read_closed_days(tmp_path) == ()


def test_closed_days_are_read_from_the_citys_folder(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / CITY_FILE).write_text('- {day: 2026-12-24, name: "Offices closed", counts: true}\n', "utf-8")

    assert read_closed_days(tmp_path) == (ClosedDay(date(2026, 12, 24), "Offices closed", counts=True),)


def test_every_wrong_line_of_closed_days_is_told_with_its_number(tmp_path):
    (tmp_path / "policy").mkdir()
    lines = [
        "- {day: 2026-13-24, name: No}",
        "- {day: 2026-12-24, name: Yes}",
        "- {daye: 2026-12-31, name: No}",
    ]
    (tmp_path / CITY_FILE).write_text("\n".join(lines), "utf-8")

    with pytest.raises(DeclarationError) as caught:
        read_closed_days(tmp_path)
    assert [problem.line for problem in caught.value.problems] == [1, 3]


@pytest.mark.parametrize("text", ["day: 2026-12-24", "- [", "- 2026-12-24", "\x00"])
def test_what_is_no_list_of_closed_days_is_refused(tmp_path, text):
    (tmp_path / "policy").mkdir()
    (tmp_path / CITY_FILE).write_text(text, "utf-8")

    with pytest.raises(DeclarationError):
        read_closed_days(tmp_path)


def test_an_empty_file_of_closed_days_is_none(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / CITY_FILE).write_text("# nothing yet\n", "utf-8")

    assert read_closed_days(tmp_path) == ()
