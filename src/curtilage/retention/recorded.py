"""Findings about what the ledger tells: records kept beyond their time or gone too early, holds that nobody looks at.

Counts are those of the newest plan, which asked the systems themselves, less what went since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Inventory
from curtilage.ledger.ports import Ledger
from curtilage.retention.due import weigh_all
from curtilage.retention.events import HOLD_KINDS
from curtilage.retention.holds import Holds, evolve
from curtilage.retention.nouns import Due, PlanItem, PlanState
from curtilage.retention.state import list_states
from curtilage.retention.worker import find_in_nights

_ARTICLE: Final = "sunlight-2017, minimize retention"

KEPT: Final = Rule(
    code="retention.kept-beyond-limit",
    safeguard=3,
    severity=Severity.HIGH,
    title="Records are kept beyond the city's own limit",
    why="What should be gone can still be demanded, leaked or lost. It counts as much as what went too early.",
    remedy="Have the plan agreed to and carried out, or place the hold that keeps the records.",
    source=_ARTICLE,
)
EARLY: Final = Rule(
    code="retention.destroyed-early",
    safeguard=3,
    severity=Severity.HIGH,
    title="Records went before their time",
    why="Destroying a record before its legal minimum is an offence in several states, and takes it from whoever needs it.",
    remedy="Tell the records officer and counsel; find out who changed the clause, or deleted without a plan.",
    source="tx-local-retention, minimum periods",
)
VANISHED: Final = Rule(
    code="retention.gone-without-a-plan",
    safeguard=3,
    severity=Severity.HIGH,
    title="Records went without a plan",
    why="What nobody planned nobody weighed: a hold may have stood, and no certificate says what became of it.",
    remedy="Find out who deleted there, and have it done by plans; tell the records officer.",
    source="wa-core, destruction by schedule",
)
UNDATED: Final = Rule(
    code="retention.no-trigger-date",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Records have no day from which their time runs",
    why="A record without a first day is never due: it stays for ever.",
    remedy="Have the department fill in the day, or have a person decide on these records.",
    source=_ARTICLE,
)
UNREVIEWED: Final = Rule(
    code="retention.hold-not-reviewed",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Nobody has looked at a hold by its day of review",
    why="A hold that nobody looks at keeps records for ever, whatever became of the matter.",
    remedy="Ask counsel whether the matter goes on: curtilage retention review, or release.",
    source="wa-core, litigation and requests",
)
RULES: Final = (KEPT, EARLY, VANISHED, UNDATED, UNREVIEWED)


def find(declared: Inventory, ledger: Ledger, *, now: datetime, today: date) -> Iterator[Finding]:
    """Give the findings about plans, what went, and holds; reads the ledger and no system.

    Args:
        declared: The whole inventory.
        ledger: The city's ledger.
        now: UTC.
        today: Calendar date in the city's zone.

    Raises:
        EvidenceError: An entry cannot be read.
    """
    states = list_states(ledger)
    spots = {series.id: series.spot for series in declared.series}
    yield from _find_kept(states, spots)
    yield from _find_undated(states, spots)
    yield from _find_early(declared, states, spots)
    yield from _find_vanished(states, spots)
    yield from _find_unreviewed(ledger, today)
    yield from find_in_nights(ledger, now)


Spots = Mapping[str, Spot]


def _newest(states: Sequence[PlanState]) -> Mapping[str, tuple[PlanState, PlanItem]]:
    """Return the newest plan that speaks of each line, with the line."""
    return {item.id: (state, item) for state in states for item in state.plan.items}


def _find_kept(states: Sequence[PlanState], spots: Spots) -> Iterator[Finding]:
    for state, item in _newest(states).values():
        kept = item.overdue - item.held_rows - state.batches.get(item.id, 0)
        if kept > 0 and item.series in spots:
            since = f", the oldest from {item.oldest}" if item.oldest else ""
            message = (
                f"{item.id.partition('@')[2]} holds {kept:,} records of {item.series} that no hold keeps and whose "
                f"limit has passed{since} (plan {state.plan.id[:12]} of {state.plan.day})."
            )
            yield Finding(KEPT, spots[item.series], f"kept {item.id}", message, state=_magnitude(kept))


def _magnitude(count: int) -> str:
    """Return how many digits a count has, so that a dismissed finding opens again when it grows tenfold."""
    return str(len(str(count)))


def _find_undated(states: Sequence[PlanState], spots: Spots) -> Iterator[Finding]:
    """Take the newest plan of each series: it asked every place of it."""
    newest: dict[str, PlanState] = {}
    for state in states:
        asked = {item.series for item in state.plan.items} | {each.series for each in state.plan.undecided}
        newest |= dict.fromkeys(asked, state)
    for series, state in newest.items():
        for each in state.plan.undecided:
            if each.series == series and each.code == "no-day" and each.rows and series in spots:
                where = f"(plan {state.plan.id[:12]} of {state.plan.day})"
                message = f"{each.reason.rstrip('.')} {where}."
                yield Finding(
                    UNDATED,
                    spots[series],
                    f"undated {series} {each.place}",
                    message,
                    state=_magnitude(each.rows),
                )


def _find_early(declared: Inventory, states: Sequence[PlanState], spots: Spots) -> Iterator[Finding]:
    """Hold what went against what is declared now: a clause that was too short then may have been put right."""
    for state in states:
        gone = [item for item in state.plan.items if state.batches.get(item.id)]
        if not gone:
            continue
        then = {due.holding.id: due for due in weigh_all(declared, state.plan.day)[0]}
        for item in gone:
            due = then.get(f"{item.series}.{item.id.partition('@')[2].partition('#')[0]}")
            if (
                due is not None
                and item.newest is not None
                and item.series in spots
                and _is_early(due, item.newest)
            ):
                message = (
                    f"Plan {state.plan.id[:12]} of {state.plan.day} took records of {item.series} up to {item.newest}; "
                    "by the clause of today their time was not over."
                )
                yield Finding(EARLY, spots[item.series], f"early {item.id} {state.plan.id[:12]}", message)


def _is_early(due: Due, newest: date) -> bool:
    """Return whether a day of the event was surely too late, where one column alone decides."""
    from curtilage.connectors.disposal.conditions import columns_of

    if set(columns_of(due.later)) - set(columns_of(due.mine) if due.mine else ()) != {due.trigger}:
        return False
    return any(end <= newest for end in _ends(due.later, due.trigger))


def _ends(condition: object, column: str) -> Iterator[date]:
    """Give the first day of the event that is not due, from the condition of what is not."""
    from curtilage.connectors.disposal.conditions import All, Any, Compare

    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _ends(part, column)
        case Compare(name, ">=", date() as day) if name == column:
            yield day


def _find_vanished(states: Sequence[PlanState], spots: Spots) -> Iterator[Finding]:
    """Compare two plans of one place in turn: what is less there, and did not go by a plan, went some other way."""
    before: dict[str, tuple[PlanState, PlanItem]] = {}
    for state in states:
        for item in state.plan.items:
            if item.id in before and item.present and item.series in spots:
                earlier, was = before[item.id]
                went = sum(
                    each.batches.get(item.id, 0)
                    for each in states
                    if each.plan.made < state.plan.made and each.last >= earlier.plan.made
                )
                lost = was.present - went - item.present
                if lost > 0 and was.basis == item.basis:
                    message = (
                        f"{item.id.partition('@')[2]} holds at least {lost:,} records fewer of {item.series} on "
                        f"{state.plan.day} than plans account for since {earlier.plan.day}."
                    )
                    yield Finding(
                        VANISHED, spots[item.series], f"vanished {item.id} {state.plan.id[:12]}", message
                    )
            before[item.id] = (state, item)


def _find_unreviewed(ledger: Ledger, today: date) -> Iterator[Finding]:
    holds = Holds()
    for entry in ledger.read_all(kinds=HOLD_KINDS):
        holds = evolve(holds, entry, lambda _: None)  # whom it is about is nobody's business here
    for hold in holds.list_standing():
        if hold.review < today:
            message = f"Hold {hold.id} ({hold.matter}, {hold.ground}) was to be looked at by {hold.review}."
            yield Finding(
                UNREVIEWED,
                Spot("ledger", 0, f"hold {hold.id}"),
                f"hold {hold.id}",
                message,
                state=str(hold.review),
            )
