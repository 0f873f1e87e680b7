import dataclasses
import tomllib
from pathlib import Path

import pytest

from curtilage.inventory import vocabulary
from curtilage.inventory.nouns import Reveals
from curtilage.inventory.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
CATEGORIES = list(load_vocabulary().values())
EXPECTED = [
    "immigration_status",
    "citizenship",
    "nationality",
    "country_of_birth",
    "place_of_birth",
    "alien_number",
    "uscis_receipt",
    "passport",
    "visa",
    "i94",
    "sevis",
    "consular_or_foreign_id",
    "ssn",
    "itin",
    "no_ssn_reason",
    "drivers_license",
    "state_id",
    "other_government_id",
    "date_of_birth",
    "age",
    "full_name",
    "given_name",
    "family_name",
    "address",
    "phone",
    "email",
    "language",
    "interpreter_need",
    "race",
    "ethnicity",
    "tribal",
    "religion",
    "sex",
    "gender_identity",
    "sexual_orientation",
    "marital_status",
    "disability",
    "health",
    "pregnancy",
    "criminal_history",
    "victim_status",
    "public_benefits",
    "income",
    "employment",
    "education",
    "household",
    "financial_account",
    "biometric",
    "photo",
    "vehicle_plate",
    "geolocation",
    "ip_or_device",
    "veteran_status",
    "political",
    "union",
    "signature",
    "free_text",
]
# Terms of the personal data extension of DPV 2.2 that we use, as its own CSV spells them.
DPV_TERMS = [
    "Age",
    "BirthCountry",
    "BirthDate",
    "BirthPlace",
    "Biometric",
    "Citizenship",
    "Criminal",
    "CurrentEmployment",
    "Disability",
    "Education",
    "EmailAddress",
    "Ethnicity",
    "Family",
    "FinancialAccount",
    "FinancialStatus",
    "GPSCoordinate",
    "Gender",
    "Health",
    "IPAddress",
    "Income",
    "Language",
    "MaritalStatus",
    "Name",
    "Nationality",
    "OfficialID",
    "Passport",
    "PhysicalAddress",
    "Picture",
    "PoliticalOpinion",
    "Race",
    "Religion",
    "SexualPreference",
    "Tax",
    "TelephoneNumber",
    "TradeUnionMembership",
    "VehicalLicenseNumber",
]


def test_the_vocabulary_is_the_one_that_was_agreed():
    assert [category.id for category in CATEGORIES] == EXPECTED


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.id)
def test_a_category_is_named_in_six_languages_defined_and_sourced(category):
    assert tuple(language for language, _ in category.labels) == vocabulary.LANGUAGES
    assert all(text == text.strip() != "" for _, text in category.labels)
    assert category.definition.endswith(".")
    assert category.citations


def test_every_citation_is_a_known_source():
    known = tomllib.loads((ROOT / "docs/sources.toml").read_text(encoding="utf-8"))
    cited = {key for category in CATEGORIES for key in category.citations}

    assert cited - set(known) == set()


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
def test_no_two_categories_share_a_label(language):
    labels = [vocabulary.label(category, language) for category in CATEGORIES]

    assert len(set(labels)) == len(labels)


def test_dpv_terms_exist_in_dpv():
    used = {category.dpv for category in CATEGORIES if category.dpv}

    assert used <= {vocabulary.DPV_PERSONAL_DATA + name for name in DPV_TERMS}


def test_a_category_that_dpv_lacks_is_published_under_its_own_name():
    assert vocabulary.term(load_vocabulary()["veteran_status"]) == "urn:curtilage:category:veteran_status"
    assert vocabulary.term(load_vocabulary()["citizenship"]) == "https://w3id.org/dpv/pd#Citizenship"


def test_whatever_states_status_is_status_information_and_nothing_else_is():
    stating = {category.id for category in CATEGORIES if category.reveals is Reveals.DIRECT}

    assert stating == {category.id for category in CATEGORIES if category.status_information}


def test_what_locates_a_person_never_counts_as_status():
    assert [c.id for c in CATEGORIES if c.locator_information and c.status_information] == []
    assert load_vocabulary()["address"].locator_information


@pytest.mark.parametrize(
    ("asked", "said"),
    [("zh-Hant-TW", "护照"), ("ES", "Pasaporte"), ("xx", "Passport"), ("", "Passport"), ("ht", "Paspò")],
)
def test_a_label_falls_back_to_the_language_and_then_to_english(asked, said):
    assert vocabulary.label(load_vocabulary()["passport"], asked) == said


def test_a_category_without_a_label_is_called_by_its_id():
    bare = dataclasses.replace(load_vocabulary()["passport"], labels=())

    assert vocabulary.label(bare, "es") == "passport"


def test_the_shared_vocabulary_cannot_be_changed():
    with pytest.raises(TypeError):
        load_vocabulary()["ssn"] = None
