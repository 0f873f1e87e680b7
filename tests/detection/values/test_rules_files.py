"""Files of rules: all problems at once, each with its line; what is shipped can be read."""

import pytest

from curtilage.detection.rulebook import RulesNotReadableError
from curtilage.detection.values import rules
from curtilage.detection.values.rules import sequences
from curtilage.foundation.errors import Problem

HEAD = "source: uscis-forms\nrules:\n"
GOOD = "  - {id: one, title: One, category: phone, reveals: none, shapes: ['\\d{10}']"


def problems(text: str) -> list[Problem]:
    with pytest.raises(RulesNotReadableError) as told:
        rules.read({"mine.yml": text})
    return list(told.value.problems)


def test_the_shipped_rules_can_be_read():
    read = rules.load()
    assert len({rule.id for rule in read.rules}) == len(read.rules)
    assert all(rule.source for rule in read.rules)


def test_all_problems_of_a_file_are_told_with_their_lines():
    text = (
        HEAD
        + GOOD
        + "}\n"
        + GOOD.replace("one", "Two")
        + "}\n"
        + GOOD.replace("one", "three")
        + ", near: [who]}\n"
    )
    assert [(each.path, each.line) for each in problems(text)] == [("mine.yml", 4), ("mine.yml", 5)]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (", colour: red", "colour"),
        (", phrases: {en: [call me]}", "either shapes or phrases"),
        (", checks: [{luhm: {}}]", "luhm"),
        (", checks: [luhn]", "one name"),
        (", checks: [{sum: {take: [0], weights: [1, 2], mod: 10, expect: '0123456789', at: 1}}]", "weights"),
        (
            ", checks: [{sum: {take: [0], weights: [1], mod: 11, expect: '0123456789', at: 1}}]",
            "11 remainders",
        ),
        (", takes: name", "takes a name"),
        (", builtin: post", "email"),
    ],
)
def test_what_means_nothing_is_told(more, said):
    (problem,) = problems(HEAD + GOOD + more + "}\n")
    assert problem.line == 3
    assert said in problem.what


def test_a_shape_that_is_not_in_the_language_is_told_with_the_rule():
    (problem,) = problems(HEAD + GOOD.replace("\\d{10}", "\\d+") + "}\n")
    assert "rule one" in problem.what


def test_a_file_that_is_no_yaml_is_told_with_its_line():
    (problem,) = problems(HEAD + "  - [\n")
    assert problem.line >= 3


def test_an_id_may_stand_once():
    text = HEAD + GOOD + "}\n" + GOOD + "}\n"
    assert "twice" in problems(text)[0].what


def test_a_yes_that_yaml_takes_for_true_is_told():
    (problem,) = problems("source: x\ncontexts:\n  agreed: {phrases: {en: [yes]}}\n")
    assert problem.line == 3
    assert "quotes" in problem.what


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("green card", {("green", "card")}),
        ("(no|sin) papel*", {("no", "papel*"), ("sin", "papel*")}),
        ("n'a pas", {("n", "a", "pas")}),
        ("Nació", {("nacio",)}),
        ("没有身份", {("没", "有", "身", "份")}),
        ("沒有", {("没", "有")}),
        ("without .. papers", {("without", " .. ", "papers")}),
        ("# 岁", {("#", "岁")}),
    ],
)
def test_phrases_are_sequences_of_folded_words(written, found):
    assert set(sequences([written])) == found


@pytest.mark.parametrize("written", [".. papers", "papers ..", "a .. .. b"])
def test_a_gap_stands_between_words(written):
    with pytest.raises(ValueError, match=r"\.\."):
        sequences([written])


def test_a_column_carries_the_groups_that_its_name_says():
    read = rules.read({"a.yml": "source: x\ncontexts:\n  ssn: {categories: [ssn], phrases: {en: [ssn]}}\n"})
    assert read.groups_of(frozenset({"ssn", "phone"})) == {"ssn"}
