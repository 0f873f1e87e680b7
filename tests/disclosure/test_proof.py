"""What the prover says of small sets of rules: proofs, requests that break, idle rules, differences."""

import sys

import pytest

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.packs import Policies
from curtilage.disclosure.policy.rules import read_rules
from curtilage.disclosure.proof.audit import NoProverError, open_prover
from curtilage.disclosure.proof.nouns import Invariant
from curtilage.disclosure.proof.translate import NotModelledError
from tests.disclosure.requests import DAY

PERMIT = '@id("{id}") permit(principal, action, resource) when {{ {when} }};'
FORBID = '@id("{id}") @outcome("decline") @row("8") forbid(principal, action, resource) when {{ {when} }};'


def rules(*, permits=None, forbids=None):
    lines = [PERMIT.format(id=name, when=when) for name, when in (permits or {}).items()]
    lines += [FORBID.format(id=name, when=when) for name, when in (forbids or {}).items()]
    return read_rules("\n".join(lines), pack="base", path="rules.cedar")


def invariant(given, unless="false", never=(Answer.RELEASE,)):
    return Invariant("tried", "It holds.", given, unless, never, "sunlight-2017")


def prove(made, wanted):
    return next(open_prover(made).prove([wanted]))


def test_what_a_rule_stops_is_proved_never_to_leave():
    made = rules(permits={"all": "true"}, forbids={"held": "context.held"})

    assert prove(made, invariant("context.held"))


def test_a_request_that_breaks_is_shown_by_the_facts_that_matter_and_no_others():
    made = rules(permits={"wide": "context.authentic"}, forbids={"held": "context.held"})
    found = prove(made, invariant("resource.status")).counterexample

    assert found.facts == (("authentic", "yes"), ("held", "no"), ("status", "yes"))
    assert (found.answer, found.rules) == (Answer.RELEASE, ("wide",))


def test_the_guilty_rule_is_named_and_not_its_neighbours():
    made = rules(permits={"narrow": "context.authentic && context.held", "wide": "resource.status"})
    found = prove(made, invariant("resource.status && !context.authentic")).counterexample

    assert found.rules == ("wide",)


def test_the_engine_answers_the_shown_request_as_the_proof_says():
    made = rules(permits={"wide": "context has consent && !context.consent.revoked"})
    found = prove(made, invariant("resource.locator")).counterexample

    decision = Engine(Policies((), made, DAY, (), "0" * 64)).decide(found.request)

    assert (decision.outcome, decision.policies) == (found.answer, found.rules)


def test_an_invariant_may_speak_of_other_answers_than_release():
    made = rules(permits={"all": "true"}, forbids={"held": "context.held"})

    assert prove(made, invariant("context.held", never=(Answer.ROUTE,)))
    assert not prove(made, invariant("context.held", never=(Answer.DECLINE,)))


def test_no_rules_let_nothing_leave():
    assert prove((), invariant("true"))
    assert not prove((), invariant("true", never=(Answer.DECLINE,)))


def test_a_rule_that_no_request_meets_is_named():
    made = rules(permits={"all": "true", "dead": "context.gag && !context.gag"})

    assert [(each.rule, each.why) for each in open_prover(made).list_idle()] == [("dead", "never true")]


def test_an_instrument_is_what_its_row_says_and_nothing_else():
    made = rules(permits={"dead": 'context.instrument.kind == "i-200" && context.instrument.judicial'})

    assert [each.why for each in open_prover(made).list_idle()] == ["never true"]


def test_a_rule_behind_another_never_decides_and_the_other_is_named():
    made = rules(permits={"wide": "context.gag || context.held", "small": "context.gag && context.held"})
    (idle,) = open_prover(made).list_idle()

    assert (idle.rule, idle.why, idle.behind) == ("small", "never decides", ("wide",))


def test_a_permit_and_a_forbid_that_meet_are_named_and_those_that_never_do_are_not():
    made = rules(permits={"p": "context.gag"}, forbids={"meets": "context.held", "apart": "!context.gag"})

    assert [(each.permits, each.forbids) for each in open_prover(made).list_overlaps()] == [("p", "meets")]


def test_two_sets_that_are_written_otherwise_and_answer_alike_do_not_differ():
    one = rules(permits={"p": "!(context.gag || context.held)"})
    two = rules(permits={"p": "!context.gag && !context.held"})

    assert not open_prover(one).compare(two)


def test_a_wider_rule_is_told_by_a_request_of_which_more_leaves():
    before = rules(permits={"p": "context.gag && context.held"})
    change = open_prover(before).compare(rules(permits={"q": "context.gag"}))

    assert change.more.facts == (("held", "no"), ("gag", "yes"))
    assert (change.less, change.gone, change.new) == (None, ("p",), ("q",))


def test_a_narrower_rule_is_told_by_a_request_of_which_less_leaves():
    change = open_prover(rules(permits={"p": "context.gag"})).compare(rules(permits={"p": "false"}))

    assert change.more is None
    assert change.less.facts == (("gag", "yes"),)


@pytest.mark.parametrize(
    "when",
    [
        'context.issuer like "court*"',
        "context.issuer == context.signer",
        '["court", "public"].containsAll([context.issuer])',
        "context == context",
        'principal == Curtilage::Employee::"releaser" && resource == resource',
    ],
)
def test_what_cannot_be_modelled_is_refused_and_the_rule_named(when):
    made = rules(permits={"odd": when})

    with pytest.raises(NotModelledError, match="odd"):
        open_prover(made)


@pytest.mark.parametrize(
    "when", ["context.motoin_pending", "context.consent.revoked", "context.issuer", "context.held &&", "'x'"]
)
def test_an_invariant_that_the_engine_would_refuse_is_refused(when):
    with pytest.raises(NotModelledError, match="tried"):
        prove(rules(permits={"all": "true"}), invariant(when))


def test_without_the_solver_the_remedy_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)

    with pytest.raises(NoProverError, match=r"pip install 'curtilage\[prove\]'"):
        open_prover(())


def test_two_rules_of_one_id_are_refused():
    made = rules(permits={"p": "true"})

    with pytest.raises(NotModelledError, match="an id that another rule has"):
        open_prover((*made, *made))
