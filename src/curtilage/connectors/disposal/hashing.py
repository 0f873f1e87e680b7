"""Keyed hashes of subjects and keys, so that nothing personal stands in a plan, a ledger or a certificate.

HMAC-SHA-256 under a key that the city keeps: without the key, nobody can try out names or numbers.

* A *subject* hashes alike wherever it stands: one person in three tables of two systems has one hash.
* A *key* hashes with its system and table: the same number in two tables has two.
* A value is hashed as text: ``42`` and ``"42"`` are one, for systems differ in what type they give an id.

Source:
    rfc2104; ``docs/decisions/0025``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

KEY_BYTES: Final = 16
"""Bytes that are kept of a key's hash: enough that no two rows of a city meet."""

_BLOCK: Final = 64
_MODULUS: Final = 2**256


class Hasher:
    """Computes keyed hashes; holds the key and does not show it."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Take the key.

        Args:
            key: 32 to 64 bytes.
        """
        if not 32 <= len(key) <= _BLOCK:
            raise ValueError("A key for hashes has 32 to 64 bytes.")
        padded = key.ljust(_BLOCK, b"\0")
        self._inner: Final = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer: Final = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def __repr__(self) -> str:
        """Say what it is, never the key."""
        return "<Hasher>"

    def subject(self, value: object) -> str:
        """Return the hash of whom a row is about, 64 hex digits."""
        return self.subjects((value,))[0].hex()

    def subjects(self, values: Iterable[object]) -> list[bytes]:
        """Return the hash of each subject in order, 32 bytes; of NULL too, which equals nobody's."""
        return self._hash(b"subject\0", (_text(value) for value in values))

    def keys(self, scope: str, rows: Iterable[Sequence[object]]) -> list[bytes]:
        """Return the hash of each row's key in order, :data:`KEY_BYTES` bytes.

        Args:
            scope: ``SYSTEM.TABLE``, or ``SYSTEM.PATH`` of a file.
            rows: The values of the key's columns, in their order.
        """
        return [
            each[:KEY_BYTES] for each in self._hash(b"key\0" + scope.encode() + b"\0", map(_joined, rows))
        ]

    def _hash(self, start: bytes, messages: Iterable[bytes]) -> list[bytes]:
        # HMAC by hand: the two first blocks are hashed once, not for each row.
        began, finish = self._inner.copy(), self._outer.copy
        began.update(start)
        copy = began.copy
        found = []
        for message in messages:
            inner = copy()
            inner.update(message)
            outer = finish()
            outer.update(inner.digest())
            found.append(outer.digest())
        return found


class SetDigest:
    """A digest of a set of hashes, whatever their order: what is added can be taken away again.

    The sum of the hashes modulo 2**256. As they are keyed, nobody without the key can find another set with
    the same sum. So *planned = destroyed + spared* can be checked without a list.
    """

    __slots__ = ("count", "total")

    def __init__(self, count: int = 0, total: int = 0) -> None:
        self.count, self.total = count, total

    def add(self, hashes: Iterable[bytes]) -> None:
        """Take in more hashes."""
        for each in hashes:
            self.count += 1
            self.total += int.from_bytes(each, "big")
        self.total %= _MODULUS

    def hexdigest(self) -> str:
        """Return the sum as 64 hex digits."""
        return f"{self.total:064x}"


def _text(value: object) -> bytes:
    return value.hex().encode() if isinstance(value, bytes | memoryview) else str(value).encode()


def _joined(values: Sequence[object]) -> bytes:
    if len(values) == 1:
        return _text(values[0])
    # Lengths in front, so that ("a", "bc") and ("ab", "c") differ.
    return b"".join(b"%d:%s" % (len(text), text) for text in map(_text, values))
