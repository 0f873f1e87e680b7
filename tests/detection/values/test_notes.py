"""Sentences of notes: most that tell of somebody are found, those that only use the words are not.

The sentences were put down before the rules. The bounds are what was reached, a little below it, so
that a rule may be mended without another one's loss going unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from curtilage.detection.values.reference import Finder
from curtilage.detection.values.rules import load
from curtilage.inventory.nouns import Reveals

NOTES: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "detection" / "notes.yml").read_text("utf-8")
)
#: What tells of status, citizenship or origin by words; names, dates and telephones are found too.
TELLING: Final = frozenset(NOTES["tells"])
LEAST_FOUND: Final = 0.97
LEAST_WELL_FOUND: Final = 0.95
MOST_FALSE: Final = 2


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(load())


def list_telling() -> Iterator[tuple[str, str, str]]:
    for category, by_language in NOTES["tells"].items():
        for language, sentences in by_language.items():
            yield from ((category, language, sentence) for sentence in sentences)


def categories_of(finder: Finder, sentence: str) -> set[str]:
    """Return what a sentence tells of status, citizenship or origin, as far as the rules see."""
    found = (finder.rules.rules[hit.rule] for hit in finder.find(sentence.encode()))
    return {rule.category for rule in found if rule.category in TELLING and rule.reveals is not Reveals.NONE}


def test_nearly_all_sentences_that_tell_are_found(finder: Finder) -> None:
    telling = list(list_telling())
    missed = [one for one in telling if not categories_of(finder, one[2])]
    assert len(missed) / len(telling) <= 1 - LEAST_FOUND, missed


def test_what_they_tell_is_nearly_always_named_rightly(finder: Finder) -> None:
    telling = list(list_telling())
    wrong = [one for one in telling if one[0] not in categories_of(finder, one[2])]
    assert len(wrong) / len(telling) <= 1 - LEAST_WELL_FOUND, wrong


def test_sentences_that_only_use_the_words_are_left_alone(finder: Finder) -> None:
    silent = [sentence for sentences in NOTES["silent"].values() for sentence in sentences]
    taken = {sentence: found for sentence in silent if (found := categories_of(finder, sentence))}
    assert len(taken) <= MOST_FALSE, taken


@pytest.mark.parametrize("kind", ["tells", "silent"])
def test_there_are_sentences_of_both_kinds_in_eight_languages(kind: str) -> None:
    listed = NOTES["tells"].values() if kind == "tells" else [NOTES["silent"]]
    counted = {language: len(sentences) for one in listed for language, sentences in one.items()}
    assert len(counted) == len(["en", "es", "zh", "vi", "ht", "tl", "fr", "pt"])
    total = sum(len(sentences) for one in listed for sentences in one.values())
    assert total >= 150


def test_nothing_tells_across_two_sentences(finder: Finder) -> None:
    assert categories_of(finder, "The client came in. Undocumented repairs were found.") == set()


def test_a_promise_in_one_sentence_does_not_hide_the_next(finder: Finder) -> None:
    said = "We never ask about status; she said that she is undocumented."
    assert categories_of(finder, said) == {"immigration_status"}
