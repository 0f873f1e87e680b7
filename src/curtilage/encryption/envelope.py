"""Seal what is about a person: each text under a key of its own, and that key wrapped by the city's.

Rules of this file:

* A sealed text carries everything that is needed to open it but the city's key, so whoever destroys the
  sealed bytes has destroyed its key too.
* The context says what the text belongs to. It is bound, not stored: sealed bytes that were moved to
  another place do not open there.
* What does not open says so and nothing else: neither a part of the text, nor why.

::

    "CUR1" · id of the city's key (8) · length of the wrapped key (2) · wrapped key · nonce (12) · text and tag

Source:
    nist-sp-800-38d (AES-256-GCM); rfc3394 (AES key wrap).
"""

from __future__ import annotations

import os
from typing import Final, Protocol

from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.guarded import Guarded

MAGIC: Final = b"CUR1"
"""The first bytes of everything that is sealed in this form."""

KEY_ID_BYTES: Final = 8
"""Length of the id of a city's key."""

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealBrokenError(EvidenceError):
    """Sealed bytes do not open."""

    code = "encryption.seal-broken"

    def __init__(self) -> None:
        super().__init__(
            "What was sealed does not open: it was changed or moved, or sealed with another key. "
            "Nothing was shown or changed. Tell oversight, and compare with a backup."
        )


class WrappingKey(Protocol):
    """The city's key, which wraps the keys of single texts and never leaves its place."""

    @property
    def id(self) -> bytes:
        """Eight bytes by which a sealed text names the key that wraps its own."""
        ...

    def wrap(self, key: bytes) -> bytes:
        """Return a 32-byte key, wrapped."""
        ...

    def unwrap(self, wrapped: bytes, *, key_id: bytes) -> bytes:
        """Return the key that was wrapped.

        Args:
            wrapped: What :meth:`wrap` gave.
            key_id: Which of the city's keys wrapped it: the present one, or one before it.

        Raises:
            SealBrokenError: It is not what was wrapped.
            KeyLostError: There is no such key here.
        """
        ...


class EnvelopeSealer:
    """Seals texts under the city's key."""

    def __init__(self, key: WrappingKey) -> None:
        self._key = key

    def seal(self, plain: Guarded, *, context: bytes) -> bytes:
        """Return the sealed bytes of a text.

        Args:
            plain: The text; its UTF-8 bytes are sealed.
            context: What it belongs to; not secret, and needed again to open it.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = self._key.wrap(key)
        head = MAGIC + self._key.id + len(wrapped).to_bytes(2) + wrapped + nonce
        return head + AESGCM(key).encrypt(nonce, plain.unsafe_reveal().encode(), head + context)

    def open(self, sealed: bytes, *, context: bytes) -> Guarded:
        """Return the text that was sealed.

        Raises:
            SealBrokenError: The bytes or the context are not those of the sealing.
            KeyLostError: The city's key that it was sealed under is not here.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id, wrapped, nonce, text = _split(sealed)
        key = self._key.unwrap(wrapped, key_id=key_id)
        head = sealed[: len(sealed) - len(text)]
        try:
            return Guarded(AESGCM(key).decrypt(nonce, text, head + context).decode())
        except (InvalidTag, ValueError):
            # The library's own errors are dropped: they hold nothing today, and must not tomorrow.
            raise SealBrokenError from None


def key_of(sealed: bytes) -> bytes:
    """Return the id of the city's key that sealed bytes name: 8 bytes.

    Raises:
        SealBrokenError: They are no sealed bytes of this form.
    """
    return _split(sealed)[0]


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the key's id, the wrapped key, the nonce, and the text with its tag."""
    begin = len(MAGIC) + KEY_ID_BYTES + 2
    if len(sealed) < begin or not sealed.startswith(MAGIC):
        raise SealBrokenError
    middle = begin + int.from_bytes(sealed[begin - 2 : begin])
    end = middle + _NONCE_BYTES
    if len(sealed) < end:
        raise SealBrokenError
    return sealed[len(MAGIC) : begin - 2], sealed[begin:middle], sealed[middle:end], sealed[end:]
