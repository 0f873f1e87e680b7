"""The nouns of hints: what a rule found, what that suggests, and what a person must look at.

Rules of this file:

* A hint is no finding and no authentication: anybody can print a heading.
* Nothing here has a word of a paper in it but those that the rules themselves have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOT_PROOF: Final = (
    "These are hints from the paper's own words. Nobody has checked that it is genuine; a person classifies."
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a rule found something, and the words around it, masked. Page and line count from 1."""

    page: int
    line: int
    context: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One rule that spoke.

    Attributes:
        rule: Its id.
        says: What was found, one sentence.
        suggests: Facts and their words; may be empty.
        sure: ``low``, ``fair`` or ``high``.
        spots: Where, the first three; empty where it follows from other rules.
    """

    rule: str
    says: str
    suggests: tuple[tuple[str, str], ...]
    sure: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A fact that the paper hints at.

    Attributes:
        fact: Its name: ``instrument``, ``issuer``, ``signer``, ``form``, ``issued`` and the like.
        word: What it may be.
        sure: ``low``, ``fair`` or ``high``.
        rules: Ids of the rules that say so, in order.
    """

    fact: str
    word: str
    sure: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a person must look at: what was seen, and what to do."""

    id: str
    says: str
    do: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a paper hints at.

    Attributes:
        hints: Every rule that spoke, in the order of the rules.
        suggestions: By fact, the surest first; two words of one fact contradict each other.
        looks: What a person must look at; may be empty.
        media: Media type of the paper, such as ``application/pdf``.
        pages: Pages that were read.
        characters: Characters that were read; 0 where there is no text.
    """

    hints: tuple[Hint, ...]
    suggestions: tuple[Suggestion, ...]
    looks: tuple[Look, ...]
    media: str
    pages: int
    characters: int

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the rules that spoke, as the ledger keeps them."""
        return tuple(hint.rule for hint in self.hints)

    def best(self, fact: str) -> str:
        """Return the word that is suggested most for a fact; empty where none is, or two are alike."""
        found = [each for each in self.suggestions if each.fact == fact]
        is_clear = found and (len(found) == 1 or found[0].sure != found[1].sure)
        return found[0].word if is_clear else ""
