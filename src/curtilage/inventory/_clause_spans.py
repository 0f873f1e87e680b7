"""How long: the spans, choices and events inside one sentence of a retention clause."""

from __future__ import annotations

import re
from typing import Final

from curtilage.foundation.periods import Period
from curtilage.inventory._clause_words import CODES, NUMBER, UNIT, count, say_event, why_no_event
from curtilage.inventory.terms import Permanent, Span, Term, Which, Whichever

LENGTH: Final = rf"(?:{NUMBER})(?: ?\( ?\d{{1,4}} ?\))?[ -]?(?:{UNIT})\b"
"""Pattern of a number and a unit: ``six (6) years``, ``30-day`` is not one."""

LOOSE: Final = (
    r"(?:for )?(?:a |the )?(?:(?:minimum|period|retention period|total)(?: of)? )?"
    r"(?:at least |not less than |no less than )?"
)
"""Pattern of words before a length that change nothing: a clause is a minimum anyhow."""

BEGIN: Final = re.compile(
    rf"{LOOSE}(?P<term>{LENGTH}|permanent(?:ly)?\b|until\b|till\b|while active\b|(?:for )?as long as\b"
    r"|(?:the )?life of\b|current (?:calendar |fiscal )?year\b"
    r"|the (?:longer|later|greater|earlier|shorter|sooner) of\b)",
    re.IGNORECASE,
)
"""Where a term begins inside a sentence."""

CODED: Final = re.compile(rf"(?P<code>{'|'.join(CODES)})(?![\w-])(?: ?\+ ?(?P<more>.+))?")
"""A trigger code, alone or with time added: ``AC+5``. Codes are capitals."""

PLUS: Final = re.compile(
    rf"(?P<event>[^,+]{{2,120}}?) ?(?:\+|\bplus\b) ?(?P<more>(?:{LENGTH}).*)", re.IGNORECASE
)
"""An event with time added: ``expiration plus 6 years``."""

NOTHING: Final = "No length of time and no event was understood."


class NotUnderstoodError(Exception):
    """Ends the reading of a clause; never leaves the parser."""

    def __init__(self, reason: str, rest: str) -> None:
        self.reason, self.rest = reason, rest.strip(" ,;.")
        super().__init__(reason)


_LATER: Final = frozenset({"longer", "longest", "greater", "greatest", "later", "latest", "last"})
_BY_LENGTH: Final = frozenset({"longer", "longest", "greater", "greatest", "shorter", "shortest"})
_WHICHEVER = re.compile(
    r",? \(?whichever (?:(?:event|period|date) )?(?:(?:is|occurs|comes|happens) )?(?:the )?"
    r"(?P<which>longer|longest|greater|greatest|later|latest|last|shorter|shortest|sooner|soonest|earlier|earliest|first)"
    r"(?: occurs)?\)?",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?:for )?the (?P<which>longer|later|greater|earlier|shorter|sooner) of:? (?P<rest>.+)", re.IGNORECASE
)
_OR = re.compile(r", ?(?:or )?| or ", re.IGNORECASE)
_OR_AND = re.compile(r", ?(?:(?:or|and) )?| or | and ", re.IGNORECASE)
_AND = re.compile(rf",? and (?=(?:for )?(?:{LENGTH}|until\b))", re.IGNORECASE)
_OR_TERM = re.compile(
    rf" or (?=(?:for |a minimum of |at least )?(?:{LENGTH}|until\b|permanent))", re.IGNORECASE
)


def read_term(words: str) -> Term:
    """Read how long something is kept, from its first word to its last.

    Raises:
        NotUnderstoodError: Something in it needs a person.
    """
    words = re.sub(rf"^{LOOSE}", "", words, flags=re.IGNORECASE) if not _OF.match(words) else words
    if words == "PM" or re.fullmatch(r"permanent(?:ly)?", words, re.IGNORECASE):
        return Permanent()
    which = _WHICHEVER.search(words)
    if which:
        if which.end() != len(words):
            raise NotUnderstoodError("Words after the choice were not understood.", words[which.end() :])
        return _choice(which["which"].lower(), _split(_OR, words[: which.start()]), words)
    prefixed = _OF.fullmatch(words)
    if prefixed:
        return _choice(prefixed["which"].lower(), _split(_OR_AND, prefixed["rest"]), words)
    if _OR_TERM.search(words):
        raise NotUnderstoodError("It joins two periods by “or” and does not say which counts.", words)
    length = _LENGTHS.match(words)
    whole = length.end() if length else 0
    both = _AND.split(words[whole:])
    both[0] = words[:whole] + both[0]
    return _choice("later", both, words) if len(both) > 1 else read_span(words)


def _split(separator: re.Pattern[str], words: str) -> list[str]:
    kept = re.sub(
        r"superseded or obsolete|obsolete or superseded", "superseded/obsolete", words, flags=re.IGNORECASE
    )
    return [piece for piece in separator.split(kept) if piece]


def _choice(which: str, pieces: list[str], words: str) -> Whichever:
    spans: list[Span] = []
    for piece in pieces:
        spans.append(_chosen(piece, spans, by_length=which in _BY_LENGTH))
    if len(set(spans)) < 2 or len(set(spans)) != len(spans):
        raise NotUnderstoodError("It says to choose, but not between what.", words)
    if any(re.search(r",| or (?!obsolete$)", span.event) for span in spans):
        raise NotUnderstoodError("It is not clear what it chooses between.", words)
    return Whichever(Which.LATER if which in _LATER else Which.EARLIER, tuple(spans))


def _chosen(piece: str, before: list[Span], *, by_length: bool) -> Span:
    """Read one of the alternatives; a bare event shares the period of the one before it."""
    if BEGIN.match(piece) or CODED.fullmatch(piece) or PLUS.fullmatch(piece):
        return read_span(piece)
    if not before:
        raise NotUnderstoodError(NOTHING, piece)
    if not before[-1].event:
        return Span(Period(), read_event(piece))
    if by_length and before[-1].period != Period():
        raise NotUnderstoodError("It compares the length of a period with an event.", piece)
    return Span(before[-1].period, read_event(piece))


_LENGTHS = re.compile(rf"{LENGTH}(?:(?:, | and |, and | ){LENGTH}){{0,3}}", re.IGNORECASE)
_ONE = re.compile(
    rf"(?P<number>{NUMBER})(?: ?\( ?(?P<again>\d{{1,4}}) ?\))?[ -]?(?P<unit>{UNIT})\b", re.IGNORECASE
)
_AFTER = re.compile(r" (?:after|from|following|past|beyond|since)(?: the)? ", re.IGNORECASE)
_UNTIL = re.compile(r"(?:(?:until|till) |(?=(?:the )?life of ))", re.IGNORECASE)
_AS_LONG = re.compile(
    r"(?:(?:for )?as long as (?:it is |they are |is |are )?(?P<state>active|administratively valuable)|while (?P<active>active))",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"current (?P<kind>calendar |fiscal )?year(?: ?(?:\+|plus) ?(?P<more>.+))?", re.IGNORECASE
)


def read_span(words: str) -> Span:
    """Read one length of time, event, or both.

    Raises:
        NotUnderstoodError: Something in it needs a person.
    """
    words = re.sub(rf"^{LOOSE}", "", words.strip(" ,"), flags=re.IGNORECASE)
    coded = CODED.fullmatch(words)
    if coded:
        return Span(_more(coded["more"]), CODES[coded["code"]])
    current = _CURRENT.fullmatch(words)
    if current:
        return Span(_more(current["more"]), f"end of {current['kind'] or ''}year".lower())
    length = _LENGTHS.match(words)
    if length:
        return _from_length(length[0], words[length.end() :])
    state = _AS_LONG.match(words)
    if state:
        event = say_event(state["state"] or state["active"])
        return Span(_more(_after_plus(words[state.end() :])), event)
    until = _UNTIL.match(words)
    if until:
        return _from_until(words[until.end() :])
    plus = PLUS.fullmatch(words)
    if plus:
        return Span(_more(plus["more"]), read_event(plus["event"]))
    raise NotUnderstoodError(NOTHING, words)


def _from_length(said: str, rest: str) -> Span:
    period, year = _period(said)
    after = _AFTER.match(rest)
    if after is None and rest.strip(" ,"):
        raise NotUnderstoodError("Words after the length of time were not understood.", rest)
    event = read_event(rest[after.end() :]) if after else ""
    if not year:
        return Span(period, event)
    return Span(period, f"end of {year} year" + (f" of {event}" if event else ""))


def _from_until(words: str) -> Span:
    if _LENGTHS.match(words):
        return read_span(words)
    event, plus, more = (
        re.split(r"( ?\+ ?| plus )", words, maxsplit=1) if PLUS.fullmatch(words) else (words, "", "")
    )
    return Span(_more(more if plus else None), _end_of_life(event) or read_event(event))


def _end_of_life(words: str) -> str:
    """Return the event that ends "the life of the loan"; empty where the words are no life."""
    life = re.fullmatch(r"(?:the )?life of (?:the )?(.+)", words.strip(), re.IGNORECASE)
    return read_event(f"end of life of {life[1]}") if life else ""


def _after_plus(words: str) -> str | None:
    if not words:
        return None
    plus = re.fullmatch(r" ?(?:\+|plus|and) ?(.+)", words, re.IGNORECASE)
    if plus is None:
        raise NotUnderstoodError("Words after the event were not understood.", words)
    return plus[1]


def _more(words: str | None) -> Period:
    """Read what is added to an event: ``3``, ``3 years``; nothing is no time."""
    if words is None:
        return Period()
    bare = re.fullmatch(NUMBER, words, re.IGNORECASE)
    period, year = _period(f"{words} years" if bare else words)
    if year:
        raise NotUnderstoodError("It counts in two kinds of year.", words)
    return period


def _period(words: str) -> tuple[Period, str]:
    if not _LENGTHS.fullmatch(words):
        raise NotUnderstoodError("The length of time was not understood.", words)
    found = [_one(match) for match in _ONE.finditer(words)]
    units = [unit for _, unit, _ in found]
    if len(set(units)) < len(units):
        raise NotUnderstoodError("It names two lengths of time in the same unit.", words)
    total = {unit: amount for amount, unit, _ in found}
    years = {year for _, _, year in found if year}
    return Period(
        total.get("year", 0), total.get("month", 0), total.get("day", 0) + 7 * total.get("week", 0)
    ), "".join(years)


def _one(match: re.Match[str]) -> tuple[int, str, str]:
    amount = count(match["number"])
    if match["again"] and int(match["again"]) != amount:
        raise NotUnderstoodError("The number in words and the number in figures differ.", match[0])
    said = match["unit"].lower()
    unit = {"y": "year", "m": "month", "w": "week", "d": "day"}[said.split()[-1][0]]
    kind = said.split()[0] if said.startswith(("calendar", "fiscal")) else ""
    limit = 40_000 if unit == "day" else 500
    if not 1 <= amount <= limit:
        raise NotUnderstoodError("The number is not one of a schedule.", match[0])
    return amount, unit, kind if unit == "year" else ""


# --- events --------------------------------------------------------------------------------------

_A_LENGTH = re.compile(LENGTH, re.IGNORECASE)
_END_OF_YEAR = re.compile(
    r"(?:the )?(?:end|close) of (?:the )?(?P<kind>calendar|fiscal) year (?:in which|of) (?P<event>.+)",
    re.IGNORECASE,
)


def read_event(words: str) -> str:
    """Return the one name of an event, or the clause's own words for it.

    Raises:
        NotUnderstoodError: The words are no event, or lean on something else.
    """
    words = words.strip(" ,")
    nested = _END_OF_YEAR.fullmatch(words)
    if nested:
        return f"end of {nested['kind'].lower()} year of {read_event(nested['event'])}"
    reason = why_no_event(words) or ("It has two stages." if _A_LENGTH.search(words) else "")
    if reason:
        raise NotUnderstoodError(reason, words)
    return say_event(words)


def read_moment(words: str) -> Span:
    """Read ``after 10 years``, ``when superseded``: the moment of a transfer."""
    words = re.sub(r"^ ?(?:(?:after|when|once|upon) )?", "", words, flags=re.IGNORECASE)
    return read_span(words) if _LENGTHS.match(words) else Span(Period(), read_event(words))
