"""State is a fold: with a snapshot or without one, it is the same."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.ledger.errors import NotKeptError
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.snapshots import (
    Projection,
    Rebuilt,
    forget_snapshots,
    keep_snapshot,
    load_state,
    rebuild,
)
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, event

KINDS = ("retention.hold-placed", "retention.hold-released", "sharing.noted")


def count(state, entry):
    return {**state, entry.stream: state.get(entry.stream, 0) + entry.data["count"] * entry.number}


TALLY = Projection("test-tally", 1, dict, count, dict, dict)
HOLDS = replace(TALLY, name="test-holds", kinds=frozenset(KINDS[:2]))


def add(ledger, number, stream="retention/a", kind=KINDS[0]):
    events = [event(each, kind) for each in range(number)]
    ledger.append(stream, len(ledger.read(stream)), events, by=CLERK)


def test_a_snapshot_saves_folding_again(ledger):
    add(ledger, 30)
    first = load_state(ledger, TALLY, often=20)
    add(ledger, 5)
    second = load_state(ledger, TALLY, often=20)
    assert (first.folded, second.folded, second.size) == (30, 5, 35)
    forget_snapshots(ledger)
    assert load_state(ledger, TALLY).value == second.value


def test_few_entries_need_no_snapshot(ledger):
    add(ledger, 5)
    load_state(ledger, TALLY, often=20)
    assert ledger.store.list_kept("snapshot/") == ()


def test_entries_of_other_kinds_are_passed_over(ledger):
    add(ledger, 3)
    add(ledger, 4, "sharing/a", KINDS[2])
    state = load_state(ledger, HOLDS)
    assert (set(state.value), state.folded, state.size) == ({"retention/a"}, 3, 7)


def test_an_empty_ledger_has_the_state_that_all_begins_with(ledger):
    assert load_state(ledger, TALLY, often=0).value == {}


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_snapshot_that_was_changed_is_found(ledger, place):
    add(ledger, 3)
    load_state(ledger, TALLY, often=1)
    tamper(ledger.store, "snapshot/test-tally", place)
    with pytest.raises(NotKeptError, match="curtilage ledger rebuild"):
        load_state(ledger, TALLY)
    assert rebuild(ledger, TALLY).is_same is False
    assert load_state(ledger, TALLY).folded == 0


def tamper(store, name, place):
    from curtilage.ledger.stores import _additions, memory, postgresql, sqlite

    kept = bytearray(_additions.wrap(store.find_kept(name)))
    kept[place] ^= 1
    for module in (memory, postgresql, sqlite):
        module.wrap = bytes
    try:
        store.keep(name, bytes(kept))
    finally:
        for module in (memory, postgresql, sqlite):
            module.wrap = _additions.wrap


def test_a_snapshot_that_somebody_wrote_is_found_by_building_anew(ledger):
    add(ledger, 3)
    load_state(ledger, TALLY, often=1)
    said = json.loads(ledger.store.find_kept("snapshot/test-tally"))
    said["state"]["retention/a"] += 1
    ledger.store.keep("snapshot/test-tally", json.dumps(said).encode())
    assert rebuild(ledger, TALLY) == Rebuilt("test-tally", 3, is_same=False)
    assert rebuild(ledger, TALLY) == Rebuilt("test-tally", 3, is_same=True)


def test_a_snapshot_of_an_older_fold_is_passed_over(ledger):
    add(ledger, 3)
    load_state(ledger, TALLY, often=1)
    newer = replace(TALLY, version=2)
    assert load_state(ledger, newer).folded == 3
    assert rebuild(ledger, newer).is_same is None


def test_a_snapshot_from_another_ledger_is_passed_over(ledger):
    add(ledger, 3)
    other = open_ledger("memory:", clock=StoppedClock())
    add(other, 4)
    keep_snapshot(other, TALLY, load_state(other, TALLY))
    ledger.store.keep("snapshot/test-tally", other.store.find_kept("snapshot/test-tally"))
    assert load_state(ledger, TALLY).folded == 3


appends = st.lists(
    st.tuples(st.sampled_from(["retention/a", "retention/b", "sharing/c"]), st.sampled_from(KINDS), st.integers(1, 4)),
    max_size=12,
)  # fmt: skip


@given(appends=appends, looks=st.sets(st.integers(0, 11)))
def test_however_often_snapshots_are_taken_the_state_is_the_fold(appends, looks):
    ledger = open_ledger("memory:", clock=StoppedClock())
    for step, (stream, kind, number) in enumerate(appends):
        add(ledger, number, stream, kind)
        if step in looks:
            load_state(ledger, HOLDS, often=1)
    with_snapshots = load_state(ledger, HOLDS).value
    assert rebuild(ledger, HOLDS).is_same in {True, None}
    forget_snapshots(ledger)
    assert load_state(ledger, HOLDS).value == with_snapshots
