"""What-ifs of every instrument and every place, written from the sources and not from the rules, all agree."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.nouns import ROLES, Answer
from curtilage.disclosure.policy.facts import read_facts, to_json
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import list_packs
from tests.disclosure.requests import engine, request

FOLDER = Path(__file__).parents[1] / "cases/disclosure"
SOURCES = tomllib.loads((Path(__file__).parents[2] / "docs/sources.toml").read_text("utf-8"))
LETTERS = {
    "r": Answer.RELEASE,
    "n": Answer.NARROW,
    "c": Answer.COUNSEL_REVIEW,
    "o": Answer.OBJECT_OR_DECLINE,
    "d": Answer.DECLINE,
    "s": Answer.SEALED_LANE,
    "v": Answer.NOTIFY_CITY,
    "h": Answer.ROUTE,
}


def _load(name):
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


PLACES, HANDS = _load("places.yml"), _load("roles.yml")
SECTIONS = [each for path in sorted(FOLDER.glob("what-ifs/*.yml")) for each in _load(f"what-ifs/{path.name}")]
CASES = [
    {**section, **case, "facts": {**section.get("facts", {}), **case.get("facts", {})}}
    for section in SECTIONS
    for case in section["cases"]
]
MATRIX = [
    (row, column, LETTERS[letter])
    for table in (PLACES, HANDS)
    for row in table["situations"]
    for column, letter in zip(table["columns"], row["answers"], strict=True)
]


FLAWS = [
    (
        {**row, "facts": {**row["facts"], **column["facts"]}},
        LETTERS[letter],
        f"{row['name']}: {column['name']}",
    )
    for table in _load("flaws.yml")
    for row in table["rows"]
    for column, letter in zip(table["columns"], row["answers"], strict=True)
    if letter != "-"
]


def name(case):
    return f"{case['about']}: {case['name']}"


def at(row, column):
    """Return the case of one cell: a place, or somebody's hands."""
    hands = {"acting_role": column} if column in ROLES else {}
    return {**row, "facts": {**row["facts"], **hands}, "packs": tuple({column} - {"base", *ROLES})}


def in_hands(case):
    """Return the case in the hands that its row names, where it names some."""
    return {**case, "facts": {**case["facts"], **({"acting_role": case["hands"]} if "hands" in case else {})}}


def decide(case, *packs):
    asked = request(case["instrument"], order=case.get("order", False), **case["facts"])
    given = {name: value for name, value in to_json(asked).items() if name != case.get("without")}
    return engine(*packs).decide(read_facts(json.dumps(given).encode()))


@pytest.mark.parametrize("case", CASES, ids=name)
def test_policy_answers_as_the_sources_say(case):
    decision = decide(case, *case.get("packs", ()))

    if case["answer"] == "kept":
        assert decision.outcome is not Answer.RELEASE
    else:
        assert decision.outcome == Answer(case["answer"]), decision.policies
    assert bool(decision) == (case["answer"] == "release")


@pytest.mark.parametrize("case", [each for each in CASES if "also" in each], ids=name)
def test_what_must_be_done_besides_is_said_with_its_citation(case):
    cites = [duty.cite for duty in decide(case, *case.get("packs", ())).duties]

    for also in case["also"]:
        assert any(also in cite for cite in cites), cites


@pytest.mark.parametrize("case", [each for each in CASES if "by" in each], ids=name)
def test_an_answer_names_its_rules_by_their_own_ids(case):
    assert sorted(decide(case, *case.get("packs", ())).policies) == sorted(case["by"])


def test_the_fourteen_cases_of_the_first_trial_stand_under_their_numbers():
    sections = _load("what-ifs/engine.yml")
    numbers = [case["name"].split()[0] for section in sections for case in section["cases"]]

    assert [int(number) for number in numbers if number.isdigit()] == list(range(1, 15))


@pytest.mark.parametrize(("row", "column", "answer"), MATRIX)
def test_a_situation_gets_the_answer_of_its_row_in_every_place_and_in_all_hands(row, column, answer):
    case = at(row, column)
    decision = decide(case, *case["packs"])

    assert decision.outcome is answer, decision.policies


@pytest.mark.parametrize(("case", "answer"), [each[:2] for each in FLAWS], ids=[each[2] for each in FLAWS])
def test_a_ground_with_a_flaw_is_no_ground(case, answer):
    decision = decide(in_hands(case))

    assert decision.outcome is answer, decision.policies


def test_every_instrument_has_its_what_ifs():
    counted = Counter(case["instrument"] for case in CASES)

    assert set(counted) == set(load_instruments())
    assert min(counted.values()) >= 5


def test_every_place_has_its_what_ifs():
    counted = Counter(pack for case in CASES for pack in case.get("packs", ()))

    assert {"base", *counted} >= set(list_packs()) - {"us-federal"}
    assert set(list_packs()) == {"us-federal", *PLACES["columns"]}


def test_every_role_stands_in_the_table_of_hands():
    assert sorted(HANDS["columns"]) == sorted(ROLES)


def test_there_are_hundreds_and_no_two_have_one_name():
    assert len(CASES) >= 300
    assert len({name(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    "section", [*SECTIONS, *PLACES["situations"]], ids=lambda each: each.get("about", each["law"])
)
def test_every_what_if_says_where_its_answer_comes_from(section):
    assert {section["law"], *(case.get("law", section["law"]) for case in section.get("cases", ()))} <= set(
        SOURCES
    )
