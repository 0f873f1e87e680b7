import json
import signal
import sqlite3
import subprocess
import time

import pytest
import yaml

from curtilage.survey.store import FOLDER, list_observations, load_newest
from tests.clean_city import CLEAN, write_city
from tests.cli.running import COMMAND, run, run_on_a_terminal
from tests.processes import children_of, linux

CANARY = "canary-7391"
FORM = '<html lang="en"><form><label for="c">Are you a citizen?</label><input id="c" name="c"></form></html>'


@pytest.fixture
def city(tmp_path):
    """A city with one form, one database that answers and one that does not."""
    write_city(tmp_path, CLEAN["files"])
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "card.html").write_text(FORM)
    collection = {"id": "cards", "title": "Cards", "forms": ["forms/card.html"], "fields": []}
    program = {"id": "cards", "title": "Cards", "collections": [collection]}
    department = {"id": "library", "title": "Library", "programs": [program]}
    systems = [
        {"id": "cards_db", "title": "Cards", "connection": "cards", "host": "city"},
        {"id": "old_db", "title": "Old cards", "connection": "old", "host": "city"},
    ]
    inventory = tmp_path / "inventory"
    for name in inventory.rglob("*.yml"):
        name.unlink()
    (inventory / "departments").mkdir(exist_ok=True)
    (inventory / "departments" / "library.yml").write_text(yaml.safe_dump(department, sort_keys=False))
    (inventory / "systems.yml").write_text(yaml.safe_dump({"systems": systems}, sort_keys=False))
    (tmp_path / "curtilage.toml").write_text(
        'name = "Rivermark"\nzone = "America/Chicago"\n[connections]\ncards = "sqlite:cards.db"\nold = "env:OLD_CARDS"\n'
    )
    change(tmp_path, "CREATE TABLE people (birth_country text, shelf text)")
    change(tmp_path, f"INSERT INTO people VALUES ('{CANARY}', '{CANARY}')")
    return tmp_path


def change(city, statement):
    database = sqlite3.connect(city / "cards.db")
    with database:
        database.execute(statement)
    database.close()


def survey(city, *more):
    return run("survey", "--city", city, *more)


def test_a_survey_looks_at_forms_and_systems_and_stores_what_it_saw(city):
    ran = survey(city)
    stored = load_newest(city)

    assert (
        b"Surveyed 1 file and 1 table of 1 system: 3 questions and columns, 1 direct, 1 strong" in ran.stdout
    )
    assert [(each.system, each.place.source) for each in stored.observed] == [
        ("", "forms/card.html"),
        ("cards_db", "cards.db"),
        ("cards_db", "cards.db"),
    ]


def test_a_system_whose_address_is_not_known_is_silent(city):
    ran = survey(city)

    assert load_newest(city).silent == (
        ("old_db", "The variable OLD_CARDS is not set. Set it to the address."),
    )
    assert (ran.returncode, b"Silent: old_db. The variable OLD_CARDS is not set." in ran.stderr) == (1, True)


def test_a_secret_of_a_connection_is_shown_nowhere(city):
    ran = run("survey", "--city", city, OLD_CARDS=f"postgresql://ana:{CANARY}@127.0.0.1:1/cards")

    assert CANARY.encode() not in ran.stdout + ran.stderr + list_observations(city)[-1].read_bytes()
    assert b"Silent: old_db." in ran.stderr


def test_what_appeared_and_vanished_since_the_last_survey_is_told(city):
    survey(city)
    change(city, "ALTER TABLE people ADD COLUMN visa_type text")
    (city / "forms" / "card.html").write_text(
        "<html><form><label for=s>Shoe size</label><input id=s></form></html>"
    )
    said = survey(city).stdout.decode()

    assert "New since the last survey\n" in said
    assert "people.visa_type" in said
    assert "Gone since the last survey\n  direct  citizenship" in said


def test_the_same_again_is_no_change(city):
    survey(city)

    assert b"since the last survey" not in survey(city).stdout


def test_a_summary_for_programs(city):
    said = json.loads(survey(city, "--format", "json").stdout)

    assert (said["files"], said["tables"], said["systems"], said["reveals"]["direct"]) == (
        1,
        1,
        ["cards_db"],
        1,
    )


def test_no_value_reaches_what_is_stored_or_printed(city):
    for form in ("table", "json"):
        ran = survey(city, "--format", form)
        assert CANARY.encode() not in ran.stdout + ran.stderr
    for path in (city / ".curtilage").rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()


def test_a_stored_survey_that_cannot_be_read_is_replaced_and_left(city):
    survey(city)
    (old,) = list_observations(city)
    old.write_text('{"schema":0}\n')
    ran = survey(city)

    assert b"was written in version 0 of the format" in ran.stderr
    assert old.read_text() == '{"schema":0}\n'
    assert load_newest(city) is not None


def test_an_inventory_with_mistakes_is_not_surveyed(city):
    (city / "inventory" / "systems.yml").write_text("systems: [{idd: x}]\n")
    ran = survey(city)

    assert (ran.returncode, list_observations(city)) == (2, [])
    assert b"inventory/systems.yml:1" in ran.stderr


def test_a_survey_of_nothing_is_not_fine(city):
    (city / "forms" / "card.html").unlink()
    (city / "cards.db").unlink()
    ran = survey(city)

    assert (ran.returncode, b"Nothing was looked at" in ran.stderr) == (1, True)


@linux
def test_a_form_on_the_web_is_told_as_one_that_was_not_looked_at(city):
    department = city / "inventory" / "departments" / "library.yml"
    department.write_text(department.read_text().replace("- forms/card.html", "- https://city.example/card"))
    ran = run("survey", "--city", city)

    assert ran.returncode == 1
    assert b"https://city.example/card: The address: pages of the web are not fetched" in ran.stderr


def test_a_survey_that_is_stopped_leaves_the_stored_ones(city):
    survey(city)
    before = list_observations(city)
    for number in range(3000):
        (city / "forms" / f"{number}.html").write_text(FORM)
    department = city / "inventory" / "departments" / "library.yml"
    department.write_text(department.read_text().replace("forms/card.html", "forms"))
    process = subprocess.Popen([*COMMAND, "survey", "--city", str(city)], stderr=subprocess.PIPE)
    while process.poll() is None and not children_of(process.pid):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert (process.returncode, list_observations(city)) == (130, before)
    assert b"Nothing was stored" in said


def test_a_terminal_is_left_clean(city):
    sent, status = run_on_a_terminal("survey", "--city", str(city))

    assert status == 1
    assert "Surveyed 1 file" in sent
    assert str(FOLDER) not in sent
