"""Join what a column is called with what its cells hold: one verdict, each part with its evidence.

A name alone says what somebody meant to write there; the cells say what was written. Counts come in,
never a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from curtilage.detection.nouns import Match, Verdict
from curtilage.inventory.nouns import Reveals


class TellingRule(Protocol):
    """What a rule for values says of a cell in which it finds something."""

    @property
    def category(self) -> str:
        """Id of the category that it finds."""
        ...

    @property
    def reveals(self) -> Reveals:
        """What such a cell tells."""
        ...


@dataclass(frozen=True, slots=True)
class CellCounts:
    """What was counted in one column.

    Attributes:
        seen: Cells that were looked at and are not null.
        rules: Cells with at least one hit, by id of the rule; rules without a hit are left out.
        tried: Cells of the plan's own few rows that are not null; ``shaped`` and ``filled`` are of them.
        shaped: Cells that have a rule's shape and pass its checks, whatever stands around, by id of the rule.
        filled: Those of ``shaped`` that hold nothing else.
    """

    seen: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    tried: int = 0
    shaped: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)


def judge_column(verdict: Verdict, counts: CellCounts, rules: Mapping[str, TellingRule]) -> Verdict:
    """Return what a column holds, by its name and by its cells together.

    Args:
        verdict: What its name, label and options say.
        counts: What was counted in its cells.
        rules: Every rule by id; a rule that is not there is passed over.

    Returns:
        The verdict with each category that a rule found in at least one cell. Its reasons read
        ``value:RULE in N of M cells``.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for rule, cells in sorted(counts.rules.items(), key=lambda pair: (-pair[1], pair[0])):
        if cells and rule in rules:
            found.setdefault(rules[rule].category, []).append((rule, cells))
    if not found:
        return verdict
    known = {match.category: match for match in verdict.matches}
    joined = {**known, **{each: _join(known.get(each), each, found[each], counts, rules) for each in found}}
    matches = tuple(joined.values())
    return Verdict(
        matches, max((match.reveals for match in matches), key=lambda level: level.rank), verdict.reasons
    )


def _join(
    known: Match | None,
    category: str,
    hits: list[tuple[str, int]],
    counts: CellCounts,
    rules: Mapping[str, TellingRule],
) -> Match:
    reasons = tuple(f"value:{rule} in {cells:,} of {counts.seen:,} cells" for rule, cells in hits)
    reveals = max((rules[rule].reveals for rule, _ in hits), key=lambda level: level.rank)
    # Chosen: one odd cell is as good as a doubtful name, a full column as good as a certain one.
    score = round(0.5 + 0.49 * min(1.0, max(cells for _, cells in hits) / max(1, counts.seen)), 3)
    if known is None:
        return Match(category, reveals, score, reasons)
    highest = max(known.reveals, reveals, key=lambda level: level.rank)
    return Match(category, highest, max(known.score, score), (*known.reasons, *reasons))
