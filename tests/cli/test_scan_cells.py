"""``curtilage scan`` looks into cells as a user runs it: every cell counted, none shown."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, run, run_on_a_terminal
from tests.processes import children_of

NUMBER = "912-71-0000"
ROWS = [f"206-555-01{number:02},ok" for number in range(40)]
PEOPLE = ["phone,notes", *ROWS, f"{NUMBER},says she has no papers"]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("\n".join(PEOPLE) + "\n")


def lines(*arguments, **more):
    ran = run("scan", *arguments, "--format", "jsonl", **more)
    return {line["name"]: line for line in map(json.loads, ran.stdout.splitlines())}


def test_cells_are_counted_by_what_they_hold():
    found = lines("people.csv")

    assert found["phone"]["values_seen"] == 41
    assert (found["phone"]["values_matched"]["phone"], found["phone"]["values_matched"]["itin"]) == (40, 1)
    assert found["notes"]["values_matched"] == {"immigration_status": 1}
    assert (found["phone"]["reveals"], found["notes"]["reveals"]) == ("strong", "direct")


def test_reasons_name_rules_and_counts_and_no_cell_is_shown():
    for form in ("table", "json", "jsonl", "sarif", "html"):
        ran = run("scan", ".", "--all", "--format", form)

        assert NUMBER.encode() not in ran.stdout + ran.stderr
        assert b"no papers" not in ran.stdout + ran.stderr
    reasons = lines("people.csv")["phone"]["categories"][1]["reasons"]
    assert reasons == ["value:itin in 1 of 41 cells"]


def test_names_alone_are_looked_at_where_that_is_asked():
    found = lines("people.csv", "--names-only")

    assert (found["phone"]["values_seen"], found["phone"]["values_matched"]) == (0, {})
    assert run("scan", "people.csv", "--names-only").returncode == 0


def test_a_sample_says_so_in_every_row_and_in_the_summary():
    found = lines("people.csv", "--sample", "10", "--all")
    ran = run("scan", "people.csv", "--sample", "10")

    assert [line.get("sampled") for line in found.values()] == [True, True]
    assert b"(a sample of 10 rows a table)" in ran.stderr
    assert "sampled" not in lines("people.csv")["phone"]


def test_how_many_cells_were_looked_at_is_told_on_standard_error():
    assert b"Looked into 82 cells of 41 rows." in run("scan", "people.csv").stderr


def test_prose_is_a_place_only_where_something_was_found():
    Path("remark.txt").write_text("She says that she is undocumented.\n")
    Path("recipe.txt").write_text("Stir twice.\n")
    found = [json.loads(line) for line in run("scan", ".", "--format", "jsonl").stdout.splitlines()]
    prose = [line for line in found if line["kind"] == "value"]

    assert [(line["source"], line["locator"], line["reveals"]) for line in prose] == [
        ("remark.txt", "text", "direct")
    ]


def test_a_form_and_source_code_are_no_content():
    Path("form.html").write_text("<form><label>Are you undocumented? <input name=u></label></form>")
    Path("models.py").write_text("NOTE = 'she is undocumented'\n")
    ran = run("scan", "form.html", "models.py", "--all", "--format", "jsonl")

    assert {json.loads(line)["values_seen"] for line in ran.stdout.splitlines()} <= {0}
    assert b"Looked into" not in ran.stderr


def test_a_database_is_looked_into():
    with closing(sqlite3.connect("a.db")) as db, db:
        db.execute("CREATE TABLE people (phone TEXT, age INTEGER)")
        db.executemany("INSERT INTO people VALUES (?, ?)", [("206-555-0100", 7), (NUMBER, 8), (None, 9)])

    assert lines("a.db")["people.phone"]["values_matched"] == {"itin": 1, "phone": 1}


def test_what_cannot_be_looked_into_is_told_and_its_names_count():
    Path("bad.parquet").write_bytes(b"PAR1 cut off PAR1")
    ran = run("scan", "people.csv", "bad.parquet")

    assert b"bad.parquet" in ran.stderr
    assert ran.stdout.startswith(b"people.csv\n")


def test_without_pyarrow_names_count_and_a_line_says_what_was_not_looked_into(tmp_path):
    script = (
        "import importlib.util, sys\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'pyarrow' else real(name, *more)\n"
        "from curtilage.cli.main import main\n"
        "main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "scan", "people.csv", "--format", "jsonl"], capture_output=True
    )

    assert b"pip install 'curtilage[tables]'" in ran.stderr
    assert [json.loads(line)["values_seen"] for line in ran.stdout.splitlines()] == [0, 0]


def test_the_number_of_processes_does_not_change_the_counts():
    for number in range(5):
        Path(f"p{number}.csv").write_text("\n".join(PEOPLE * 3))

    assert run("scan", ".", "-j", "1", "--all", "--format", "jsonl").stdout == (
        run("scan", ".", "-j", "3", "--all", "--format", "jsonl").stdout
    )


def test_nothing_is_written_where_files_are_scanned():
    before = sorted(Path().rglob("*"))
    run("scan", ".")

    assert sorted(Path().rglob("*")) == before


def test_a_scan_that_is_stopped_says_how_far_it_was_and_leaves_no_process():
    Path("people.csv").write_text("\n".join(PEOPLE * 500))
    process = subprocess.Popen(
        [*COMMAND, "scan", "people.csv", "--pace", "50"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while process.poll() is None and not has_worker(process.pid):
        time.sleep(0.05)
    time.sleep(2)
    children = children_of(process.pid)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert (process.returncode, b"Stopped after" in said) == (130, True)
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def has_worker(pid):
    return any(b"values.engine" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children_of(pid))


def test_a_terminal_sees_how_far_it_is_and_is_left_clean():
    sent, status = run_on_a_terminal("scan", "people.csv", "--pace", "30")

    assert status == 1
    assert "\x1b[2K" in sent
    assert os.linesep in sent
