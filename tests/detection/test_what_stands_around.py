"""What explains a label, the question of a screen, and the table: when they speak for a field."""

from __future__ import annotations

import pytest

from curtilage.detection.classifier import Classifier, Field


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


def test_help_behind_a_dash_adds_nothing_to_a_label_that_speaks(classifier: Classifier) -> None:
    verdict = classifier.classify(Field(text="Date of birth — We never send it by email.", lang="en"))
    assert verdict.categories == ("date_of_birth",)


def test_help_behind_a_dash_speaks_for_a_label_that_says_nothing(classifier: Classifier) -> None:
    verdict = classifier.classify(Field(text="Part 3 — Enter your date of birth", lang="en"))
    assert verdict.categories == ("date_of_birth",)


def test_the_question_of_a_screen_adds_nothing_to_a_label_that_speaks(classifier: Classifier) -> None:
    verdict = classifier.classify(Field(text="First name ‹Q: What is your full name?›", lang="en"))
    assert verdict.categories == ("given_name",)


def test_a_table_speaks_for_a_column_that_is_called_amount(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="expenses.amount")).categories == ("income",)


def test_a_table_of_applications_makes_no_benefit_of_a_time_stamp(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="medicaid_applications.created_at")).categories == ()


def test_short_foreign_words_count_only_in_their_language(classifier: Classifier) -> None:
    assert "income" in classifier.classify(Field(text="Nợ", lang="vi")).categories
    assert classifier.classify(Field(text="No", lang="en")).categories == ()


def test_a_shy_phrase_steps_back_before_a_plain_one(classifier: Classifier) -> None:
    verdict = classifier.classify(Field(text="Child's first name", lang="en"))
    assert verdict.categories == ("given_name",)
    assert classifier.classify(Field(text="Child", lang="en")).categories == ("household",)


def test_a_longer_ordinary_phrase_does_not_silence_a_shorter_one(classifier: Classifier) -> None:
    verdict = classifier.classify(Field(text="Does she have medical benefits from another state?", lang="en"))
    assert {"health", "public_benefits"} <= set(verdict.categories)


def test_an_agency_s_address_is_nobody_s(classifier: Classifier) -> None:
    assert classifier.classify(Field(name="agencies.street_address")).categories == ()
    assert classifier.classify(Field(name="tenants.street_address")).categories == ("address",)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("Male", "Female"), ("sex",)),
        (("Male", "Female", "Non-binary"), ("gender_identity", "sex")),
    ],
)
def test_gender_with_two_answers_is_the_sex(
    classifier: Classifier, options: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    verdict = classifier.classify(Field(text="Gender", options=options, lang="en"))
    assert tuple(sorted(verdict.categories)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("dateofbirth", "date_of_birth"), ("streetnumber", "address"), ("bankaccount", "financial_account")],
)
def test_a_name_run_together_is_read_although_rules_know_how_it_begins(
    classifier: Classifier, name: str, expected: str
) -> None:
    assert classifier.classify(Field(name=name)).categories == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"), [("Edad", ("age",)), ("Sexo:", ("sex",)), ("Tuổi", ("age",)), ("No", ())]
)
def test_a_short_word_alone_needs_no_language(
    classifier: Classifier, text: str, expected: tuple[str, ...]
) -> None:
    assert classifier.classify(Field(text=text)).categories == expected
