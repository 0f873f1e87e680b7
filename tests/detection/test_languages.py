"""The same question is recognised in every language; what asks nothing is not, in any."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from curtilage.detection.classifier import Classifier, Field

CASES = Path(__file__).parents[1] / "cases" / "detection"
QUESTIONS = yaml.safe_load((CASES / "translations.yml").read_text("utf-8"))
PROMISES = yaml.safe_load((CASES / "promises.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["category"] for question in QUESTIONS])
def test_a_question_means_the_same_in_every_language(
    classifier: Classifier, question: dict[str, str]
) -> None:
    expected = (question["category"], question["reveals"])
    wrong = {}
    for lang, text in question.items():
        if lang in ("category", "reveals"):
            continue
        found = {
            match.category: match.reveals.value
            for match in classifier.classify(Field(text=text, lang=lang)).matches
        }
        if found.get(expected[0]) != expected[1]:
            wrong[lang] = found
    assert wrong == {}


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["category"] for question in QUESTIONS])
def test_a_question_is_understood_where_the_language_is_not_known(
    classifier: Classifier, question: dict[str, str]
) -> None:
    texts = [text for key, text in question.items() if key in ("en", "es", "zh", "fr", "de")]
    assert all(question["category"] in classifier.classify(Field(text=text)).categories for text in texts)


@pytest.mark.parametrize("promise", PROMISES, ids=[promise["text"] for promise in PROMISES])
def test_a_promise_is_no_question(classifier: Classifier, promise: dict[str, str]) -> None:
    verdict = classifier.classify(Field(text=promise["text"], lang=promise["lang"]))
    assert verdict.reveals.value in ("none", "weak")
