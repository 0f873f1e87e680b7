"""Under which name a recipient in a log is counted: only a body has one.

A name is kept where a practice declares it, or where it reads as a body's: it holds a word such as police, county or
agency, and no address, no long number and no sentence. Anything else is counted without its name.

Source:
    curtilage-log-reasons; chosen, since a log's column of agencies may hold the name of a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from curtilage.sharing.nouns import MASKED, NOT_KEPT, NOT_NAMED
from curtilage.sharing.reasons import compile_pattern, load_headings

_LONGEST: Final = 80
"""Characters of a body's name; a longer text is a sentence."""

_DIGITS: Final = 4
"""Digits in a body's name at most: a precinct or a year. More are a telephone, a badge, a case."""


class RecipientReader:
    """Tells under which name a recipient of one log is counted."""

    def __init__(self, declared: Sequence[str] = ()) -> None:
        """Take whom the practices of the log declare, as the log writes them, ``*`` for any text."""
        headings = load_headings()
        self._declared = [(each, compile_pattern(each)) for each in declared]
        words = sorted(
            (re.escape(each).replace(r"\ ", r"\s+") for each in headings.bodies), key=len, reverse=True
        )
        self._body = re.compile(rf"(?<![\w])(?:{'|'.join(words)})(?![\w])", re.IGNORECASE)
        self._masked = [re.compile(each, re.IGNORECASE) for each in headings.masked]
        self._read: dict[str, str] = {}

    def read(self, text: str) -> str:
        """Return the name."""
        if (known := self._read.get(text)) is None:
            known = self._read[text] = self._find(" ".join(text[: 4 * _LONGEST].split()))
        return known

    def _find(self, text: str) -> str:
        if not text:
            return NOT_NAMED
        if any(each.search(text) for each in self._masked):
            return MASKED
        for words, pattern in self._declared:
            if pattern.fullmatch(text):
                return words
        is_long = len(text) > _LONGEST or not text.isprintable()
        if is_long or "@" in text or sum(map(str.isdigit, text)) > _DIGITS or not self._body.search(text):
            return NOT_KEPT
        return text
