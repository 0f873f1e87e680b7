"""The scheduled work: each night once, by one process, after being down too; failures are findings."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.errors import SourceError
from curtilage.foundation.guarded import Guarded
from curtilage.foundation.periods import Period
from curtilage.ledger.nouns import Body
from curtilage.retention.events import MANIFEST, BatchIntended, plan_stream, to_event
from curtilage.retention.manifest import make_manifest
from curtilage.retention.worker import (
    FAILED,
    LOCK,
    SILENT,
    Failure,
    Job,
    Schedule,
    destroy_manifests,
    find_in_nights,
    is_due,
    work_night,
)
from curtilage.testing.clock import StoppedClock
from tests.retention.books import RECORDS, open_book
from tests.retention.test_certify import backup, inventory, system

SCHEDULE = Schedule(time(2), 3, "America/Chicago")
NIGHT = datetime(2017, 2, 22, 8, tzinfo=UTC)
"""Two o'clock in Chicago."""


class Clock(StoppedClock):
    def __init__(self, now=NIGHT):
        self.moment = now

    def now(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock(NIGHT + timedelta(minutes=1))


@pytest.fixture
def ledger(clock):
    return open_book(clock)


def job(seen, name="plan", failures=()):
    def run(until):
        seen.append(until)
        return "1 plan", failures

    return Job(name, run)


def work(ledger, clock, *jobs, **more):
    return work_night(ledger, SCHEDULE, jobs, clock=clock, **more)


def test_a_night_is_worked_once(ledger, clock):
    seen = []
    first, second = work(ledger, clock, job(seen)), work(ledger, clock, job(seen))

    assert first.jobs == (("plan", "1 plan"),)
    assert (second, len(seen)) == (None, 1)


def test_the_next_night_is_another_one(ledger, clock):
    seen = []
    work(ledger, clock, job(seen))
    clock.moment += timedelta(days=1)
    work(ledger, clock, job(seen))

    assert len(seen) == 2


def test_before_two_o_clock_it_is_still_the_night_before(ledger, clock):
    work(ledger, clock, job([]))
    clock.moment = NIGHT + timedelta(hours=23, minutes=59)

    assert not is_due(ledger, SCHEDULE, clock.now())


def test_a_worker_that_was_down_does_the_last_missed_night_once(ledger, clock):
    work(ledger, clock, job([]))
    clock.moment = NIGHT + timedelta(days=5, hours=9)
    seen = []
    worked = work(ledger, clock, job(seen))

    assert worked.late
    assert (len(seen), work(ledger, clock, job(seen))) == (1, None)


def test_work_ends_with_the_night(ledger, clock):
    seen = []
    work(ledger, clock, job(seen))

    assert seen == [NIGHT + timedelta(hours=3)]


def test_work_that_comes_late_may_last_as_long_as_a_night(ledger, clock):
    clock.moment = NIGHT + timedelta(hours=9)
    seen = []
    work(ledger, clock, job(seen))

    assert seen == [clock.moment + timedelta(hours=3)]


def test_one_process_works_and_the_others_do_not(ledger, clock):
    seen = []
    with ledger.only_one(LOCK):
        assert work(ledger, clock, job(seen)) is None
    assert seen == []


def test_what_one_job_cannot_do_does_not_keep_the_next_from_trying(ledger, clock):
    def fail(until):
        raise SourceError("canary-7391 did not answer")

    seen = []
    worked = work(ledger, clock, Job("plan", fail), job(seen, "carry out"))

    assert worked.failures == (("plan", "", "source.not-readable"),)
    assert len(seen) == 1
    assert all(b"canary-7391" not in entry.to_bytes() for entry in ledger.read_all())


def test_a_failure_is_a_finding_until_a_night_goes_well(ledger, clock):
    work(ledger, clock, job([], failures=[Failure("housing_db", "source.not-readable")]))
    (found,) = find_in_nights(ledger, clock.now())
    clock.moment += timedelta(days=1)
    work(ledger, clock, job([]))

    assert (found.rule, found.subject) == (FAILED, "worker plan housing_db")
    assert list(find_in_nights(ledger, clock.now())) == []


def test_a_worker_that_fell_silent_is_a_finding(ledger, clock):
    work(ledger, clock, job([]))

    assert [each.rule for each in find_in_nights(ledger, clock.now() + timedelta(days=3))] == [SILENT]


def test_a_city_that_never_had_a_worker_hears_nothing(ledger, clock):
    assert list(find_in_nights(ledger, clock.now())) == []


@given(
    st.integers(0, 4 * 365 * 24 * 60),
    st.times(),
    st.sampled_from(["America/Chicago", "Pacific/Guam", "Pacific/Chatham", "UTC"]),
)
def test_the_last_night_has_begun_and_the_next_has_not(minutes, at, zone):
    """On days, too, that have 23 or 25 hours."""
    schedule, now = Schedule(at, 3, zone), datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    assert schedule.last(now) <= now < schedule.next(now)
    assert schedule.next(now) - schedule.last(now) <= timedelta(hours=25)
    assert schedule.until(now) > now


# --- lists of keyed hashes -------------------------------------------------------------------------


def purge(ledger, where="hsg-015@housing_db.rental_requests"):
    manifest = make_manifest([b"k" * 16])
    said = BatchIntended("01" * 32, where, 1, 1, (), 0, manifest.root)
    event = to_event(said, bodies={MANIFEST: Body(Guarded(manifest.packed.unsafe_reveal()), "hsg-015")})
    (entry,) = ledger.append(plan_stream("01" * 32), 0, [event], by=RECORDS)
    return entry.bodies[0]


KEPT = inventory(system(backup("nightly", Period(days=35))))


@pytest.mark.parametrize(("days", "count"), [(0, 0), (35, 0), (36, 0), (37, 1)])
def test_a_list_lives_as_long_as_a_backup_can_bring_its_records_back(ledger, days, count):
    purge(ledger)

    assert destroy_manifests(ledger, KEPT, today=NIGHT.date() + timedelta(days=days)) == count


def test_a_list_is_destroyed_once(ledger):
    purge(ledger)
    later = date(2018, 1, 1)

    assert [destroy_manifests(ledger, KEPT, today=later) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("declared", [inventory(), inventory(system()), inventory(system(backup("n", None)))])
def test_where_nobody_stated_how_long_backups_live_lists_stay(ledger, declared):
    purge(ledger)

    assert destroy_manifests(ledger, declared, today=date(2099, 1, 1)) == 0
