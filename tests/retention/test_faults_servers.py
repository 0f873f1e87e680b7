"""Servers that crash, or whose disk is full, in the middle: nothing is lost, nothing goes twice, the record is true."""

import gc
import os
import re
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pymysql
import pytest

from curtilage.retention.carrying import Pace
from tests.connectors.disposal.worlds import MariaWorld, PostgresWorld
from tests.processes import children_of, linux
from tests.retention.carried import Purge
from tests.retention.killed import assert_true_to_its_word
from tests.retention.test_carry_out import Between
from tests.servers import find_mariadb, run_mariadb, run_postgresql

# PyMySQL leaves a socket open that nobody answered at.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed .*socket:ResourceWarning")

ROWS = 60
PATIENT = Pace(batch_rows=10, wait_seconds=0.1, tries=12)
HASTY = Pace(batch_rows=10, wait_seconds=0.01, tries=3)
KILOBYTE = 1024


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def own(request):
    """A world on a server of the test's own, which may be hurt."""
    if request.param == "postgresql":
        running, kind = run_postgresql(), PostgresWorld
    elif (program := find_mariadb()) is not None:
        running, kind = run_mariadb(program), MariaWorld
    else:
        pytest.skip("there is no mariadbd, and Debian's packages cannot be fetched")
    with running as server:
        world = kind(server)
        world.fill(rows=ROWS, notes=ROWS)
        yield world
        for each in (*world.opened, world.connection):
            with suppress(psycopg.Error, pymysql.Error):
                each.close()
        gc.collect()  # while that is let pass


def connect_again(world):
    """Give the world a connection to its server after that was away."""
    if world.name == "postgresql":
        world.connection.close()
        world.connection = psycopg.connect(world.address, autocommit=True)
        return
    database = re.search(r"/(housing_\w+)\?", world.address)[1]
    world.connection._force_close()  # nobody is there to take leave of
    world.connection = pymysql.connect(
        unix_socket=str(world.server.socket), user="root", autocommit=True, database=database
    )


def assert_all_went_once(world, purge):
    connect_again(world)
    assert_true_to_its_word(world, purge.ledger, purge.plan, ROWS)
    assert world.ids("notes") == world.ids()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_that_crashes_and_comes_back_in_the_middle_is_waited_for(own, when):
    """Before the intent is recorded, and between it and the commit."""
    purge = Purge(own)
    first = [Between(own.open(), **{when: own.server.crash})]
    result = purge.carry_out(
        pace=PATIENT, open_disposer=lambda _: first.pop() if first else own.open(), pause=time.sleep
    )

    assert (result.finished, result.rows) == (True, ROWS // 2)
    assert_all_went_once(own, purge)


def test_a_server_that_crashes_again_and_again_is_waited_for(own):
    purge, crashes = Purge(own), iter([True] * 3)

    def opener(system):
        inner = own.open()
        return Between(inner, after=own.server.crash) if next(crashes, False) else inner

    result = purge.carry_out(pace=PATIENT, open_disposer=opener, pause=time.sleep)

    assert result.finished
    assert_all_went_once(own, purge)


def limit_files(server, room):
    """Let a server and what it started make no file larger than ``room``: bytes, or ``unlimited``."""
    for process in [server.process(), *children_of(server.process())]:
        with suppress(FileNotFoundError):  # of a process that has ended
            owner = {"user": Path(f"/proc/{process}").stat().st_uid} if os.geteuid() == 0 else {}
            words = ["prlimit", "--pid", str(process), f"--fsize={room}:"]
            subprocess.run(words, check=False, capture_output=True, cwd="/", **owner)


@linux
@pytest.mark.skipif(not shutil.which("prlimit"), reason="limits a server's files by prlimit, of util-linux")
@pytest.mark.parametrize("batches", [0, 2])
def test_a_server_whose_disk_is_full_goes_on_when_there_is_room(own, batches):
    """Whatever the server does over it: what was certified as gone is gone, once there is room again."""
    purge, passed, limited = Purge(own), iter([False] * batches), []

    def fill():
        if next(passed, True) and not limited:
            limited.append(True)
            limit_files(own.server, KILOBYTE)

    class Filling(Between):
        def do_batch(self, *given, **options):
            self.before = fill
            return super().do_batch(*given, **options)

    cut = purge.carry_out(pace=HASTY, open_disposer=lambda _: Filling(own.open()), pause=lambda _: None)
    with suppress(FileNotFoundError):  # it may have stopped over it
        limit_files(own.server, "unlimited")
    own.server.crash()

    assert not cut.finished
    assert cut.certificate is None
    assert purge.carry_out(pace=PATIENT, pause=time.sleep).finished
    assert_all_went_once(own, purge)
