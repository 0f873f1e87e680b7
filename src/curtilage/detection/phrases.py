"""The small language in which rules write phrases.

======================  ====================================================================
``country of birth``    these words in this order, wherever case and accents put them
``immigra*``            a word that begins so
``(a|b c|)``            one of these; an empty one means "or nothing"
``birth .. country``    up to three other words may stand between
``出生国``               characters of Chinese are words of their own
``organi?ation``        with s or with z
``<country>``           a word of a class of ``lexicon/classes.yml``
``^name$``              nothing before it, nothing behind it
======================  ====================================================================
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec

from curtilage.detection.words import words

#: Stands in a pattern where up to :data:`REACH` other words may come.
GAP: Final = " .. "
REACH: Final = 3

_EITHER: Final = re.compile(r"(?<=\w)\?(?=\w)")
_CHOICE: Final = re.compile(r"\(([^()]*)\)")


class Phrase(msgspec.Struct, frozen=True, eq=False, gc=False, array_like=True):
    """One phrase of one rule, as the classifier carries it.

    Attributes:
        kind: ``match`` says that a field is of a category, ``mask`` that words mean something
            else, ``group`` that a subject is spoken of (other phrases may require it).
        target: The category, the mask or the group it belongs to.
        label: Its words, what reasons show; of several ways to say it, the one that its rule names first.
        lang: Language it was written for; empty for names and options.
        rank: 0 none to 3 direct: what the field tells where this phrase decides.
        score: How sure, 0 to 1.
        strict: Counts only where the field is in ``lang``.
        spelt: For a short strict word, how it is written: in a field of no known language it counts
            where it stands alone and so.
        tones: The words with their accents, where only those tell them apart.
        needs: Groups of which one must be spoken of somewhere in the field.
        lacks: Groups of which none may be.
        begins: Counts only where nothing stands before it in its sentence, option or part of a name.
        ends: Counts only where nothing stands behind it there.
        shy: Counts only where no other category was recognised.
        keep: Stays although a longer phrase of another rule holds it.
        masked: For masks: the categories that may not use the words; empty means all.
        scope: For masks: ``span``, ``sentence``, ``statement`` (a sentence
            that is no question), ``zone`` or ``field``.
        zones: Where it counts; empty means everywhere its list is tried.
        plain: Counts wherever it occurs: has none of the conditions above.
    """

    kind: str
    target: str
    label: str
    lang: str = ""
    rank: int = 0
    score: float = 0.9
    strict: bool = False
    spelt: str = ""
    tones: str = ""
    needs: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    begins: bool = False
    ends: bool = False
    shy: bool = False
    keep: bool = False
    masked: frozenset[str] = frozenset()
    scope: str = "span"
    zones: frozenset[str] = frozenset()
    plain: bool = True


def expand(written: str) -> Iterator[tuple[str, ...]]:
    """Yield each sequence of words that a written phrase stands for.

    >>> sorted(expand("(country|nation) of birth*"))
    [('country', 'of', 'birth*'), ('nation', 'of', 'birth*')]
    """
    letters = "sz" if _EITHER.search(written) else " "
    for letter in letters:
        for chosen in choices(_EITHER.sub(letter, written)):
            sequence = tuple(itertools.chain.from_iterable(map(_elements, chosen.split())))
            if sequence:
                yield sequence


def choices(written: str) -> Iterator[str]:
    """Yield what a phrase says with each choice made; brackets may stand in brackets."""
    parts = _CHOICE.split(written)
    if any("(" in part for part in parts[::2]):
        inner = _CHOICE.search(written)
        assert inner is not None
        for choice in inner[1].split("|"):
            yield from choices(written[: inner.start()] + choice + written[inner.end() :])
        return
    # Every second part is the inside of a pair of brackets.
    ways = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    yield from map("".join, itertools.product(*ways))


@cache
def _elements(piece: str) -> tuple[str, ...]:
    if piece == "..":
        return (GAP,)
    if piece.startswith("<") and piece.endswith(">"):
        return (piece,)
    if piece.endswith("*") and piece != "*":
        *before, last = words(piece[:-1])
        return (*before, last + "*")
    return tuple(words(piece))
