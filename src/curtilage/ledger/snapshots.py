"""State is a fold over entries; a snapshot saves folding the same million again.

Rules of this file:

* A snapshot is a copy that can be thrown away: it says up to which entry it goes and the leaf hash of that
  entry, and is taken only where both still stand. ``rebuild`` folds from nothing and compares.
* It lies beside the log for as long as the ledger does, so a state that is written into one holds nothing
  that a private body holds. What comes from bodies is opened again.
* A change of the fold is a new version of the projection, and the old snapshot is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from curtilage.foundation.canonical import JSON, canonical_bytes, fingerprint
from curtilage.ledger.errors import NotKeptError
from curtilage.ledger.nouns import Entry
from curtilage.ledger.record import Record

S = TypeVar("S")

OFTEN: Final = 10_000
"""Chosen: entries that are folded anew before a snapshot is taken; they take about a tenth of a second."""

_PREFIX: Final = "snapshot/"


@dataclass(frozen=True, slots=True)
class Projection(Generic[S]):
    """How a room makes its state of entries.

    Attributes:
        name: Its name, ``ROOM-what``; one projection of that name in the program.
        version: Version of the fold and of the form in which the state is written, from 1.
        start: Gives the state before any entry.
        evolve: Gives the state after an entry: pure, and never refuses what stands.
        write: Turns a state into canonical JSON; nothing from a private body.
        read: The way back.
        kinds: Kinds of entries that it folds; all where empty.
    """

    name: str
    version: int
    start: Callable[[], S]
    evolve: Callable[[S, Entry], S]
    write: Callable[[S], JSON]
    read: Callable[[Any], S]
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class State(Generic[S]):
    """What a fold came to.

    Attributes:
        value: The state.
        size: Number of entries of the ledger that it accounts for.
        folded: How many of them were folded now, not taken from a snapshot.
    """

    value: S
    size: int
    folded: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What folding from nothing showed.

    Attributes:
        name: The projection.
        size: Number of entries that were accounted for.
        is_same: Whether the state with the snapshot was the same; None where there was no snapshot.
    """

    name: str
    size: int
    is_same: bool | None


def load_state(ledger: Record, projection: Projection[S], *, often: int = OFTEN) -> State[S]:
    """Return the present state: from the snapshot where there is one, and the entries since.

    Args:
        ledger: Where the entries stand.
        projection: How they are folded.
        often: Entries folded now from which on a new snapshot is taken.

    Effects:
        May keep a new snapshot, over the one before.

    Raises:
        NotKeptError: A byte of the snapshot was changed.
    """
    begun = _read_snapshot(ledger, projection) or State(projection.start(), 0, 0)
    state = _fold(ledger, projection, begun)
    if state.folded >= often:
        keep_snapshot(ledger, projection, state)
    return state


def keep_snapshot(ledger: Record, projection: Projection[S], state: State[S]) -> None:
    """Keep a state, so that the next one who asks begins there.

    Effects:
        Writes it beside the log, over the one before.
    """
    if not state.size:
        return
    (leaf,) = ledger.store.hashes(0, state.size - 1, 1)
    said: dict[str, JSON] = {
        "leaf": leaf.hex(),
        "size": state.size,
        "state": projection.write(state.value),
        "version": projection.version,
    }
    ledger.store.keep(_PREFIX + projection.name, canonical_bytes(said))


def rebuild(ledger: Record, projection: Projection[S]) -> Rebuilt:
    """Fold from nothing, compare with what the snapshot gives, and keep the new state.

    Effects:
        Keeps a new snapshot, over the one before, whatever that one was.
    """
    fresh, is_same = _compare(ledger, projection)
    keep_snapshot(ledger, projection, fresh)
    return Rebuilt(projection.name, fresh.size, is_same)


def compare_snapshot(ledger: Record, projection: Projection[S]) -> bool | None:
    """Return whether the state with the snapshot is what the entries say; None where there is no snapshot.

    A snapshot carries no signature: who can write the database could have put another state there.
    """
    return _compare(ledger, projection)[1]


def forget_snapshots(ledger: Record) -> tuple[str, ...]:
    """Throw all snapshots away, those of projections that are no more included, and return their names."""
    names = ledger.store.list_kept(_PREFIX)
    for name in names:
        ledger.store.forget(name)
    return tuple(name.removeprefix(_PREFIX) for name in names)


def _compare(ledger: Record, projection: Projection[S]) -> tuple[State[S], bool | None]:
    """Fold from nothing, and with the snapshot."""
    begun: State[S] | None = None
    is_same: bool | None = None
    try:
        begun = _read_snapshot(ledger, projection)
    except NotKeptError:
        is_same = False
    fresh = _fold(ledger, projection, State(projection.start(), 0, 0))
    if begun is not None:
        # Both are brought to one size: others may append while this is counted.
        former = _fold(ledger, projection, begun, size=fresh.size)
        is_same = _digest(projection, former) == _digest(projection, fresh)
    return fresh, is_same


def _fold(ledger: Record, projection: Projection[S], begun: State[S], *, size: int | None = None) -> State[S]:
    size = ledger.count() if size is None else size
    value, folded = begun.value, 0
    if begun.size < size:
        for entry in ledger.read_all(after=begun.size - 1, kinds=projection.kinds):
            if entry.position >= size:
                break
            value = projection.evolve(value, entry)
            folded += 1
    return State(value, max(size, begun.size), folded)


def _read_snapshot(ledger: Record, projection: Projection[S]) -> State[S] | None:
    kept = ledger.store.find_kept(_PREFIX + projection.name)
    if kept is None:
        return None
    said = json.loads(kept)
    if said["version"] != projection.version:
        return None
    leaf = ledger.store.hashes(0, said["size"] - 1, 1)
    if leaf != (bytes.fromhex(said["leaf"]),):
        return None  # of another ledger, or of a time before a backup was put back
    return State(projection.read(said["state"]), said["size"], 0)


def _digest(projection: Projection[S], state: State[S]) -> str:
    return fingerprint(projection.write(state.value))
