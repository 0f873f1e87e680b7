"""A real replica that lags is waited for, and the certificate tells that it holds the rows until it caught up."""

import threading
import time

import psycopg
import pytest

from curtilage.retention.carrying import Pace
from tests.connectors.disposal.worlds import PostgresWorld
from tests.retention.carried import Purge
from tests.retention.killed import assert_true_to_its_word
from tests.servers import run_postgresql, run_replica

pytestmark = pytest.mark.postgresql

ROWS = 60
PATIENT = Pace(batch_rows=5, wait_seconds=0.1, tries=12, lag_seconds=0.5)


@pytest.fixture(scope="module")
def servers():
    """A server, and the address of its replica."""
    with run_postgresql() as server, run_replica(server, "reading_copy") as address:
        yield server, address


@pytest.fixture
def copied(servers):
    """A world whose server has a replica, and a connection to the replica."""
    server, address = servers
    world = PostgresWorld(server)
    world.fill(rows=ROWS)
    with psycopg.connect(address, autocommit=True) as replica:
        yield world, replica
    world.close()


def wait_until(holds):
    """Look again and again until something holds."""
    for _ in range(1200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("It did not come to be.")


def ids_on(replica, world):
    """Return what a reader of the replica sees of the world's table."""
    name = world.connection.info.dbname
    address = f"postgresql://postgres@/{name}?host={replica.info.host}"
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM applications ORDER BY id")]


def lag_of(world):
    disposer = world.open()
    try:
        return disposer.lag()
    finally:
        disposer.close()


def test_no_row_goes_while_a_replica_lags_and_the_rest_when_it_caught_up(copied):
    world, replica = copied
    purge, waited = Purge(world), threading.Event()
    replica.execute("SELECT pg_wal_replay_pause()")
    world.run("CREATE TABLE burst AS SELECT generate_series(1, 1000) AS number")
    wait_until(lambda: lag_of(world) > PATIENT.lag_seconds)

    def pause(seconds):
        waited.set()
        time.sleep(seconds)

    results = []
    carrying = threading.Thread(
        target=lambda: results.append(purge.carry_out(pace=PATIENT, pause=pause)), daemon=True
    )
    carrying.start()
    assert waited.wait(60)
    time.sleep(2)
    assert (purge.done, len(world.ids())) == ([], ROWS)

    replica.execute("SELECT pg_wal_replay_resume()")
    carrying.join(120)

    assert [(each.finished, each.rows) for each in results] == [(True, ROWS // 2)]
    assert_true_to_its_word(world, purge.ledger, purge.plan, ROWS)
    wait_until(lambda: ids_on(replica, world) == world.ids())


def test_the_certificate_names_the_replica(copied):
    world, _ = copied
    result = Purge(world).carry_out(pace=PATIENT, pause=time.sleep)

    (told,) = [each for line in result.certificate.lines for each in line.remains if each.where == "replica"]
    assert "reading_copy deletes the rows when it has caught up" in told.what
    assert told.until is None
    assert told.unknown
