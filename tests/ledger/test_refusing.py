"""What cannot be recorded is refused before anything is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import BadEventError, ClockSetBackError, NoSealerError
from curtilage.ledger.nouns import Actor, Body, Event
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.record import LARGEST_ENTRY
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, event


@pytest.fixture
def quick():
    """A ledger in memory: what is refused here is refused before any store is asked."""
    return open_ledger("memory:", clock=StoppedClock())


BAD = {
    "a stream without a room": ("plan-1", event()),
    "a stream in capitals": ("Retention/plan-1", event()),
    "a stream with a space": ("retention/plan 1", event()),
    "a kind without a room": ("retention/a", event(kind="made")),
    "a version of nought": ("retention/a", replace(event(), version=0)),
    "data that is a list": ("retention/a", Event("retention.made", [1])),
    "a share that is no whole number": ("retention/a", Event("retention.made", {"share": 0.5})),
    "a number beyond what others can read": ("retention/a", Event("retention.made", {"count": 2**53})),
    "a text that is no text": ("retention/a", Event("retention.made", {"text": "\ud800"})),
    "a guarded text": ("retention/a", Event("retention.made", {"name": Guarded("Ana")})),
    "a body without a series": (
        "retention/a",
        Event("retention.made", {}, {"who": Body(Guarded("Ana"), "")}),
    ),
    "a body without a name": ("retention/a", Event("retention.made", {}, {"": Body(Guarded("Ana"), "s-1")})),
    "more than a bundle can hold": ("retention/a", Event("retention.made", {"text": "x" * LARGEST_ENTRY})),
}


@pytest.mark.parametrize("case", BAD)
def test_what_could_not_be_read_again_is_not_recorded(quick, case):
    stream, bad = BAD[case]
    with pytest.raises(BadEventError) as refused:
        quick.append(stream, 0, [event(), bad], by=CLERK)
    assert quick.count() == 0
    assert "Ana" not in str(refused.value)


def test_nothing_and_nobody_cannot_be_recorded(quick):
    with pytest.raises(BadEventError, match="no event"):
        quick.append("retention/a", 0, [], by=CLERK)
    with pytest.raises(BadEventError, match="nobody"):
        quick.append("retention/a", 0, [event()], by=Actor(" ", "records-officer"))


def test_a_body_without_a_key_is_refused(quick):
    with pytest.raises(NoSealerError):
        quick.append("retention/a", 0, [event(who="Ana")], by=CLERK)
    assert quick.count() == 0


def test_a_clock_that_was_set_back_stops_the_record(ledger, clock):
    ledger.append("retention/a", 0, [event()], by=CLERK)
    clock.move(timedelta(days=-1))
    with pytest.raises(ClockSetBackError, match="2017-02-21"):
        ledger.append("retention/a", 1, [event()], by=CLERK)
    assert ledger.count() == 1


def test_a_clock_that_is_a_little_behind_is_lifted(ledger, clock):
    (first,) = ledger.append("retention/a", 0, [event()], by=CLERK)
    clock.move(timedelta(seconds=-59))
    (second,) = ledger.append("retention/a", 1, [event()], by=CLERK)
    assert second.at == first.at


def test_a_clock_that_was_ahead_is_corrected_in_the_open(ledger, clock):
    ledger.append("retention/a", 0, [event()], by=CLERK)
    clock.move(timedelta(days=-400))
    said = ledger.correct_clock(by=CLERK, reason="The machine said 2017 in January 2016.")
    (after,) = ledger.append("retention/a", 1, [event()], by=CLERK)
    assert (said.kind, said.data["was"]) == ("ledger.clock-corrected", "2017-02-22T12:00:00.000000Z")
    assert said.at == after.at == clock.now()


def test_a_clock_that_is_right_needs_no_correction(ledger):
    ledger.append("retention/a", 0, [event()], by=CLERK)
    with pytest.raises(BadEventError, match="not behind"):
        ledger.correct_clock(by=CLERK, reason="Just in case.")


def test_the_largest_entry_still_fits(ledger):
    (entry,) = ledger.append("retention/a", 0, [Event("retention.made", {"text": ""})], by=CLERK)
    room = LARGEST_ENTRY - len(entry.to_bytes())
    ledger.append("retention/b", 0, [Event("retention.made", {"text": "x" * room})], by=CLERK)
    assert len(ledger.store.read_rows(after=0)[0].entry) == LARGEST_ENTRY
