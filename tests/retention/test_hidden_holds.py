"""A hold that somebody hid in the ledger's file holds all the same, or nothing is deleted at all.

Whoever can write the file can change what lies beside an entry: the snapshot that state begins with, the columns
by which entries are found. None of these is signed, so nothing is deleted on their word.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from curtilage.ledger.errors import ChangedEntryError
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.snapshots import keep_snapshot, load_state
from curtilage.retention.holds import HOLDS, Holds, read_holds, read_holds_through
from curtilage.retention.nouns import Scope
from curtilage.testing.clock import StoppedClock
from tests.connectors.disposal.worlds import SqliteWorld
from tests.ledger.ledgers import PlainSealer
from tests.retention.books import people, put_hold
from tests.retention.carried import Purge


@pytest.fixture
def purge(tmp_path):
    """A purge that is agreed to, and a hold on two of the ten whose time is over; the ledger is a file."""
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=20)
    clock = StoppedClock()
    ledger = open_ledger(str(tmp_path / "ledger.db"), clock=clock, sealer=PlainSealer())
    purge = Purge(world, ledger=ledger, clock=clock)
    put_hold(ledger, "h-1", Scope(subjects=people("person-3", "person-5")))
    put_hold(ledger, "h-2", Scope(series=frozenset({"other"})))
    yield purge
    ledger.close()
    world.close()


def tamper(purge, sql):
    with closing(sqlite3.connect(purge.world.path.parent / "ledger.db")) as other, other:
        other.execute("DROP TRIGGER ledger_entries_stay")
        other.execute("DROP TRIGGER ledger_entries_remain")
        other.execute(sql)


def test_a_snapshot_without_the_hold_hides_it_from_nobody_who_deletes(purge):
    state = load_state(purge.ledger, HOLDS)
    keep_snapshot(purge.ledger, HOLDS, replace(state, value=Holds(state.value.position, ())))
    assert read_holds(purge.ledger).holds == ()  # what is only shown begins with it

    result = purge.carry_out()

    assert (result.rows, result.certificate.lines[0].held) == (8, 2)
    assert {3, 5} <= set(purge.world.ids())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entries SET kind = 'retention.night-worked'",
        "UPDATE ledger_entries SET stream = 'retention/hold-h-9'",
        "UPDATE ledger_entries SET entry = CAST(replace(entry, '-placed', '-xlaced') AS BLOB)",
        "DELETE FROM ledger_entries",
    ],
    ids=["kind", "stream", "bytes", "removed"],
)
def test_where_the_entry_of_a_hold_was_changed_nothing_is_deleted(purge, sql):
    tamper(purge, f"{sql} WHERE stream = 'retention/hold-h-1'")

    with pytest.raises(ChangedEntryError, match="curtilage ledger verify"):
        purge.carry_out()

    assert len(purge.world.ids()) == 20


def test_read_through_the_holds_are_those_of_the_fold(purge):
    put_hold(purge.ledger, "h-3", Scope(systems=frozenset({"housing"})))

    assert read_holds_through(purge.ledger) == read_holds(purge.ledger)


def test_no_system_is_opened_before_the_holds_were_read(purge):
    opened = []
    tamper(purge, "DELETE FROM ledger_entries WHERE stream = 'retention/hold-h-1'")

    with pytest.raises(ChangedEntryError):
        purge.carry_out(open_disposer=opened.append)

    assert opened == []
