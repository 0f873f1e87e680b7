"""Names of columns and keys: however people write several words in one."""

from __future__ import annotations

import pytest

from curtilage.detection.classifier import Classifier, Field
from curtilage.detection.words import name_words


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.mark.parametrize(
    "name",
    [
        "country_of_birth",
        "CountryOfBirth",
        "COUNTRYOFBIRTH",
        "countryofbirth",
        "applicants.birth_cntry",
        "applicant1_birthCountry",
        "partnerA_birthCountry_2",
        "people[0].country-of-birth",
        "brth_cntry_cd",
        "persons[2].birthCountry[1]",
    ],
)
def test_one_name_in_all_its_spellings(classifier: Classifier, name: str) -> None:
    assert "country_of_birth" in classifier.classify(Field(name=name)).categories


@pytest.mark.parametrize(
    ("name", "reason"),
    [("grau_escolaridade", "grau de escolaridade"), ("tipo_vivienda", "tipo de la vivienda")],
)
def test_little_words_may_be_left_out_of_a_name(classifier: Classifier, name: str, reason: str) -> None:
    (match,) = classifier.classify(Field(name=name)).matches

    assert f"name:{reason}" in match.reasons


def test_capitals_that_are_initials_stay_together() -> None:
    assert name_words("applicantSSNNumber") == (["applicant", "ssn", "number"], 0)


def test_the_column_is_told_from_its_table() -> None:
    assert name_words("immigration.documents.expiry_date") == (
        ["immigration", "documents", "expiry", "date"],
        2,
    )


def test_keys_of_translations_name_the_part_before_their_role() -> None:
    assert name_words("form.placeOfBirth.label") == (["form", "place", "of", "birth", "label"], 1)


def test_a_table_of_documents_tells_of_its_columns(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="passport.country")).reveals.value == "strong"


def test_a_table_about_status_does_not_make_status_of_a_number(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="citizenship_info.ssn")).reveals.value == "weak"


def test_a_list_of_codes_holds_nobody(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="ethnicity.ethnicity_code")).categories == ()


def test_words_inside_other_words_are_not_found(classifier: Classifier) -> None:
    names = (
        "combination",
        "carnation_id",
        "denomination",
        "trace",
        "slanguage",
        "alienation_flag",
        "visalia_office",
    )
    assert [classifier.classify(Field(name=name)).reveals.value for name in names] == ["none"] * len(names)


def test_a_few_letters_nobody_knows_do_not_hide_a_long_word(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="DEMOGRAPHICS.PRILANGUAGEREAD")).categories == ("language",)
