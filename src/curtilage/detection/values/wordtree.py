"""Phrases as the kernel reads them: a list of words, and places that one goes through word by word.

Each word that any phrase has gets a number. A *place* stands behind a word of a phrase: it knows whose
phrases end there, and from which *branch* the next word must come, closely or behind a gap. An edge
leads from a branch, by the number of a word, to the next place. Places and branches from which the
same follows are one, so that ``(order|ticket|case) (no|number)`` takes six edges.

Phrases of rules and of context groups begin in branches of their own: words of groups are looked for
only in cells that hold something they may speak of.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from curtilage.detection.phrases import GAP
from curtilage.detection.values.anchors import pick_anchor, words_before
from curtilage.detection.values.rules import NUMBER

#: Number of the word that stands for any short number; words of their own begin behind it.
A_NUMBER: Final = 1
#: Letters of a word that its entry holds; the rest lies elsewhere.
LETTERS: Final = 8
#: A beginning of words (``deporta*``) has at most so many bytes.
LONGEST_BEGINNING: Final = 31
#: Sizes of the tables, as powers of two.
FILTER_BITS, BEGINNINGS_BITS, STARTS_BITS, PAIRS_BITS = 17, 12, 16, 19
_HASH: Final = 0x9E3779B97F4A7C15
_SPREAD: Final = 0xD6E8FEB86659FD93
_MASK: Final = 0xFFFFFFFFFFFFFFFF
WHOLE, BEGINNING = 0, 1
#: Of phrases that begin with a word: some end there; some take the name behind; some go on; with a gap; with a
#: beginning of words or a number. Those of groups stand further left.
ENDS, ENDS_BEFORE_NAME, GOES_ON, GAPPED, LOOSE, GROUPS = 1, 2, 4, 8, 16, 5
#: Of words that are anchors of rules: always, or only before a name.
SPEAKS, SPEAKS_BEFORE_NAME = 1 << 10, 1 << 11
#: How many words a phrase may have before the anchor, from this bit on; and how many in all.
BEFORE, MOST_WORDS = 1 << 12, 16
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


class Anchors(NamedTuple):
    """By the number of a word, or those of two that come one behind the other: what cannot be said without."""

    of_rules: dict[tuple[int, ...], int]  # SPEAKS, SPEAKS_BEFORE_NAME
    of_groups: dict[tuple[int, ...], int]  # bits of groups


class Layout(NamedTuple):
    """Tables for the kernel. Word 0, place 0 and branch 0 are none."""

    words: list[Word]
    places: list[Place]
    branches: list[
        tuple[int, int]
    ]  # which numbers of words have edges (by their last 6 bits); what else they are
    edges: array[int]  # slots of branch, word, place
    rows: list[_Row]  # the same edges, by branch
    anchors: Anchors


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
        self._anchors = Anchors({}, {})

    def add(self, sequence: Sequence[str], owner: int, *, of_group: bool) -> None:
        """Take a phrase of ``owner``, as :func:`curtilage.detection.values.rules.sequences` gives it.

        Args:
            sequence: Its elements.
            owner: Number of the rule, or of the context group.
            of_group: Whether it is a group.
        """
        branch = self._roots[of_group]
        for element in sequence:
            branch = branch.below.setdefault(element, _Branch())
        branch.owners.add(owner)

    def anchor(self, sequence: Sequence[str], *, naming: bool) -> None:
        """Let the anchor of a rule's phrase speak for it.

        Args:
            sequence: The phrase.
            naming: Whether the rule takes the name behind the phrase, and nothing without one.
        """
        picked = pick_anchor(sequence)
        before = words_before(sequence, picked)
        number, kept = self._numbers_of(picked), self._anchors.of_rules
        flags = SPEAKS_BEFORE_NAME if naming and len(sequence) == 1 else SPEAKS
        kept[number] = _join_flags(kept.get(number, 0), before * BEFORE + flags)

    def anchor_group(self, sequence: Sequence[str], group: int) -> None:
        """Let the anchor of a group's phrase speak for it."""
        number, kept = self._numbers_of(pick_anchor(sequence)), self._anchors.of_groups
        kept[number] = kept.get(number, 0) | 1 << group

    def _numbers_of(self, elements: Iterable[str]) -> tuple[int, ...]:
        return tuple(map(self._number, elements))

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
        return Layout(
            words,
            list(self._places),
            [_branch(row, words) for row in rows],
            _edges(rows),
            rows,
            self._anchors,
        )

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
    return ((first ^ (2 * len(letters) + kind) * _SPREAD & _MASK) * _HASH & _MASK) >> 32


def word_tables(words: list[Word]) -> tuple[bytes, array[int], bytes]:
    """Return a filter of words' hashes, the slots in which their numbers lie, and what is too long for an entry."""
    size = 1 << max(4, (2 * len(words) - 1).bit_length())
    filtered, slots, rest = bytearray(1 << FILTER_BITS - 3), array("I", bytes(4 * size)), bytearray(1)
    for number, word in enumerate(words):
        rest += word.letters[LETTERS:]
        if number <= A_NUMBER:
            continue
        key = word_hash(word.letters, word.kind)
        _set(filtered, key >> 32 - FILTER_BITS)
        slot = key & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
    return bytes(filtered), slots, bytes(rest)


class Mark(NamedTuple):
    """What the kernel knows of a word before it follows any phrase: flags, and which groups it speaks for.

    Attributes:
        flags: :data:`ENDS` and the like of rules, and those of groups further left.
        first: Bits of the groups with phrases that begin with the word.
        anchored: Bits of the groups with phrases that a cell cannot say without it.
    """

    @property
    def speaks(self) -> bool:
        """Whether it is an anchor."""
        return bool(self.anchored or self.flags & (SPEAKS | SPEAKS_BEFORE_NAME))

    flags: int
    first: int
    anchored: int


def mark_words(laid: Layout, naming: Container[int]) -> list[Mark]:
    """Return what is known of each word.

    Args:
        laid: All tables.
        naming: Numbers of the rules that take the name behind their phrases, and nothing without one.
    """
    said: dict[int, int] = {0: 0}

    def reach(number: int) -> int:
        if number not in said:
            place = laid.places[number]
            bits = sum(1 << owner for owner in place.owners)
            for _, to in (*laid.rows[place.next], *laid.rows[place.gap]):
                bits |= reach(to)
            said[number] = bits
        return said[number]

    return [
        Mark(
            _flags(laid, word, word.of_rules, naming)
            | _flags(laid, word, word.of_groups, ()) << GROUPS
            | laid.anchors.of_rules.get((number,), 0),
            reach(word.of_groups),
            laid.anchors.of_groups.get((number,), 0),
        )
        for number, word in enumerate(laid.words)
    ]


def _flags(laid: Layout, word: Word, first: int, naming: Container[int]) -> int:
    """Return how phrases that begin with a word may go on."""
    if not first:
        return 0
    place, flags = laid.places[first], 0
    if place.owners:
        flags |= ENDS_BEFORE_NAME if all(owner in naming for owner in place.owners) else ENDS
    if place.next or place.gap:
        flags |= GOES_ON
    if place.gap:
        flags |= GAPPED
    if laid.branches[place.next][1] or laid.branches[place.gap][1]:
        flags |= LOOSE
    # Pairs are told by the first word's own letters, of which a beginning has only some.
    return ENDS if word.kind == BEGINNING and flags & GOES_ON else flags


def pair_table(laid: Layout) -> bytes:
    """Return a filter of the pairs of words, the first of a phrase and one that may come next, gaps apart."""
    pairs = bytearray(1 << PAIRS_BITS - 3)
    for word in laid.words:
        key = word_hash(word.letters, WHOLE)
        for first in {word.of_rules, word.of_groups} - {0}:
            place = laid.places[first]
            for following, _ in (*laid.rows[place.next], *laid.rows[place.gap]):
                bit = pair_hash(key, word_hash(laid.words[following].letters, WHOLE))
                pairs[bit // 8] |= 1 << bit % 8
    return bytes(pairs)


def _join_flags(some: int, others: int) -> int:
    return (some | others) % BEFORE | max(some // BEFORE, others // BEFORE) * BEFORE


Spoken = dict[int, tuple[int, int]]
"""By the hash of a word, or of a pair: flags of rules, and bits of groups, for which it is an anchor."""


def list_anchors(laid: Layout) -> tuple[Spoken, Spoken]:
    """Return what whole words that are anchors speak for, and what pairs of words do."""
    of_words, of_pairs = Spoken(), Spoken()
    for anchor in {*laid.anchors.of_rules, *laid.anchors.of_groups}:
        words = [laid.words[number] for number in anchor]
        if len(words) == 1 and (words[0].kind != WHOLE or anchor[0] == A_NUMBER):
            continue
        keys = [word_hash(word.letters, WHOLE) for word in words]
        kept, key = (of_words, keys[0]) if len(keys) == 1 else (of_pairs, pair_key(*keys))
        flags, groups = kept.get(key, (0, 0))  # words of one hash speak for each other
        flags = _join_flags(flags, laid.anchors.of_rules.get(anchor, 0))
        kept[key] = flags, groups | laid.anchors.of_groups.get(anchor, 0)
    return of_words, of_pairs


def filter_keys(keys: Iterable[int], bits: int) -> bytes:
    """Return a bit for the first ``bits`` bits of each key, which has 32."""
    filtered = bytearray(1 << bits - 3)
    for key in keys:
        _set(filtered, key >> 32 - bits)
    return bytes(filtered)


def pair_key(one: int, other: int) -> int:
    """Return what stands for two words, by their hashes, as the kernel reckons it."""
    return (((one * 0x85EBCA6B & 0xFFFFFFFF) ^ other) * 0x9E3779B1) & 0xFFFFFFFF


def pair_hash(one: int, other: int) -> int:
    """Return which bit stands for two words in a filter."""
    return pair_key(one, other) >> 32 - PAIRS_BITS


def beginnings(words: list[Word], marks: list[Mark]) -> array[int]:
    """Return by a hash of three letters how long the beginnings are that have them: a bit for each length.

    Three tables: of those that are anchors, of those with which phrases begin, of all.
    """
    tables = array("I", bytes(3 * 4 << BEGINNINGS_BITS))
    for word, mark in zip(words, marks, strict=True):
        if word.kind != BEGINNING:
            continue
        kept = [
            table
            for table, wanted in enumerate((mark.speaks, word.of_rules or word.of_groups, True))
            if wanted
        ]
        for key in _list_keys(word.letters):
            for table in kept:
                tables[(table << BEGINNINGS_BITS) + key] |= 1 << len(word.letters)
    return tables


def beginning_filter(words: list[Word], marks: list[Mark]) -> bytes:
    """Return a filter of the first four letters that words may have which begin with an anchor."""
    filtered = bytearray(1 << STARTS_BITS - 3)
    for word, mark in zip(words, marks, strict=True):
        if word.kind != BEGINNING or not mark.speaks:
            continue
        missing = max(0, 4 - len(word.letters))
        if missing > 1:
            return b"\xff" * len(filtered)  # too many to list: none is told apart
        for more in itertools.product(range(256), repeat=missing):
            _set(filtered, start_hash(word.letters[:4] + bytes(more)))
    return bytes(filtered)


def start_hash(letters: bytes) -> int:
    """Return which bit of the filter stands for four letters, as the kernel reckons it."""
    return (int.from_bytes(letters, "little") * 0x9E3779B1 & 0xFFFFFFFF) >> 32 - STARTS_BITS


def _set(bits: bytearray, place: int) -> None:
    bits[place // 8] |= 1 << place % 8


def _list_keys(letters: bytes) -> Iterator[int]:
    """Give the hashes of all three letters that a word with this beginning may have first."""
    missing = max(0, 3 - len(letters))
    for more in itertools.product(range(256), repeat=missing):
        first = int.from_bytes(letters[:3] + bytes(more), "little")
        yield (first * 0x9E3779B1 & 0xFFFFFFFF) >> 32 - BEGINNINGS_BITS
