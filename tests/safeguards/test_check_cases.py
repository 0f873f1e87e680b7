"""The checks of every room, as cases that counsel can read and extend: one change, every finding."""

from datetime import date

import pytest
import yaml

from curtilage.disclosure import checks as requests
from curtilage.retention import recorded, worker
from curtilage.safeguards.run import find_all, list_rules
from curtilage.sharing import recorded as logs
from tests.clean_city import CASES, CLEAN, situation_of

LISTED = [
    pytest.param(case, id=case["case"])
    for path in sorted(CASES.glob("*.yml"))
    if path.name != "clean-city.yml"
    for case in yaml.safe_load(path.read_text())
]


@pytest.mark.parametrize("case", LISTED)
def test_one_change_gives_exactly_its_findings(case, tmp_path):
    found = find_all(situation_of(case, tmp_path))

    said = sorted(f"{finding.rule.code} {finding.subject}" for finding in found)
    assert said == sorted(case["finds"])


UNFAIR_TWICE = {
    "set": {
        "departments/aid.yml:programs.0.collections.0.fields.0.question": {
            "en": "You are Jo Doe, right?",
            "es": "Eres Jo Doe, ¿verdad?",
        }
    }
}


def test_what_one_rule_says_twice_of_one_subject_is_told_together(tmp_path):
    [finding] = find_all(situation_of(UNFAIR_TWICE, tmp_path))

    assert "question in en" in finding.message
    assert "question in es" in finding.message
    assert finding.state == "it suggests the answer; it suggests the answer"


def test_every_rule_has_a_case_that_finds_it():
    found = {finding.split(" ", 1)[0] for param in LISTED for finding in param.values[0]["finds"]}

    # see tests/retention, tests/sharing and tests/disclosure
    kept = (*recorded.RULES, *worker.RULES, *logs.RULES, *requests.RULES)
    in_the_ledger = {rule.code for rule in kept}
    assert {rule.code for rule in list_rules()} - found == in_the_ledger


def test_the_day_of_the_cases_is_the_day_of_the_article():
    assert CLEAN["today"] == date(2017, 2, 22)
