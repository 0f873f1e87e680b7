"""Automata for all shapes: they read a text once, and know at each byte which rules fit so far.

Shapes are bounded (no ``*``), so an automaton has no circles: the smallest one is found by building
it from its ends, and taking states that do the same for one. It reads from one beginning on; whether
an identifier may begin or end there is asked elsewhere.

One automaton for everything would be large, for it must remember each combination of rules that
still fit. So rules of many words, such as addresses, have one of their own, and the others are
divided into those that speak for themselves and those that need words beside them. At most
beginnings none or one has a chance, which a table of runs tells beforehand (:func:`runs`).
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from curtilage.detection.values.shapes import Either, One, Repeat, Row, Shape

#: State without a way on.
DEAD: Final = 0
START: Final = 1
#: States are numbered in 16 bits.
MOST_STATES: Final = 0xFFFF
#: A rule whose own automaton has more states shares it with no other.
LARGE: Final = 100
MOST_AUTOMATA: Final = 64
#: Longest run of letters or digits in the table of runs.
LONGEST_RUN: Final = 31
_ASCII: Final = 128
_DIGITS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_GLUE: Final = b"-./_"
#: Kinds of bytes behind a run: any other (and the end), some signs, digits, letters.
KIND_BYTES: Final = b"\0 -./():,#<+'_"
DIGIT, LETTER, KINDS = 14, 15, 16
OTHERS: Final = frozenset(range(DIGIT))

# What may come next: places in shapes by their number, and below zero rules that fit (-1 is rule 0).
_Set = frozenset[int]


class TooManyShapesError(ValueError):
    """The shapes would take more states, or automata, than there are numbers for them."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """One automaton. States that accept nothing come first; 0 is dead, 1 the start.

    Attributes:
        classes: Class of each byte; 0 for those that no shape has.
        ways: For each state its way on by class; 0 is dead.
        accepts: For each state the numbers of the rules that fit, ascending.
        accepting: First of the states that accept.
    """

    classes: bytes
    ways: list[dict[int, int]]
    accepts: list[tuple[int, ...]]
    accepting: int

    @property
    def rules(self) -> set[int]:
        """The numbers of its rules."""
        return {rule for fits in self.accepts for rule in fits}

    @property
    def width(self) -> int:
        """Number of classes."""
        return max(self.classes) + 1

    def runs(self, alike: frozenset[int]) -> Iterator[set[int]]:
        """Give for 1, 2, ... 31 bytes that are all in ``alike`` what may follow, as :func:`pair_of_kinds`."""
        steps, states = {self.classes[byte] for byte in alike} - {0}, {START}
        for _ in range(LONGEST_RUN):
            states = self._go(states, steps)
            yield self._follow(states, alike)

    def _go(self, states: Iterable[int], steps: Container[int]) -> set[int]:
        return {way for state in states for by, way in self.ways[state].items() if by in steps}

    def _follow(self, states: set[int], alike: frozenset[int]) -> set[int]:
        """Return which kinds of two bytes may follow; an end needs a byte behind it that is in no word."""
        pairs = set[int]()
        if any(state >= self.accepting for state in states):
            for first in OTHERS:
                pairs |= {
                    pair_of_kinds(first, second)
                    for second in range(KINDS)
                    if not (KIND_BYTES[first] in _GLUE and second == DIGIT)
                }
        for byte in range(_ASCII):
            nexts = self._go(states, {self.classes[byte]} - {0}) if byte not in alike else set()
            if nexts:
                ends = any(state >= self.accepting for state in nexts)
                ways = {by for state in nexts for by in self.ways[state]}
                seconds = {kind_of(other) for other in range(_ASCII) if self.classes[other] in ways}
                pairs |= {
                    pair_of_kinds(kind_of(byte), second) for second in (seconds | OTHERS if ends else seconds)
                }
        return pairs


def divide(rules: Iterable[tuple[int, Hashable, Sequence[Shape]]]) -> list[Automaton]:
    """Return automata that together hold all rules: number, what rules in one automaton share, shapes.

    Raises:
        TooManyShapesError: One of them has more than 65,535 states, or there are more than 64.
    """
    found: list[Automaton] = []
    gathered: dict[Hashable, list[tuple[int, Shape]]] = {}
    for number, shared, shapes in rules:
        own = [(number, shape) for shape in shapes]
        alone = build(own)
        if len(alone.ways) > LARGE:
            found.append(alone)
        else:
            gathered.setdefault(shared, []).extend(own)
    found += [build(shapes) for shapes in gathered.values()]
    if len(found) > MOST_AUTOMATA:
        raise TooManyShapesError(f"the shapes make {len(found)} automata, {MOST_AUTOMATA} fit")
    return found


def classes(automata: Sequence[Automaton]) -> tuple[bytes, int]:
    """Return a class for each byte, 0 for those that no shape has, and how many there are.

    Bytes that no automaton tells apart are of one class.
    """
    numbers: dict[tuple[int, ...], int] = {(0,) * len(automata): 0}
    found = bytes(
        numbers.setdefault(tuple(one.classes[byte] for one in automata), len(numbers)) for byte in range(256)
    )
    return found, len(numbers)


def runs(automata: Sequence[Automaton]) -> list[int]:
    """Return which automata may fit where a run of letters, or digits, stands before two bytes of some kind.

    A bit for each automaton: by letters or digits, length of the run (0 to 31), the pair of kinds.
    """
    bits = [0] * (2 * (LONGEST_RUN + 1) * KINDS * KINDS)
    for number, one in enumerate(automata):
        for kind, alike in enumerate((_LETTERS, _DIGITS)):
            for size, pairs in enumerate(one.runs(alike), 1):
                for pair in pairs:
                    bits[(kind * (LONGEST_RUN + 1) + size) * KINDS * KINDS + pair] |= 1 << number
    return bits


def kind_of(byte: int) -> int:
    """Return what kind of a byte one is, for :func:`runs`: digit, letter, one of some signs, or any other."""
    if byte in _DIGITS:
        return DIGIT
    if byte in _LETTERS:
        return LETTER
    return max(0, KIND_BYTES.find(byte)) if byte else 0


def pair_of_kinds(first: int, second: int) -> int:
    """Return the number of two kinds."""
    return first * KINDS + second


def heads(automata: Sequence[Automaton], of_bytes: bytes, width: int) -> list[int]:
    """Return which automata may fit by the first two bytes, given by their classes from :func:`classes`.

    A bit for each automaton: by class of the first byte, then of the second (0 for the end too).
    """
    first_with = {combined: byte for byte, combined in reversed(list(enumerate(of_bytes)))}
    bits = [0] * (width * width)
    for number, one in enumerate(automata):
        by_class = [
            one.classes[first_with[combined]] if combined in first_with else 0 for combined in range(width)
        ]
        for first, by in enumerate(by_class):
            state = one.ways[START].get(by, DEAD) if len(one.ways) > START else DEAD
            if state == DEAD:
                continue
            for second, then in enumerate(by_class):
                if state >= one.accepting or then in one.ways[state]:
                    bits[first * width + second] |= 1 << number
    return bits


def build(shapes: Iterable[tuple[int, Shape]]) -> Automaton:
    """Return the smallest automaton for shapes, each with the number of its rule.

    Raises:
        TooManyShapesError: It has more than 65,535 states.
    """
    places = _Places()
    start: _Set = frozenset()
    for rule, shape in shapes:
        start |= places.lay(shape, frozenset({-1 - rule}))
    classes = _classes({of for of, _ in places.listed})
    return _Builder(places, classes).build(start)


@dataclass
class _Places:
    """Places in shapes: which byte is taken there, and what may come behind. Equal ones are one."""

    listed: list[tuple[frozenset[int], _Set]] = field(default_factory=list)
    numbers: dict[tuple[frozenset[int], _Set], int] = field(default_factory=dict)

    def lay(self, shape: Shape, behind: _Set) -> _Set:
        """Return what may come first where ``behind`` follows the shape."""
        match shape:
            case One(of):
                key = (of, behind)
                if key not in self.numbers:
                    self.numbers[key] = len(self.listed)
                    self.listed.append(key)
                return frozenset({self.numbers[key]})
            case Row(parts):
                for part in reversed(parts):
                    behind = self.lay(part, behind)
                return behind
            case Either(ways):
                return frozenset().union(*(self.lay(way, behind) for way in ways))
            case Repeat(what, least, most):
                first = behind
                for _ in range(most - least):
                    first = self.lay(what, first) | behind
                for _ in range(least):
                    first = self.lay(what, first)
                return first


def _classes(sets: set[frozenset[int]]) -> bytes:
    """Return a class for each byte: bytes that no shape tells apart are of one class."""
    ordered = sorted(sets, key=sorted)
    numbers: dict[tuple[bool, ...], int] = {(False,) * len(ordered): 0}
    classes = bytearray(256)
    for byte in range(_ASCII):
        classes[byte] = numbers.setdefault(tuple(byte in one for one in ordered), len(numbers))
    return bytes(classes)


class _Builder:
    """Follows sets of places through all bytes, from the start to where nothing goes on."""

    def __init__(self, places: _Places, classes: bytes) -> None:
        self.steps = [(sorted({classes[byte] for byte in of}), behind) for of, behind in places.listed]
        self.classes = classes
        self.known: dict[_Set, int] = {}
        self.same: dict[tuple[tuple[int, ...], tuple[tuple[int, int], ...]], int] = {}

    def build(self, start: _Set) -> Automaton:
        first = self.state(start)
        if len(self.same) >= MOST_STATES:
            raise TooManyShapesError(f"the shapes together make {len(self.same)} states, {MOST_STATES} fit")
        rows = list(self.same)
        order = sorted(range(len(rows)), key=lambda row: (bool(rows[row][0]), row != first, row))
        number = {row: place for place, row in enumerate(order, START)}
        ways: list[dict[int, int]] = [{}]
        accepts: list[tuple[int, ...]] = [()]
        for row in order:
            fits, edges = rows[row]
            ways.append({by: number[to] for by, to in edges})
            accepts.append(fits)
        accepting = next((at for at, fits in enumerate(accepts) if fits), len(accepts))
        return Automaton(self.classes, ways, accepts, accepting)

    def state(self, places: _Set) -> int:
        """Return the number of the state for a set of places."""
        if places in self.known:
            return self.known[places]
        on: dict[int, list[_Set]] = {}
        for place in places:
            if place >= 0:
                steps, behind = self.steps[place]
                for by in steps:
                    on.setdefault(by, []).append(behind)
        fits = tuple(sorted(-1 - place for place in places if place < 0))
        edges = tuple((by, self.state(frozenset().union(*on[by]))) for by in sorted(on))
        self.known[places] = self.same.setdefault((fits, edges), len(self.same))
        return self.known[places]
