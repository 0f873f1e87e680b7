"""What is found in a cell: the definition, in plain Python. The kernel finds the same, faster.

A cell is folded (``fold.py``). From each beginning of a word on it is held against

* the shapes of identifiers, where a digit or ``<`` is near and no number goes on to the left;
* the phrases of rules and of context groups, over whole words.

What fits is a candidate. A candidate counts if all checks hold of it and what its rule asks for stands
around it (and what its rule bars does not). Of those that overlap the first counts, of those that
begin together the longest, then the one with the higher priority, then the one whose rule comes first.

Nothing is looked for across the end of a cell, and everything is decided by what stands within a few
hundred bytes, so the cost grows with the cell's length and no faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.detection.phrases import GAP, REACH
from curtilage.detection.values.checks import holds
from curtilage.detection.values.fold import fold
from curtilage.detection.values.folded import UPPER, Text
from curtilage.detection.values.nouns import (
    LONGEST_SHAPE,
    NEAR_AFTER,
    NEAR_BEFORE,
    SENTENCE,
    TOUCH,
    Hit,
    Relations,
    Rule,
    Rules,
)
from curtilage.detection.values.rules import NUMBER
from curtilage.detection.values.shapes import beginnings, parse_shape, to_regex

_SQUEEZED: Final = re.compile(rb"[^0-9A-Za-z<|]")
_SLIPPED: Final = str.maketrans("OIL|", "0111")
_LEAST_DIGITS: Final = 5
"""Real digits of an identifier in which slips are forgiven; fewer would make words of it."""
_LONGEST_NUMBER: Final = 4
_FIRST: Final = 3
"""Bytes by which beginnings of words are found."""
_MOST_KNOWN: Final = 50_000
_INDEXED: Final = 2
"""Bytes by which shapes are found."""


@dataclass
class _Branch:
    """A place in the tree of phrases: which words may come next, and what ends here."""

    exact: dict[bytes, _Branch] = field(default_factory=dict)
    prefixes: dict[bytes, dict[bytes, _Branch]] = field(default_factory=dict)
    """Beginnings of words, by the first of their bytes: most words begin as none of them does."""
    number: _Branch | None = None
    gap: _Branch | None = None
    ends: set[int] = field(default_factory=set)

    def grow_prefix(self, beginning: bytes) -> _Branch:
        """Return the branch of a beginning of words, which is made where there is none."""
        return self.prefixes.setdefault(beginning[:_FIRST], {}).setdefault(beginning, _Branch())

    def follow(self, word: bytes) -> list[_Branch]:
        """Return the branches that a word leads to."""
        exact = self.exact.get(word)
        nexts = [exact] if exact else []
        if self.prefixes:
            for size in range(1, _FIRST + 1):
                for beginning, branch in self.prefixes.get(word[:size], {}).items():
                    if len(beginning[:_FIRST]) == size and word.startswith(beginning):
                        nexts.append(branch)
        if self.number and len(word) <= _LONGEST_NUMBER and word.isdigit():
            nexts.append(self.number)
        return nexts


class Finder:
    """Holds rules against cells.

    Args:
        rules: All of them; hits name them by their place there.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._builtin = [number for number, rule in enumerate(rules.rules) if rule.builtin]
        self._index = _Index(rules)
        self._tree = _Branch()
        for number, rule in enumerate(rules.rules):
            self._grow(rule.phrases, number)
        # Groups are told apart from rules by the sign: group 0 is -1, group 1 is -2.
        for number, group in enumerate(rules.groups):
            self._grow(group.phrases, -1 - number)

    def find(self, cell: bytes, carried: frozenset[str] = frozenset()) -> list[Hit]:
        """Return what counts in a cell, in the order of the text; places are of the folded text.

        Args:
            cell: Any bytes.
            carried: Ids of the context groups that the column's name speaks of.
        """
        text = Text(fold(cell))
        candidates = list(self._list_mail(text))
        contexts: dict[str, list[tuple[int, int]]] = {}
        for number, start, end in self._list_phrases(text):
            if number < 0:
                contexts.setdefault(self.rules.groups[-1 - number].id, []).append((start, end))
            else:
                candidates += self._take(text, Hit(number, start, end))
        candidates += self._list_shaped(text, carried.union(contexts))
        around = _Around(text, contexts, carried)
        accepted = [hit for hit in candidates if self._counts(text, hit, around)]
        return self._without_overlaps(accepted)

    def shaped(self, cell: bytes) -> list[Hit]:
        """Return each identifier whose shape and checks hold, whatever stands around; may overlap.

        For planning: what a whole column looks like. Sorted by place, then by rule.
        """
        text = Text(fold(cell))
        found = (*self._list_shaped(text, None), *self._list_mail(text))
        return sorted(
            (hit for hit in found if _passes(self.rules.rules[hit.rule], text.data[hit.start : hit.end])),
            key=lambda hit: (hit.start, hit.rule),
        )

    def count_shaped(self, cells: Mapping[bytes, int]) -> tuple[dict[str, int], dict[str, int]]:
        """Return in how many cells each rule's shape and checks hold, and in how many they fill the cell.

        Args:
            cells: How often each cell stands there.
        """
        shaped, filled = Counter[str](), Counter[str]()
        for cell, times in cells.items():
            hits, bare = self.shaped(cell), fold(cell).strip(b" ")
            shaped.update(dict.fromkeys({self.rules.rules[hit.rule].id for hit in hits}, times))
            whole = {self.rules.rules[hit.rule].id for hit in hits if hit.end - hit.start == len(bare)}
            filled.update(dict.fromkeys(whole, times))
        return dict(shaped), dict(filled)

    def _grow(self, phrases: Iterable[tuple[str, ...]], number: int) -> None:
        for sequence in phrases:
            branch = self._tree
            for element in sequence:
                if element == GAP:
                    branch.gap = branch.gap or _Branch()
                    branch = branch.gap
                elif element == NUMBER:
                    branch.number = branch.number or _Branch()
                    branch = branch.number
                elif element.endswith("*"):
                    branch = branch.grow_prefix(element[:-1].encode())
                else:
                    branch = branch.exact.setdefault(element.encode(), _Branch())
            branch.ends.add(number)

    def _list_shaped(self, text: Text, said: frozenset[str] | None) -> Iterator[Hit]:
        """Give what has a rule's shape; without those rules of whose groups none is in ``said``."""
        wanted = None if said is None else said & self._index.asked
        for start in text.shape_starts():
            begins = self._index.at(text.data[start : start + _INDEXED], wanted)
            fitting = [shaped for shaped in begins if shaped[1].match(text.data, start)]
            if not fitting:
                continue
            ends = text.list_ends(start, start + LONGEST_SHAPE)
            for number, shape in fitting:
                if end := _longest(text, start, ends, shape):
                    yield Hit(number, start, end)

    def _list_mail(self, text: Text) -> Iterator[Hit]:
        for number in self._builtin:
            yield from (Hit(number, start, end) for start, end in text.list_mail())

    def _list_phrases(self, text: Text) -> Iterator[tuple[int, int, int]]:
        for place, word in enumerate(text.words):
            ends: dict[int, int] = {}
            self._walk(text, place, self._tree, ends)
            yield from ((number, word.start, end) for number, end in ends.items())

    def _walk(self, text: Text, place: int, branch: _Branch, ends: dict[int, int]) -> None:
        """Follow the tree from the word at ``place`` on; keep the furthest end of each rule."""
        for below in branch.follow(text.words[place].text):
            for number in below.ends:
                ends[number] = max(ends.get(number, 0), text.words[place].end)
            if text.joins(place):
                self._walk(text, place + 1, below, ends)
            reach = place
            for _ in range(REACH + 1 if below.gap else 0):
                if not text.joins(reach):
                    break
                reach += 1
                assert below.gap is not None
                self._walk(text, reach, below.gap, ends)

    def _take(self, text: Text, hit: Hit) -> list[Hit]:
        """Return the hit, or the name behind it where the rule takes names."""
        rule = self.rules.rules[hit.rule]
        if not rule.takes:
            return [hit]
        name = text.find_name(hit.end, rule.stop)
        if not name:
            return []
        if rule.takes == "name":
            return [Hit(hit.rule, *name)]
        return [Hit(hit.rule, hit.start, name[1])] if text.data[hit.start] in UPPER else []

    def _counts(self, text: Text, hit: Hit, around: _Around) -> bool:
        rule = self.rules.rules[hit.rule]
        before = text.data[hit.start - 1 : hit.start] if hit.start else b""
        return (
            (not rule.before or (before != b"" and before in rule.before.encode("ascii", "ignore")))
            and not (before and before in rule.not_before.encode("ascii", "ignore"))
            and (not rule.asks or around.has_all(rule.asks, hit))
            and not (rule.bars and around.has_any(rule.bars, hit))
            and _passes(rule, text.data[hit.start : hit.end])
        )

    def _without_overlaps(self, hits: list[Hit]) -> list[Hit]:
        rules = self.rules.rules
        kept: list[Hit] = []
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, -rules[hit.rule].priority, hit.rule)):
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        return [hit for hit in kept if rules[hit.rule].category]


_IsThere = Callable[[tuple[str, ...], Hit], bool]


class _Around:
    """Answers what stands around a hit."""

    def __init__(
        self, text: Text, contexts: dict[str, list[tuple[int, int]]], carried: frozenset[str]
    ) -> None:
        self.text, self.carried = text, carried
        self.contexts = {group: sorted(set(spans)) for group, spans in contexts.items()}
        self.longest = {group: max(end - start for start, end in spans) for group, spans in contexts.items()}

    def has_all(self, asked: Relations, hit: Hit) -> bool:
        """Return whether each relation that is asked for holds."""
        return all(is_there(groups, hit) for groups, is_there in self._each(asked) if groups)

    def has_any(self, barred: Relations, hit: Hit) -> bool:
        """Return whether one of the relations holds."""
        return any(is_there(groups, hit) for groups, is_there in self._each(barred) if groups)

    def _each(self, relations: Relations) -> tuple[tuple[tuple[str, ...], _IsThere], ...]:
        return (
            (relations.near, self._near),
            (relations.sentence, self._sentence),
            (relations.within, self._within),
            (relations.then, self._then),
            (relations.after, self._after),
        )

    def _near(self, groups: tuple[str, ...], hit: Hit) -> bool:
        if not self.carried.isdisjoint(groups):
            return True
        low, high = hit.start - NEAR_BEFORE, hit.end + NEAR_AFTER
        return any(end >= low and start <= high for start, end in self._beside(groups, low, high))

    def _sentence(self, groups: tuple[str, ...], hit: Hit) -> bool:
        if not self.carried.isdisjoint(groups):
            return True
        low, high = hit.start - SENTENCE, hit.end + SENTENCE
        return any(
            end >= low and start <= high and not self.text.has_stop(min(end, hit.end), max(start, hit.start))
            for start, end in self._beside(groups, low, high)
        )

    def _within(self, groups: tuple[str, ...], hit: Hit) -> bool:
        return any(
            start < hit.end and end > hit.start for start, end in self._beside(groups, hit.start, hit.end)
        )

    def _then(self, groups: tuple[str, ...], hit: Hit) -> bool:
        low, high = hit.end, hit.end + TOUCH
        return any(low <= start <= high for start, _ in self._beside(groups, low, high))

    def _after(self, groups: tuple[str, ...], hit: Hit) -> bool:
        low, high = hit.start - TOUCH, hit.start
        return any(low <= end <= high for _, end in self._beside(groups, low, high))

    def _beside(self, groups: tuple[str, ...], low: int, high: int) -> Iterator[tuple[int, int]]:
        """Give the spans of some groups that may touch the bytes from ``low`` to ``high``."""
        for group in groups:
            spans = self.contexts.get(group)
            if spans:
                first = bisect_left(spans, (low - self.longest[group],))
                yield from spans[first : bisect_right(spans, (high, len(self.text.data) + 1))]


_Shaped = tuple[int, re.Pattern[bytes]]


class _Index:
    """Rules with shapes, by the first two bytes that these may have, and by what they ask for."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules.rules
        self._begin: dict[bytes, dict[int, _Shaped]] = {}
        self._known: dict[tuple[bytes, frozenset[str] | None], tuple[_Shaped, ...]] = {}
        for number, rule in enumerate(rules.rules):
            if rule.shapes:
                shaped = (number, _compile(rule))
                for shape in rule.shapes:
                    for first in beginnings(parse_shape(shape, cased=rule.cased), _INDEXED):
                        self._begin.setdefault(first, {})[number] = shaped
        shapes = (rule for rule in rules.rules if rule.shapes)
        self.asked = frozenset(group for rule in shapes for asked in _list_asked(rule) for group in asked)

    def at(self, first: bytes, said: frozenset[str] | None) -> tuple[_Shaped, ...]:
        """Return the rules of which a shape may begin with two bytes, by their numbers.

        Args:
            first: The two bytes, or one at the end of a text.
            said: Groups that are said, of :attr:`asked`; None lets all rules through.
        """
        key = (first, said)
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._begin.get(first[:1], {}) | self._begin.get(first, {})
            self._known[key] = tuple(
                found[number]
                for number in sorted(found)
                if said is None or _may_count(self._rules[number], said)
            )
        return self._known[key]


def _list_asked(rule: Rule) -> tuple[tuple[str, ...], ...]:
    asks = rule.asks
    return tuple(filter(None, (asks.near, asks.sentence, asks.within, asks.then, asks.after)))


def _may_count(rule: Rule, said: frozenset[str]) -> bool:
    return all(not said.isdisjoint(groups) for groups in _list_asked(rule))


def _compile(rule: Rule) -> re.Pattern[bytes]:
    shapes = (parse_shape(shape, cased=rule.cased) for shape in rule.shapes)
    return re.compile(b"|".join(map(to_regex, shapes)))


def _longest(text: Text, start: int, ends: Iterable[int], shape: re.Pattern[bytes]) -> int:
    """Return the furthest of some ends at which a shape fits from ``start`` on; 0 where none does."""
    return next((end for end in ends if shape.fullmatch(text.data, start, end)), 0)


def _passes(rule: Rule, written: bytes) -> bool:
    """Return whether all checks of a rule hold of what is written."""
    if not rule.checks and rule.slips < 0:
        return True
    squeezed = _SQUEEZED.sub(b"", written).decode().upper()
    if rule.slips >= 0:
        if sum(letter.isdigit() for letter in squeezed) < _LEAST_DIGITS:
            return False
        squeezed = squeezed[: rule.slips] + squeezed[rule.slips :].translate(_SLIPPED)
    squeezed = squeezed.replace("|", "")
    return all(holds(check, squeezed, written) for check in rule.checks)
