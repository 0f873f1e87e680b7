"""What a paper's own words hint at: which rule spoke, what it suggests, how sure, and where.

Rules of this file:

* A hint is no finding and no authentication: anybody can print a heading. A person looks, and classifies.
* Of the paper nothing is shown but words that stand in the rules themselves; names, numbers and addresses
  are masked wherever they stand.
* Several rules that agree make a suggestion surer by one step; rules that contradict each other are all shown.

Source:
    curtilage-hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Final

from curtilage.disclosure.intake.dates import Dated, find_dates
from curtilage.disclosure.intake.finding import (
    MOST_MATCHES,
    MOST_SPOTS,
    find_forms,
    find_rules,
    stands_alone,
)
from curtilage.disclosure.intake.nouns import Hint, Look, Reading, Spot, Suggestion
from curtilage.disclosure.intake.paper import Paper
from curtilage.disclosure.intake.phrases import Folded, fold
from curtilage.disclosure.intake.rulebook import ROLES, SURE, UNKNOWN_FORM, find_form, load_rules


def read_hints(paper: Paper, *, today: date) -> Reading:
    """Return what a paper hints at; the same paper on the same day gives the same.

    Args:
        paper: As :mod:`curtilage.disclosure.intake.paper` reads it; its text may be empty.
        today: Calendar date in the city's zone.
    """
    book, folded = load_rules(), fold(paper.texts())
    forms = tuple(find_forms(folded))
    hints = {hint.rule: hint for hint in (*forms, *find_rules(folded, {form.rule for form in forms}))}
    dates = find_dates(folded, book.dates, today=today)
    hints |= {hint.rule: hint for hint in _date_hints(dates)}
    suggestions = _weigh(hints)
    seen = {
        *_met(hints, suggestions),
        *paper.troubles(),
        *_contradictions(dates, today),
        *_about_pages(folded),
        *_about_forms(hints),
        *_about_the_whole(folded, suggestions, dates, today),
    }
    looks = tuple(Look(each.id, each.says, each.do) for each in book.alerts if each.id in seen)
    characters = sum(not sign.isspace() for sign in folded.text)
    return Reading(tuple(hints.values()), suggestions, looks, paper.media, len(paper.pages), characters)


def _about_the_whole(
    paper: Folded, suggestions: tuple[Suggestion, ...], dates: tuple[Dated, ...], today: date
) -> Iterator[str]:
    """Say whether there is text, whether it is of a known kind, of two, or stale."""
    tops = _tops(suggestions)
    if not paper.text.strip():
        yield "no-text"
    elif not tops:
        yield "nothing-recognised"
    elif len(tops) > 1 and tops[0].sure != SURE[0]:
        yield "two-kinds"
    issued = [each.day for each in dates if each.role == "issued" and each.day]
    is_warrant = any(each.word == "judicial-warrant" for each in tops)
    if is_warrant and issued and (today - max(issued)).days > WARRANT_DAYS:
        yield "old-warrant"


def _about_forms(hints: Mapping[str, Hint]) -> Iterator[str]:
    forms = [find_form(rule.removeprefix("form-").upper()) for rule in hints if rule.startswith("form-")]
    if UNKNOWN_FORM in hints:
        yield "unknown-form"
    if any(form and form.instead for form in forms):
        yield "old-edition"
    if any(form and form.orders_nothing for form in forms) and not any(
        form and form.suggests for form in forms
    ):
        yield "form-orders-nothing"


# --- weighing ------------------------------------------------------------------------------------


def _weigh(hints: Mapping[str, Hint]) -> tuple[Suggestion, ...]:
    """Return what is suggested, fact by fact, the surest first."""
    said: dict[tuple[str, str], list[Hint]] = {}
    for hint in hints.values():
        for fact, word in hint.suggests:
            said.setdefault((fact, word), []).append(hint)
    found = [
        Suggestion(fact, word, _together([hint.sure for hint in by]), tuple(hint.rule for hint in by))
        for (fact, word), by in said.items()
    ]
    order = list(dict.fromkeys(fact for fact, _ in said))
    order.sort(key=lambda fact: _FACTS.index(fact) if fact in _FACTS else len(_FACTS))
    return tuple(
        sorted(found, key=lambda each: (order.index(each.fact), -SURE.index(each.sure), -len(each.rules)))
    )


_FACTS: Final = (
    "instrument",
    "form",
    "revision",
    "issuer",
    "signer",
    "issued",
    "served",
    "return_by",
    "civil_immigration",
    "gag",
)


def _together(sure: list[str]) -> str:
    """Return how sure several rules are together: one step more than the surest, where two agree."""
    best = max(map(SURE.index, sure))
    agree = sum(SURE.index(each) >= min(best, 1) for each in sure) > 1
    return SURE[min(best + agree, len(SURE) - 1)]


def _tops(suggestions: tuple[Suggestion, ...]) -> list[Suggestion]:
    """Return the instruments that are suggested as much as any."""
    found = [each for each in suggestions if each.fact == "instrument"]
    return [each for each in found if each.sure == found[0].sure]


def _met(hints: Mapping[str, Hint], suggestions: tuple[Suggestion, ...]) -> Iterator[str]:
    """Give the alerts whose conditions what was found meets."""
    tops = (f"instrument:{each.word}" for each in _tops(suggestions) if each.sure != SURE[0])
    spoken = {*hints, *tops}
    for alert in load_rules().alerts:
        is_met = spoken.issuperset(alert.all) and not spoken.intersection(alert.none)
        some = (alert.any, alert.besides)
        if not alert.built_in and is_met and all(not each or spoken.intersection(each) for each in some):
            yield alert.id


# --- dates and pages -----------------------------------------------------------------------------


def _date_hints(dates: tuple[Dated, ...]) -> Iterator[Hint]:
    for role in ROLES:
        days = sorted({each.day for each in dates if each.role == role and each.day})
        spots = tuple(Spot(each.page, each.line, "") for each in dates if each.role == role and each.day)
        if days:
            facts = tuple((role, day.isoformat()) for day in days)
            sure = "fair" if len(days) == 1 else "low"
            yield Hint(f"date-{role.replace('_', '-')}", _DATED[role], facts, sure, spots[:MOST_SPOTS])


_DATED: Final = {
    "issued": "A date stands where its date of issue stands.",
    "served": "A date stands where the date of service stands.",
    "return_by": "It names a date by which it wants an answer.",
}


def _contradictions(dates: tuple[Dated, ...], today: date) -> Iterator[str]:
    days = {role: {each.day for each in dates if each.role == role and each.day} for role in _DATED}
    issued, served, due = days["issued"], days["served"], days["return_by"]
    if len(issued) > 1:
        yield "dates-differ"
    if (issued and served and min(served) < min(issued)) or (
        due and (issued | served) and max(due) < min(issued | served)
    ):
        yield "dates-contradict"
    if any(day > today for day in issued | served):
        yield "date-in-future"
    if due and max(due) < today:
        yield "return-passed"
    if any(each.day is None and not each.is_old for each in dates):
        yield "date-impossible"
    if any(each.is_old for each in dates):
        yield "date-old"


WARRANT_DAYS: Final = 14
"""Days to execute a federal search warrant at most. Source: frcrp-17-41, Rule 41(e)(2)(A)(i)."""

_PAGE_OF: Final = re.compile(r"(?<![a-z])page\s{1,3}[0-9]{1,3}\s{1,3}of\s{1,3}([0-9]{1,3})(?![0-9])")
_ATTACHMENT: Final = re.compile(
    r"(?<![a-z])(attachment|exhibit|schedule|addendum)\s{1,3}([a-e1-5])(?![a-z0-9])"
)


def _about_pages(paper: Folded) -> Iterator[str]:
    """Say what the paper names and does not have: further pages, attachments."""
    numbers = {int(match[1]) for match in _PAGE_OF.finditer(paper.lower)}
    said = {match[0].split()[1] for match in _PAGE_OF.finditer(paper.lower)}
    if numbers and len(said) < max(numbers):
        yield "pages-missing"
    named = {(match[1], match[2]) for match in _ATTACHMENT.finditer(paper.lower)}
    there = {
        (match[1], match[2])
        for match in islice(_ATTACHMENT.finditer(paper.lower), MOST_MATCHES)
        if stands_alone(paper, match.start(), match.end())
    }
    if named - there:
        yield "attachment-missing"
