"""``curtilage disclosure counts`` and ``report``, as people run them, and what ``check`` finds of a case."""

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
