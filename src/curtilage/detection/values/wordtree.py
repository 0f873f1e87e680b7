"""Phrases as the kernel reads them: trees of the letters of one word, and places between words.

Behind each word of a phrase is a *place*: whose phrases end there, and which words may come next,
with or without a gap before them. Words that may come at one place are a *tree*: from its node, a
letter leads to the next node. Places and nodes from which the same follows are one, so that
``(order|ticket|case) (no|number)`` takes little more room than its letters.

All nodes share one table of edges. The edge of a node by a letter lies at the sum of their numbers,
and names its node, for nodes' edges lie between one another's (row displacement; Tarjan and Yao,
*Storing a sparse table*, 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from curtilage.detection.phrases import GAP
from curtilage.detection.values.rules import NUMBER

#: Letters of a tree that are no letters: the word ends; it goes on with anything; it is a short number.
WORD_ENDS, WORD_GOES_ON, A_NUMBER = 1, 2, 3
_FIRST_LETTER: Final = 4
#: On an edge: the node that it leads to has an edge WORD_GOES_ON.
ANY_REST: Final = 0x80000000
#: Bits of the filter of first words; its keys are hashes of a word's first four letters.
FILTER_BITS: Final = 0x10000
_KEY: Final = 4
_HASH: Final = 0x9E3779B1
_SPACES: Final = 0x20202020
_LONGEST_NUMBER: Final = 4
#: How a word may go on, for the filter: a letter, a digit, a byte above ASCII; as `| 0x20` leaves them.
_FURTHER: Final = bytes(
    {byte | 0x20 for byte in (*b"0123456789abcdefghijklmnopqrstuvwxyz", *range(0x80, 0x100))}
)


class Place(NamedTuple):
    """A place behind a word: who ends there, the node of words that come next, and behind a gap."""

    owners: tuple[int, ...]
    next: int
    gap: int


@dataclass
class _Branch:
    below: dict[str, _Branch] = field(default_factory=dict)
    owners: set[int] = field(default_factory=set)


_Entry = tuple[bytes, int, int]
"""Rest of a word, how it ends (WORD_ENDS, WORD_GOES_ON, A_NUMBER), place behind it."""
_Row = tuple[tuple[int, int], ...]


class WordTree:
    """Gathers phrases and single words, then lays them out. Place 0 and node 0 are none."""

    def __init__(self) -> None:
        self._root = _Branch()
        self._places: dict[Place, int] = {Place((), 0, 0): 0}
        self._nodes: dict[_Row, int] = {(): 0}

    def add(self, sequence: Iterable[str], owner: int) -> None:
        """Take a phrase of ``owner``, as :func:`curtilage.detection.values.rules.sequences` gives it."""
        branch = self._root
        for element in sequence:
            branch = branch.below.setdefault(element, _Branch())
        branch.owners.add(owner)

    def phrases(self) -> int:
        """Return the node of all first words."""
        return self._grow(self._root).next

    def filter(self) -> bytes:
        """Return a bit for each hash of four letters with which a phrase may begin."""
        bits = bytearray(FILTER_BITS // 8)
        for element in self._root.below:
            for key in _keys(element):
                place = (_word(key) * _HASH & 0xFFFFFFFF) >> 16
                bits[place // 8] |= 1 << place % 8
        return bytes(bits)

    def words(self, listed: Iterable[bytes]) -> int:
        """Return the node of some single words; 0 for none."""
        return self._tree([(word, WORD_ENDS, 0) for word in sorted(set(listed)) if word])

    def layout(self) -> tuple[bytes, list[tuple[int, int]], list[Place], dict[int, int]]:
        """Return the letter of each byte, all edges, all places, and where each node lies."""
        rows = list(self._nodes)
        used = sorted({letter for row in rows for letter, _ in row if letter >= _FIRST_LETTER})
        codes = {letter: code for code, letter in enumerate(used, _FIRST_LETTER)}
        codes |= {letter: letter for letter in (WORD_ENDS, WORD_GOES_ON, A_NUMBER)}
        letters = bytearray(256)
        for byte in range(256):
            letters[byte] = codes.get(_lower(byte) + _FIRST_LETTER, 0)
        bases = _displace([[codes[letter] for letter, _ in row] for row in rows])
        return bytes(letters), self._edges(rows, codes, bases), list(self._places), bases

    def _edges(self, rows: list[_Row], codes: dict[int, int], bases: dict[int, int]) -> list[tuple[int, int]]:
        edges = [(0, 0)] * (max(bases.values()) + 256)
        going_on = {at for at, row in enumerate(rows) if any(letter == WORD_GOES_ON for letter, _ in row)}
        for at, row in enumerate(rows):
            for letter, to in row:
                if letter >= _FIRST_LETTER:
                    target = bases[to] | (ANY_REST if to in going_on else 0)
                else:
                    target = to or 1  # a list of words has no places; that there is an edge is all it says
                edges[bases[at] + codes[letter]] = (bases[at], target)
        return edges

    def _grow(self, branch: _Branch) -> Place:
        gap = branch.below.get(GAP)
        entries = sorted(
            self._entry(element, below) for element, below in branch.below.items() if element != GAP
        )
        return Place(
            tuple(sorted(branch.owners)), self._tree(entries), self._grow(gap).next if gap is not None else 0
        )

    def _entry(self, element: str, below: _Branch) -> _Entry:
        place = self._places.setdefault(self._grow(below), len(self._places))
        if element == NUMBER:
            return b"", A_NUMBER, place
        word = element.rstrip("*").encode()
        return word, WORD_GOES_ON if element.endswith("*") else WORD_ENDS, place

    def _tree(self, entries: list[_Entry]) -> int:
        below: dict[int, list[_Entry]] = {}
        row: dict[int, int] = {}
        for rest, ending, place in entries:
            if rest:
                below.setdefault(rest[0] + _FIRST_LETTER, []).append((rest[1:], ending, place))
            else:
                row[ending] = place
        row |= {letter: self._tree(further) for letter, further in below.items()}
        return self._nodes.setdefault(tuple(sorted(row.items())), len(self._nodes))


def _displace(rows: list[list[int]]) -> dict[int, int]:
    """Return for each row a base of its own, so that no two rows' letters fall on one slot."""
    taken = bytearray(0x10000)
    bases, used, hints = {0: 0}, {0}, dict[int, int]()
    for at in sorted(range(1, len(rows)), key=lambda row: -len(rows[row])):
        letters = rows[at]
        first = letters[0]
        slot = hints.get(len(letters), 0)
        while True:
            slot = taken.find(0, max(slot, first + 1))
            if slot < 0 or slot + 256 > len(taken):
                slot = max(slot, len(taken) - 512)
                taken += bytes(len(taken))
                continue
            base = slot - first
            if base not in used and not any(taken[base + letter] for letter in letters):
                break
            slot += 1
        bases[at] = base
        used.add(base)
        hints[len(letters)] = slot
        for letter in letters:
            taken[base + letter] = 1
    return bases


def _lower(byte: int) -> int:
    return byte + 32 if ord("A") <= byte <= ord("Z") else byte


def _keys(element: str) -> Iterator[bytes]:
    """Give the beginnings, of up to four letters, of all words that an element of a phrase stands for."""
    if element == NUMBER:
        yield from (
            b"%0*d" % (size, number) for size in range(1, _LONGEST_NUMBER + 1) for number in range(10**size)
        )
        return
    word = element.rstrip("*").encode()[:_KEY]
    yield word
    if element.endswith("*"):
        beginnings = [word]
        for _ in range(_KEY - len(word)):
            beginnings = [one + bytes([byte]) for one in beginnings for byte in _FURTHER]
            yield from beginnings


def _word(key: bytes) -> int:
    """Return up to four letters as the kernel compares them: one number, case and what is behind left out."""
    return (int.from_bytes(key.ljust(_KEY, b"\0"), "little") | _SPACES) & ((1 << 8 * len(key)) - 1)
