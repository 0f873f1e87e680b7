"""Bring a ledger that was put back from a backup up to the tiles that were published.

Rules of this file:

* Only entries that a checkpoint covers, signed by keys that are trusted, are taken, and only where the
  ledger is the beginning of what the tiles hold. Otherwise nothing is changed.
* They are taken as they are, byte by byte: every checkpoint and proof holds as before.
* A private body that was destroyed since the backup is destroyed again, in the same step.
* A private body that was recorded since the backup is lost, since tiles hold none. That is recorded, with
  its reason, so that nobody takes it for tampering.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.keys import Key
from curtilage.ledger.nouns import Actor, BodyRef, Entry, Event, Row, leaf_of
from curtilage.ledger.ports import Addition, Head
from curtilage.ledger.record import BODY_DESTROYED, Record
from curtilage.ledger.signing import ForkError
from curtilage.ledger.tiles import TileFolder
from curtilage.ledger.tree import TILE_WIDTH, find_root
from curtilage.ledger.verify import verify_tiles

LOST: Final = (
    "Lost: the ledger was put back from a backup and brought up to its published tiles, which hold none."
)
"""Why a private body is gone that was recorded after the backup."""


class BadTilesError(EvidenceError):
    """The tiles themselves do not hold."""

    code = "ledger.tiles-do-not-hold"

    def __init__(self, *, faults: int, first: str) -> None:
        self.faults, self.first = faults, first
        super().__init__(
            f"The tiles have {faults} faults, the first of them: {first}. Nothing was recovered. "
            "Look for another copy of them: a witness, the oversight body, whoever mirrors them."
        )


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was brought back.

    Attributes:
        before: Entries that the ledger had.
        size: Entries that the tiles have; the ledger now has them all.
        destroyed: Private bodies that were destroyed again.
        lost: Private bodies that are lost; an entry says so of each.
    """

    before: int
    size: int
    destroyed: int
    lost: int


def recover(ledger: Record, tiles: TileFolder, keys: Sequence[Key], *, by: Actor) -> Recovered:
    """Append what the tiles hold and the ledger lacks.

    Args:
        ledger: The ledger, as it was put back.
        tiles: A copy of what was published.
        keys: All of these must have signed the tiles' checkpoint; at least one.
        by: Who does it; named in the entries about bodies that are lost.

    Effects:
        Appends entries, destroys private bodies, records which are lost. Interrupted while it appends, it
        is finished by doing it again.

    Raises:
        BadTilesError: The tiles do not hold, or no key was given.
        ForkError: The ledger is not the beginning of what the tiles hold.
    """
    found = verify_tiles(tiles, keys=keys)
    if found.faults or not keys:
        first = str(found.faults[0]) if found.faults else "no key was named that must have signed them"
        raise BadTilesError(faults=max(1, len(found.faults)), first=first)
    store, before = ledger.store, ledger.count()
    size = tiles.head.size
    shared = min(before, size)
    if find_root(store.hashes, shared) != find_root(tiles.hashes, shared):
        raise ForkError(what=f"its first {shared:,} entries are not those in the tiles")
    if before >= size:
        return Recovered(before, size, 0, 0)
    destroyed = sum(_append(ledger, entry) for entry in _entries(tiles, before))
    if destroyed:
        store.scrub()
    return Recovered(before, size, destroyed, _record_lost(ledger, before, size, by))


def _entries(tiles: TileFolder, first: int) -> Iterator[bytes]:
    for index in range(first // TILE_WIDTH, -(-tiles.head.size // TILE_WIDTH)):
        yield from tiles.read_entries(index)[max(0, first - index * TILE_WIDTH) :]


def _append(ledger: Record, raw: bytes) -> bool:
    """Append one entry as it is; return whether a private body went with it."""
    entry = Entry.from_bytes(raw)
    row = Row(entry.position, entry.stream, entry.number, entry.kind, raw, leaf_of(raw))
    gone = str(entry.data.get("commitment", "")) if entry.kind == BODY_DESTROYED else ""
    is_there = bool(gone) and ledger.store.find_body(gone) is not None

    def build(head: Head) -> Addition:
        if (head.size, head.version) != (entry.position, entry.number - 1):
            raise ForkError(what=f"somebody else recorded entry {entry.position:,} meanwhile")
        return Addition((row,), destroyed=gone if is_there else "")

    ledger.store.add(entry.stream, build)
    return is_there


def _record_lost(ledger: Record, before: int, size: int, by: Actor) -> int:
    """Record each private body that entries name, that is not there, and of which nothing says why."""
    lost = 0
    named = (
        ref for entry in ledger.read_all(after=before - 1) if entry.position < size for ref in entry.bodies
    )
    for ref in list(named):
        grave = f"ledger/body-{ref.commitment}"
        if ledger.store.find_body(ref.commitment) is None and not ledger.read(grave):
            ledger.append(grave, 0, [_lost(ref)], by=by)
            lost += 1
    return lost


def _lost(ref: BodyRef) -> Event:
    return Event(BODY_DESTROYED, {"commitment": ref.commitment, "reason": LOST, "series": ref.series})
