"""Clocks by cases that a lawyer can extend: what runs, until when, and how it stands."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.times.business_days import ClosedDay, make_calendars
from curtilage.disclosure.times.clocks import Present, run_clocks
from curtilage.disclosure.times.deadlines import load_deadlines
from curtilage.disclosure.times.marks import NAMES, Known, Mark, instrument_facts, mark_day, to_day

ZONE = "America/Chicago"
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/clocks.yml").read_text("utf-8"))


def read_mark(said):
    moment = said if isinstance(said, datetime) else None
    if isinstance(said, str):
        moment = datetime.fromisoformat(said)
    if moment is None:
        return mark_day(said, ZONE)
    return Mark(moment.replace(tzinfo=UTC), to_day(moment.replace(tzinfo=UTC), ZONE))


def read_case(case):
    marks = {name: (read_mark(said),) for name, said in case["marks"].items()}
    assert set(marks) <= set(NAMES)
    # A day that a paper names, or an order, is known from the moment it arrived.
    for name in {"return_by", "served", "silent_until", "held_until"} & set(marks):
        marks[name] = (Mark(marks["received"][0].at, marks[name][0].day),)
    return Known("", {**instrument_facts(case["paper"]), **case.get("facts", {})}, marks, ZONE)


def read_now(case):
    if "now" in case:
        return read_mark(case["now"]).at
    return datetime.combine(case["today"], time(18), UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_clocks_of_a_case(case):
    calendars = make_calendars(ClosedDay(day, "closed") for day in case.get("closed", ()))
    present = Present(read_now(case), case["today"])
    clocks = run_clocks(read_case(case), calendars, packs=case.get("packs", ()), present=present)
    found = {clock.id: clock for clock in clocks}

    for name, wanted in case.get("clocks", {}).items():
        assert {part: getattr(found[name], part) for part in wanted} == wanted, name
    assert set(case.get("none", ())).isdisjoint(found)


def test_every_deadline_has_a_case():
    named = {name for case in CASES for name in case.get("clocks", {})}

    assert {row.id for row in load_deadlines()} - named == set()


def test_a_clock_says_who_what_and_on_what_it_rests():
    known = read_case(
        {"paper": "i-138", "marks": {"received": date(2026, 11, 2), "return_by": date(2026, 11, 30)}}
    )
    present = Present(datetime(2026, 11, 3, 18, tzinfo=UTC), date(2026, 11, 3))
    clocks = run_clocks(known, make_calendars(), packs=(), present=present)
    said = next(clock for clock in clocks if clock.id == "return-date")

    assert said.says("es").startswith("El documento")
    assert said.says("zh") == said.says("en")
    assert said.to_json()["cite"] == "the paper itself"
    assert said.to_json()["due_at"] is None
