"""Rules of every kind, made up at random, mean the same to the kernel as to the reference."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.phrases import GAP
from curtilage.detection.values import checks, kernel
from curtilage.detection.values.kernel import Kernel, KernelMissingError
from curtilage.detection.values.nouns import Group, Relations, Rule, Rules
from curtilage.detection.values.program_checks import NotForTheKernelError
from curtilage.detection.values.reference import Finder
from curtilage.detection.values.shapes import ShapeError, parse_shape
from curtilage.inventory.nouns import Reveals

PLACES = st.integers(-7, 7)
LENGTHS = st.integers(1, 5)
NUMBERS = st.integers(0, 120_000)
RANGES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4).map(tuple)
TEXTS = st.frozensets(st.text("0123ABX<", min_size=1, max_size=10), min_size=1, max_size=5)
MODS = st.integers(2, 11)


@st.composite
def sums(draw):
    take = draw(st.lists(PLACES, min_size=1, max_size=6))
    mod, fold = draw(MODS), draw(st.booleans())
    weights = [draw(st.integers(0 if fold else -9, 13)) for _ in take]
    told = {"residues": tuple(draw(st.lists(st.integers(0, 10), min_size=1, max_size=3)))}
    if draw(st.booleans()):
        told = {"expect": draw(st.text("0123456789AX ", min_size=mod, max_size=mod)), "at": draw(PLACES)}
    values = draw(st.sampled_from([checks.ALPHABET, "0123456789", "XYZ"]))
    return checks.Sum(tuple(take), tuple(weights), mod, fold=fold, values=values, **told)


@st.composite
def remainders(draw):
    mod = draw(MODS)
    expect = draw(st.text("0123456789AX", min_size=mod, max_size=mod))
    prefix = draw(st.sampled_from(["", "XYZ"]))
    return checks.Remainder(
        at_number=draw(PLACES), length=draw(LENGTHS), mod=mod, expect=expect, at=draw(PLACES), prefix=prefix
    )


CHECKS = st.one_of(
    st.builds(checks.In, PLACES, LENGTHS, RANGES),
    st.builds(checks.Out, PLACES, LENGTHS, RANGES),
    st.builds(checks.OneOf, PLACES, st.integers(1, 9), TEXTS),
    st.builds(checks.NoneOf, PLACES, st.integers(1, 9), TEXTS),
    st.builds(checks.Date, st.sampled_from("yymmdd ddmmyy mmddyy yyyymmdd ddmmyyyy mmddyyyy mdy dmy ymd".split()), PLACES),
    sums(),
    remainders(),
    st.sampled_from([checks.Luhn(), checks.Verhoeff(), checks.Mod97(), checks.Varied()]),
    st.builds(checks.Length, st.lists(st.integers(1, 100), max_size=6).map(tuple)),
)  # fmt: skip
IDENTIFIERS = st.one_of(
    st.text("0123456789", min_size=1, max_size=12),
    st.dates().map(lambda day: day.strftime("%d%m%Y")),
    st.dates().map(lambda day: f"{day.month}/{day.day}/{day.year}"),
    st.text("0123456789ABXYZOIL|<-", min_size=1, max_size=12).map("0".__add__),
    st.sampled_from(
        ["0123456789", "4242424242424242", "GB82WEST12345698765432", "2363", "29022000", "31042001"]
    ),
)
ANY = r"[A-Z0-9|]([A-Z0-9<|/-]){0,30}"
WORDS = st.sampled_from("no papers papel papeles 12 7 ab 中 国 número deported deportation x".split())


@pytest.fixture(scope="module", autouse=True)
def _kernel() -> None:
    try:
        kernel.library()
    except KernelMissingError as missing:
        pytest.skip(f"no kernel here: {missing}")


def rule(name: str, **fields: object) -> Rule:
    return Rule(name, name, "phone", Reveals.NONE, "chosen", **fields)


def agree(known: Rules, cells: list[bytes]) -> None:
    finder, compiled = Finder(known), Kernel(known)
    for cell in cells:
        assert compiled.find_one(cell) == finder.find(cell)
        assert compiled.find_one(cell, shaped=True) == finder.shaped(cell)


@given(
    asked=st.lists(CHECKS, min_size=1, max_size=2),
    slips=st.integers(-1, 3),
    texts=st.lists(IDENTIFIERS, min_size=1, max_size=8),
)
@settings(max_examples=250, deadline=None)
def test_every_check_means_the_same(asked, slips, texts):
    rules = [
        rule(f"r{number}", shapes=(ANY,), checks=(check,), slips=slips) for number, check in enumerate(asked)
    ]

    agree(Rules(tuple(rules)), [text.encode() for text in texts])


LEAVES = st.sampled_from(["A", "b", r"\d", r"\o", "[A-C0-3]", "_", "-", " ", "<", r"\d{2,4}", "[XY]?", r"\n"])
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"({'|'.join(ways)})"),
        inner.map(lambda one: f"({one})?"),
        inner.map(lambda one: f"({one}){{1,3}}"),
    ),
    max_leaves=6,
).map(r"\d".__add__)
NEARLY = st.text("AaBbCcXxYyOoIl|0123456789-. <\n/_", max_size=16).map("7".__add__)


@given(
    shapes=st.lists(st.tuples(SHAPES, st.booleans()), min_size=1, max_size=4),
    texts=st.lists(NEARLY, min_size=1, max_size=8),
)
@settings(max_examples=250, deadline=None)
def test_every_shape_means_the_same(shapes, texts):
    fitting = [(shape, cased) for shape, cased in shapes if len(shape) < 40 and is_a_shape(shape)]
    rules = [
        rule(f"r{at}", shapes=(shape,), cased=cased, priority=at % 2)
        for at, (shape, cased) in enumerate(fitting)
    ]

    agree(Rules(tuple(rules)), [text.encode() for text in texts])


def is_a_shape(written):
    with contextlib.suppress(ShapeError):
        return bool(parse_shape(written))
    return False


ELEMENTS = st.one_of(WORDS, WORDS.map(lambda word: word if word.isdigit() else word + "*"), st.just("#"))
PHRASES = st.lists(ELEMENTS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([tuple(words), tuple(x for word in words for x in (word, GAP))[:-1]])
)
SPOKEN = st.lists(
    st.one_of(
        WORDS, st.sampled_from([" ", "  ", "    ", ". ", "; ", "-", "\n", "", "deporta", "17", "ano. "])
    ),
    max_size=16,
)


@given(
    phrases=st.lists(st.lists(PHRASES, min_size=1, max_size=3), min_size=2, max_size=4),
    relation=st.sampled_from(["near", "sentence", "within", "then", "after"]),
    barred=st.booleans(),
    texts=st.lists(SPOKEN.map("".join), min_size=1, max_size=6),
)
@settings(max_examples=250, deadline=None)
def test_every_phrase_and_relation_means_the_same(phrases, relation, barred, texts):
    around = {"bars" if barred else "asks": Relations(**{relation: ("g",)})}
    rules = [
        rule(f"r{at}", phrases=tuple(dict.fromkeys(listed)), **(around if at else {}))
        for at, listed in enumerate(phrases[1:])
    ]
    rules.append(rule("bare", shapes=(r"\d{1,2}",), **around))

    agree(Rules(tuple(rules), (Group("g", phrases=tuple(phrases[0])),)), [text.encode() for text in texts])


def test_what_the_kernel_has_no_room_for_is_left_to_the_reference():
    known = Rules((rule("long", shapes=(r"\d{30}",), checks=(checks.In(0, 30, ((1, 2),)),)),))

    with pytest.raises(NotForTheKernelError, match="does not fit into 64 bits"):
        Kernel(known)
