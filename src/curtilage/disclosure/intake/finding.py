"""Find what the rules of hints look for in a paper, and show where, with every other word masked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice
from typing import Final

from curtilage.disclosure.intake.nouns import Hint, Spot
from curtilage.disclosure.intake.phrases import COLUMN, Folded, compile_phrase
from curtilage.disclosure.intake.rulebook import (
    UNKNOWN_FORM,
    Form,
    HintRule,
    find_form,
    load_rules,
    phrases_of,
)

_WORD: Final = re.compile(r"[^\W_]+(?:'[a-z]+)?")
_AROUND: Final = 5
MOST_SPOTS: Final = 3
_MASK: Final = "···"
_LINE_ENDS: Final = re.compile(r"[\n\f]")
_LONGEST_LINE: Final = 200
MOST_MATCHES: Final = 200
"""Of one phrase; chosen: a paper that says a word more often is no form, and time stays bounded."""

_BEHIND: Final = re.compile(rf"[({re.escape(COLUMN)}]")
_PARTS: Final = re.compile(rf"[:({re.escape(COLUMN)}]")
_MOST_BEFORE, _MOST_BEHIND = 6, 4
"""Words beside a phrase on a line where it still stands alone: another signature before it, a place behind ``Court of``."""

_FORM: Final = re.compile(
    r"(?<![a-z0-9-])(?P<family>form\s{1,3}(?:no\.?\s{0,2})?)?(?:dhs|ice|cbp|uscis|ins|eoir|us-?doj)?\s?(?:form\s{1,3})?"
    r"(?P<letters>[a-z1|]{1,4})\s?[- ]\s?(?P<digits>[0-9o]{1,4})(?P<suffix>[a-z]?)(?![0-9a-z])"
    r"(?:\s{0,3}\((?:rev\.?\s?)?(?P<revision>[0-9]{1,2}[/-][0-9]{2,4}(?:[/-][0-9]{2,4})?)\))?"
)


# --- forms ---------------------------------------------------------------------------------------


def find_forms(paper: Folded) -> Iterator[Hint]:
    """Give a hint for each form that the paper names; one that is on no list suggests nothing but its number."""
    found = _match_forms(paper)
    for number, matches in found.items():
        if form := find_form(number):
            yield _hint_of_form(paper, form, matches)
    unknown = {number: matches for number, matches in found.items() if not find_form(number)}
    if unknown:
        named = tuple(("form", number) for number in unknown)
        places = _spots(paper, [match for matches in unknown.values() for match in matches])
        yield Hint(UNKNOWN_FORM, "It names a form that is on no list here.", named, "low", places)


def _match_forms(paper: Folded) -> dict[str, list[re.Match[str]]]:
    """Return where each number of a form stands, by the number as it is printed."""
    found: dict[str, list[re.Match[str]]] = {}
    for match in islice(_FORM.finditer(paper.lower), 10 * MOST_MATCHES):
        if number := _form_number(match):
            found.setdefault(number, []).append(match)
    for form in load_rules().forms:
        for phrase in map(compile_phrase, form.find):
            if matches := list(islice(phrase.finditer(paper.lower), MOST_MATCHES)):
                found.setdefault(form.number, []).extend(matches)
    return found


def _hint_of_form(paper: Folded, form: Form, matches: list[re.Match[str]]) -> Hint:
    revisions = [match["revision"] for match in matches if match.groupdict().get("revision")]
    printed = {"revision": revisions[0]} if revisions else {}
    facts = {"form": form.number, **printed, **form.suggests}
    sure = _sure_of(paper, matches, is_printed=bool(revisions))
    says = f"It names Form {form.number}, {form.name}."
    return Hint(f"form-{form.number.lower()}", says, tuple(facts.items()), sure, _spots(paper, matches))


def _spots(paper: Folded, matches: list[re.Match[str]]) -> tuple[Spot, ...]:
    return tuple(_spot(paper, *match.span()) for match in matches[:MOST_SPOTS])


def _sure_of(paper: Folded, matches: list[re.Match[str]], *, is_printed: bool) -> str:
    """Return how sure it is that a paper is on a form: its foot says the edition, a letter only mentions it."""
    if is_printed:
        return "high"
    return "fair" if any(stands_alone(paper, *match.span()) for match in matches) else "low"


def _form_number(match: re.Match[str]) -> str:
    """Return the number of a form as it is printed; empty where the match is none."""
    letters = match["letters"].replace("1", "i").replace("|", "i").upper()
    letters = "I" if letters == "L" else letters
    digits = match["digits"].replace("o", "0").lstrip("0")
    number = f"{letters}-{digits}{match['suffix'].upper()}"
    if find_form(number):
        return number
    is_said = bool(match["family"] or match["revision"])
    return number if is_said and letters in load_rules().families and len(digits) < 4 else ""


# --- rules ---------------------------------------------------------------------------------------


def find_rules(paper: Folded, forms: set[str]) -> Iterator[Hint]:
    """Give a hint for each rule that speaks: first those that find words, then what follows from them."""
    rules = load_rules().rules
    spots = {rule.id: _find_spots(rule, paper) for rule in rules if rule.find}
    raw = {rule for rule, found in spots.items() if found} | forms
    said = {rule.id for rule in rules if spots.get(rule.id) and _holds(rule, raw)} | forms
    for rule in rules:
        if rule.id in said or (not rule.find and _holds(rule, said)):
            said.add(rule.id)
            yield Hint(rule.id, rule.says, tuple(rule.suggests.items()), rule.sure, spots.get(rule.id, ()))


def _holds(rule: HintRule, said: Collection[str]) -> bool:
    def has(rules: Collection[str]) -> bool:
        return any(each in said for each in rules)

    return (
        (not rule.needs or has(rule.needs))
        and (not rule.besides or has(rule.besides))
        and not has(rule.unless)
    )


def _find_spots(rule: HintRule, paper: Folded) -> tuple[Spot, ...]:
    found: dict[int, tuple[int, int]] = {}
    for phrase in phrases_of(rule.id):
        for match in islice(phrase.finditer(paper.lower), MOST_MATCHES):
            if not rule.alone or stands_alone(paper, match.start(), match.end()):
                found.setdefault(match.start(), match.span())
    return tuple(_spot(paper, *found[start]) for start in sorted(found)[:MOST_SPOTS])


def stands_alone(paper: Folded, start: int, end: int) -> bool:
    """Return whether little else stands on the line or lines of a phrase, and it is written as a title."""
    before = _LINE_ENDS.split(paper.text[max(0, start - _LONGEST_LINE) : start])[-1]
    behind = _LINE_ENDS.split(paper.text[end : end + _LONGEST_LINE])[0]
    label, rest = _PARTS.split(before)[-1], _BEHIND.split(behind)[0]
    few = len(_WORD.findall(label)) <= _MOST_BEFORE and len(_WORD.findall(rest)) <= _MOST_BEHIND
    is_blank = not _WORD.search(before) and behind.lstrip().startswith((":", "_"))
    is_title = paper.text[start].isupper() or not paper.text[start].isalpha()
    return is_title and (is_blank or (few and not rest.rstrip().endswith((".", ";"))))


# --- what is shown -------------------------------------------------------------------------------


@cache
def _shown() -> frozenset[str]:
    """Return the words that may be shown."""
    return frozenset(_WORD.findall(load_rules().shown.lower()))


def _spot(paper: Folded, start: int, end: int) -> Spot:
    page, line = paper.line_at(start)
    return Spot(page, line, mask(paper, start, end))


def mask(paper: Folded, start: int, end: int) -> str:
    """Return a place in a paper with a few words around it, every word masked that is not on the list.

    A mask does not tell how long the word is, nor how many there are.
    """
    left = paper.lower[max(0, start - 80) : start].rpartition("\f")[2]
    right = paper.lower[end : end + 80].partition("\f")[0]
    # A word that the window cuts is no word.
    words = [
        *_WORD.findall(left.partition(" ")[2] if start > 80 else left)[-_AROUND:],
        *_WORD.findall(paper.lower[start:end]),
        *_WORD.findall(right.rpartition(" ")[0] if len(right) == 80 else right)[:_AROUND],
    ]
    masked: list[str] = []
    for word in words:
        shown = word if word in _shown() else _MASK
        if not (shown == _MASK and masked[-1:] == [_MASK]):
            masked.append(shown)
    return " ".join(masked)
