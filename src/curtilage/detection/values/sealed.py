"""Tell whether what looks sealed is: ciphertext, a digest, or plain text in another coat.

Base64 of a birthplace is a birthplace. A digest of a Social Security number is found again by trying all
of them in an afternoon. Only what cannot be told from chance counts as ciphertext.
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import StrEnum
from typing import Final

_LEAST: Final = 12
"""Bytes of the shortest ciphertext that is told from chance: one block of a stream with its tag is longer."""
_BEGINNINGS: Final = (
    b"gAAAAA",  # Fernet
    b"U2FsdGVkX1",  # OpenSSL with a salt
    b"AQICAH",  # AWS KMS
    b"age-encryption.org/",
    b"-----BEGIN AGE ENCRYPTED FILE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"vault:v",
)
_PACKED: Final = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x78\x01",
    b"\x78\x9c",
    b"\x78\xda",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
)
_HEX: Final = re.compile(rb"(?:\\x|0x)?((?:[0-9A-Fa-f]{2}){12,})")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_DIGEST_BYTES: Final = frozenset({16, 20, 28, 32, 48, 64})
"""Lengths of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512."""
_PRINTABLE: Final = bytes(range(0x20, 0x7F)) + b"\t\r\n"
_MOSTLY: Final = 0.75
"""Printable bytes from which on decoded bytes are taken for text; of random bytes three in eight are."""


class Coat(StrEnum):
    """What a cell is."""

    CIPHERTEXT = "ciphertext"
    DIGEST = "digest"
    ENCODED = "encoded"
    """Plain text or a packed file in hexadecimal or base64."""
    PLAIN = "plain"


def tell_coat(cell: bytes) -> Coat:
    """Return what a cell is; short cells are plain.

    >>> import base64
    >>> str(tell_coat(b"Guatemala")), str(tell_coat(base64.b64encode(b"born in Guatemala")))
    ('plain', 'encoded')
    """
    cell = cell.strip()
    if cell.startswith(_BEGINNINGS):
        return Coat.CIPHERTEXT
    if len(cell) < _LEAST or cell.isdigit():
        return Coat.PLAIN
    if found := _HEX.fullmatch(cell):
        content = bytes.fromhex(found[1].decode())
        return Coat.DIGEST if len(content) in _DIGEST_BYTES and not _is_text(content) else _tell(content)
    if _BASE64.fullmatch(cell):
        content = _decode(cell)
        # A long word of letters alone is no base64 of anything.
        return _tell(content) if content and not cell.isalpha() else Coat.PLAIN
    return _tell(cell) if not _is_text(cell) else Coat.PLAIN


def _tell(content: bytes) -> Coat:
    if len(content) < _LEAST:
        return Coat.PLAIN
    if content.startswith(_PACKED) or _is_text(content):
        return Coat.ENCODED
    return Coat.CIPHERTEXT


def _decode(cell: bytes) -> bytes:
    padded = cell.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(padded + b"=" * (-len(padded) % 4), validate=True)
    except binascii.Error:
        return b""


def _is_text(content: bytes) -> bool:
    """Return whether bytes are text of any language: UTF-8, or mostly printable."""
    odd = len(content.translate(None, _PRINTABLE))
    if len(content) - odd >= _MOSTLY * len(content):
        return True
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter.isspace() for letter in text)
