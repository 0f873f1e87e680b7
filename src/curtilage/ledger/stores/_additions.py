"""What the stores share: the hashes that an addition completes, and the digest of what is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from curtilage.ledger.errors import NotKeptError
from curtilage.ledger.ports import Addition
from curtilage.ledger.tree import TILE_WIDTH, Hashes, complete_tiles

BEYOND: Final = "{} hashes lie where the tree has none yet"
"""What a store says of hashes that no append wrote."""


def completed(addition: Addition, stored: Hashes) -> list[tuple[int, int, bytes]]:
    """Return the hashes above the leaves that an addition completes: ``(level, index, hash)``.

    Args:
        addition: Its rows follow what is stored.
        stored: The hashes before the addition.
    """
    first = addition.rows[0].position
    size = first + len(addition.rows)
    if first // TILE_WIDTH == size // TILE_WIDTH:
        return []
    # The new hashes of each level, and where the first of them stands.
    new: dict[int, tuple[int, list[bytes]]] = {0: (first, [row.leaf for row in addition.rows])}

    def hashes(level: int, start: int, count: int) -> Sequence[bytes]:
        begin, held = new.get(level, (start + count, []))
        if start >= begin:
            return held[start - begin : start - begin + count]
        old = stored(level, start, min(count, begin - start))
        return (*old, *held[: start + count - begin])

    given = []
    for level, index, node in complete_tiles(hashes, first, size):
        new.setdefault(level, (index, []))[1].append(node)
        given.append((level, index, node))
    return given


def wrap(value: bytes) -> bytes:
    """Return what is kept with its SHA-256 in front."""
    return hashlib.sha256(value).digest() + value


def unwrap(name: str, kept: bytes | None) -> bytes | None:
    """Return what was wrapped.

    Raises:
        NotKeptError: A byte was changed.
    """
    if kept is None:
        return None
    digest, value = kept[:32], kept[32:]
    if hashlib.sha256(value).digest() != digest:
        raise NotKeptError(name=name)
    return value
