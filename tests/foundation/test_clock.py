from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import pytest

from curtilage.foundation.clock import Clock, SystemClock
from curtilage.testing.clock import THE_DAY, StoppedClock


def test_time_stands_still_on_the_day_of_the_article():
    clock: Clock = StoppedClock()

    assert clock.now() == clock.now() == THE_DAY == datetime(2017, 2, 22, 12, tzinfo=UTC)
    assert clock.today("America/Chicago") == date(2017, 2, 22)


def test_the_date_is_the_one_in_the_citys_own_zone():
    clock = StoppedClock(datetime(2017, 2, 22, 3, tzinfo=UTC))

    assert clock.today("America/Los_Angeles") == date(2017, 2, 21)
    assert clock.today("Pacific/Auckland") == date(2017, 2, 22)


def test_time_moves_by_hand():
    clock = StoppedClock()
    clock.move(timedelta(days=91))

    assert clock.today("UTC") == date(2017, 5, 24)


def test_a_clock_is_set_to_a_moment_in_utc():
    clock = StoppedClock()
    clock.set(datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=-8))))

    assert clock.now() == datetime(2020, 1, 1, 8, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        StoppedClock(datetime(2020, 1, 1))  # noqa: DTZ001 - the mistake that is tried


def test_the_machines_clock_tells_an_aware_moment_and_a_date():
    clock: Clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert abs((clock.today("UTC") - clock.now().date()).days) <= 1


def test_an_unknown_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        SystemClock().today("Mars/Olympus")
