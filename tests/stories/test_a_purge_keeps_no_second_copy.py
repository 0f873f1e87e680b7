"""A purge leaves no copy of what it deleted, and no trace of whom a hold was about: not in the ledger, not in what is said.

Source:
    design decisions 0007, 0025, 0026.
"""

import shutil
import sqlite3
from contextlib import closing

import pytest
import yaml

from tests.cli.purging import build_city
from tests.cli.running import run
from tests.retention.declared import holding, series

CANARY = "Xochitl-Canary-7391"
HELD = "Held-Canary-8402"
KEY = "73917391"


@pytest.fixture(scope="module")
def purged(tmp_path_factory):
    """A city after its purge, and all that its commands said."""
    city = build_city(tmp_path_factory.mktemp("canary"))
    plant(city)
    files = [
        holding(within="housing.applications", outcome={"column": "outcome", "is": ["denied"]}),
        {
            "in": "drive.people.csv",
            "copy": "record",
            "trigger": "closed_on",
            "subject": "person",
            "dispose": "rewrite",
        },
        {
            "in": "drive.scans/*.pdf",
            "trigger": "file_modified",
            "subject": "file_name",
            "dispose": "remove-files",
        },
    ]
    declare(city, files)
    said = [run("retention", *words, "--city", city, given=given) for words, given in commands(city)]
    said.append(run("worker", "--once", "--city", city))
    return city, b"".join(done.stdout + done.stderr for done in said)


def plant(city):
    drive = city / "drive" / "scans"
    drive.mkdir(parents=True)
    with closing(sqlite3.connect(city / "housing.db")) as database, database:
        database.execute(
            "INSERT INTO applications VALUES (?, ?, '2001-01-01', 'denied', 1, ?)", (KEY, CANARY, CANARY)
        )
        database.execute("INSERT INTO applications VALUES (73, ?, '2001-01-01', 'denied', 1, 'x')", (HELD,))
    (city / "drive" / "people.csv").write_text(
        f"id,person,closed_on\n{KEY},{CANARY},2001-01-01\n73,{HELD},2001-01-01\n74,else,2024-01-01\n"
    )
    import os

    path = drive / f"{CANARY}.pdf"
    path.write_text(CANARY)
    os.utime(path, (10**9, 10**9))


def declare(city, files):
    (city / "inventory/series/all.yml").write_text(yaml.safe_dump({"series": [series(held_in=files)]}))
    systems = city / "inventory/systems.yml"
    said = yaml.safe_load(systems.read_text())
    said["systems"].append({"id": "drive", "host": "city", "connection": "drive"})
    systems.write_text(yaml.safe_dump(said))
    settings = city / "curtilage.toml"
    text = settings.read_text().replace("[disposal]", 'drive = "drive"\n[disposal]\ndrive = "drive"')
    settings.write_text(text)


def commands(city):
    plan = city / "plan.json"
    hold = ("hold", "--matter", "PRR-2017-1", "--ground", "records-request", "--issuer", "City clerk")
    yield (*hold, "--subjects", "-", "--as", "law"), HELD.encode()
    yield ("plan", "--as", "rec", "--out", plan), b""
    yield ("authorise", plan, "--as", "rec"), b""
    yield ("authorise", plan, "--as", "head"), b""
    yield ("carry-out", plan, "--as", "rec"), b""
    yield ("certificates",), b""
    yield ("certificates", "certificate-"), b""
    for suffix in ("json", "html", "pdf"):
        yield ("certificates", "certificate-", "--out", city / f"c.{suffix}"), b""
    yield ("status",), b""
    yield ("replay", "housing", "--as", "rec"), b""


def written(city):
    own = {"housing.db", "people.csv"}
    return {path: path.read_bytes() for path in city.rglob("*") if path.is_file() and path.name not in own}


def test_the_purge_was_done(purged):
    city, said = purged
    with closing(sqlite3.connect(city / "housing.db")) as database:
        people = {row[0] for row in database.execute("SELECT person FROM applications")}

    assert (CANARY in people, HELD in people) == (False, True)
    assert (
        city / "drive/people.csv"
    ).read_text() == f"id,person,closed_on\n73,{HELD},2001-01-01\n74,else,2024-01-01\n"
    assert list((city / "drive/scans").iterdir()) == []
    assert b"records went" in said


@pytest.mark.parametrize("canary", [CANARY, HELD, KEY])
def test_neither_the_ledger_nor_a_certificate_nor_a_plan_names_anybody(purged, canary):
    city, _ = purged

    assert [path.name for path, content in written(city).items() if canary.encode() in content] == []


@pytest.mark.parametrize("canary", [CANARY, HELD, KEY])
def test_no_command_says_a_value(purged, canary):
    _, said = purged

    assert canary.encode() not in said


def test_nothing_of_what_went_is_left_in_the_database_or_beside_it(purged):
    city, _ = purged
    places = [path for path in city.rglob("housing.db*") if path.is_file()]

    assert [path.name for path in places if CANARY.encode() in path.read_bytes()] == []


def test_the_copy_that_this_test_looks_with_would_be_found(purged, tmp_path):
    """Otherwise the tests above would prove nothing."""
    city, _ = purged
    copy = tmp_path / "city"
    shutil.copytree(city, copy)
    (copy / "note.txt").write_text(f"about {CANARY}")

    assert [path.name for path, content in written(copy).items() if CANARY.encode() in content] == [
        "note.txt"
    ]
