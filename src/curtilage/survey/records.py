"""What is seen, as plain rows of JSON: the shape that ``scan --format jsonl`` promises."""

from __future__ import annotations

from curtilage.survey.nouns import Observed

JsonRow = dict[str, object]


def to_row(observed: Observed) -> JsonRow:
    """Return one place as ``scan`` prints it.

    Returns:
        Keys ``source, locator, kind, name, text, lang, reveals, categories, values_seen,
        values_matched`` in this order. ``categories`` is a list of ``category, reveals, score,
        reasons``, best first, empty where nothing was recognised; ``score`` is 0 to 1. The last two
        are for readers of content and are 0 and empty for questions and columns.
    """
    place, verdict = observed.place, observed.verdict
    return {
        "source": place.source,
        "locator": place.locator,
        "kind": place.kind,
        "name": place.name,
        "text": place.text,
        "lang": place.lang,
        "reveals": str(verdict.reveals),
        "categories": [
            {
                "category": match.category,
                "reveals": str(match.reveals),
                "score": round(match.score, 3),
                "reasons": list(match.reasons),
            }
            for match in verdict.matches
        ],
        "values_seen": 0,
        "values_matched": {},
    }
