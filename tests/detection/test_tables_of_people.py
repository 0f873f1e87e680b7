"""A table's name tells of status only where its column needs it."""

import pytest

from curtilage.detection.classifier import Classifier, Field


@pytest.fixture(scope="module")
def classifier():
    return Classifier()


@pytest.mark.parametrize(
    "column", ["name", "photo", "street_name", "user_id", "created_at", "password_digest"]
)
def test_a_plain_column_of_a_table_of_refugees_tells_nothing_of_status(classifier, column):
    assert classifier.classify(Field(name=f"refugees.{column}")).reveals.rank < 2


@pytest.mark.parametrize(
    "name",
    ["ImmigrationStatus.DateEntered", "passports.expiry", "visa.type", "PlaceBorn.City", "citizenship.code"],
)
def test_a_column_that_says_nothing_itself_is_what_its_table_is_about(classifier, name):
    assert classifier.classify(Field(name=name)).reveals.rank >= 2


def test_a_label_under_a_key_of_status_still_counts_for_it(classifier):
    seen = classifier.classify(Field(name="immigration_status.youth_scheme", text="Youth scheme"))
    assert str(seen.reveals) == "direct"


@pytest.mark.parametrize("name", ["refugees.id", "families.id", "patient.id", "passport.id"])
def test_a_key_is_not_what_its_table_holds(classifier, name):
    assert classifier.classify(Field(name=name)).categories == ()


def test_a_label_that_speaks_needs_no_class(classifier):
    assert classifier.classify(Field(name="PortHealthInfo.seatNumber", text="Seat number")).categories == ()


def test_a_question_about_a_mistake_is_a_question(classifier):
    seen = classifier.classify(Field(name="birth-place-error", text="What is your correct place of birth?"))
    assert "place_of_birth" in seen.categories


@pytest.mark.parametrize("name", ["errors.nationality", "nationality.blank", "nationality-error-message"])
def test_what_is_said_of_a_mistake_is_none(classifier, name):
    assert classifier.classify(Field(name=name, text="Select your nationality")).categories == ()
