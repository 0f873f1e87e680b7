"""Whatever bytes arrive, the answer is a refusal in words, never a crash."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import CurtilageError, EvidenceError
from curtilage.ledger._entries import EntryCheck
from curtilage.ledger.keys import BadKeyError, parse_vkey
from curtilage.ledger.notes import parse_note
from curtilage.ledger.nouns import Entry, Row, leaf_of
from curtilage.ledger.proofs import parse_proof
from curtilage.ledger.witness import parse_request
from tests.ledger.notaries import KEY, memory_ledger, sign

NOTE = sign(memory_ledger(3))
ENTRY = next(memory_ledger(1).read_all()).to_bytes()
READERS = {
    "note": (parse_note, NOTE),
    "proof": (parse_proof, b"c2sp.org/tlog-proof@v1\nextra AAAA\nindex 3\n\n" + NOTE),
    "request": (parse_request, b"old 3\n\n" + NOTE),
    "entry": (Entry.from_bytes, ENTRY),
}


@st.composite
def damaged(draw, right):
    """Bytes that are nearly right: some cut out, some put in."""
    start = draw(st.integers(0, len(right)))
    end = draw(st.integers(start, len(right)))
    return right[:start] + draw(st.binary(max_size=20)) + right[end:]


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_what_cannot_be_read_is_refused_in_words(name, data):
    read, right = READERS[name]
    raw = data.draw(st.one_of(st.binary(max_size=200), damaged(right)))
    with suppress(CurtilageError):
        read(raw)


@given(
    st.one_of(st.text(max_size=60), damaged(KEY.to_vkey().encode()).map(lambda raw: raw.decode("latin-1")))
)
def test_a_line_that_is_no_key_is_refused_in_words(line):
    with suppress(BadKeyError):
        assert parse_vkey(line).to_vkey() == line.strip()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"1",
        b"[" * 5000,
        b'{"a":"\\ud800"}',
        b"\xff",
        ENTRY.replace(b'"count":0', b'"count":"\\ud800"'),
    ]
    + [
        ENTRY.replace(b'"count":0', number)
        for number in (b'"count":1e999', b'"count":1' + b"0" * 400, b'"count":0.5')
    ],
)
def test_an_entry_of_another_form_is_a_fault_and_no_crash(raw):
    found = []
    EntryCheck(lambda what, position: found.append(what)).check_bytes(raw, bytes(32), 0)

    assert len(found) >= 2


@given(damaged(ENTRY))
def test_an_entry_that_was_damaged_is_a_fault_or_the_same(raw):
    found = []
    EntryCheck(lambda what, position: found.append(what)).check_bytes(raw, bytes(32), 0)
    try:
        again = Entry.from_bytes(raw)
    except EvidenceError:
        assert len(found) >= 2
    else:
        assert again.to_bytes() == raw or len(found) >= 2


DEEP = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("\U0001f3e0"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(DEEP)
def test_what_is_read_the_quick_way_and_the_slow_way_is_the_same(value):
    """However deep, in whatever script and however large: an entry that its definition writes has no fault."""
    says = {**json.loads(ENTRY), "data": {"value": value}}
    raw = json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    row = Row(says["position"], says["stream"], says["number"], says["kind"], raw, leaf_of(raw))
    quick, slow = [], []
    list(EntryCheck(lambda what, position: quick.append(what)).check_all([row, row]))
    one_by_one = EntryCheck(lambda what, position: slow.append(what))
    for each in (row, row):
        one_by_one.check(each)

    assert quick == slow
    assert any("one form" in what for what in quick) == (not is_canonical(says, raw))


def is_canonical(says, raw):
    try:
        return canonical_bytes(says) == raw
    except ValueError:
        return False
