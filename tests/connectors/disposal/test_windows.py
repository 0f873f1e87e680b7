"""Walking by windows takes what is due and nothing else, however the keys lie and whatever the limit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.nouns import Delete
from curtilage.connectors.disposal.windows import EmptyError, Span, TooWideError, Walk
from tests.connectors.disposal.worlds import HASHER, SqliteWorld, due, take_all

KEYS = st.sets(st.integers(1, 3_000), min_size=1, max_size=300)


class Table:
    """Keys that are due."""

    def __init__(self, keys):
        self.keys = set(keys)

    def look(self, window):
        found = sorted(key for key in self.keys if window.after < key <= window.until)
        return replace(window, rows=len(found), keys=",".join(map(str, found)).encode())

    def take(self, window):
        gone = self.look(window)
        self.keys.difference_update(read(gone.keys))
        return gone


def read(keys):
    return [int(key) for key in keys.split(b",") if key]


@given(KEYS, st.integers(1, 40), st.integers(1, 500))
def test_every_due_key_goes_once_and_no_batch_is_over_its_limit(keys, limit, width):
    table, span, gone = Table(keys), Span(min(keys) - 1, max(keys), width), []
    with ThreadPoolExecutor(2) as beside:
        while not span.is_over:
            before = (set(table.keys), span.after)
            try:
                batch = Walk(span, None, table.take, read, len, beside).run(limit)
            except TooWideError:
                table.keys, span.after = before
                span.width = max(1, span.width // 4) if span.width > 1 else 1
                batch = [min(table.keys)]
                table.keys.discard(batch[0])
                span.after = batch[0]
            assert len(batch) <= limit
            gone += batch
    assert sorted(gone) == sorted(keys)


@given(KEYS, st.integers(1, 40), st.integers(1, 500))
def test_a_batch_whose_windows_are_looked_up_before_is_never_too_wide(keys, limit, width):
    table, span, gone = Table(keys), Span(min(keys) - 1, max(keys), width), []
    with ThreadPoolExecutor(2) as beside:
        while not span.is_over:
            batch = Walk(span, table.look, table.take, read, len, beside).run(limit)
            assert 0 < len(batch) <= limit
            gone += batch
    assert sorted(gone) == sorted(keys)


def test_a_transaction_does_not_last_while_nothing_is_due(monkeypatch):
    monkeypatch.setattr("curtilage.connectors.disposal.windows.LONGEST_EMPTY", 0.0)
    span = Span(0, 10**9, 1)
    with ThreadPoolExecutor(2) as beside, pytest.raises(EmptyError):
        Walk(span, Table([]).look, Table([]).take, read, len, beside).run(10)
    assert not span.is_over


def test_keys_far_apart_and_close_together_are_walked_alike(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=200)
    world.run("UPDATE applications SET id = id * 1000003 WHERE id > 100")
    world.run("UPDATE applications SET id = -id WHERE id < 20")
    expected = [
        key for (key,) in world.run("SELECT id FROM applications WHERE outcome <> 'denied' ORDER BY id")
    ]
    batches = take_all(world.open(), due(), Delete(), limit=7)
    assert world.ids() == expected
    assert sum(batch.rows for batch in batches) == 100
    assert max(batch.rows for batch in batches) <= 7
    world.close()


def test_what_goes_is_what_is_told_whatever_kind_of_number_a_key_is(world):
    world.fill(rows=12)
    for old, new in ((1, -7), (3, 10**12), (5, 2**31 - 1)):
        if world.name == "sqlite" or new < 2**31:
            world.run(f"UPDATE applications SET id = {new} WHERE id = {old}")
    going = [row[0] for row in world.run("SELECT id FROM applications WHERE outcome = 'denied'")]
    batches = take_all(world.open(), due(), Delete(), limit=5)
    told = {key for batch in batches for key in batch.keys}
    assert told == set(HASHER.keys("housing.applications", [(key,) for key in going]))
    assert world.run("SELECT 1 FROM applications WHERE outcome = 'denied'") == []


def test_a_key_that_is_no_whole_number_is_counted_out(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.run("CREATE TABLE applications (id PRIMARY KEY NOT NULL, closed_on, outcome)")
    for key in (1, 2.5, 3, 4):
        world.run("INSERT INTO applications VALUES (?, '2015-01-01', 'denied')", key)
    told = [key for batch in take_all(world.open(), due(), Delete(), limit=2) for key in batch.keys]
    assert told == HASHER.keys("housing.applications", [(1,), (2.5,), (3,), (4,)])
    assert world.ids() == []
    world.close()
