r"""The small language in which rules write how identifiers look.

===============  ==========================================================================
``A``            this letter, in either case (in its own, where the rule is ``cased``)
``\d``           a digit
``\o``           a digit, or a letter that people and scanners put for one (``O o I i L l |``)
``_``            nothing, or one of space, ``-`` and ``.``
``[A-Z0-9]``     one of these; ``[^...]`` is not in the language
``(MR|MRS)``     one of these
``x?`` ``x{8}``  ``x{2,5}``: none or one; eight; two to five
``\n``           a new line
``\_`` ``\.``    the character itself, for those that mean something here
===============  ==========================================================================

There is no ``*`` and no ``+``: a shape is at most 96 bytes long, so looking for it costs the same
whatever the cell holds. Shapes are ASCII and begin with a letter or digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.detection.values.nouns import LONGEST_SHAPE

DIGITS: Final = frozenset(b"0123456789")
SLIPS: Final = DIGITS | frozenset(b"OoIiLl|")
JOINERS: Final = frozenset(b" -.")
_NAMED: Final = {"d": DIGITS, "o": SLIPS, "n": frozenset(b"\n")}


class ShapeError(ValueError):
    """A shape does not follow the language; the message says where."""


@dataclass(frozen=True, slots=True)
class One:
    """One byte out of ``of``; both cases of a letter are in it."""

    of: frozenset[int]


@dataclass(frozen=True, slots=True)
class Row:
    """These after one another; nothing where empty."""

    parts: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these."""

    ways: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``what`` at least ``least`` and at most ``most`` times."""

    what: Shape
    least: int
    most: int


Shape = One | Row | Either | Repeat


def parse_shape(written: str, *, cased: bool = False) -> Shape:
    r"""Return the parsed shape.

    Raises:
        ShapeError: It does not follow the language, may be empty or longer than 96 bytes, or begins
            with something that is no letter or digit.

    >>> to_regex(parse_shape(r"A-?\d{3}"))
    b'[Aa](?:\\-){0,1}(?:[0-9]){3,3}'
    """
    reader = _Reader(written, cased=cased)
    shape = reader.either()
    if reader.at < len(written):
        raise ShapeError(
            f"there is a {written[reader.at]} too many at character {reader.at + 1} of {written}"
        )
    least, most = span(shape)
    if least < 1 or most > LONGEST_SHAPE:
        raise ShapeError(f"{written} takes {least} to {most} bytes, and 1 to {LONGEST_SHAPE} are allowed")
    if not all(chr(byte).isalnum() for byte in firsts(shape) - frozenset(b"|")):
        raise ShapeError(f"{written} begins with something that is no letter or digit")
    return shape


def span(shape: Shape) -> tuple[int, int]:
    """Return the fewest and the most bytes that a shape takes."""
    match shape:
        case One():
            return 1, 1
        case Row(parts):
            sizes = [span(part) for part in parts]
            return sum(least for least, _ in sizes), sum(most for _, most in sizes)
        case Either(ways):
            sizes = [span(way) for way in ways]
            return min(least for least, _ in sizes), max(most for _, most in sizes)
        case Repeat(what, least, most):
            fewest, longest = span(what)
            return fewest * least, longest * most


def firsts(shape: Shape) -> frozenset[int]:
    """Return the bytes with which a shape may begin."""
    return frozenset(one[0] for one in beginnings(shape, 1) if one)


def beginnings(shape: Shape, size: int) -> frozenset[bytes]:
    """Return the ways in which a shape may begin, of ``size`` bytes or of all that it has where it is shorter.

    >>> sorted(beginnings(parse_shape("ab?[cd]"), 2))[:3]
    [b'AB', b'AC', b'AD']
    """
    match shape:
        case One(of):
            return frozenset(bytes([byte]) for byte in of)
        case Row(parts):
            return _beginnings_of_row(parts, size)
        case Either(ways):
            return frozenset().union(*(beginnings(way, size) for way in ways))
        case Repeat(what, least, most):
            counts = range(least, max(least, min(most, size)) + 1)
            return frozenset().union(
                *(_beginnings_of_row((what,) * min(count, size), size) for count in counts)
            )


def _beginnings_of_row(parts: Sequence[Shape], size: int) -> frozenset[bytes]:
    found = frozenset({b""})
    for part in parts:
        if all(len(one) == size for one in found):
            break
        behind = beginnings(part, size)
        found = frozenset(
            (one + more)[:size] for one in found for more in (behind if len(one) < size else (b"",))
        )
    return found


def to_regex(shape: Shape) -> bytes:
    """Return the shape as a regular expression of Python over bytes, without flags or groups."""
    match shape:
        case One(of):
            return _class(of)
        case Row(parts):
            return b"".join(map(to_regex, parts))
        case Either(ways):
            return b"(?:" + b"|".join(map(to_regex, ways)) + b")"
        case Repeat(what, least, most):
            return b"(?:" + to_regex(what) + b"){%d,%d}" % (least, most)


def _class(of: frozenset[int]) -> bytes:
    if of == DIGITS:
        return b"[0-9]"
    letters = [re.escape(bytes([byte])) for byte in sorted(of)]
    return letters[0] if len(letters) == 1 else b"[" + b"".join(letters) + b"]"


class _Reader:
    """Reads a shape from left to right."""

    def __init__(self, written: str, *, cased: bool) -> None:
        if not written.isascii():
            raise ShapeError(f"{written} has characters outside ASCII")
        self.written, self.cased, self.at = written, cased, 0

    def peek(self) -> str:
        return self.written[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.written):
            raise ShapeError(f"{self.written} ends too early")
        self.at += 1
        return self.written[self.at - 1]

    def either(self) -> Shape:
        ways = [self.row()]
        while self.peek() == "|":
            self.at += 1
            ways.append(self.row())
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def row(self) -> Shape:
        parts: list[Shape] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.one()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def repeated(self, what: Shape) -> Shape:
        if self.peek() == "?":
            self.at += 1
            return Repeat(what, 0, 1)
        if self.peek() != "{":
            return what
        found = re.compile(r"\{(\d+)(?:,(\d+))?\}").match(self.written, self.at)
        if not found:
            raise ShapeError(f"{self.written}: after {{ come a number, or two with a comma, and }}")
        self.at = found.end()
        least = int(found[1])
        most = int(found[2] or found[1])
        if most < least:
            raise ShapeError(f"{self.written}: {{{least},{most}}} counts backwards")
        return Repeat(what, least, most)

    def one(self) -> Shape:
        letter = self.take()
        if letter == "(":
            inside = self.either()
            if self.peek() != ")":
                raise ShapeError(f"{self.written}: a ( is not closed")
            self.at += 1
            return inside
        if letter == "[":
            return One(self.members())
        if letter == "_":
            return Repeat(One(JOINERS), 0, 1)
        if letter == "\\":
            escaped = self.take()
            if escaped in _NAMED:
                return One(_NAMED[escaped])
            if escaped.isalnum():
                raise ShapeError(f"{self.written}: \\{escaped} means nothing here")
            return One(frozenset(escaped.encode()))
        if letter in "*+{}])^$":
            raise ShapeError(f"{self.written}: {letter} has no meaning at character {self.at}")
        return One(self.cases(letter))

    def members(self) -> frozenset[int]:
        found: set[int] = set()
        while self.peek() != "]":
            first = self.take()
            if first == "\\":
                escaped = self.take()
                found |= _NAMED.get(escaped, frozenset(escaped.encode()))
                continue
            if self.peek() == "-" and self.written[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self.take()
                for point in range(ord(first), ord(last) + 1):
                    found |= self.cases(chr(point))
            else:
                found |= self.cases(first)
        self.at += 1
        if not found:
            raise ShapeError(f"{self.written}: [] has no members")
        return frozenset(found)

    def cases(self, letter: str) -> frozenset[int]:
        return frozenset(letter.encode() if self.cased else (letter.upper() + letter.lower()).encode())
