"""One way to turn a value into bytes, so that a second implementation gets the same hashes.

The bytes are those of RFC 8785 (JSON Canonicalization Scheme) restricted to what Curtilage writes:
objects with string keys, arrays, strings, integers within 2**53, booleans and null. Floats are
refused: a share or a score is written as an integer of a named unit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

JSON = None | bool | int | str | Sequence["JSON"] | Mapping[str, "JSON"]

_LARGEST_INTEGER = 2**53 - 1


def canonical_bytes(value: JSON) -> bytes:
    r"""Return the one UTF-8 encoding of ``value``.

    Args:
        value: Nested mappings, sequences, strings, integers, booleans and None.

    Returns:
        JSON without spaces, keys sorted by UTF-16 code units, no escape that is not needed.

    Raises:
        TypeError: ``value`` holds a float, or anything else that has no canonical form.
        ValueError: An integer is outside plus or minus 2**53 - 1, or a string is no Unicode text.

    Source:
        rfc8785, sections 3.2.2 and 3.2.3.

    >>> canonical_bytes({"b": 1, "a": ["é", None]})
    b'{"a":["\xc3\xa9",null],"b":1}'
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(value: JSON) -> str:
    """Return the SHA-256 of the canonical bytes of ``value``, as 64 lowercase hex digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _ordered(value: JSON) -> JSON:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise ValueError("An integer beyond 2**53 - 1 has no canonical form.")
        return value
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, bytes | bytearray):
        raise TypeError("Bytes have no canonical form; write them as hex or base64.")
    if isinstance(value, Sequence):
        return [_ordered(item) for item in value]
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def _utf16(key: str) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"A key must be text, not {type(key).__name__}.")
    return key.encode("utf-16-be")
