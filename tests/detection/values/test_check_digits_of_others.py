"""Our check digits, held against python-stdnum wherever that library is right, with random numbers.

Each test draws all of a number but its end and tries every end, so that both sides say yes and no. Where
the two differ on purpose, the test says so: a library that validates asks "may this exist?", a rule of
ours asks "does this cell hold one?".
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from string import ascii_uppercase, digits
from types import ModuleType
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.ar import cuit
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.cr import cr as dimex
from stdnum.cu import ni
from stdnum.do import cedula
from stdnum.ec import ci
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.il import idnr as teudat_zehut
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp, rfc
from stdnum.pe import cui
from stdnum.pk import cnic
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.ru import inn
from stdnum.sv import nit
from stdnum.tr import tckimlik
from stdnum.ua import rntrc
from stdnum.us import atin, itin, ssn
from stdnum.za import idnr

from curtilage.detection.values import rules
from curtilage.detection.values.nouns import Relations, Rule, Rules
from curtilage.detection.values.reference import Finder

LEAST_DIFFERENT = 2
#: Names that Mexico's registers never write; cells may hold what registers do not.
MEXICAN_WORDS = curp._name_blacklist | rfc._name_blacklist


@cache
def book() -> dict[str, Rule]:
    return {rule.id: rule for rule in rules.load().rules}


@cache
def finder(rule: str) -> Finder:
    """Return what finds this rule alone, whatever stands around."""
    return Finder(Rules((msgspec.structs.replace(book()[rule], asks=Relations(), bars=Relations()),)))


def ours(text: str, *ids: str) -> bool:
    """Tell whether one of our rules takes the whole text."""
    return any(
        (hit.start, hit.end) == (0, len(text)) for rule in ids for hit in finder(rule).shaped(text.encode())
    )


def numbers(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True, alphabet=digits + ascii_uppercase)


#: Days that every year has, so that the century does not matter, and some that are none.
DAYS = st.builds("{:02}{:02}{:02}".format, st.integers(0, 99), st.integers(1, 14), st.integers(0, 28))
REAL_TURNED = st.builds("{:02}{:02}{:02}".format, st.integers(1, 28), st.integers(1, 12), st.integers(0, 99))
REAL_DAYS = st.builds("{:02}{:02}{:02}".format, st.integers(0, 99), st.integers(1, 12), st.integers(1, 28))
NAMES = numbers("[A-Z]{4}").filter(lambda text: text not in MEXICAN_WORDS)
VOWELLED = numbers("[A-Z][AEIOUX][A-Z]{2}").filter(lambda text: text not in MEXICAN_WORDS)


#: Not timed: the first example reads the rules.
calmly = settings(max_examples=30, deadline=None)


class Pair(NamedTuple):
    """Rules of ours and a module that says the same, with numbers to try."""

    ids: tuple[str, ...]
    module: ModuleType
    begins: st.SearchStrategy[str]
    ends: tuple[str, ...] = (digits,)
    write: Callable[[str], str] = str


def dashed(*lengths: int) -> Callable[[str], str]:
    """Return what writes a number in groups of these lengths."""
    starts = [sum(lengths[:at]) for at in range(len(lengths))]
    return lambda text: "-".join(
        text[start : start + size] for start, size in zip(starts, lengths, strict=True)
    )


def unlike(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Leave out what nobody takes for a number: one digit over and over, and what counts up or down."""
    return strategy.filter(lambda text: len(set(text)) > LEAST_DIFFERENT)


SAME = [
    Pair(("br_cpf_by_words",), cpf, unlike(numbers("[0-9]{9}")), (digits, digits)),
    Pair(("br_cpf",), cpf, unlike(numbers("[0-9]{9}")), (digits, digits), dashed(9, 2)),
    Pair(("cl_rut_by_words",), rut, numbers("[0-9]{7,8}"), (digits + "K",)),
    Pair(("pe_dni", "pe_dni_letter"), cui, numbers("[0-9]{8}"), (digits + "ABCDEFGHIJKL",)),
    Pair(("ec_cedula",), ci, numbers("([012][0-9]|30|31|50)[0-9]{7}")),
    Pair(("ar_cuil_by_words",), cuit, numbers("(20|21|23|24|27|29)[0-9]{8}")),
    Pair(("es_nie_or_dni",), nie, numbers("[XYZ][0-9]{7}"), (ascii_uppercase,)),
    Pair(("es_dni",), dni, numbers("[0-9]{8}"), (ascii_uppercase,)),
    # Numbers that read the same backwards are refused by the library; one in a million is.
    Pair(
        ("in_aadhaar",), aadhaar, unlike(numbers("[0-9]{11}").filter(lambda text: text[1:6] != text[:5:-1]))
    ),
    Pair(("in_pan",), pan, numbers("[A-Z]{3}P[A-Z][0-9]{4}"), (ascii_uppercase,)),
    Pair(("ua_rnokpp",), rntrc, unlike(numbers("[0-9]{9}"))),
    Pair(("ru_inn",), inn, unlike(numbers("[0-9]{10}")), (digits, digits)),
    Pair(("tr_kimlik",), tckimlik, numbers("[0-9]{9}"), (digits, digits)),
    Pair(("ca_sin",), sin, numbers("[0-9]{8}")),
    Pair(("il_identity",), teudat_zehut, unlike(numbers("[0-9]{8}"))),
    Pair(("pk_cnic",), cnic, unlike(numbers("[0-9]{12}"))),
    Pair(("cr_dimex",), dimex, numbers("[0-9]{10,11}")),
    Pair(("pl_pesel",), pesel, st.builds("{}{}".format, DAYS, numbers("[0-9]{4}"))),
    Pair(("cu_identity",), ni, st.builds("{}{}".format, DAYS, numbers("[0-9]{4}"))),
    Pair(
        ("za_identity",), idnr, st.builds("{}{}{}".format, DAYS, numbers("[0-9]{4}"), numbers("[012][0-9]"))
    ),
    # The library looks at no date of birth; ours must be a day.
    Pair(
        ("sv_nit", "sv_nit_newer"),
        nit,
        st.builds("{}{}{}".format, numbers("[0-9]{4}"), REAL_TURNED, numbers("[0-9]{3}")),
    ),
    # The library knows no marker X of sex yet, and refuses words that the register would not write.
    Pair(("mx_curp",), curp, st.builds("{}{}{}".format, NAMES, DAYS, numbers("[HM][A-Z]{5}[A-Z0-9]"))),
    Pair(("mx_rfc_by_words",), rfc, st.builds("{}{}{}".format, NAMES, DAYS, numbers("[A-Z0-9]{2}"))),
    # Municipalities only: the library takes any first three digits, and some numbers that are known to be wrong.
    Pair(
        ("do_cedula",), cedula, numbers("(0[1-9][0-9]|402|22[3-9])[1-9][0-9]{6}"), (digits,), dashed(3, 7, 1)
    ),
    # From 5 to 8, foreigners' numbers have another check digit, which the library does not know.
    Pair(
        ("kr_resident",),
        rrn,
        st.builds("{}{}{}".format, DAYS, numbers("[1-4]"), numbers("[0-9]{5}")),
        (digits,),
        dashed(6, 7),
    ),
]


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: "+".join(pair.ids))
@given(data=st.data())
@calmly
def test_a_check_accepts_what_the_library_accepts(pair, data):
    begin = data.draw(pair.begins)
    for end in map("".join, product(*pair.ends)):
        number = begin + end
        assert ours(pair.write(number), *pair.ids) == pair.module.is_valid(number), number


@calmly
@given(
    begin=st.builds("{}{}{}".format, NAMES, REAL_DAYS, numbers("[1-9A-V][A-Z]")),
    end=st.sampled_from(digits + "A"),
)
def test_an_rfc_that_speaks_for_itself_has_the_library_s_check_digit(begin, end):
    number = begin + end
    assert not ours(number, "mx_rfc") or rfc.is_valid(number, validate_check_digits=True)


@calmly
@given(begin=st.builds("{}{}{}".format, VOWELLED, REAL_DAYS, numbers("[1-9A-V][A-Z]")))
def test_an_rfc_with_the_right_check_digit_speaks_for_itself(begin):
    number = begin + rfc.calc_check_digit(begin)
    assert ours(number, "mx_rfc") == rfc.is_valid(number, validate_check_digits=True)


@calmly
@given(
    place=st.sampled_from(["110105", "440306", "350121", "310101"]),
    day=REAL_DAYS,
    order=numbers("[0-9]{3}"),
    end=st.sampled_from(digits + "X"),
)
def test_a_chinese_number_of_a_known_county_is_accepted_as_the_library_does(place, day, order, end):
    number = f"{place}19{day}{order}{end}"
    assert ours(number, "cn_resident_id") == (end == ric.calc_check_digit(number))


@calmly
@given(
    begin=st.builds(
        "{}{}{}{}".format,
        numbers("[12]"),
        REAL_DAYS,
        numbers("(0[1-9]|[1-3][0-9]|40|51)"),
        numbers("[0-9]{3}"),
    )
)
def test_a_romanian_number_that_the_library_knows_is_accepted(begin):
    number = begin + cnp.calc_check_digit(begin)
    assert ours(number, "ro_cnp")


@calmly
@given(
    begin=st.builds(
        "{}{}{}".format,
        numbers("[A-Z]{6}[0-9]{2}"),
        numbers("[ABCDEHLMPRST]([04][1-9]|[15][0-9]|[26][0-8])"),
        numbers("[A-M][0-9]{3}"),
    )
)
def test_an_italian_code_that_the_library_knows_is_accepted(begin):
    number = begin + codicefiscale.calc_check_digit(begin)
    assert codicefiscale.is_valid(number)
    assert ours(number, "it_codice_fiscale")


@calmly
@given(
    begin=st.builds("{}{}{}".format, numbers("[12][0-9]{2}"), numbers("(0[1-9]|1[0-2])"), numbers("[0-9]{8}"))
)
def test_a_french_number_that_the_library_knows_is_accepted(begin):
    number = begin + nir.calc_check_digits(begin)
    assert nir.is_valid(number)
    assert ours(number, "fr_social_security")


@calmly
@given(number=numbers("[0-9]{9}"))
def test_a_social_security_number_is_accepted_as_the_library_does_unless_it_is_made_up(number):
    if ours(dashed(3, 2, 4)(number), "ssn_placeholder"):
        assert not ours(dashed(3, 2, 4)(number), "ssn")
    else:
        assert ours(dashed(3, 2, 4)(number), "ssn") == ssn.is_valid(number)


@calmly
@given(
    number=numbers("9[0-9]{8}").filter(
        lambda text: not "50" <= text[3:5] <= "65" and len(set(text)) > LEAST_DIFFERENT
    )
)
def test_an_itin_of_the_older_groups_is_accepted_as_the_library_does(number):
    assert ours(number, "itin_by_words") == itin.is_valid(number)


@calmly
@given(number=numbers("9[0-9]{2}(5[0-9]|6[0-5])[0-9]{4}"))
def test_an_itin_of_the_newer_groups_is_accepted_though_the_library_misses_it(number):
    assert ours(number, "itin_by_words")
    assert not itin.is_valid(number)


@calmly
@given(number=numbers("9[0-9]{8}"))
def test_a_number_of_the_tax_office_is_one_kind_only(number):
    kinds = [
        ours(number, kind) for kind in ("itin_by_words", "atin_by_words", "irsn_by_words", "ssn_by_words")
    ]
    assert sum(kinds) <= 1
    assert atin.is_valid(number)  # the library calls every one of them a number for an adoption


@calmly
@given(begin=st.builds("{}{}{}".format, REAL_DAYS, numbers("[5-8]"), numbers("[0-9]{5}")))
def test_a_foreigner_s_number_in_korea_is_accepted_though_the_library_refuses_it(begin):
    taken = [end for end in digits if ours(dashed(6, 7)(begin + end), "kr_foreigner")]
    assert len(taken) == 1
    assert not rrn.is_valid(begin + taken[0])
