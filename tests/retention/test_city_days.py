"""What goes late in a city's evening went on that day, although UTC is a day ahead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from curtilage.foundation.clock import day_in
from curtilage.foundation.periods import Period
from curtilage.retention.backups import list_fading
from curtilage.retention.events import BatchDone, plan_stream, to_event
from curtilage.retention.worker import destroy_manifests
from curtilage.testing.clock import StoppedClock
from tests.retention.books import RECORDS, open_book
from tests.retention.test_certify import backup, inventory, system
from tests.retention.test_worker import purge

EVENING = datetime(2017, 2, 23, 3, 30, tzinfo=UTC)
"""Half past nine on 22 February in Chicago."""
PLACE = "hsg-015@housing_db.rental_requests"


def kept_in(zone):
    declared = inventory(system(backup("nightly", Period(days=35))))
    return replace(declared, city=replace(declared.city, zone=zone))


@pytest.fixture
def ledger():
    return open_book(StoppedClock(EVENING))


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Chicago", date(2017, 2, 22)), ("UTC", date(2017, 2, 23))]
)
def test_backups_are_counted_from_the_day_of_the_city(ledger, zone, day):
    done = BatchDone("01" * 32, PLACE, 1, 7, "00" * 32)
    ledger.append(plan_stream("01" * 32), 0, [to_event(done)], by=RECORDS)

    (found,) = list_fading(ledger, kept_in(zone), today=day)

    assert (found.last, found.rows, found.gone) == (day, 7, Period(days=35).after(day))


@pytest.mark.parametrize(("zone", "count"), [("America/Chicago", 1), ("UTC", 0)])
def test_a_list_is_destroyed_by_the_day_of_the_city(ledger, zone, count):
    purge(ledger, PLACE)

    assert destroy_manifests(ledger, kept_in(zone), today=date(2017, 3, 31)) == count


def test_a_moment_has_its_day_in_each_zone():
    assert day_in("Pacific/Guam", EVENING) == date(2017, 2, 23)
    assert day_in("Pacific/Honolulu", EVENING) == date(2017, 2, 22)
