"""``curtilage retention`` as somebody types it: due, plan, authorise, status, hold, holds, review, release."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.cli.running import run
from tests.retention import declared
from tests.retention.towns import build_town

SETTINGS = """
name = "Smalltown"
zone = "America/Chicago"

[connections]
housing = "sqlite:housing.db"

[disposal]
housing = "sqlite:housing.db"
"""
TODAY = datetime.now(ZoneInfo("America/Chicago")).date()  # the city's


@pytest.fixture
def city(tmp_path):
    build_town(tmp_path, notes=[(1, 1, "2001-01-01", "p-9")])
    (tmp_path / "curtilage.toml").write_text(SETTINGS)
    files = {
        "city.yml": declared.CITY,
        "authorities.yml": {"authorities": [declared.AUTHORITY]},
        "systems.yml": {"systems": [{"id": "housing", "connection": "housing"}]},
        "series/all.yml": {"series": [declared.series()]},
    }
    for name, said in files.items():
        path = tmp_path / "inventory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(said, sort_keys=False))
    return tmp_path


def retention(city, *arguments, given="", expect=0):
    done = run("retention", *arguments, "--city", city, given=given.encode())
    assert done.returncode == expect, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def hold(city, *arguments, given="", expect=0, matter="2017-CV-0123"):
    words = ("--matter", matter, "--ground", "litigation", "--issuer", "County court", "--as", "law")
    return retention(city, "hold", *words, *arguments, given=given, expect=expect)


def list_holds(city, *arguments, expect=0):
    return json.loads(retention(city, "holds", "--format", "json", *arguments, expect=expect)[0])


def make_plan(city):
    retention(city, "plan", "--as", "rec", "--out", city / "plan.json", expect=1)
    return json.loads((city / "plan.json").read_text())


def entries(city):
    with closing(sqlite3.connect(city / "curtilage.db")) as database:
        return b"".join(row[0] for row in database.execute("SELECT entry FROM ledger_entries"))


# --- due and plan --------------------------------------------------------------------------------


def test_due_counts_and_records_nothing(city):
    out, told = retention(city, "due", expect=1)

    assert "housing.applications" in out
    assert "6 records due, 6 past the city's own limit, 1 question for a person." in told
    assert b"retention." not in entries(city)


def test_due_is_json_for_programs(city):
    rows = [
        json.loads(line) for line in retention(city, "due", "--format", "jsonl", expect=1)[0].splitlines()
    ]

    assert (rows[0]["due"], rows[0]["oldest"]) == (6, "2005-01-01")
    assert rows[1]["undecided"] == "no-day"


def test_a_plan_is_told_written_and_recorded_and_nothing_goes(city):
    out, told = retention(city, "plan", "--as", "rec", "--out", city / "plan.json", expect=1)
    plan = json.loads((city / "plan.json").read_text())

    assert "HSG-014" in out
    assert f"Plan {plan['id'][:12]}: 6 records to go, 1 question for a person." in told
    assert plan["not_before"] == (TODAY + timedelta(days=14)).isoformat()
    assert plan["id"].encode() in entries(city)
    with closing(sqlite3.connect(city / "housing.db")) as database:
        assert database.execute("SELECT count(*) FROM applications").fetchone() == (8,)


def test_a_plan_on_standard_output_is_the_file(city):
    out, _ = retention(city, "plan", "--as", "rec", "--format", "json", expect=1)

    assert json.loads(out)["made_by"] == "rec"


@pytest.mark.parametrize("command", [("due",), ("plan", "--as", "rec")], ids=" ".join)
def test_an_unknown_series_is_refused(city, command):
    _, told = retention(city, *command, "--series", "hsg-14", expect=2)

    assert "There is no series hsg-14. Nothing was done." in told


def test_somebody_the_city_does_not_know_plans_nothing(city):
    _, told = retention(city, "plan", "--as", "nobody", expect=3)

    assert "Nothing was recorded" in told
    assert "[retention.unknown-officer]" in told


def test_from_a_system_without_a_line_under_disposal_nothing_is_planned(city):
    (city / "curtilage.toml").write_text(SETTINGS.partition("[disposal]")[0])
    out, told = retention(city, "plan", "--as", "rec", expect=1)

    assert "not-asked" in out
    assert "0 records to go" in told


# --- authorise and status ------------------------------------------------------------------------


def test_a_plan_is_agreed_to_by_each_role_and_then_waits_for_the_warning(city):
    plan = make_plan(city)["id"]
    _, first = retention(city, "authorise", plan[:12], "--as", "rec")
    _, second = retention(city, "authorise", city / "plan.json", "--as", "head")
    out, _ = retention(city, "status", plan, "--format", "json", expect=1)

    assert "Still to agree: department head." in first
    assert "All have agreed." in second
    assert [reason["code"] for reason in json.loads(out)["reasons"]] == ["warning"]


def test_consent_by_another_role_or_twice_is_refused(city):
    plan = make_plan(city)["id"]
    _, told = retention(city, "authorise", plan, "--as", "law", expect=3)

    assert "it asks for: department head, records officer" in told
    assert b"retention.authorised" not in entries(city)


def test_a_plan_changed_by_one_byte_is_refused(city):
    make_plan(city)
    content = (city / "plan.json").read_bytes()
    (city / "plan.json").write_bytes(content.replace(b'"rows": 6', b'"rows": 7'))
    _, told = retention(city, "authorise", city / "plan.json", "--as", "rec", expect=1)

    assert "[retention.plan-changed]" in told
    assert b"retention.authorised" not in entries(city)


def test_an_unknown_plan_is_refused(city):
    _, told = retention(city, "authorise", "0123456789ab", "--as", "rec", expect=2)

    assert "[retention.unknown-plan]" in told


def test_plans_are_listed_with_who_agreed(city):
    plan = make_plan(city)["id"]
    retention(city, "authorise", plan, "--as", "rec")
    rows = json.loads(retention(city, "status", "--format", "json")[0])
    out, _ = retention(city, "status")

    assert [(row["plan"], row["state"], row["missing"]) for row in rows] == [
        (plan, "made", ["department head"])
    ]
    assert "records officer (rec)" in out


# --- holds ---------------------------------------------------------------------------------------


def test_a_hold_on_people_is_kept_sealed_and_keeps_their_records(city):
    out, told = hold(city, "--subjects", "-", given="p-1\n\np-2\n")
    plan = make_plan(city)

    assert "stands" in told
    assert out.splitlines()[1].split() == ["hsg-014", "housing.applications", "4"]
    assert plan["items"][0]["rows"] == 2
    assert plan["items"][0]["held"][0]["matter"] == "2017-CV-0123"
    assert b"p-1" not in entries(city)
    assert list_holds(city)[0]["limited_to"] == "2 people"


def test_a_preview_counts_and_records_nothing(city):
    out, told = hold(city, "--where", "district=5", "--preview")

    assert out.splitlines()[1].split() == ["hsg-014", "housing.applications", "3"]
    assert "It is about 3 records, due or not, in 1 place." in told
    assert list_holds(city) == []


def test_a_hold_that_nothing_limits_must_be_said(city):
    _, told = hold(city, expect=2)
    hold(city, "--everything")

    assert "say --everything" in told
    assert list_holds(city)[0]["limited_to"] == "everything"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--everything", "--series", "hsg-014"), "stands alone"),
        (("--subjects", "-"), "names nobody"),
        (("--where", "district"), "--where takes"),
        (("--where", "closed_on<2016-02-31"), "no calendar has"),
    ],
    ids=str,
)
def test_a_hold_that_cannot_be_read_is_refused(city, arguments, said):
    _, told = hold(city, *arguments, expect=2)

    assert said in told
    assert list_holds(city) == []


def test_a_condition_that_cannot_be_read_is_not_repeated(city):
    _, told = hold(city, "--where", "CANARY Lopez", expect=2)

    assert "CANARY" not in told


def test_a_hold_named_after_a_person_or_on_what_is_not_there_is_refused(city):
    _, named = hold(city, "--everything", expect=3, matter="Maria")
    _, unknown = hold(city, "--series", "hsg-14", expect=3)

    assert "nobody's name" in named
    assert "There is no series hsg-14" in unknown


def test_a_hold_is_reviewed_and_released_by_counsel_on_a_number(city):
    hold(city, "--series", "hsg-014")
    name = list_holds(city)[0]["hold"]
    until = (TODAY + timedelta(days=30)).isoformat()
    retention(city, "review", name, "--until", until, "--as", "rec")
    _, refused = retention(city, "release", name, "--reference", "Order 17", "--as", "rec", expect=3)
    reviewed = list_holds(city)[0]
    retention(city, "release", name, "--reference", "Order 17", "--as", "law")

    assert (reviewed["review"], reviewed["released"]) == (until, None)
    assert "released by counsel" in refused
    assert list_holds(city) == []
    assert list_holds(city, "--all")[0]["reference"] == "Order 17"


@pytest.mark.parametrize(
    "command", [("review",), ("release", "--reference", "Order 1")], ids=lambda each: each[0]
)
def test_a_hold_that_is_not_there_is_refused(city, command):
    _, told = retention(city, command[0], "h-9", *command[1:], "--as", "law", expect=2)

    assert "There is no hold h-9" in told


def test_a_released_hold_is_not_reviewed(city):
    hold(city, "--series", "hsg-014")
    name = list_holds(city)[0]["hold"]
    retention(city, "release", name, "--reference", "Order 17", "--as", "law")
    _, told = retention(city, "review", name, "--as", "law", expect=3)

    assert "was released" in told


def test_check_tells_what_the_newest_plan_found(city):
    make_plan(city)
    done = run("check", "--format", "json", "--city", city)
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}

    assert {"retention.kept-beyond-limit", "retention.no-trigger-date"} <= codes


def test_check_makes_no_ledger(city):
    run("check", "--city", city)

    assert not (city / "curtilage.db").exists()
