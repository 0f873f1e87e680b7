"""Names of columns and keys, as many databases write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from curtilage.detection.classifier import Classifier, Field

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "detection" / "columns.yml").read_text("utf-8")
)
SINGLES_OUT = (
    "alien_number citizenship consular_or_foreign_id country_of_birth i94 immigration_status itin nationality "
    "no_ssn_reason passport place_of_birth sevis uscis_receipt visa"
).split()


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.mark.parametrize("category", CASES["holds"])
def test_columns_hold_what_their_names_say(classifier: Classifier, category: str) -> None:
    names = CASES["holds"][category]
    assert [name for name in names if category not in classifier.classify(Field(name=name)).categories] == []


@pytest.mark.parametrize("category", SINGLES_OUT)
def test_columns_of_status_and_origin_single_people_out(classifier: Classifier, category: str) -> None:
    names = CASES["holds"][category]
    assert [name for name in names if classifier.classify(Field(name=name)).reveals.rank < 2] == []


def test_columns_that_look_so_tell_of_nobody(classifier: Classifier) -> None:
    assert [name for name in CASES["nobody"] if classifier.classify(Field(name=name)).reveals.rank > 1] == []


@pytest.mark.parametrize(
    "name", ["nationality.name", "visa_type.notes", "ethnicity_lookup.code", "genders.name"]
)
def test_a_list_of_what_may_be_chosen_holds_nobody(classifier: Classifier, name: str) -> None:
    assert classifier.classify(Field(name=name)).categories == ()


@pytest.mark.parametrize("name", ["visits.student_id", "id_paciente", "orders.client_id", "employee_id"])
def test_a_key_that_points_at_somebody_holds_nothing(classifier: Classifier, name: str) -> None:
    assert classifier.classify(Field(name=name)).categories == ()


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("nacionalid", "nationality"),
        ("discap_tipo", "disability"),
        ("lastpermanentcity", "address"),
        ("HausNr", "address"),
        ("voterid", "other_government_id"),
    ],
)
def test_words_broken_off_or_joined_are_read(classifier: Classifier, name: str, category: str) -> None:
    assert category in classifier.classify(Field(name=name)).categories


@pytest.mark.parametrize("name", ["client.first_language", "employee.number_of_children", "employee.id_card"])
def test_a_table_does_not_take_the_beginning_of_its_column(classifier: Classifier, name: str) -> None:
    assert not {"given_name", "employment"} & set(classifier.classify(Field(name=name)).categories)
