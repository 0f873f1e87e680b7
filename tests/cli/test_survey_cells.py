"""``curtilage survey`` looks into the cells of a city's systems, keeps counts, and goes on where it stopped."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import date

import pytest
import yaml

from curtilage.survey.store import load_newest
from curtilage.survey.values.kept import FILE, FOLDER
from tests.cli.running import COMMAND, run

NUMBER = "912-71-0000"
SETTINGS = 'name = "Rivermark"\nzone = "UTC"\n'


@pytest.fixture
def city(tmp_path):
    """A city with a database of 400 rows, and a folder of three extracts."""
    folder = tmp_path / "inventory"
    folder.mkdir()
    systems = [
        {"id": f"{name}_db", "title": name, "connection": name, "host": "city"} for name in ("cases", "drive")
    ]
    series = [
        {"id": "c-1", "title": "Cases", "trigger": "closed", "trigger_column": "cases_db.people.closed_on"}
    ]
    (folder / "systems.yml").write_text(yaml.safe_dump({"systems": systems}))
    (folder / "series").mkdir()
    (folder / "series" / "cases.yml").write_text(yaml.safe_dump({"series": series}))
    connections = '[connections]\ncases = "sqlite:cases.db"\ndrive = "drive"\n'
    (tmp_path / "curtilage.toml").write_text(SETTINGS + connections)
    with closing(sqlite3.connect(tmp_path / "cases.db")) as db, db:
        db.execute("CREATE TABLE people (phone TEXT, closed_on TEXT)")
        rows = [(f"206-555-01{number % 100:02}", f"20{number % 20 + 1:02}-05-06") for number in range(399)]
        db.executemany("INSERT INTO people VALUES (?, ?)", [*rows, (NUMBER, "2021-01-01")])
    (tmp_path / "drive").mkdir()
    for name in "abc":
        write_extract(tmp_path, name)
    return tmp_path


def write_extract(city, name, *more):
    (city / "drive" / f"{name}.csv").write_text(
        "\n".join(["phone", "206-555-0100", "206-555-0101", *more]) + "\n"
    )


def survey(city, *more):
    return run("survey", "--city", city, *more)


def cells_of(city):
    seen = load_newest(city).observed
    return {f"{each.place.source} {each.place.name}": each.cells for each in seen if each.cells}


def test_what_was_counted_is_stored_by_column(city):
    ran = survey(city)
    phone = cells_of(city)["cases.db people.phone"]

    assert (phone.seen, phone.matched, phone.sampled) == (400, (("itin", 1), ("phone", 399)), False)
    assert phone.version
    assert b"of 406 rows" in ran.stderr


def test_how_large_and_how_old_a_table_is_is_stored(city):
    survey(city)
    [extent] = [each for each in load_newest(city).extents if each.table == "people"]
    [age] = extent.ages

    assert (extent.system, extent.rows, extent.sampled) == ("cases_db", 400, False)
    assert (age.column, age.oldest, age.newest) == ("people.closed_on", date(2001, 5, 6), date(2021, 1, 1))


def test_what_has_not_changed_is_not_read_again_and_counts_the_same(city):
    survey(city)
    before = cells_of(city)
    write_extract(city, "b", NUMBER)
    ran = survey(city)
    after = cells_of(city)

    assert b"Not read again: 3 of 4 parts" in ran.stderr
    assert after["drive/b.csv phone"].matched == (("itin", 1), ("phone", 2))
    assert {name: after[name] for name in before if "b.csv" not in name} == {
        name: before[name] for name in before if "b.csv" not in name
    }


def test_a_summary_for_programs_counts_cells_too(city):
    survey(city)
    said = json.loads(survey(city, "--format", "json").stdout)

    assert (said["rows"], said["parts"], said["carried_over"], said["sampled"]) == (406, 4, 4, False)
    assert said["not_looked_into"] == []


def test_a_sample_is_called_one_and_is_not_kept(city):
    ran = survey(city, "--sample", "50")
    phone = cells_of(city)["cases.db people.phone"]

    assert phone.sampled
    assert phone.seen < 400
    assert b"(a sample of 50 rows a table)" in ran.stderr
    assert not (city / FOLDER / FILE).exists()


@pytest.mark.parametrize("how", ["option", "setting", "variable"])
def test_a_city_may_look_at_names_only(city, how):
    if how == "setting":
        with (city / "curtilage.toml").open("a") as settings:
            settings.write("[survey]\nvalues = false\n")
    variables = {"CURTILAGE_SURVEY_VALUES": "false"} if how == "variable" else {}
    run("survey", "--city", city, *(["--names-only"] if how == "option" else []), **variables)

    assert cells_of(city) == {}
    assert load_newest(city).tally.places > 0


def test_a_survey_that_was_stopped_goes_on_where_it_was(city):
    # Four rows a second: the extracts are done while the database is still being read.
    process = subprocess.Popen(
        [*COMMAND, "survey", "--city", str(city), "--pace", "4", "--jobs", "2"], stderr=subprocess.PIPE
    )
    kept = city / FOLDER / FILE
    while process.poll() is None and (not kept.exists() or kept.read_text().count('"source"') < 3):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    again = survey(city)

    assert process.returncode == 130
    assert b"3 of 4 parts of the cells are counted and kept: run it again" in said
    assert b"Not read again: 3 of 4 parts" in again.stderr
    assert cells_of(city)["cases.db people.phone"].seen == 400


def test_what_is_kept_holds_no_cell_and_is_nobody_elses(city):
    survey(city)
    kept = city / FOLDER / FILE

    assert NUMBER not in kept.read_text()
    assert "206-555" not in kept.read_text()
    assert (kept.stat().st_mode & 0o077, kept.parent.stat().st_mode & 0o077) == (0, 0)
