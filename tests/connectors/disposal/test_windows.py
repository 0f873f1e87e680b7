"""Walking by windows takes what is due and nothing else, however the keys lie and whatever the limit."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.nouns import Delete
from curtilage.connectors.disposal.windows import Span, TooWideError, Walk
from tests.connectors.disposal.worlds import SqliteWorld, due, take_all


class Table:
    """Keys that are due; a batch that is too wide puts them back."""

    def __init__(self, keys):
        self.keys = set(keys)

    def take(self, after, until):
        gone = sorted(key for key in self.keys if after < key <= until)
        self.keys.difference_update(gone)
        return [(key,) for key in gone]


@given(st.sets(st.integers(1, 3_000), min_size=1, max_size=300), st.integers(1, 40), st.integers(1, 500))
def test_every_due_key_goes_once_and_no_batch_is_over_its_limit(keys, limit, width):
    table, span, gone = Table(keys), Span(min(keys) - 1, max(keys), width), []
    with ThreadPoolExecutor(1) as beside:
        while not span.is_over:
            before = (set(table.keys), span.after)
            try:
                batch = Walk(span, table.take, lambda rows: [row[0] for row in rows], beside).run(limit)
            except TooWideError:
                table.keys, span.after = before
                span.width = max(1, span.width // 4) if span.width > 1 else 1
                batch = [min(table.keys)]
                table.keys.discard(batch[0])
                span.after = batch[0]
            assert len(batch) <= limit
            gone += batch
    assert gone == sorted(keys)


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
