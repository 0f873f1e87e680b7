import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.canonical import _ordered, canonical_bytes, encode_plain, fingerprint, is_plain

# The strings and the sorting of RFC 8785, sections 3.2.2 and 3.2.3, typed in from the standard.
RFC_STRING = '\u20ac$\u000f\nA\'B"\\\\"/'
RFC_KEYS = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\U0001f600": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
}

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
values = st.recursive(
    scalars, lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4)
)


def test_a_string_is_escaped_as_the_standard_shows():
    assert canonical_bytes(RFC_STRING) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_keys_are_sorted_as_the_standard_shows():
    said = list(json.loads(canonical_bytes(RFC_KEYS)).values())

    assert said == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_literals_and_numbers_are_written_as_the_standard_shows():
    value = {"literals": [None, True, False], "numbers": [0, -5, 9007199254740991]}

    assert canonical_bytes(value) == b'{"literals":[null,true,false],"numbers":[0,-5,9007199254740991]}'


@given(values)
def test_canonical_bytes_mean_the_same_value_and_are_stable(value):
    written = canonical_bytes(value)

    assert json.loads(written) == value
    assert canonical_bytes(json.loads(written)) == written


@given(st.dictionaries(st.text(), scalars, min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert fingerprint(dict(reversed(value.items()))) == fingerprint(value)


@pytest.mark.parametrize("value", [0.5, {"a": 1.0}, {1: "a"}, [b"bytes"], {"a", "b"}, object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_what_other_readers_would_misread_is_refused(value):
    with pytest.raises(ValueError, match=r"no canonical form|surrogates"):
        canonical_bytes(value)


def test_a_fingerprint_is_the_hash_of_the_canonical_bytes():
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(values)
def test_the_quick_way_gives_the_same_bytes(value):
    slow = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()

    assert canonical_bytes(value) == slow
    if is_plain(value):
        assert encode_plain(value) == slow


@pytest.mark.parametrize("odd", [0.5, 2**53, b"", {1: "a"}, {"ä": 1}, [{"a": [float("nan")]}], {"a": {1, 2}}])
def test_the_quick_way_is_not_taken_for_what_has_other_rules(odd):
    assert not is_plain(odd)
