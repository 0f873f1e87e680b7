"""Words that an identifier cannot do without: no street address without ``street``, ``ave`` or the like.

A number has the beginning of an address in nearly every note, and an automaton reads on through four more
words before it knows better. So the rarest words that all shapes of a rule need are found here, and where
none of them stands in a cell nothing is read at all. What is found does not depend on this, only how fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from curtilage.detection.values.anchors import share_of
from curtilage.detection.values.shapes import Either, One, Repeat, Row, Shape, firsts, span

#: Ways to write one part of a shape that are looked through at most; chosen: fifty words for a street.
_MOST_WAYS: Final = 200
#: What all words of a shape together may be of those of a text; chosen: others stand in every second note.
_RARE: Final = 0.05
_SEPARATOR: Final = re.compile(r"[^0-9a-z]+")
_WORDY: Final = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def list_words(shapes: Iterable[Shape]) -> frozenset[str]:
    r"""Return whole words, lower case, of which one stands wherever one of the shapes fits.

    None where a shape can do without words, or where they are too common to tell anything.

    >>> from curtilage.detection.values.shapes import parse_shape
    >>> sorted(list_words([parse_shape(r"po box \d{2,5}"), parse_shape(r"casilla:? \d{2,5}")]))
    ['casilla', 'po']
    """
    found = frozenset[str]()
    for shape in shapes:
        words = _pick(shape.parts if isinstance(shape, Row) else (shape,))
        if not words:
            return frozenset()
        found |= words
    return found if _share(found) < _RARE else frozenset()


def _share(words: Iterable[str]) -> float:
    return sum(share_of((word,)) for word in words)


def _pick(parts: Sequence[Shape]) -> frozenset[str]:
    """Return the rarest words that stand between separators in all texts of a row; none where there are none."""
    best = frozenset[str]()
    for first in range(len(parts)):
        ways: frozenset[bytes] | None = frozenset({b""})
        for behind in range(first + 1, len(parts) + 1):
            ways = _join(ways, _ways(parts[behind - 1]))
            if ways is None:
                break
            if _is_apart(parts[:first][::-1], last=True) and _is_apart(parts[behind:]):
                words = frozenset(map(_rarest, ways))
                if "" not in words and not (best and _share(best) <= _share(words)):
                    best = words
    return best


def _rarest(way: bytes) -> str:
    """Return the rarest word of some that are written in full; empty where there is none."""
    words = (word for word in _SEPARATOR.split(way.decode()) if word.isalpha())
    return min(words, key=lambda word: share_of((word,)), default="")


def _ways(shape: Shape) -> frozenset[bytes] | None:
    """Return all that a shape fits, lower case; None where that is too much, or not letters and signs only."""
    match shape:
        case One(of):
            ways = frozenset(bytes([byte]).lower() for byte in of)
            return ways if len(ways) == 1 else None
        case Row(parts):
            return _join(frozenset({b""}), *map(_ways, parts))
        case Either(ways):
            each = [_ways(way) for way in ways]
            return frozenset().union(*(way for way in each if way)) if all(each) else None
        case Repeat(what, least, most):
            once = _ways(what)
            times = [_join(frozenset({b""}), *[once] * count) for count in range(least, most + 1)]
            return frozenset().union(*(each for each in times if each)) if all(times) else None


def _join(*rows: frozenset[bytes] | None) -> frozenset[bytes] | None:
    count = 1
    for ways in rows:
        count *= len(ways) if ways else 0
        if not 0 < count <= _MOST_WAYS:
            return None
    return frozenset(map(b"".join, product(*(ways for ways in rows if ways))))


def _is_apart(parts: Sequence[Shape], *, last: bool = False) -> bool:
    """Return whether what comes next, or came right before, is a separator, or the end of the shape."""
    for part in parts:
        if (_lasts(part) if last else firsts(part)) & _WORDY:
            return False
        if span(part)[0]:
            return True
    return True


def _lasts(shape: Shape) -> frozenset[int]:
    """Return the bytes with which a shape may end."""
    match shape:
        case One(of):
            return of
        case Row(parts):
            found = frozenset[int]()
            for part in reversed(parts):
                found |= _lasts(part)
                if span(part)[0]:
                    break
            return found
        case Either(ways):
            return frozenset[int]().union(*map(_lasts, ways))
        case Repeat(what, _, _):
            return _lasts(what)
