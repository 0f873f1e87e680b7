"""Every rule for values does what its own cases say, among all the other rules."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from curtilage.detection.values import rules
from curtilage.detection.values.nouns import Rules
from curtilage.detection.values.reference import Finder
from curtilage.inventory.vocabulary import load_vocabulary

LEAST = 2
#: Decoys are never findings: in their cases they stand as a category of their own.
SHOWN = "decoy"


def read_all_cases() -> Iterator[tuple[str, bool, str, frozenset[str]]]:
    for text in rules.shipped_files().values():
        yield from rules.read_cases(text)


def by_rule() -> dict[str, list[tuple[bool, str, frozenset[str]]]]:
    found = defaultdict(list)
    for rule, wanted, text, carried in read_all_cases():
        found[rule].append((wanted, text, carried))
    return dict(found)


CASES = by_rule()


@pytest.fixture(scope="module")
def finder() -> Finder:
    shown = tuple(
        msgspec.structs.replace(rule, category=rule.category or SHOWN) for rule in rules.load().rules
    )
    return Finder(Rules(shown, rules.load().groups))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_does_what_its_cases_say(rule, finder):
    wrong = []
    for wanted, text, carried in CASES[rule]:
        found = {finder.rules.rules[hit.rule].id for hit in finder.find(text.encode(), carried)}
        if (rule in found) != wanted:
            wrong.append(f"{'misses' if wanted else 'takes'} {text!r}, found {sorted(found)}")
    assert not wrong, f"{rule}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_has_cases_for_and_against(rule):
    for side in (True, False):
        assert sum(wanted is side for wanted, _, _ in CASES[rule]) >= LEAST


def test_each_case_carries_only_groups_that_exist():
    known = {group.id for group in rules.load().groups}
    assert {group for _, _, _, carried in read_all_cases() for group in carried} <= known


def test_each_rule_has_its_own_cases():
    assert list(CASES) == [rule.id for rule in rules.load().rules]


def test_each_rule_names_a_category_and_a_source_that_exist():
    sources = tomllib.loads(Path("docs/sources.toml").read_text("utf-8"))
    book = rules.load()
    assert {rule.category for rule in book.rules} - {""} <= set(load_vocabulary())
    assert {category for group in book.groups for category in group.categories} <= set(load_vocabulary())
    assert {rule.source for rule in book.rules} <= set(sources)
