"""Whatever is done to a ledger, and in whatever order, it says what a simple list of it would say."""

import contextlib
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from curtilage.ledger.errors import BodyDestroyedError, ClockSetBackError, StreamMovedError
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.tree import CompactRange, find_root
from curtilage.ledger.verify import verify_store
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event, make_database

STREAMS = st.sampled_from(["retention/a", "retention/b", "sharing/c"])


class History(RuleBasedStateMachine):
    """One ledger, and beside it what was recorded, what was sealed and what was destroyed."""

    address = "memory:"

    def __init__(self):
        super().__init__()
        self.clock = StoppedClock()
        self.ledger = open_ledger(type(self).address, clock=self.clock, sealer=PlainSealer())
        self.start = self.ledger.count()
        self.streams = {name: len(self.ledger.read(name)) for name in self.ledger.list_streams()}
        self.entries, self.sealed, self.destroyed = [], {}, {}
        # The file and the database go on from the history before.
        self.latest = max((entry.at for entry in self.ledger.read_all(after=self.start - 2)), default=None)
        if self.latest:
            self.clock.set(self.latest)

    def is_late(self):
        return self.latest is not None and self.latest - self.clock.now() > timedelta(seconds=60)

    @rule(stream=STREAMS, number=st.integers(1, 5), stale=st.integers(-2, 2), body=st.text(max_size=5))
    def append(self, stream, number, stale, body):
        version = self.streams.get(stream, 0)
        bodies = {"who": body} if body else {}
        events = [event(version + each, **bodies) for each in range(number)]
        if stale or self.is_late():
            with pytest.raises((StreamMovedError, ClockSetBackError)):
                self.ledger.append(stream, version + stale, events, by=CLERK)
            return
        entries = self.ledger.append(stream, version, events, by=CLERK)
        self.streams[stream] = version + number
        self.remember(entries)
        self.sealed |= {ref: body for entry in entries for ref in entry.bodies}

    def remember(self, entries):
        self.entries.extend(entries)
        self.latest = entries[-1].at

    @precondition(lambda self: self.sealed)
    @rule(data=st.data())
    def destroy(self, data):
        ref = data.draw(st.sampled_from(list(self.sealed)))
        if self.is_late() and ref not in self.destroyed:
            with pytest.raises(ClockSetBackError):
                self.ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
            return
        entry = self.ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
        if ref not in self.destroyed:
            self.destroyed[ref] = entry
            self.streams[entry.stream] = 1
            self.remember([entry])
        assert entry == self.destroyed[ref]

    @rule(seconds=st.integers(-200, 400))
    def move_the_clock(self, seconds):
        self.clock.move(timedelta(seconds=seconds))

    @precondition(lambda self: self.latest is not None and self.latest > self.clock.now())
    @rule()
    def correct_the_clock(self):
        entry = self.ledger.correct_clock(by=CLERK, reason="It was ahead.")
        self.streams[entry.stream] = entry.number
        self.remember([entry])

    @precondition(lambda self: type(self).address != "memory:")
    @rule()
    def open_again(self):
        self.ledger.close()
        self.ledger = open_ledger(type(self).address, clock=self.clock, sealer=PlainSealer())

    @invariant()
    def it_says_what_was_recorded(self):
        assert list(self.ledger.read_all(after=self.start - 1)) == self.entries
        assert self.ledger.list_streams() == tuple(
            sorted(name for name in self.streams if self.streams[name])
        )
        for ref, text in self.sealed.items():
            expected = (
                pytest.raises(BodyDestroyedError) if ref in self.destroyed else contextlib.nullcontext()
            )
            with expected:
                assert self.ledger.open_body(ref).unsafe_reveal() == text

    def teardown(self):
        assert verify_store(self.ledger.store).faults == self.ledger.store.inspect() == ()
        tree = CompactRange()
        for entry in self.ledger.read_all():
            tree.append(entry.leaf_hash())
        assert find_root(self.ledger.store.hashes, self.ledger.count()) == tree.find_root()
        self.ledger.close()


def run(address, examples):
    machine = type("HistoryThere", (History,), {"address": address})
    quick = settings(max_examples=examples, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(machine, settings=quick)


def test_any_history_in_memory():
    run("memory:", 40)


def test_any_history_in_a_file():
    with tempfile.TemporaryDirectory() as folder:
        run(str(Path(folder) / "curtilage.db"), 20)


@pytest.mark.postgresql
def test_any_history_in_postgresql(postgresql_server):
    run(make_database(postgresql_server), 10)
