"""Shapes are small, bounded regular expressions; what they say is what Python's own say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values.shapes import ShapeError, firsts, parse_shape, span, to_regex


@pytest.mark.parametrize(
    ("shape", "fits", "fits_not"),
    [
        (r"A[-# ]{0,2}\d{9}", ["A012345678", "a# 012345678"], ["A01234567", "B012345678"]),
        (r"\d{3}_\d{2}_\d{4}", ["123-45-6789", "123456789", "123 45.6789"], ["123/45/6789"]),
        (r"(EAC|IOE)\d{2}", ["EAC12", "ioe99"], ["EAX12"]),
        (r"A\o{3}", ["AO1l", "a|23"], ["AZ12"]),
        (r"1\.5\_x", ["1.5_x"], ["1x5_x"]),
        (r"P<[A-Z<]{3}", ["P<UTO", "p<d<<"], ["P UTO"]),
        (r"1[\n ]2", ["1\n2", "1 2"], ["1-2"]),
    ],
)
def test_a_shape_fits_what_it_says(shape, fits, fits_not):
    regex = re.compile(to_regex(parse_shape(shape)))
    assert all(regex.fullmatch(text.encode()) for text in fits)
    assert not any(regex.fullmatch(text.encode()) for text in fits_not)


def test_a_cased_shape_fits_its_own_case_alone():
    regex = re.compile(to_regex(parse_shape("[A-C]x1", cased=True)))
    assert regex.fullmatch(b"Ax1")
    assert not regex.fullmatch(b"ax1")
    assert not regex.fullmatch(b"AX1")


@pytest.mark.parametrize(
    "shape",
    ["", "a*", "a+", "(ab", "ab)", "a{3,1}", "a{x}", "[]", r"\w", "-1", r"\d{97}", "a?", "é", "a\\", "[a"],
)
def test_what_is_not_in_the_language_is_refused(shape):
    with pytest.raises(ShapeError):
        parse_shape(shape)


_pieces = st.sampled_from([r"\d", r"\o", "A", "_", "[A-C9]", "(A|BC)", r"\d{2,3}", "Z?"])


@given(st.lists(_pieces, min_size=1, max_size=6), st.text("0123456789ABCOIl|-. ", max_size=14))
def test_bounds_and_first_bytes_hold_of_whatever_fits(pieces, text):
    shape = parse_shape("A" + "".join(pieces))
    least, most = span(shape)
    if re.fullmatch(to_regex(shape), b"A" + text.encode()):
        assert least <= len(text) + 1 <= most
        assert ord("A") in firsts(shape)
