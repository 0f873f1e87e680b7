"""A proof that an entry is in the ledger: one text file that needs nothing else to be checked.

Source:
    c2sp-tlog-proof; rfc9162, section 2.1.3.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.checkpoints import Checkpoint, decode_hash
from curtilage.ledger.keys import Key
from curtilage.ledger.nouns import Entry
from curtilage.ledger.ports import Store
from curtilage.ledger.signing import open_checkpoint, read_checkpoint
from curtilage.ledger.tree import hash_leaf, prove_inclusion, verify_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"
"""First line of every proof."""

_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")


class UnreadableProofError(EvidenceError):
    """A text that should be a proof is none."""

    code = "ledger.proof-not-readable"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"This is no proof: {what}. Nothing was checked. Ask whoever gave it to you for the file as it was made."
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in the ledger which a checkpoint speaks of.

    Attributes:
        index: 0-based position of the entry.
        hashes: From the leaf's neighbour upwards.
        checkpoint: The signed note.
        entry: Canonical bytes of the entry; empty where the reader has them from elsewhere.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    entry: bytes = b""

    def to_bytes(self) -> bytes:
        """Return the file, to be called ``….tlog-proof``. The entry stands in its line ``extra``."""
        extra = [f"extra {base64.b64encode(self.entry).decode()}"] if self.entry else []
        hashes = [base64.b64encode(each).decode() for each in self.hashes]
        lines = [HEADER, *extra, f"index {self.index}", *hashes, "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def prove_entry(store: Store, position: int, checkpoint: bytes) -> Proof:
    """Make the proof for an entry.

    Args:
        store: Where the ledger lies.
        position: 0-based position of the entry, below the checkpoint's size.
        checkpoint: A note that was signed over this ledger.

    Raises:
        ValueError: The entry is not below the checkpoint's size.
        ProofMismatchError: The ledger is not the one of the checkpoint.
    """
    head = read_checkpoint(checkpoint)
    hashes = prove_inclusion(store.hashes, position, head.size)
    (row,) = store.read_rows(after=position - 1, limit=1)
    verify_inclusion(hash_leaf(row.entry), position, head.size, hashes, head.root)
    return Proof(position, hashes, checkpoint, row.entry)


def parse_proof(raw: bytes) -> Proof:
    """Read a proof from its file, without checking it.

    Raises:
        UnreadableProofError: It is not of that form.
    """
    try:
        head, _, checkpoint = raw.partition(b"\n\n")
        lines = head.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableProofError(what="it is no UTF-8 text") from error
    if lines.pop(0) != HEADER:
        raise UnreadableProofError(what=f"its first line is not {HEADER}")
    entry = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None or not checkpoint:
        raise UnreadableProofError(what="it has no index, or no checkpoint")
    return Proof(int(index[1]), tuple(map(decode_hash, lines)), checkpoint, entry)


def _extra(line: str) -> bytes:
    try:
        return base64.b64decode(line.removeprefix("extra "), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableProofError(what="its extra line is no base64") from error


def verify_proof(proof: Proof, keys: Sequence[Key]) -> tuple[Entry, Checkpoint]:
    """Check a proof that carries its entry.

    Args:
        proof: What was read.
        keys: As in :func:`~curtilage.ledger.signing.open_checkpoint`.

    Returns:
        The entry, and the checkpoint of the ledger that holds it.

    Raises:
        EvidenceError: A signature, the proof or the entry does not hold.
    """
    head, _ = open_checkpoint(proof.checkpoint, keys)
    verify_inclusion(hash_leaf(proof.entry), proof.index, head.size, proof.hashes, head.root)
    entry = Entry.from_bytes(proof.entry)
    if entry.position != proof.index:
        raise UnreadableProofError(what=f"its entry says that it is number {entry.position}")
    return entry, head
