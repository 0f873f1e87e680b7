"""Plan, approve, release, list: as an officer types it, in a town with a real database."""

import io
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.cli.casetown import codes, make_town, receive, shown, told, typed

pyrage = pytest.importorskip("pyrage", reason="needs the extra release")
pytest.importorskip("cedarpy", reason="needs the extra policy")

SYSTEMS = "systems:\n  - {id: housing, title: Housing, connection: housing, host: city}\n"
HOUSING = """\
id: housing
title: Housing
programs:
  - id: rent
    title: Rent
    collections:
      - id: form
        title: Form
        fields:
          - {field: name, category: full_name, stored_in: [housing.applicants.name]}
          - {field: origin, category: country_of_birth, necessity: prohibited, stored_in: [housing.applicants.origin]}
"""
HELD = """\
  - id: hsg
    title: Applications
    held_in: [{in: housing.applicants, subject: person, trigger: received}]
"""


@pytest.fixture(scope="module")
def decided_town(tmp_path_factory):
    """A town with a judge's warrant that policy and counsel let leave, its case, and the recipient's key."""
    folder = _furnish(make_town(tmp_path_factory.mktemp("town") / "town"))
    identity = pyrage.x25519.Identity.generate()
    (folder / "clerk.txt").write_text(f"# the clerk of the court\n{identity.to_public()}\n")
    case = receive(folder)
    words = ("--served", "2026-01-05", "--not-civil-immigration", "--holder", "other", "--as", "law")
    told(folder, "classify", case, "judicial-warrant", *words)
    words = ("--issuer", "court", "--signer", "judge", "--authentic", "yes", "--how", "clerk-of-court")
    told(folder, "identify", case, *words, "--as", "records")
    facts = ("status=no", "locator=yes", "other_personal=yes", "in_force=yes", "motion_pending=no")
    told(folder, "state", case, *facts, "--as", "law")
    told(folder, "narrow", case, folder / "scope.yml", "--matched", "--as", "law")
    told(folder, "confirm", case, "order", "--as", "law")
    told(folder, "rule", case, "--as", "records")
    told(folder, "confirm", case, "outcome", "--as", "law")
    return folder, case, identity


@pytest.fixture
def town(decided_town, tmp_path):
    return Path(shutil.copytree(decided_town[0], tmp_path / "town"))


@pytest.fixture
def case(decided_town):
    return decided_town[1]


def _furnish(folder):
    (folder / "inventory/systems.yml").write_text(SYSTEMS)
    (folder / "inventory/departments").mkdir(exist_ok=True)
    (folder / "inventory/departments/housing.yml").write_text(HOUSING)
    series = folder / "inventory/series/requests.yml"
    series.write_text(series.read_text() + HELD)
    settings = folder / "curtilage.toml"
    settings.write_text(settings.read_text() + '\n[connections]\nhousing = "sqlite:housing.db"\n')
    with sqlite3.connect(folder / "housing.db") as db:
        db.execute("CREATE TABLE applicants (person, name, origin, received)")
        rows = [("4711", "Ana CANARY-1", "MX", "2024-02-03"), ("4712", "Bo CANARY-2", "US", "2024-02-03")]
        db.executemany("INSERT INTO applicants VALUES (?, ?, ?, ?)", rows)
    (folder / "out").mkdir()
    return folder


def planned(town, case):
    words = ("--to", town / "clerk.txt", "--as", "records", "--format", "json")
    return json.loads(typed(town, "disclosure", "plan-release", case, *words))["id"]


def approved(town, case):
    plan = planned(town, case)
    told(town, "approve", case, plan[:12], "--as", "releaser")
    told(town, "approve", case, plan[:12], "--as", "law")
    return plan


def test_a_plan_is_printed_in_counts_and_names_nobody(town, case):
    said = typed(town, "disclosure", "plan-release", case, "--to", town / "clerk.txt", "--as", "records")
    assert "housing.applicants  name    1 of 1  1        person, received" in said
    assert "Rests on court order" in said
    assert "CANARY" not in said
    assert "4711" not in said


def test_reading_a_plan_records_nothing_and_says_how_to_approve_it(town, case):
    plan = planned(town, case)
    before = shown(town, case)["number"]
    assert f"approve {case} {plan[:12]} --as law" in told(town, "approve", case, "--as", "law")
    assert shown(town, case)["number"] == before


def test_from_plan_to_package_to_list(town, case, decided_town):
    plan = approved(town, case)
    said = json.loads(
        typed(
            town,
            "disclosure",
            "release",
            case,
            plan[:12],
            "--out",
            town / "out",
            "--as",
            "releaser",
            "--format",
            "json",
        )
    )
    (package,) = (town / "out").iterdir()
    assert said["package"] == str(package)
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(package.read_bytes(), [decided_town[2]]))) as archive:
        assert archive.read("records/01-housing.applicants.csv") == b'"no.","name"\r\n"1","Ana CANARY-1"\r\n'
    (listed,) = json.loads(typed(town, "disclosure", "released", "--format", "json"))
    assert (listed["case"], listed["records"], listed["package_sha256"]) == (case, 1, said["sha256"])
    assert case in typed(town, "disclosure", "released", "--package", package)
    other = town / "clerk.txt"
    assert "No package that left" in told(town, "released", "--package", other, status=1)
    page = typed(town, "disclosure", "released", case, "--format", "html")
    assert f"Case {case}" in page
    assert "CANARY" not in page


def test_run_again_it_says_that_it_is_done(town, case):
    plan = approved(town, case)
    words = ("release", case, plan, "--out", town / "out", "--as", "releaser")
    told(town, *words)
    assert "It was made before" in told(town, *words)


def test_one_approval_is_not_enough(town, case):
    plan = planned(town, case)
    told(town, "approve", case, plan, "--as", "releaser")
    said = told(town, "release", case, plan, "--out", town / "out", "--as", "releaser", status=3)
    assert codes(said) == {"not-approved"}
    assert list((town / "out").iterdir()) == []


@pytest.mark.parametrize("who", ["window", "seat-1"])
def test_who_is_not_inside_reads_no_plan(town, case, who):
    planned(town, case)
    said = told(town, "approve", case, "--as", who, status=3)
    assert codes(said) == {"not-your-role"}
    assert "applicants" not in said


def test_a_plan_id_that_is_too_short_is_none(town, case):
    plan = planned(town, case)
    assert "at least 12 digits" in told(town, "approve", case, plan[:4], "--as", "law", status=2)


def test_a_private_key_is_refused_and_not_repeated(town, case):
    key = pyrage.x25519.Identity.generate()
    (town / "clerk.txt").write_text(str(key))
    said = told(town, "plan-release", case, "--to", town / "clerk.txt", "--as", "records", status=2)
    assert "private key" in said
    assert str(key) not in said


def test_keys_that_are_nowhere_are_told(town, case):
    said = told(town, "plan-release", "abcdefgh", "--to", town / "nobody.txt", "--as", "records", status=2)
    assert "file of public keys" in said


def test_a_system_without_an_address_is_told(town, case):
    settings = town / "curtilage.toml"
    settings.write_text(settings.read_text().partition("[connections]")[0])
    said = told(town, "plan-release", case, "--to", town / "clerk.txt", "--as", "records", status=2)
    assert "there is no address of housing" in said


def test_nothing_left_is_an_empty_list(town):
    assert json.loads(typed(town, "disclosure", "released", "--format", "json")) == []
    assert "Nothing has left" in typed(town, "disclosure", "released", "--format", "html")


def test_what_came_into_the_sealed_lane_after_its_release_is_counsels_to_see(town, case):
    plan = approved(town, case)
    told(town, "release", case, plan, "--out", town / "out", "--as", "releaser")
    (town / "gag.txt").write_text("Tell nobody.")
    words = ("--cite", "18 U.S.C. 2705(b)", "--without-end", "--text", town / "gag.txt")
    told(town, "withhold-notice", case, *words, "--as", "law")
    for who in ((), ("--as", "records")):
        assert json.loads(typed(town, "disclosure", "released", "--format", "json", *who)) == []
    (seen,) = json.loads(typed(town, "disclosure", "released", "--format", "json", "--as", "law"))
    assert seen["case"] == case
