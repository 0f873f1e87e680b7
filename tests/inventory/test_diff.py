"""A change is told by what it means, and what leaves residents with less protection is marked."""

from pathlib import Path

import pytest
import yaml

from curtilage.inventory import loosening
from curtilage.inventory.diff import diff
from curtilage.inventory.shapes import list_shapes
from tests.inventory.smalltown import documents, load

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/inventory/diff.yml").read_text("utf-8"))


def replaced(files, path, old, new):
    text = files[path].decode()
    assert old in text
    return files | {path: text.replace(old, new).encode()}


def changes_of(case):
    before = documents()
    if "before" in case:
        before = replaced(before, case["in"], case["before"]["from"], case["before"]["to"])
    after = replaced(before, case["in"], case["from"], case["to"])
    if "also" in case:
        after = replaced(after, case["also"]["in"], case["also"]["from"], case["also"]["to"])
    return diff(load(before), load(after))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_change_means_what_the_case_says(case):
    changes = changes_of(case)
    told = [f"{each.kind} {each.noun} {each.id} {each.attribute}" for each in changes]
    assert sorted(case["expect"]) == sorted(told)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_only_what_loosens_a_safeguard_is_marked(case):
    why = "; ".join(each.loosens for each in changes_of(case))
    assert bool(case.get("loosens")) == bool(why.strip("; "))
    assert case.get("loosens", "") in why


def test_a_change_points_at_the_line_where_it_is_declared_now():
    files = replaced(documents(), "inventory/systems.yml", "title: Case files", "title: Files")
    change = diff(load(), load(files))[0]
    assert (change.spot.source, change.spot.line) == ("inventory/systems.yml", 2)
    assert (change.before, change.after) == ("Case files", "Files")


def test_what_went_and_what_came_are_told_from_both_sides():
    files = replaced(documents(), "inventory/practices.yml", "id: report", "id: other")
    there, back = diff(load(), load(files)), diff(load(files), load())
    assert {("added", "other"), ("removed", "report")} == {(each.kind, each.id) for each in there}
    assert {("added", "report"), ("removed", "other")} == {(each.kind, each.id) for each in back}


def test_a_field_that_is_asked_and_stored_otherwise_is_another_field():
    files = replaced(
        documents(), "inventory/departments/housing.yml", "- field: household.country_of_birth", "- field: x"
    )
    for old, new in (
        ("Country of birth", "Name"),
        ("nacimiento", "nada"),
        ("applicants.birth_country", "applicants.x"),
    ):
        files = replaced(files, "inventory/departments/housing.yml", old, new)
    files["inventory/practices.yml"] = b"practices: []\n"
    kinds = {(each.kind, each.noun) for each in diff(load(), load(files))}
    assert {("added", "field"), ("removed", "field"), ("removed", "practice")} == kinds


def test_two_fields_of_the_same_words_are_renamed_each_once():
    twice = (
        "        - {field: a, question: {en: Name}, stored_in: [housing_db.t.a]}\n"
        "        - {field: b, question: {en: Name}, stored_in: [housing_db.t.b]}\n"
    )
    path, head = "inventory/departments/housing.yml", "        fields:\n"
    before = replaced(documents(), path, head, head + twice)
    after = replaced(documents(), path, head, head + twice.replace("field: ", "field: new_"))
    renamed = [
        (each.before, each.after) for each in diff(load(before), load(after)) if each.kind == "renamed"
    ]
    stem = "housing.rental.intake."
    assert [(stem + "a", stem + "new_a"), (stem + "b", stem + "new_b")] == renamed


def test_every_rule_is_about_a_key_that_exists():
    known = {("city", "languages")}
    for shape in list_shapes():
        known |= {(shape.name, key.name) for key in shape.keys}
        for branch in shape.branches:
            known.add((shape.name, branch.name))
            known |= {(shape.name, f"{branch.name}.{key.name}") for key in branch.shape.keys}
    assert set() == {(noun, key.removesuffix(".*")) for noun, key in loosening._RULES} - known


def test_a_system_that_can_no_longer_be_looked_at_is_less_protected():
    languages = 'languages = ["en", "es"]'
    settings = f'{languages}\n[connections]\nhousing = "housing.db"'
    after = replaced(documents(), "curtilage.toml", languages, settings)
    before = replaced(after, "inventory/systems.yml", "host: city", "host: city\n    connection: housing")

    [change] = diff(load(before), load(after))
    assert (change.attribute, change.loosens) == ("connection", "can no longer be looked at")
