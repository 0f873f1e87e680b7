"""What `check` finds of outside requests: what waits, what stands half done, and by which rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec import structs

from curtilage.disclosure.case.nouns import Case, CaseHold, Emergency, Notice, Ruling
from curtilage.disclosure.checks import RULES, RulesInForce, find
from curtilage.disclosure.proof.activate import Activation

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ACTIVE = Activation("a" * 64, TODAY, (("base", "b" * 64),), ("floor",))
RULED = Ruling("decline", (), (), (), (), "a" * 64, TODAY, (), 3, "law", NOW)


def case(**changed):
    begun = Case(
        id="abcd2345",
        number=3,
        received=NOW - timedelta(days=3),
        last=NOW - timedelta(days=3),
        channel="counter",
        department="clerk",
        script="",
        paper="none",
        issuer="immigration-agency",
        officer="law",
    )
    return structs.replace(begun, **changed)


def codes(*cases, rules=None):
    found = find(cases, rules or RulesInForce(ACTIVE, ACTIVE.policies), now=NOW, today=TODAY)
    return [each.rule.code.removeprefix("disclosure.") for each in found]


def emergency(**changed):
    stated = Emergency("fire", True, True, NOW - timedelta(days=2), NOW - timedelta(days=1), "chief")
    return replace(stated, **changed)


def test_a_case_in_order_finds_nothing():
    assert codes(case(), case(ruling=RULED)) == []


def test_a_city_without_requests_and_rules_finds_nothing():
    assert codes(rules=RulesInForce(None)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"officer": ""}, "nobody-answers"),
        ({"holds": (CaseHold("counsel", TODAY - timedelta(days=1), "law", NOW),)}, "hold-not-looked-at"),
        ({"custody": "vendor"}, "vendor-not-answered"),
        ({"instrument": "vendor-process"}, "vendor-not-answered"),
        ({"releasing": "c" * 64}, "release-unfinished"),
        ({"releasing": "c" * 64, "result": "released"}, "release-unfinished"),
        ({"emergency": emergency(finding="improper", reviewed=NOW)}, "improper-release"),
        ({"ruling": replace(RULED, policy_hash="f" * 64)}, "decided-by-other-rules"),
    ],
)
def test_what_is_open_is_found(changed, code):
    assert codes(case(**changed)) == [code]


@pytest.mark.parametrize(
    "changed",
    [
        {"officer": "", "received": NOW - timedelta(hours=23)},
        {"officer": "", "result": "refused"},
        {"holds": (CaseHold("counsel", TODAY, "law", NOW),)},
        {"holds": (CaseHold("order", None, "law", NOW),)},
        {"custody": "vendor", "notices": (Notice("vendor", "mail", TODAY),)},
        {"custody": "vendor", "last": NOW - timedelta(hours=23)},
        {"emergency": emergency(finding="proper", reviewed=NOW)},
        {"emergency": emergency(finding="improper", reviewed=NOW - timedelta(days=366))},
    ],
)
def test_what_is_not_yet_or_no_longer_open_is_not(changed):
    assert codes(case(**changed)) == []


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (RulesInForce(None), ["no-active-rules"]),
        (RulesInForce(ACTIVE, "f" * 64), ["rules-changed"]),
        (RulesInForce(ACTIVE), []),
        (RulesInForce(ACTIVE, unsigned=("or",)), ["pack-not-signed"]),
        (RulesInForce(ACTIVE, ends=(("or", TODAY + timedelta(days=30)),)), ["pack-ends"]),
        (RulesInForce(ACTIVE, ends=(("or", TODAY - timedelta(days=1)),)), ["pack-ends"]),
        (RulesInForce(ACTIVE, ends=(("or", TODAY + timedelta(days=31)),)), []),
    ],
)
def test_the_rules_of_the_city_are_looked_at(rules, found):
    assert codes(case(), rules=rules) == found


def test_of_what_is_counsels_alone_no_more_is_said():
    found = list(
        find(
            [case(gag=True, officer="", custody="vendor")],
            RulesInForce(ACTIVE, ACTIVE.policies),
            now=NOW,
            today=TODAY,
        )
    )

    assert [each.message for each in found] == ["Case abcd2345 is counsel's alone: counsel looks at it."]


def test_no_finding_names_who_asked():
    found = find([case(officer="", releasing="c" * 64)], RulesInForce(None), now=NOW, today=TODAY)

    assert "immigration" not in repr([(each.message, each.subject, each.state) for each in found])


def test_every_rule_of_this_room_is_about_a_request():
    assert {rule.code.partition(".")[0] for rule in RULES} == {"disclosure"}
