"""Findings about times that have passed or soon will, and about what nobody preserved: read from the ledger.

Rules of this file:

* A finding names a case by its id, a time by its row, and whose it is. Of a case that is counsel's alone it says
  only that.
* A time that law or a paper names is graver than one that the city set itself.
* What is soon due is a finding of low severity; it is gone when it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.state import list_cases
from curtilage.disclosure.preserve import list_unpreserved
from curtilage.disclosure.times.business_days import Calendars
from curtilage.disclosure.times.clocks import Clock, Present, State, list_clocks
from curtilage.disclosure.times.deadlines import Deadline
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.ledger.ports import Ledger
from curtilage.retention.holds import read_holds

_ARTICLE: Final = "sunlight-2017, limit the discretion of individual employees"

PASSED: Final = Rule(
    code="disclosure.time-passed",
    safeguard=8,
    severity=Severity.HIGH,
    title="A time that a paper or a law sets has passed",
    why="Silence after a return date can cost the city its objections, and look like contempt.",
    remedy="Counsel answers in writing today, and records it.",
    source="curtilage-deadlines, return dates and statutes",
)
REVIEW: Final = Rule(
    code="disclosure.review-overdue",
    safeguard=8,
    severity=Severity.HIGH,
    title="A release in an emergency was not reviewed in time",
    why="The emergency path is the shortest way out of the city; only the review afterwards keeps it honest.",
    remedy="The oversight body or counsel reviews it, and records what was found.",
    source="curtilage-disclosure-table, emergencies",
)
NOT_TOLD: Final = Rule(
    code="disclosure.subject-not-told",
    safeguard=8,
    severity=Severity.HIGH,
    title="A person was not told of what left about them",
    why="Who is not told cannot ask a court, or a lawyer, while it still helps.",
    remedy="Tell the person and record it, or record the order that forbids it.",
    source="ilcs-625-5-6-110-3, notice within three business days",
)
NO_DATE: Final = Rule(
    code="disclosure.return-date-missing",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="Nobody knows by which day a subpoena wants its answer",
    why="A time runs all the same, and nobody sees it end.",
    remedy="Counsel asks the issuer, and the case is classified anew with the date.",
    source="curtilage-deadlines, subpoenas without a day",
)
OWN: Final = Rule(
    code="disclosure.own-time-passed",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="A request waits longer than the city lets it",
    why="What lies about is answered by whoever is asked next, and that is what the procedure is against.",
    remedy="Do what it waits for: curtilage disclosure cases lists that.",
    source=_ARTICLE,
)
SOON: Final = Rule(
    code="disclosure.time-soon",
    safeguard=8,
    severity=Severity.LOW,
    title="A time in a request ends soon",
    why="A letter needs to be written, read and signed before its day.",
    remedy="Whose it is acts by the day that is named.",
    source="curtilage-deadlines, days to act",
)
UNPRESERVED: Final = Rule(
    code="disclosure.not-preserved",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="What an open request asks for may be destroyed on schedule",
    why="Destroying it while a court may order it can be held against the city.",
    remedy="Place a hold for the case: curtilage disclosure preserve shows first what it would keep.",
    source="wa-core, litigation and requests",
)
RULES: Final = (PASSED, REVIEW, NOT_TOLD, NO_DATE, OWN, SOON, UNPRESERVED)

_BY_CLOCK: Final = {
    "review-within-24-hours": REVIEW,
    "return-date-is-missing": NO_DATE,
    "subject-notice": NOT_TOLD,
    "il-subject-notice": NOT_TOLD,
    "ny-subject-notice": NOT_TOLD,
    "silence-ends": NOT_TOLD,
}
"""Rows whose passing is a finding of its own."""


def find(clocks: Iterable[Clock], cases: Iterable[Case], standing: Collection[str]) -> Iterator[Finding]:
    """Give the findings about the times of cases, and about what nobody preserved.

    Args:
        clocks: Of every case.
        cases: Every case.
        standing: Ids of the holds that stand.
    """
    for clock in clocks:
        rule = _find_rule(clock)
        if rule is not None:
            yield _on(rule, clock)
    for case in list_unpreserved(cases, standing):
        spot = Spot("ledger", 0, f"disclosure/case-{case.id}")
        yield Finding(UNPRESERVED, spot, f"case {case.id} hold", f"No hold stands for case {case.id}.")


def find_recorded(
    ledger: Ledger,
    calendars: Calendars,
    *,
    packs: Collection[str],
    zone: str,
    present: Present,
    deadlines: Sequence[Deadline] | None = None,
) -> Iterator[Finding]:
    """Give the findings about the times of every case in a city's ledger; none where nobody ever asked.

    Args:
        ledger: The city's.
        calendars: The city's.
        packs: Ids of the packs that bind it.
        zone: Its IANA zone.
        present: The moment and the day.
        deadlines: From ``clocks.read_deadlines``; None is those that ship.

    Raises:
        EvidenceError: A case, or a hold, cannot be read.
    """
    cases = list_cases(ledger)
    if cases:
        clocks = list_clocks(ledger, calendars, packs=packs, zone=zone, present=present, deadlines=deadlines)
        yield from find(clocks, cases, {hold.id for hold in read_holds(ledger).list_standing()})


def _find_rule(clock: Clock) -> Rule | None:
    if clock.state is State.OVERDUE:
        usual = OWN if clock.deadline.sure == "chosen" else PASSED
        return _BY_CLOCK.get(clock.id, usual)
    return SOON if clock.state is State.SOON else None


def _on(rule: Rule, clock: Clock) -> Finding:
    what = "A time of a case that is counsel's alone" if clock.sealed else clock.says()
    cite = "" if clock.sealed else f" ({clock.deadline.cite})"
    when = "ended" if clock.state is State.OVERDUE else "ends"
    message = f"Case {clock.case}: {what}. It {when} on {clock.due}, and is for {clock.deadline.who}.{cite}"
    spot = Spot("ledger", 0, f"disclosure/case-{clock.case}")
    return Finding(rule, spot, f"case {clock.case} {clock.id}", message, state=str(clock.due))
