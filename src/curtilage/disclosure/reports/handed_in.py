"""That a report was handed in: recorded by an officer, of which file, to whom and when; and which are still to be.

Rules of this file:

* Nothing is recorded of a file but its hash and its size: whoever holds it can show later that it is the one.
* Somebody says that it was handed in, and answers for it by name. The program sends nothing.
* A report may be handed in again, corrected. Both stand; the first says whether it was in time.
* A report is due for each span since the city's first request or its first active rules, and for none before.
* Whether there was something to tell is read off the cases as they stand today: what turned out to be another
  kind of request makes no report late.

Source:
    ors-181a-826, nyc-10-178, nyc-23-1201, crs-24-74-106, what is to be reported; see ``kinds.yml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.roles import HANDS_IN, roles_of, say_roles
from curtilage.disclosure.proof.activate import STREAM as ACTIVATIONS
from curtilage.disclosure.reports.book import CaseBook
from curtilage.disclosure.reports.kinds import ReportKind, load_kinds
from curtilage.disclosure.reports.lines import choose_cases
from curtilage.disclosure.reports.spans import MONTHS, Span, find_span, parse_span
from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Officer
from curtilage.ledger.kinds import read_data, write_data
from curtilage.ledger.nouns import Actor, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.nouns import Permission, Reason

STREAM: Final = "disclosure/reports"
"""The stream of all of them."""

LONGEST: Final = 120
"""Characters of the name of an office; chosen."""

NOT_HANDED_IN: Final = Rule(
    code="disclosure.report-not-handed-in",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="A report that a statute asks for is not recorded as handed in",
    why="What is not reported is not overseen, and the statute that asks for it is broken quietly.",
    remedy="Counsel reads and sends it; then record it: curtilage disclosure hand-in.",
    source="ors-181a-826, nyc-10-178, nyc-23-1201, crs-24-74-106",
)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A report was handed in.

    Attributes:
        report: Id of its kind.
        span: Of which span it tells, as it is typed: ``2026-05``.
        on: Calendar date in the city's zone.
        to: The office that got it; nobody's name.
        sha256: Of the file's bytes, 64 hex digits.
        size_bytes: Of the file.
        form: The form in which the program prints these very bytes; empty where it prints others.
    """

    KIND: ClassVar[str] = "disclosure.report-handed-in"
    VERSION: ClassVar[int] = 1
    report: str
    span: str
    on: date
    to: str
    sha256: str
    size_bytes: int
    form: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the ledger tells of a report that was handed in.

    Attributes:
        data: What was handed in.
        by: Id of the officer who recorded it.
        at: UTC, when it was recorded.
    """

    data: HandedIn
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A report that a statute asks for.

    Attributes:
        kind: Which report.
        span: Of which span.
        by: The last day on which it is in time, calendar date in the city's zone.
        handed: The first time that it was handed in; None where it was not.
    """

    kind: ReportKind
    span: Span
    by: date
    handed: Delivery | None

    def is_late(self, today: date) -> bool:
        """Return whether it should have been handed in by now, and was not."""
        return self.handed is None and self.by < today


class UnreadableDeliveryError(EvidenceError):
    """The ledger tells of a report that was handed in, in a way that cannot be read here."""

    code = "disclosure.unreadable-delivery"

    def __init__(self, *, position: int) -> None:
        self.position = position
        super().__init__(
            f"Entry {position} of the ledger tells of a report that was handed in, in a way that is not known here. "
            "Nothing was recorded. Verify the ledger, and use the version that wrote it."
        )


def weigh_handing_in(data: HandedIn, by: Officer, *, today: date) -> Permission:
    """Return whether somebody may record this, with every reason against it.

    Args:
        data: What would be recorded; its kind of report and its span are known.
        by: Who records it.
        today: Calendar date in the city's zone.
    """
    return Permission(tuple(_weigh(data, by, today)))


def _weigh(data: HandedIn, by: Officer, today: date) -> Iterator[Reason]:
    kind, span = load_kinds()[data.report], parse_span(data.span)
    if not roles_of(by) & HANDS_IN:
        yield Reason("role", f"This is recorded by {say_roles(HANDS_IN)}.")
    if MONTHS[span.kind] != MONTHS[kind.span]:
        yield Reason("span", f"{kind.id} tells of a {kind.span.replace('two-years', 'span of two years')}.")
    if data.on > today:
        yield Reason("not-yet", "It was not handed in yet on that day. Record it once it was.")
    if data.on <= span.last:
        yield Reason("not-over", f"{span} was not over on that day, and a draft is not handed in.")
    if not data.size_bytes:
        yield Reason("empty", "The file is empty. Name the one that was handed in.")
    if not data.to.strip() or len(data.to) > LONGEST or not data.to.isprintable():
        yield Reason("to", f"Name the office that got it, in at most {LONGEST} characters.")


def record_handing_in(data: HandedIn, ledger: Ledger, *, by: Officer) -> Entry | None:
    """Record that a report was handed in; nothing where that very thing stands there already.

    Args:
        data: As it was weighed.
        ledger: The city's.
        by: Who records it.

    Returns:
        The entry; None where it stood there.

    Raises:
        StreamMovedError: Somebody recorded one at the same time. Nothing was recorded.
        UnreadableDeliveryError: An earlier one cannot be read.
        SourceError: The store did not answer.

    Effects:
        Appends ``disclosure.report-handed-in`` to the ledger.
    """
    before = list_handed_in(ledger)
    if any(each.data == data for each in before):
        return None
    (entry,) = ledger.append(STREAM, len(before), [write_data(data)], by=Actor(by.id, by.role))
    return entry


def list_handed_in(ledger: Ledger) -> tuple[Delivery, ...]:
    """Return every report that was handed in, in the order in which they were recorded; may be empty.

    Raises:
        UnreadableDeliveryError: One cannot be read.
    """
    return tuple(Delivery(_read(entry), entry.actor.id, entry.at) for entry in ledger.read(STREAM))


def _read(entry: Entry) -> HandedIn:
    data = read_data(entry, {HandedIn.KIND: HandedIn})
    if data is None:
        raise UnreadableDeliveryError(position=entry.position)
    return data


def list_due(
    ledger: Ledger, cases: Sequence[Case], *, packs: Collection[str], zone: str, today: date
) -> tuple[Due, ...]:
    """Return every report that a statute asks for, since the city's first request or active rules.

    Args:
        ledger: The city's.
        cases: Every case, in the order in which they were received.
        packs: Ids of the packs that bind the city.
        zone: IANA zone of the city.
        today: Calendar date there.

    Returns:
        By kind, in the order of ``kinds.yml``, the oldest span first; of spans that are over. May be empty.

    Raises:
        UnreadableDeliveryError: A report that was handed in cannot be read.
    """
    starts = [*(entry.at for entry in ledger.read(ACTIVATIONS)[:1]), *(case.received for case in cases[:1])]
    if not starts:
        return ()
    handed: dict[tuple[str, str], Delivery] = {}
    for each in list_handed_in(ledger):
        handed.setdefault((each.data.report, each.data.span), each)
    return tuple(
        Due(kind, span, kind.hand_in.find_day(span.last), handed.get((kind.id, str(span))))
        for kind in load_kinds().values()
        if kind.hand_in and kind.pack in packs
        for span in _list_over(kind.span, min(starts), zone, today)
        if not kind.hand_in.any or _has_any(kind, span, cases, zone) or (kind.id, str(span)) in handed
    )


def _list_over(kind: str, start: datetime, zone: str, today: date) -> Iterator[Span]:
    """Give the spans of a kind that are over, from the one in which a moment lies."""
    from zoneinfo import ZoneInfo

    span = find_span(kind, start.astimezone(ZoneInfo(zone)).date())
    while span.last < today:
        yield span
        span = find_span(kind, span.last + timedelta(days=1))


def _has_any(kind: ReportKind, span: Span, cases: Sequence[Case], zone: str) -> bool:
    begin, end = span.bounds(zone)
    chosen = choose_cases(CaseBook(span, zone, begin, end, tuple(cases), 0, ""), kind)
    return bool(chosen.received or chosen.ended)


def find_late(due: Sequence[Due], today: date) -> Iterator[Finding]:
    """Give a finding for each kind of report of which some were not handed in by their day.

    Args:
        due: As :func:`list_due` returns them.
        today: Calendar date in the city's zone.
    """
    late: dict[str, list[Due]] = {}
    for each in due:
        if each.is_late(today):
            late.setdefault(each.kind.id, []).append(each)
    for name, missing in late.items():
        spans = ", ".join(str(each.span) for each in missing)
        first = "the first " if len(missing) > 1 else ""
        message = f"{missing[0].kind.title}, {spans}: {first}to be handed in by {missing[0].by}. {missing[0].kind.cite}."
        spot = Spot("ledger", 0, STREAM)
        yield Finding(NOT_HANDED_IN, spot, f"report {name}", message, state=spans)
