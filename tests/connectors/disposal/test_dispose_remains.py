"""What is left of deleted rows: nothing in a SQLite file; elsewhere what is told."""

import re
import sqlite3
from datetime import date

import pytest

from curtilage.connectors.disposal.conditions import Compare, HashIn
from curtilage.connectors.disposal.nouns import Clear, Delete, DropPartition
from curtilage.connectors.disposal.ports import UnfitTargetError
from tests.connectors.disposal.worlds import (
    HASHER,
    Free,
    MariaWorld,
    PostgresWorld,
    SqliteWorld,
    due,
    take_all,
)

TODAY = date(2017, 2, 22)
BEFORE_2016 = Compare("day", "<", date(2016, 1, 1))


def canaries(path):
    """Return the numbers of the canaries whose bytes lie anywhere in a file, its journal or its WAL."""
    whole = b"".join(each.read_bytes() for each in sorted(path.parent.glob(path.name + "*")))
    return {int(number) for number in re.findall(rb"CANARY-(\d{5})-", whole)}


def scattered(world):
    """Fill a file so that rows were moved, rewritten and deleted before anybody thought of erasing them."""
    world.connection.execute("PRAGMA secure_delete = OFF")
    world.fill(rows=400, notes=400)
    world.run("UPDATE applications SET note = note || substr(hex(randomblob(40)), 1, id % 60)")
    world.run("CREATE INDEX by_ssn ON applications (ssn)")
    world.run("DELETE FROM applications WHERE id % 10 = 3 AND id NOT IN (SELECT application_id FROM notes)")


@pytest.mark.parametrize("mode", ["WAL", "DELETE", "PERSIST", "TRUNCATE"])
def test_nothing_of_what_went_can_be_read_in_the_file_its_journal_or_its_wal(tmp_path, mode):
    world = SqliteWorld(tmp_path / "housing.db")
    world.connection.execute(f"PRAGMA journal_mode = {mode}")
    scattered(world)
    gone = {number for number in world.ids() if number % 2}
    assert gone <= canaries(world.path)
    disposer = world.open()
    take_all(disposer, due(along=("notes",)), Delete(), limit=50)
    assert disposer.scrub([due()], today=TODAY) == ()
    assert canaries(world.path) == set(world.ids())
    world.close()


def test_a_file_that_takes_too_long_to_build_anew_is_left_and_that_is_told(tmp_path):
    """VACUUM keeps everybody from writing: others wait no longer than was set, and the certificate says what stays."""
    world = SqliteWorld(tmp_path / "housing.db")
    scattered(world)
    patient, hasty = world.open(), world.open(lock_seconds=1e-9)
    take_all(patient, due(along=("notes",)), Delete(), limit=50)
    (left,) = [each for each in hasty.scrub([due()], today=TODAY) if each.where == "free-pages"]
    assert "so large that nobody could have written" in left.what
    assert "VACUUM" in left.unknown
    assert hasty.count(due()) == 0
    assert patient.scrub([due()], today=TODAY) == ()
    assert canaries(world.path) == set(world.ids())
    world.close()


def test_cleared_columns_cannot_be_read_either(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    scattered(world)
    disposer = world.open()
    take_all(disposer, due(), Clear(("ssn",)), limit=50)
    disposer.scrub([due()], today=TODAY)
    assert canaries(world.path) == {number for number in world.ids() if not number % 2}
    world.close()


def test_a_reader_of_the_file_that_keeps_the_wal_is_told_of(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=20)
    reader = sqlite3.connect(world.path, isolation_level=None)
    disposer = world.open(lock_seconds=0.2)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM applications").fetchone()
    take_all(disposer, due(), Delete())
    told = {each.where for each in disposer.scrub([due()], today=TODAY)}
    assert "journal" in told
    reader.close()
    assert disposer.scrub([due()], today=TODAY) == ()
    world.close()


def test_a_trigger_that_may_keep_a_copy_is_told_of(tmp_path):
    world = SqliteWorld(tmp_path / "housing.db")
    world.fill(rows=4)
    world.run("CREATE TABLE old (ssn text)")
    world.run("CREATE TRIGGER keep AFTER DELETE ON applications BEGIN INSERT INTO old VALUES (OLD.ssn); END")
    (told,) = world.open().scrub([due()], today=TODAY)
    assert (told.where, "keep" in told.what) == ("trigger", True)
    world.close()


@pytest.mark.postgresql
def test_postgresql_tells_what_its_files_and_its_log_keep(postgresql_server):
    world = PostgresWorld(postgresql_server)
    world.fill(rows=40)
    disposer = world.open()
    take_all(disposer, due(), Delete())
    told = {each.where: each for each in disposer.scrub([due()], today=TODAY)}
    assert set(told) == {"dead-tuples", "write-ahead-log"}
    assert "VACUUM gave the room" in told["dead-tuples"].what
    assert disposer.lag() == 0
    world.close()


@pytest.mark.postgresql
def test_postgresql_tells_when_somebody_keeps_dead_rows_alive(postgresql_server):
    import psycopg

    world = PostgresWorld(postgresql_server)
    world.fill(rows=40)
    with psycopg.connect(world.address) as looking:
        looking.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        looking.execute("SELECT count(*) FROM applications")
        disposer = world.open()
        take_all(disposer, due(), Delete())
        told = {each.where: each.what for each in disposer.scrub([due()], today=TODAY)}
    assert "Dead rows of applications" in told["dead-tuples"]
    world.close()


@pytest.mark.mariadb
def test_mariadb_tells_what_its_pages_keep(mariadb_server):
    world = MariaWorld(mariadb_server)
    world.fill(rows=8)
    disposer = world.open()
    take_all(disposer, due(), Delete())
    assert {each.where for each in disposer.scrub([due()], today=TODAY)} == {"undo-log"}
    world.close()


def partitioned(world):
    if world.name == "postgresql":
        world.run(
            "CREATE TABLE visits (id integer, day date NOT NULL, person text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)"
        )
        for year in (2014, 2015, 2016):
            world.run(
                f"CREATE TABLE visits_{year} PARTITION OF visits FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            )
    else:
        parts = ", ".join(
            f"PARTITION visits_{year} VALUES LESS THAN ('{year + 1}-01-01')" for year in (2014, 2015, 2016)
        )
        world.run(
            f"CREATE TABLE visits (id integer, day date NOT NULL, person varchar(40), PRIMARY KEY (id, day)) PARTITION BY RANGE COLUMNS (day) ({parts})"
        )
    for number in range(1, 31):
        world.run(f"INSERT INTO visits VALUES ({number}, '{2014 + number % 3}-05-05', 'person-{number}')")


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def parts(request):
    kind = {"postgresql": PostgresWorld, "mariadb": MariaWorld}[request.param]
    made = kind(request.getfixturevalue(f"{request.param}_server"))
    partitioned(made)
    yield made
    made.close()


def drop(world, name, *, condition=BEFORE_2016, guard=None):
    disposer = world.open()
    target, act = due(table="visits", condition=condition), DropPartition(name)
    disposer.check(target, act)
    disposer.claim("line-1")
    return disposer.do_batch("line-1", target, act, limit=1, guard=guard or Free())


def test_partitions_are_told_with_their_ends(parts):
    found = parts.open().list_partitions("visits")
    assert [(each.name, each.column, each.below) for each in found] == [
        (f"visits_{year}", "day", f"{year + 1}-01-01") for year in (2014, 2015, 2016)
    ]


def test_a_partition_goes_at_once(parts):
    drop(parts, "visits_2015")
    assert parts.one("SELECT count(*) FROM visits") == 20
    assert [each.name for each in parts.open().list_partitions("visits")] == ["visits_2014", "visits_2016"]


def test_a_partition_that_holds_rows_that_are_not_due_stays(parts):
    with pytest.raises(UnfitTargetError, match="must stay"):
        drop(parts, "visits_2016")
    assert parts.one("SELECT count(*) FROM visits") == 30


@pytest.mark.parametrize(
    "held", [Compare("id", "=", 3), HashIn("person", frozenset({HASHER.subject("person-3")}))]
)
def test_a_partition_with_a_held_row_stays(parts, held):
    with pytest.raises(UnfitTargetError, match="must stay"):
        drop(parts, "visits_2014", guard=Free(held, table="visits"))
    assert parts.one("SELECT count(*) FROM visits") == 30


def test_a_partition_that_is_not_there_is_refused(parts):
    with pytest.raises(UnfitTargetError, match="has no partition"):
        drop(parts, "visits_1999")


def test_a_partition_that_is_not_permitted_stays(parts):
    def refuse(batch):
        raise RuntimeError("a hold came")

    with pytest.raises(RuntimeError):
        drop(parts, "visits_2014", guard=Free(permit=refuse))
    assert parts.one("SELECT count(*) FROM visits") == 30
