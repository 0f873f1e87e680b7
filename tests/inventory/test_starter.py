"""A new city's folder teaches, loads, and never takes the place of anything."""

import resource
from datetime import date

import pytest

from curtilage.foundation.files import NotWrittenError
from curtilage.inventory.load import load_inventory, validate
from curtilage.inventory.nouns import Necessity
from curtilage.inventory.starter import NotEmptyError, start_city

ABOUT = {
    "name": 'O\'Fallon: "the $ city"',
    "zone": "America/Chicago",
    "languages": ("en", "es"),
    "today": date(2017, 2, 22),
}


def test_a_new_citys_folder_loads(tmp_path):
    start_city(tmp_path / "city", **ABOUT)
    assert validate(tmp_path / "city") == []
    assert load_inventory(tmp_path / "city").city.name == ABOUT["name"]


def test_the_example_shows_each_way_to_treat_a_question(tmp_path):
    start_city(tmp_path, **ABOUT)
    fields = load_inventory(tmp_path).list_fields()
    assert {field.necessity for field in fields} == set(Necessity)
    assert all(field.decision and field.why_we_ask for field in fields if field.question)


def test_secrets_and_databases_are_kept_out_of_a_repository(tmp_path):
    assert ".gitignore" in start_city(tmp_path, **ABOUT)
    ignored = (tmp_path / ".gitignore").read_text().split()
    assert {".curtilage/", "*.db", "*.key", ".env"} <= set(ignored)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NotEmptyError):
        start_city(tmp_path, **ABOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_disk_that_fills_leaves_nothing_in_the_way_of_a_second_try(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(NotWrittenError):
            start_city(tmp_path, **ABOUT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    start_city(tmp_path, **ABOUT)

    assert validate(tmp_path) == []


def test_no_placeholder_is_left_in_any_file(tmp_path):
    for path in start_city(tmp_path, **{**ABOUT, "name": "Plain"}):
        assert "$" not in (tmp_path / path).read_text("utf-8")
