"""A commitment to the records of a batch: the same for the same records, and silent about them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.guarded import Guarded
from curtilage.retention.manifest import ManifestMismatchError, join_roots, make_manifest, unpack

HASHES = st.lists(st.binary(min_size=16, max_size=16), max_size=200)


@given(HASHES, st.randoms())
def test_the_order_of_deletion_does_not_show(hashes, chance):
    shuffled = list(hashes)
    chance.shuffle(shuffled)

    assert make_manifest(shuffled) == make_manifest(hashes)


@given(HASHES)
def test_what_was_packed_comes_out_again(hashes):
    manifest = make_manifest(hashes)

    assert unpack(manifest.packed, root=manifest.root) == frozenset(hashes)
    assert manifest.rows == len(set(hashes))


@given(HASHES, st.binary(min_size=16, max_size=16))
def test_one_record_more_gives_another_commitment(hashes, more):
    if more not in hashes:
        assert make_manifest([*hashes, more]).root != make_manifest(hashes).root


def test_hashes_that_are_joined_are_the_same_as_one_by_one():
    hashes = [bytes([number]) * 16 for number in range(130)]

    assert make_manifest(b"".join(hashes)) == make_manifest(hashes)


def test_the_root_is_that_of_rfc_6962_over_leaves_of_sixty_four():
    hashes = [bytes([number]) * 16 for number in range(65)]
    leaves = [hashlib.sha256(b"\0" + b"".join(part)).digest() for part in (hashes[:64], hashes[64:])]

    assert make_manifest(hashes).root == hashlib.sha256(b"\1" + b"".join(leaves)).hexdigest()


@pytest.mark.parametrize("packed", ["", "AAAA", "%%%", "é", "AAAAAAAAAAAAAAAAAAAAAA=="])
def test_another_list_than_the_recorded_one_is_refused(packed):
    root = make_manifest([b"x" * 16]).root

    with pytest.raises(ManifestMismatchError, match="Nothing was deleted by it"):
        unpack(Guarded(packed), root=root)


@pytest.mark.parametrize("hashes", [[b"short"], b"x" * 17, [b"x" * 32]])
def test_a_hash_of_another_length_is_refused(hashes):
    with pytest.raises(ValueError, match="16 bytes"):
        make_manifest(hashes)


def test_batches_are_committed_to_in_their_order():
    first, second = make_manifest([b"a" * 16]).root, make_manifest([b"b" * 16]).root

    assert join_roots([first, second]) != join_roots([second, first])


def test_the_list_does_not_print_itself():
    manifest = make_manifest([b"canary-canary-73"])

    assert str(manifest.packed) == "<Guarded, 24 characters>"
    assert "Y2FuYXJ5" not in repr(manifest)
