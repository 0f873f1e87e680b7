"""Identifiers among each other and among what looks like them: harmless cells, specimens, spellings."""

from pathlib import Path
from string import ascii_uppercase, digits

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.values import rules
from curtilage.detection.values.reference import Finder
from curtilage.inventory.nouns import Reveals

HARMLESS = yaml.safe_load(Path("tests/cases/values/harmless.yml").read_text("utf-8"))
calmly = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(rules.load())


def found_in(finder: Finder, text: str) -> set[str]:
    return {finder.rules.rules[hit.rule].id for hit in finder.find(text.encode())}


@pytest.mark.parametrize("kind", HARMLESS, ids=lambda kind: kind["what"])
def test_what_only_looks_like_papers_tells_nothing(kind, finder):
    telling = {rule.id for rule in finder.rules.rules if rule.category and rule.reveals >= Reveals.STRONG}
    told = {cell: found_in(finder, cell) & telling for cell in kind["cells"]}
    assert not {cell: found for cell, found in told.items() if found}


def check_digit(text: str) -> str:
    """Return the check digit of ICAO Doc 9303, part 3, 4.9."""
    values = dict(zip(digits + ascii_uppercase, range(36), strict=True))
    return str(sum(values.get(letter, 0) * (7, 3, 1)[at % 3] for at, letter in enumerate(text)) % 10)


def passport(number: str, country: str, born: str, until: str, personal: str) -> str:
    line = f"{number}{check_digit(number)}{country}{born}{check_digit(born)}F{until}{check_digit(until)}"
    line += personal + check_digit(personal)
    return line + check_digit(line[:10] + line[13:20] + line[21:])


def card(number: str, country: str, born: str, until: str) -> tuple[str, str]:
    first = f"I<{country}{number}{check_digit(number)}".ljust(30, "<")
    second = f"{born}{check_digit(born)}F{until}{check_digit(until)}{country}" + "<" * 11
    return first, second + check_digit(first[5:] + second[:7] + second[8:15] + second[18:])


NUMBERS = st.from_regex("[A-Z][A-Z0-9]{6}[A-Z0-9<]{2}", fullmatch=True)
COUNTRIES = st.from_regex("[A-Z]{3}", fullmatch=True)
DAYS = st.from_regex("[0-9]{6}", fullmatch=True)


@calmly
@given(
    number=NUMBERS,
    country=COUNTRIES,
    born=DAYS,
    until=DAYS,
    personal=st.from_regex("[A-Z0-9<]{14}", fullmatch=True),
)
def test_a_passport_s_second_line_is_recognised_whatever_it_holds(
    finder, number, country, born, until, personal
):
    line = passport(number, country, born, until, personal)
    assert "mrz_passport" in found_in(finder, line)
    assert "mrz_passport" in found_in(finder, f"P<{country}DOE<<JANE".ljust(44, "<") + "\n" + line)


@calmly
@given(
    number=NUMBERS,
    country=COUNTRIES,
    born=DAYS,
    until=DAYS,
    at=st.sampled_from([9, 19, 27, 43]),
    other=st.integers(1, 9),
)
def test_a_passport_with_a_wrong_check_digit_is_not_taken_for_one(
    finder, number, country, born, until, at, other
):
    line = passport(number, country, born, until, "<" * 14)
    wrong = line[:at] + str((int(line[at]) + other) % 10) + line[at + 1 :]
    assert "mrz_passport" not in found_in(finder, wrong)


@calmly
@given(
    number=NUMBERS.filter(lambda text: "<" not in text),
    country=COUNTRIES.filter(lambda text: text != "USA"),
    born=DAYS,
    until=DAYS,
)
def test_both_lines_of_an_identity_card_are_recognised(finder, number, country, born, until):
    found = found_in(finder, "\n".join(card(number, country, born, until)))
    assert {"mrz_card_first_line", "mrz_card_second_line"} <= found


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "mrz_passport"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "mrz_passport_names"),
        ("I<UTOD231458907<<<<<<<<<<<<<<<", "mrz_card_first_line"),
        ("7408122F1204159UTO<<<<<<<<<<<6", "mrz_card_second_line"),
        ("D231458907UTO7408122F1204159<<<<<<<6", "mrz_card_two_lines"),
        ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "mrz_visa_names"),
        ("L8988901C4XXX4009078F96121096ZE184226B<<<<<<", "mrz_visa"),
    ],
)
def test_the_specimens_of_the_standard_are_recognised(line, rule, finder):
    assert found_in(finder, line) == {rule}


@calmly
@given(
    number=st.integers(10_000_000, 299_999_998),
    style=st.sampled_from(["A{}", "A-{}", "A#{}", "A# {}", "a{}"]),
)
def test_an_a_number_is_recognised_padded_to_nine_digits(finder, number, style):
    written = style.format(f"{number:09}")
    found = found_in(finder, f"Her number is {written}, she says.")
    assert found <= {"alien_number", "alien_number_marked"}
    assert found or len(set(f"{number:09}")) == 1


@calmly
@given(
    number=st.integers(1_000_000, 99_999_998),
    between=st.sampled_from(["-", " ", "\u00a0", "–", ".", "\u2011"]),
)
def test_an_a_number_is_recognised_however_its_groups_are_joined(finder, number, between):
    padded = f"{number:09}"
    written = between.join((padded[:3], padded[3:6], padded[6:]))
    assert "alien_number" in found_in(finder, f"A{written}")


@calmly
@given(number=st.from_regex("[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True))
def test_each_number_in_the_form_of_an_ssn_is_of_one_kind(finder, number):
    kinds = {"ssn", "itin", "atin", "irsn", "ssn_placeholder"}
    kinds |= {"ssn_never_issued", "ssn_zero_group", "ssn_zero_serial", "ssn_nine_unassigned"}
    assert len(found_in(finder, f"SSN {number}") & kinds) == 1
