"""What purposes in access logs are about: cases that counsel can read and extend."""

from pathlib import Path

import pytest
import yaml

from curtilage.sharing.nouns import MASKED, NONE_GIVEN, NOT_RECORDED, OTHER
from curtilage.sharing.reasons import ReasonReader, compile_pattern, load_headings, load_reasons

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/sharing/reasons.yml").read_text("utf-8"))
LISTED = [(reason, text) for reason, texts in CASES.items() for text in texts]


@pytest.mark.parametrize(("reason", "text"), LISTED)
def test_a_purpose_is_read_as_its_reason(reason, text):
    assert ReasonReader().read(text) == reason


def test_every_reason_has_a_case():
    assert set(load_reasons()) | {OTHER, NONE_GIVEN, MASKED} == set(CASES)


def test_a_log_without_purposes_says_so():
    assert ReasonReader().read(None) == NOT_RECORDED


def test_what_a_practice_declares_is_counted_under_its_own_words():
    reader = ReasonReader(["yearly count", "audit *"])

    assert [reader.read("Yearly  COUNT"), reader.read("audit of may"), reader.read("the audit")] == [
        "yearly count",
        "audit *",
        "training-or-test",
    ]


def test_words_of_a_practice_do_not_hide_a_grave_reason():
    assert ReasonReader(["*"]).read("assist ICE with removal order") == "civil-immigration"


def test_a_pattern_without_a_star_is_the_whole_text():
    assert not compile_pattern("PD").fullmatch("Northfield PD")


def test_signs_of_patterns_mean_themselves():
    assert compile_pattern("A.B (C)").fullmatch("a.b (c)")
    assert not compile_pattern("A.B").fullmatch("AXB")


def test_headings_of_people_are_never_those_of_bodies():
    headings = load_headings()

    assert not headings.never & {*headings.recipient, *headings.purpose, *headings.moment}
