"""Facts as counsel writes them: read whole, or told what is missing."""

import json

import pytest
from hypothesis import given

from curtilage.disclosure.policy.facts import (
    NAMES,
    BadFactsError,
    Incomplete,
    blank,
    find_word,
    read_facts,
    to_json,
)
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.requests import REQUESTS, request


def write(**changed):
    facts = to_json(request("i-200"))
    return json.dumps({**facts, **changed}).encode()


@given(REQUESTS)
def test_facts_come_back_as_they_were_written(asked):
    assert read_facts(json.dumps(to_json(asked)).encode()) == asked


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_fact_is_named_and_no_error(name):
    facts = to_json(request("i-200"))
    del facts[name]

    assert read_facts(json.dumps(facts).encode()) == Incomplete((name,))


def test_a_missing_part_of_a_record_is_named():
    consent = {"written": True, "specific": True, "by_the_subject": True}

    assert read_facts(write(consent=consent)) == Incomplete(("consent.revoked",))


def test_nothing_at_all_is_missing_everything():
    assert read_facts(b"{}") == Incomplete(NAMES)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"a": 1}', "no such fact"),
        (b'{"gag": true, "gag": false}', "stands twice"),
        (b'{"consent": {"written": true, "written": false}}', "stands twice"),
        (write(gag="yes"), "gag is neither true nor false"),
        (write(gag=1), "gag is neither true nor false"),
        (write(instrument="i-2000"), "Did you mean i-200"),
        (write(signer=["judge"]), "signer is a word that is not on its list"),
        (write(consent=True), "neither null nor an object"),
        (write(consent={"writtn": True}), "Did you mean written"),
        (write(consent={"written": "yes"}), "consent.written is neither"),
        (write(confirmed_by_councel=True), "Did you mean confirmed_by_counsel"),
    ],
)
def test_facts_that_cannot_be_read_say_what_to_write(raw, said):
    with pytest.raises(BadFactsError, match=said):
        read_facts(raw)


def test_no_message_repeats_what_somebody_wrote_into_the_facts():
    for raw in (write(signer="Maria Canary"), write(**{"Maria Canary": True}), write(gag="Maria Canary")):
        with pytest.raises(BadFactsError) as caught:
            read_facts(raw)
        assert "Canary" not in str(caught.value)


@pytest.mark.parametrize("row", load_instruments().values(), ids=lambda row: row.id)
def test_a_blank_paper_is_verified_by_nobody(row):
    facts = blank(row)

    assert [facts.authentic, facts.in_force, facts.confirmed_by_counsel] == [False] * 3
    assert facts.scope == "not-stated"
    assert facts.mandatory_authority is facts.consent is facts.exigency is None


def test_facts_are_said_in_words():
    asked = request("i-200", consent="good")

    assert [find_word(asked, name) for name in ("gag", "consent", "consent.revoked", "exigency")] == [
        "no",
        "given",
        "no",
        "none",
    ]
    assert find_word(asked, "instrument.family") == "immigration-paper"
