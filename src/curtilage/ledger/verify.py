"""Verify the whole ledger, and say which entry is wrong, and how.

Rules of this file:

* Each entry is hashed again from its own bytes; nothing that is kept beside them is believed.
* It is held against everything that speaks of it: its hash, its columns, its neighbours, the tree, each
  checkpoint that was signed, copies that others hold, its private bodies.
* It goes on after a fault, so that all of them are told, each with its place and never with a value.
* What a ledger cannot prove is written in ``docs/explanation/what-the-ledger-proves.md``.

Source:
    rfc6962, section 2.1; c2sp-tlog-checkpoint; decision 0025.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.progress import Progress, Quiet
from curtilage.ledger._bodies import BodyCheck
from curtilage.ledger._entries import EntryCheck
from curtilage.ledger.checkpoints import Checkpoint, parse_checkpoint
from curtilage.ledger.keys import Key
from curtilage.ledger.notes import open_note
from curtilage.ledger.nouns import Row
from curtilage.ledger.ports import Store
from curtilage.ledger.signing import KEPT, list_checkpoints, open_checkpoint, read_checkpoint
from curtilage.ledger.tiles import TileFolder
from curtilage.ledger.tree import TILE_HEIGHT, TILE_WIDTH, CompactRange, Hashes, hash_leaf

_PAGE: Final = 2048
MOST_FAULTS: Final = 1000
"""Faults that are told; what has more is not read further."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        position: 0-based position of the entry; None where it is about no single one.
        what: What is wrong, one clause without a full stop. Never a resident's value.
    """

    position: int | None
    what: str

    def __str__(self) -> str:
        """Render as ``entry 12: what``."""
        return self.what if self.position is None else f"entry {self.position}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found.

    Attributes:
        size: Entries that were verified.
        root: The root over them, computed anew.
        checkpoints: Signed checkpoints that it was held against.
        signatures: Signatures of known keys that hold.
        faults: What is wrong, in the order in which it was met; empty where nothing is.
    """

    size: int
    root: bytes
    checkpoints: int
    signatures: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Claim:
    """A checkpoint that the ledger is held against when it has that size."""

    what: str
    head: Checkpoint
    signatures: int
    holds: bool = True


@dataclass(slots=True)
class _Work:
    """One verification under way."""

    keys: Sequence[Key]
    faults: list[Fault] = field(default_factory=list)
    claims: dict[int, list[_Claim]] = field(default_factory=dict)
    edge: CompactRange = field(default_factory=CompactRange)

    def fault(self, what: str, position: int | None = None) -> None:
        self.faults.append(Fault(position, what))

    def is_full(self) -> bool:
        return len(self.faults) >= MOST_FAULTS

    def take(self, what: str, raw: bytes, *, by_all: bool = False) -> Checkpoint | None:
        """Take a checkpoint, to be compared when the ledger has its size; None where it does not hold.

        Keys come and go: of those that are known, one must have signed it, and no line of theirs may be
        wrong. ``by_all`` wants a line of each.
        """
        try:
            head, signed = self._open(raw, by_all=by_all)
        except EvidenceError as error:
            self.fault(f"{what} does not hold: {getattr(error, 'what', error)}")
            return None
        self.claims.setdefault(head.size, []).append(_Claim(what, head, signed))
        return head

    def _open(self, raw: bytes, *, by_all: bool) -> tuple[Checkpoint, int]:
        if not self.keys:
            return read_checkpoint(raw), 0
        if by_all:
            head, signed = open_checkpoint(raw, self.keys)
        else:
            text, signed = open_note(raw, self.keys)
            head = parse_checkpoint(text)
        return head, len(signed)


def verify_store(
    store: Store,
    *,
    keys: Sequence[Key] = (),
    old: Sequence[tuple[str, bytes]] = (),
    tiles: TileFolder | None = None,
    progress: Progress | None = None,
) -> Verified:
    """Verify a ledger in its store.

    Args:
        store: Where it lies.
        keys: Of these one must have signed each checkpoint, and no line of theirs may be wrong; none, and
            signatures are not checked.
        old: Copies of checkpoints that somebody else held, each with its name.
        tiles: A folder of tiles, to be compared hash by hash; finds the very entry that was changed
            together with its hash.
        progress: Told of the entries.

    Returns:
        What was found. An empty ledger has nothing wrong, unless something was signed.
    """
    work = _Work(keys)
    _take_claims(work, old, tiles)
    _take_kept(work, store)
    _compare_claims(work)  # those of an empty ledger
    entries, bodies = EntryCheck(work.fault), BodyCheck(work.fault)
    size, told = store.count(), len(work.faults)
    shown = progress or Quiet()
    shown.start("Verifying", size, unit="entries")
    with ThreadPoolExecutor(1) as beside:
        inspected = beside.submit(store.inspect)  # the database looks at its own pages meanwhile
        for rows in _runs(work, store, size):
            for row, said in entries.check_all(rows):
                bodies.note(row.position, said)
            if tiles is not None:
                for row in rows:
                    _compare(work, tiles, row)
            _add(work, [row.leaf for row in rows], store.hashes, is_whole=not entries.gaps)
            shown.step(len(rows))
            if work.is_full():
                break
    shown.finish()
    work.faults[told:told] = [Fault(None, f"the store itself: {what}") for what in inspected.result()]
    if entries.gaps:
        work.fault(
            f"what was signed over more than {entries.gaps[0]:,} entries cannot be compared: some are gone"
        )
    elif work.edge.size == size:
        _check_edge(work, store)
    elif not work.is_full():
        work.fault(f"it has {size:,} entries by its own count, and {work.edge.size:,} of them are there")
    bodies.finish(store, size)
    _check_other_kept(work, store)
    return _conclude(work)


def verify_tiles(
    folder: TileFolder,
    *,
    keys: Sequence[Key] = (),
    old: Sequence[tuple[str, bytes]] = (),
    progress: Progress | None = None,
) -> Verified:
    """Verify a folder of tiles by itself: its tree, its entries, its checkpoint.

    Args:
        folder: The folder.
        keys: All of these must have signed the folder's checkpoint; none, and signatures are not checked.
        old: As in :func:`verify_store`.
        progress: Told of the entries.
    """
    work = _Work(keys)
    _take_claims(work, old, folder, by_all=True)
    entries = EntryCheck(work.fault)
    shown = progress or Quiet()
    shown.start("Verifying", folder.head.size, unit="entries")
    for index in range(-(-folder.head.size // TILE_WIDTH)):
        _verify_tile(work, folder, index, entries)
        shown.step(folder.width(0, index))
        if work.is_full():
            break
    shown.finish()
    if work.edge.size == folder.head.size:
        _check_files(work, folder)
    return _conclude(work)


def _take_claims(
    work: _Work, old: Sequence[tuple[str, bytes]], tiles: TileFolder | None, *, by_all: bool = False
) -> None:
    for name, raw in old:
        work.take(name, raw)
    if tiles is not None:
        work.take("the folder's checkpoint", tiles.note, by_all=by_all)
    _check_origins(work)


def _take_kept(work: _Work, store: Store) -> None:
    for size, name in list_checkpoints(store):
        what = f"the checkpoint over {size:,} entries"
        try:
            raw = store.find_kept(name)
        except EvidenceError:
            work.fault(f"{what}, as it is kept, was changed")
            continue
        head = work.take(what, raw) if raw is not None else None
        if head is not None and head.size != size:
            work.fault(f"{what} is kept under the name of another one")
    _check_origins(work)


def _check_other_kept(work: _Work, store: Store) -> None:
    """Read what else is kept beside the log: no proof rests on it, but state begins with it."""
    for name in (each for each in store.list_kept() if not each.startswith(KEPT)):
        try:
            store.find_kept(name)
        except EvidenceError:
            work.fault(f"what is kept as {name} was changed: make it anew with curtilage ledger rebuild")


def _check_origins(work: _Work) -> None:
    origins = sorted({claim.head.origin for claims in work.claims.values() for claim in claims})
    what = f"its checkpoints are of several ledgers: {', '.join(origins)}"
    if len(origins) > 1 and all(fault.what != what for fault in work.faults):
        work.fault(what)


def _pages(store: Store, size: int) -> Iterator[Sequence[Row]]:
    after = -1
    while after < size - 1 and (rows := store.read_rows(after=after, limit=min(_PAGE, size - 1 - after))):
        yield rows
        after = rows[-1].position


def _runs(work: _Work, store: Store, size: int) -> Iterator[Sequence[Row]]:
    """Give the rows in runs that end where a hash above is complete, or where something was signed."""
    signed = sorted(work.claims, reverse=True)
    for rows in _pages(store, size):
        taken = 0
        while taken < len(rows):
            begun = work.edge.size
            while signed and signed[-1] <= begun:
                signed.pop()
            end = min((begun | (TILE_WIDTH - 1)) + 1, signed[-1] if signed else size)
            run = rows[taken : taken + max(1, end - begun)]
            taken += len(run)
            yield run


def _add(work: _Work, leaves: Sequence[bytes], hashes: Hashes, *, is_whole: bool = True) -> None:
    """Add leaf hashes to the tree, and compare all that this completes.

    Args:
        work: The verification.
        leaves: As they are kept; that one is not the hash of its entry is a fault of its own.
        hashes: What is kept of the tree.
        is_whole: False once an entry is missing, and nothing above can be right.
    """
    completed = work.edge.extend(leaves)
    if not is_whole:
        return
    for level, index, above in completed:
        _compare_node(work, hashes, level, index, above)
    if work.edge.size in work.claims:
        _compare_claims(work)


def _compare_node(work: _Work, hashes: Hashes, level: int, index: int, above: bytes) -> None:
    kept: Sequence[bytes] = ()
    with suppress(EvidenceError):
        kept = hashes(level, index, 1)
    if tuple(kept) != (above,):
        first = index << (TILE_HEIGHT * level)
        last = ((index + 1) << (TILE_HEIGHT * level)) - 1
        word = "is not theirs" if kept else "is missing"
        work.fault(f"the hash over entries {first:,} to {last:,} {word}: one of them was changed, or it was")


def _compare_claims(work: _Work) -> None:
    for claim in work.claims.get(work.edge.size, ()):
        if claim.head.root != work.edge.find_root():
            claim.holds = False
            work.fault(_contradiction(work, claim))


def _contradiction(work: _Work, claim: _Claim) -> str:
    """Say between which checkpoints a change lies."""
    proved = (size for size, claims in work.claims.items() if all(each.holds for each in claims))
    good = max((size for size in proved if size < claim.head.size), default=0)
    return (
        f"{claim.what} has another root: an entry from {good:,} to {claim.head.size - 1:,} was changed, "
        "added or removed after it was signed"
    )


def _compare(work: _Work, tiles: TileFolder, row: Row) -> None:
    """Compare an entry with the folder's copy of its hash."""
    if row.position >= tiles.head.size:
        return
    try:
        copy = tiles.hashes(0, row.position, 1)
    except EvidenceError as error:
        if row.position % TILE_WIDTH == 0:
            work.fault(f"the folder's tile: {error}", row.position)
        return
    if tuple(copy) != (hash_leaf(row.entry),):
        work.fault("it is not the one that the folder of tiles has", row.position)


def _check_edge(work: _Work, store: Store) -> None:
    """Look for hashes beyond the end, and for checkpoints that speak of more entries than there are."""
    size, level = work.edge.size, 1
    while size >> (TILE_HEIGHT * (level - 1)):
        count = size >> (TILE_HEIGHT * level)
        if store.count() == size and store.hashes(level, count, 1):
            work.fault(f"the tree has hashes of level {level} beyond its end")
        level += 1
    _check_beyond(work)


def _check_beyond(work: _Work) -> None:
    for size in sorted(each for each in work.claims if each > work.edge.size):
        for claim in work.claims[size]:
            work.fault(
                f"{claim.what} speaks of {size:,} entries, and {work.edge.size:,} are there: the last were removed"
            )


def _verify_tile(work: _Work, folder: TileFolder, index: int, entries: EntryCheck) -> None:
    first, width = index * TILE_WIDTH, folder.width(0, index)
    try:
        leaves = tuple(folder.hashes(0, first, width))
        bundle = folder.read_entries(index)
    except EvidenceError as error:
        work.fault(str(error), first)
        return
    for offset, (leaf, raw) in enumerate(zip(leaves, bundle, strict=True)):
        entries.check_bytes(raw, leaf, first + offset)
        if work.edge.size == first + offset:
            _add(work, [leaf], folder.hashes)


def _check_files(work: _Work, folder: TileFolder) -> None:
    """Check what no entry led to: the length of tiles above the leaves, and files of older checkpoints."""
    level = 1
    while count := folder.head.size >> (TILE_HEIGHT * level):
        for start in range(0, count, TILE_WIDTH):
            try:
                folder.hashes(level, start, 1)
            except EvidenceError as error:
                work.fault(f"a tile is not whole: {error}")
        level += 1
    for what in folder.list_odd_files():
        work.fault(what)
    _check_beyond(work)


def _conclude(work: _Work) -> Verified:
    claims = [claim for claims in work.claims.values() for claim in claims]
    return Verified(
        size=work.edge.size,
        root=work.edge.find_root(),
        checkpoints=len(claims),
        signatures=sum(claim.signatures for claim in claims),
        faults=tuple(work.faults),
    )
