"""Each rule does what the cases at the end of its own file say."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

from curtilage.detection.classifier import Classifier, Field
from curtilage.detection.nouns import Verdict
from curtilage.detection.rulebook import STATUS

RULES = {
    path.name: yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    for path in sorted((files("curtilage.detection") / "rules").iterdir(), key=lambda path: path.name)
    if path.name.endswith(".yml")
}


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def read(classifier: Classifier, case: dict[str, Any]) -> Verdict:
    return classifier.classify(
        Field(
            name=case.get("name", ""),
            text=case.get("text", ""),
            options=tuple(map(str, case.get("options", ()))),
            lang=case.get("lang", "en"),
            context=case.get("context", ""),
        )
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_finds_what_its_cases_say(classifier: Classifier, rule: dict[str, Any]) -> None:
    missed = []
    for case in rule["cases"]["match"]:
        found = {match.category: match for match in read(classifier, case).matches}
        level = case.get("reveals")
        match = found.get(rule["category"])
        if match is None or (level is not None and match.reveals.value != level):
            missed.append((case, sorted(found), match))
    assert missed == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_leaves_alone_what_its_cases_say(classifier: Classifier, rule: dict[str, Any]) -> None:
    taken = []
    for case in rule["cases"]["not"]:
        verdict = read(classifier, case)
        taken += [(case, match.reasons) for match in verdict.matches if match.category == rule["category"]]
    assert taken == []


@pytest.mark.parametrize("category", sorted(STATUS))
def test_every_rule_of_status_has_cases_in_several_languages(category: str) -> None:
    cases = RULES[f"{category}.yml"]["cases"]
    languages = {case.get("lang", "en") for case in cases["match"]}
    assert (len(cases["match"]) >= 8, len(cases["not"]) >= 6, len(languages) >= 3) == (True, True, True)


def test_every_rule_file_bears_the_name_of_its_category() -> None:
    assert {name: rule["category"] for name, rule in RULES.items()} == {
        name: name.removesuffix(".yml") for name in RULES
    }


class _NoKeyTwice(yaml.SafeLoader):
    """Refuses a key that is written twice, where YAML itself lets the second silently replace the first."""


def _mapping(loader: _NoKeyTwice, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [key.value for key, _ in node.value]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    assert twice == [], f"{twice} twice, {node.start_mark}"
    return loader.construct_mapping(node, deep=True)


_NoKeyTwice.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@pytest.mark.parametrize("folder", ["rules", "lexicon"])
def test_no_file_says_a_key_twice(folder: str) -> None:
    for path in (files("curtilage.detection") / folder).iterdir():
        if path.name.endswith(".yml"):
            yaml.load(path.read_text("utf-8"), Loader=_NoKeyTwice)
