"""What single questions ask: many wordings of each category, in many languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from curtilage.detection.classifier import Classifier, Field

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "detection" / "questions.yml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def found(classifier: Classifier, text: str, lang: str) -> tuple[str, ...]:
    return classifier.classify(Field(text=text, lang=lang)).categories


@pytest.mark.parametrize("category", sorted(CASES["asks"]))
def test_each_wording_is_read_as_what_it_asks(classifier: Classifier, category: str) -> None:
    wordings = [(lang, text) for lang, texts in CASES["asks"][category].items() for text in texts]
    missed = [(lang, text) for lang, text in wordings if category not in found(classifier, text, lang)]
    assert missed == []


@pytest.mark.parametrize("lang", sorted(CASES["nothing"]))
def test_buttons_explanations_and_errors_ask_nothing(classifier: Classifier, lang: str) -> None:
    said = {text: found(classifier, text, lang) for text in CASES["nothing"][lang]}
    assert {text: categories for text, categories in said.items() if categories} == {}


def test_what_is_only_spoken_of_is_not_asked(classifier: Classifier) -> None:
    for case in CASES["confused"]:
        categories = found(classifier, case["text"], case["lang"])
        assert case["not"] not in categories, case
        assert case.get("is", case["not"]) in (*categories, case["not"]), case


def test_the_cases_cover_many_categories_and_languages() -> None:
    assert len(CASES["asks"]) >= 50
    assert len({lang for texts in CASES["asks"].values() for lang in texts}) >= 11
