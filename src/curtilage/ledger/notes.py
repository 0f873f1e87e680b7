"""Signed notes: a text, a blank line, and a line for each signature. Checkpoints travel in them.

Rules of this file:

* A text is used only after a key that the reader already trusts has verified. No keys means no.
* A line of an unknown key is ignored; a line of a known key that does not verify refuses the whole note.
* A line that could be written in two ways is refused, so that two copies of one note are the same bytes.
* Three kinds of signature: Ed25519 of the ledger itself, Ed25519 of a witness with its time, and ML-DSA-44
  with its time, of either.

Source:
    c2sp-signed-note; c2sp-tlog-cosignature; rfc8032; fips204.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.checkpoints import parse_checkpoint
from curtilage.ledger.keys import ID_BYTES, NAME, Key, Kind, Signer, key_of

MOST_BYTES: Final = 256 * 1024
"""A longer note is not read."""

MOST_SIGNATURES: Final = 64
"""A note with more signatures is not read."""

_DASH: Final = "— "
_LABEL: Final = b"subtree/v1\n\0"


_SIGNATURE_BYTES: Final = {Kind.ED25519: 64, Kind.COSIGNATURE: 8 + 64, Kind.ML_DSA_44: 8 + 2420}


class UnreadableNoteError(EvidenceError):
    """Bytes that should be a signed note are none."""

    code = "ledger.note-not-readable"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"This is no signed note: {what}. Nothing of it was used. "
            "Ask whoever gave it to you for the file as it was signed."
        )


class UntrustedNoteError(EvidenceError):
    """A note is not signed by those whom the reader trusts."""

    code = "ledger.note-not-trusted"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"The signature does not hold: {what}. Nothing of the note was used. "
            "Check that you have the right key; if you have, tell the oversight body."
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note.

    Attributes:
        name: Name of the signer, not checked yet.
        key_id: 4 bytes.
        value: What follows them; its form depends on the kind of the key.
    """

    name: str
    key_id: bytes
    value: bytes

    def to_line(self) -> str:
        """Return the line, with its newline."""
        return f"{_DASH}{self.name} {_encode(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, none of them checked yet.

    Attributes:
        text: Lines, each with its newline.
        signatures: At least one, in the order of the file.
    """

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is handed on."""
        return f"{self.text}\n{''.join(each.to_line() for each in self.signatures)}".encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was checked.

    Attributes:
        key: Whose it is.
        at: When it was given, as the signer says; None where the kind says no time.
    """

    key: Key
    at: datetime | None


def parse_note(raw: bytes) -> Note:
    """Take a note apart, without checking a signature.

    Raises:
        UnreadableNoteError: It is not of that form.
    """
    text, _, tail = _decode(raw).rpartition("\n\n")
    if not text or not tail.endswith("\n"):
        raise UnreadableNoteError(what="it has no blank line with signatures below")
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise UnreadableNoteError(what=f"it has more than {MOST_SIGNATURES} signatures")
    return Note(f"{text}\n", tuple(map(parse_line, lines)))


def parse_line(line: str) -> Signature:
    """Read one line of a signature, without its newline.

    Raises:
        UnreadableNoteError: It is not of that form.
    """
    dash, name, written = (*line.split(" "), "", "")[:3]
    if f"{dash} " != _DASH or line.count(" ") != 2 or not NAME.fullmatch(name):
        raise UnreadableNoteError(what="a line of a signature is not: dash, name, signature")
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableNoteError(what="a signature is no base64") from error
    if len(raw) <= ID_BYTES or _encode(raw) != written:
        raise UnreadableNoteError(
            what="a signature is cut off, or written in another way than the one allowed"
        )
    return Signature(name, raw[:ID_BYTES], raw[ID_BYTES:])


def open_note(raw: bytes, keys: Iterable[Key]) -> tuple[str, tuple[Signed, ...]]:
    """Check a note and return its text.

    Args:
        raw: The note.
        keys: Those that the reader trusts. None of them, and the note is refused.

    Returns:
        The text, and whose signatures hold, each key once, in the order of the note; at least one.

    Raises:
        UnreadableNoteError: It is no note.
        UntrustedNoteError: No known key signed it, or a signature of a known key does not hold.
    """
    note = parse_note(raw)
    known = {(key.name, key.id): key for key in keys}
    signed: dict[Key, Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            signed.setdefault(key, _check(note.text, signature, key))
    if not signed:
        raise UntrustedNoteError(what="none of the keys that you trust signed it")
    return note.text, tuple(signed.values())


def sign_text(text: str, name: str, signer: Signer, at: datetime, *, as_witness: bool = False) -> Signature:
    """Sign the text of a checkpoint.

    Args:
        text: The text that is signed.
        name: Name of the signer.
        signer: Its key.
        at: When; written in whole seconds, where the kind says a time.
        as_witness: Whether it is a witness who saw the ledger, or the ledger itself.
    """
    key = key_of(name, signer, as_witness=as_witness)
    time = int(at.timestamp())
    value = signer.sign(_message(text, key, time))
    return Signature(name, key.id, value if key.kind is Kind.ED25519 else struct.pack(">Q", time) + value)


def sign_note(text: str, name: str, signers: Sequence[Signer], at: datetime) -> bytes:
    """Return the text as a note, signed by each of ``signers`` in the name of the ledger itself.

    Raises:
        ValueError: There is no signer: a note without a signature is none.
    """
    if not signers:
        raise ValueError("A note needs a signature.")
    return Note(text, tuple(sign_text(text, name, each, at) for each in signers)).to_bytes()


def add_signatures(raw: bytes, signatures: Iterable[Signature]) -> bytes:
    """Return a note with further signatures; a newer one of the same key takes the place of the old one."""
    note = parse_note(raw)
    kept = {(each.name, each.key_id): each for each in (*note.signatures, *signatures)}
    return Note(note.text, tuple(kept.values())).to_bytes()


def _check(text: str, signature: Signature, key: Key) -> Signed:
    whose = f"that of {key.name}"
    if len(signature.value) != _SIGNATURE_BYTES[key.kind]:
        raise UntrustedNoteError(what=f"{whose} has not the length of its kind")
    if key.kind is Kind.ED25519:
        time, value, at = 0, signature.value, None
    else:
        time, value = struct.unpack(">Q", signature.value[:8])[0], signature.value[8:]
        at = _moment(time, whose)
    if not _holds(key, value, _message(text, key, time)):
        raise UntrustedNoteError(what=f"{whose} is over another text, or by another key")
    return Signed(key, at)


def _moment(time: int, whose: str) -> datetime:
    try:
        return datetime.fromtimestamp(time, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise UntrustedNoteError(what=f"{whose} names a time that no calendar has") from error


def _holds(key: Key, value: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

    public: ed25519.Ed25519PublicKey | mldsa.MLDSA44PublicKey
    try:
        if key.kind is Kind.ML_DSA_44:
            public = mldsa.MLDSA44PublicKey.from_public_bytes(key.public)
        else:
            public = ed25519.Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _message(text: str, key: Key, time: int) -> bytes:
    """Return the bytes that a key of that kind signs."""
    if key.kind is Kind.ED25519:
        return text.encode()
    if key.kind is Kind.COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    head = parse_checkpoint(text)
    if len(head.origin.encode()) > 255:
        raise UnreadableNoteError(what="its origin is longer than 255 bytes")
    return b"".join(
        (
            _LABEL,
            _prefixed(key.name),
            struct.pack(">Q", time),
            _prefixed(head.origin),
            struct.pack(">QQ", 0, head.size),
            head.root,
        )
    )


def _prefixed(text: str) -> bytes:
    raw = text.encode()
    return bytes([len(raw)]) + raw


def _decode(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise UnreadableNoteError(what=f"it is longer than {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableNoteError(what="it is no UTF-8 text") from error
    if any(each < " " and each != "\n" for each in text):
        raise UnreadableNoteError(what="it holds a control character")
    return text


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
