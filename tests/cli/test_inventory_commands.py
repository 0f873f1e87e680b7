"""``curtilage init`` and ``curtilage inventory`` as somebody types them."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from tests.inventory.smalltown import write_city


def run(*arguments, cwd, expect=0):
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "CURTILAGE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == expect, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


RUN = "from curtilage.cli.main import main; main()"


@pytest.fixture
def city(tmp_path):
    return write_city(tmp_path / "city")


def git(folder, *arguments):
    name = ("-c", "user.name=clerk", "-c", "user.email=clerk@city.example")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def mend(folder, path, old, new):
    text = (folder / path).read_text("utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), "utf-8")


def test_a_new_city_is_begun_and_passes(tmp_path):
    _, said = run("init", "alder-falls", cwd=tmp_path)
    assert "What to do next" in said
    assert 'name = "Alder Falls"' in (tmp_path / "alder-falls/curtilage.toml").read_text()
    _, said = run("inventory", "validate", "--city", "alder-falls", cwd=tmp_path)
    assert "The inventory loads: 1 department" in said


def test_a_city_is_not_begun_where_something_lies(city):
    _, said = run("init", ".", cwd=city, expect=2)
    assert "is not empty. Nothing was written." in said


@pytest.mark.parametrize("wrong", [("--zone", "Mars/Base"), ("--language", "spanish language")])
def test_a_city_is_not_begun_with_a_wrong_setting(tmp_path, wrong):
    run("init", "new", *wrong, cwd=tmp_path, expect=2)
    assert not (tmp_path / "new").exists()


def test_problems_are_lines_that_an_editor_can_jump_to(city):
    mend(city, "inventory/vendors.yml", "title: Mailing house", "titles: Mailing house")
    told, said = run("inventory", "validate", "--city", "city", cwd=city.parent, expect=1)
    assert told.startswith("city/inventory/vendors.yml:3: unknown key `titles`")
    assert "1 problem in 1 file. Nothing was changed." in said


def test_problems_are_rows_for_programs(city):
    mend(city, "inventory/vendors.yml", "title: Mailing house", "titles: Mailing house")
    row = json.loads(run("inventory", "validate", "--format", "jsonl", cwd=city, expect=1)[0])
    assert (row["path"], row["line"], row["code"]) == ("inventory/vendors.yml", 3, "inventory.unknown-key")
    assert [row] == json.loads(run("inventory", "validate", "--format", "json", cwd=city, expect=1)[0])


def test_problems_are_sarif_for_code_hosts(city):
    mend(city, "inventory/vendors.yml", "title: Mailing house", "titles: Mailing house")
    log = json.loads(run("inventory", "validate", "--format", "sarif", cwd=city, expect=1)[0])
    result = log["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_command_finds_the_city_upwards(city):
    run("inventory", "validate", cwd=city / "inventory/departments")
    run("inventory", "validate", cwd=city.parent, expect=2)


def test_two_folders_are_compared(city):
    other = write_city(city.parent / "other")
    mend(other, "inventory/series/housing.yml", "6 years\n", "9 years\n")
    told, said = run("inventory", "diff", city, other, cwd=city.parent, expect=1)
    assert "kept longer" in told
    assert "1 change, 1 with less protection" in said
    assert run("inventory", "diff", other, city, cwd=city.parent)[0]
    assert "Nothing changed in meaning." in run("inventory", "diff", city, city, cwd=city.parent)[1]


def test_a_folder_is_compared_with_an_earlier_revision(city):
    git(city.parent, "init", "-q")
    git(city.parent, "add", "-A")
    git(city.parent, "commit", "-qm", "first")
    mend(city, "inventory/practices.yml", "public: true", "public: false")
    told, _ = run("inventory", "diff", "--against", "HEAD", "--format", "jsonl", cwd=city, expect=1)
    row = json.loads(told)
    assert (row["id"], row["attribute"], row["loosens"]) == ("report", "public", "no longer public")
    run("inventory", "diff", "--against", "HEAD", "--fail-on", "never", cwd=city)


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", ""])
def test_a_revision_that_is_none_is_refused(city, revision):
    git(city.parent, "init", "-q")
    _, said = run("inventory", "diff", f"--against={revision}", cwd=city, expect=2)
    assert "Nothing was compared." in said
    assert not (city / "x").exists()


def test_diff_needs_something_to_compare_with(city):
    run("inventory", "diff", cwd=city, expect=2)
    run("inventory", "diff", ".", "--against", "HEAD", cwd=city, expect=2)


def test_json_goes_out_and_comes_back_as_files(city):
    run("inventory", "export", "--format", "json", "--out", "all.json", cwd=city)
    run("inventory", "export", "--from", "all.json", "--format", "yaml", "--out", "copy", cwd=city)
    run("inventory", "diff", "copy", cwd=city)
    run("inventory", "export", "--from", "all.json", "--format", "yaml", "--out", "copy", cwd=city, expect=2)


def test_the_files_go_out_with_every_comment(city):
    run("inventory", "export", "--format", "yaml", "--out", "copy", cwd=city)
    path = "inventory/departments/housing.yml"
    assert (city / path).read_bytes() == (city / "copy" / path).read_bytes()
    run("inventory", "export", "--format", "yaml", cwd=city, expect=2)


def test_a_table_goes_out_and_comes_in(city):
    told, _ = run("inventory", "export", "--format", "csv", cwd=city)
    (city / "fields.csv").write_text(told, "utf-8")
    _, said = run("inventory", "import", "csv", "fields.csv", "--merge", cwd=city)
    assert "All 1 fields are declared already" in said


def test_a_database_is_drafted_without_reading_a_row(city):
    with sqlite3.connect(city / "permits.db") as database:
        database.execute("create table people (full_name text, ssn text)")
        database.execute("insert into people values ('CANARY-7Q', '900-00-0000')")
    database.close()
    where = ("--department", "permits", "--program", "building")
    told, _ = run("inventory", "import", "database", "permits.db", *where, "--dry-run", cwd=city)
    assert "+          - field: ssn" in told
    assert not (city / "inventory/departments/permits.yml").exists()
    run("inventory", "import", "database", "permits.db", *where, cwd=city)
    written = (city / "inventory/departments/permits.yml").read_text("utf-8")
    assert "stored_in: [permits.people.ssn]" in written
    assert "CANARY" not in written
    assert (
        "exists. Nothing was written."
        in run("inventory", "import", "database", "permits.db", *where, cwd=city, expect=2)[1]
    )
    run("inventory", "validate", cwd=city)


def test_a_connection_is_drafted_by_its_name(city):
    with sqlite3.connect(city / "permits.db") as database:
        database.execute("create table people (ssn text)")
    database.close()
    mend(city, "curtilage.toml", "languages", '[connections]\npermits_db = "sqlite:permits.db"\n#')
    where = ("--department", "permits", "--program", "building")
    run("inventory", "import", "database", "permits_db", *where, cwd=city)
    assert "connection: permits_db" in (city / "inventory/systems.yml").read_text("utf-8")


def test_a_system_is_drafted_by_its_id(city):
    with sqlite3.connect(city / "permits.db") as database:
        database.execute("create table people (ssn text)")
    database.close()
    mend(city, "curtilage.toml", "languages", '[connections]\npermits = "sqlite:permits.db"\n#')
    mend(city, "inventory/systems.yml", "systems:", "systems:\n  - {id: permits_db, connection: permits}")
    where = ("--department", "permits", "--program", "building")
    told = run("inventory", "import", "database", "permit", *where, cwd=city, expect=2)[1]
    run("inventory", "import", "database", "permits_db", *where, cwd=city)

    assert (
        "permit is no system with a connection, no connection in curtilage.toml (permits) and no file" in told
    )
    assert "tables: [permits_db.people]" in (city / "inventory/departments/permits.yml").read_text("utf-8")


def test_a_form_is_drafted_under_the_name_that_a_survey_gives_it(city):
    (city / "forms").mkdir()
    (city / "forms/permit.html").write_text(
        '<html lang="en"><form><label>Country of birth <input name="cob"></label></form></html>'
    )
    where = ("--department", "permits", "--program", "building")
    run("inventory", "import", "form", "city/forms/permit.html", "--city", "city", *where, cwd=city.parent)
    written = (city / "inventory/departments/permits.yml").read_text("utf-8")
    assert "asked_in: [forms/permit.html#cob]" in written
    assert "category: country_of_birth" in written


def test_a_fides_manifest_is_drafted(city):
    (city / "fides.yml").write_text(
        "dataset:\n  - fides_key: crm\n    collections: [{name: people, fields: [{name: a}]}]\n"
    )
    where = ("--department", "crm", "--program", "all")
    _, said = run("inventory", "import", "fides", "fides.yml", *where, cwd=city)
    assert "1 field added" in said
    run("inventory", "validate", cwd=city)


def test_what_holds_no_question_is_refused(city):
    (city / "empty.html").write_text("<html><p>Nothing is asked here.</p></html>")
    where = ("--department", "permits", "--program", "building")
    run("inventory", "import", "form", "empty.html", *where, cwd=city, expect=2)
    run("inventory", "import", "database", "empty.html", *where, cwd=city, expect=2)


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "inventory",
        "inventory validate",
        "inventory diff",
        "inventory export",
        "inventory import",
        "inventory import database",
        "inventory import form",
        "inventory import fides",
        "inventory import csv",
    ],
)
def test_every_command_explains_itself(tmp_path, command):
    told, _ = run(*command.split(), "--help", cwd=tmp_path)
    assert "Usage: " in told
