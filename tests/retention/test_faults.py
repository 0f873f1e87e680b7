"""Connections that are dropped and disks that are full: nothing is lost, and nothing goes twice."""

import resource
import signal
import sqlite3

import pytest

from curtilage.ledger.opening import open_ledger
from curtilage.retention.carrying import Pace
from curtilage.testing.clock import StoppedClock
from tests.connectors.disposal.worlds import MariaWorld, PostgresWorld, SqliteWorld
from tests.ledger.ledgers import PlainSealer
from tests.processes import linux
from tests.retention.carried import Purge
from tests.retention.killed import _PROCESSES, MOMENT, assert_true_to_its_word, carry_out
from tests.retention.test_carry_out import Between

ROWS = 60
PATIENT = Pace(batch_rows=10, wait_seconds=0.1, tries=12)


def drop_connections(world):
    """End every connection to the world's database but its own."""
    if world.name == "postgresql":
        world.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return
    for (number,) in world.run(
        "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND db = database()"
    ):
        world.run(f"KILL {number}")


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def served(request):
    kind = {"postgresql": PostgresWorld, "mariadb": MariaWorld}[request.param]
    made = kind(request.getfixturevalue(f"{request.param}_server"))
    yield made
    made.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_the_server_drops_before_the_commit_is_made_anew(served, when):
    served.fill(rows=ROWS, notes=ROWS)
    purge = Purge(served)
    drops = iter([True] * 2)

    def open_disposer(system):
        inner = served.open()
        return Between(inner, **{when: lambda: drop_connections(served)}) if next(drops, False) else inner

    result = purge.carry_out(pace=PATIENT, open_disposer=open_disposer, pause=lambda seconds: None)
    assert (result.finished, result.rows) == (True, ROWS // 2)
    assert_true_to_its_word(served, purge.ledger, purge.plan, ROWS)
    rolled_back = {"before": 0, "after": 2}[when]  # before the intent, nothing was said yet
    assert len(purge.intended) == len(purge.done) + rolled_back


def with_a_full_disk(room, *given):
    """Carry out in this process, which may make no file larger than ``room`` bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    carry_out(*given)


@linux
@pytest.mark.parametrize("room", [8, 40, 90, 130])
def test_a_disk_that_is_full_in_the_middle_loses_nothing(tmp_path, room):
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=200)
    clock = StoppedClock()
    ledger = tmp_path / "ledger.db"
    book = open_ledger(str(ledger), clock=clock, sealer=PlainSealer())
    purge = Purge(world, ledger=book, clock=clock)
    assert clock.now() == MOMENT
    given = (
        world.address,
        ("curtilage.connectors.drivers.dispose_sqlite", "SqliteDisposer"),
        ledger,
        purge.plan.id,
    )
    process = _PROCESSES.Process(target=with_a_full_disk, args=(room * 1024, *given))
    process.start()
    process.join(60)
    process = _PROCESSES.Process(target=carry_out, args=given)
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert_true_to_its_word(world, book, purge.plan, 200)
    assert sqlite3.connect(world.path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    book.close()
    world.close()
