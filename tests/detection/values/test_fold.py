"""A cell's bytes become plain text, and every byte is accounted for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values.fold import BREAK, DROPPED, SIZE, fold, fold_table, fold_with_origins


@pytest.mark.parametrize(
    ("cell", "folded"),
    [
        ("Pasaporte N.º É-12", "Pasaporte N.o E-12"),
        ("A\u00a0012\u2013345\u2212678", "A 012-345-678"),
        ("\uff21\uff10\uff11\uff12 ٣٤", "A012 34"),
        ("“sin papeles”", '"sin papeles"'),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("e\u0301", "e"),
        ("身份證", "身份证"),
        ("đang ở Mỹ", "dang o My"),
        ("ıİ", "iI"),
    ],
)
def test_typography_and_marks_do_not_matter(cell, folded):
    assert fold(cell.encode()).decode() == folded


@pytest.mark.parametrize("cell", [b"\xff1", b"\xe1\x80A", b"\xed\xa0\x80", "\U0001f600x".encode()])
def test_what_is_no_text_becomes_a_break(cell):
    assert BREAK in fold(cell)


def test_each_byte_that_is_no_text_is_one_break():
    assert fold(b"a\xe1\x80\xffb") == b"a\0\0\0b"


@given(st.binary(max_size=200))
def test_any_bytes_can_be_folded_and_each_place_has_its_origin(cell):
    folded, origins = fold_with_origins(cell)
    assert folded == fold(cell)
    assert len(origins) == len(folded) + 1
    assert origins == sorted(origins)
    assert origins[-1] == len(cell)


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text):
    once = fold(text.encode("utf-8", "replace"))
    assert fold(once) == once


@given(st.binary(max_size=60), st.text(max_size=60))
def test_folded_text_is_never_longer_than_its_cell(cell, text):
    assert len(fold(cell)) <= len(cell)
    assert len(fold(text.encode("utf-8", "replace"))) <= len(text.encode("utf-8", "replace"))


def test_whatever_is_not_ascii_after_folding_is_part_of_a_letter():
    kept = {point for point in fold_table() if point not in (DROPPED, BREAK) and point >= 0x80}
    assert all(unicodedata.category(chr(point))[0] in "LM" for point in kept)
    assert len(fold_table()) == SIZE
