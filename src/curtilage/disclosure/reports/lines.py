"""A line for each request, as reports that are not for the public list them: kinds, days and counts, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.reports.book import CaseBook
from curtilage.disclosure.reports.counts import row_of
from curtilage.disclosure.reports.kinds import ReportKind

Write = Callable[[Case, ZoneInfo], str]

HEADINGS: Final[Mapping[str, str]] = {
    "case": "Case",
    "received": "Received",
    "department": "Department",
    "channel": "By",
    "asker": "Asked by",
    "instrument": "With",
    "purpose": "For immigration enforcement",
    "asked": "Asked for",
    "answered": "Answered",
    "result": "Result",
    "left": "What left",
    "emergency": "Emergency",
    "told": "Told",
    "citations": "On",
}
"""What stands above each column."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases of which a report tells.

    Attributes:
        received: Received in the span, in order.
        ended: Received before the span and closed in it: an earlier report told of them as open.
        sealed: How many more there are that are counsel's alone.
    """

    received: tuple[Case, ...]
    ended: tuple[Case, ...]
    sealed: int


def choose_cases(book: CaseBook, kind: ReportKind) -> Chosen:
    """Return the cases of which a report tells.

    Args:
        book: The cases at the end of the span.
        kind: The report.
    """
    received = [case for case in book.list_received() if _is_asked(case, kind)]
    ended = [case for case in book.list_closed() if case.received < book.begin and _is_asked(case, kind)]
    return Chosen(
        received=tuple(case for case in received if not case.is_sealed),
        ended=tuple(case for case in ended if not case.is_sealed),
        sealed=sum(1 for case in (*received, *ended) if case.is_sealed),
    )


def _is_asked(case: Case, kind: ReportKind) -> bool:
    """Return whether a report tells of a case; what nobody stated yet is told in doubt."""
    if row_of(case)[1] not in kind.askers and not (case.issuer == "unknown" and kind.askers):
        return False
    if kind.purpose == "immigration" and case.civil_immigration is False:
        return False
    instrument = load_instruments().get(case.instrument)
    return kind.judicial or instrument is None or not instrument.judicial


def write_line(case: Case, columns: tuple[str, ...], zone: str) -> tuple[str, ...]:
    """Return the cells of a case, in the order of ``columns``, which are keys of :data:`HEADINGS`."""
    where = ZoneInfo(zone)
    return tuple(_WRITE[column](case, where) for column in columns)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _instrument(case: Case, _: ZoneInfo) -> str:
    found = load_instruments().get(case.instrument)
    return found.name["en"] if found else "not classified"


def _purpose(case: Case, _: ZoneInfo) -> str:
    return {True: "yes", False: "no", None: "not stated"}[case.civil_immigration]


def _asked(case: Case, _: ZoneInfo) -> str:
    """Return which kinds of information are asked for, as a person stated them."""
    names = {"status": "status", "locator": "locator", "other_personal": "other personal"}
    said = [words for fact, words in names.items() if case.facts.get(fact) == "yes"]
    if said:
        return ", ".join(said)
    return "nothing personal" if all(case.facts.get(fact) == "no" for fact in names) else "not stated"


def _answered(case: Case, zone: ZoneInfo) -> str:
    moments = [*(each.at for each in case.sent), *(each.at for each in case.gone)]
    first = min(moments, default=case.closed)
    return _day(first, zone) if first else "not yet"


def _left(case: Case, _: ZoneInfo) -> str:
    if not case.gone:
        return "nothing"
    rows = sum(each.rows for each in case.gone)
    places = sorted({place for each in case.gone for place, _ in each.fields})
    said = f"{rows:,} record{'' if rows == 1 else 's'}"
    return f"{said} of {', '.join(places)}" if places else said


def _emergency(case: Case, zone: ZoneInfo) -> str:
    stated = case.emergency
    if stated is None:
        return ""
    if stated.is_open:
        return f"{stated.harm}; not reviewed"
    assert stated.reviewed is not None
    late = ", late" if stated.reviewed > stated.review_by else ""
    return f"{stated.harm}; reviewed {_day(stated.reviewed, zone)}{late}: {stated.finding}"


_WRITE: Final[Mapping[str, Write]] = {
    "case": lambda case, _: case.id,
    "received": lambda case, zone: _day(case.received, zone),
    "department": lambda case, _: case.department,
    "channel": lambda case, _: case.channel,
    "asker": lambda case, _: case.issuer.replace("-", " "),
    "instrument": _instrument,
    "purpose": _purpose,
    "asked": _asked,
    "answered": _answered,
    "result": lambda case, _: case.result or "open",
    "left": _left,
    "emergency": _emergency,
    "told": lambda case, _: ", ".join(f"{each.whom} {each.on}" for each in case.notices) or "nobody yet",
    "citations": lambda case, _: "; ".join(case.ruling.citations) if case.ruling else "",
}
