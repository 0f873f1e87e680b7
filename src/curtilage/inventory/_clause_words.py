"""The words of retention clauses: numbers, units, codes, events, and those that need a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

_UP_TO_NINETEEN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: Final = {word: number for number, word in enumerate(_UP_TO_NINETEEN)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}

NUMBER: Final = rf"\b(?:\d{{1,5}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UP_TO_NINETEEN[1:10])}))?|{'|'.join(reversed(_UP_TO_NINETEEN))}|one hundred)\b"
"""Pattern of a whole number in figures or English words, up to one hundred in words."""

UNIT: Final = r"(?:calendar |fiscal )?(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)"
"""Pattern of a unit of time. Business days, school years and quarters are none: they need a person."""

CODES: Final[Mapping[str, str]] = {
    "AC": "closed",
    "AV": "administrative value lost",
    "CE": "end of calendar year",
    "FE": "end of fiscal year",
    "LA": "end of life of asset",
    "US": "superseded",
}
"""Trigger codes of Texas schedules and the events they stand for; ``PM``, permanent, is a term.

Source: tx-13-tac-7-125.
"""

_LEANS = (
    r"same|unless|except|if|provided (?:that|the)|as (?:required|specified|provided|directed|determined|needed|the|long)"
    r"|varies|vary|see|refer|according|accordance|pursuant|per|depend(?:s|ing)?|subject|determined|discretion|consult"
    r"|retain(?:ed)?|keep|destroy|until|whichever|then|indefinitely|longer|sooner|earlier"
)
_LEANS_IN_EVENT = (
    r"where|pending|related|respective|corresponding|associated|applicable|appropriate|reasonable|permanent(?:ly)?"
    r"|minimum|maximum|at least"
)
_HEDGED = r"about|approximately|within|between|every|each|over|under|up|maximum|minimum|another|additional|further|last|first|next"
_OPEN = r"and|or|of|to|for|by|the|a|an|with|in|at|on|plus|from|after|than|both|[-/+]"
_ODD_UNIT = re.compile(
    rf"{NUMBER} (?:business|working|school|academic|tax|quarters?|decades?|hours?|generations?|terms?|sessions?)\b",
    re.IGNORECASE,
)
_UNREADABLE_EVENT = re.compile(
    rf"\b(?:{_LEANS}|{_LEANS_IN_EVENT})\b|\b(?:{_HEDGED})$|^needed$", re.IGNORECASE
)
_UNREADABLE_NAME = re.compile(
    rf"\b(?:{_LEANS}|when|after)\b|\b(?:{_HEDGED}|up to)$|^(?:transfer|send|offer)\b.* to\b|^(?:where|follow)\b"
    r"|^(?:dispose|discard|shred|delete|purge|recycle|appraise)\b",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"(?:^|\b|(?<= ))(?:{_OPEN})$|^(?:and|or|but)\b|^[^a-z]*$|[()+=:;]", re.IGNORECASE)

LEANS: Final = "It refers to another record, a condition or a judgment."
ODD_UNIT: Final = "It counts in a unit of time that is not read here."
UNFINISHED: Final = "Words in it were not understood."


def why_no_event(words: str) -> str:
    """Return why ``words`` cannot be an event in a clause; empty where they can."""
    if _plain(words) in _events():
        return ""
    return _why(words, _UNREADABLE_EVENT, longest=15)


def why_no_name(words: str) -> str:
    """Return why ``words`` cannot name the records that a clause is about; empty where they can."""
    return _why(words, _UNREADABLE_NAME, longest=40)


def _why(words: str, unreadable: re.Pattern[str], *, longest: int) -> str:
    if _ODD_UNIT.search(words):
        return ODD_UNIT
    if unreadable.search(words):
        return LEANS
    return UNFINISHED if _UNFINISHED.search(words) or len(words.split()) > longest else ""


def count(words: str) -> int:
    """Return the number that :data:`NUMBER` matched.

    >>> count("twenty-five")
    25
    """
    if words.isdigit():
        return int(words)
    if words.lower() == "one hundred":
        return 100
    return sum(_WORDS[word] for word in re.split(r"[- ]", words.lower()))


def tidy(text: str) -> str:
    """Return ``text`` on one line with plain spaces, dashes and quotes, and units without a full stop."""
    plain = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    plain = re.sub(r"\b(yrs?|mos?|wks?)\.", r"\1", " ".join(plain.split()), flags=re.IGNORECASE)
    return plain.replace("(s)", "s").strip(" ,;.")


def say_event(words: str) -> str:
    """Return the one name of an event; an unknown event is returned in its own words.

    >>> say_event("the case has been closed"), say_event("The last horse left")
    ('case closed', 'last horse left')
    """
    words = re.sub(r"^the ", "", words.strip(" ,."), flags=re.IGNORECASE)
    own = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return _events().get(_plain(words), own)


_PLAIN: Final = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'", "\u2018": "'"}
)
_LEFT_OUT: Final = frozenset(
    ["the", "a", "an", "is", "are", "was", "were", "be", "been", "being", "has", "have", "gets", "of", "date"]
)


def _plain(words: str) -> str:
    return " ".join(word for word in words.lower().strip(" ,.").split() if word not in _LEFT_OUT)


@cache
def _events() -> Mapping[str, str]:
    import yaml

    text = files("curtilage.inventory").joinpath("data/events.yml").read_text(encoding="utf-8")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where there is one
    return {_plain(str(way)): event for event, ways in said.items() for way in (event, *ways)}
