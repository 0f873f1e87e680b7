"""Processes that carry a plan out and are killed at any moment; loaded by name in a process of its own."""

import multiprocessing
import random
import time
from contextlib import suppress
from datetime import timedelta

from curtilage.ledger.opening import open_ledger
from curtilage.retention.carrying import Pace
from curtilage.retention.events import MANIFEST, BatchDone, BatchIntended, plan_stream, read_kind
from curtilage.retention.manifest import unpack
from curtilage.retention.state import read_state
from curtilage.testing.clock import StoppedClock
from tests.connectors.disposal.worlds import HASHER
from tests.ledger.ledgers import PlainSealer
from tests.retention.carried import Purge, one_series, run
from tests.retention.declared import load

PACE = Pace(batch_rows=10, wait_seconds=0.02, tries=12)
MOMENT = StoppedClock().now() + timedelta(days=14)
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.retention.killed", "psycopg", "pymysql"])


def carry_out(address, driver, ledger, plan):
    """Carry a plan out in this process, to its end."""
    from importlib import import_module

    from curtilage.connectors.url import parse_url

    module, name = driver
    made = getattr(import_module(module), name)
    clock = StoppedClock(MOMENT)
    book = open_ledger(str(ledger), clock=clock, sealer=PlainSealer())
    opener = lambda system: made(parse_url(address), system="housing", hasher=HASHER)  # noqa: E731
    declared = load(one_series())
    run(book, clock, declared, read_state(book, plan).plan, PACE, opener, pause=time.sleep)
    book.close()


def carry_out_under_fire(world, folder, *, kills, seed, rows=200):
    """Carry plans out in processes that are killed at random, until ``kills`` were; hold each to what it promised.

    Returns:
        How many processes were killed.
    """
    chance, killed, number = random.Random(seed), 0, 0
    while killed < kills:
        number += 1
        notes = rows if number % 2 else 0  # with dependants and without: two ways through the engine
        ledger = folder / f"ledger-{number}.db"
        killed += _one_plan(world, ledger, chance, min(kills - killed, 12), (rows, notes))
    return killed


def _one_plan(world, ledger, chance, kills, size):
    rows, notes = size
    for table in ("notes", "applications"):
        with suppress(Exception):
            world.run(f"DROP TABLE {table}")
    world.fill(rows=rows, notes=notes)
    clock = StoppedClock()
    book = open_ledger(str(ledger), clock=clock, sealer=PlainSealer())
    purge = Purge(world, ledger=book, clock=clock)
    assert clock.now() == MOMENT
    driver = (world.disposer.__module__, world.disposer.__name__)
    killed = 0
    while True:
        process = _PROCESSES.Process(target=carry_out, args=(world.address, driver, ledger, purge.plan.id))
        process.start()
        if killed < kills:
            process.join(chance.uniform(0.02, 0.5))
        else:
            process.join(60)
        if process.exitcode == 0:
            break
        process.kill()
        process.join()
        killed += 1
    assert_true_to_its_word(world, book, purge.plan, rows)
    assert not notes or world.ids("notes") == world.ids()
    book.close()
    return killed


def assert_true_to_its_word(world, book, plan, rows):
    """See that what was due went once, that nothing else did, and that the record says exactly that."""
    even = list(range(2, rows + 1, 2))
    assert world.ids() == even
    entries = book.read(plan_stream(plan.id))
    done = {(said.number, said.root): said.rows for _, said in read_kind(entries, BatchDone)}
    assert sorted(number for number, _ in done) == list(range(1, len(done) + 1))
    assert sum(done.values()) == rows // 2
    gone = [
        key
        for entry, said in read_kind(entries, BatchIntended)
        if (said.number, said.root) in done
        for key in unpack(
            book.open_body(next(ref for ref in entry.bodies if ref.name == MANIFEST)), root=said.root
        )
    ]
    assert set(gone) == set(
        HASHER.keys("housing.applications", [(number,) for number in range(1, rows + 1, 2)])
    )
    state = read_state(book, plan.id)
    assert state.finished
    assert sum(state.batches.values()) == rows // 2
