"""How the engine is asked, and what its failures mean."""

import sys
from dataclasses import replace

import pytest

from curtilage.disclosure.nouns import Answer, Consent
from curtilage.disclosure.policy.decide import Engine, UnsignedPacksError
from curtilage.disclosure.policy.facts import Incomplete
from curtilage.disclosure.policy.packs import choose_packs, select_policies
from curtilage.disclosure.policy.rules import NoEngineError, read_rules
from tests.disclosure.requests import DAY, engine, request

FAILING = """
@id("fails")
@outcome("decline")
forbid(principal, action == Curtilage::Action::"release", resource)
when { context.gag };
"""


def break_rules(monkeypatch, built, text):
    """Put rules that were never held against the schema in the place of those of an engine."""
    import cedarpy

    monkeypatch.setattr(built, "_set", cedarpy.PolicySet.from_str(text))


def test_a_decision_says_which_rules_spoke_by_their_own_ids_and_what_they_cite():
    decision = engine("or").decide(request("i-200"))

    assert decision.policies[:2] == ("immigration-paper-decline", "or-decline-and-document")
    assert "ORS 181A.826" in decision.citations
    assert not any(name.startswith("policy") for name in decision.policies)


def test_a_decision_names_the_facts_that_the_answer_hangs_on():
    facts = dict(engine().decide(request("i-200")).facts)

    assert facts["instrument.family"] == "immigration-paper"
    assert facts["enforced_by_court"] == "no"
    assert "gag" not in facts


def test_a_decision_carries_the_hash_of_its_rules():
    first, second = engine().decide(request("informal")), engine("or").decide(request("informal"))

    assert len(first.policy_hash) == 64
    assert first.policy_hash != second.policy_hash


def test_the_same_request_gets_the_same_decision_word_for_word():
    assert engine("or").decide(request("i-138")) == engine("or").decide(request("i-138"))


def test_many_are_decided_as_one_by_one():
    asked = [request(kind) for kind in ("i-200", "judicial-warrant", "informal")]

    assert engine().decide_many(asked) == [engine().decide(each) for each in asked]
    assert engine().answer_many(asked) == [each.outcome for each in engine().decide_many(asked)]


def test_a_fact_that_is_missing_is_a_refusal_that_says_so():
    decision = engine().decide(Incomplete(("motion_pending",)))

    assert decision.outcome is Answer.DECLINE
    assert decision.failures == ("missing: motion_pending",)
    assert not decision


def test_a_rule_that_fails_is_a_refusal_although_the_engine_allows(monkeypatch):
    built = Engine(engine().policies, unsigned_what_if=True)
    text = """permit(principal, action, resource);
    forbid(principal, action, resource) when { context.consent.revoked };"""
    break_rules(monkeypatch, built, text)
    monkeypatch.setattr(built, "_schema", None)

    decision = built.decide(request("judicial-warrant", order=True))

    assert decision.failures
    assert not decision


def test_an_engine_that_does_not_decide_is_a_refusal(monkeypatch):
    import cedarpy

    built = Engine(engine().policies, unsigned_what_if=True)
    other = 'namespace Curtilage { entity Employee; action "release"; }'
    monkeypatch.setattr(built, "_schema", cedarpy.Schema.from_str(other))

    decision = built.decide(request("judicial-warrant", order=True))

    assert "the engine did not decide" in decision.failures
    assert not decision


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("gag", "perhaps"),
        ("held", 1),
        ("issuer", "a court"),
        ("signer", ["judge"]),
        ("instrument", "i-999"),
        ("instrument", None),
        ("consent", True),
        ("consent", Consent(written=True, specific=True, by_the_subject=True, revoked="no")),
        ("exigency", Consent(written=True, specific=True, by_the_subject=True, revoked=False)),
        ("acting_role", "mayor"),
    ],
)
def test_a_fact_that_no_file_could_state_is_a_refusal_and_is_named(fact, value):
    asked = replace(request("judicial-warrant", order=True), **{fact: value})
    whole = request("judicial-warrant", order=True)

    one, many = engine().decide(asked), engine().decide_many([whole, asked, whole])

    assert one.failures == (f"no such word, or neither yes nor no: {fact}",)
    assert [bool(each) for each in many] == [True, False, True]
    assert engine().answer_many([asked]) == [Answer.DECLINE]


def test_a_release_without_a_rule_of_ours_is_a_refusal(monkeypatch):
    built = Engine(engine().policies, unsigned_what_if=True)
    break_rules(monkeypatch, built, "permit(principal, action, resource);")

    assert not built.decide(request("informal"))


def test_unsigned_packs_decide_nothing_and_are_named():
    with pytest.raises(UnsignedPacksError, match="us-federal"):
        Engine(select_policies(choose_packs([]), DAY))


def test_signed_packs_decide_and_say_nothing_of_a_what_if():
    policies = select_policies(choose_packs([]), DAY, signed=("base", "us-federal"))

    assert Engine(policies).decide(request("informal")).unsigned == ()


def test_a_decision_is_true_only_where_something_may_leave():
    answers = {
        engine().decide(request("judicial-warrant", order=True, scope=scope)).outcome: bool(
            engine().decide(request("judicial-warrant", order=True, scope=scope))
        )
        for scope in ("matched", "exceeds")
    }

    assert answers == {Answer.RELEASE: True, Answer.NARROW: False}


@pytest.mark.parametrize(
    ("packs", "kind", "facts", "duty"),
    [
        ((), "i-138", {}, "answer-by-the-return-date"),
        ((), "judicial-warrant", {}, "hold-for-counsel"),
        (("or",), "i-200", {}, "or-report-to-commission"),
        (("nyc",), "informal", {"issuer": "immigration-agency"}, "nyc-quarterly-report"),
        (("co",), "records-request", {"civil_immigration": True}, "co-record-of-requests"),
        (("tx",), "i-200", {}, "tx-counsel-answers-promptly"),
        ((), "status-inquiry", {}, "explain-1373"),
    ],
)
def test_a_duty_goes_with_the_answer(packs, kind, facts, duty):
    decision = engine(*packs).decide(request(kind, **facts))

    assert duty in {each.id for each in decision.duties}


def test_the_subject_is_told_of_a_release_unless_it_is_forbidden():
    told = engine("il").decide(request("judicial-warrant", order=True))
    silent = engine("il").decide(request("judicial-warrant", order=True, gag=True))

    assert {"subject-notice", "il-subject-notice"} <= {each.id for each in told.duties}
    assert "subject-notice" not in {each.id for each in silent.duties}


def test_rules_are_read_with_what_they_look_at():
    [rule] = read_rules(FAILING, pack="base", path="x.cedar")

    assert (rule.id, rule.permits, rule.facts, rule.row) == ("fails", False, ("gag",), 15)


def test_without_the_engine_nothing_is_decided_and_the_remedy_is_named(monkeypatch):
    policies = engine().policies
    monkeypatch.setitem(sys.modules, "cedarpy", None)

    for ask in (
        lambda: read_rules(FAILING, pack="base", path="x.cedar"),
        lambda: Engine(policies, unsigned_what_if=True),
    ):
        with pytest.raises(NoEngineError, match=r"pip install 'curtilage\[policy\]'"):
            ask()
