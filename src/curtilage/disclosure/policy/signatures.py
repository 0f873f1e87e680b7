"""Counsel's signature over a pack: a signed note of five lines, kept in the city's folder.

Rules of this file:

* What is signed is the pack's hash, with the days between which counsel stands by it. One changed byte of
  the pack, and the signature is over another pack.
* The keys that count stand in ``policy/counsel.vkeys``, one a line; none means that nothing is signed.
* A note that is there and does not hold is no missing signature: it stops everything, and is told.

Source:
    c2sp-signed-note; rfc8032.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curtilage.disclosure.policy.packs import Pack
from curtilage.foundation.errors import EvidenceError, UsageError
from curtilage.foundation.files import write_atomically
from curtilage.ledger.keys import Key, Signer, parse_vkey
from curtilage.ledger.notes import open_note, sign_note

if TYPE_CHECKING:
    from curtilage.ledger.notes import Signed

KEYS: Final = "policy/counsel.vkeys"
"""File of the keys that may sign packs, a line each, in the city's folder."""

SIGNATURES: Final = "policy/signatures"
"""Folder of the notes, ``PACK.note`` each, in the city's folder."""

HEAD: Final = "curtilage disclosure pack"
"""First line of what is signed, so that no other note can be taken for it."""

MOST_DAYS: Final = 366
"""How long a signature may hold; chosen: counsel reads the law again each year."""


class OtherPackSignedError(EvidenceError):
    """A signature is over another pack than the one that is there."""

    code = "disclosure.other-pack-signed"

    def __init__(self, *, pack: str) -> None:
        self.pack = pack
        super().__init__(
            f"Counsel's signature for {pack} is over other rules than those that are there. Nothing was decided. "
            "Compare the pack with what counsel read; if the change is meant, have it signed again."
        )


class SignatureTooLongError(UsageError):
    """A signature should hold for longer than counsel may stand by a pack unread, or ends before it begins."""

    code = "disclosure.signature-too-long"

    def __init__(self, *, pack: str, until: date) -> None:
        self.pack, self.until = pack, until
        super().__init__(
            f"A signature for {pack} cannot hold until {until}. Nothing was signed. "
            f"Choose a day after today, within {MOST_DAYS} days, and not after the pack expires."
        )


def sign_pack(
    folder: Path, pack: Pack, name: str, signer: Signer, *, now: datetime, today: date, until: date
) -> Path:
    """Sign a pack in counsel's name.

    Args:
        folder: The city's folder.
        pack: The pack, as counsel read it.
        name: Name of the signer, as in a verifier key: no space and no plus.
        signer: Counsel's private key; Ed25519.
        now: The moment, in UTC.
        today: The calendar day in the city's zone: the first on which the signature holds.
        until: First calendar day on which the signature does not hold.

    Returns:
        The note's file.

    Raises:
        SignatureTooLongError: ``until`` is too far away, or over.
        BadKeyError: The name or the kind of key is not one that signs notes.

    Effects:
        Writes ``policy/signatures/PACK.note``.
    """
    if not 0 < (until - today).days <= MOST_DAYS or until > pack.expires:
        raise SignatureTooLongError(pack=pack.id, until=until)
    text = "".join(f"{line}\n" for line in (HEAD, pack.id, pack.hash, today, until))
    path = folder / SIGNATURES / f"{pack.id}.note"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, sign_note(text, name, [signer], now))
    return path


def read_counsel_keys(folder: Path) -> tuple[Key, ...]:
    """Return the keys that may sign packs; none where the file is not there.

    Raises:
        BadKeyError: A line is no verifier key.
    """
    path = folder / KEYS
    if not path.exists():
        return ()
    lines = path.read_text("utf-8").splitlines()
    return tuple(parse_vkey(line) for line in lines if line.strip() and not line.startswith("#"))


def list_signed(folder: Path, packs: Iterable[Pack], day: date) -> tuple[str, ...]:
    """Return the ids of the packs whose signature by counsel holds on a day.

    Raises:
        OtherPackSignedError: A note is over another pack.
        UntrustedNoteError: A note is there, and none of counsel's keys signed it.
        UnreadableNoteError: A note cannot be read.
        BadKeyError: A key cannot be read.
    """
    keys = read_counsel_keys(folder)
    return tuple(pack.id for pack in packs if keys and _is_signed(folder, pack, keys, day))


def _is_signed(folder: Path, pack: Pack, keys: tuple[Key, ...], day: date) -> bool:
    path = folder / SIGNATURES / f"{pack.id}.note"
    if not path.exists():
        return False
    signed: tuple[Signed, ...]
    text, signed = open_note(path.read_bytes(), keys)
    lines = text.splitlines()
    if len(lines) != 5 or lines[:3] != [HEAD, pack.id, pack.hash]:
        raise OtherPackSignedError(pack=pack.id)
    try:
        begin, end = date.fromisoformat(lines[3]), date.fromisoformat(lines[4])
    except ValueError as error:
        raise OtherPackSignedError(pack=pack.id) from error
    return bool(signed) and begin <= day < end
