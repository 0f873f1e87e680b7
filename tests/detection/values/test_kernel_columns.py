"""Columns of any layout are counted alike by both engines, and nothing is found across two cells."""

import random
from collections import Counter

import pyarrow as pa
import pytest

from curtilage.detection.values import kernel
from curtilage.detection.values.count import count_batch
from curtilage.detection.values.kernel import KernelMissingError
from curtilage.detection.values.scanner import ColumnCounts, NotTextError, Scanner
from tests.detection.values.made_cells import make_cell
from tests.detection.values.test_reference import RULES

REFERENCE = Scanner(RULES, engine="reference")
PIECES = [
    text.encode()
    for text in "A012345678|alien number 123456789|client undocumented|visa card|771234567|a@b.example|Mr Cruz".split(
        "|"
    )
]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    try:
        kernel.library()
    except KernelMissingError as missing:
        pytest.skip(f"no kernel here: {missing}")
    return Scanner(RULES, engine="kernel")


def cells_of(seed: int, count: int) -> list[str | None]:
    chance = random.Random(seed)
    made = [make_cell(chance, PIECES).decode("utf-8", "replace") for _ in range(count)]
    return [None if chance.random() < 0.2 else cell for cell in made]


CELLS = cells_of(1, 300)
HIDDEN = pa.Array.from_buffers(  # the bytes of a missing cell are there all the same
    pa.string(),
    3,
    [
        pa.py_buffer(b"\x05"),
        pa.array([0, 10, 20, 30], pa.int32()).buffers()[1],
        pa.py_buffer(b"A012345678" * 3),
    ],
)
LAYOUTS = {
    "string": pa.array(CELLS),
    "large": pa.array(CELLS, pa.large_string()),
    "binary": pa.array([None if cell is None else cell.encode()[:-1] for cell in CELLS], pa.binary()),
    "large binary": pa.array(CELLS, pa.large_string()).cast(pa.large_binary()),
    "view": pa.array(CELLS, pa.string_view()),
    "slice": pa.array(CELLS).slice(37, 200),
    "slice of a slice": pa.array(CELLS).slice(5, 250).slice(3, 111),
    "dictionary": pa.array(CELLS * 3).dictionary_encode(),
    "slice of a dictionary": pa.array(CELLS * 3).dictionary_encode().slice(13, 500),
    "dictionary with nulls in it": pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 1, None, 2]), pa.array(["A012345678", None, "he"])
    ),
    "chunks": pa.chunked_array([CELLS[:100], CELLS[100:]]),
    "missing cells with bytes": HIDDEN,
    "short cells": pa.array(["a", "", "12", None, "he"] * 3000),
    "no text at all": pa.array([None, None]),
    "nothing": pa.array([], pa.string()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shaped", [False, True])
def test_a_column_is_counted_alike(scanner, layout, shaped):
    column = LAYOUTS[layout]
    found = scanner.scan_array(column, frozenset({"alien"}), shaped=shaped)

    assert found == REFERENCE.scan_array(column, frozenset({"alien"}), shaped=shaped)


def test_counts_are_those_of_single_cells(scanner):
    expected: Counter[str] = Counter()
    for cell in filter(None, CELLS):
        expected.update({RULES.rules[hit.rule].id for hit in REFERENCE.find(cell.encode())})

    assert scanner.scan_array(pa.array(CELLS)).rules == expected


@pytest.mark.parametrize("border", [1, 4, 10, 13])
def test_nothing_is_found_across_two_cells(scanner, border):
    said = "alien number 123456789"
    counts = scanner.scan_array(pa.array([said[:border], said[border:]]))

    assert counts.rules == {}
    assert scanner.scan_array(pa.array([said])).rules == {"bare": 1}


def test_missing_cells_are_not_looked_at(scanner):
    assert scanner.scan_array(HIDDEN) == ColumnCounts(2, {"a_number": 2}, {"alien_number": 2})


def test_a_cell_with_two_rules_of_a_category_counts_once_for_it(scanner):
    counts = scanner.scan_array(pa.array(["A012345678, alien number 123456789"]))

    assert counts.rules == {"a_number": 1, "bare": 1}
    assert counts.categories == {"alien_number": 1}


def test_a_cell_that_a_shape_fills_is_told_apart(scanner):
    counts = scanner.scan_array(pa.array(["  123456789 ", "no 123456789"]), shaped=True)

    assert (counts.rules["bare"], counts.whole["bare"]) == (2, 1)


def test_a_column_without_text_is_refused(scanner):
    for column in (pa.array([1]), pa.array([["a"]]), pa.array([{"a": "b"}])):
        with pytest.raises(NotTextError, match="holds no text"):
            scanner.scan_array(column)


def test_a_batch_gives_counts_and_no_value(scanner):
    batch = pa.record_batch(
        {"note": ["A012345678", None, "none"], "size": [1, 2, 3], "id": ["123456789"] * 3}
    )
    found = count_batch(batch, {"id": frozenset({"alien"})}, scanner)

    assert found.schema.names == ["place", "rule", "cells"]
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("note", "", 2),
        ("note", "a_number", 1),
        ("note", "=alien_number", 1),
        ("id", "", 3),
        ("id", "bare", 3),
        ("id", "=alien_number", 3),
    ]
    assert found == count_batch(batch, {"id": frozenset({"alien"})}, REFERENCE)


def test_counts_of_parts_add_up(scanner):
    parts = [scanner.scan_array(pa.array(part)) for part in (CELLS[:50], CELLS[50:])]

    assert parts[0] + parts[1] == scanner.scan_array(pa.array(CELLS))
