"""The scheduled work as a service runs it: plan, wait for people, carry out, and no two at once."""

import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
import yaml

from curtilage.foundation.clock import SystemClock
from curtilage.ledger.opening import open_ledger
from curtilage.retention.worker import LOCK
from tests.cli.purging import agree, build_city, ids, retention
from tests.cli.running import run

MINIMUM = "Retain 6 years after case closed, then transfer to State Archives."


@pytest.fixture
def city(tmp_path):
    return build_city(tmp_path)


def work(city, status=0):
    done = run("worker", "--once", "--city", city)
    assert done.returncode == status, done.stderr.decode()
    return done.stderr.decode()


def plans(city):
    return [each["plan"] for each in json.loads(retention(city, "status", "--format", "json").stdout)]


def test_the_first_night_plans_and_deletes_nothing(city):
    said = work(city)

    assert "3 records to go" in said
    assert (len(plans(city)), len(ids(city))) == (1, 8)


def test_what_is_planned_is_not_planned_again_each_night(city):
    work(city)

    assert "nothing to plan" in work(city)
    assert len(plans(city)) == 1


def test_what_everybody_agreed_to_goes_in_the_next_night(city):
    work(city)
    agree(city, plans(city)[0])
    said = work(city)

    assert "1 plan finished, 3 records deleted" in said
    assert ids(city) == [1, 4, 6, 7, 8]


def test_what_nobody_agreed_to_waits_and_is_no_failure(city):
    work(city)

    assert "0 plans finished, 0 records deleted" in work(city)
    assert len(ids(city)) == 8


def test_a_failure_is_told_by_its_code_and_the_night_goes_on(city):
    work(city)
    agree(city, plans(city)[0])
    with closing(sqlite3.connect(city / "housing.db")) as database:
        database.execute("ALTER TABLE applications RENAME COLUMN closed_on TO ended_on")
    said = work(city, status=1)

    assert "carry out failed for" in said
    assert "[disposal.unfit-target]" in said
    assert "destroy lists: 0 lists" in said
    assert len(ids(city)) == 8


def test_a_night_signs_the_ledger_where_a_key_was_made(city):
    run("ledger", "key", "--new", "--city", city)

    assert "entries signed" in work(city)


def test_a_time_of_night_that_is_none_is_refused(city):
    with (city / "curtilage.toml").open("a") as settings:
        settings.write('[worker]\nat = "25:00"\n')

    assert "[worker] at is no time of a day: 25:00" in work(city, status=2)


def test_a_second_worker_does_nothing_while_the_first_works(city):
    work(city)
    ledger = open_ledger(str(city / "curtilage.db"), clock=SystemClock())
    try:
        with ledger.only_one(LOCK) as mine:
            assert mine
            assert "Another worker is at it" in work(city, status=1)
    finally:
        ledger.close()


def test_what_goes_to_the_archives_is_handed_over_before_it_goes(city):
    declared = city / "inventory/series/all.yml"
    said = yaml.safe_load(declared.read_text())
    place = said["series"][0]["held_in"][0] | {"dispose": "transfer-then-delete", "to": "attic/housing.zip"}
    said["series"][0] |= {"held_in": [place], "disposition": "transfer", "minimum": MINIMUM}
    declared.write_text(yaml.safe_dump(said))
    work(city)
    agree(city, plans(city)[0])
    work(city)

    (bag,) = (city / "attic/housing").iterdir()
    with zipfile.ZipFile(bag) as archive:
        rows = archive.read(next(name for name in archive.namelist() if name.endswith(".csv")))
    assert rows.count(b"\r\n") == 4
    assert ids(city) == [1, 4, 6, 7, 8]
