"""Where rules hold in a text: places in the text itself, for those who mask, strip or explain."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from curtilage.detection.values.fold import fold_with_origins
from curtilage.detection.values.nouns import Hit, Rule, Rules


class Span(NamedTuple):
    """Characters of a text from ``start`` up to ``end`` in which ``rule`` holds."""

    start: int
    end: int
    rule: Rule


class Finds(Protocol):
    """Holds rules against a cell: a scanner, or the reference itself."""

    rules: Rules

    def find(self, cell: bytes, carried: frozenset[str] = ..., /) -> list[Hit]:
        """Return what counts in a cell; places are of the folded text."""
        ...


def list_spans(text: str, finder: Finds, carried: frozenset[str] = frozenset()) -> list[Span]:
    """Return what is found in a text, in its order; spans do not overlap.

    Args:
        text: Any text; characters that are no Unicode text count as breaks.
        finder: Holds the rules.
        carried: Groups that the name of the field speaks of, see :meth:`Rules.groups_of`.
    """
    cell = text.encode("utf-8", "replace")
    hits = finder.find(cell, carried)
    if not hits:
        return []
    _, origins = fold_with_origins(cell)
    characters = _Characters(cell)
    spans = []
    for hit in hits:
        start = characters.count(origins[hit.start])
        # Marks behind the last letter were dropped in folding and belong to it.
        spans.append(Span(start, characters.count(origins[hit.end]), finder.rules.rules[hit.rule]))
    return spans


def mask(written: str) -> str:
    """Return the shape of what was written: each digit a ``#``, each letter an ``x``, marks as they are.

    >>> mask("A012-345-678")
    'x###-###-###'
    """
    return "".join("#" if each.isdigit() else "x" if each.isalpha() else each for each in written)


class _Characters:
    """Counts characters up to a byte; asked for rising bytes it reads the text once."""

    def __init__(self, cell: bytes) -> None:
        self.cell, self.byte, self.counted = cell, 0, 0

    def count(self, byte: int) -> int:
        self.counted += len(self.cell[self.byte : byte].decode("utf-8", "replace"))
        self.byte = byte
        return self.counted
