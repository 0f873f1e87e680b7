"""Is a question put fairly? Words that lead, that threaten, or that ask more than one thing.

Source:
    sunlight-2017, question by question; chosen wordings, open to additions in tests/cases.
"""

from __future__ import annotations

import re
from typing import Final

_WORDINGS: Final = (
    (
        "it suggests the answer",
        r"\b(aren'?t you|isn'?t it|don'?t you|you are .{0,40}, (right|correct)|of course|surely|obviously)\b|¿verdad\?",
    ),
    (
        "it makes one answer sound suspect",
        r"\b(illegal (alien|immigrant|status)|illegals?\b.{0,20}(countr|here)|legal or illegal|truthfully|honestly admit)",
    ),
    (
        "it says citizens where it means residents",
        r"\b(our|all|fellow|city'?s) citizens\b|\bcitizens? (of|in) (the|our|this) (city|town|county)\b",
    ),
)
_COMPILED: Final = tuple((fault, re.compile(words, re.IGNORECASE)) for fault, words in _WORDINGS)


def find_fault(question: str) -> str:
    """Return what is unfair in the words of a question; empty where nothing is known to be.

    >>> find_fault("You are a U.S. citizen, correct?")
    'it suggests the answer'
    """
    return next((fault for fault, words in _COMPILED if words.search(question)), "")
