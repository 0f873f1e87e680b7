"""``curtilage retention carry-out``: the one command that deletes, and how the other doors come to do the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option, find_plan_id, open_desk, write_lines

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.connectors.disposal.ports import Disposer
    from curtilage.foundation.progress import Progress
    from curtilage.ledger.nouns import Actor
    from curtilage.retention.carry_out import Result
    from curtilage.retention.carrying import Pace
    from curtilage.retention.nouns import Plan, Reason

_REFUSED = 3
_NOT_FINISHED = 1
_NAMED = len("certificate-") + 8  # so much of its id that no other certificate begins so


@click.command(
    "carry-out",
    short_help="Carry out a plan that all agreed to.",
    epilog=render.examples(
        "curtilage retention carry-out plan.json --as records",
        "curtilage retention carry-out 3f9c02d1b7aa --as records --pace 2000 --until 06:00",
    ),
)
@click.argument("plan_id", metavar="PLAN")
@city_option
@as_option
@click.option(
    "--pace", type=click.IntRange(min=0), default=0, help="Rows a second at most; 0 is as fast as it goes."
)
@click.option(
    "--lock-seconds", type=click.FloatRange(0.05, 60), default=0.5, show_default=True,
    help="How long others may have to wait for a lock.",
)  # fmt: skip
@click.option(
    "--until", metavar="TIME", help="Stop at this time in the city's zone, as HH:MM; run it again to go on."
)
@render.format_option("table", "json")
@render.quiet_option
def carry_out(
    *,
    plan_id: str,
    city: Path | None,
    who: str,
    pace: int,
    lock_seconds: float,
    until: str | None,
    form: str,
    quiet: bool,
) -> int:
    """Carry out that very plan: PLAN is its file, its id, or how that begins.

    Holds, consents and declarations are looked at again inside each transaction, just before it is committed.
    What was cut off goes on from there when it is run again; nothing is done twice. At the end each place is
    asked again, and a certificate is issued. Exit status 3 where it is refused, 1 where it did not come to its end.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.retention.carrying import Pace

    with open_desk(city) as desk:
        end = read_until(until, desk.clock.now(), desk.settings.city.zone) if until else None
        _, actor = desk.officer(who)
        plan = find_recorded(desk, plan_id)
        result = carry_out_at(
            desk,
            plan,
            actor,
            Pace(rows_per_second=pace, lock_seconds=lock_seconds),
            until=end,
            progress=show_progress(quiet=quiet),
        )
    if form == "json":
        render.write_json(to_json(result))
    else:
        _write(result)
    render.note("\n".join(_said_of(result)), quiet=quiet)
    return exit_status(result)


def carry_out_at(
    desk: Desk,
    plan: Plan,
    actor: Actor,
    pace: Pace,
    *,
    until: datetime | None = None,
    progress: Progress | None = None,
    opener: Callable[[str], Disposer] | None = None,
) -> Result:
    """Carry a recorded plan out at a city's desk.

    Args:
        desk: The city's ledger, inventory, settings and clock.
        plan: The plan.
        actor: Who does it.
        pace: How gently.
        until: When to stop, UTC; None is never.
        progress: Told of rows that went; None shows nothing.
        opener: Opens a system by its id; None opens those of the settings.

    Effects:
        Deletes in the city's systems; appends to the ledger.
    """
    from curtilage.foundation.progress import Quiet
    from curtilage.retention.carry_out import ask_permission, carry_out
    from curtilage.retention.carrying import Carrying
    from curtilage.retention.recorder import Recorder

    recorder = Recorder(desk.keeping.ledger, plan.id, actor)

    with desk.disposers() as systems:
        carrying = Carrying(
            recorder,
            desk.clock,
            opener or systems.open_anew,
            ask_permission(recorder, desk.declared, desk.clock, today=lambda: desk.today),
            pace,
            until=until,
            progress=progress or Quiet(),
            zone=desk.declared.city.zone,
        )
        return carry_out(plan, carrying, declared=desk.declared, today=lambda: desk.today, by=actor)


def find_recorded(desk: Desk, given: str) -> Plan:
    """Return the plan that the ledger holds under what was typed; a file must be that plan to the last byte.

    Raises:
        UnknownPlanError: The ledger knows none, or several.
        PlanChangedError: The file, or what the ledger holds, was changed.
        PlanNotReadableError: The file is no plan.
    """
    from curtilage.retention.plan_file import PlanChangedError, read_plan
    from curtilage.retention.state import read_state

    plan = read_state(desk.keeping.ledger, find_plan_id(desk, given)).plan
    if Path(given).is_file() and read_plan(Path(given).read_bytes()) != plan:
        raise PlanChangedError(plan=plan.id)
    return plan


def read_until(said: str, now: datetime, zone: str) -> datetime:
    """Return the next moment, UTC, at which a clock in ``zone`` shows a time of day.

    Raises:
        UsageError: It is no time of day.

    >>> read_until("06:00", datetime(2017, 2, 22, 12, tzinfo=UTC), "America/Chicago").isoformat()
    '2017-02-23T12:00:00+00:00'
    """
    try:
        wanted = time.fromisoformat(said)
    except ValueError:
        raise click.UsageError("--until is a time of day such as 06:00. Nothing was deleted.") from None
    here = now.astimezone(ZoneInfo(zone))
    end = datetime.combine(here.date(), wanted.replace(tzinfo=None), ZoneInfo(zone))
    if end <= here:
        end = datetime.combine(here.date() + timedelta(days=1), wanted.replace(tzinfo=None), ZoneInfo(zone))
    return end.astimezone(UTC)


def exit_status(result: Result) -> int:
    """Return 0 where a plan came to its end, 3 where it was refused, 1 where it ended before."""
    if result.finished:
        return 0
    return _NOT_FINISHED if result.lines or result.rows else _REFUSED


def to_json(result: Result) -> dict[str, object]:
    """Return how the carrying out of a plan ended, as JSON writes it."""
    return {
        "plan": result.plan,
        "finished": result.finished,
        "rows": result.rows,
        "certificate": result.certificate.id if result.certificate else None,
        "lines": [
            {
                "item": line.line,
                "rows": line.rows,
                "held": line.outcome.held if line.outcome else None,
                "left": line.outcome.left if line.outcome else None,
                "reason": line.reason,
            }
            for line in result.lines
        ],
        "refusal": [{"code": reason.code, "text": reason.text} for reason in result.refusal],
    }


def _write(result: Result) -> None:
    rows = [
        (
            line.line,
            line.rows,
            line.outcome.held if line.outcome else None,
            line.outcome.left if line.outcome else None,
            line.reason or "done",
        )
        for line in result.lines
    ]
    write_lines(("Line", "Gone", "Held", "Left", "State"), rows, title=f"Plan {result.plan[:12]}")


def _said_of(result: Result) -> list[str]:
    if result.finished:
        said = f"{render.plural(result.rows, 'record')} went. "
        name = result.certificate.id[:_NAMED] if result.certificate else ""
        return [f"{said}Next: curtilage retention certificates {name}" if name else said]
    head = f"The plan did not come to its end; {render.plural(result.rows, 'record')} went until then."
    if any(reason.code == "finished" for reason in result.refusal):
        head = f"Nothing was deleted now; {render.plural(result.rows, 'record')} went when the plan was carried out."
    if not result.rows:
        head = "The plan is refused. Nothing was deleted."
    return [head, *(f"  {_line(reason)}" for reason in result.refusal)]


def _line(reason: Reason) -> str:
    return f"{reason.text} [{reason.code}]"
