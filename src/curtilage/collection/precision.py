"""Would a coarser answer do? Read the decision that changes with the answer.

Source:
    sunlight-2017, collect only what the purpose needs; crs-24-74-104.
"""

from __future__ import annotations

import re
from typing import Final

#: Category, words of a decision that needs less, and the question that would do.
_COARSER: Final = (
    (
        "date_of_birth",
        r"\b(18|21|60|62|65|over|under|older|younger|at least|minimum age|adult|minor|senior|age group)\b",
        "a yes or no to the age that matters, or an age band",
    ),
    ("age", r"\b(18|21|60|62|65|adult|minor|senior)\b", "a yes or no to the age that matters"),
    (
        "address",
        r"\b(resident of|lives? (in|within)|city limits|district|ward|service area|residency)\b",
        "a yes or no to living in the city, or the district alone",
    ),
    (
        "citizenship",
        r"\b(eligib|qualif|fund|vote|regist)",
        "the outcome of a determination made aloud, without the answer",
    ),
    (
        "country_of_birth",
        r"\b(language|interpret|translat)",
        "the language that the resident wants to be served in",
    ),
    (
        "nationality",
        r"\b(language|interpret|translat)",
        "the language that the resident wants to be served in",
    ),
    (
        "income",
        r"\b(below|above|under|over|less than|more than|limit|threshold|percent|eligib)",
        "a yes or no to the limit, or a band",
    ),
    (
        "passport",
        r"\b(identity|identif|prove|proof|verify|who)\b",
        "that an acceptable document was seen, with no number, type or copy",
    ),
    (
        "consular_or_foreign_id",
        r"\b(identity|identif|prove|proof|verify|who)\b",
        "that an acceptable document was seen, with no number, type or copy",
    ),
    (
        "ssn",
        r"\b(identity|identif|duplicate|match|unique|reference)\b",
        "a number that the program itself gives",
    ),
    (
        "health",
        r"\b(access|accommodat|seat|ramp|parking)\b",
        "which accommodation is wanted, not the condition",
    ),
    (
        "disability",
        r"\b(access|accommodat|seat|ramp|parking)\b",
        "which accommodation is wanted, not the condition",
    ),
)
_COMPILED: Final = tuple((cat, re.compile(words, re.IGNORECASE), instead) for cat, words, instead in _COARSER)


def find_coarser(category: str, decision: str) -> str:
    """Return a coarser thing to ask that this decision could do with; empty where none is known.

    >>> find_coarser("date_of_birth", "whether the applicant is over 65")
    'a yes or no to the age that matters, or an age band'
    """
    return next(
        (instead for cat, words, instead in _COMPILED if cat == category and words.search(decision)), ""
    )
