"""Keyed hashes of subjects and keys, so that nothing personal stands in a plan, a ledger or a certificate.

All under one key that the city keeps: without it, nobody can try out names or numbers.

* A *subject* hashes alike wherever it stands: one person in three tables of two systems has one hash. It is
  HMAC-SHA-256 of the text.
* A *key* hashes with its system and table: the same number in two tables has two. Millions of them are hashed
  while rows go, so they take the cheapest sound way: the sum of two permutations, AES-256 under two keys that
  HMAC-SHA-256 makes for the table. A text longer than 14 bytes is first shortened by HMAC-SHA-256.
* A value is hashed as text: ``42`` and ``"42"`` are one, for systems differ in what type they give an id.

Source:
    rfc2104; fips-197; lucks-2000, the sum of permutations; ``docs/decisions/0026``.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Final

KEY_BYTES: Final = 16
"""Bytes that are kept of a key's hash: enough that no two rows of a city meet."""

LARGEST: Final = 10 ** (KEY_BYTES - 3)
"""Whole numbers below it, and above its negative, are hashed by :meth:`Hasher.numbers`."""

_WHOLE: Final = KEY_BYTES - 2
_END: Final = b"\x80\0"
"""Behind a key that stands in its block whole: the block's last byte is never that of a shortened one."""
_LONG: Final = b"\x01"
_BLOCK: Final = 64
_MODULUS: Final = 2**256
_CUT: Final = struct.Struct(f"{KEY_BYTES}s" * 1_000)


class Hasher:
    """Computes keyed hashes; holds the key and does not show it."""

    __slots__ = ("_inner", "_outer", "_scopes")

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

        self._scopes: Final[dict[str, tuple[bytes, bytes]]] = {}

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
        return self._permute(scope, self._blocks(scope, rows))

    def numbers(self, scope: str, joined: bytes) -> list[bytes]:
        """Return the same as :meth:`keys` for keys of one whole number each: many times as fast.

        Args:
            scope: As there.
            joined: The numbers as a database writes them, a comma between each two; empty is none. None of
                them reaches :data:`LARGEST`.
        """
        return self._permute(scope, _blocks_of_numbers(joined))

    def _permute(self, scope: str, blocks: bytes) -> list[bytes]:
        if not blocks:
            return []
        one, other = (_encrypt(key, blocks) for key in self._scope(scope))
        whole = int.from_bytes(one, "little") ^ int.from_bytes(other, "little")
        return _cut(whole.to_bytes(len(blocks), "little"))

    def _scope(self, scope: str) -> tuple[bytes, bytes]:
        """Return the two keys of a table."""
        if scope not in self._scopes:
            one, other = self._hash(b"key\0", (f"{number}\0{scope}".encode() for number in (1, 2)))
            self._scopes[scope] = (one, other)
        return self._scopes[scope]

    def _blocks(self, scope: str, rows: Iterable[Sequence[object]]) -> bytes:
        """Return one block for each key: its text, a bit that ends it, zeros."""
        rows = list(rows)
        if all(len(row) == 1 and type(row[0]) is int and abs(row[0]) < LARGEST for row in rows):
            return _blocks_of_numbers(",".join([str(row[0]) for row in rows]).encode())
        texts = list(map(_joined, rows))
        if max(map(len, texts), default=0) <= _WHOLE:
            return b"".join([(text + _END).ljust(KEY_BYTES, b"\0") for text in texts])
        return b"".join([self._block(scope, text) for text in texts])

    def _block(self, scope: str, text: bytes) -> bytes:
        if len(text) <= _WHOLE:
            return (text + _END).ljust(KEY_BYTES, b"\0")
        (hashed,) = self._hash(b"long\0", (scope.encode() + b"\0" + text,))
        return hashed[: KEY_BYTES - 1] + _LONG

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


def _encrypt(key: bytes, blocks: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # Each block is another key, so this is a permutation of each and no mode for texts.
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - see above
    return encryptor.update(blocks) + encryptor.finalize()


def _blocks_of_numbers(joined: bytes) -> bytes:
    """Return one block for each number."""
    if not joined:
        return b""
    size, count = joined.find(b",") + 1, joined.count(b",") + 1
    if size and len(joined) + 1 == size * count and joined[size - 1 :: size].count(b",") == count - 1:
        # All are of one length, as numbers of one stretch of a table mostly are: whole columns of digits are moved.
        blocks = bytearray(KEY_BYTES * count)
        for place in range(size - 1):
            blocks[place::KEY_BYTES] = joined[place::size]
        blocks[size - 1 :: KEY_BYTES] = _END[:1] * count
        return bytes(blocks)
    ended = joined.replace(b",", _END[:1] + b",") + _END[:1]
    return b"".join([text.ljust(KEY_BYTES, b"\0") for text in ended.split(b",")])


def _cut(joined: bytes) -> list[bytes]:
    """Return hashes that are joined, one by one."""
    found: list[bytes] = []
    whole = len(joined) - len(joined) % _CUT.size
    for start in range(0, whole, _CUT.size):
        found += _CUT.unpack_from(joined, start)
    return found + [joined[start : start + KEY_BYTES] for start in range(whole, len(joined), KEY_BYTES)]


def _text(value: object) -> bytes:
    return value.hex().encode() if isinstance(value, bytes | memoryview) else str(value).encode()


def _joined(values: Sequence[object]) -> bytes:
    if len(values) == 1:
        return _text(values[0])
    # Lengths in front, so that ("a", "bc") and ("ab", "c") differ.
    return b"".join(b"%d:%s" % (len(text), text) for text in map(_text, values))
