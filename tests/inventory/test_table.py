"""The table of fields opens safely in a spreadsheet, and is read again as it was."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.inventory.diff import diff
from curtilage.inventory.importing import plan_import
from curtilage.inventory.listing import draft_listing
from curtilage.inventory.load import load_documents
from curtilage.inventory.table import guard_cell, unguard_cell, write_table
from tests.inventory.smalltown import FIELD, changed, documents, load, with_files


def rows(inventory):
    return list(csv.DictReader(io.StringIO(write_table(inventory).removeprefix("\ufeff"), newline="")))


def test_a_row_says_all_that_a_field_says_and_what_its_ids_mean():
    row = rows(load())[0]
    assert (row["department"], row["program"], row["collection"]) == ("housing", "rental", "intake")
    assert (row["field"], row["reveals"]) == ("household.country_of_birth", "strong")
    assert (row["question_es"], row["citation"]) == ("País de nacimiento", "8 USC 1612")
    assert row["purpose_text"] == "Decide who may have help"
    assert row["declared_at"] == "inventory/departments/housing.yml:15"


def test_spreadsheets_are_told_that_it_is_utf8_and_get_their_line_ends():
    table = write_table(load())
    assert table.startswith("\ufeffdepartment,")
    assert table.endswith("\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", "%0A"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(text):
    assert guard_cell(text) == f"'{text}"
    assert unguard_cell(guard_cell(text)) == text


@given(st.text())
def test_any_text_survives_the_guard_or_was_guarded_already(text):
    assert unguard_cell(guard_cell(text)) in {text, unguard_cell(text)}


def test_no_cell_of_a_table_begins_a_formula():
    files = changed("inventory/departments/housing.yml", '"which federal fund pays"', '"=HYPERLINK(1)"')
    assert rows(load(files))[0]["decision"] == "'=HYPERLINK(1)"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff;'")).map(str.strip)
)
def test_what_was_exported_is_imported_as_it_was(text):
    inventory = load()
    field = replace(inventory.list_fields()[0], note=text, asked_in=("a.pdf#x", "b.html#y"))
    department = inventory.departments[0]
    program = department.programs[0]
    collection = replace(program.collections[0], fields=(field,))
    program = replace(program, collections=(collection,))
    table = write_table(replace(inventory, departments=(replace(department, programs=(program,)),)))
    bare = with_files({"inventory/departments/housing.yml": None, "inventory/practices.yml": None})
    planned = plan_import(bare, draft_listing(table.encode(), "t.csv", load_documents(bare)), merge=False)
    again = load_documents(bare | {file.path: file.content for file in planned.files})
    assert replace(field, spot=None) == replace(again.list_fields()[0], spot=None)


def test_fields_of_a_table_that_is_imported_differ_in_nothing():
    bare = with_files({"inventory/departments/housing.yml": None, "inventory/practices.yml": None})
    drafts = draft_listing(write_table(load()).encode(), "t.csv", load_documents(bare))
    planned = plan_import(bare, drafts, merge=False)
    again = load_documents(bare | {file.path: file.content for file in planned.files})
    assert planned.added == (FIELD,)
    assert "field" not in {change.noun for change in diff(load(documents()), again)}
