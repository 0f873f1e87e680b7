"""A certificate's file: the certificate, its entry in the ledger, and the proof that the entry is there.

The file needs nothing but a checkpoint that somebody else holds. It is JSON that a person can read; what
counts is the canonical form of its parts, so that spaces and the order of keys do not matter.

Source:
    rfc8785; rfc9162, section 2.1.3; ``docs/reference/certificates.md``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from curtilage.foundation.canonical import JSON, canonical_bytes
from curtilage.ledger.tree import hash_leaf
from curtilage.retention.certificate import (
    FORMAT,
    Certificate,
    CertificateNotReadableError,
    certificate_from_json,
    certificate_to_json,
)

LARGEST: Final = 4 * 2**20
"""Bytes of a file that is read; a certificate of the largest size is some hundred kilobytes."""

KIND: Final = "retention.certificate-issued"
"""Kind of the entry that records a certificate."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate with what proves it.

    Attributes:
        certificate: What is certified.
        entry: The ledger's entry, as its canonical JSON says it.
        tree_size: Number of leaves of the tree that ``hashes`` lead into.
        hashes: The inclusion proof of the entry, from the leaf upwards, 32 bytes each.
        checkpoint: The signed note of that tree.
    """

    certificate: Certificate
    entry: Mapping[str, JSON]
    tree_size: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    @property
    def position(self) -> int:
        """Return the entry's position in the ledger; -1 where it says none."""
        found = self.entry.get("position")
        return found if isinstance(found, int) and not isinstance(found, bool) else -1

    def leaf_hash(self) -> bytes:
        """Return the leaf hash of the entry, as RFC 6962 says.

        Raises:
            CertificateNotReadableError: The entry holds what has no canonical form.
        """
        try:
            return hash_leaf(canonical_bytes(self.entry))
        except (TypeError, ValueError) as error:
            raise CertificateNotReadableError(why="its entry has no canonical form") from error


def paper_to_bytes(paper: Paper) -> bytes:
    """Return the content of the file: indented JSON, UTF-8, ending in a line feed."""
    said = {
        "format": FORMAT,
        "certificate": certificate_to_json(paper.certificate),
        "entry": paper.entry,
        "proof": {"tree_size": paper.tree_size, "hashes": [each.hex() for each in paper.hashes]},
        "checkpoint": paper.checkpoint,
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def read_paper(raw: bytes) -> Paper:
    """Read the content of a certificate's file; what it says is not checked yet.

    Raises:
        CertificateNotReadableError: It is no certificate, one of another version, or says a thing twice.
    """
    said = _parse(raw)
    if said.get("format") != FORMAT:
        raise CertificateNotReadableError(why=f"its format is not {FORMAT}")
    if set(said) != {"format", "certificate", "entry", "proof", "checkpoint"}:
        raise CertificateNotReadableError(why="it has other parts than a certificate has")
    match said:
        case {
            "certificate": dict(certificate),
            "entry": dict(entry),
            "proof": {"tree_size": int(size), "hashes": list(hashes), **others},
            "checkpoint": str(checkpoint),
        } if not others and not isinstance(size, bool):
            return Paper(certificate_from_json(certificate), entry, size, _hashes(hashes), checkpoint)
    raise CertificateNotReadableError(why="one of its parts is not of the kind that it should be")


def _parse(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise CertificateNotReadableError(why=f"it is larger than {LARGEST:,} bytes")
    try:
        said = json.loads(raw.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise CertificateNotReadableError(why="it is no JSON in UTF-8, or says a thing twice") from error
    if not isinstance(said, dict):
        raise CertificateNotReadableError(why="it is no JSON object")
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a key twice: a reader would see the one, a program the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _hashes(written: list[object]) -> tuple[bytes, ...]:
    try:
        return tuple(bytes.fromhex(each) for each in written if isinstance(each, str))
    except ValueError as error:
        raise CertificateNotReadableError(why="a hash of its proof is not hexadecimal") from error
