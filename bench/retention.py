"""Deleting on time, beside the best plain batched DELETE that we can write by hand, in the same run.

    python -m bench.retention                            300,000 rows; two minutes
    python -m bench.retention --full                     5 million rows, plans over 10 million; an hour, 10 GB of disk
    python -m bench.retention --only sqlite --rows 1000000

30 % of the rows are due. Each rival gets the same table, filled anew, on the same server, with the same
durability; the quickest of them may have the smaller batches or those of ours. It knows the table and asks no holds, keeps no record, and proves
nothing. "Gone" is from the first batch to the last; "whole" also counts what is asked before and after.
Seconds belong to the machine that is named; the ratios travel.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from bench.speed import machine
from curtilage.connectors.disposal.conditions import Compare
from curtilage.connectors.disposal.nouns import DropPartition
from curtilage.ledger.opening import open_ledger
from curtilage.retention.carrying import Pace
from curtilage.testing.clock import StoppedClock
from tests.connectors.disposal.worlds import Free, MariaWorld, PostgresWorld, SqliteWorld, due
from tests.ledger.ledgers import PlainSealer
from tests.retention.carried import Purge
from tests.servers import find_mariadb, run_mariadb, run_postgresql

DUE = "outcome = 'denied' AND closed_on < '2016-02-23'"
BATCH = 10_000
LARGE = 100_000
LIMIT = 0.5
PATIENCE = 60
"""Seconds after which a rival that deletes any that are due, again and again, is rated by what it had done."""
LARGEST_PARTITION = 1_000_000
CREATE = """
    CREATE TABLE applications (
        id integer PRIMARY KEY, person varchar(40), closed_on date, outcome varchar(20), ssn varchar(40), note varchar(200)
    )
"""
DAY = {
    "sqlite": "date('2015-01-01', '+' || (i % 330) || ' days')",
    "postgresql": "date '2015-01-01' + i % 330",
    "mariadb": "date '2015-01-01' + INTERVAL i % 330 DAY",
}
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) {select} FROM n",
    "postgresql": "{select} FROM generate_series(1, {rows}) i",
    "mariadb": "{select} FROM (SELECT seq AS i FROM seq_1_to_{rows}) n",
}
TEXT = {"sqlite": "'person-' || i", "postgresql": "'person-' || i", "mariadb": "concat('person-', i)"}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=300_000, help="of the table that is deleted from")
    parser.add_argument(
        "--planned", type=int, default=0, help="of the table that is planned; --rows where not given"
    )
    parser.add_argument("--full", action="store_true", help="5,000,000 rows deleted from, 10,000,000 planned")
    parser.add_argument("--only", choices=("sqlite", "postgresql", "mariadb"), action="append")
    parser.add_argument("--rounds", type=int, default=1, help="of everything; the best of each counts")
    options = parser.parse_args()
    rows = 5_000_000 if options.full else options.rows
    planned = 10_000_000 if options.full else options.planned or rows
    print(
        f"{machine()}\n{rows:,} rows, 30 % due, batches of {BATCH:,} or {LARGE:,} rows by hand, of {LARGE:,} at most by us.\n"
    )
    for name in options.only or ("sqlite", "postgresql", "mariadb"):
        with open_world(name) as world, tempfile.TemporaryDirectory(prefix="bench-retention-") as folder:
            measure_deleting(world, rows, Path(folder), options.rounds)
            measure_waiting(world, rows, Path(folder))
            measure_planning(world, planned)
            if name != "sqlite":
                measure_partitions(world, rows)
            print()
    return 0


@contextmanager
def open_world(name):
    """Give one empty database."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="bench-retention-") as folder:
            world = SqliteWorld(Path(folder) / "housing.db")
            world.run("PRAGMA synchronous = FULL")
            yield world
            world.close()
        return
    running = run_postgresql() if name == "postgresql" else run_mariadb(find_mariadb())
    with running as server:
        world = (PostgresWorld if name == "postgresql" else MariaWorld)(server)
        yield world
        world.close()


def fill(world, rows):
    """Make the table anew."""
    world.run("DROP TABLE IF EXISTS applications")
    world.run(CREATE)
    outcome = "CASE WHEN i % 10 < 3 THEN 'denied' ELSE 'approved' END"
    select = f"SELECT i, {TEXT[world.name]}, {DAY[world.name]}, {outcome}, 'x', '{'n' * 60}'"
    world.run("INSERT INTO applications " + NUMBERS[world.name].format(rows=rows, select=select))
    if world.name == "postgresql":
        world.run("VACUUM ANALYZE applications")
        world.run("CHECKPOINT")
    if world.name == "sqlite":
        world.run("PRAGMA wal_checkpoint(TRUNCATE)")


# --- by hand -------------------------------------------------------------------------------------


def by_large_windows(world, rows):
    """Go over the key in windows as large as our batches."""
    return by_windows(world, rows, LARGE)


def by_windows(world, rows, batch=BATCH):
    """Go over the key in windows: for who knows that ids are dense whole numbers."""
    step, gone = batch * 10 // 3, 0
    for start in range(0, rows, step):
        gone += delete(
            world, f"DELETE FROM applications WHERE id > {start} AND id <= {start + step} AND {DUE}"
        )
    return gone


def by_limit(world, _rows):
    """Delete any that are due, again and again."""
    statement = {
        "postgresql": f"DELETE FROM applications WHERE ctid = ANY(ARRAY(SELECT ctid FROM applications WHERE {DUE} LIMIT {BATCH}))",
        "sqlite": f"DELETE FROM applications WHERE id IN (SELECT id FROM applications WHERE {DUE} LIMIT {BATCH})",
        "mariadb": f"DELETE FROM applications WHERE {DUE} LIMIT {BATCH}",
    }[world.name]
    gone, end = 0, time.perf_counter() + PATIENCE
    while time.perf_counter() < end and (found := delete(world, statement)):
        gone += found
    return gone


def by_key(world, _rows):
    """Go over the key from the last one that went, a subquery for each batch."""
    gone, last = 0, 0
    while True:
        end = world.one(
            f"SELECT max(id) FROM (SELECT id FROM applications WHERE id > {last} AND {DUE} ORDER BY id LIMIT {BATCH}) b"
        )
        if end is None:
            return gone
        gone += delete(world, f"DELETE FROM applications WHERE id > {last} AND id <= {end} AND {DUE}")
        last = end


def delete(world, statement):
    """Run a statement that commits by itself; return how many rows it took."""
    if world.name == "mariadb":
        with world.connection.cursor() as cursor:
            return cursor.execute(statement)
    return world.connection.execute(statement).rowcount


# --- measuring -----------------------------------------------------------------------------------


class Watch:
    """Progress that notes when batches went."""

    def __init__(self):
        self.begun = self.last = 0.0

    def start(self, *said, **more):
        """Note the beginning."""
        self.begun = time.perf_counter()

    def step(self, *said, **more):
        """Note a batch."""
        self.last = time.perf_counter()

    def finish(self):
        """Do nothing."""


def carry_out(world, folder, *, pace=None):
    """Plan and carry out, with a ledger in a file; return the rows, and seconds of the batches and of all, and when the last batch went."""
    clock = StoppedClock()
    path = folder / f"ledger-{random.getrandbits(40):x}.db"
    purge = Purge(world, ledger=open_ledger(str(path), clock=clock, sealer=PlainSealer()), clock=clock)
    watch, begun = Watch(), time.perf_counter()
    result = purge.carry_out(
        pace=pace or Pace(batch_rows=LARGE, lock_seconds=LIMIT), progress=watch, pause=time.sleep
    )
    whole = time.perf_counter() - begun
    assert result.finished, result.refusal
    assert result.rows == purge.plan.rows
    return result.rows, watch.last - watch.begun, whole, watch.last


def measure_deleting(world, rows, folder, rounds):
    """Compare rows a second."""
    expected = None
    rates = {}
    for _ in range(rounds):
        for rival in (by_windows, by_large_windows, by_limit, by_key):
            fill(world, rows)
            expected = world.one(f"SELECT count(*) FROM applications WHERE {DUE}")
            begun = time.perf_counter()
            gone = rival(world, rows)
            seconds = time.perf_counter() - begun
            assert gone == expected or seconds > PATIENCE
            rate = gone / seconds
            rates[rival.__name__] = max(rate, rates.get(rival.__name__, 0))
        fill(world, rows)
        gone, batches, whole, _ = carry_out(world, folder)
        assert gone == expected
        for name, seconds in (("gone", batches), ("whole", whole)):
            rates[name] = max(gone / seconds, rates.get(name, 0))
    best = max(rate for name, rate in rates.items() if name.startswith("by_"))
    for name, rate in rates.items():
        print(f"{world.name:<11}{name:<18}{rate:>12,.0f} rows/s {rate / best:>8.2f} of the best by hand")


def measure_waiting(world, rows, folder):
    """Tell how long somebody who works beside it waits at most."""
    fill(world, min(rows, 300_000))
    waits, stop = [], threading.Event()
    other = connect_again(world)

    def work():
        chance = random.Random(1)
        while not stop.is_set():
            number = chance.randrange(1, min(rows, 300_000)) // 10 * 10 + 5  # never one that is due
            begun = time.perf_counter()
            other(f"UPDATE applications SET note = 'seen' WHERE id = {number}")
            waits.append((time.perf_counter() - begun, begun))
            time.sleep(0.002)

    thread = threading.Thread(target=work)
    thread.start()
    _, _, _, end = carry_out(world, folder)
    stop.set()
    thread.join()
    batches = sorted(wait for wait, begun in waits if begun < end)
    after = max((wait for wait, begun in waits if begun >= end), default=0)
    print(
        f"{world.name:<11}a writer beside it waited {batches[-1] * 1000:,.0f} ms at most, "
        f"{batches[len(batches) // 2] * 1000:,.1f} ms in the middle, of {LIMIT * 1000:,.0f} ms that are allowed; "
        f"{after * 1000:,.0f} ms at most while what was left was cleaned up"
    )


def connect_again(world):
    """Return a function that runs a statement on a connection of its own."""
    if world.name == "sqlite":
        connection = sqlite3.connect(world.path, isolation_level=None, timeout=30, check_same_thread=False)
        return connection.execute
    if world.name == "postgresql":
        import psycopg

        return psycopg.connect(world.address, autocommit=True).execute
    import pymysql

    connection = pymysql.connect(
        unix_socket=str(world.server.socket),
        user=world.server.administrator,
        autocommit=True,
        database=world.one("SELECT database()"),
    )

    def run(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


def measure_planning(world, rows):
    """Compare a plan with the one count that it needs."""
    fill(world, rows)
    counts, plans = [], []
    for _ in range(3):
        begun = time.perf_counter()
        world.one(f"SELECT count(*) FROM applications WHERE {DUE}")
        counts.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        Purge(world, agreed=False)
        plans.append(time.perf_counter() - begun)
    seconds = min(plans)
    print(
        f"{world.name:<11}a plan over {rows:,} rows took {seconds:.2f} s, one count {min(counts):.2f} s: {seconds / min(counts):.2f} times"
    )


def measure_partitions(world, rows):
    """Tell how long a partition takes to drop, small and large."""
    rows = min(rows, LARGEST_PARTITION)
    for size in (rows // 100, rows):
        world.run("DROP TABLE IF EXISTS visits")
        if world.name == "postgresql":
            world.run(
                "CREATE TABLE visits (id integer, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)"
            )
            world.run(
                "CREATE TABLE visits_2015 PARTITION OF visits FOR VALUES FROM ('2015-01-01') TO ('2016-01-01')"
            )
        else:
            world.run(
                # The lowest partition may hold days that stand for none: an index finds them at once.
                "CREATE TABLE visits (id integer, day date NOT NULL, PRIMARY KEY (id, day), KEY (day)) PARTITION BY RANGE COLUMNS (day) "
                "(PARTITION visits_2015 VALUES LESS THAN ('2016-01-01'), PARTITION visits_2016 VALUES LESS THAN ('2017-01-01'))"
            )
        select = f"SELECT i, {DAY[world.name]}"
        world.run("INSERT INTO visits " + NUMBERS[world.name].format(rows=size, select=select))
        if world.name == "postgresql":
            world.run("CHECKPOINT")
        from datetime import date

        target = due(table="visits", condition=Compare("day", "<", date(2016, 1, 1)))
        disposer = world.open()
        disposer.claim("line-1")
        begun = time.perf_counter()
        disposer.do_batch("line-1", target, DropPartition("visits_2015"), limit=1, guard=Free())
        print(
            f"{world.name:<11}a partition of {size:>9,} rows was dropped in {(time.perf_counter() - begun) * 1000:,.0f} ms"
        )
        disposer.forget(["line-1"])


if __name__ == "__main__":
    raise SystemExit(main())
