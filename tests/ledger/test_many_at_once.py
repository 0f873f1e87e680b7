"""Threads and processes that append at the same time stand one after the other: no gap, no fork, no loss."""

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from curtilage.foundation.clock import SystemClock
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.verify import verify_store
from tests.ledger.appender import SHARED, append_shared
from tests.ledger.ledgers import CLERK, PlainSealer, event, make_database

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_ledger(request, tmp_path):
    """Gives the address of another empty ledger each time, which other processes can open."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        return lambda: make_database(server)
    numbers = itertools.count()
    return lambda: str(tmp_path / f"curtilage-{next(numbers)}.db")


@pytest.fixture
def lasting(new_ledger):
    """The address of a ledger that other processes can open."""
    return new_ledger()


def reopen(address):
    return open_ledger(address, clock=SystemClock(), sealer=PlainSealer())


def start(address, name, *rounds):
    words = [sys.executable, "-m", "tests.ledger.appender", address, name, *map(str, rounds)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def acknowledged(printed):
    """Return position and leaf of what a process was told that it stands; a torn last line is none."""
    lines = [line.split() for line in printed.splitlines(keepends=True) if line.endswith("\n")]
    return {int(position): bytes.fromhex(leaf) for position, leaf in lines}


def check(address, *told):
    """Look at the whole ledger: it verifies, holds all that was acknowledged, and nothing twice."""
    ledger = reopen(address)
    assert verify_store(ledger.store).faults == ()
    rows = {row.position: row.leaf for row in ledger.store.read_rows(limit=10**6)}
    assert list(rows) == list(range(ledger.count()))
    for each in told:
        assert each.items() <= rows.items()
    for stream in ledger.list_streams("retention/"):
        entries = ledger.read(stream)
        assert [entry.data["count"] for entry in entries] == list(range(len(entries)))
    ledger.close()
    return len(rows)


def test_threads_stand_one_after_the_other(ledger):
    def work(name):
        for number in range(40):
            ledger.append(f"retention/{name}", number, [event(number)], by=CLERK)
            append_shared(ledger)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert ledger.count() == 6 * 40 * 2
    assert [entry.data["count"] for entry in ledger.read(SHARED)] == list(range(6 * 40))
    assert verify_store(ledger.store).faults == ()


def test_processes_stand_one_after_the_other(lasting):
    started = [start(lasting, name, 25) for name in "abcd"]
    told = [acknowledged(process.communicate(timeout=120)[0]) for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert check(lasting, *told) == sum(map(len, told))
    assert len({position for each in told for position in each}) == sum(map(len, told))


def test_a_new_file_is_made_once_however_many_begin(tmp_path):
    address = str(tmp_path / "curtilage.db")
    started = [start(address, name, 1) for name in "abcdef"]
    assert [process.wait(60) for process in started] == [0] * 6
    for process in started:
        process.stdout.close()
    check(address)


def test_a_process_that_was_forked_uses_connections_of_its_own(lasting):
    code = (
        "import os, sys\n"
        "from tests.ledger.test_many_at_once import reopen\n"
        "from tests.ledger.ledgers import CLERK, event\n"
        "ledger = reopen(sys.argv[1])\n"
        "ledger.append('retention/a', 0, [event(0)], by=CLERK)\n"
        "child = os.fork()\n"
        "name = 'b' if child else 'c'\n"
        "for number in range(20): ledger.append(f'retention/{name}', number, [event(number)], by=CLERK)\n"
        "ledger.close()\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) if child else 0)\n"
    )
    subprocess.run([sys.executable, "-c", code, lasting], check=True, cwd=ROOT, timeout=60)
    assert check(lasting) == 41


def test_one_alone_holds_a_lock_by_name(ledger):
    with ledger.only_one("worker") as first, ledger.only_one("worker") as second:
        assert (first, second) == (True, False)
        with ledger.only_one("other") as third:
            assert third
    with ledger.only_one("worker") as again:
        assert again


def test_a_lock_is_free_when_its_holder_was_killed(lasting):
    code = (
        "import sys, time\n"
        "from tests.ledger.test_many_at_once import reopen\n"
        "with reopen(sys.argv[1]).only_one('worker') as held:\n"
        "    print(held, flush=True)\n"
        "    time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code, lasting]
    ledger = reopen(lasting)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout.readline() == "True\n"
        with ledger.only_one("worker") as taken:
            assert not taken
        holder.kill()
    assert any(_try(ledger) for _ in range(200))
    ledger.close()


def _try(ledger):
    with ledger.only_one("worker") as taken:
        return taken
