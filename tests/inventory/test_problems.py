"""Every problem is told at once, with its file, its line, and what to write instead."""

from pathlib import Path

import pytest
import yaml

from curtilage.foundation.errors import DeclarationError
from curtilage.inventory.load import validate
from curtilage.inventory.problems import CODES
from tests.inventory.smalltown import documents, load, with_files, write_city
from tests.rights import without_rights

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/inventory/problems.yml").read_text("utf-8"))


def problems_of(files):
    with pytest.raises(DeclarationError) as caught:
        load(files)
    return caught.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_wrong_file_is_told_as_the_case_says(case):
    problems = problems_of(with_files(case["files"]))
    told = [f"{problem.path}:{problem.line} {problem.code}" for problem in problems]
    assert sorted(case["expect"]) == sorted(told)
    assert case.get("says", "") in "\n".join(map(str, problems))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_problem_says_what_to_write_instead(case):
    for problem in problems_of(with_files(case["files"])):
        assert problem.instead
        assert problem.what.endswith(";" if problem.instead[0].islower() else ".")


def test_every_code_has_a_case_or_a_test():
    in_cases = {line.split()[1] for case in CASES for line in case["expect"]}
    sources = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in CODES if code not in in_cases and f'"{code}"' not in sources] == []


def test_no_problem_has_a_code_that_is_not_listed():
    used = {line.split()[1] for case in CASES for line in case["expect"]}
    assert {code for code in used if code.startswith("inventory.")} <= set(CODES)


def test_problems_come_in_the_order_of_files_and_lines():
    files = with_files(dict.fromkeys(("inventory/vendors.yml", "inventory/city.yml"), "x: [\n"))
    assert [found.path for found in problems_of(files)] == ["inventory/city.yml", "inventory/vendors.yml"]


def test_a_file_in_another_encoding_is_told_with_its_line():
    files = documents() | {"inventory/vendors.yml": "vendors:\n  - id: a\n    title: São\n".encode("latin-1")}
    assert [(found.code, found.line) for found in problems_of(files)] == [("inventory.not-utf8", 3)]


def test_a_byte_order_mark_is_no_problem():
    files = {path: b"\xef\xbb\xbf" + content for path, content in documents().items()}
    assert load().city == load(files).city


def test_windows_line_ends_are_no_problem():
    files = {path: content.replace(b"\n", b"\r\n") for path, content in documents().items()}
    assert load() == load(files)


def test_a_missing_folder_says_how_to_begin(tmp_path):
    assert {problem.code for problem in validate(tmp_path)} == {
        "inventory.no-folder",
        "inventory.no-settings",
    }


def test_a_file_that_cannot_be_opened_is_a_problem_of_its_own(tmp_path):
    write_city(tmp_path)
    (tmp_path / "inventory/zoning.yml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "inventory/parks.yml").mkdir()
    assert [problem.code for problem in validate(tmp_path)] == ["inventory.unreadable"] * 2


def test_a_folder_behind_a_link_is_told_and_what_it_may_declare_is_not_called_unknown(tmp_path):
    write_city(tmp_path)
    (tmp_path / "inventory/series").rename(tmp_path / "elsewhere")
    (tmp_path / "inventory/series").symlink_to(tmp_path / "elsewhere")
    told = [(problem.path, problem.code) for problem in validate(tmp_path)]

    assert told == [("inventory/series", "inventory.unreadable")]


def test_an_inventory_that_may_not_be_listed_is_never_taken_for_an_empty_one(tmp_path, monkeypatch):
    write_city(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory").chmod(0)
    with without_rights():
        told = [(problem.path, problem.code) for problem in validate(Path())]
    (tmp_path / "inventory").chmod(0o755)

    assert told == [("inventory", "inventory.unreadable")]


def test_settings_that_cannot_be_opened_are_not_called_missing(tmp_path):
    write_city(tmp_path)
    (tmp_path / "curtilage.toml").unlink()
    (tmp_path / "curtilage.toml").mkdir()

    assert [problem.code for problem in validate(tmp_path)] == ["inventory.unreadable"]


def test_a_good_city_has_no_problem(tmp_path):
    assert validate(write_city(tmp_path)) == []


def test_hidden_files_and_other_kinds_are_left_alone(tmp_path):
    write_city(tmp_path)
    (tmp_path / "inventory/.draft.yml").write_text("x: [")
    (tmp_path / "inventory/README.md").write_text("x: [")
    assert validate(tmp_path) == []


def test_the_settings_are_told_in_another_encoding_too():
    files = documents() | {"curtilage.toml": b'name = "S\xe3o"'}
    assert [problem.code for problem in problems_of(files)] == ["inventory.not-utf8"]
