"""``scan --explain`` says why a column holds what it holds, and shows no cell."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.running import run

CANARIES = ("A012-345-678", "A012345679", "415-555-0132", "912-70-1234", "canary7391")
PEOPLE = "phone,notes,ssn\n415-555-0132,she is undocumented canary7391,123-45-6780\nA012-345-678,x,912-70-1234\nA012345679,y,\n"


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def test_each_rule_is_told_with_its_cells_and_how_they_are_written(people):
    done = run("scan", people, "--explain", "phone", "--format", "json")
    told = json.loads(done.stdout)
    found = {each["rule"]: each for each in told["by_cells"]}
    assert done.returncode == 1
    assert (told["cells"], told["locator"]) == (3, "row:1 col:1")
    assert found["alien_number"]["masks"] == {"A###-###-###": 1, "A#########": 1}
    assert told["by_name"][0]["category"] == "phone"


def test_words_are_named_by_their_rule_alone(people):
    told = json.loads(run("scan", people, "--explain", "row:1 col:2", "--format", "json").stdout)
    assert all(not each["masks"] for each in told["by_cells"] if each["category"] == "immigration_status")
    assert any(each["category"] == "immigration_status" for each in told["by_cells"])


@pytest.mark.parametrize("place", ["phone", "notes", "ssn", "nowhere"])
@pytest.mark.parametrize("form", ["table", "json"])
def test_no_cell_is_shown(people, place, form):
    done = run("scan", people, "--explain", place, "--format", form)
    assert not [value for value in CANARIES if value.encode() in done.stdout + done.stderr]


def test_a_column_of_a_database_is_found_with_and_without_its_table(tmp_path):
    path = tmp_path / "city.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE people (id INTEGER, phone TEXT)")
        database.execute("INSERT INTO people VALUES (1, 'A012-345-678')")
    for place in ("people.phone", "phone"):
        told = json.loads(run("scan", path, "--explain", place, "--format", "json").stdout)
        assert told["column"] == "people.phone"


def test_a_column_that_is_not_there_is_told_with_those_that_are(people):
    done = run("scan", people, "--explain", "telephone")
    assert done.returncode == 2
    assert b"phone, notes, ssn" in done.stderr


def test_one_target_is_explained(people):
    assert run("scan", people, people, "--explain", "phone").returncode == 2
