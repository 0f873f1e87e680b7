from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.finding import Finding, Rule, Severity, Spot

RULE = Rule(
    "collection.no-purpose",
    1,
    Severity.HIGH,
    "A question without a purpose",
    "why",
    "Give one.",
    "sunlight-2017",
)
FINDING = Finding(RULE, Spot("inventory/housing.yml", 12), "housing.intake.ssn", "It names no purpose.")


@pytest.mark.parametrize(
    "change",
    [
        {"spot": Spot("moved.yml", 99)},
        {"message": "Said better."},
        {"remedy": "Other."},
        {"state": "category=itin"},
    ],
)
def test_a_fingerprint_outlives_what_may_change(change):
    assert replace(FINDING, **change).fingerprint == FINDING.fingerprint


@given(st.text(), st.text())
def test_another_subject_is_another_finding(one, other):
    same = replace(FINDING, subject=one).fingerprint == replace(FINDING, subject=other).fingerprint

    assert same == (one == other)


def test_another_rule_is_another_finding():
    other = replace(RULE, code="collection.no-authority")

    assert replace(FINDING, rule=other).fingerprint != FINDING.fingerprint


def test_a_fingerprint_is_sixteen_hex_digits_that_never_change():
    assert FINDING.fingerprint == "289203939358d779"


def test_advice_is_the_rules_unless_the_finding_has_its_own():
    assert FINDING.advice == "Give one."
    assert replace(FINDING, remedy="Name “eligibility”.").advice == "Name “eligibility”."
