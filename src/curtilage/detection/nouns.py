"""What detection answers with: categories, what they reveal, and the rules that say so."""

from __future__ import annotations

from dataclasses import dataclass

from curtilage.inventory.nouns import Reveals


@dataclass(frozen=True, slots=True)
class Match:
    """One category that a question or column was recognised as.

    Attributes:
        category: Id of the category.
        reveals: What a value of this field tells, read in this wording.
        score: How sure, 0 to 1.
        reasons: Rules that fired, ``name:ssn`` or ``text:social security number``: always the
            rule's own words, never what was read.
    """

    category: str
    reveals: Reveals
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one question or column asks for or holds.

    Attributes:
        matches: Best first; empty where nothing was recognised.
        reveals: The highest of the matches.
        reasons: Why the level is what it is where that is more than the matches say
            (``promise``, ``statement``, ``false-friend:visa-card``).
    """

    matches: tuple[Match, ...] = ()
    reveals: Reveals = Reveals.NONE
    reasons: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the category ids, best first."""
        return tuple(match.category for match in self.matches)

    @property
    def most_telling(self) -> tuple[str, ...]:
        """Return the category ids, what reveals most first: what a field is declared as, in doubt."""
        ranked = sorted(self.matches, key=lambda match: -match.reveals.rank)
        return tuple(match.category for match in ranked)
