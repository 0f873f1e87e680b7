"""The example city: built whole or not at all, the same for a seed, with planted problems of every kind."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner

from curtilage.cli.main import curtilage
from curtilage.demo.build import BEGUN, build_city, is_example, remove_city
from curtilage.demo.residents import make_residents
from curtilage.disclosure import checks as requests
from curtilage.foundation.errors import UsageError
from curtilage.safeguards.run import list_rules

TODAY = date(2017, 2, 22)
#: Rules that a city which was just surveyed cannot break, and those that only months of a ledger show.
NOT_PLANTED = {
    "survey.never-looked",
    "survey.too-old",
    "retention.destroyed-early",
    "retention.gone-without-a-plan",
    "retention.worker-failed",
    "retention.worker-silent",
    *(rule.code for rule in requests.RULES),  # a case that waits for days, or a set of rules that changed
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "rivermark"
    done = CliRunner().invoke(curtilage, ["demo", str(folder), "--residents", "50"], standalone_mode=False)
    assert done.exception is None, done.output
    return folder, done.output


def test_every_rule_finds_something_in_the_example_city(city):
    folder, _ = city
    done = CliRunner().invoke(
        curtilage, ["check", "--city", str(folder), "--format", "jsonl", "-q"], standalone_mode=False
    )
    found = {json.loads(line)["code"] for line in done.output.splitlines()}

    assert {rule.code for rule in list_rules()} - found - NOT_PLANTED == set()


def test_the_page_of_text_says_what_to_do_first(city):
    _, said = city

    assert "What to do first" in said
    assert "report.html" in said


def test_the_page_of_text_says_what_went_and_that_its_certificate_holds(city):
    folder, said = city
    words = " ".join(said.split())

    assert "1 of them is held for an open request for records and stays." in words
    assert "holds against a checkpoint that somebody else keeps." in words
    assert {"certificate.json", "certificate.html"} <= {path.name for path in folder.iterdir()}


def test_the_page_of_text_says_what_only_the_cells_told(city):
    _, said = city
    words = " ".join(said.split())

    assert "What only the cells told" in words
    assert (
        "housing_db.applicants.phone is declared as phone; 1 of 50 cells hold alien number (direct)." in words
    )


def test_what_was_typed_where_nobody_expects_it_is_found_and_not_repeated(city):
    folder, said = city
    texts = [said, (folder / "report.html").read_text()]
    texts += [path.read_text() for path in (folder / ".curtilage").rglob("*.jsonl")]

    assert not [
        words for words in ("A# 000", "4111 1111", "-71-0000", "no papers") for text in texts if words in text
    ]


def test_no_value_of_a_resident_is_in_what_the_demo_wrote_or_said(city):
    folder, said = city
    built = date.fromisoformat(json.loads((folder / ".example-city.json").read_text())["built"])
    people = list(make_residents(50, 2017, built))
    canaries = {value for one in people for value in (one.name, one.email, one.address)}
    written = [folder / "report.html", *(folder / ".curtilage").rglob("*.jsonl")]
    texts = [said, *(path.read_text() for path in written)]

    assert not [canary for canary in canaries for text in texts if canary in text]


def test_a_second_run_looks_again_at_what_is_there(city):
    folder, _ = city
    (folder / "inventory" / "practices.yml").write_text("practices: []\n")
    done = CliRunner().invoke(curtilage, ["demo", str(folder)], standalone_mode=False)

    assert "is there already" in done.output
    assert (folder / "inventory" / "practices.yml").read_text() == "practices: []\n"


def test_the_same_seed_gives_the_same_city(tmp_path):
    for name in ("one", "two"):
        build_city(tmp_path / name, residents=20, seed=7, today=TODAY)

    assert dump(tmp_path / "one") == dump(tmp_path / "two")


def dump(folder):
    files = {path.name: path.read_bytes() for path in (folder / "inventory").rglob("*.yml")}
    with closing(sqlite3.connect(folder / "databases" / "housing.db")) as database:
        files["housing"] = "\n".join(database.iterdump())
    return files


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(UsageError, match="is not empty"):
        build_city(tmp_path, residents=5, seed=1, today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_missing_library_is_told_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("curtilage.demo.build.NEEDED", ("docx", "no_such_library"))

    with pytest.raises(UsageError, match=r"no_such_library.*pip install 'curtilage\[demo\]'"):
        build_city(tmp_path / "city", residents=5, seed=1, today=TODAY)
    assert not (tmp_path / "city").exists()


def test_only_an_example_city_is_removed(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(UsageError, match="no example city"):
        remove_city(tmp_path)
    assert (tmp_path / "mine.txt").exists()


def test_a_city_that_was_not_built_to_its_end_is_known_as_such(tmp_path):
    build_city(tmp_path / "city", residents=5, seed=1, today=TODAY)
    (tmp_path / "city" / ".example-city.json").unlink()

    assert not is_example(tmp_path / "city")


def test_half_a_city_may_be_removed_to_begin_anew(tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / BEGUN).touch()
    remove_city(tmp_path / "city")

    assert not (tmp_path / "city").exists()


def test_half_a_city_is_not_removed_unasked(tmp_path):
    (tmp_path / BEGUN).touch()
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(UsageError, match=r"Nothing was removed.*--again"):
        build_city(tmp_path, residents=5, seed=1, today=TODAY)
    assert (tmp_path / "mine.txt").exists()


def test_numbers_of_residents_are_never_issued_ones():
    for resident in make_residents(200, 1, TODAY):
        assert resident.ssn == "" or resident.ssn.startswith("000-")
        assert "555-01" in resident.phone


@pytest.mark.parametrize("count", [0, -3, 1_000_001])
def test_a_number_of_residents_that_cannot_be_is_refused(count):
    with pytest.raises(UsageError, match="Nothing was written"):
        list(make_residents(count, 1, TODAY))
