"""One way to turn a value into bytes, so that a second implementation gets the same hashes.

The bytes are those of RFC 8785 (JSON Canonicalization Scheme) restricted to what Curtilage writes:
objects with string keys, arrays, strings, integers within 2**53, booleans and null. Floats are
refused: a share or a score is written as an integer of a named unit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache

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
    if is_plain(value):
        return encode_plain(value)
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(value: JSON) -> str:
    """Return the SHA-256 of the canonical bytes of ``value``, as 64 lowercase hex digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def is_plain(value: object) -> bool:
    """Return whether :func:`encode_plain` gives the canonical bytes of a value.

    It is so of Python's own types with keys of ASCII, whose order is the same in every encoding.
    """
    kind = type(value)
    if kind is dict:
        for key in value:  # type: ignore[attr-defined] # it is a dict
            if type(key) is not str or not key.isascii():
                return False
        held = value.values()  # type: ignore[attr-defined] # as above
    elif kind is list or kind is tuple:
        held = value
    elif kind is int:
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER  # type: ignore[operator] # as above
    else:
        return kind is str or kind is bool or value is None
    for item in held:  # noqa: SIM110 - a generator takes twice as long
        if type(item) is not str and not is_plain(item):
            return False
    return True


@cache
def _encoder() -> Callable[[object], bytes]:
    import msgspec  # not before it is needed: a door starts fast

    return msgspec.json.Encoder(order="deterministic").encode


def encode_plain(value: object) -> bytes:
    """Return the canonical bytes of what :func:`is_plain`, ten times as fast; of anything else, anything.

    Raises:
        ValueError: A string is no Unicode text.
    """
    return _encoder()(value)


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
