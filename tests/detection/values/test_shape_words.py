"""Words that identifiers cannot do without: where none of them stands, no shape fits."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.values import kernel
from curtilage.detection.values.kernel import Kernel, KernelMissingError
from curtilage.detection.values.nouns import Group, Relations, Rule, Rules
from curtilage.detection.values.reference import Finder
from curtilage.detection.values.shape_words import list_words
from curtilage.detection.values.shapes import parse_shape, to_regex
from curtilage.inventory.nouns import Reveals

STREET = r"\d{1,5} ([A-Z]{1,9} ){1,2}(street|st|county road)\.?"


def words_of(*shapes: str) -> set[str]:
    return set(list_words([parse_shape(shape) for shape in shapes]))


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (STREET, {"street", "st", "county"}),
        (r"casilla:? \d{1,4}", {"casilla"}),
        (r"\d{1,2} thang \d{1,2}", {"thang"}),
        (r"(unit|psc) \d{3},? box \d{1,5}", {"box"}),  # the rarer ones
        (r"box ?\d{1,5}", set()),  # box12 is another word
        (r"[A-Z]?box \d{1,5}", set()),  # and so is mailbox
        (r"\d{3}-\d{2}-\d{4}", set()),
        (r"was \d{1,3}", {"was"}),
    ],
)
def test_words_of_a_shape_stand_between_separators_whatever_else_it_fits(shape, words):
    assert words_of(shape) == words


def test_a_rule_of_several_shapes_needs_a_word_of_each():
    assert words_of(STREET, r"casilla \d{1,4}") == {"street", "st", "county", "casilla"}
    assert words_of(STREET, r"\d{5}") == set()


def test_words_of_every_second_note_are_no_help():
    assert words_of(r"(the|a|of) \d{1,5}") == set()


@given(st.from_regex(to_regex(parse_shape(STREET)), fullmatch=True))
def test_every_text_that_fits_has_one_of_the_words(text):
    found = set(re.findall("[a-z0-9]+", text.decode().lower()))
    assert found & words_of(STREET)


#: What stands between words, and what keeps a word from being one of those that are looked for.
PIECES = [
    "12",
    "7",
    "elm",
    "oak",
    "street",
    "st",
    "St.",
    "STREET",
    "streets",
    "county road",
    "county",
    "é",
    "中",
    "",
]
JOINTS = [" ", " ", " ", "\n", ". ", "-", "", ", "]


@given(
    pieces=st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS)), max_size=12),
    before=st.sampled_from(["", "x " * 5_000]),
)
@settings(deadline=None)
def test_the_kernel_finds_what_has_such_words_as_the_reference_does(pieces, before, both):
    finder, compiled = both
    cell = (before + "".join(map("".join, pieces))).encode()
    assert compiled.find_one(cell) == finder.find(cell)
    assert compiled.find_one(cell, shaped=True) == finder.shaped(cell)


@pytest.fixture(scope="module")
def both() -> tuple[Finder, Kernel]:
    try:
        kernel.library()
    except KernelMissingError as missing:
        pytest.skip(f"no kernel here: {missing}")
    plain = Rule("plain", "plain", "address", Reveals.NONE, "chosen", shapes=(STREET,))
    asking = Rule("asking", "asking", "phone", Reveals.NONE, "chosen", shapes=(r"\d{2} oak( street)?",))
    asking = msgspec.structs.replace(asking, asks=Relations(near=("said",)))
    known = Rules((plain, asking), (Group("said", (), (("elm",),)),))
    return Finder(known), Kernel(known)
