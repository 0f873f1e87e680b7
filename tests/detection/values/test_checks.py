"""Check digits, ranges and dates: known specimens hold, changed ones do not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values.checks import Check, holds

MRZ = {"take": [*range(9)], "weights": [7, 3, 1] * 3, "mod": 10, "expect": "0123456789", "at": 9}


def check(name, **asked):
    return msgspec.convert({"check": name, **asked}, Check)


def ok(one, text):
    return holds(one, text, text.encode())


@pytest.mark.parametrize(
    ("one", "good", "bad"),
    [
        (check("in", at=0, length=3, ranges=[[1, 665], [667, 899]]), "123", "666"),
        (check("in", at=-2, length=2, ranges=[[50, 65]]), "X55", "X66"),
        (check("in", at=0, length=3, ranges=[[0, 999]]), "123", "12"),
        (check("out", at=0, length=2, ranges=[[0, 0]]), "01", "00"),
        (check("out", at=0, length=2, ranges=[[0, 0]]), "01", "AB"),
        (check("one_of", at=1, length=2, of=["AS", "NE"]), "XNE", "XNX"),
        (check("none_of", at=0, length=1, of=["9"]), "8", "9"),
        (check("none_of", at=5, length=1, of=["9"]), "123456", "12345"),
        (check("date", at=1, order="yymmdd"), "X040229", "X040230"),
        (check("date", at=0, order="ddmmyy"), "310199", "310299"),
        (check("date", at=0, order="yyyymmdd"), "20040229", "20050229"),
        (check("date", at=-8, order="mmddyyyy"), "A12311999", "A13311999"),
        (check("sum", **MRZ), "L898902C36", "L898902C37"),  # the specimen of ICAO 9303
        (check("sum", take=[0, 9], weights=[1, 5], mod=7, residues=[1, 2]), "1", "5"),
        (check("sum", take=[0, 1], weights=[2, 1], fold=True, mod=10, residues=[0]), "91", "92"),
        (check("remainder", **{"from": 0}, length=8, mod=23, expect="TRWAGMYFPDXBNJZSQVHLCKE", at=8),
         "12345678Z", "12345678A"),
        (check("remainder", **{"from": 1}, length=7, prefix="XYZ", mod=23, expect="TRWAGMYFPDXBNJZSQVHLCKE", at=8),
         "X0000000T", "Y0000000T"),
        (check("luhn"), "79927398713", "79927398710"),
        (check("verhoeff"), "2363", "2364"),
        (check("mod97"), "GB82WEST12345698765432", "GB82WEST12345698765431"),
        (check("varied"), "121212", "111111"),
        (check("varied"), "123456780", "123456789"),
        (check("length", of=[8, 9]), "12345678", "1234567"),
    ],
)  # fmt: skip
def test_a_specimen_holds_and_a_changed_one_does_not(one, good, bad):
    assert ok(one, good)
    assert not ok(one, bad)


@pytest.mark.parametrize(
    ("order", "written", "real"),
    [
        ("mdy", b"2/29/2004", True),
        ("mdy", b"2/29/2005", False),
        ("mdy", b"2-29-05", True),
        ("dmy", b"31.12.1999", True),
        ("dmy", b"12.31.1999", False),
        ("ymd", b"1999-12-31", True),
        ("ymd", b"1999-12", False),
    ],
)
def test_a_date_as_written_is_a_day_of_the_calendar(order, written, real):
    assert holds(check("date", order=order), "", written) == real


CHECKS = [
    check("in", at=-3, length=2, ranges=[[0, 99]]),
    check("one_of", at=3, length=4, of=["ABCD"]),
    check("date", at=2, order="ddmmyyyy"),
    check("date", order="dmy"),
    check("sum", **MRZ),
    check("remainder", **{"from": 1}, length=7, prefix="XYZ", mod=2, expect="AB", at=-1),
    check("luhn"),
    check("verhoeff"),
    check("mod97"),
    check("varied"),
]


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: type(one).__name__)
@given(st.text("0123456789ABXYZ<", max_size=30))
def test_a_check_answers_for_any_text(one, text):
    assert ok(one, text) in (True, False)


@given(st.integers(0, 10**11).map(str), st.integers(0, 9), st.integers(0, 10))
def test_luhn_and_verhoeff_see_every_single_wrong_digit(number, digit, place):
    for one in (check("luhn"), check("verhoeff")):
        valid = next(number + str(last) for last in range(10) if ok(one, number + str(last)))
        at = place % len(valid)
        if valid[at] != str(digit):
            assert not ok(one, valid[:at] + str(digit) + valid[at + 1 :])
