"""The kernel finds what the reference finds: on every case, on anything, however cells lie in memory."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.values import folded, kernel, nouns, reference, rules
from curtilage.detection.values.kernel import Kernel, KernelMissingError
from curtilage.detection.values.nouns import Rules
from curtilage.detection.values.program import compile_program
from curtilage.detection.values.reference import Finder
from curtilage.detection.values.scanner import shipped_scanner
from tests.detection.values.made_cells import JOINTS, make_cell
from tests.detection.values.test_reference import RULES as SMALL

#: The window of the kernel in bytes; cells longer than it are looked through in parts.
WINDOW = 8192


@pytest.fixture(scope="module", autouse=True)
def _kernel() -> None:
    try:
        kernel.library()
    except KernelMissingError as missing:
        pytest.skip(f"no kernel here: {missing}")


class Both:
    """Asks the reference and each compiled kernel the same."""

    def __init__(self, known: Rules, program: bytes) -> None:
        self.groups = [group.id for group in known.groups]
        self.finder = Finder(known)
        self.kernels = [Kernel(known, program, door) for door in ("curtilage_scan", "curtilage_scan_plain")]

    def differ(self, cell: bytes, carried: frozenset[str] = frozenset()) -> list[str]:
        """Return in what they differ; nothing if they agree."""
        hits, shapes = self.finder.find(cell, carried), self.finder.shaped(cell)
        return [
            f"{what} of {cell!r} with {sorted(carried)}: {expected} is {found}"
            for each in self.kernels
            for what, expected, found in (
                ("hits", hits, each.find_one(cell, carried)),
                ("shapes", shapes, each.find_one(cell, shaped=True)),
            )
            if found != expected
        ]


SHIPPED_CASES = [case for text in rules.shipped_files().values() for case in rules.read_cases(text)]


@pytest.fixture(scope="module")
def shipped() -> Both:
    kept = shipped_scanner().kernel
    assert kept is not None
    return Both(kept.rules, kept.program)


@pytest.fixture(scope="module")
def small() -> Both:
    return Both(SMALL, compile_program(SMALL))


def test_they_agree_on_every_case_of_every_rule(shipped):
    differ = [one for _, _, text, column in SHIPPED_CASES for one in shipped.differ(text.encode(), column)]

    assert differ == []


def test_they_agree_on_cases_bent_and_put_together(shipped):
    chance = random.Random(2017)
    pieces = [text.encode() for _, _, text, _ in SHIPPED_CASES]
    for _ in range(300):
        carried = frozenset(chance.sample(shipped.groups, chance.choice((0, 0, 1, 3))))
        assert shipped.differ(make_cell(chance, pieces), carried) == []


SAID = st.sampled_from(
    [text.encode() for text in "A012345678|alien number|123456789|client|he|never ask|status|undocumented|not|visa"
     "|card|prepaid|born in|elbonia|passport|my name is|mr|Zelda|Ana de la Cruz|Monday|12|5|years old|岁|没有身份|他"
     "|without|papers|771234567|1Z123456789A12345678|555-0132-11|+44123456|ABC123|x@y.example|Ü|１２".split("|")]
)  # fmt: skip


@given(
    cell=st.lists(st.one_of(SAID, st.sampled_from(JOINTS), st.binary(max_size=6)), max_size=14).map(b"".join),
    carried=st.frozensets(st.sampled_from(["alien", "person", "promise", "country"]), max_size=2),
)
@settings(max_examples=400, deadline=None)
def test_they_agree_on_anything_that_rules_speak_of(small, cell, carried):
    assert small.differ(cell, carried) == []


@given(cell=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_they_agree_on_any_bytes(small, cell):
    assert small.differ(cell) == []


@pytest.mark.parametrize("filling", [b"x", b" ", b"no ", "中".encode(), b"\xff", b"he 5-"], ids=repr)
def test_they_agree_where_a_window_ends(small, filling):
    said = (
        b"client without any papers, alien number 123456789. My name is Ana Cruz ana@city.example A012345678"
    )
    for before in (*range(WINDOW - 110, WINDOW + 6, 7), 2 * WINDOW - 40):
        cell = (filling * WINDOW)[:before] + b" " + said + (filling * 300)[:300]
        assert small.differ(cell) == []


def test_a_hostile_cell_is_looked_through_to_its_end(small):
    for trigger in (b"A012345678 ", b"client undocumented ", b"x@y.example,", b"1-", b"without "):
        cell = trigger * (400_000 // len(trigger)) + b"; he is undocumented"
        assert small.kernels[0].find_one(cell)[-1].end == len(cell)


def test_an_endless_word_is_one_word(small):
    cell = b"client without " + b"a" * 5 * WINDOW + b" papers 771234567"

    assert small.differ(cell) == []


def test_more_hits_than_were_asked_for_are_all_given(small):
    cell = b"A012-345-678, " * 1000

    assert len(small.kernels[0].find_one(cell)) == 1000


def test_limits_are_those_of_the_definition():
    header = Path(kernel.__file__).with_name("kernel_program.h").read_text()
    limits = {name: int(value) for name, value in re.findall(r"^ +([A-Z_]+) = (\d+)", header, re.MULTILINE)}
    known = {**vars(reference), **vars(folded), **vars(nouns)}

    assert limits == {name: known.get(name, known.get(f"_{name}")) for name in limits}
    assert len(limits) > 8
