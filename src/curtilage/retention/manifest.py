"""A commitment to which records were disposed of, that tells nobody who they are about.

Rules of this file:

* A record is known by the keyed hash of its system, table and key: without the city's key nobody can try
  out names or numbers.
* The hashes are sorted, so the order of deletion tells nothing and the same set has one root.
* The root stands in the ledger for ever. The hashes themselves are a private body, kept until no backup
  can bring the records back, then destroyed: the root still proves what it proved.

A leaf of the tree holds up to 64 hashes, so that a batch of a million records costs twenty thousand leaves
and not a million.

Source:
    rfc6962, section 2.1; ``docs/decisions/0026``.
"""

from __future__ import annotations

import base64
import binascii
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from curtilage.connectors.disposal.hashing import KEY_BYTES
from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.tree import hash_leaf, root_of

LEAF: Final = 64
"""Hashes in a leaf of the tree, the last one excepted."""


class ManifestMismatchError(EvidenceError):
    """A list of keyed hashes is not the one that was committed to."""

    code = "retention.manifest-mismatch"

    def __init__(self, *, root: str) -> None:
        self.root = root
        super().__init__(
            f"The list of records behind the commitment {root[:12]} is not the one that was recorded. "
            "Nothing was deleted by it. Run: curtilage ledger verify, and tell the oversight body."
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The records of one batch.

    Attributes:
        rows: How many.
        root: The commitment: 64 hex digits.
        packed: The sorted hashes in base64, to be sealed; it does not print itself.
    """

    rows: int
    root: str
    packed: Guarded


def make_manifest(hashes: Iterable[bytes] | bytes) -> Manifest:
    """Return the manifest of a batch.

    Args:
        hashes: The keyed hashes of its records, 16 bytes each, in any order: one by one, or joined in one
            ``bytes``; may be empty. One that comes twice counts once.

    Raises:
        ValueError: A hash is not 16 bytes long.
    """
    found = sorted(_cut(hashes) if isinstance(hashes, bytes) else hashes)
    if any(map(operator.eq, found, islice(found, 1, None))):
        found = sorted(set(found))
    if any(len(each) != KEY_BYTES for each in found):
        raise ValueError(f"A record's keyed hash is {KEY_BYTES} bytes long.")
    joined = b"".join(found)
    return Manifest(len(found), find_root(joined), Guarded(base64.b64encode(joined).decode()))


def find_root(joined: bytes) -> str:
    """Return the root over sorted hashes that are joined, as 64 hex digits.

    >>> find_root(b"")[:8]
    'e3b0c442'
    """
    step = KEY_BYTES * LEAF
    return root_of([hash_leaf(joined[start : start + step]) for start in range(0, len(joined), step)]).hex()


def join_roots(roots: Iterable[str]) -> str:
    """Return one commitment to several batches, in their order, as 64 hex digits."""
    return root_of([hash_leaf(bytes.fromhex(root)) for root in roots]).hex()


def unpack(packed: Guarded, *, root: str) -> frozenset[bytes]:
    """Return the keyed hashes of a batch, once they are seen to be those that were committed to.

    Args:
        packed: As in :class:`Manifest`.
        root: The commitment in the ledger.

    Raises:
        ManifestMismatchError: They are others.
    """
    try:
        joined = base64.b64decode(packed.unsafe_reveal(), validate=True)
        found = tuple(_cut(joined))
    except (binascii.Error, ValueError) as error:
        raise ManifestMismatchError(root=root) from error
    if find_root(joined) != root:
        raise ManifestMismatchError(root=root)
    return frozenset(found)


def _cut(joined: bytes) -> Iterator[bytes]:
    if len(joined) % KEY_BYTES:
        raise ValueError(f"A record's keyed hash is {KEY_BYTES} bytes long.")
    return (joined[start : start + KEY_BYTES] for start in range(0, len(joined), KEY_BYTES))
