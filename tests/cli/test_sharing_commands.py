"""``curtilage sharing``, as people run it."""

import json

import pytest

from tests.cli.running import run

pytest.importorskip("pyarrow")

PRACTICES = """\
practices:
  - id: plates
    title: Plates
    kind: network-sharing
    recipient: Agencies on the network
    log: plate-network
    recipients: [Northfield IL PD, "* WI PD"]
    purposes: [stolen-vehicle, missing-person]
"""
HEADINGS = "ID,Name,Org Name,Total Networks Searched,Time Frame,License Plate,Reason,Case #,Search Time"
ROWS = [
    '1,J. Canary,Northfield IL PD,10,,CANARY1,stolen,12,"{day}, 03:42:15 PM UTC"',
    '2,J. Canary,Danville IL PD,10,,CANARY2,assist ICE canary,12,"{day}, 03:42:15 PM UTC"',
    '3,J. Canary,Jane Canary,10,,CANARY3,canary talk,12,"{day}, 03:42:15 PM UTC"',
    "4,J. Canary,Northfield IL PD,10,,CANARY4,stolen,12,soon",
]


@pytest.fixture
def city(tmp_path):
    folder = tmp_path / "city"
    assert run("init", folder).returncode == 0
    (folder / "inventory/practices.yml").write_text(PRACTICES)
    return folder


def write_log(folder, day="10/23/2026", rows=ROWS):
    path = folder.parent / "log.csv"
    path.write_text("\n".join([HEADINGS, *(row.format(day=day) for row in rows)]) + "\n")
    return path


def read_in(city, path, *more):
    return run(
        "sharing", "import-log", path, "--log", "plate-network", "--as", "privacy", "--city", city, *more
    )


def test_a_log_is_counted_and_compared(city):
    counted = read_in(city, write_log(city), "--format", "json")
    parted = run("sharing", "reconcile", "--city", city, "--format", "jsonl")

    assert json.loads(counted.stdout)["rows"] == 3
    assert b"Look at row 4" in counted.stderr
    assert parted.returncode == 1
    kinds = [json.loads(line)["kind"] for line in parted.stdout.splitlines()]
    assert kinds[0] == "grave-purpose"


def test_nothing_of_a_log_about_people_is_kept_or_shown(city):
    done = read_in(city, write_log(city))
    more = run("sharing", "reconcile", "--city", city)
    checked = run("check", "--city", city, "--format", "json")

    said = b"".join(each.stdout + each.stderr for each in (done, more, checked))
    kept = b"".join(path.read_bytes() for path in city.rglob("*") if path.is_file())
    assert b"canary" not in (said + kept).lower()
    assert b"sharing.immigration-purpose" in checked.stdout


def write_as(form, path):
    """Write one row of a log whose every word but the body's name is about people."""
    row = {
        "at": "2026-10-23",
        "Org Name": "Danville IL PD",
        "Reason": "canary talk",
        "License Plate": "CANARY7",
    }
    if form == "json":
        path.write_text(json.dumps({"searches": [row, row]}))
    elif form == "jsonl":
        path.write_text(json.dumps(row) + "\n")
    elif form == "parquet":
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.table({name: [text] for name, text in row.items()}), path)
    else:
        xlsxwriter = pytest.importorskip("xlsxwriter")
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, list(row))
            sheet.write_row(1, 0, list(row.values()))


@pytest.mark.parametrize("form", ["json", "jsonl", "parquet", "xlsx"])
def test_a_log_in_any_form_leaves_nothing_about_people_behind(city, form):
    path = city.parent / f"log.{form}"
    write_as(form, path)

    done = read_in(city, path, "--format", "json")

    assert [use["recipient"] for use in json.loads(done.stdout)["uses"]] == ["Danville IL PD"]
    kept = b"".join(each.read_bytes() for each in city.rglob("*") if each.is_file())
    assert b"canary" not in (done.stdout + done.stderr + kept).lower()


def test_a_log_read_twice_is_counted_once(city):
    read_in(city, write_log(city))
    again = read_in(city, write_log(city))
    listed = json.loads(run("sharing", "logs", "--city", city, "--format", "json").stdout)

    assert b"Nothing was recorded" in again.stderr
    assert [(each["rows"], each["first"]) for each in listed] == [(3, "2026-10-23")]


def test_a_dry_run_records_nothing(city):
    done = read_in(city, write_log(city), "--dry-run")

    assert b"Nothing was recorded." in done.stderr
    assert json.loads(run("sharing", "logs", "--city", city, "--format", "json").stdout) == []


def test_queries_that_the_city_sends_have_one_recipient(city):
    path = city.parent / "save.jsonl"
    path.write_text(
        '{"at": "2026-10-02T10:00:00Z", "alien_number": "A012345678", "why": "housing assistance"}\n'
    )

    done = run(
        *("sharing", "import-log", path, "--log", "save", "--as", "privacy", "--city", city),
        *("--recipient-is", "DHS SAVE", "--format", "json"),
    )

    [use] = json.loads(done.stdout)["uses"]
    assert (use["recipient"], use["purpose"], use["times"]) == ("DHS SAVE", "benefit-eligibility", 1)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--recipient", "Name"), b"sharing.column-of-people"),
        (("--moment", "Case #"), b"sharing.no-access"),
        (("--purpose", "Raeson"), b"sharing.no-column"),
    ],
)
def test_what_cannot_be_read_as_it_stands_is_refused(city, more, code):
    done = read_in(city, write_log(city), *more)

    assert done.returncode == 2
    assert code in done.stderr
    assert b"Nothing was recorded" in done.stderr


def test_a_file_that_is_no_log_is_refused(city):
    path = city.parent / "note.txt"
    path.write_text("Jane Canary asked.\n")

    done = read_in(city, path)

    assert (done.returncode, b"canary" in done.stderr.lower()) == (2, False)
