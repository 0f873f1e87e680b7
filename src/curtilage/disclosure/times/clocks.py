"""The clocks of a case: what has to be done by when, by whom, and on what that rests.

Rules of this file:

* A clock runs from a mark of the case to a mark of the case. Holding a case stops no clock: law runs on.
* A time is told early rather than late; see :mod:`curtilage.disclosure.times.business_days`.
* By which day to act is the last day up to the end on which somebody is at the city.
* A day that the paper should name and does not is a clock of its own, never silence.

Source:
    curtilage-deadlines; frcp-6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.times.business_days import Calendar, Calendars
from curtilage.disclosure.times.deadlines import Deadline, load_deadlines
from curtilage.disclosure.times.marks import Known, Mark, read_known, to_day
from curtilage.foundation.canonical import JSON
from curtilage.foundation.clock import Clock as TimeTeller
from curtilage.ledger.nouns import Entry
from curtilage.ledger.ports import Ledger

SOON_DAYS: Final = 3
"""Business days ahead of which a clock is shown as soon due. Chosen: time for a letter to be read and signed."""


class State(StrEnum):
    """How a clock stands, the most urgent first."""

    OVERDUE = "overdue"
    SOON = "soon"
    RUNNING = "running"
    LATE = "late"
    """It was done, after its time."""
    MET = "met"
    """It was done in time."""

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left to do."""
        return self in {State.MET, State.LATE}


@dataclass(frozen=True, slots=True)
class Clock:
    """One time that runs, or ran.

    Attributes:
        deadline: Its row.
        case: Id of the case; empty in a what-if.
        due: Last calendar day, in the city's zone.
        moment: Last moment, UTC, of a time in hours; None of a time in days.
        act_by: Last day up to ``due`` on which the city's offices are open.
        state: How it stands.
        done: Day on which it was done; None while it was not.
        sealed: Only counsel is to see what it is about.
    """

    deadline: Deadline
    case: str
    due: date
    moment: datetime | None
    act_by: date
    state: State
    done: date | None
    sealed: bool

    @property
    def id(self) -> str:
        """Return the id of its row."""
        return self.deadline.id

    def says(self, lang: str = "en") -> str:
        """Return what has to be done, in a language; in English where it is not written in that one."""
        return self.deadline.says.get(lang, self.deadline.says["en"])

    def to_json(self) -> dict[str, JSON]:
        """Return it as reports write it."""
        return {
            "case": self.case,
            "clock": self.id,
            "state": str(self.state),
            "due": self.due.isoformat(),
            "due_at": self.moment.isoformat() if self.moment else None,
            "act_by": self.act_by.isoformat(),
            "done": self.done.isoformat() if self.done else None,
            "who": self.deadline.who,
            "says": self.says(),
            "cite": self.deadline.cite,
            "sure": self.deadline.sure,
        }


@dataclass(frozen=True, slots=True)
class Present:
    """The present: the moment, UTC, and the calendar date in the city's zone."""

    now: datetime
    today: date

    @classmethod
    def of(cls, clock: TimeTeller, zone: str) -> Present:
        """Return what a clock says in a zone."""
        return cls(clock.now(), clock.today(zone))


def run_clocks(
    known: Known,
    calendars: Calendars,
    *,
    packs: Collection[str],
    present: Present,
    deadlines: Sequence[Deadline] | None = None,
) -> tuple[Clock, ...]:
    """Return the clocks of a case, what is most urgent first.

    Args:
        known: What has happened in it.
        calendars: The city's.
        packs: Ids of the packs that bind the city.
        present: The moment and the day.
        deadlines: From :func:`~curtilage.disclosure.times.deadlines.read_deadlines`; None is those that ship.
    """
    rows = [
        row
        for row in (load_deadlines() if deadlines is None else deadlines)
        if row.applies(known, packs) and find_start(row, known)
    ]
    replaced = {row.replaces for row in rows}
    clocks = (_run(row, known, calendars, present) for row in rows if row.id not in replaced)
    return tuple(sorted(clocks, key=_urgency))


def list_clocks(
    ledger: Ledger,
    calendars: Calendars,
    *,
    packs: Collection[str],
    zone: str,
    present: Present,
    deadlines: Sequence[Deadline] | None = None,
) -> tuple[Clock, ...]:
    """Return the clocks of every case, what is most urgent first; may be empty.

    Args:
        ledger: The city's.
        calendars: The city's.
        packs: Ids of the packs that bind it.
        zone: Its IANA zone.
        present: The moment and the day.
        deadlines: From :func:`~curtilage.disclosure.times.deadlines.read_deadlines`; None is those that ship.

    Raises:
        EvidenceError: A case cannot be read.
    """
    found = [
        clock
        for entries in _list_streams(ledger)
        for clock in run_clocks(
            read_known(entries, zone), calendars, packs=packs, present=present, deadlines=deadlines
        )
    ]
    return tuple(sorted(found, key=_urgency))


def _list_streams(ledger: Ledger) -> Iterable[Sequence[Entry]]:
    streams: dict[str, list[Entry]] = {}
    for entry in ledger.read_all(kinds=tuple(ev.KINDS)):
        streams.setdefault(entry.stream, []).append(entry)
    return streams.values()


_RANK: Final = {state: rank for rank, state in enumerate(State)}


def _urgency(clock: Clock) -> tuple[int, date, str, str]:
    return _RANK[clock.state], clock.due, clock.case, clock.id


def find_start(row: Deadline, known: Known) -> Mark | None:
    """Return from when a deadline runs; None where it does not run yet."""
    return next((mark for mark in map(known.last, row.start) if mark), None)


def _run(row: Deadline, known: Known, calendars: Calendars, present: Present) -> Clock:
    start = find_start(row, known)
    assert start is not None
    due, moment = find_end(row, start, known, calendars)
    done = min(_list_done(row, start, known), key=lambda mark: mark.at, default=None)
    # Not before it began: a paper that comes on a Saturday can be acted on then at the soonest.
    act_by = max(calendars.city.on_or_before(due), min(to_day(start.at, known.zone), due))
    return Clock(
        deadline=row,
        case=known.case,
        due=due,
        moment=moment,
        act_by=act_by,
        state=_weigh_done(done, due, moment)
        if done
        else _weigh_open(act_by, due, moment, calendars.city, present),
        done=done.day if done else None,
        sealed=known.sealed,
    )


def find_end(row: Deadline, start: Mark, known: Known, calendars: Calendars) -> tuple[date, datetime | None]:
    """Return the last day of a deadline, and its last moment where it is counted in hours.

    A time that goes beyond the calendar ends on the calendar's last day.
    """
    [(unit, count)] = row.within.items()
    if unit == "hours":
        return _find_hour(row, known, start.at + timedelta(hours=count))
    counted: Calendar = getattr(calendars, row.counts)
    try:
        due = counted.add(start.day, count) if unit == "business_days" else start.day + timedelta(days=count)
        due = counted.on_or_after(due) if row.moves else due
    except OverflowError:
        due = date.max
    if row.cap and (cap := known.last(row.cap.mark)):
        due = min(due, cap.day + timedelta(days=row.cap.days))
    return due, None


def _find_hour(row: Deadline, known: Known, moment: datetime) -> tuple[date, datetime]:
    if row.cap and (cap := known.last(row.cap.mark)):
        moment = min(moment, cap.at + timedelta(days=row.cap.days))
    return to_day(moment, known.zone), moment


def _list_done(row: Deadline, start: Mark, known: Known) -> Iterator[Mark]:
    """Give the marks that end it: those after its start."""
    for name in row.until:
        yield from (mark for mark in known.marks.get(name, ()) if mark.at >= start.at)


def _weigh_done(done: Mark, due: date, moment: datetime | None) -> State:
    in_time = done.at <= moment if moment else done.day <= due
    return State.MET if in_time else State.LATE


def _weigh_open(act_by: date, due: date, moment: datetime | None, city: Calendar, present: Present) -> State:
    if (present.now > moment) if moment else (present.today > due):
        return State.OVERDUE
    is_soon = moment is not None or present.today >= city.subtract(act_by, SOON_DAYS)
    return State.SOON if is_soon else State.RUNNING
