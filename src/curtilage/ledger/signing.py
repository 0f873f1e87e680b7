"""Sign the ledger's head, and check what was signed.

Rules of this file:

* A checkpoint is signed only if the ledger still begins with everything that was signed before. A ledger
  that was restored from an old backup, or rewritten, gets no signature.
* What is new since the last checkpoint is hashed again from the entries themselves before it is signed.
* Every checkpoint that was signed is kept beside the log, with the cosignatures that witnesses gave.
* A reader names the keys that it trusts, and every one of them must have signed.

Source:
    c2sp-tlog-checkpoint ("MUST not sign any checkpoint which is inconsistent").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from curtilage.foundation.errors import EvidenceError, SourceError, UsageError
from curtilage.ledger.checkpoints import Checkpoint, parse_checkpoint
from curtilage.ledger.keys import Key, Signer, key_of
from curtilage.ledger.notes import (
    Signature,
    Signed,
    UntrustedNoteError,
    add_signatures,
    open_note,
    parse_note,
    sign_text,
)
from curtilage.ledger.ports import Store
from curtilage.ledger.tree import CompactRange, find_root, hash_leaf

KEPT: Final = "checkpoint/"
"""What the names of kept checkpoints begin with; their size in 20 digits follows."""

_LOCK: Final = "sign-checkpoint"
_PAGE: Final = 1000


class EmptyLedgerError(UsageError):
    """There is nothing to sign or to prove yet."""

    code = "ledger.empty"

    def __init__(self) -> None:
        super().__init__(
            "The ledger has no entry yet. Nothing was signed. Checkpoints begin with the first thing that a "
            "room records, for example: curtilage retention plan"
        )


class NoCheckpointError(UsageError):
    """No checkpoint was signed that this needs."""

    code = "ledger.no-checkpoint"

    def __init__(self, *, size: int) -> None:
        self.size = size
        super().__init__(
            f"No checkpoint over the first {size:,} entries was signed. Nothing was written. "
            "Sign one with: curtilage ledger checkpoint"
        )


class BusyError(SourceError):
    """Another process is signing."""

    code = "ledger.signing-elsewhere"

    def __init__(self) -> None:
        super().__init__(
            "Another process is signing a checkpoint now. Nothing was signed here. Try again in a moment."
        )


class ForkError(EvidenceError):
    """The ledger does not continue what was signed before."""

    code = "ledger.fork"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"The ledger does not continue what was signed before: {what}. Nothing was signed or written. "
            "Was it restored from a backup, or changed? Tell the oversight body, and keep both copies."
        )


def sign_now(store: Store, *, origin: str, signers: Sequence[Signer], at: datetime) -> bytes:
    """Sign the ledger as it stands, and keep the checkpoint.

    Args:
        store: Where the ledger lies.
        origin: Name of the ledger, the same for ever.
        signers: The keys of the ledger, at least one; each gives a line.
        at: The present moment.

    Returns:
        The signed note. Where the ledger has not grown, the one that was signed before, with the
        cosignatures that it got, and with a line of each key that had not signed yet.

    Effects:
        Keeps the note in the store.

    Raises:
        EmptyLedgerError: There is no entry.
        ForkError: The ledger does not begin with what was signed before.
        BusyError: Another process is signing.
    """
    with store.only_one(_LOCK) as mine:
        if not mine:
            raise BusyError
        head = _weigh(store, origin, find_last(store))
        text = head.to_text()
        kept = find_checkpoint(store, head.size)
        known = {(each.name, each.key_id) for each in (parse_note(kept).signatures if kept else ())}
        lines = [
            sign_text(text, origin, signer, at)
            for signer in signers
            if (origin, key_of(origin, signer).id) not in known
        ]
        return _keep(store, head, kept, lines)


def _weigh(store: Store, origin: str, last: bytes | None) -> Checkpoint:
    """Return the head as it may be signed."""
    size = store.count()
    if not size:
        raise EmptyLedgerError
    edge = CompactRange()
    if last is not None:
        old = read_checkpoint(last)
        check_continues(store, old, origin, size)
        edge = CompactRange(store.hashes, old.size)
    while edge.size < size:
        for row in store.read_rows(after=edge.size - 1, limit=min(_PAGE, size - edge.size)):
            if row.position != edge.size or hash_leaf(row.entry) != row.leaf:
                raise ForkError(what=f"entry {edge.size} is missing, or does not match its hash")
            edge.append(row.leaf)
    root = edge.find_root()
    if root != find_root(store.hashes, size):
        raise ForkError(what="its tree is not that of its entries")
    return Checkpoint(origin, size, root)


def check_continues(store: Store, old: Checkpoint, origin: str, size: int) -> None:
    """Check that a ledger of ``size`` entries begins with what an old checkpoint says.

    Raises:
        ForkError: It does not, or the checkpoint is one of another ledger.
    """
    if old.origin != origin:
        raise ForkError(what=f"it was signed as {old.origin}, and is called {origin} now")
    if old.size > size:
        raise ForkError(what=f"{old.size:,} entries were signed, and it has {size:,}")
    if find_root(store.hashes, old.size) != old.root:
        raise ForkError(what=f"its first {old.size:,} entries are not those that were signed")


def _keep(store: Store, head: Checkpoint, kept: bytes | None, lines: Sequence[Signature]) -> bytes:
    if kept is not None:
        note = add_signatures(kept, lines) if lines else kept
    else:
        if not lines:
            raise ValueError("A checkpoint needs a key that signs it.")
        note = f"{head.to_text()}\n{''.join(each.to_line() for each in lines)}".encode()
    if note != kept:
        store.keep(_name(head.size), note)
    return note


def keep_cosignatures(store: Store, size: int, lines: Sequence[Signature]) -> bytes:
    """Add to a kept checkpoint what witnesses signed; the caller has checked it.

    Effects:
        Keeps the longer note in the store.

    Raises:
        NoCheckpointError: None of that size is kept.
        BusyError: Another process is signing.
    """
    with store.only_one(_LOCK) as mine:
        if not mine:
            raise BusyError
        kept = find_checkpoint(store, size)
        if kept is None:
            raise NoCheckpointError(size=size)
        note = add_signatures(kept, lines)
        store.keep(_name(size), note)
        return note


def open_checkpoint(raw: bytes, keys: Sequence[Key]) -> tuple[Checkpoint, tuple[Signed, ...]]:
    """Check a signed checkpoint.

    Args:
        raw: The note.
        keys: Those that the reader trusts: of the ledger, and of witnesses. Each must have signed, and one
            of them must be the ledger's own, which has the checkpoint's origin for its name.

    Returns:
        The checkpoint, and who signed it, when.

    Raises:
        EvidenceError: It is no signed checkpoint, or a signature is missing or does not hold.
    """
    text, signed = open_note(raw, keys)
    head = parse_checkpoint(text)
    found = {each.key for each in signed}
    if missing := [key for key in keys if key not in found]:
        raise UntrustedNoteError(what=f"that of {missing[0].name} is missing")
    if not any(key.name == head.origin for key in found):
        raise UntrustedNoteError(
            what=f"none of the keys is called {head.origin}, as the ledger's own must be"
        )
    return head, signed


def read_checkpoint(raw: bytes) -> Checkpoint:
    """Return the checkpoint in a note without checking who signed it.

    Raises:
        EvidenceError: It is no note, or no checkpoint.
    """
    return parse_checkpoint(parse_note(raw).text)


def find_last(store: Store) -> bytes | None:
    """Return the newest checkpoint that was signed; None where there is none."""
    names = store.list_kept(KEPT)
    return store.find_kept(names[-1]) if names else None


def find_checkpoint(store: Store, size: int) -> bytes | None:
    """Return the checkpoint over the first ``size`` entries; None where none was signed."""
    return store.find_kept(_name(size))


def list_checkpoints(store: Store) -> Iterator[tuple[int, str]]:
    """Give the size of each kept checkpoint with the name under which it is kept, the smallest first."""
    for name in store.list_kept(KEPT):
        yield int(name.removeprefix(KEPT)), name


def _name(size: int) -> str:
    return f"{KEPT}{size:020d}"
