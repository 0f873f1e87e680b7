"""Carry out a plan: that very plan, once, with holds and authorisations asked again for each batch.

What went is told by the ledger, and the certificate at the end is made from that alone. Ended anywhere, by a
lost connection or a killed process, it goes on from there when it is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from curtilage.foundation.clock import Clock
from curtilage.foundation.errors import EvidenceError, SourceError
from curtilage.inventory.nouns import Inventory
from curtilage.ledger.nouns import Actor
from curtilage.ledger.record import LONGEST_LAG
from curtilage.retention.authorise import weigh_start
from curtilage.retention.carrying import Carried, Carrying, Line
from curtilage.retention.certificate import Certificate
from curtilage.retention.certify import issue
from curtilage.retention.events import (
    BatchDone,
    BatchIntended,
    Begun,
    PlanFinished,
    PlanMade,
    PlanStopped,
    to_event,
)
from curtilage.retention.holds import what_stays
from curtilage.retention.nouns import Permission, Plan, PlanItem, Reason
from curtilage.retention.plan_file import PlanChangedError
from curtilage.retention.recorder import TAKEN_OVER, Recorder, StoppedError
from curtilage.retention.run_line import mark_of, run_line
from curtilage.retention.state import read_state

LOCK: Final = "retention"
"""Name of the lock: one plan at a time in a city."""

OWN: Final = frozenset({BatchIntended.KIND, BatchDone.KIND})
"""Kinds that carrying out writes all the time, and on which no permission rests."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the carrying out of a plan ended.

    Attributes:
        plan: Id of the plan.
        lines: How each line ended that was begun, in the order of the plan.
        refusal: Why it could not begin, or could not go on; empty where it came to its end.
        certificate: The certificate; None where the plan is not at its end.
        rows: Records that went, this time and before.
    """

    plan: str
    lines: tuple[Carried, ...]
    refusal: tuple[Reason, ...] = ()
    certificate: Certificate | None = None
    rows: int = 0

    @property
    def finished(self) -> bool:
        """Return whether nothing of the plan is left to do."""
        return not self.refusal and all(line.outcome is not None for line in self.lines)


def carry_out(
    plan: Plan,
    carrying: Carrying,
    *,
    declared: Inventory,
    today: Callable[[], date],
    by: Actor,
) -> Result:
    """Carry a plan out, from wherever it stands.

    Args:
        plan: The very plan that was made and agreed to.
        carrying: Where and how; its permission says whether this plan may be carried out.
        declared: The inventory, for the certificate.
        today: Calendar date in the city's zone.
        by: Who does it.

    Returns:
        How it ended. A refusal is a value with its reasons; nothing was deleted where no line was begun.

    Raises:
        EvidenceError: The ledger, or what a system remembers, cannot be right. Nothing more was deleted.

    Effects:
        Deletes in the city's systems; appends to the plan's stream in the ledger; issues the certificate.
    """
    with carrying.recorder.ledger.only_one(LOCK) as mine:
        if not mine:
            text = "Another process carries out a plan of this city. One at a time deletes."
            return Result(plan.id, (), (Reason("busy", text),))
        if (
            carrying.recorder.has(PlanMade.KIND)
            and read_state(carrying.recorder.ledger, plan.id).plan != plan
        ):
            raise PlanChangedError(plan=plan.id)
        teller = _Teller(plan, carrying, declared, today, by)
        try:
            if carrying.recorder.has(PlanFinished.KIND):
                _forget(teller)  # the process ended just before it
            return _carry_out(teller)
        finally:
            carrying.close()


def ask_permission(
    recorder: Recorder, declared: Inventory, clock: Clock, *, today: Callable[[], date]
) -> Callable[[], Permission]:
    """Return the question whether a plan may be carried out, as it is each time it is asked.

    What it rests on changes with the day, the clock, and what others write to the plan's stream: the rest
    is not weighed again, so that it can be asked inside every transaction.

    Args:
        recorder: Writes to the plan's stream, and reads what others write.
        declared: The whole inventory, loaded now.
        clock: Tells the time.
        today: Calendar date in the city's zone.
    """
    weighed: dict[tuple[int, date], Permission] = {}

    def ask() -> Permission:
        now, others = clock.now(), sum(entry.kind not in OWN for entry in recorder.entries)
        if recorder.entries and now < recorder.entries[-1].at - LONGEST_LAG:
            text = f"The clock stands before {recorder.entries[-1].at:%Y-%m-%d %H:%M} UTC, when the ledger last heard of it."
            return Permission((Reason("clock", text),))
        if (others, today()) not in weighed:
            now = max(now, recorder.entries[-1].at) if recorder.entries else now
            weighed.clear()
            weighed[others, today()] = weigh_start(
                read_state(recorder.ledger, recorder.plan), declared, now=now, today=today()
            )
        return weighed[others, today()]

    return ask


def line_of(item: PlanItem) -> Line:
    """Return what is to go for one line of a plan."""
    target = replace(
        item.target,
        along=tuple(sorted({*item.target.along, *(each.table for each in item.along)})),
        must=item.target.must or tuple((each.table, each.due) for each in item.along if each.due is not None),
    )
    return Line(
        item.id, item.series, target, item.act, item.rows, lambda holds, table: what_stays(item, holds, table)
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """What the end of a plan is told with."""

    plan: Plan
    carrying: Carrying
    declared: Inventory
    today: Callable[[], date]
    by: Actor


def _carry_out(teller: _Teller) -> Result:
    plan, carrying = teller.plan, teller.carrying
    lines: list[Carried] = []
    reasons: Sequence[Reason] = ()
    try:
        carrying.may_go_on()
        carrying.recorder.record(to_event(Begun(plan.id)))
        carrying.progress.start("Deleting", plan.rows, unit="records")
        for item in plan.items:
            lines.append(run_line(carrying, line_of(item)))  # noqa: PERF401 - what went before a stop is told
    except StoppedError as stopped:
        reasons = stopped.reasons
        if not carrying.recorder.has(Begun.KIND):
            return Result(plan.id, (), reasons)
    except EvidenceError as error:
        _stop(teller, error.code)
        raise
    finally:
        carrying.progress.finish()
    return _end(teller, tuple(lines), tuple(reasons))


def _end(teller: _Teller, lines: tuple[Carried, ...], reasons: tuple[Reason, ...]) -> Result:
    plan, recorder = teller.plan, teller.carrying.recorder
    recorder.flush()
    failed = [Reason(line.reason, line.words) for line in lines if line.outcome is None]
    outcomes = [line.outcome for line in lines if line.outcome is not None]
    if reasons or failed:
        _stop(teller, (*reasons, *failed)[0].code)
        return Result(plan.id, lines, (*reasons, *failed), rows=recorder.rows)
    certificate = None
    if outcomes:
        certificate = issue(
            recorder.ledger, plan, outcomes, declared=teller.declared, today=teller.today(), by=teller.by
        )
        recorder.read_again()
    recorder.record(to_event(PlanFinished(plan.id, recorder.rows)))
    _forget(teller)
    return Result(plan.id, lines, (), certificate, recorder.rows)


def _stop(teller: _Teller, reason: str) -> None:
    """Record that it ended before its end, unless somebody else goes on with it."""
    recorder = teller.carrying.recorder
    recorder.flush()
    if reason != TAKEN_OVER:
        recorder.record(to_event(PlanStopped(teller.plan.id, reason, recorder.rows, final=False)))


def _forget(teller: _Teller) -> None:
    """Remove the marks of a plan that is over from its systems; one that does not answer keeps them, which harms nobody."""
    for system in sorted({item.target.system for item in teller.plan.items}):
        marks = [
            mark_of(teller.plan.id, item.id) for item in teller.plan.items if item.target.system == system
        ]
        with suppress(SourceError):
            teller.carrying.disposer(system).forget(marks)
