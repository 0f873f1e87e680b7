"""What the purposes in access logs are about, read from ``reasons.yml``: a free text in, the id of a reason out.

Rules of this file:

* The text itself is never kept, shown or recorded: somebody may have typed a name into it.
* What a practice declares is found before what we read, except a grave reason: that one is always told by its own id.
* A text that nothing reads is :data:`~curtilage.sharing.nouns.OTHER`: it is counted, and a person looks.

Source:
    curtilage-log-reasons; uwchr-2025, reasons that officers typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from curtilage.sharing.nouns import MASKED, NONE_GIVEN, NOT_RECORDED, OTHER

_HERE: Final = Path(__file__).parent
_LONGEST: Final = 500
"""Characters of a purpose that are read; what follows is somebody's report."""


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of purpose.

    Attributes:
        id: Stable id.
        title: In plain words.
        says: Regular expressions of which one must speak; not empty.
        source: A key of ``docs/sources.toml``.
        grave: Whether it is told of unless a practice declares it on an authority in force.
        unless: Regular expressions of which none may speak.
    """

    id: str
    title: str
    says: tuple[str, ...]
    source: str
    grave: bool = False
    unless: tuple[str, ...] = ()


class _Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reasons: tuple[Reason, ...]


@cache
def load_reasons() -> dict[str, Reason]:
    """Return every reason by id, in the order of the file. Not to be changed by who gets it."""
    rows = msgspec.yaml.decode((_HERE / "reasons.yml").read_bytes(), type=_Reasons)
    return {row.id: row for row in rows.reasons}


class ReasonReader:
    """Reads purposes for one log."""

    def __init__(self, declared: Sequence[str] = ()) -> None:
        """Take what the practices of the log declare as purposes: ids of reasons, or texts, ``*`` for any."""
        reasons = load_reasons()
        self._declared = [(each, compile_pattern(each)) for each in declared if each not in reasons]
        self._reasons = [(each, _compile(each.says), _compile(each.unless)) for each in reasons.values()]
        self._masked = _compile(load_headings().masked)
        self._read: dict[str, str] = {}

    def read(self, text: str | None) -> str:
        """Return under what a purpose is counted; None is a log that has no such column."""
        if text is None:
            return NOT_RECORDED
        if (known := self._read.get(text)) is None:
            known = self._read[text] = self._find(" ".join(text[:_LONGEST].split()))
        return known

    def _find(self, text: str) -> str:
        if not text:
            return NONE_GIVEN
        if self._masked.search(text):
            return MASKED
        plain = strip_accents(text)
        found = next((each for each, says, unless in self._reasons if _speaks(plain, says, unless)), None)
        if found and found.grave:
            return found.id
        declared = next((words for words, pattern in self._declared if pattern.fullmatch(text)), "")
        return declared or (found.id if found else OTHER)


class Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How logs are headed, and by which words a body is known; see ``headings.yml``."""

    moment: tuple[str, ...]
    recipient: tuple[str, ...]
    purpose: tuple[str, ...]
    never: frozenset[str]
    bodies: frozenset[str]
    masked: tuple[str, ...]


@cache
def load_headings() -> Headings:
    """Return the words by which columns and bodies are known."""
    return msgspec.yaml.decode((_HERE / "headings.yml").read_bytes(), type=Headings)


def compile_pattern(declared: str) -> re.Pattern[str]:
    """Return what finds a text that a practice declares: any case, any spaces, ``*`` for any text.

    >>> bool(compile_pattern("* IL PD").fullmatch("Danville  il pd"))
    True
    """
    parts = [r"\s+".join(map(re.escape, part.split(" "))) for part in " ".join(declared.split()).split("*")]
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


def strip_accents(text: str) -> str:
    """Return a text without accents."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))


def _compile(patterns: Sequence[str]) -> re.Pattern[str]:
    """Return one pattern that speaks where any of several does; of none, one that never does."""
    return re.compile("|".join(f"(?:{each})" for each in patterns) or r"(?!)", re.IGNORECASE)


def _speaks(text: str, says: re.Pattern[str], unless: re.Pattern[str]) -> bool:
    return bool(says.search(text)) and not unless.search(text)
