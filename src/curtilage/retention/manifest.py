"""A commitment to which records were disposed of, that tells nobody who they are about.

Rules of this file:

* A record is known by the keyed hash of its system, table and key: without the city's key nobody can try
  out names or numbers.
* The hashes are sorted, so the order of deletion tells nothing and the same set has one root.
* The root stands in the ledger for ever. The hashes themselves are a private body, kept until no backup
  can bring the records back, then destroyed: the root still proves what it proved.

Source:
    rfc6962, section 2.1; ``docs/decisions/0026``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.disposal.hashing import merkle_root
from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.tree import hash_leaf, root_of

WIDTH: Final = 32
"""Bytes of a record's keyed hash, as ``Hasher.keys`` gives it."""


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


def make_manifest(keys: Iterable[bytes]) -> Manifest:
    """Return the manifest of a batch.

    Args:
        keys: The keyed hashes of its records, 32 bytes each, in any order; may be empty.

    Raises:
        ValueError: A hash is not 32 bytes long.
    """
    found = sorted(keys)
    if any(len(each) != WIDTH for each in found):
        raise ValueError(f"A record's keyed hash is {WIDTH} bytes long.")
    return Manifest(len(found), merkle_root(found).hex(), Guarded(base64.b64encode(b"".join(found)).decode()))


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
        found = _cut(base64.b64decode(packed.unsafe_reveal(), validate=True))
    except (binascii.Error, ValueError) as error:
        raise ManifestMismatchError(root=root) from error
    if merkle_root(found).hex() != root:
        raise ManifestMismatchError(root=root)
    return frozenset(found)


def _cut(joined: bytes) -> tuple[bytes, ...]:
    if len(joined) % WIDTH:
        raise ValueError(f"A record's keyed hash is {WIDTH} bytes long.")
    return tuple(joined[start : start + WIDTH] for start in range(0, len(joined), WIDTH))
