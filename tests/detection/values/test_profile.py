"""What a column looks like is told in numbers, from a few of its cells."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values import rules
from curtilage.detection.values.codes import load_lists, plain, read_lists
from curtilage.detection.values.profile import profile_cells
from curtilage.detection.values.reference import Finder
from curtilage.detection.values.sealed import Coat, tell_coat

FINDER = Finder(
    rules.read(
        {
            "few.yml": r"""
source: uscis-forms
contexts:
  routing: {phrases: {en: [routing]}}
rules:
  - {id: routing, title: R, category: financial_account, reveals: none, shapes: ['\d{9}'], near: [routing],
     checks: [{sum: {take: [0, 1, 2, 3, 4, 5, 6, 7, 8], weights: [3, 7, 1, 3, 7, 1, 3, 7, 1], mod: 10, residues: [0]}}]}
  - {id: nine, title: N, category: ssn, reveals: none, shapes: ['\d{9}'], near: [routing]}
"""
        }
    )
)


def profile(*cells: str):
    return profile_cells([(cell.encode(), 1) for cell in cells], FINDER)


def routing_numbers():
    found = (f"{number:08d}" for number in range(10_000_000, 99_999_999, 4_513_211))
    for digits in found:
        total = sum(
            int(digit) * weight for digit, weight in zip(digits, (3, 7, 1, 3, 7, 1, 3, 7), strict=True)
        )
        yield digits + str(-total % 10)


def test_a_check_digit_is_told_from_chance():
    seen = profile(*routing_numbers())
    assert seen.filled["routing"] == seen.tried
    assert seen.by_chance.get("routing", 0) < seen.chances / 2
    assert seen.by_chance["nine"] == seen.chances


def test_the_same_cells_give_the_same_profile():
    assert profile(*routing_numbers()) == profile(*routing_numbers())


def test_a_shape_within_a_cell_does_not_fill_it():
    seen = profile("x 123456789", " 123456780 ")
    assert (seen.shaped["nine"], seen.filled["nine"]) == (2, 1)


def test_blank_cells_are_counted_apart():
    assert (profile("N/A", "", "unknown", "x").blank, profile("N/A", "", "x").tried) == (3, 1)


def test_codes_are_counted_by_list():
    seen = profile("C", "N", "LPR", "lpr", "C")
    assert seen.coded["citizenship_codes"] == 5
    assert seen.telling["citizenship_codes"] == 1


def test_a_column_of_many_different_cells_is_no_column_of_codes():
    assert not profile(*(f"c{number}" for number in range(1000)), "C").coded


def test_the_years_of_a_few_are_not_told():
    assert profile("1950-01-01", "2000-01-01").years == (0, 0)


def test_the_years_between_which_most_cells_lie_are_told():
    early, late = profile(
        *(f"{1940 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}" for number in range(840))
    ).years
    assert 1940 <= early < 1950 < 2000 < late <= 2009


@given(st.lists(st.text(max_size=20), max_size=20))
def test_a_profile_holds_no_cell(cells):
    seen = profile(*(f"canary{cell}7391" for cell in cells))
    assert "canary" not in repr(seen)


KEY = hashlib.sha256(b"a key").digest()


def noise(size: int, seed: int = 0) -> bytes:
    return hashlib.shake_256(KEY + bytes([seed])).digest(size)


@pytest.mark.parametrize(
    ("cell", "coat"),
    [
        (b"Guatemala City", Coat.PLAIN),
        (b"123-45-6789", Coat.PLAIN),
        ("Ciudad de México, méxico".encode(), Coat.PLAIN),
        (b"0123456789012345678901234567", Coat.PLAIN),
        (b"Pneumonoultramicroscopicsilicovolcanoconiosis", Coat.PLAIN),
        (base64.b64encode(b"born in Guatemala"), Coat.ENCODED),
        (b"born in Guatemala".hex().encode(), Coat.ENCODED),
        (base64.b64encode(b"\x1f\x8b" + noise(30)), Coat.ENCODED),
        (hashlib.sha256(b"123456789").hexdigest().encode(), Coat.DIGEST),
        (hashlib.md5(b"123456789").hexdigest().upper().encode(), Coat.DIGEST),
        (base64.b64encode(noise(29)), Coat.CIPHERTEXT),
        (base64.urlsafe_b64encode(noise(60, 2)).rstrip(b"="), Coat.CIPHERTEXT),
        (b"\\x" + noise(41).hex().encode(), Coat.CIPHERTEXT),
        (noise(40, 3), Coat.CIPHERTEXT),
        (b"gAAAAABkSomething", Coat.CIPHERTEXT),
        (b"vault:v1:abc", Coat.CIPHERTEXT),
    ],
)
def test_a_coat_is_told(cell, coat):
    assert tell_coat(cell) is coat


def test_random_bytes_in_base64_are_nearly_always_ciphertext():
    told = [tell_coat(base64.b64encode(noise(28, seed))) for seed in range(200)]
    assert told.count(Coat.CIPHERTEXT) >= 198


@given(st.binary(max_size=80))
def test_any_cell_has_a_coat(cell):
    assert tell_coat(cell) in Coat


@given(st.text(alphabet="abcdefghij éñ,.", min_size=1, max_size=60))
def test_text_in_base64_is_never_ciphertext(text):
    assert tell_coat(base64.b64encode(text.encode())) is not Coat.CIPHERTEXT


def test_the_shipped_lists_can_be_read():
    lists = load_lists()
    assert len({each.id for each in lists.lists}) == len(lists.lists)
    assert all(each.telling for each in lists.lists)


def test_a_telling_value_must_be_one_of_the_values():
    with pytest.raises(ValueError, match="telling"):
        read_lists(
            "source: x\nblank: []\nlists: [{id: a, category: sex, reveals: none, values: [m], telling: [f]}]"
        )


@pytest.mark.parametrize("cell", ["  México. ", "mexico", "MÉXICO"])
def test_codes_are_compared_without_case_accents_and_marks(cell):
    assert plain(cell.encode()) == "mexico"
