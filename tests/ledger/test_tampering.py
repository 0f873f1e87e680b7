"""Every byte of the ledger's tables that somebody changes is found, or changes nothing that is read."""

import random
import shutil
import sqlite3

import psycopg
import pytest

from curtilage.foundation.errors import EvidenceError, SourceError
from curtilage.ledger.errors import ChangedEntryError
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.verify import verify_store
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event, make_database
from tests.soak import TIMES

TABLES = {
    "ledger_entries": ("position", "stream", "number", "kind", "entry", "leaf"),
    "ledger_nodes": ("level", "place", "hash"),
    "ledger_bodies": ("commitment", "sealed", "digest"),
    "ledger_kept": ("value",),
}


def reopen(address):
    return open_ledger(str(address), clock=StoppedClock(), sealer=PlainSealer())


def fill(address):
    ledger = reopen(address)
    ledger.append("retention/a", 0, [event(0, who="Ana Canary")], by=CLERK)
    ledger.append("retention/b", 0, [event(number) for number in range(257)], by=CLERK)
    gone = ledger.append("retention/c", 0, [event(0, who="Ben Canary")], by=CLERK)
    ledger.destroy_body(gone[0].bodies[0], by=CLERK, reason="Its time is over.")
    ledger.store.keep("snapshot/test", b'{"some": "state"}')
    ledger.close()


def is_found(address):
    """Return whether somebody who verifies, or only opens, is told."""
    try:
        ledger = reopen(address)
        try:
            found = bool(verify_store(ledger.store).faults) or bool(ledger.store.inspect())
            for name in ledger.store.list_kept():
                ledger.store.find_kept(name)
        finally:
            ledger.close()
    except (EvidenceError, SourceError) as error:
        return "Canary" not in str(error)
    return found


def changes(value):
    """Give the value with each one of its bytes changed; a number with each one of its lowest bits."""
    if isinstance(value, int):
        yield from (value ^ 1 << bit for bit in range(8))
        return
    raw = value.encode() if isinstance(value, str) else value
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        yield changed.decode() if isinstance(value, str) else changed


def rows_of(table):
    """Return which rows of a table are changed: first, middle and last, or all."""
    return " WHERE position IN (0, 259)" if table == "ledger_entries" else ""


@pytest.mark.parametrize("table", TABLES)
def test_no_byte_of_a_column_can_be_changed_in_a_file(tmp_path, table):
    path = tmp_path / "curtilage.db"
    fill(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER ledger_entries_stay")
    keyed = (
        f"SELECT rowid, * FROM {table}" if table != "ledger_nodes" else f"SELECT level || '', * FROM {table}"
    )
    for key, *values in connection.execute(keyed + rows_of(table)).fetchall():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        by = "rowid" if table != "ledger_nodes" else "level || ''"
        for column, value in zip(columns, values, strict=True):
            for changed in changes(value) if column in TABLES[table] else ():
                _try_change(connection, path, f"{table} SET {column} = ? WHERE {by} = ?", changed, key)
    connection.close()


def _try_change(connection, path, order, changed, key):
    """Change, look, and change back, in a copy of the file."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = path.with_name("copy.db")
    for old in path.parent.glob("copy.db*"):
        old.unlink()
    shutil.copy(path, copy)
    other = sqlite3.connect(copy, isolation_level=None)
    try:
        other.execute(f"UPDATE {order}", (changed, key))
    except sqlite3.IntegrityError:
        return  # the database itself refuses: a row of that key is there
    finally:
        other.close()
    assert is_found(copy), order


@pytest.mark.postgresql
def test_no_byte_of_a_column_can_be_changed_in_postgresql(postgresql_server):
    address = make_database(postgresql_server)
    fill(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TRIGGER ledger_entries_stay ON curtilage.ledger_entries")
        for table, columns in TABLES.items():
            chance = random.Random(table)
            found = connection.execute(
                f"SELECT ctid::text, * FROM curtilage.{table}{rows_of(table)}"
            ).fetchall()
            names = [row.name for row in connection.execute(f"SELECT * FROM curtilage.{table}").description]
            for _, *values in found:
                for column, value in zip(names, values, strict=True):
                    every = list(changes(value)) if column in columns else []
                    for changed in chance.sample(every, min(len(every), 3)):
                        _change_and_back(connection, address, table, column, value, changed)


def _change_and_back(connection, address, table, column, value, changed):
    order = f"UPDATE curtilage.{table} SET {column} = %s WHERE {column} = %s"
    try:
        touched = connection.execute(order, (changed, value)).rowcount
    except psycopg.errors.UniqueViolation:
        return
    assert is_found(address), (table, column)
    assert connection.execute(order, (value, changed)).rowcount == touched
    assert not is_found(address)


CHANGES = {
    "UPDATE ledger_entries SET entry = CAST(replace(entry, '256', '255') AS BLOB)": "its bytes do not match its hash",
    "UPDATE ledger_entries SET leaf = zeroblob(32) WHERE position = 100": "its bytes do not match its hash",
    "UPDATE ledger_entries SET number = 999 WHERE position = 100": "the one before it in retention/b is missing",
    "UPDATE ledger_entries SET kind = 'retention.other' WHERE position = 100": "the columns beside it",
    "DELETE FROM ledger_entries WHERE position = 100": "the one before it",
}


@pytest.mark.parametrize("order", CHANGES)
def test_no_room_reads_an_entry_that_was_changed(tmp_path, order):
    path = tmp_path / "curtilage.db"
    fill(path)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("DROP TRIGGER ledger_entries_stay")
        connection.execute("DROP TRIGGER ledger_entries_remain")
        connection.execute(order)
    connection.close()
    ledger = reopen(path)
    with pytest.raises(ChangedEntryError, match=CHANGES[order]):
        ledger.read("retention/b")
    with pytest.raises(ChangedEntryError, match="was changed"):
        list(ledger.read_all())
    ledger.close()


def test_a_row_that_is_taken_away_or_added_is_found(tmp_path):
    orders = [
        "DELETE FROM ledger_entries WHERE position = 100",
        "DELETE FROM ledger_nodes",
        "DELETE FROM ledger_bodies",
        "INSERT INTO ledger_nodes VALUES (1, 9, zeroblob(32))",
        "INSERT INTO ledger_bodies VALUES (printf('%064d', 1), x'00', zeroblob(32))",
        "INSERT INTO ledger_entries SELECT 260, 'x/y', 1, kind, entry, leaf FROM ledger_entries WHERE position = 3",
    ]
    for number, order in enumerate(orders):
        path = tmp_path / f"{number}.db"
        fill(path)
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute("DROP TRIGGER ledger_entries_remain")
            connection.execute(order)
        connection.close()
        assert is_found(path), order


@pytest.mark.soak
def test_no_byte_of_any_entry_can_be_changed(tmp_path):
    path, chance = tmp_path / "curtilage.db", random.Random(8)
    fill(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER ledger_entries_stay")
    names = ("position", *TABLES["ledger_entries"])
    rows = connection.execute(f"SELECT {', '.join(names)} FROM ledger_entries").fetchall()
    for _ in range(10 * TIMES):
        key, *values = chance.choice(rows)
        column, value = chance.choice(list(zip(names[1:], values, strict=True)))
        order = f"ledger_entries SET {column} = ? WHERE position = ?"
        _try_change(connection, path, order, chance.choice(list(changes(value))), key)
    connection.close()


@pytest.mark.soak
def test_a_byte_changed_anywhere_in_the_file_is_found_or_changes_nothing(tmp_path):
    path, copy = tmp_path / "curtilage.db", tmp_path / "copy.db"
    fill(path)
    whole, chance = path.read_bytes(), random.Random(7)
    before = _everything(path)
    silent = 0
    for _ in range(40 * TIMES):
        place = chance.randrange(len(whole))
        copy.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        if not is_found(copy):
            assert _everything(copy) == before
            silent += 1
        for left in tmp_path.glob("copy.db*"):
            left.unlink()
    assert silent < 40 * TIMES  # free space in pages, and the file's own counters


def _everything(path):
    """Return all that a room could read."""
    ledger = reopen(path)
    entries = list(ledger.read_all())
    streams = {name: ledger.read(name) for name in ledger.list_streams()}
    bodies = ledger.store.list_bodies()
    ledger.close()
    return entries, streams, bodies
