"""A judge's warrant from the counter to its end, by the commands, with ledger and records in PostgreSQL.

Somebody at a desk receives it and answers nothing; counsel confirms, policy decides, two people approve, one
record of one person leaves, a letter goes with it, the person is told, and the case is closed.

Source:
    sunlight-2017, limit the discretion of individual employees; curtilage-disclosure-table, rows 1, 3 and 4.
"""

import io
import json
import zipfile

import pytest

from tests.cli.casetown import SERIES, codes, make_town, shown, told, typed
from tests.ledger.ledgers import make_database

psycopg = pytest.importorskip("psycopg", reason="needs the extra databases")
pyrage = pytest.importorskip("pyrage", reason="needs the extra release")
pytest.importorskip("cedarpy", reason="needs the extra policy")
pytestmark = pytest.mark.postgresql

PEOPLE = [("4711", "Ana CANARY-1", "MX", "2024-02-03"), ("4712", "Bo CANARY-2", "US", "2024-02-03")]
PAPER = "UNITED STATES DISTRICT COURT\nSearch and seizure warrant\nThe file of Ana CANARY-1, case 4711\n"
SYSTEMS = "systems:\n  - {id: housing, title: Housing, connection: housing, host: city}\n"
HELD = "  - id: hsg\n    title: Applications\n    held_in: [{in: housing.applicants, subject: person, trigger: received}]\n"
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
FACTS = ("status=no", "locator=yes", "other_personal=yes", "in_force=yes", "motion_pending=no")


@pytest.fixture(scope="module")
def server_town(tmp_path_factory, postgresql_server):
    """A town whose ledger and whose records lie in two databases of a PostgreSQL server."""
    ledger, housing = make_database(postgresql_server), make_database(postgresql_server)
    with psycopg.connect(housing, autocommit=True) as db:
        db.execute("CREATE TABLE applicants (person text, name text, origin text, received date)")
        for row in PEOPLE:
            db.execute("INSERT INTO applicants VALUES (%s, %s, %s, %s)", row)
    folder = make_town(tmp_path_factory.mktemp("story") / "town")
    settings = folder / "curtilage.toml"
    more = f'\n[connections]\nhousing = "{housing}"\n\n[ledger]\naddress = "{ledger}"\n'
    settings.write_text(settings.read_text() + more)
    (folder / "inventory/systems.yml").write_text(SYSTEMS)
    (folder / "inventory/departments").mkdir()
    (folder / "inventory/departments/housing.yml").write_text(HOUSING)
    (folder / "inventory/series/requests.yml").write_text(SERIES + HELD)
    (folder / "curtilage.db").unlink()
    typed(folder, "disclosure", "activate", "--as", "privacy")
    return folder, ledger


@pytest.fixture(scope="module")
def story(server_town, tmp_path_factory):
    """Return what was said at each step of one request, and what is left of it."""
    town, ledger = server_town
    desk = tmp_path_factory.mktemp("desk")
    (desk / "paper.txt").write_text(PAPER)
    (desk / "out").mkdir()
    identity = pyrage.x25519.Identity.generate()
    (desk / "clerk.txt").write_text(f"# the clerk of the court\n{identity.to_public()}\n")
    words = ("--channel", "counter", "--department", "housing", "--paper", "court", "--format", "json")
    said = {"opened": json.loads(typed(town, "disclosure", "open", *words, "--as", "window"))}
    case = said["opened"]["case"]

    told(town, "attach", case, desk / "paper.txt", "--as", "window")
    said["at the desk"] = codes(told(town, "rule", case, "--as", "window", status=3))
    words = ("--served", "2026-01-05", "--not-civil-immigration", "--holder", "other", "--as", "law")
    told(town, "classify", case, "judicial-warrant", *words)
    words = ("--issuer", "court", "--signer", "judge", "--authentic", "yes", "--how", "clerk-of-court")
    told(town, "identify", case, *words, "--as", "records")
    told(town, "state", case, *FACTS, "--as", "law")
    told(town, "confirm", case, "order", "--as", "law")
    typed(town, "disclosure", "rule", case, "--as", "records")
    said["without a scope"] = shown(town, case)["ruling"]["outcome"]

    told(town, "narrow", case, town / "scope.yml", "--matched", "--as", "law")
    told(town, "confirm", case, "order", "--as", "law")
    typed(town, "disclosure", "rule", case, "--as", "records")
    said["within its scope"] = shown(town, case)["ruling"]["outcome"]
    told(town, "confirm", case, "outcome", "--as", "law")
    words = ("--to", desk / "clerk.txt", "--as", "records", "--format", "json")
    plan = json.loads(typed(town, "disclosure", "plan-release", case, *words))["id"]
    leave = ("release", case, plan, "--out", desk / "out", "--as", "releaser")
    told(town, "approve", case, plan, "--as", "releaser")
    said["one approval"] = codes(told(town, *leave, status=3))
    told(town, "approve", case, plan, "--as", "law")
    told(town, *leave)

    told(town, "letter", case, "--out", desk / "letter.txt")
    told(town, "notify", case, "--whom", "subject", "--how", "mail", "--as", "privacy")
    told(town, "close", case, "released", "--as", "records")
    return {**said, "case": case, "town": town, "desk": desk, "identity": identity, "ledger": ledger}


def test_at_the_desk_nothing_is_decided(story):
    assert story["at the desk"] == {"not-your-role"}


def test_policy_narrows_first_and_lets_leave_what_the_order_names(story):
    assert (story["without a scope"], story["within its scope"]) == ("narrow", "release")


def test_one_approval_is_not_enough(story):
    assert story["one approval"] == {"not-approved"}


def test_one_record_of_one_person_left_and_only_the_court_can_read_it(story):
    [package] = (story["desk"] / "out").iterdir()
    assert b"CANARY" not in package.read_bytes()

    plain = pyrage.decrypt(package.read_bytes(), [story["identity"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        assert archive.read("records/01-housing.applicants.csv") == b'"no.","name"\r\n"1","Ana CANARY-1"\r\n'


def test_the_letter_says_what_left_and_names_nobody_of_whom_it_is(story):
    letter = " ".join((story["desk"] / "letter.txt").read_text().split())

    assert "1 record, about 1 person" in letter
    assert "CANARY" not in letter


def test_the_case_is_closed_and_no_clock_runs(story):
    clocks = typed(story["town"], "disclosure", "clocks", story["case"], "--format", "json")

    assert shown(story["town"], story["case"])["result"] == "released"
    assert json.loads(clocks) == []


def test_the_record_is_whole_and_tells_each_step_in_order(story):
    typed(story["town"], "ledger", "verify")
    with psycopg.connect(story["ledger"]) as db:
        kinds = [row[0] for row in db.execute("SELECT kind FROM curtilage.ledger_entries ORDER BY position")]

    ends = [kind.partition(".")[2] for kind in kinds]
    assert (ends[0], ends[1], ends[-1]) == ("policies-activated", "received", "closed")
    assert [each for each in ends if each in {"planned", "approved", "released", "noticed"}] == [
        "planned",
        "approved",
        "approved",
        "released",
        "noticed",
    ]


def test_neither_the_ledger_nor_the_folder_holds_anybodys_name_in_the_clear(story):
    with psycopg.connect(story["ledger"]) as db:
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'curtilage'"
        tables = [row[0] for row in db.execute(query)]
        held = repr([db.execute(f"SELECT * FROM curtilage.{table}").fetchall() for table in tables])
    files = [path for path in story["town"].rglob("*") if path.is_file()]

    assert story["case"] in held
    assert "CANARY" not in held
    assert [path.name for path in files if b"CANARY" in path.read_bytes()] == []
