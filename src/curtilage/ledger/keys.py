"""Keys that sign notes, as they are handed on: a name, a short id and the public half, in one line.

Source:
    c2sp-signed-note (verifier keys); c2sp-tlog-cosignature (kinds 4 and 6).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from curtilage.foundation.errors import UsageError

NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
"""What a signer may be called."""

MOST_NAME_BYTES: Final = 255
"""Length of a name at most: ML-DSA-44 signs it with its length in one byte."""

ID_BYTES: Final = 4
"""Length of a key's id."""


class Kind(IntEnum):
    """What a key signs with; the number stands in its id and in its verifier key."""

    ED25519 = 1
    COSIGNATURE = 4
    ML_DSA_44 = 6


_PUBLIC_BYTES: Final = {Kind.ED25519: 32, Kind.COSIGNATURE: 32, Kind.ML_DSA_44: 1312}


class BadKeyError(UsageError):
    """A verifier key cannot be read."""

    code = "ledger.bad-key"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"This is no verifier key: {what}. Nothing was checked. "
            "It is one line, NAME+ID+KEY, as curtilage ledger key prints it."
        )


class Signer(Protocol):
    """A private key, wherever it lies; the encryption room has the implementations."""

    @property
    def algorithm(self) -> str:
        """``ed25519`` or ``ml-dsa-44``."""
        ...

    @property
    def public_key(self) -> bytes:
        """The public half, in the bytes of its standard."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over ``message``."""
        ...


@dataclass(frozen=True, slots=True)
class Key:
    """The public half of a key, with the name of whom it belongs to.

    Attributes:
        name: Name of the signer; of a ledger, its origin. No space and no plus.
        kind: What it signs with.
        public: 32 bytes of Ed25519, 1,312 of ML-DSA-44.
    """

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or len(self.name.encode()) > MOST_NAME_BYTES:
            raise BadKeyError(what="a name has from 1 to 255 bytes, no space and no plus")
        if len(self.public) != _PUBLIC_BYTES[self.kind]:
            raise BadKeyError(what=f"its kind has keys of {_PUBLIC_BYTES[self.kind]} bytes")

    @property
    def id(self) -> bytes:
        """The 4 bytes by which a signature says whose it is. No protection: only to find the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[
            :ID_BYTES
        ]

    def to_vkey(self) -> str:
        """Return the one line in which a key is handed on."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


def parse_vkey(line: str) -> Key:
    """Read a verifier key.

    Raises:
        BadKeyError: It is none, or of a kind that is not known here.
    """
    parts = line.strip().split("+", 2)
    if len(parts) != 3:
        raise BadKeyError(what="it has not three parts")
    try:
        raw = base64.b64decode(parts[2], validate=True)
        kind = Kind(raw[0])
    except (binascii.Error, ValueError, IndexError) as error:
        raise BadKeyError(what="its third part is not of a kind that is known here") from error
    key = Key(parts[0], kind, raw[1:])
    if key.id.hex() != parts[1]:
        raise BadKeyError(what="its id is not that of its name and key: a character may be lost")
    return key


def key_of(name: str, signer: Signer, *, as_witness: bool = False) -> Key:
    """Return the public half of a key, as others need it.

    Raises:
        BadKeyError: The name or the kind of key is not one that signs notes.
    """
    if signer.algorithm == "ml-dsa-44":
        return Key(name, Kind.ML_DSA_44, signer.public_key)
    if signer.algorithm == "ed25519":
        return Key(name, Kind.COSIGNATURE if as_witness else Kind.ED25519, signer.public_key)
    raise BadKeyError(what="it signs with an algorithm that is not known here")
