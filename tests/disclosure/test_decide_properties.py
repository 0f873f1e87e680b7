"""What holds of every request, whatever its facts: drawn at random, and over all packs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import list_packs
from tests.disclosure.requests import REQUESTS, engine, request
from tests.disclosure.test_table_cases import CASES

MANDATES = ("tx", "fl")
PROTECTIVE = tuple(pack for pack in list_packs() if pack not in {"base", "us-federal", *MANDATES})
SETS = st.sampled_from(
    [(), ("or",), ("wa",), ("ca",), ("il", "chicago"), ("co",), ("ny", "nyc"), ("nj",), ("tx",), ("fl",)]
)


def is_order(asked):
    row = load_instruments()[asked.instrument]
    of_a_court = row.judicial and row.compels and asked.issuer in {"court", "grand-jury"}
    confirmed = asked.authentic and asked.in_force and asked.confirmed_by_counsel
    return (of_a_court or asked.enforced_by_court) and confirmed and asked.scope == "matched"


def has_ground(asked):
    statute, consent, exigency = asked.mandatory_authority, asked.consent, asked.exigency
    return (
        is_order(asked)
        or (statute is not None and statute.compels and statute.current and statute.names_the_fields)
        or (consent is not None and consent.written and consent.by_the_subject and not consent.revoked)
        or (exigency is not None and exigency.review_opened and not asked.civil_immigration)
    )


@settings(max_examples=500, deadline=None)
@given(asked=REQUESTS, packs=SETS)
def test_one_that_the_engine_holds_to_its_schema_is_decided_as_among_many(asked, packs):
    assert engine(*packs).decide_many([asked]) == [engine(*packs).decide(asked)]


@settings(max_examples=500, deadline=None)
@given(asked=REQUESTS, packs=SETS)
def test_no_status_or_locator_information_leaves_without_a_ground(asked, packs):
    decision = engine(*packs).decide(asked)

    assert not decision or not (asked.status or asked.locator) or has_ground(asked)


@settings(max_examples=500, deadline=None)
@given(asked=REQUESTS, packs=SETS)
def test_what_is_held_gagged_pending_at_a_vendor_or_at_a_desk_never_leaves(asked, packs):
    stopped = asked.held or asked.gag or asked.motion_pending or asked.custody == "vendor"

    if stopped or asked.acting_role == "frontline":
        assert not engine(*packs).decide(asked)


@settings(max_examples=300, deadline=None)
@given(asked=REQUESTS, packs=SETS)
def test_a_pack_never_lets_out_what_the_base_keeps(asked, packs):
    assert engine().decide(asked) or not engine(*packs).decide(asked)


@settings(max_examples=2000, deadline=None)
@given(asked=REQUESTS, pack=st.sampled_from(MANDATES))
def test_a_mandate_refuses_no_request_for_civil_immigration_and_releases_no_more(asked, pack):
    before, after = engine().decide(asked), engine(pack).decide(asked)

    assert bool(before) == bool(after)
    if asked.civil_immigration:
        assert after.outcome not in {Answer.DECLINE, Answer.OBJECT_OR_DECLINE}
    else:
        assert after.outcome in {before.outcome, Answer.COUNSEL_REVIEW}


@settings(max_examples=200, deadline=None)
@given(asked=REQUESTS, packs=SETS)
def test_every_request_is_decided_and_says_why(asked, packs):
    decision = engine(*packs).decide(asked)

    assert decision.failures == ()
    assert decision.policies or decision.outcome is Answer.DECLINE


@pytest.mark.parametrize("pack", [*PROTECTIVE, *MANDATES])
@pytest.mark.parametrize(
    "case", [case for case in CASES if "packs" not in case], ids=lambda case: case["name"]
)
def test_a_case_without_a_pack_is_answered_no_more_openly_with_one(case, pack):
    asked = request(case["instrument"], order=case.get("order", False), **case["facts"])
    order = list(Answer)
    before, after = Answer(case["answer"]), engine(pack).decide(asked).outcome

    if pack in MANDATES:
        refusals = {Answer.DECLINE, Answer.OBJECT_OR_DECLINE}
        assert after is before or (before in refusals and after is Answer.COUNSEL_REVIEW)
    else:
        assert order.index(after) <= order.index(before)
