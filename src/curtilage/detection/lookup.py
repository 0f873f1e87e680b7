"""Find every phrase of every rule in one pass over the words of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from curtilage.detection.phrases import GAP, REACH, Phrase

Symbols = tuple[str, ...] | None
"""What the rules call one word: itself, its prefixes (``immigr*``), what it abbreviates; None where no
rule knows it."""

Hit = tuple[Phrase, int, int]
"""A phrase, the first word of it, and one bit for each word it used."""

Node = dict[str, Any]
_HERE: Final = ""


def grow(entries: Iterable[tuple[tuple[str, ...], int]]) -> Node:
    """Build the tree of words; each phrase is the number it has in its list."""
    root: Node = {}
    for sequence, phrase in entries:
        node = root
        for element in sequence:
            node = node.setdefault(element, {})
        node.setdefault(_HERE, []).append(phrase)
    return root


class Lookup:
    """All the phrases of some lists as one tree of words, as :func:`grow` builds it."""

    def __init__(self, tree: Node, phrases: Sequence[Phrase]) -> None:
        self._root = tree
        _settle(tree, phrases)

    def find(self, symbols: Sequence[Symbols]) -> list[Hit]:
        """Return the phrases that occur, in the order of their first words; overlaps included."""
        hits: list[Hit] = []
        root = self._root
        end = len(symbols)
        start = 0
        for names in symbols:
            start += 1
            if not names:
                continue
            following = symbols[start] if start < end else None
            only = following[0] if following is not None and len(following) == 1 else None
            for name in names:
                if name not in root:
                    continue
                node = root[name]
                # Most words that may begin a phrase do not: see that before following.
                if only is None:
                    if following or _HERE in node or GAP in node:
                        _follow(node, symbols, start, end, start - 1, 1 << start - 1, hits)
                elif only in node or _HERE in node or GAP in node:
                    _follow(node, symbols, start, end, start - 1, 1 << start - 1, hits)
        return hits


def _settle(node: Node, phrases: Sequence[Phrase]) -> None:
    """Put the phrases themselves where their numbers stand."""
    for name, child in node.items():
        if name:
            _settle(child, phrases)
        else:
            node[_HERE] = tuple([phrases[number] for number in child])


def _follow(  # noqa: PLR0917 - called for each word; keywords would cost a third of the time
    node: Node, symbols: Sequence[Symbols], at: int, end: int, start: int, used: int, hits: list[Hit]
) -> None:
    while True:
        here = node.get(_HERE)
        if here is not None:
            for phrase in here:
                hits.append((phrase, start, used))  # noqa: PERF401 - mostly one; a list costs more
            if len(node) == 1:
                return
        if at >= end:
            return
        beyond = node.get(GAP)
        if beyond is not None:
            _leap(beyond, symbols, at, end, start, used, hits)
        names = symbols[at]
        if not names:
            return
        if len(names) > 1:
            for name in names:
                child = node.get(name)
                if child is not None:
                    _follow(child, symbols, at + 1, end, start, used | 1 << at, hits)
            return
        following = node.get(names[0])
        if following is None:
            return
        node = following
        used |= 1 << at
        at += 1


def _leap(  # noqa: PLR0917 - see _follow
    node: Node, symbols: Sequence[Symbols], at: int, end: int, start: int, used: int, hits: list[Hit]
) -> None:
    there = at
    for names in symbols[at : at + REACH + 1]:
        there += 1
        if names:
            for name in names:
                if name in node:
                    _follow(node[name], symbols, there, end, start, used | 1 << there - 1, hits)
        elif names is not None:
            # The end of a sentence.
            return
