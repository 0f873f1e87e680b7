"""What has happened in a case, as the marks between which clocks run.

Rules of this file:

* A mark has a moment, in UTC, and a calendar day in the city's zone. The day counts for every time in days.
* What was taken back is no mark: a decision whose facts changed, a hold that was lifted.
* A mark says that something happened, and never to whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.state import fold_case
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.ledger.nouns import Entry

NAMES: Final = (
    "received",
    "assigned",
    "classified",
    "served",
    "return_by",
    "decided",
    "confirmed",
    "narrowed",
    "objected",
    "refused",
    "acknowledged",
    "answered",
    "released",
    "held",
    "held_until",
    "lifted",
    "withheld",
    "silent_until",
    "told-subject",
    "told-city",
    "told-vendor",
    "emergency",
    "review_by",
    "reviewed",
    "closed",
)
"""Every mark. ``answered`` is any letter or answer but one that only hands the request on, which is ``acknowledged``;
``silent_until`` is the end of an order that forbids telling."""


FACTS: Final = ("instrument", "family", "judicial", "issuer", "outcome", "gag")
"""Facts that deadlines may ask for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That something happened, or that a day was named.

    Attributes:
        at: The moment, UTC; of a day that a paper names, when the case arrived.
        day: The calendar day, in the city's zone.
    """

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Known:
    """What clocks look at.

    Attributes:
        case: Id of the case; empty in a what-if.
        facts: Those of :data:`FACTS`, as words.
        marks: Every occurrence of each mark, in order.
        zone: The city's IANA zone.
        sealed: Only counsel is to see what it is about.
    """

    case: str
    facts: Mapping[str, str]
    marks: Mapping[str, tuple[Mark, ...]]
    zone: str = "UTC"
    sealed: bool = False

    def last(self, name: str) -> Mark | None:
        """Return the last occurrence of a mark; None where there is none."""
        found = self.marks.get(name, ())
        return found[-1] if found else None


def read_known(entries: Sequence[Entry], zone: str) -> Known:
    """Return what clocks look at, of a case.

    Args:
        entries: The entries of its stream, in order; at least one.
        zone: The city's IANA zone.

    Raises:
        EvidenceError: An entry cannot be read.
    """
    case = fold_case(entries)
    marks: dict[str, list[Mark]] = {}
    for entry in entries:
        for name, day in _happened(ev.read(entry)):
            marks.setdefault(name, []).append(Mark(entry.at, day or to_day(entry.at, zone)))
    found = {name: tuple(each) for name, each in marks.items()} | _standing(case, zone)
    if case.withheld and case.withheld.until:
        found["silent_until"] = (Mark(marks["withheld"][-1].at, case.withheld.until),)
    if case.ruling is None:
        found.pop("decided", None)
    return Known(case.id, find_facts(case), found, zone, case.is_sealed)


def imagine(instrument: str, days: Mapping[str, date], zone: str) -> Known:
    """Return what clocks look at, of a paper that nobody received: it is taken on and classified at once.

    Args:
        instrument: Id of a row of ``instruments.yml``.
        days: Mark to calendar day; ``received`` is one of them.
        zone: An IANA zone.
    """
    received = mark_day(days["received"], zone)
    said = {"assigned": received.day, "classified": received.day, **days}
    marks = {name: (Mark(received.at, day),) for name, day in said.items()}
    return Known("", instrument_facts(instrument), marks, zone)


def find_facts(case: Case) -> dict[str, str]:
    """Return the facts of a case that deadlines ask for, as words."""
    return {
        **instrument_facts(case.instrument),
        "issuer": case.issuer,
        "outcome": case.ruling.outcome if case.ruling is not None else "",
        "gag": "yes" if case.gag else "no",
    }


def instrument_facts(instrument: str) -> dict[str, str]:
    """Return what the kind of a paper says by itself; empty words where it is not known yet."""
    row = load_instruments().get(instrument)
    judicial = "" if row is None else "yes" if row.judicial else "no"
    return {"instrument": instrument, "family": row.family if row else "", "judicial": judicial}


def to_day(moment: datetime, zone: str) -> date:
    """Return the calendar day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def mark_day(day: date, zone: str) -> Mark:
    """Return the mark of a calendar day of which no hour is known: its beginning."""
    return Mark(datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC), day)


def _happened(data: ev.Data) -> tuple[tuple[str, date | None], ...]:
    """Return the marks that an event makes, each with its day where that is not the day of the entry."""
    match data:
        case ev.Objected():
            return ("objected", None), ("answered", None)
        case ev.Refused():
            return ("refused", None), ("answered", None)
        case ev.Answered(answer="routed"):
            return (("acknowledged", None),)
        case ev.Noticed(whom=whom, on=on):
            return ((f"told-{whom}", on),)
        case ev.Reviewed(finding="more"):
            return ()
    name = _PLAIN.get(type(data))
    return ((name, None),) if name else ()


_PLAIN: Final[Mapping[type[ev.Data], str]] = {
    ev.Received: "received",
    ev.Assigned: "assigned",
    ev.Classified: "classified",
    ev.Decided: "decided",
    ev.Confirmed: "confirmed",
    ev.Narrowed: "narrowed",
    ev.Answered: "answered",
    ev.Released: "released",
    ev.HoldLifted: "lifted",
    ev.NoticeWithheld: "withheld",
    ev.ExigentOpened: "emergency",
    ev.Reviewed: "reviewed",
    ev.Closed: "closed",
}


def _standing(case: Case, zone: str) -> dict[str, tuple[Mark, ...]]:
    """Return the marks of what stands now: the paper's days, holds, an order of silence, an emergency."""
    found: dict[str, tuple[Mark, ...]] = {}
    for name, day in (("served", case.served), ("return_by", case.return_by)):
        if day:
            found[name] = (Mark(case.received, day),)
    if case.holds:
        first = min(case.holds, key=lambda hold: hold.at)
        found["held"] = (Mark(first.at, to_day(first.at, zone)),)
        until = [hold for hold in case.holds if hold.until]
        soonest = min(until, key=lambda hold: hold.until or date.max, default=None)
        if soonest and soonest.until:
            found["held_until"] = (Mark(soonest.at, soonest.until),)
    if case.emergency:
        found["review_by"] = (Mark(case.emergency.review_by, to_day(case.emergency.review_by, zone)),)
    return found
