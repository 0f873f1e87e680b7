"""Foreign JSON becomes plain values; pointers find their way and their line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.connectors.reading.json_text import load, load_lines, pointer, resolve


def document(text, **limits):
    return Document("a.json", text if isinstance(text, bytes) else text.encode(), Limits(**limits))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2], "b": "x"}',
        '\ufeff{"a": [1, 2], "b": "x"}',
        '// why\n{"a": [1, 2,], /* so */ "b": "x",}',
        "{a: [1, 2], 'b': 'x'}",
    ],
)
def test_json_as_people_write_it(text):
    assert load(document(text)) == {"a": [1, 2], "b": "x"}


def test_bare_words_of_the_patient_reader():
    text = "{a: null, b: true, c: undefined, d: -1.5, e: NaN, f: 'it\\'s \"x\"', g: word}"
    assert load(document(text)) == {
        "a": None, "b": True, "c": None, "d": -1.5, "e": "NaN", "f": 'it\'s "x"', "g": "word",
    }  # fmt: skip


def test_an_integer_of_a_million_digits_is_not_computed():
    assert load(document('{"a": ' + "9" * 1_000_000 + "}"))["a"].startswith("999")


@pytest.mark.parametrize("opening", ["[", '{"a":', "[{'a':"])
def test_deep_nesting_ends_in_a_clear_line(opening):
    with pytest.raises(LimitReachedError, match="deeper than 100"):
        load(document(opening * 100_000))


def test_nesting_that_is_well_formed_is_counted_too():
    with pytest.raises(LimitReachedError, match="deeper than 100"):
        load(document("[" * 150 + "]" * 150))


def test_too_many_nodes_end_in_a_clear_line():
    with pytest.raises(LimitReachedError, match="nodes"):
        load(document("[" + "1," * 5000 + "1]", nodes=1000))
    with pytest.raises(LimitReachedError, match="nodes"):
        load(document("[" + "1," * 5000 + "]", nodes=1000))


def test_a_file_beyond_its_bound_is_not_read():
    with pytest.raises(LimitReachedError, match="larger"):
        load(document('{"a": 1}', file_bytes=4))


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', "]", '{"a": [}', "a b", '{"a": "x', b"\0", "{} {}"])
def test_what_is_no_json_is_told(text):
    with pytest.raises(UnreadableError):
        load(document(text))


def test_pointers_escape_what_the_standard_says():
    assert pointer("a/b", "m~n", 0) == "/a~1b/m~0n/0"


def test_references_are_followed_within_the_file_only():
    root = {"a/b": [{"c": 1}]}
    assert resolve(root, "#/a~1b/0/c") == 1
    assert resolve(root, "#") is root
    assert resolve(root, "other.json#/a") is None
    assert resolve(root, "#/a~1b/7") is None
    assert resolve(root, "#/nobody/0") is None


def test_every_pointer_has_a_line():
    lines = load_lines(document('{"a":\n {"b/c": [1,\n2]},\n"d": 3}'))
    assert lines == {"": 1, "/a": 1, "/a/b~1c": 2, "/a/b~1c/0": 2, "/a/b~1c/1": 3, "/d": 4}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_both_readers_agree_on_real_json(value):
    text = json.dumps(value)
    assert load(document(text)) == value == load(document(text + " // not strict"))


@given(st.text("{}[],:\"'ab1 /*\n\\", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        load(document(text))
    except (LimitReachedError, UnreadableError):
        return


def test_text_full_of_commas_is_no_hostile_file():
    assert load(document(json.dumps({"a": "," * 5000}), nodes=1000)) == {"a": "," * 5000}


def test_both_readers_keep_the_same_bound_of_depth():
    text = "[" * 120 + "]" * 120
    for limits in ({}, {"nodes": 100}):
        with pytest.raises(LimitReachedError, match="deeper than 100"):
            load(document(text, **limits))
