"""``curtilage worker``: each night, carry out what was agreed to, plan what has had its time, and clean up."""

from __future__ import annotations

import re
import time as machine
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_city
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.foundation.settings import Settings
    from curtilage.retention.events import NightWorked
    from curtilage.retention.nouns import PlanState
    from curtilage.retention.worker import Failure, Job, Schedule

_WAIT_SECONDS: Final = 60.0
"""Chosen: a machine that slept, or whose clock was set, is noticed within a minute."""

WAITING: Final = frozenset({"warning", "not-agreed", "nothing"})
"""Reasons that are no failure: a plan waits for its day, or for people."""

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@click.command(epilog=render.examples("curtilage worker", "curtilage worker --once"))
@city_option
@click.option("--once", is_flag=True, help="Do the night's work now, due or not, and end.")
@render.quiet_option
def worker(*, city: Path | None, once: bool, quiet: bool) -> int:
    """Do a city's scheduled work each night, until it is stopped; for a service that starts it with the machine.

    Carries out the plans that everybody agreed to, plans what has had its time, destroys the lists that no backup
    needs any more, counts the times in requests that pass, and signs the ledger. One worker works at a time,
    however many run. What was missed while it was down is done when it comes back. What failed is recorded,
    and `curtilage check` tells it.

    Exit status with --once: 0 all was done, 1 something failed or another worker was at it.
    """
    folder = find_city(city)
    if once:
        worked = _work(folder, always=True, quiet=quiet)
        if worked is None:
            render.note("Another worker is at it. Nothing was done here.", quiet=quiet)
        return int(worked is None or bool(worked.failures))
    render.note(
        f"Waiting for the next night of {folder}. Stop with Ctrl-C; nothing is lost by it.", quiet=quiet
    )
    while True:
        _work(folder, always=False, quiet=quiet)
        machine.sleep(_WAIT_SECONDS)


def _work(folder: Path, *, always: bool, quiet: bool) -> NightWorked | None:
    """Do the night's work where it is due. Everything is read anew each time: settings and declarations change."""
    from curtilage.cli.retention_desk import open_desk
    from curtilage.retention.worker import work_night

    with open_desk(folder) as desk:
        schedule = find_schedule(desk.settings)
        jobs = list_jobs(desk, quiet=quiet)
        worked = work_night(desk.keeping.ledger, schedule, jobs, clock=desk.clock, always=always)
    for job, said in worked.jobs if worked else ():
        render.note(f"{job}: {said}", quiet=quiet)
    for job, subject, code in worked.failures if worked else ():
        render.note(f"{job} failed{f' for {subject}' if subject else ''} [{code}]", quiet=quiet)
    return worked


def find_schedule(settings: Settings) -> Schedule:
    """Return when a city's nights are.

    Raises:
        UsageError: ``[worker] at`` is no time of a day.
    """
    from curtilage.retention.worker import Schedule

    found = _CLOCK.fullmatch(settings.worker.at)
    if not found:
        raise UsageError(
            f"[worker] at is no time of a day: {render.printable(settings.worker.at)}. Nothing was done. "
            'Write hours and minutes, such as at = "02:00".'
        )
    return Schedule(time(int(found[1]), int(found[2])), settings.worker.hours, settings.city.zone)


def list_jobs(desk: Desk, *, quiet: bool = True) -> tuple[Job, ...]:
    """Return what is done each night, in order."""
    from curtilage.retention.worker import Job

    return (
        Job("carry out", lambda until: _carry_out(desk, until, quiet=quiet)),
        Job("plan", lambda _: _plan(desk)),
        Job("destroy lists", lambda _: _destroy_lists(desk)),
        Job("clocks", lambda _: _count_clocks(desk)),
        Job("sign", lambda _: _sign(desk)),
    )


def _carry_out(desk: Desk, until: datetime, *, quiet: bool) -> tuple[str, Sequence[Failure]]:
    """Carry out each plan that may be, the oldest first."""
    from curtilage.retention.authorise import weigh_start
    from curtilage.retention.worker import Failure

    done = rows = 0
    failures: list[Failure] = []
    for state in _open_plans(desk):
        reasons = weigh_start(state, desk.declared, now=desk.clock.now(), today=desk.today).reasons
        if reasons:
            failures += [
                Failure(state.plan.id[:12], f"retention.{reason.code}")
                for reason in reasons[:1]
                if not {each.code for each in reasons} & WAITING
            ]
            continue
        finished, gone, codes = _carry(desk, state, until, quiet=quiet)
        done, rows = done + finished, rows + gone
        failures += [Failure(state.plan.id[:12], code) for code in codes]
    return f"{render.plural(done, 'plan')} finished, {render.plural(rows, 'record')} deleted", failures


def _open_plans(desk: Desk) -> Iterator[PlanState]:
    """Give the plans that are not over and can still begin or go on."""
    from curtilage.retention.state import list_states

    for state in list_states(desk.keeping.ledger):
        is_over = state.finished or bool(state.stopped)
        if not is_over and (state.begun is not None or desk.today <= state.plan.expires):
            yield state


def _carry(desk: Desk, state: PlanState, until: datetime, *, quiet: bool) -> tuple[bool, int, Sequence[str]]:
    """Carry one plan out; return whether it came to its end, how many records went, and codes of what failed."""
    from curtilage.cli.progress import show_progress
    from curtilage.cli.retention_carry_out import carry_out_at
    from curtilage.retention.carrying import Pace
    from curtilage.retention.worker import WORKER

    before = sum(state.batches.values())
    result = carry_out_at(desk, state.plan, WORKER, Pace(), until=until, progress=show_progress(quiet=quiet))
    codes = [reason.code for reason in result.refusal if reason.code != "until"]
    return result.finished, result.rows - before, codes


def _plan(desk: Desk) -> tuple[str, Sequence[Failure]]:
    """Plan the series that no open plan is about; a plan of nothing is not recorded."""
    from curtilage.retention.holds import read_holds
    from curtilage.retention.plan import make_plan
    from curtilage.retention.state import record_plan
    from curtilage.retention.worker import WORKER, Failure

    planned = {item.series for state in _open_plans(desk) for item in state.plan.items}
    series = [each.id for each in desk.declared.series if each.held_in and each.id not in planned]
    if not series:
        return "nothing to plan", ()
    with desk.disposers() as systems:
        made = make_plan(
            desk.declared,
            read_holds(desk.keeping.ledger),
            systems.open,
            by=WORKER.id,
            clock=desk.clock,
            settings=desk.settings.retention,
            only=series,
        )
    if made.rows:
        record_plan(desk.keeping.ledger, made, by=WORKER)
    silent = {each.place: each.code for each in made.undecided if each.code == "not-asked"}
    told = f"{render.plural(made.rows, 'record')} to go, {render.plural(len(made.undecided), 'question')} for a person"
    return told, [Failure(place, code) for place, code in silent.items()]


def _destroy_lists(desk: Desk) -> tuple[str, Sequence[Failure]]:
    from curtilage.retention.worker import destroy_manifests

    count = destroy_manifests(desk.keeping.ledger, desk.declared, today=desk.today)
    return f"{render.plural(count, 'list')} of keyed hashes destroyed", ()


def _count_clocks(desk: Desk) -> tuple[str, Sequence[Failure]]:
    """Say how many times in requests have passed or soon will; `curtilage check` tells which."""
    from curtilage.cli.disclosure_clocks import list_all
    from curtilage.disclosure.times.clocks import State

    states = [clock.state for clock in list_all(desk)]
    late, soon = states.count(State.OVERDUE), states.count(State.SOON)
    return f"{render.plural(late, 'time')} of requests passed, {soon} soon", ()


def _sign(desk: Desk) -> tuple[str, Sequence[Failure]]:
    """Sign the ledger, where the city has made a key."""
    from curtilage.cli.signers import read_vkeys, sign_head

    if not read_vkeys(desk.folder):
        return "no key was made yet: curtilage ledger key", ()
    sign_head(desk.folder, desk.settings, desk.keeping.ledger, desk.clock)
    return f"{desk.keeping.ledger.count():,} entries signed", ()
