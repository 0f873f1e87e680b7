"""What holds for every text: no error, and no difference where people spell differently."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.classifier import Classifier, Field
from curtilage.detection.words import fold, name_words, words

CLASSIFIER = Classifier()
QUESTIONS = [
    ("en", "Are you a U.S. citizen?"),
    ("es", "¿En qué país nació?"),
    ("fr", "Numéro de titre de séjour"),
    ("pt", "Situação migratória"),
    ("de", "Staatsangehörigkeit"),
    ("ht", "Ki estati imigrasyon ou?"),
]
anything = st.text(max_size=200)


def bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")


@settings(max_examples=300, deadline=None)
@given(name=anything, text=anything, options=st.lists(anything, max_size=4), lang=st.text(max_size=5))
def test_no_text_makes_it_fail(name: str, text: str, options: list[str], lang: str) -> None:
    verdict = CLASSIFIER.classify(Field(name, text, tuple(options), lang, text))
    assert verdict.reveals.rank == max((match.reveals.rank for match in verdict.matches), default=0)


@settings(max_examples=200, deadline=None)
@given(text=anything)
def test_words_have_neither_case_nor_spaces(text: str) -> None:
    assert all(word == fold(word) and not any(letter.isspace() for letter in word) for word in words(text))


@settings(max_examples=200, deadline=None)
@given(name=anything)
def test_the_last_part_of_a_name_begins_within_it(name: str) -> None:
    found, last = name_words(name)
    assert 0 <= last <= len(found)


@pytest.mark.parametrize(("lang", "text"), QUESTIONS)
@pytest.mark.parametrize(
    "change",
    [str.upper, str.lower, bare, lambda text: text.replace(" ", "\u00a0"), lambda text: f"  {text}\n"],
)
def test_case_accents_and_spaces_change_nothing(lang: str, text: str, change: object) -> None:
    assert callable(change)
    plain = CLASSIFIER.classify(Field(text=text, lang=lang))
    changed = CLASSIFIER.classify(Field(text=change(text), lang=lang))
    assert (changed.categories, changed.reveals) == (plain.categories, plain.reveals)


@settings(max_examples=100, deadline=None)
@given(around=st.sampled_from(["{{name}}", "${ person }", "<b>", "</b>", "1.", "(*)", "%(name)s"]))
def test_placeholders_markup_and_numbering_change_nothing(around: str) -> None:
    verdict = CLASSIFIER.classify(Field(text=f"{around} Country of birth {around}", lang="en"))
    assert verdict.categories == ("country_of_birth",)


@settings(max_examples=100, deadline=None)
@given(secret=st.text(alphabet="0123456789qzx", min_size=8, max_size=12))
def test_reasons_never_hold_what_was_read(secret: str) -> None:
    verdict = CLASSIFIER.classify(Field(f"ssn_{secret}", f"Passport {secret}", (secret, "Refugee"), "en"))
    told = [reason for match in verdict.matches for reason in match.reasons] + list(verdict.reasons)
    assert not any(secret in reason for reason in told)
