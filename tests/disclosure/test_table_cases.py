"""What policy answers, case by case: the decision table as data that a lawyer can extend."""

from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.nouns import Answer
from tests.disclosure.requests import engine, request

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/table.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['row']}: {case['name']}")
def test_policy_answers_as_the_table_says(case):
    asked = request(case["instrument"], order=case.get("order", False), **case["facts"])
    decision = engine(*case.get("packs", ())).decide(asked)

    assert decision.outcome == Answer(case["answer"]), decision.policies
    assert bool(decision) == (case["answer"] == "release")


def test_every_row_of_the_table_has_cases():
    assert {case["row"] for case in CASES} == set(range(1, 16))


def test_no_two_cases_have_one_name():
    names = [case["name"] for case in CASES]

    assert sorted(set(names)) == sorted(names)
