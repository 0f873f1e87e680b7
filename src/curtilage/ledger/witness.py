"""A witness: another body, on another machine, that remembers the ledger's last head and refuses a fork.

Rules of this file:

* It signs a head only if it continues the last one that it signed, and keeps it before it answers.
* It needs nothing of the ledger but checkpoints and proofs: no entry reaches it.
* A signed head that contradicts what it has seen is kept as evidence, next to what it contradicts.
* Answers are those of the specification, so that any other ledger or witness can take the place of ours.

Source:
    c2sp-tlog-witness; c2sp-tlog-cosignature.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from curtilage.foundation.clock import Clock
from curtilage.foundation.errors import EvidenceError, UsageError
from curtilage.foundation.files import one_at_a_time, write_atomically
from curtilage.ledger.checkpoints import Checkpoint, decode_hash
from curtilage.ledger.keys import Key, Signer, key_of
from curtilage.ledger.notes import UnreadableNoteError, add_signatures, open_note, parse_note, sign_text
from curtilage.ledger.ports import Store
from curtilage.ledger.signing import open_checkpoint, read_checkpoint
from curtilage.ledger.tree import (
    EMPTY_ROOT,
    ProofMismatchError,
    prove_consistency,
    verify_consistency,
)

MOST_REQUEST_BYTES: Final = 256 * 1024
"""A longer request is not read."""

SIZE_TYPE: Final = "text/x.tlog.size"
"""Content type of the answer that tells the size of the last head."""

TEXT_TYPE: Final = "text/plain; charset=utf-8"
"""Content type of every other answer."""

_MOST_PROOF: Final = 63
_MOST_EVIDENCE: Final = 100
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,15})")


class BadRequestError(UsageError):
    """A request to a witness is not of its form."""

    code = "ledger.bad-witness-request"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"The request cannot be read: {what}. Nothing was signed. See: docs/reference/ledger-formats.md"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers, as HTTP says it.

    Attributes:
        status: 200 signed; 400 unreadable; 403 not signed by the ledger; 404 unknown ledger; 409 another
            size or root than the last; 422 the proof does not hold.
        body: Lines of signatures where it signed, the last size for 409, else why not.
        content_type: Of the body.
    """

    status: int
    body: str
    content_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Request:
    """What a ledger asks a witness.

    Attributes:
        old: Size of the head that the witness signed last.
        proof: Consistency proof from that to the new head.
        note: The new head, signed.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


def parse_request(body: bytes) -> Request:
    """Read the body of a request, without checking it.

    Raises:
        BadRequestError: It is not of that form.
    """
    head, _, note = body.partition(b"\n\n")
    try:
        first, *proof = head.decode("ascii").split("\n")
        hashes = tuple(map(decode_hash, proof[: _MOST_PROOF + 1]))
    except (UnicodeDecodeError, EvidenceError) as error:
        raise BadRequestError(what="a line of the proof is no hash") from error
    old = _OLD.fullmatch(first)
    if old is None or not note or len(proof) > _MOST_PROOF:
        raise BadRequestError(what="it is not: old size, proof, blank line, checkpoint")
    return Request(int(old[1]), hashes, note)


def ask(store: Store, note: bytes, old: int) -> Request:
    """Make the request for a head.

    Args:
        store: Where the ledger lies.
        note: A checkpoint that was signed over it.
        old: Size of the head that the witness signed last; 0 where that is not known.
    """
    return Request(old, prove_consistency(store.hashes, old, read_checkpoint(note).size), note)


def read_size(body: str) -> int:
    """Return the size that a witness answered with.

    Raises:
        BadRequestError: It is no size.
    """
    if not re.fullmatch(r"[0-9]{1,16}\n", body):
        raise BadRequestError(what="the witness answered with no size")
    return int(body)


class Witness:
    """The state of a witness, in a folder: for each ledger the last head that it signed, as a note."""

    def __init__(
        self, folder: Path, *, name: str, signer: Signer, ledgers: Sequence[Key], clock: Clock
    ) -> None:
        """Take a folder.

        Args:
            folder: Where the last heads are kept; must exist.
            name: Name of the witness.
            signer: Its key.
            ledgers: Keys of the ledgers that it watches; all keys of one name must sign each head.
            clock: Tells the time that it signs with.

        Raises:
            BadKeyError: The name or the key is not one that signs notes.
        """
        self.key = key_of(name, signer, as_witness=True)
        self._folder = folder
        self._signer = signer
        self._clock = clock
        self._ledgers: dict[str, list[Key]] = {}
        for key in ledgers:
            self._ledgers.setdefault(key.name, []).append(key)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Weigh a new head, and sign it where it continues the last one.

        Args:
            body: The body of the request.

        Effects:
            Keeps the head before the answer is returned; keeps evidence of a fork.

        Raises:
            EvidenceError: What the witness itself keeps was changed. Nothing is signed any more.
        """
        try:
            request = parse_request(body)
            origin = read_checkpoint(request.note).origin
        except (BadRequestError, EvidenceError) as error:
            return Answer(400, f"{error}\n")
        if origin not in self._ledgers:
            return Answer(404, "This ledger is not known here.\n")
        try:
            head, _ = open_checkpoint(request.note, self._ledgers[origin])
        except EvidenceError as error:
            return Answer(403, f"{error}\n")
        with one_at_a_time(self._folder):
            return self._weigh(request, head)

    def find_head(self, origin: str) -> Checkpoint | None:
        """Return the last head of a ledger that was signed here; None for none.

        Raises:
            EvidenceError: What is kept was changed.
        """
        try:
            kept = self._path(origin).read_bytes()
        except FileNotFoundError:
            return None
        open_note(kept, [self.key])
        head = read_checkpoint(kept)
        if head.origin != origin:
            raise UnreadableNoteError(what=f"it should be kept for {origin}")
        return head

    def list_evidence(self) -> tuple[Path, ...]:
        """Return the files of heads that contradict what was signed here."""
        return tuple(sorted(self._folder.glob("*.fork")))

    def _weigh(self, request: Request, head: Checkpoint) -> Answer:
        last = self.find_head(head.origin)
        size = last.size if last else 0
        if request.old > head.size:
            return Answer(400, "The old size is above the new one.\n")
        if last is not None and head.size == size and head.root != last.root:
            self._keep_evidence(request.note, head)
            return Answer(409, f"{size}\n", SIZE_TYPE)
        if request.old != size:
            return Answer(409, f"{size}\n", SIZE_TYPE)
        try:
            _check_growth(last, head, request.proof)
        except ProofMismatchError as error:
            # No fork yet: the proof may just be wrong. But whoever looks for forks will want to see it.
            self._keep_evidence(request.note, head)
            return Answer(422, f"{error}\n")
        return self._sign(request.note, head)

    def _sign(self, note: bytes, head: Checkpoint) -> Answer:
        line = sign_text(
            parse_note(note).text, self.key.name, self._signer, self._clock.now(), as_witness=True
        )
        write_atomically(self._path(head.origin), add_signatures(note, [line]))
        return Answer(200, line.to_line())

    def _keep_evidence(self, note: bytes, head: Checkpoint) -> None:
        name = hashlib.sha256(f"{head.size} {head.root.hex()}".encode()).hexdigest()[:16]
        path = self._path(head.origin).with_suffix(f".{name}.fork")
        if not path.exists() and len(self.list_evidence()) < _MOST_EVIDENCE:
            write_atomically(path, note)

    def _path(self, origin: str) -> Path:
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.checkpoint"


def _check_growth(last: Checkpoint | None, head: Checkpoint, proof: Sequence[bytes]) -> None:
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise ProofMismatchError(what="an empty ledger has another root")
    if last is None or last.size == 0:
        if proof:
            raise ProofMismatchError(what="there is nothing to be consistent with")
        return
    verify_consistency(last.size, head.size, proof, last.root, head.root)
