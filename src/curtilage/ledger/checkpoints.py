"""A checkpoint: the size and the root of the ledger at a time, as three lines of text.

Source:
    c2sp-tlog-checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.tree import HASH_BYTES

LARGEST_SIZE: Final = 2**53 - 1
"""Entries at most: beyond it no JSON writes a position."""

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")


class UnreadableCheckpointError(EvidenceError):
    """A text that should be a checkpoint is none."""

    code = "ledger.checkpoint-not-readable"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"This is no checkpoint: {what}. Nothing was checked against it. "
            "Ask whoever gave it to you for the file as it was signed."
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger at a time.

    Attributes:
        origin: Name of the ledger, the same for ever; one line.
        size: Number of entries.
        root: 32-byte root of the tree over them.
    """

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def __str__(self) -> str:
        """Tell origin, size and the beginning of the root."""
        entries = "1 entry" if self.size == 1 else f"{self.size:,} entries"
        return f"{self.origin}, {entries}, root {self.root.hex()[:16]}"


def parse_checkpoint(text: str) -> Checkpoint:
    r"""Read the text of a checkpoint. Lines after the third are none of ours, and allowed.

    Raises:
        UnreadableCheckpointError: It is not of that form.

    >>> parse_checkpoint("example.org/log\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n").size
    1
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise UnreadableCheckpointError(what="it is not made of three lines")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size) or int(size) > LARGEST_SIZE:
        raise UnreadableCheckpointError(what="its second line is no number of entries")
    return Checkpoint(origin, int(size), decode_hash(root))


def decode_hash(text: str) -> bytes:
    """Return the 32 bytes that a line of base64 stands for.

    Raises:
        UnreadableCheckpointError: It is not the one way to write a hash.
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableCheckpointError(what="a hash in it is no base64") from error
    if len(found) != HASH_BYTES or base64.b64encode(found).decode() != text:
        raise UnreadableCheckpointError(what=f"a hash in it is not {HASH_BYTES} bytes")
    return found
