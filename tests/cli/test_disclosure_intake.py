"""``curtilage disclosure open``, ``hints``, ``intake``, ``attach`` and ``paper``, as somebody types them."""

import hashlib
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.cli.running import COMMAND, run
from tests.disclosure.paperwork import as_pdf, as_word

CASES = Path(__file__).parents[1] / "cases/disclosure"
PAPERS = {
    each["name"]: each["text"] for each in yaml.safe_load((CASES / "papers-hints.yml").read_text())["papers"]
}
I_200 = PAPERS["a form I-200, clean"]
FORM = yaml.safe_load((CASES / "intake-forms.yml").read_text())["good"]
SETTINGS = 'name = "Rivermark"\nzone = "America/Chicago"\nlanguages = ["es-US", "en"]\n'
OFFICERS = """\
packs: [us, us-or]
officers:
  - {id: attorney, role: city counsel, name: J. Lindqvist, contact: 555-0101}
  - {id: privacy, role: privacy officer, name: A. Okafor, contact: 555-0102}
  - {id: night, role: night supervisor, name: N. Reyes, contact: 555-0103}
  - {id: window, role: front desk, name: W. Example, contact: 555-0104}
"""
AT_COUNTER = ("--channel", "counter", "--department", "housing")


@pytest.fixture
def city(tmp_path):
    inventory = tmp_path / "city/inventory"
    (inventory / "departments").mkdir(parents=True)
    (inventory / "series").mkdir()
    (tmp_path / "city/curtilage.toml").write_text(SETTINGS)
    (inventory / "city.yml").write_text(OFFICERS)
    (inventory / "departments/housing.yml").write_text("id: housing\ntitle: Housing\nprograms: []\n")
    (inventory / "series/records.yml").write_text("series:\n  - {id: disclosure-requests, title: Requests}\n")
    return tmp_path / "city"


def disclosure(*arguments, **more):
    return run("disclosure", *arguments, **more)


def open_case(city, *arguments, who="housing-counter", **more):
    done = disclosure(
        "open",
        *AT_COUNTER,
        "--paper",
        "agency",
        "--as",
        who,
        "--city",
        city,
        "--format",
        "json",
        *arguments,
        **more,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def show(city, case):
    done = disclosure("show", case, "--format", "json", "--city", city)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.decode()


def everything_in(city):
    return b"".join(path.read_bytes() for path in city.rglob("*") if path.is_file())


# --- open ----------------------------------------------------------------------------------------


def test_a_desk_records_a_request_and_is_told_what_to_say(city):
    done = disclosure(
        "open", *AT_COUNTER, "--paper", "agency", "--lang", "en", "--as", "housing-counter", "--city", city
    )
    said = done.stdout.decode()

    assert done.returncode == 0, done.stderr
    assert re.match(r"Case [a-z2-7]{8}\.", said)
    assert "neither confirm nor deny" in said
    assert "city counsel: 555-0101" in said
    assert "Do not hide or warn anybody" in said


def test_the_script_comes_in_the_citys_first_language(city):
    assert open_case(city)["script"]["lang"] == "es"


def test_the_script_is_the_same_whoever_is_asked_about(city):
    said = [
        open_case(city, "--details", "-", given=f"name: X\n\nWhere is {name}?".encode())
        for name in ("Rosa Canary", "nobody at all")
    ]
    for each in said:
        case = each.pop("case")
        each["script"] = json.loads(json.dumps(each["script"]).replace(case, "CASE"))

    assert said[0] == said[1]


def test_who_asks_is_kept_sealed_and_shown_nowhere(city):
    case = open_case(
        city, "--details", "-", given=b"name: Pat Canary\nbadge: 4711\n\nWhere is Rosa Canary?\n"
    )["case"]

    assert b"Canary" not in everything_in(city)
    assert "Canary" not in show(city, case)


@pytest.mark.parametrize("given", [b"Pat Canary", b"nqme: Pat Canary\n", b"name: ok\nCanary: 1\n"])
def test_details_that_cannot_be_read_are_told_without_a_word_of_them(city, given):
    done = disclosure(
        "open", *AT_COUNTER, "--paper", "none", "--as", "desk", "--details", "-", "--city", city, given=given
    )

    assert done.returncode == 2
    assert b"Canary" not in done.stdout + done.stderr
    assert b"Nothing was recorded" in done.stderr


def test_danger_comes_first(city):
    said = open_case(city, "--danger", "--lang", "en")["script"]

    assert said["danger"].startswith("Somebody's life is in danger")
    assert said["call"][0] == "night supervisor: 555-0103"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--channel", "counter", "--paper", "none"), b"--department is missing"),
        (("--department", "housing", "--paper", "none"), b"--channel is missing: counter, phone"),
        (AT_COUNTER, b"--paper is missing"),
        (("--channel", "counter", "--department", "hosing", "--paper", "none"), b"Choose from: housing"),
        ((*AT_COUNTER, "--paper", "none", "--lang", "tlh"), b"Choose from: en, es"),
    ],
)
def test_what_is_missing_or_unknown_is_told_and_nothing_is_recorded(city, arguments, says):
    done = disclosure("open", *arguments, "--as", "desk", "--city", city)

    assert done.returncode == 2
    assert says in done.stderr
    assert disclosure("cases", "--city", city, "--format", "json").stdout.strip() == b"[]"


def test_a_desk_is_told_what_to_say_though_nothing_can_be_recorded(city):
    (city / "inventory/city.yml").write_text("officers: [")
    done = disclosure("open", *AT_COUNTER, "--paper", "court", "--as", "desk", "--city", city)

    assert done.returncode == 2
    assert b"neither confirm nor deny" in done.stdout
    assert b"Write it on paper" in done.stderr


def test_without_the_series_the_case_stands_and_says_so(city):
    (city / "inventory/series/records.yml").write_text("series: []\n")
    done = disclosure(
        "open",
        *AT_COUNTER,
        "--paper",
        "none",
        "--as",
        "desk",
        "--details",
        "-",
        "--city",
        city,
        given=b"name: X\n",
    )

    assert done.returncode == 2
    assert b"stands. Who asks was not kept" in done.stderr
    assert b"declares no series disclosure-requests" in done.stderr


def test_practice_records_nothing_and_needs_no_city(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = disclosure("open", "--practice", "--channel", "phone", "--paper", "none", "--as", "me")

    assert done.returncode == 0, done.stderr
    assert b"whoever calls" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_asks_for_what_is_missing_and_seals_what_is_answered(city):
    said, status = type_in(
        city, ["counter\n", "agency\n", "housing\n", "Pat Canary\n", "\n", "4711\n", "\n", "Where is he?\n"]
    )

    assert status == 0, said
    assert "How did it come" in said
    assert said.index("Caso ") < said.index("Name they gave")
    assert b"Pat Canary" not in everything_in(city)


def test_who_breaks_off_after_the_script_has_recorded_the_case(city):
    said, status = type_in(city, ["counter\n", "agency\n", "housing\n", "\x04"])
    listed = json.loads(disclosure("cases", "--city", city, "--format", "json").stdout)

    assert "Caso " in said
    assert (status, len(listed)) == (130, 1)


def type_in(city, answers):
    """Answer what a terminal is asked, one answer a question; return what was shown, and the exit status."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "disclosure", "open", "--as", "desk", "--city", str(city)],
        stdin=there,
        stdout=there,
        stderr=there,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(there)
    sent, waiting, seen = b"", list(answers), 0
    while chunk := read_from(here):
        sent += chunk
        if waiting and re.search(rb": $", sent[seen:]):
            seen = len(sent)
            os.write(here, waiting.pop(0).encode())
    os.close(here)
    return sent.decode(), process.wait()


def read_from(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # whoever wrote is gone
        return b""


# --- hints ---------------------------------------------------------------------------------------


def test_hints_need_no_city_and_say_that_they_are_no_proof(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scan.pdf").write_bytes(as_pdf(I_200))
    done = disclosure("hints", "scan.pdf")

    assert done.returncode == 1
    assert b"It is an administrative paper and orders no records." in done.stdout
    assert re.search(rb"instrument +i-200 +high", done.stdout)
    assert b"Nobody has checked that it is genuine" in done.stderr
    assert not re.search(rb"Maribel|QUINTERO|Rivermark|200 123", done.stdout + done.stderr)


def test_hints_as_json_name_the_rules(tmp_path):
    done = disclosure("hints", "-", "--format", "json", given=as_word(I_200))
    said = json.loads(done.stdout)

    assert {"form-i-200", "title-i-200"} <= {hint["rule"] for hint in said["hints"]}
    assert said["media"].endswith("wordprocessingml.document")


def test_hints_print_the_form_to_be_filled_in(tmp_path):
    made = disclosure("hints", "-", "--form", given=I_200.encode()).stdout.decode()

    assert "the paper hints at i-200 (high)" in made
    assert yaml.safe_load(made)["instrument"] is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", b"it is empty"),
        (b"\x00\x01\x02", b"neither PDF"),
        (b"%PDF-1.7\nMaria Canary", b"A part of the file is damaged"),
        (b"\x89PNG\r\n\x1a\nMaria Canary", b"There is no text in it"),
    ],
)
def test_what_cannot_be_read_gets_its_message(given, says):
    done = disclosure("hints", "-", given=given)

    assert done.returncode in {1, 2}
    assert says in done.stdout + done.stderr
    assert b"Canary" not in done.stdout + done.stderr
    assert b"did not foresee" not in done.stderr


def test_a_sealed_paper_is_read_without_a_copy_of_it(city):
    case = open_case(city)["case"]
    disclosure("attach", case, "-", "--as", "privacy", "--city", city, given=I_200.encode())
    done = disclosure("hints", "--case", case, "--as", "privacy", "--form", "--city", city)
    refused = disclosure("hints", "--case", case, "--as", "night", "--city", city)

    assert b"the paper hints at i-200 (high)" in done.stdout
    assert b"channel:" not in done.stdout
    assert refused.returncode == 3


@pytest.mark.parametrize(
    "arguments", [(), ("-", "--case", "k3m7ab2x"), ("--case", "k3m7ab2x"), ("-", "--as", "me")]
)
def test_hints_are_asked_of_one_paper(arguments):
    assert disclosure("hints", *arguments).returncode == 2


def test_a_message_with_an_attachment_is_told():
    mail = (
        b"From: a@agency.example\r\nSubject: hello\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSee it.\r\n"
        b"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n--x--\r\n"
    )
    done = disclosure("hints", "-", given=mail)

    assert b"mail-with-attachment" in done.stdout


# --- intake --------------------------------------------------------------------------------------


def test_a_form_and_its_scan_become_a_case(city, tmp_path):
    (tmp_path / "intake.yml").write_text(FORM)
    (tmp_path / "scan.pdf").write_bytes(
        as_pdf(PAPERS["an immigration subpoena whose return date has passed"])
    )
    done = disclosure(
        "intake", tmp_path / "intake.yml", "--paper", tmp_path / "scan.pdf", "--as", "privacy", "--city", city
    )

    assert done.returncode == 0, done.stderr
    assert b"The date by which it wants an answer has passed" in done.stderr
    assert b"A-1007" not in everything_in(city)
    [case] = json.loads(disclosure("cases", "--city", city, "--format", "json").stdout)
    assert case["instrument"] == "i-138"


def test_a_scan_that_hints_at_something_else_is_told(city, tmp_path):
    (tmp_path / "scan.txt").write_text(PAPERS["a grand jury subpoena"])
    done = disclosure(
        "intake",
        "-",
        "--paper",
        tmp_path / "scan.txt",
        "--check",
        "--as",
        "privacy",
        "--city",
        city,
        given=FORM.encode(),
    )

    assert b"hints at grand-jury-subpoena, and the form says i-138" in done.stderr
    assert b"Nothing was recorded" in done.stderr


def test_a_form_with_problems_tells_all_and_records_nothing(city):
    bad = FORM.replace("i-138", "i-1383").replace("2026-11-16", "2026-02-30").replace("A-1007", '"*"')
    done = disclosure("intake", "-", "--as", "privacy", "--city", city, given=bad.encode())

    assert done.returncode == 2
    assert b"4 problems found" in done.stderr
    assert b"-:19: One of the subjects is nobody in particular" in done.stderr
    assert disclosure("cases", "--city", city, "--format", "json").stdout.strip() == b"[]"


def test_a_desk_takes_nothing_in(city):
    done = disclosure("intake", "-", "--as", "window", "--city", city, given=FORM.encode())

    assert done.returncode == 3
    assert b"Nobody at a desk decides" in done.stderr


def test_a_case_that_stands_is_completed(city):
    case = open_case(city)["case"]
    kept = "".join(
        line for line in FORM.splitlines(keepends=True) if not re.match("channel|department|saw", line)
    )
    done = disclosure("intake", "-", "--case", case, "--as", "privacy", "--city", city, given=kept.encode())

    assert done.returncode == 0, done.stderr
    assert '"instrument": "i-138"' in show(city, case)


def test_a_blank_form_needs_no_city(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = disclosure("intake", "--blank")

    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["instrument"] is None


# --- attach and paper ----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [as_pdf, as_word, str.encode], ids=["pdf", "word", "text"])
def test_a_scan_is_sealed_and_comes_out_as_it_went_in(city, tmp_path, make):
    case, raw = open_case(city)["case"], make(I_200)
    (tmp_path / "Maribel Quintero.scan").write_bytes(raw)
    done = disclosure(
        "attach", case, tmp_path / "Maribel Quintero.scan", "--as", "housing-counter", "--city", city
    )
    taken = disclosure("paper", case, "--out", tmp_path / "out", "--as", "attorney", "--city", city)

    assert (done.returncode, taken.returncode) == (0, 0), done.stderr + taken.stderr
    assert (tmp_path / "out").read_bytes() == raw
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    assert b"administrative" not in done.stderr  # a desk does not judge a paper
    assert not re.search(rb"maribel|quintero", everything_in(city), re.IGNORECASE)
    assert hashlib.sha256(raw).hexdigest().encode() not in everything_in(city)


def test_a_scan_is_sealed_though_it_cannot_be_read_here(city, tmp_path):
    case = open_case(city)["case"]
    done = disclosure(
        "attach",
        case,
        "-",
        "--as",
        "privacy",
        "--city",
        city,
        given=I_200.encode(),
        CURTILAGE_LIMITS_MEMORY_BYTES="1000000",
    )
    taken = disclosure("paper", case, "--out", tmp_path / "out", "--as", "attorney", "--city", city)

    assert b"no process could be started" in done.stderr
    assert (done.returncode, taken.returncode) == (0, 0)
    assert (tmp_path / "out").read_bytes() == I_200.encode()


def test_hints_of_what_cannot_be_read_here_end_in_a_message():
    done = disclosure("hints", "-", given=I_200.encode(), CURTILAGE_LIMITS_MEMORY_BYTES="1000000")

    assert done.returncode == 2
    assert b"[disclosure.paper-not-read]" in done.stderr


def test_who_may_classify_is_told_what_to_look_at(city, tmp_path):
    case = open_case(city)["case"]
    done = disclosure("attach", case, "-", "--as", "privacy", "--city", city, given=I_200.encode())

    assert b"It is an administrative paper" in done.stderr


def test_a_paper_is_opened_by_whom_it_concerns_alone(city, tmp_path):
    case = open_case(city)["case"]
    disclosure("attach", case, "-", "--as", "privacy", "--city", city, given=b"a letter")
    for who in ("night", "window"):
        done = disclosure("paper", case, "--out", tmp_path / "out", "--as", who, "--city", city)
        assert done.returncode == 3
    assert not (tmp_path / "out").exists()


def test_a_paper_in_the_sealed_lane_is_counsels_alone(city, tmp_path):
    form = FORM + "gag: You shall tell nobody.\n"
    (tmp_path / "scan.txt").write_text("You shall tell nobody.")
    disclosure(
        "intake",
        "-",
        "--paper",
        tmp_path / "scan.txt",
        "--as",
        "attorney",
        "--city",
        city,
        given=form.encode(),
    )
    listed = disclosure("cases", "--as", "attorney", "--city", city, "--format", "json").stdout
    [case] = json.loads(listed)
    opened = [
        disclosure("paper", case["id"], "--out", tmp_path / who, "--as", who, "--city", city).returncode
        for who in ("privacy", "attorney")
    ]

    assert opened == [3, 0]


def test_a_file_that_is_there_is_not_written_over(city, tmp_path):
    case = open_case(city)["case"]
    disclosure("attach", case, "-", "--as", "privacy", "--city", city, given=b"a letter")
    (tmp_path / "out").write_bytes(b"mine")
    done = disclosure("paper", case, "--out", tmp_path / "out", "--as", "attorney", "--city", city)

    assert done.returncode == 2
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_a_case_without_a_paper_says_so(city, tmp_path):
    case = open_case(city)["case"]
    done = disclosure("paper", case, "--out", tmp_path / "out", "--as", "attorney", "--city", city)

    assert done.returncode == 2
    assert b"The case has 0 papers" in done.stderr


def test_a_paper_that_does_not_fit_is_refused_before_anything_is_recorded(city):
    case = open_case(city)["case"]
    done = disclosure("attach", case, "-", "--as", "desk", "--city", city, given=b"\x7fELF\0\0")

    assert done.returncode == 2
    assert b"neither PDF" in done.stderr
    assert '"number": 1' in show(city, case)


def test_the_record_verifies_after_all_that(city):
    case = open_case(city, "--details", "-", given=b"name: X\n\nwords\n")["case"]
    disclosure("attach", case, "-", "--as", "desk", "--city", city, given=I_200.encode())

    assert run("ledger", "verify", "--city", city).returncode in {0, 1}
