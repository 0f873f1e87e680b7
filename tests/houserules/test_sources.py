"""Whatever rests on a source names one that docs/sources.toml has."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from curtilage.inventory.vocabulary import load_vocabulary
from curtilage.safeguards.run import SAFEGUARDS, list_rules

ROOT = Path(__file__).parents[2]
SOURCES = tomllib.loads((ROOT / "docs/sources.toml").read_text("utf-8"))
RULE_FILES = sorted((ROOT / "src/curtilage/detection/rules").glob("*.yml"))
MODULES = sorted((ROOT / "src").rglob("*.py"))


def is_known(words):
    """Tell whether the first word of a citation, before the place in the text, is a known key."""
    return words.split()[0].rstrip(",;:.") in SOURCES


@pytest.mark.parametrize("key", SOURCES)
def test_a_source_can_be_found_again(key):
    source = SOURCES[key]

    assert set(source) <= {"title", "url", "citation", "date"}
    assert source["title"]
    assert source.get("url", "").startswith("https://") or source.get("citation")
    assert isinstance(source["date"], date)


def test_every_rule_of_a_check_has_a_code_a_safeguard_and_a_source():
    rules = list_rules()

    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+", rule.code)
        assert rule.safeguard in SAFEGUARDS
        assert is_known(rule.source), rule.code
        assert rule.why.endswith("."), rule.code
        assert re.search(r"\.$|Run: curtilage [a-z ]+$", rule.remedy), rule.code


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_rule_of_detection_has_cases_that_match_cases_that_must_not_and_a_source(path):
    rule = yaml.safe_load(path.read_text("utf-8"))
    sources = rule["source"] if isinstance(rule["source"], list) else [rule["source"]]

    assert path.stem == rule["category"] in load_vocabulary()
    assert all(is_known(source) for source in sources)
    assert rule["cases"]["match"]
    assert rule["cases"]["not"]


def test_every_category_has_a_rule():
    assert {path.stem for path in RULE_FILES} == set(load_vocabulary())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_docstring_cites_a_known_source(path):
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        said = (ast.get_docstring(node) or "") if isinstance(node, documented) else ""
        for cited in re.findall(r"^Source:\s*(.+(?:\n {2,}.+)*)", said, re.MULTILINE):
            assert is_known(" ".join(cited.split())), f"{path.name}: {cited}"
