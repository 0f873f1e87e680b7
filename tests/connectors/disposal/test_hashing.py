"""Keyed hashes tell rows apart, tell nobody who they are, and are the same whoever computes them."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.hashing import Hasher, SetDigest

KEY = b"k" * 32
HASHER = Hasher(KEY)
TEXTS = st.text(max_size=40)
SHORT, LONG = "35005f912aedda689fb875303c70fa03", "36d7d5f9d6da773921aae89aa86e7228"


def test_a_subject_is_hashed_by_hmac_of_its_text():
    expected = hmac.new(KEY, b"subject\0" + b"4711", hashlib.sha256).hexdigest()
    assert HASHER.subject("4711") == HASHER.subject(4711) == expected


@given(st.lists(TEXTS, unique=True, max_size=30))
def test_keys_that_differ_have_hashes_that_differ(texts):
    hashes = HASHER.keys("housing.cases", [(text,) for text in texts])
    assert len(set(hashes)) == len(texts)
    assert all(len(each) == 16 for each in hashes)


@given(TEXTS, st.lists(TEXTS, max_size=5))
def test_a_key_hashes_alike_whatever_stands_beside_it(text, others):
    alone = HASHER.keys("housing.cases", [(text,)])
    assert HASHER.keys("housing.cases", [(text,), *((other,) for other in others)])[:1] == alone


@given(st.integers(-(10**12), 10**12))
def test_a_number_and_its_text_are_one_key(number):
    assert HASHER.keys("a.b", [(number,)]) == HASHER.keys("a.b", [(str(number),)])


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_keys_of_two_columns_are_not_run_together(one, other):
    hashes = HASHER.keys("a.b", [one, other])
    assert (hashes[0] == hashes[1]) == (one == other)


def test_another_table_or_another_key_gives_other_hashes():
    found = {
        HASHER.keys("a.b", [(1,)])[0],
        HASHER.keys("a.c", [(1,)])[0],
        Hasher(b"x" * 32).keys("a.b", [(1,)])[0],
    }
    assert len(found) == 3


def test_hashes_do_not_change_from_one_version_to_the_next():
    (short,), (long,) = HASHER.keys("a.b", [(1,)]), HASHER.keys("a.b", [("a longer key than a block",)])
    assert (short.hex(), long.hex()) == (SHORT, LONG)


def test_a_hasher_does_not_show_its_key():
    assert repr(HASHER) == "<Hasher>"


@given(st.lists(st.binary(min_size=16, max_size=16), unique=True), st.randoms())
def test_a_set_has_one_digest_in_any_order(hashes, chance):
    one, other = SetDigest(), SetDigest()
    one.add(hashes)
    shuffled = list(hashes)
    chance.shuffle(shuffled)
    for each in shuffled:
        other.add([each])
    assert (one.count, one.hexdigest()) == (other.count, other.hexdigest())
