"""The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, and their verifiers.

Rules of this file:

* A tree of ``size`` leaves needs only what :data:`Hashes` gives: the leaf hashes (level 0), and for each
  256 hashes of a level the one above them. These are the tiles of C2SP tlog-tiles, so that a database and
  a folder of tiles are read by the same code, and a proof at ten million leaves reads some hundred hashes.
* A hash is 32 bytes, a proof is about a tree with leaves. Anything else is refused: an empty hash that
  equals an empty hash proves nothing.
* Whoever appends calls :func:`complete_tiles` in the same transaction.

Source:
    rfc6962, section 2.1; rfc9162, sections 2.1.3.2 and 2.1.4.2 (verifiers); c2sp-tlog-tiles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from curtilage.foundation.errors import EvidenceError

HASH_BYTES: Final = 32
"""Length of every hash: SHA-256."""

TILE_HEIGHT: Final = 8
"""Levels of the tree between two levels of tiles."""

TILE_WIDTH: Final = 1 << TILE_HEIGHT
"""Hashes in a full tile."""

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""``hashes(level, start, count)``: ``count`` hashes of a level of tiles, from the ``start``-th on.

Level 0 is the leaf hashes; one hash of level L+1 is the root over 256 hashes of level L, so the number of
hashes of level L is ``size >> (8 * L)``. ``count`` is from 1 to 256, and never crosses a full tile.
"""


class ProofMismatchError(EvidenceError):
    """A proof does not lead to the root that it should."""

    code = "ledger.proof-mismatch"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"The proof fails: {what}. Nothing was changed. Keep both files as they are, "
            "ask the city for the proof once more, and tell the oversight body if it fails again."
        )


class MissingHashesError(EvidenceError):
    """The tree lacks hashes that it must have for its size."""

    code = "ledger.missing-hashes"

    def __init__(self, *, level: int, start: int, count: int, found: int) -> None:
        self.level, self.start, self.count, self.found = level, start, count, found
        super().__init__(
            f"The tree should hold {count} hashes from {start} on at level {level}, and {found} were found. "
            "Nothing was changed. Run: curtilage ledger verify"
        )


def hash_leaf(data: bytes) -> bytes:
    """Return the 32-byte hash of a leaf: SHA-256 of 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of an inner node: SHA-256 of 0x01, the left hash and the right one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_tiles(hashes: Hashes, before: int, after: int) -> Iterator[tuple[int, int, bytes]]:
    """Give the hashes of the levels above the leaves that an append from ``before`` to ``after`` completes.

    Args:
        hashes: Must see the new leaf hashes, and each hash given here before the next one is asked for.
        before: Number of leaves before the append.
        after: Number of leaves after it, at least ``before``.

    Returns:
        ``(level, index, hash)``, lower levels first, to be kept for ever: they never change. Most appends
        complete none; on average one hash for 255 leaves.
    """
    level = 1
    while after >> (TILE_HEIGHT * level):
        for index in range(before >> (TILE_HEIGHT * level), after >> (TILE_HEIGHT * level)):
            yield level, index, _fold(_read(hashes, level - 1, index * TILE_WIDTH, TILE_WIDTH))
        level += 1


def find_root(hashes: Hashes, size: int) -> bytes:
    """Return the root of the tree of the first ``size`` leaves."""
    return _root(hashes, 0, size) if size else EMPTY_ROOT


def prove_inclusion(hashes: Hashes, index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that leaf ``index`` is in the tree of ``size`` leaves, from the leaf upwards.

    Raises:
        ValueError: ``index`` is not below ``size``, or is negative.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(_root(hashes, middle, end))
            end = middle
        else:
            proof.append(_root(hashes, begin, middle))
            begin = middle
    return tuple(reversed(proof))


def prove_consistency(hashes: Hashes, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of ``old`` leaves is the beginning of that of ``new`` leaves.

    Returns:
        Empty where ``old`` is 0 or equals ``new``.

    Raises:
        ValueError: ``old`` is negative or above ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves does not begin with one of {old}.")
    if old in {0, new}:
        return ()
    proof: list[bytes] = []
    begin, end, is_whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_root(hashes, middle, end))
            end = middle
        else:
            proof.append(_root(hashes, begin, middle))
            begin, is_whole = middle, False
    if not is_whole:
        proof.append(_root(hashes, begin, end))
    return tuple(reversed(proof))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash ``leaf`` stands at ``index`` in the tree of ``size`` leaves with ``root``.

    Raises:
        ProofMismatchError: It does not, or one of the arguments cannot be right.

    Source:
        rfc9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofMismatchError(what=f"there is no entry {index} in a tree of {size}")
    _check_hashes(leaf, *proof, root)
    at, last, found = index, size - 1, leaf
    for step in proof:
        if not last:
            raise ProofMismatchError(what="it has too many hashes")
        if at & 1 or at == last:
            found = hash_children(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hash_children(found, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofMismatchError(what="it has too few hashes")
    if found != root:
        raise ProofMismatchError(what=f"entry {index} is not in the tree of {size} with that root")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    Args:
        old: Leaves of the old tree, at least 1: an empty tree is the beginning of any, and proves nothing.
        new: Leaves of the new tree, at least ``old``.
        proof: As :func:`prove_consistency` returns it.
        old_root: Root of the old tree.
        new_root: Root of the new tree.

    Raises:
        ProofMismatchError: It does not, or one of the arguments cannot be right.

    Source:
        rfc9162, section 2.1.4.2.
    """
    if not 0 < old <= new:
        raise ProofMismatchError(what=f"a tree of {new} cannot continue one of {old}")
    _check_hashes(*proof, old_root, new_root)
    if old == new:
        if proof or old_root != new_root:
            raise ProofMismatchError(what=f"there are two different trees of {new}")
        return
    steps = (old_root, *proof) if old & (old - 1) == 0 else tuple(proof)
    if not proof or not steps:
        raise ProofMismatchError(what="it has too few hashes")
    found_old, found_new = _climb(old, new, steps)
    if (found_old, found_new) != (old_root, new_root):
        raise ProofMismatchError(what=f"the tree of {new} does not continue the tree of {old}")


def _climb(old: int, new: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that the steps of a consistency proof lead to."""
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if not last:
            raise ProofMismatchError(what="it has too many hashes")
        if at & 1 or at == last:
            found_old, found_new = hash_children(step, found_old), hash_children(step, found_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found_new = hash_children(found_new, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofMismatchError(what="it has too few hashes")
    return found_old, found_new


class CompactRange:
    """The right edge of a growing tree: of each level of tiles the one that is not full, and nothing else.

    A million leaves are hashed in a second or two, and in the memory of a few tiles.

    >>> tree = CompactRange()
    >>> tree.append(hash_leaf(b""))
    ()
    >>> tree.find_root().hex()[:16]
    '6e340b9cffb37a98'
    """

    __slots__ = ("_tiles", "size")

    def __init__(self, hashes: Hashes | None = None, size: int = 0) -> None:
        """Begin with the empty tree, or go on from the first ``size`` leaves of one that is kept.

        Args:
            hashes: Of the tree that is kept; a few hundred are read.
            size: Number of its leaves to begin with.
        """
        self.size = size
        self._tiles: list[list[bytes]] = []
        while hashes and (count := size >> (TILE_HEIGHT * len(self._tiles))):
            width = count % TILE_WIDTH
            tile = _read(hashes, len(self._tiles), count - width, width) if width else ()
            self._tiles.append(list(tile))
        self._tiles = self._tiles or [[]]

    def append(self, leaf: bytes) -> Sequence[tuple[int, int, bytes]]:
        """Add one leaf hash at the end.

        Returns:
            The hashes of the levels above that it completes, as :func:`complete_tiles` gives them.
        """
        self.size += 1
        tile = self._tiles[0]
        tile.append(leaf)
        return () if len(tile) < TILE_WIDTH else self._complete()

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaf hashes at the end, in order; return what they complete, as :meth:`append` does."""
        done, taken = list[tuple[int, int, bytes]](), 0
        while taken < len(leaves):
            tile = self._tiles[0]
            piece = leaves[taken : taken + TILE_WIDTH - len(tile)]
            tile.extend(piece)
            self.size += len(piece)
            taken += len(piece)
            if len(tile) == TILE_WIDTH:
                done += self._complete()
        return done

    def find_root(self) -> bytes:
        """Return the root; that of the empty tree where there is no leaf."""
        return find_root(self._read, self.size)

    def _complete(self) -> list[tuple[int, int, bytes]]:
        done: list[tuple[int, int, bytes]] = []
        for level, tile in enumerate(self._tiles, start=1):
            if len(tile) < TILE_WIDTH:
                break
            above = _fold(tile)
            tile.clear()
            if level == len(self._tiles):
                self._tiles.append([])
            self._tiles[level].append(above)
            done.append((level, (self.size >> (TILE_HEIGHT * level)) - 1, above))
        return done

    def _read(self, level: int, start: int, count: int) -> Sequence[bytes]:
        start %= TILE_WIDTH  # a root is made of the tiles at the edge only
        return self._tiles[level][start : start + count]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes that lie in memory; that of the empty tree where there is none."""
    if not leaves:
        return EMPTY_ROOT
    return _join(
        [_fold(leaves[index << height : (index + 1) << height]) for height, index in _parts(0, len(leaves))]
    )


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes whose number is a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=True)
        ]
    return level[0]


def _join(edge: Sequence[bytes]) -> bytes:
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = hash_children(left, root)
    return root


def _root(hashes: Hashes, begin: int, end: int) -> bytes:
    """Return the root over leaves ``begin`` to ``end``, where ``begin`` is where a subtree may begin."""
    return _join([_complete(hashes, height, index) for height, index in _parts(begin, end)])


def _parts(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the complete subtrees between two leaves, the largest first, as ``(height, index)``."""
    while begin < end:
        height = (end - begin).bit_length() - 1
        yield height, begin >> height
        begin += 1 << height


def _complete(hashes: Hashes, height: int, index: int) -> bytes:
    level, rest = divmod(height, TILE_HEIGHT)
    return _fold(_read(hashes, level, index << rest, 1 << rest))


def _read(hashes: Hashes, level: int, start: int, count: int) -> Sequence[bytes]:
    found = hashes(level, start, count)
    if len(found) != count or any(len(each) != HASH_BYTES for each in found):
        raise MissingHashesError(level=level, start=start, count=count, found=len(found))
    return found


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofMismatchError(what=f"a hash is not {HASH_BYTES} bytes long")
