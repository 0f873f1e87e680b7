"""A plan is made, agreed to and carried out as somebody at a desk would do it."""

import json
import sqlite3
from contextlib import closing

import pytest
import yaml

from tests.cli.running import run
from tests.retention.declared import AUTHORITY, CITY, holding, series
from tests.retention.towns import build_town

SETTINGS = """
name = "Smalltown"
zone = "America/Chicago"
[connections]
housing = "housing.db"
[disposal]
housing = "housing.db"
[retention]
grace_days = 0
"""


@pytest.fixture
def city(tmp_path):
    """A city's folder whose housing database holds four applications that are due."""
    build_town(tmp_path)
    (tmp_path / "curtilage.toml").write_text(SETTINGS)
    files = {
        "city.yml": CITY,
        "authorities.yml": {"authorities": [AUTHORITY]},
        "systems.yml": {"systems": [{"id": "housing", "host": "city", "connection": "housing"}]},
        "series/all.yml": {
            "series": [series(held_in=[holding(outcome={"column": "outcome", "is": ["denied"]})])]
        },
    }
    for name, said in files.items():
        path = tmp_path / "inventory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(said, sort_keys=False))
    return tmp_path


def retention(city, *arguments):
    return run("retention", *arguments, "--city", city)


def ids(city):
    with closing(sqlite3.connect(city / "housing.db")) as database:
        return [row[0] for row in database.execute("SELECT id FROM applications ORDER BY id")]


def planned(city):
    """Return the file of a plan that everybody has agreed to."""
    out = city / "plan.json"
    made = retention(city, "plan", "--as", "rec", "--out", out)
    assert made.returncode in (0, 1), made.stderr
    for officer in ("rec", "head"):
        agreed = retention(city, "authorise", out, "--as", officer)
        assert agreed.returncode == 0, agreed.stderr
    return out


def test_a_plan_is_carried_out_from_its_file(city):
    done = retention(city, "carry-out", planned(city), "--as", "rec", "--format", "json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["finished"], said["lines"][0]["left"]) == (True, 0)
    assert ids(city) == [1, 4, 6, 7, 8]
    assert len(said["certificate"]) > 10


def test_it_is_told_how_it_ended(city):
    done = retention(city, "carry-out", planned(city), "--as", "rec")
    assert b"hsg-014@housing.applications" in done.stdout
    assert b"3 records went." in done.stderr


def test_a_plan_that_was_carried_out_is_told_so_and_its_certificate_by_a_name_of_its_own(city):
    path = planned(city)
    first, again = (retention(city, "carry-out", path, "--as", "rec") for _ in range(2))

    name = first.stderr.decode().split()[-1]
    assert retention(city, "certificates", name).returncode == 0
    assert len(name) > len("certificate-")
    assert b"Nothing was deleted now; 3 records went when the plan was carried out." in again.stderr
    assert b"did not come to its end" not in again.stderr


def test_a_plan_of_which_one_byte_was_changed_is_refused(city):
    path = planned(city)
    path.write_bytes(path.read_bytes().replace(b'"rows": 3', b'"rows": 4'))
    done = retention(city, "carry-out", path, "--as", "rec")
    assert done.returncode == 1
    assert b"was changed after it was made" in done.stderr
    assert len(ids(city)) == 8


def test_a_plan_that_nobody_agreed_to_is_refused_with_its_reasons(city):
    out = city / "plan.json"
    retention(city, "plan", "--as", "rec", "--out", out)
    done = retention(city, "carry-out", out, "--as", "rec")
    assert done.returncode == 3
    assert b"The plan is refused. Nothing was deleted." in done.stderr
    assert b"The consent of department head is missing" in done.stderr
    assert len(ids(city)) == 8


def test_a_column_that_vanished_since_the_plan_stops_it(city):
    path = planned(city)
    with closing(sqlite3.connect(city / "housing.db")) as database:
        database.execute("ALTER TABLE applications RENAME COLUMN closed_on TO ended_on")
    done = retention(city, "carry-out", path, "--as", "rec")
    assert done.returncode == 1
    assert b"there is no column closed_on" in done.stderr
    assert len(ids(city)) == 8


def test_a_declaration_that_changed_since_the_plan_refuses_it(city):
    path = planned(city)
    declared = city / "inventory" / "series" / "all.yml"
    declared.write_text(declared.read_text().replace("Retain 6 years", "Retain 7 years"))
    done = retention(city, "carry-out", path, "--as", "rec")
    assert (done.returncode, len(ids(city))) == (3, 8)
    assert b"[changed]" in done.stderr


def test_an_unknown_plan_and_a_strange_time_are_refused(city):
    assert retention(city, "carry-out", "123456abcdef", "--as", "rec").returncode != 0
    done = retention(city, "carry-out", planned(city), "--as", "rec", "--until", "later")
    assert (done.returncode, len(ids(city))) == (2, 8)
