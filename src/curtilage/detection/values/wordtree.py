"""Phrases as the kernel reads them: a list of words, and places that one goes through word by word.

Each word that any phrase has gets a number. A *place* stands behind a word of a phrase: it knows whose
phrases end there, and from which *branch* the next word must come, closely or behind a gap. An edge
leads from a branch, by the number of a word, to the next place. Places and branches from which the
same follows are one, so that ``(order|ticket|case) (no|number)`` takes six edges.

Phrases of rules and of context groups begin in branches of their own: words of groups are looked for
only in cells that hold something they may speak of.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from curtilage.detection.phrases import GAP
from curtilage.detection.values.rules import NUMBER

#: Number of the word that stands for any short number; words of their own begin behind it.
A_NUMBER: Final = 1
#: Letters of a word that its entry holds; the rest lies elsewhere.
LETTERS: Final = 8
#: A beginning of words (``deporta*``) has at most so many bytes.
LONGEST_BEGINNING: Final = 31
#: Sizes of the tables, as powers of two.
FILTER_BITS, BEGINNINGS_BITS, FIRSTS_BITS, PAIRS_BITS = 17, 12, 16, 19
SAY_BITS: Final = 64
_HASH: Final = 0x9E3779B97F4A7C15
_MASK: Final = 0xFFFFFFFFFFFFFFFF
WHOLE, BEGINNING = 0, 1
#: What may begin with a word: phrases whatever comes next, phrases before certain words.
ALWAYS, BEFORE_SOME = 1, 2
#: On a branch: some of its edges are beginnings of words, or the number.
HAS_BEGINNINGS, HAS_NUMBER = 1, 2


class Place(NamedTuple):
    """A place behind a word: who ends there, the branch of the next words, and that behind a gap."""

    owners: tuple[int, ...]
    next: int
    gap: int


class Word(NamedTuple):
    """A word, or the beginning of words: its letters, and the places behind it where it is the first."""

    letters: bytes
    kind: int
    of_rules: int
    of_groups: int


_Row = tuple[tuple[int, int], ...]
"""Edges of a branch: number of the word, place."""


class Layout(NamedTuple):
    """Tables for the kernel. Word 0, place 0 and branch 0 are none."""

    words: list[Word]
    places: list[Place]
    branches: list[
        tuple[int, int]
    ]  # which numbers of words have edges (by their last 6 bits); what else they are
    edges: array[int]  # slots of branch, word, place
    rows: list[_Row]  # the same edges, by branch


@dataclass
class _Branch:
    below: dict[str, _Branch] = field(default_factory=dict)
    owners: set[int] = field(default_factory=set)


class WordTree:
    """Gathers phrases and lists of words, then lays them out."""

    def __init__(self) -> None:
        self._roots = (_Branch(), _Branch())
        self._numbers: dict[str, int] = {"": 0, NUMBER: A_NUMBER}
        self._places: dict[Place, int] = {Place((), 0, 0): 0}
        self._branches: dict[_Row, int] = {(): 0}

    def add(self, sequence: Iterable[str], owner: int, *, of_group: bool) -> None:
        """Take a phrase of ``owner``, as :func:`curtilage.detection.values.rules.sequences` gives it."""
        branch = self._roots[of_group]
        for element in sequence:
            branch = branch.below.setdefault(element, _Branch())
        branch.owners.add(owner)

    def add_list(self, listed: Iterable[str]) -> int:
        """Take a list of single words; return its branch, 0 for none. All its edges lead to some place."""
        row = tuple((number, 1) for number in sorted(self._number(word) for word in set(listed) if word))
        return self._branches.setdefault(row, len(self._branches))

    def layout(self) -> Layout:
        """Return all tables."""
        firsts = [self._row(root) for root in self._roots]
        words = [
            Word(
                written.rstrip("*").encode(),
                int(written.endswith("*")),
                *(first.get(number, 0) for first in firsts),
            )
            for written, number in self._numbers.items()
        ]
        rows = list(self._branches)
        return Layout(words, list(self._places), [_branch(row, words) for row in rows], _edges(rows), rows)

    def _number(self, written: str) -> int:
        return self._numbers.setdefault(written, len(self._numbers))

    def _row(self, branch: _Branch) -> dict[int, int]:
        return {
            self._number(element): self._place(below)
            for element, below in branch.below.items()
            if element != GAP
        }

    def _place(self, branch: _Branch) -> int:
        gap = branch.below.get(GAP)
        place = Place(tuple(sorted(branch.owners)), self._lay(branch), self._lay(gap) if gap else 0)
        return self._places.setdefault(place, len(self._places))

    def _lay(self, branch: _Branch) -> int:
        row = tuple(sorted(self._row(branch).items()))
        return self._branches.setdefault(row, len(self._branches))


def _branch(row: _Row, words: list[Word]) -> tuple[int, int]:
    """Return bits for the last six bits of words' numbers, and what the words are besides whole ones."""
    bits = 0
    for number, _ in row:
        bits |= 1 << number % 64
    beginnings = any(words[number].kind == BEGINNING for number, _ in row)
    return bits, HAS_BEGINNINGS * beginnings | HAS_NUMBER * any(number == A_NUMBER for number, _ in row)


def _edges(rows: list[_Row]) -> array[int]:
    """Return an open table of all edges: three numbers a slot, at most half of the slots taken."""
    count = sum(map(len, rows))
    size = 1 << max(4, (2 * count - 1).bit_length())
    slots = array("I", bytes(12 * size))
    for branch, row in enumerate(rows):
        for word, place in row:
            slot = edge_hash(branch, word) & (size - 1)
            while slots[3 * slot]:
                slot = (slot + 1) & (size - 1)
            slots[3 * slot : 3 * slot + 3] = array("I", (branch, word, place))
    return slots


def edge_hash(branch: int, word: int) -> int:
    """Return where the search for an edge begins, as the kernel reckons it."""
    return ((branch << 32 | word) * _HASH & _MASK) >> 32


def word_hash(letters: bytes, kind: int) -> int:
    """Return 32 bits that tell words apart: their first eight letters, their length, their kind."""
    first = int.from_bytes(letters[:LETTERS].ljust(LETTERS, b"\0"), "little")
    mixed = (first ^ (2 * len(letters) + kind)) * _HASH & _MASK
    return ((mixed ^ mixed >> 29) * _HASH & _MASK) >> 32


def word_tables(words: list[Word]) -> tuple[bytes, array[int], bytes]:
    """Return a filter of words' hashes, the slots in which their numbers lie, and what is too long for an entry."""
    size = 1 << max(4, (2 * len(words) - 1).bit_length())
    filtered, slots, rest = bytearray(1 << FILTER_BITS - 3), array("I", bytes(4 * size)), bytearray(1)
    for number, word in enumerate(words):
        rest += word.letters[LETTERS:]
        if number <= A_NUMBER:
            continue
        key = word_hash(word.letters, word.kind)
        bit = key >> 32 - FILTER_BITS
        filtered[bit // 8] |= 1 << bit % 8
        slot = key & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
    return bytes(filtered), slots, bytes(rest)


def first_tables(laid: Layout) -> tuple[bytes, bytes, int, int]:
    """Return what may begin with words of a hash, a filter of pairs of words, hash and kinds of a number.

    A word that by itself is no phrase, and that only whole words follow closely, begins a phrase only
    where the word behind it is one of those: nearly all words of a text are passed over by that.
    """
    firsts, pairs, number_kinds = bytearray(1 << FIRSTS_BITS), bytearray(1 << PAIRS_BITS - 3), 0
    for number, word in enumerate(laid.words):
        kinds, key = 0, word_hash(word.letters, word.kind)
        for shift, first in ((0, word.of_rules), (2, word.of_groups)):
            if not first:
                continue
            place = laid.places[first]
            if place.owners or place.gap or laid.branches[place.next][1]:
                kinds |= ALWAYS << shift
                continue
            kinds |= BEFORE_SOME << shift
            for following, _ in laid.rows[place.next]:
                bit = pair_hash(key, word_hash(laid.words[following].letters, WHOLE))
                pairs[bit // 8] |= 1 << bit % 8
        if number == A_NUMBER:
            number_kinds = kinds
        elif word.kind == WHOLE:
            firsts[key >> 32 - FIRSTS_BITS] |= kinds
    return bytes(firsts), bytes(pairs), word_hash(NUMBER.encode(), WHOLE), number_kinds


def say_tables(laid: Layout) -> tuple[array[int], array[int], array[int], int]:
    """Return which context groups may be said by phrases that begin with some word, as bits (:func:`group_bit`).

    For words by their hash the number of an entry, those entries; bits by the first three letters for
    beginnings of words; bits for a number.
    """
    known: dict[int, int] = {0: 0}
    said: dict[int, int] = {}
    by_letters, of_number = array("Q", bytes(8 << BEGINNINGS_BITS)), 0

    def reach(number: int) -> int:
        if number not in said:
            place = laid.places[number]
            bits = 0
            for owner in place.owners:
                bits |= group_bit(owner)
            for _, to in (*laid.rows[place.next], *laid.rows[place.gap]):
                bits |= reach(to)
            said[number] = bits
        return said[number]

    by_hash: dict[int, int] = {}
    for number, word in enumerate(laid.words):
        if not word.of_groups:
            continue
        bits = reach(word.of_groups)
        if number == A_NUMBER:
            of_number = bits
        elif word.kind == WHOLE:
            bucket = word_hash(word.letters, WHOLE) >> 32 - FIRSTS_BITS
            by_hash[bucket] = by_hash.get(bucket, 0) | bits
        else:
            for key in _list_keys(word.letters):
                by_letters[key] |= bits
    entries = array("H", bytes(2 << FIRSTS_BITS))
    for bucket, bits in by_hash.items():
        entries[bucket] = known.setdefault(bits, len(known))
    return entries, array("Q", known), by_letters, of_number


def group_bit(group: int) -> int:
    """Return the bit that stands for a context group, and for some others too."""
    return 1 << group % SAY_BITS


def pair_hash(one: int, other: int) -> int:
    """Return which bit stands for two words, as the kernel reckons it."""
    mixed = (one * 0x85EBCA6B & 0xFFFFFFFF) ^ other
    return (mixed * 0x9E3779B1 & 0xFFFFFFFF) >> 32 - PAIRS_BITS


def beginnings(words: list[Word], *, first: bool) -> array[int]:
    """Return by a hash of three letters how long the beginnings are that have them: a bit for each length.

    Args:
        words: All of them.
        first: Only those with which a phrase begins.
    """
    table = array("I", bytes(4 << BEGINNINGS_BITS))
    for word in words:
        if word.kind == BEGINNING and (not first or word.of_rules or word.of_groups):
            for key in _list_keys(word.letters):
                table[key] |= 1 << len(word.letters)
    return table


def _list_keys(letters: bytes) -> Iterator[int]:
    if len(letters) < 3:
        yield from range(1 << BEGINNINGS_BITS)  # any letters may follow
    else:
        first = int.from_bytes(letters[:3], "little")
        yield (first * 0x9E3779B1 & 0xFFFFFFFF) >> 32 - BEGINNINGS_BITS
