from datetime import UTC, datetime
from pathlib import Path

import pytest

from curtilage.connectors.ports import Limits
from curtilage.survey.observe import HowToLook, observe
from curtilage.survey.sweep import Target

NOON = datetime(2017, 2, 22, 12, tzinfo=UTC)


class StoppedClock:
    def now(self):
        return NOON

    def today(self, zone):
        return NOON.date()


HOW = HowToLook("tests.survey.assemblies:tools", StoppedClock(), Limits(), jobs=1)


@pytest.fixture
def city(tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "intake.ask").write_text("ask citizenship\nask shoe_size\n")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "people.ask").write_text("ask birthplace\n")
    return tmp_path


def test_every_place_is_kept_whether_recognised_or_not(city):
    seen = observe([Target("forms", base=str(city))], HOW)

    assert [each.place.name for each in seen.observed] == ["citizenship", "shoe_size"]
    assert (seen.taken, seen.tally.files, seen.tally.places) == (NOON, 1, 2)


def test_sources_are_named_from_the_citys_folder(city):
    seen = observe([Target("forms/intake.ask", base=str(city)), Target("exports/*.ask", base=str(city))], HOW)

    assert [each.place.source for each in seen.observed] == ["forms/intake.ask"] * 2 + ["exports/people.ask"]


def test_an_absolute_path_keeps_its_name(city):
    path = str(city / "forms" / "intake.ask")

    assert observe([Target(path, base="/elsewhere")], HOW).observed[0].place.source == path


def test_a_system_is_known_by_its_id(city):
    targets = [
        Target("postgresql://db/housing", system="housing_db"),
        Target("exports", base=str(city), system="old"),
    ]
    seen = observe(targets, HOW)

    assert [(each.system, each.place.name) for each in seen.observed] == [
        ("housing_db", "birthplace"),
        ("housing_db", "people.id"),
        ("old", "birthplace"),
    ]
    assert seen.systems == ("housing_db", "old")


def test_a_system_that_does_not_answer_is_silent_and_the_rest_goes_on(city):
    targets = [
        Target("postgresql://ana:canary-7391@silent/x", system="archive_db"),
        Target("databases/gone.db", base=str(city), system="gone_db"),
        Target("forms", base=str(city)),
    ]
    seen = observe(targets, HOW)

    assert seen.silent == (
        ("archive_db", "The database did not answer. Nothing was read. Try again later."),
        ("gone_db", "There is no such file or folder."),
    )
    assert (len(seen.observed), seen.systems) == (2, ())
    assert "canary" not in repr(seen)


def test_a_form_that_is_missing_is_told(city):
    seen = observe([Target("forms/old.pdf", base=str(city))], HOW)

    assert [(told.source, told.reason) for told in seen.passed_over] == [("forms/old.pdf", "missing")]


def test_a_system_whose_file_holds_nothing_readable_is_silent(city):
    (city / "exports" / "people.ask").unlink()
    seen = observe([Target("exports", base=str(city), system="old")], HOW)

    assert seen.silent == (("old", "Nothing there can be read."),)


def test_a_form_and_a_system_may_be_the_same_file(city):
    form = Target("forms/intake.ask", base=str(city))
    seen = observe([form, Target(form.what, base=form.base, system="forms_db")], HOW)

    assert [each.system for each in seen.observed] == ["", "", "forms_db", "forms_db"]
    assert Path(seen.observed[0].place.source) == Path("forms/intake.ask")
