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
