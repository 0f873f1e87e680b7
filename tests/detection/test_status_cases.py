"""Fields that tell of status or origin, and fields that only look so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from curtilage.detection.classifier import Classifier, Field

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "detection" / "status.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def singles_out(classifier: Classifier, case: dict[str, Any]) -> bool:
    options = tuple(map(str, case.get("options", ())))
    field = Field(case.get("name", ""), case.get("text", ""), options, case.get("lang", "en"))
    return classifier.classify(field).reveals.rank >= 2


def test_what_tells_of_status_is_seen(classifier: Classifier) -> None:
    assert [case for case in CASES["tells"] if not singles_out(classifier, case)] == []


def test_what_only_looks_so_is_left_alone(classifier: Classifier) -> None:
    assert [case for case in CASES["silent"] if singles_out(classifier, case)] == []


def test_there_are_cases_of_both_kinds_in_many_languages() -> None:
    languages = [{case.get("lang", "en") for case in CASES[kind]} for kind in ("tells", "silent")]
    assert [len(found) >= 9 for found in languages] == [True, True]
