"""What would change an answer: the fewest facts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from curtilage.disclosure.nouns import Answer, Change, Flip
from curtilage.disclosure.policy.facts import find_word
from curtilage.disclosure.policy.flips import find_flips
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.requests import GOOD, REQUESTS, engine, request


def flips(asked, *packs):
    return find_flips(engine(*packs), asked, engine(*packs).decide(asked)).flips


def apply(asked, change):
    head, _, part = change.fact.partition(".")
    if part:
        return replace(asked, **{head: replace(getattr(asked, head), **{part: change.then == "yes"})})
    words = {"yes": True, "no": False, "none": None, "given": GOOD.get(head)}
    return replace(asked, **{head: words.get(change.then, change.then)})


def test_a_warrant_that_lacks_only_counsel_hangs_on_counsel():
    asked = request("judicial-warrant", order=True, confirmed_by_counsel=False)

    assert Flip((Change("confirmed_by_counsel", "no", "yes"),), Answer.RELEASE) in flips(asked)


def test_an_administrative_warrant_does_not_hang_on_counsels_word_alone():
    one = {
        flip.changes[0].fact
        for flip in flips(request("i-200"))
        if len(flip.changes) == 1 and flip.answer is Answer.RELEASE
    }

    assert "confirmed_by_counsel" not in one


def test_the_way_to_a_release_needs_each_of_its_changes():
    asked = request("i-200", held=True, gag=True)
    [way] = [flip for flip in flips(asked) if flip.answer is Answer.RELEASE]

    assert {"held", "gag"} <= {change.fact for change in way.changes}
    for left_out in way.changes:
        other = asked
        for change in way.changes:
            other = other if change is left_out else apply(other, change)
        assert engine().decide(other).outcome is not Answer.RELEASE


def test_what_could_not_be_decided_has_no_flips():
    decision = replace(engine().decide(request("i-200")), failures=("a rule failed",))

    assert find_flips(engine(), request("i-200"), decision) == decision


@pytest.mark.parametrize("kind", load_instruments())
def test_every_kind_of_request_is_told_a_way_to_a_release(kind):
    assert Answer.RELEASE in {flip.answer for flip in flips(request(kind))}


@settings(max_examples=60, deadline=None)
@given(REQUESTS)
def test_a_flip_leads_where_it_says(asked):
    for flip in flips(asked):
        other = asked
        for change in flip.changes:
            assert find_word(asked, change.fact) == change.now
            other = apply(other, change)
        assert engine().decide(other).outcome is flip.answer
