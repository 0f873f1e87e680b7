"""Dates in a paper that its own words give a meaning: issued, served, to be answered by.

* A date counts only behind the words that say what it is. A date of birth is never taken for another one,
  and a date that lies more than ten years back is told without the date.
* ``03/04/2026`` is read as American papers write it, month first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from curtilage.disclosure.intake.phrases import Folded, compile_phrase
from curtilage.disclosure.intake.rulebook import ROLES

OLDEST_YEARS: Final = 10
"""Chosen: an older date beside such words is more likely somebody's than the paper's."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WRITTEN: Final = re.compile(
    rf"(?<![a-z0-9])(?:(?P<m1>{_MONTH})\.?\s(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y1>[0-9]{{4}})"
    rf"|(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\s(?:day\sof\s|de\s)?(?P<m2>{_MONTH})\.?,?\s(?:del?\s)?(?P<y2>[0-9]{{4}})"
    r"|(?P<y3>[0-9]{4})-(?P<m3>[0-9]{2})-(?P<d3>[0-9]{2})"
    r"|(?P<m4>[0-9]{1,2})[/.-](?P<d4>[0-9]{1,2})[/.-](?P<y4>[0-9]{4}|[0-9]{2}))(?![0-9a-z])"
)
_ENDED: Final = re.compile(r"[a-z]{3,}[.;]\s")
_REACH: Final = 70
"""Characters between the words that give a meaning and the date; chosen: one line of a form."""


MOST_DATES: Final = 200
"""Chosen: a paper with more is a list, and its dates are somebody's."""

_AT_LINE: Final = "^"
"""A phrase that begins so counts only at the beginning of a line."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with what the paper's words say that it is.

    Attributes:
        role: ``issued``, ``served`` or ``return_by``.
        day: None where no calendar has it.
        is_old: It lies so far back that it is told without the date; ``day`` is None then.
        page: From 1, and so is ``line``.
    """

    role: str
    day: date | None
    is_old: bool
    page: int
    line: int


def find_dates(paper: Folded, words: dict[str, tuple[str, ...]], *, today: date) -> tuple[Dated, ...]:
    """Return the dates whose meaning the paper's own words give, in the paper's order; may be empty.

    Args:
        paper: The folded text.
        words: Phrases by role, ``^`` before those that count at the beginning of a line
            only; dates behind those of any other role (``born``) are passed over.
        today: Calendar date in the city's zone.
    """
    cues = sorted(
        (found.end(), found.end() - found.start(), role)
        for role, phrases in words.items()
        for phrase in phrases
        for found in compile_phrase(phrase.removeprefix(_AT_LINE)).finditer(paper.lower)
        if not phrase.startswith(_AT_LINE)
        or paper.lower[max(0, found.start() - 1) : found.start()] in {"", "\n", "\f"}
    )
    return tuple(islice(_read_all(paper, cues, today), MOST_DATES))


def _read_all(paper: Folded, cues: list[tuple[int, int, str]], today: date) -> Iterator[Dated]:
    for found in _WRITTEN.finditer(paper.lower):
        last = bisect_right(cues, found.start(), key=lambda cue: cue[0]) - 1
        end, _, role = cues[last] if last >= 0 else (-_REACH, 0, "")
        if end < found.start() - _REACH:
            continue
        between = paper.lower[end : found.start()]
        if role not in ROLES or "\f" in between or between.count("\n") > 1:
            continue
        if _WRITTEN.search(between) or _ENDED.search(between):
            continue  # another date, or the end of a sentence, stands between: the words are not this one's
        page, line = paper.line_at(found.start())
        day = _read(found, today)
        is_old = day is not None and day.year < today.year - OLDEST_YEARS
        yield Dated(role, None if is_old else day, is_old, page, line)


def _read(found: re.Match[str], today: date) -> date | None:
    parts = {name[0]: value for name, value in found.groupdict().items() if value is not None}
    month = _MONTHS.get(parts["m"]) or int(parts["m"])
    day, year = int(parts["d"]), int(parts["y"])
    if year < 100:
        year += 2000 if year <= today.year % 100 + OLDEST_YEARS else 1900
    if found["m4"] and month > 12 >= day:
        month, day = day, month  # written the other way round: no month has that number
    try:
        return date(year, month, day)
    except ValueError:
        return None
