"""Checks of identifiers as rows of numbers for the kernel: what stands in each row is said in ``kernel_checks.h``."""

from __future__ import annotations

import sys
from array import array
from typing import Final

from curtilage.detection.values import checks
from curtilage.detection.values.nouns import Rule

_ASCII: Final = 128
#: Numbers of up to so many digits are looked up in a bitmap.
_BITMAP_DIGITS: Final = 4
#: And those of more than this do not fit into 64 bits.
_MOST_DIGITS: Final = 18

# Checks by their numbers in kernel_checks.h.
_IN_RANGES, _IN_BITMAP, _ONE_OF, _DAY, _DAY_AS_WRITTEN, _SUM, _REMAINDER = range(7)
_PLAIN: Final = {checks.Luhn: 7, checks.Verhoeff: 8, checks.Mod97: 9, checks.Varied: 10}
_LENGTH: Final = 11
#: Bits of the filter before a list of texts, as a power of two.
_FILTERED_BITS: Final = 10


class NotForTheKernelError(ValueError):
    """A rule asks for what the kernel has no room for; the message says which and what."""


def row_of_check(rule: Rule, check: checks.Check) -> tuple[int, list[int]]:
    """Return a check's number, and the row of 64-bit numbers that the kernel reads.

    Raises:
        NotForTheKernelError: It tells of a number that does not fit into 64 bits.
    """
    match check:
        case checks.In() | checks.Out():
            _check_digits(rule, check.length)
            return _ranges(check, inside=isinstance(check, checks.In))
        case checks.OneOf() | checks.NoneOf():
            return _ONE_OF, _texts(check, inside=isinstance(check, checks.OneOf))
        case checks.Date():
            return _date(check)
        case checks.Sum():
            return _SUM, _sum(check)
        case checks.Remainder():
            row = [check.at_number, check.length, check.mod, check.at, bool(check.prefix)]
            return _REMAINDER, row + _bytes(_values(check.prefix, {}) + check.expect.encode())
        case checks.Length():
            bits = sum(1 << length for length in set(check.of) if 0 <= length < _ASCII)
            return _LENGTH, [_signed(bits), _signed(bits >> 64)]
        case _:
            return _PLAIN[type(check)], []


def _check_digits(rule: Rule, length: int) -> None:
    if not 1 <= length <= _MOST_DIGITS:
        raise NotForTheKernelError(f"rule {rule.id}: a number of {length} digits does not fit into 64 bits")


def _ranges(check: checks.In | checks.Out, *, inside: bool) -> tuple[int, list[int]]:
    apart: list[tuple[int, int]] = []
    for low, high in sorted(check.ranges):
        if low > high:
            continue
        if apart and low <= apart[-1][1] + 1:
            apart[-1] = (apart[-1][0], max(high, apart[-1][1]))
        else:
            apart.append((low, high))
    most = 10**check.length - 1
    apart = [(max(low, 0), min(high, most)) for low, high in apart if low <= most and high >= 0]
    if check.length > _BITMAP_DIGITS:
        flat = [number for pair in apart for number in pair]
        return _IN_RANGES, [check.at, check.length, inside, len(apart), *flat]
    bits = sum((1 << high + 1) - (1 << low) for low, high in apart)
    words = [_signed(bits >> 64 * word) for word in range(-(-(most + 1) // 64))]
    return _IN_BITMAP, [check.at, check.length, inside, *words]


def _texts(check: checks.OneOf | checks.NoneOf, *, inside: bool) -> list[int]:
    fitting = sorted(text.encode() for text in check.of if len(text.encode()) == check.length)
    width = -(-check.length // 8) * 8
    rows = b"".join(text.ljust(width, b"\0") for text in fitting)
    bits = sum(1 << place for place in set(map(_place_in_filter, fitting)))
    told = [_signed(bits >> 64 * word) for word in range((1 << _FILTERED_BITS) // 64)]
    return [check.at, check.length, inside, len(fitting), width, *told, *_bytes(rows)]


def _place_in_filter(text: bytes) -> int:
    """Return which bit of a filter speaks of a text: a hash of its first eight characters."""
    mixed = int.from_bytes(text[:8], "little") * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return mixed >> (64 - _FILTERED_BITS)


def _date(check: checks.Date) -> tuple[int, list[int]]:
    if len(check.order) == len("mdy"):
        return _DAY_AS_WRITTEN, [check.order.index(letter) for letter in "ymd"]
    return _DAY, [check.at, check.order.count("y"), *(check.order.index(letter) for letter in "ymd")]


def _sum(check: checks.Sum) -> list[int]:
    # Without folding only the remainder matters, so that weights below zero need no care.
    weights = check.weights if check.fold else [weight % check.mod for weight in check.weights]
    terms = [number for term in zip(check.take, weights, strict=True) for number in term]
    table = (
        bytes(rest in check.residues for rest in range(check.mod))
        if check.residues
        else check.expect.encode()
    )
    row = [check.mod, check.at, check.fold, bool(check.residues), len(check.take), *terms]
    return row + _bytes(_values(check.values, {"<": 0}) + table)


def _values(alphabet: str, more: dict[str, int]) -> bytes:
    """Return the value of each ASCII character, its place in an alphabet; 255 for none."""
    values = {letter: place for place, letter in reversed(list(enumerate(alphabet)))} | more
    return bytes(values.get(chr(point), 0xFF) for point in range(_ASCII))


def _bytes(text: bytes) -> list[int]:
    """Return bytes as numbers of 64 bits, in this machine's order, padded with zeros."""
    return list(array("q", text + bytes(-len(text) % 8)))


def _signed(bits: int) -> int:
    return int.from_bytes((bits & 0xFFFFFFFFFFFFFFFF).to_bytes(8, sys.byteorder), sys.byteorder, signed=True)
