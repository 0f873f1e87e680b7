"""Anchors: which words of a phrase are looked for first. What is found must not depend on them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values.anchors import COMMON, count_words, pick_anchor, words_before
from curtilage.detection.values.program import compile_program
from curtilage.detection.values.program_checks import NotForTheKernelError
from curtilage.detection.values.rules import load
from curtilage.detection.values.scanner import shipped_scanner

_elements = st.sampled_from(["the", "has", "papers", "deporta*", "no", "visa", "#", "ice"])
_phrases = st.lists(_elements, min_size=1, max_size=6).flatmap(
    lambda words: st.sampled_from([tuple(words), (*words, " .. ", "papers"), ("no", " .. ", *words)])
)


@given(_phrases)
def test_an_anchor_stands_in_its_phrase_without_a_gap(phrase):
    anchor = pick_anchor(phrase)
    assert any(phrase[at : at + len(anchor)] == anchor for at in range(len(phrase)))
    assert 0 <= words_before(phrase, anchor) < count_words(phrase)


@pytest.mark.parametrize(
    ("phrase", "anchor"),
    [
        (("no", "papers"), ("no", "papers")),
        (("in", "the", "us", "since"), ("us", "since")),
        (("asked", " .. ", "deport*"), ("deport*",)),
        (("report*", " .. ", "migra"), ("migra",)),
        (("permanent", "resident*", "of", "the", "us"), ("permanent",)),
        (("caller",), ("caller",)),
        (("#",), ("#",)),
    ],
)
def test_the_anchor_is_what_texts_have_least_often(phrase, anchor):
    assert pick_anchor(phrase) == anchor


def test_words_that_a_gap_passes_over_count_as_before_the_anchor():
    assert words_before(("no", " .. ", "green", "card"), ("green", "card")) == 5


def test_common_words_are_written_as_texts_are_folded():
    assert all(word == word.lower() and word.isalnum() for word in COMMON)


def test_the_shipped_rules_fit_into_the_kernel():
    assert len(compile_program(load())) > 1_000_000
    assert shipped_scanner().rules == load()


def test_a_phrase_of_too_many_words_is_left_to_the_reference():
    rules = load()
    first = next(rule for rule in rules.rules if rule.phrases)
    long = msgspec.structs.replace(first, phrases=(("word",) * 17,))
    with pytest.raises(NotForTheKernelError, match="more than 16 words"):
        compile_program(msgspec.structs.replace(rules, rules=(long,)))
