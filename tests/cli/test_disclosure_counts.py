"""``curtilage disclosure counts`` and ``report``, as people run them, and what ``check`` finds of a case."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from curtilage.cli.keeping import find_address
from curtilage.disclosure.case import events as ev
from curtilage.foundation.settings import read_settings
from curtilage.ledger.nouns import Actor
from curtilage.ledger.opening import open_ledger
from curtilage.testing.clock import StoppedClock
from tests.cli.running import run

LAW = Actor("counsel", "city counsel")
LONG_AGO = datetime(2026, 2, 3, 18, tzinfo=UTC)


@pytest.fixture
def city(tmp_path):
    folder = tmp_path / "city"
    assert run("init", folder).returncode == 0
    return folder


def put_cases(folder: Path, times: int, *, closed: bool = True):
    """Record cases of the first quarter of 2026, as their commands would have then."""
    clock = StoppedClock(LONG_AGO)
    ledger = open_ledger(find_address(folder, read_settings(folder)), clock=clock)
    for _ in range(times):
        clock.move(timedelta(minutes=1))
        case = ev.draw_id()
        events = [ev.Received(case, "counter", "clerk", "immigration-agency", "none", "")]
        events += [ev.Closed("refused")] if closed else []
        ledger.append(ev.case_stream(case), 0, [ev.to_event(each) for each in events], by=LAW)
    ledger.close()


def test_a_quarter_is_counted_and_written_the_same_twice(city):
    put_cases(city, 12)
    first = run("disclosure", "counts", "--city", city, "--period", "2026-Q1")
    put_cases(city, 0)
    again = run("disclosure", "counts", "--city", city, "--period", "2026-Q1", "--out", city / "counts.md")

    assert (first.returncode, again.returncode) == (0, 0)
    assert b"| Not classified, from an immigration agency or court | 0 | 0 | 12 |" in first.stdout
    assert (city / "counts.md").read_bytes() == first.stdout


def test_a_small_quarter_prints_no_small_number(city):
    put_cases(city, 3)
    done = run("disclosure", "counts", "--city", city, "--period", "2026-Q1", "--format", "csv")

    assert b",3" not in done.stdout
    assert b"[c]" in done.stdout


def test_a_report_for_a_commission_lists_and_says_that_it_is_not_public(city):
    put_cases(city, 2)
    done = run(
        "disclosure", "report", "or-monthly", "--city", city, "--period", "2026-02", "--format", "json"
    )

    assert len(json.loads(done.stdout)["sections"][0]["rows"]) == 2
    assert b"not made for the public" in done.stderr
    assert b"does not declare the pack or" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("counts", "--period", "2026-01"), b"disclosure.bad-span"),
        (("counts", "--period", "2999"), b"disclosure.span-not-over"),
        (("report", "or-montly"), b"disclosure.unknown-report"),
    ],
)
def test_what_cannot_be_told_is_refused(city, arguments, code):
    done = run("disclosure", *arguments, "--city", city)

    assert done.returncode == 2
    assert code in done.stderr
    assert b"Nothing was counted" in done.stderr


def test_the_reports_that_can_be_made_are_listed():
    done = run("disclosure", "report", "--list")

    assert (done.returncode, b"ORS 181A.826" in done.stdout) == (0, True)


def test_a_request_that_nobody_answers_for_is_found(city):
    put_cases(city, 1, closed=False)
    done = run("check", "--city", city, "--format", "jsonl", "-q")

    found = {json.loads(line)["code"] for line in done.stdout.splitlines()}
    assert {"disclosure.nobody-answers", "disclosure.no-active-rules"} <= found


def declare(city):
    """Have the city declare Oregon's pack, and a clerk."""
    path = city / "inventory/city.yml"
    clerk = "officers:\n  - {id: clerk, role: permit clerk, name: P. Reyes, contact: clerk@city.example}\n"
    said = path.read_text("utf-8").replace("packs: [us]", "packs: [us, or]")
    path.write_text(said.replace("officers:\n", clerk), "utf-8")


def handed_in(city, *words):
    said = run("disclosure", "handed-in", "--city", city, *words)
    return said.returncode, said.stdout.decode()


def test_a_report_is_printed_handed_in_recorded_and_no_longer_late(city):
    declare(city)
    put_cases(city, 2)
    assert handed_in(city)[0] == 1
    report = ("--city", city, "--period", "2026-02")
    run("disclosure", "report", "or-monthly", *report, "--format", "csv", "--out", city / "february.csv")

    done = run("disclosure", "hand-in", "or-monthly", city / "february.csv", *report, "--as", "privacy")

    assert done.returncode == 0, done.stderr
    assert b"byte for byte what is printed as csv" in done.stderr
    assert handed_in(city)[0] == 0
    [due, said] = json.loads(handed_in(city, "--format", "json")[1])
    digest = hashlib.sha256((city / "february.csv").read_bytes()).hexdigest()
    assert (due["state"], said["sha256"], said["printed_as"], said["by"]) == ("in", digest, "csv", "privacy")


def test_a_report_that_somebody_edited_is_recorded_and_said_to_be_other(city):
    declare(city)
    put_cases(city, 1)
    (city / "letter.md").write_text("As counsel wrote it.")

    words = ("or-monthly", city / "letter.md", "--city", city, "--period", "2026-02", "--to", "The director")
    done = run("disclosure", "hand-in", *words, "--as", "privacy")

    assert b"somebody edited it" in done.stderr
    assert "The director" in handed_in(city)[1]


def test_a_clerk_records_no_report_as_handed_in(city):
    declare(city)
    (city / "letter.md").write_text("As a clerk wrote it.")

    words = ("or-monthly", city / "letter.md", "--city", city, "--period", "2026-02")
    done = run("disclosure", "hand-in", *words, "--as", "clerk")

    assert (done.returncode, b"[role]" in done.stderr) == (3, True)
    assert handed_in(city) == (0, "")  # nobody asked for anything yet, so nothing is due either


def test_a_report_that_nobody_handed_in_is_found_by_check(city):
    declare(city)
    put_cases(city, 1)
    found = run("check", "--city", city, "--format", "jsonl", "-q").stdout.splitlines()

    [late] = [each for each in map(json.loads, found) if each["code"] == "disclosure.report-not-handed-in"]
    assert "2026-02: to be handed in by 2026-03-30" in late["message"]
