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
        count cells: how many were looked at and are not null, and in how many a value of each category
        was found; 0 and empty where no cell was looked at. ``sampled`` follows, and is true, where only
        some of the rows were looked at.
    """
    place, verdict, cells = observed.place, observed.verdict, observed.cells
    row: JsonRow = {
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
        "values_seen": cells.seen if cells else 0,
        "values_matched": dict(cells.matched) if cells else {},
    }
    return row | {"sampled": True} if cells and cells.sampled else row
