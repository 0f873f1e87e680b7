"""What every store promises of appending and reading."""

import pytest

from curtilage.ledger.errors import StreamMovedError
from curtilage.ledger.nouns import Entry
from curtilage.ledger.tree import CompactRange, find_root
from curtilage.testing.clock import THE_DAY
from tests.ledger.ledgers import CLERK, event


def test_an_entry_says_what_was_recorded_by_whom_and_when(ledger):
    (entry,) = ledger.append("retention/plan-1", 0, [event(7)], by=CLERK)
    assert (entry.position, entry.stream, entry.number) == (0, "retention/plan-1", 1)
    assert (entry.actor, entry.at, entry.data["count"]) == (CLERK, THE_DAY, 7)
    assert ledger.read("retention/plan-1") == (entry,)


def test_an_entry_is_read_back_from_its_bytes(ledger):
    (entry,) = ledger.append("retention/plan-1", 0, [event(7, subject="Ana")], by=CLERK)
    assert Entry.from_bytes(entry.to_bytes()) == entry


def test_a_stream_that_moved_on_refuses_and_nothing_is_recorded(ledger):
    ledger.append("retention/plan-1", 0, [event(1)], by=CLERK)
    with pytest.raises(StreamMovedError) as refused:
        ledger.append("retention/plan-1", 0, [event(2), event(3)], by=CLERK)
    assert (refused.value.expected, refused.value.found, ledger.count()) == (0, 1, 1)


def test_streams_count_for_themselves_and_positions_for_all(ledger):
    ledger.append("retention/a", 0, [event(1), event(2)], by=CLERK)
    ledger.append("retention/b", 0, [event(3)], by=CLERK)
    ledger.append("retention/a", 2, [event(4)], by=CLERK)
    assert [(each.position, each.stream[-1], each.number) for each in ledger.read_all()] == [
        (0, "a", 1),
        (1, "a", 2),
        (2, "b", 1),
        (3, "a", 3),
    ]


def test_reading_goes_on_after_what_is_known(ledger):
    ledger.append("retention/a", 0, [event(number) for number in range(5)], by=CLERK)
    assert [each.number for each in ledger.read("retention/a", after=3)] == [4, 5]
    assert [each.position for each in ledger.read_all(after=2)] == [3, 4]


def test_kinds_are_picked_out_in_order(ledger):
    kinds = ["retention.a", "retention.b", "retention.c"] * 3
    ledger.append("retention/a", 0, [event(kind=kind) for kind in kinds], by=CLERK)
    picked = ledger.read_all(kinds=["retention.c", "retention.a"], after=0)
    assert [each.position for each in picked] == [2, 3, 5, 6, 8]


def test_long_streams_are_read_whole(ledger):
    for start in range(0, 2500, 500):
        ledger.append("retention/a", start, [event(number) for number in range(500)], by=CLERK)
    assert len(ledger.read("retention/a")) == len(list(ledger.read_all())) == ledger.count() == 2500


def test_streams_are_listed_by_what_they_begin_with(ledger):
    for name in ("retention/b", "retention/a", "sharing/a"):
        ledger.append(name, 0, [event()], by=CLERK)
    assert ledger.list_streams("retention/") == ("retention/a", "retention/b")
    assert len(ledger.list_streams()) == 3


@pytest.mark.parametrize("batch", [1, 3, 255, 256, 257, 1000])
def test_the_root_is_that_of_the_entries_however_they_were_added(ledger, batch):
    tree = CompactRange()
    for start in range(0, 1100, batch):
        entries = ledger.append("retention/a", start, [event(each) for each in range(batch)], by=CLERK)
        for entry in entries:
            tree.append(entry.leaf_hash())
    assert find_root(ledger.store.hashes, ledger.count()) == tree.find_root()
