"""Check a certificate with nothing but its file and a checkpoint that somebody else holds.

Rules of this file:

* A certificate holds only where every check passed, and something that the city does not hand out with it
  was among them: a checkpoint that the reader holds, or a key that the reader trusts.
* A check that cannot be made has not passed.
* What is shown is what was checked: the words come from the certificate whose fingerprint is in the entry.

Source:
    rfc9162, section 2.1.3.2; c2sp-tlog-checkpoint; c2sp-signed-note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from curtilage.foundation.errors import EvidenceError, UsageError
from curtilage.ledger.checkpoints import Checkpoint, parse_checkpoint
from curtilage.ledger.keys import Key
from curtilage.ledger.notes import parse_note
from curtilage.ledger.signing import open_checkpoint
from curtilage.ledger.tree import verify_inclusion
from curtilage.retention.paper import KIND, Paper


class NothingToCompareError(UsageError):
    """A certificate is to be checked against nothing."""

    code = "retention.nothing-to-compare"

    def __init__(self) -> None:
        super().__init__(
            "Neither a checkpoint nor a key was given. A certificate that is held against itself proves "
            "nothing, so nothing was checked. Get a checkpoint from the oversight body, a witness or a "
            "newspaper, and name it with --checkpoint, or the ledger's public key with --key."
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: What must hold, one sentence.
        passed: Whether it does.
        why: What was found where it does not; empty otherwise.
    """

    what: str
    passed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Return whether there were checks and all of them passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)


def verify_paper(paper: Paper, *, held: bytes | None = None, keys: Sequence[Key] = ()) -> Verdict:
    """Check a certificate's file.

    Args:
        paper: What was read of the file.
        held: A checkpoint that the reader has from elsewhere: the three lines, or a signed note.
        keys: Keys of the ledger and of witnesses that the reader trusts, all of which must have signed; may be
            empty where ``held`` is given.

    Raises:
        NothingToCompareError: Neither is given.
    """
    if held is None and not keys:
        raise NothingToCompareError
    checks = [
        _try("The entry in the ledger names this certificate", lambda: _same_words(paper)),
        _try("The entry stands in the ledger of the checkpoint in the file", lambda: _included(paper)),
    ]
    if keys:
        checks.append(_try("The keys that you trust signed that checkpoint", lambda: _signed(paper, keys)))
    if held is not None:
        checks.append(_try("It is the checkpoint that you hold", lambda: _held(paper, held, keys)))
    return Verdict(tuple(checks))


def _try(what: str, look: Callable[[], str]) -> Check:
    """Make one check; an error in it is a check that has not passed."""
    try:
        why = look()
    except (EvidenceError, UsageError) as error:
        why = str(error)
    return Check(what, not why, why)


def _same_words(paper: Paper) -> str:
    data: Any = paper.entry.get("data")
    if paper.entry.get("kind") != KIND or not isinstance(data, dict):
        return "The entry is no certificate's."
    said = (data.get("certificate"), data.get("fingerprint"), data.get("plan"))
    is_same = said == (paper.certificate.id, paper.certificate.fingerprint, paper.certificate.plan)
    return (
        "" if is_same else "The certificate is not the one that was recorded: a word or a number was changed."
    )


def _included(paper: Paper) -> str:
    head = head_of(paper.checkpoint.encode())
    if head.size != paper.tree_size:
        return f"The proof is for {paper.tree_size:,} entries, the checkpoint for {head.size:,}."
    verify_inclusion(paper.leaf_hash(), paper.position, head.size, paper.hashes, head.root)
    return ""


def _signed(paper: Paper, keys: Sequence[Key]) -> str:
    open_checkpoint(paper.checkpoint.encode(), keys)
    return ""


def _held(paper: Paper, held: bytes, keys: Sequence[Key]) -> str:
    if keys and b"\n\n" in held:
        open_checkpoint(held, keys)
    mine, theirs = head_of(held), head_of(paper.checkpoint.encode())
    if mine.origin != theirs.origin:
        return f"Yours is of {mine.origin}, the certificate's of {theirs.origin}."
    if mine.size != theirs.size:
        return (
            f"Yours is of {mine.size:,} entries, the certificate's of {theirs.size:,}, so they cannot be "
            "compared. Ask the city for the certificate with a proof for your checkpoint: curtilage retention "
            "certificates ID --checkpoint FILE"
        )
    return (
        "" if mine.root == theirs.root else "The two have another root: the ledger was forked or rewritten."
    )


def head_of(raw: bytes) -> Checkpoint:
    """Return what a checkpoint says, be it the three lines or a signed note; no signature is checked.

    Raises:
        EvidenceError: It is neither.
    """
    text = parse_note(raw).text if b"\n\n" in raw else raw.decode("utf-8", "replace")
    return parse_checkpoint(text)
