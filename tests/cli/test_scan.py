import json
import os
import signal
import sqlite3
import subprocess
from pathlib import Path

import jsonschema
import pytest

from tests.cli.running import COMMAND, run, run_on_a_terminal

CANARY = "canary-7391"
TELLING = "CREATE TABLE people (citizenship_status varchar(9), phone varchar(20), shelf_color text);\n"
HARMLESS = "CREATE TABLE shelves (shelf_color text);\n"

LEVEL = {"enum": ["none", "weak", "strong", "direct"]}
MATCH = {
    "type": "object",
    "required": ["category", "reveals", "score", "reasons"],
    "additionalProperties": False,
    "properties": {
        "category": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "reveals": LEVEL,
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "reasons": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    },
}
LINE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{key: {"type": "string"} for key in ("source", "locator", "name", "text", "lang")},
        "kind": {"enum": ["question", "column", "value"]},
        "reveals": LEVEL,
        "categories": {"type": "array", "items": MATCH},
        "values_seen": {"type": "integer", "minimum": 0},
        "values_matched": {"type": "object"},
    },
}
KEYS = "source locator kind name text lang reveals categories values_seen values_matched".split()


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def lines(*arguments, **more):
    return [
        json.loads(line) for line in run("scan", *arguments, "--format", "jsonl", **more).stdout.splitlines()
    ]


def test_each_line_has_the_promised_keys_in_their_order():
    Path("a.sql").write_text(TELLING)
    found = lines("a.sql", "--all")

    assert [list(line) for line in found] == [KEYS] * 3
    for line in found:
        jsonschema.validate(line, LINE | {"required": KEYS})


def test_places_without_a_finding_are_given_only_with_all():
    Path("a.sql").write_text(TELLING)

    assert [line["categories"] for line in lines("a.sql", "--all")].count([]) == 1
    assert [] not in [line["categories"] for line in lines("a.sql")]


def test_the_status_is_1_when_something_tells_and_0_when_nothing_does():
    Path("a.sql").write_text(TELLING)
    Path("b.sql").write_text(HARMLESS)

    assert [run("scan", name).returncode for name in ("a.sql", "b.sql")] == [1, 0]


def test_a_threshold_filters_lines_and_decides_the_status():
    Path("a.sql").write_text("CREATE TABLE t (preferred_language text, phone text);\n")

    assert [line["reveals"] for line in lines("a.sql", "--reveals", "weak")] == ["weak"]
    assert run("scan", "a.sql", "--reveals", "strong").returncode == 0


def test_a_missing_target_is_wrong_usage():
    ran = run("scan", "missing.html")

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"missing.html: there is no such file or folder. Nothing was looked at." in ran.stderr


def test_a_look_at_nothing_is_not_a_clean_result():
    Path("photos").mkdir()
    Path("photos/a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    ran = run("scan", "photos")

    assert ran.returncode == 2
    assert b"1 binary" in ran.stderr
    assert b"Nothing could be read." in ran.stderr


def test_results_go_to_standard_output_and_the_summary_does_not():
    Path("a.sql").write_text(TELLING)
    ran = run("scan", "a.sql")

    assert ran.stdout.startswith(b"a.sql\n  direct")
    assert b"Looked at 1 file, 3 questions and columns: 1 direct" in ran.stderr
    assert b"\x1b" not in ran.stdout + ran.stderr


def test_the_page_lists_what_could_not_be_read():
    Path("form.sql").write_text(TELLING)
    Path("old.docx").write_bytes(b"PK\3\4 cut off")
    page = run("scan", ".", "--format", "html").stdout

    assert b"1 could not be read" in page
    assert b"<code>old.docx</code> It is called a Word file and is none" in page


def test_standard_input_that_nobody_recognises_asks_what_it_is_even_when_quiet():
    ran = run("scan", "-", "-q", given=b"a few words")

    assert ran.returncode == 2
    assert ran.stderr == b"Nothing could be read. Say what standard input is: --as form.html\n"


def test_quiet_prints_results_only():
    Path("a.sql").write_text(TELLING)

    assert run("scan", "a.sql", "-q").stderr == b""


def test_what_could_not_be_read_is_told_and_the_rest_goes_on():
    Path("a.sql").write_text(TELLING)
    Path("b.json").write_text('{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {')
    ran = run("scan", ".")

    assert ran.stdout.startswith(b"a.sql\n")
    assert b"Could not read 1:\n  b.json" in ran.stderr


def test_standard_input_is_read_under_the_given_name():
    (found, *_) = lines("-", "--as", "piped.sql", given=TELLING.encode())

    assert (found["source"], found["reveals"]) == ("piped.sql", "direct")


def test_the_number_of_processes_does_not_change_the_output():
    for number in range(40):
        Path(f"f{number}.sql").write_text(TELLING * (number % 3 + 1))

    assert run("scan", ".", "-j", "1").stdout == run("scan", ".", "-j", "2").stdout


def test_json_is_one_array():
    Path("a.sql").write_text(TELLING)

    assert json.loads(run("scan", "a.sql", "--format", "json").stdout) == lines("a.sql")
    assert (
        json.loads(run("scan", "-", "--as", "b.sql", "--format", "json", given=HARMLESS.encode()).stdout)
        == []
    )


def test_no_value_of_a_record_is_printed():
    with sqlite3.connect("people.db") as database:
        database.execute(TELLING)
        database.execute(f"INSERT INTO people VALUES ('{CANARY}', '{CANARY}', '{CANARY}')")
    database.close()
    Path("people.csv").write_text(f"citizenship_status,phone\n{CANARY},{CANARY}\n" * 3)
    Path("dump.sql").write_text(TELLING + f"INSERT INTO people VALUES ('{CANARY}', '1', '2');\n")
    Path("people.json").write_text(json.dumps([{"citizenship": CANARY, "phone": CANARY}]))
    for form in ("table", "json", "jsonl"):
        ran = run("scan", ".", "--all", "--all-files", "--format", form)

        assert b"citizenship_status" in ran.stdout
        assert CANARY.encode() not in ran.stdout + ran.stderr


def test_an_unforeseen_error_shows_no_value():
    ran = run("scan", f"postgresql://ana:{CANARY}@127.0.0.1:1/housing")

    assert ran.returncode == 2
    assert CANARY.encode() not in ran.stdout + ran.stderr


def test_nothing_is_written_where_files_are_scanned():
    Path("a.sql").write_text(TELLING)
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
    run("scan", ".")

    assert {path: path.stat().st_mtime_ns for path in Path().rglob("*")} == before


def test_a_name_cannot_steer_the_terminal():
    Path("\x1b[2Jform.sql").write_text(TELLING)

    assert run("scan", ".").stdout.startswith(rb"\x1b[2Jform.sql")


def test_a_name_that_is_no_text_is_shown_with_escapes():
    Path(os.fsdecode(b"caf\xe9.sql")).write_text(TELLING)

    assert lines(".")[0]["source"] == r"caf\xe9.sql"


def test_a_terminal_gets_colours_unless_it_asks_for_none():
    Path("a.sql").write_text(TELLING)
    coloured, _ = run_on_a_terminal("scan", "a.sql")
    plain, status = run_on_a_terminal("scan", "a.sql", NO_COLOR="1")

    assert "\x1b[1;31mdirect" in coloured
    assert "\x1b[1;31m" not in plain
    assert ("direct" in plain, status) == (True, 1)


def test_a_reader_that_stops_early_gets_no_traceback():
    for number in range(300):
        Path(f"f{number}.sql").write_text(TELLING)
    process = subprocess.Popen(
        [*COMMAND, "scan", ".", "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait()

    assert b"Traceback" not in said


@pytest.mark.parametrize("where", ["variable", "settings"])
def test_a_limit_that_was_set_is_kept(where):
    Path("a.sql").write_text(TELLING + "-- " + "x" * 2000)
    if where == "settings":
        Path("curtilage.toml").write_text('name = "R"\nzone = "UTC"\n[limits]\nfile_bytes = 1000\n')
    variables = {"CURTILAGE_LIMITS_FILE_BYTES": "1000"} if where == "variable" else {}
    done = run("scan", "a.sql", **variables)

    assert done.returncode == 2
    assert b"[too-large]" in done.stderr


def test_a_variable_that_is_no_limit_is_told():
    done = run("scan", ".", CURTILAGE_LIMITS_SECOND="3")

    assert done.returncode == 2
    assert b"Did you mean CURTILAGE_LIMITS_SECONDS?" in done.stderr


def test_ctrl_c_stops_cleanly():
    for number in range(4000):
        Path(f"f{number}.sql").write_text(TELLING)
    process = subprocess.Popen(
        [*COMMAND, "scan", ".", "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert process.returncode == 130
    assert said.startswith(b"Stopped after ")
    assert said.endswith(b"Nothing is kept of a scan.\n")


def test_help_tells_the_exit_status():
    assert b"Exit status: 0 nothing found" in run("scan", "--help").stdout
