"""Strip or refuse identifiers and words of status in a text, before anybody stores it.

>>> guard = Guard()
>>> guard.strip("Called back about A012-345-678 and the heating.").text
'Called back about [Alien registration number (A-Number) not kept] and the heating.'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.detection.values.nouns import Rule
from curtilage.detection.values.scanner import shipped_scanner
from curtilage.detection.values.spans import Finds, Span, list_spans
from curtilage.foundation.errors import NotAllowedError, UsageError
from curtilage.inventory.nouns import Reveals
from curtilage.inventory.vocabulary import label, load_vocabulary

#: Identifiers that say nothing of status, and that notes need no more than those that do.
IDENTIFIERS: Final = frozenset(
    "ssn itin no_ssn_reason drivers_license state_id other_government_id financial_account".split()
)


class TextRefusedError(NotAllowedError):
    """A text holds what must not be written down there."""

    code = "collection.text-refused"

    def __init__(self, *, held: str, where: str = "The text") -> None:
        self.held = held
        super().__init__(
            f"{where} holds what is not to be written down: {held}. Nothing of it was stored or passed on. "
            "Write down what was decided, without the number or the status, and send it again."
        )


class UnknownCategoryError(UsageError):
    """A guard was asked for a category that no rule finds."""

    code = "collection.unknown-category"

    def __init__(self, *, category: str, known: frozenset[str]) -> None:
        self.category = category
        super().__init__(
            f"No rule for values finds the category {category}. Nothing was read. "
            f"Choose from: {', '.join(sorted(known))}."
        )


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without what was taken out of it.

    Attributes:
        text: The text; each piece taken out is replaced by what it was: ``[Alien registration number (A-Number) not kept]``.
        counts: How many pieces were taken out, by the label of its category.
    """

    text: str = field(repr=False)
    counts: Mapping[str, int]


class Guard:
    """Knows what must not be written down.

    Args:
        categories: What is taken out or refused; None for whatever states or singles out somebody's
            status or origin, and identifiers.
        finder: Holds the rules; None for those that ship with Curtilage.

    Raises:
        UnknownCategoryError: No rule finds one of ``categories``. An empty set is refused in the same
            way: a guard that guards nothing is a mistake.
    """

    def __init__(self, categories: frozenset[str] | None = None, finder: Finds | None = None) -> None:
        self._finder = finder or shipped_scanner()
        known = frozenset(rule.category for rule in self._finder.rules.rules if rule.category)
        for category in sorted(categories - known) if categories is not None else ():
            raise UnknownCategoryError(category=category, known=known)
        if categories is not None and not categories:
            raise UnknownCategoryError(category="''", known=known)
        self._categories = categories

    def look(self, text: str) -> list[Span]:
        """Return what would be taken out of a text, in its order. Holds places, never the text."""
        return [span for span in list_spans(text, self._finder) if self.minds(span.rule)]

    def strip(self, text: str) -> Stripped:
        """Return the text with each such piece replaced by the name of what it was."""
        pieces, at, counts = [], 0, Counter[str]()
        for start, end, rule in self.look(text):
            kind = _say(rule)
            pieces += [text[at:start], f"[{kind} not kept]"]
            at = end
            counts[kind] += 1
        return Stripped("".join([*pieces, text[at:]]), counts)

    def refuse(self, text: str, *, where: str = "The text") -> None:
        """Return nothing where a text may be stored.

        Args:
            text: What somebody wants to store.
            where: How the message begins: the name of the field.

        Raises:
            TextRefusedError: It holds what must not be written down; the message names kinds alone.
        """
        counts = Counter(_say(span.rule) for span in self.look(text))
        if counts:
            raise TextRefusedError(held=say_counts(counts), where=where)

    def minds(self, rule: Rule) -> bool:
        """Return whether what a rule finds is taken out or refused."""
        if self._categories is not None:
            return rule.category in self._categories
        return rule.reveals.rank >= Reveals.STRONG.rank or rule.category in IDENTIFIERS


def say_counts(counts: Mapping[str, int]) -> str:
    """Return how many pieces of which kind there are, for a message."""
    return ", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items()))


def _say(rule: Rule) -> str:
    category = load_vocabulary().get(rule.category)
    return label(category) if category else rule.category
