"""Read a retention clause as schedules really write it, or say which part a person must read.

Rules of this file:

* Every word is understood or the answer is :class:`NeedsPerson`. There is no default.
* Two periods joined by "or" must say which counts; by "and" both must have passed.
* A clause that leans on another record, a condition or somebody's discretion needs a person.
* An event that is not in ``data/events.yml`` is kept in the clause's own words.
* English only, at most :data:`LONGEST` characters, and every pattern runs in bounded time.

The steps: tidy the text, split it into sub-items or sentences, and in each find which records, how
long, and what then.

Source:
    oar-166-200, wa-core, tx-13-tac-7-125.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from curtilage.inventory._clause_spans import (
    BEGIN,
    CODED,
    LENGTH,
    LOOSE,
    NOTHING,
    PLUS,
    NotUnderstoodError,
    read_event,
    read_moment,
    read_term,
)
from curtilage.inventory._clause_words import CODES, NUMBER, UNFINISHED, tidy, why_no_event, why_no_name
from curtilage.inventory.nouns import Disposition
from curtilage.inventory.terms import (
    START,
    Clause,
    NeedsDate,
    NeedsPerson,
    Part,
    Permanent,
    Span,
    Term,
    Which,
    Whichever,
)

__all__ = [
    "LONGEST",
    "START",
    "Clause",
    "NeedsDate",
    "NeedsPerson",
    "Part",
    "Permanent",
    "Span",
    "Which",
    "Whichever",
    "parse_clause",
]

LONGEST: Final = 2_000
"""Characters of a clause that are read; a longer one needs a person."""


def parse_clause(text: str) -> Clause | NeedsPerson:
    """Read one retention clause.

    Args:
        text: The clause as the schedule writes it, with its disposition and sub-items.

    Returns:
        The clause, understood to its last word; or the reason and the words that need a person.

    >>> str(parse_clause("Retain six (6) years after case is closed, destroy"))
    'Retain for 6 years after case closed, then destroy'
    >>> parse_clause("Same as related case file").reason
    'It refers to another record, a condition or a judgment.'
    """
    if len(text) > LONGEST:
        return NeedsPerson(f"It is longer than {LONGEST} characters.", text[:80])
    try:
        return Clause(_parts(tidy(text)))
    except NotUnderstoodError as stop:
        return NeedsPerson(stop.reason, stop.rest)


# --- splitting into sub-items and sentences ------------------------------------------------------

_LETTER = re.compile(r"(?:^|(?<= ))\(?([A-Za-z])\) ?")
_FIGURE = re.compile(r"(?:^|(?<= ))\((\d)\) ?")
_COUNTED = re.compile(rf"{NUMBER} $", re.IGNORECASE)
_INTRODUCTION = re.compile(r"(?:(?:retain|retention)(?: as follows)?|as follows)?:?", re.IGNORECASE)
_SENTENCE = re.compile(r"[;.] ?|, (?:and )?(?=(?:retain|keep|maintain) )", re.IGNORECASE)
_MEANING = re.compile(r"\(?\bAC (?:=|means|is) ([^();.]{1,120})\)?", re.IGNORECASE)


def _parts(text: str) -> tuple[Part, ...]:
    if not text:
        raise NotUnderstoodError("There is no clause.", "")
    items = _labelled(text)
    if not items:
        return _sentences(text)
    parts: list[Part] = []
    for label, words in items:
        said = _sentences(words)
        if len(said) > 1 or not said[0].what:
            raise NotUnderstoodError("A sub-item must say which records it is about, once.", words)
        parts.append(replace(said[0], label=label))
    return _distinct(parts, text)


def _labelled(text: str) -> list[tuple[str, str]]:
    marks = list(_LETTER.finditer(text)) or (list(_FIGURE.finditer(text)) if text[0] == "(" else [])
    marks = [mark for mark in marks if not _COUNTED.search(text, max(0, mark.start() - 20), mark.start())]
    if not marks:
        return []
    labels = [mark[1].lower() for mark in marks]
    first = "a" if labels[0].isalpha() else "1"
    if len(labels) < 2 or labels != [chr(ord(first) + step) for step in range(len(labels))]:
        raise NotUnderstoodError("Its sub-items are not in order.", text)
    introduction = text[: marks[0].start()].strip()
    if not _INTRODUCTION.fullmatch(introduction):
        raise NotUnderstoodError("The words before its sub-items were not understood.", introduction)
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    words = [text[mark.end() : end].strip(" ;,.") for mark, end in zip(marks, ends, strict=True)]
    return list(zip(labels, [re.sub(r"[;,.]? (?:and|or)$", "", said) for said in words], strict=True))


def _sentences(text: str) -> tuple[Part, ...]:
    meaning = _MEANING.search(text)
    if meaning:
        text = (text[: meaning.start()].rstrip() + text[meaning.end() :]).strip(" ;,.")
    said = [piece for piece in (piece.strip(" ,") for piece in _SENTENCE.split(text)) if piece]
    said = said[1:] if said and said[0].lower() == "temporary" else said
    if not said:
        raise NotUnderstoodError("There is no clause.", text)
    parts: list[Part] = []
    for piece in said:
        then = _ending(piece)
        if parts and then:
            parts[-1] = _with_ending(parts[-1], then, piece)
        else:
            parts.append(_part(piece))
    if meaning:
        parts = [_meaning(part, meaning[1]) for part in parts]
    return _distinct(parts, text)


def _meaning(part: Part, words: str) -> Part:
    """Put what the clause says that AC means in the place of the code."""
    if not isinstance(part.term, Span) or part.term.event != CODES["AC"]:
        raise NotUnderstoodError("It explains a code that it does not use.", words)
    return replace(part, term=Span(part.term.period, read_event(words)))


def _distinct(parts: list[Part], text: str) -> tuple[Part, ...]:
    named = [part.what.lower() for part in parts]
    if len(parts) > 1 and ("" in named or len(set(named)) < len(named)):
        raise NotUnderstoodError("It says two different things of the same records.", text)
    return tuple(parts)


# --- what then -----------------------------------------------------------------------------------

_DESTROY = (
    r"(?:(?:destroy|dispose of|dispose|discard|shred|delete|purge|recycle)(?: records?)?"
    r"|(?:(?<=then )|(?:may|shall|must|can) be )(?:destroyed|disposed of|discarded|shredded|deleted|purged))"
    r"(?: securely| confidentially| by shredding)?"
)
_ARCHIVES = (
    r"(?:transfer|send|offer)(?: records?)? to (?:the )?"
    r"(?:(?:state|city|county|municipal|town|washington state|oregon state|texas state|national) )?archives"
)
_APPRAISE = (
    rf"(?:{_ARCHIVES} for (?:archival )?(?:appraisal(?: and selective retention)?|review)"
    r"|appraise|appraisal required|archival (?:appraisal|review))"
)
_ENDING = re.compile(
    r"(?:(?:and then|and|then|thereafter) )?"
    rf"(?:(?P<destroy>{_DESTROY})|(?P<appraise>{_APPRAISE})"
    rf"|(?P<transfer>{_ARCHIVES}(?: for permanent (?:retention|preservation))?)(?P<when> (?:(?:after|when|once|upon) |(?={NUMBER})).+)?)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:,| -|(?<=\w)) (?=(?:(?:and then|and|then|thereafter) )?(?:{_DESTROY}|{_APPRAISE}|{_ARCHIVES})\b)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"(?:(?P<destroy>{_DESTROY})|(?P<transfer>{_ARCHIVES})) (?P<how>after|when|once|upon|(?={NUMBER}))",
    re.IGNORECASE,
)


def _ending(piece: str) -> re.Match[str] | None:
    return _ENDING.fullmatch(piece)


def _with_ending(part: Part, then: re.Match[str], piece: str) -> Part:
    """Add what happens then, once, and never against what the term says."""
    if part.disposition not in {None, Disposition.PERMANENT}:
        raise NotUnderstoodError("It says twice what happens then.", piece)
    if isinstance(part.term, Permanent):
        if not then["transfer"]:
            raise NotUnderstoodError("What is permanent cannot be destroyed or appraised.", piece)
        when = read_moment(then["when"]) if then["when"] else None
        return replace(part, term=Permanent(when), disposition=Disposition.TRANSFER)
    if then["when"]:
        raise NotUnderstoodError("It has two stages.", piece)
    kinds = {
        "destroy": Disposition.DESTROY,
        "appraise": Disposition.APPRAISE,
        "transfer": Disposition.TRANSFER,
    }
    return replace(part, disposition=next(kind for name, kind in kinds.items() if then[name]))


# --- which records, how long ---------------------------------------------------------------------

_VERB = re.compile(
    r"(?:(?:records? )?(?:are|is|shall be|must be|to be) retained|retained|retain|keep|maintain|hold|preserve"
    r"|(?:minimum )?retention(?: period)?:?|minimum:)(?: |$)",
    re.IGNORECASE,
)
_WHAT = re.compile(r"(?P<what>[^:]{2,120})(?:: | - )(?P<rest>.+)")
_EVERYTHING: Final = frozenset(
    {"record", "records", "all records", "the records", "the record", "documents", "for"}
)


def _part(piece: str) -> Part:
    piece = re.sub(
        r"^(?:these |the )?records? (?=(?:may|shall|must|can|are|is|to) )", "", piece, flags=re.IGNORECASE
    )
    body, tail = _cut(piece)
    front = _FIRST.match(body)
    if front and not tail:
        return _front(body, front)
    verb = _VERB.match(body)
    what, term = _body(body[verb.end() :] if verb else body)
    part = Part(term, Disposition.PERMANENT if isinstance(term, Permanent) else None, what)
    if not tail:
        return part
    then = _ending(tail)
    if then is None:
        raise NotUnderstoodError("What happens then was not understood.", tail)
    return _with_ending(part, then, tail)


def _cut(piece: str) -> tuple[str, str]:
    """Split a sentence before what happens then; a sentence that begins with it is left whole."""
    mark = _TAIL.search(piece)
    return (piece[: mark.start()], piece[mark.end() :]) if mark else (piece, "")


def _front(body: str, front: re.Match[str]) -> Part:
    """Read ``Destroy 3 years after case closed`` and ``Destroy when superseded``."""
    rest = body[front.end("how") :].strip()
    begins_with_length = bool(re.match(rf"{LOOSE}{LENGTH}", rest, re.IGNORECASE))
    if front["how"].lower() != "after" and begins_with_length == bool(front["how"]):
        raise NotUnderstoodError("When it happens was not understood.", body)
    term = read_term(rest if begins_with_length else f"until {rest}")
    return Part(term, Disposition.DESTROY if front["destroy"] else Disposition.TRANSFER)


def _body(words: str) -> tuple[str, Term]:
    words = words.strip(" ,")
    named = _WHAT.fullmatch(words)
    if named and not BEGIN.match(named["what"]):
        rest = named["rest"]
        if _WHAT.fullmatch(rest):
            raise NotUnderstoodError("It names its records twice.", words)
        verb = _VERB.match(rest)
        inner, term = _body(rest[verb.end() :] if verb else rest)
        if inner:
            raise NotUnderstoodError("It names its records twice.", words)
        return _records(named["what"]), term
    if words == "PM" or CODED.match(words) or PLUS.fullmatch(words):
        return "", read_term(words)
    begin = BEGIN.search(words)
    if begin is None:
        raise NotUnderstoodError(_why_nothing(words), words)
    return _records(words[: begin.start()]), read_term(words[begin.start() :])


def _records(words: str) -> str:
    words = re.sub(r"(?:^for$| for$)", "", words.strip(" ,"), flags=re.IGNORECASE).strip(" ,")
    if not words or words.lower() in _EVERYTHING:
        return ""
    is_term = BEGIN.search(words) or CODED.match(words) or words == "PM" or PLUS.fullmatch(words)
    reason = why_no_name(words) or (UNFINISHED if is_term else "")
    if reason:
        raise NotUnderstoodError(reason, words)
    return words


def _why_nothing(words: str) -> str:
    reason = why_no_event(words)
    return reason if reason and reason != UNFINISHED else NOTHING
