"""The scheduled work: when a night's work is due, do it once across processes, and record what came of it.

Rules of this file:

* The ledger says which nights were worked. A worker that was down does the last missed night when it comes
  back, once: what was due in the nights before is due in that one.
* One process works, whoever else waits beside it. What one job cannot do does not keep the next from trying.
* A failure is recorded by its code, never by its text, and stays a finding until a night goes well.
* The clock is an argument; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.foundation.clock import Clock, day_in
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Inventory, System
from curtilage.ledger.nouns import Actor, BodyRef, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.backups import purge_lag, system_of
from curtilage.retention.events import (
    MANIFEST,
    BatchIntended,
    NightWorked,
    read_kind,
    to_event,
)

STREAM: Final = "retention/worker"
"""The stream of the worker's nights."""

LOCK: Final = "worker"
"""Name of the lock: one worker in a city."""

WORKER: Final = Actor("worker", "worker")
"""How the ledger names the scheduled work."""

_SILENT: Final = timedelta(days=2)
"""Chosen: one night may be missed for an upgrade; two are a habit."""

FAILED: Final = Rule(
    code="retention.worker-failed",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="The last night's scheduled deletion did not come to its end",
    why="What should be gone is still there, and nobody may have noticed.",
    remedy="Run: curtilage worker --once, read what it says, and mend that.",
    source="sunlight-2017, minimize retention",
)
SILENT: Final = Rule(
    code="retention.worker-silent",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="The scheduled deletion has not run for days",
    why="A schedule that nobody carries out is a promise that nobody keeps.",
    remedy="See whether the service that runs curtilage worker is up.",
    source="sunlight-2017, minimize retention",
)
RULES: Final = (FAILED, SILENT)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the nights are.

    Attributes:
        at: When a night begins, local time of the city.
        hours: How long it may last.
        zone: The city's IANA zone.
    """

    at: time
    hours: float
    zone: str

    def last(self, now: datetime) -> datetime:
        """Return the beginning of the last night that has begun, UTC; a local time that a day lacks is moved on."""
        local = now.astimezone(ZoneInfo(self.zone))
        begun = self._on(local.date())
        return begun if begun <= now else self._on(local.date() - timedelta(days=1))

    def next(self, now: datetime) -> datetime:
        """Return the beginning of the next night, UTC."""
        local = now.astimezone(ZoneInfo(self.zone))
        coming = self._on(local.date())
        return coming if coming > now else self._on(local.date() + timedelta(days=1))

    def until(self, now: datetime) -> datetime:
        """Return when work that is done now must end, UTC: with the night, or as long after now where it is over."""
        length, begun = timedelta(hours=self.hours), self.last(now)
        return begun + length if now < begun + length else now + length

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a job could not do: the id of a plan or a system, which may be empty, and a stable code."""

    subject: str
    code: str


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that is done each night.

    Attributes:
        name: For the record.
        run: Does it until the moment it is given, UTC; returns a short sentence of counts, and what failed.
    """

    name: str
    run: Callable[[datetime], tuple[str, Sequence[Failure]]]


def is_due(ledger: Ledger, schedule: Schedule, now: datetime) -> bool:
    """Return whether the last night that has begun was not worked yet."""
    worked = [datetime.fromisoformat(said.due) for _, said in _nights(ledger)]
    return not worked or max(worked) < schedule.last(now)


def work_night(
    ledger: Ledger, schedule: Schedule, jobs: Sequence[Job], *, clock: Clock, always: bool = False
) -> NightWorked | None:
    """Do a night's work, where it is due and nobody else does it.

    Args:
        ledger: Tells which nights were worked, and takes what came of this one.
        schedule: When the nights are.
        jobs: In order; at least one.
        clock: Tells the time.
        always: Do it whether it is due or not.

    Returns:
        What was recorded; None where it is not due, or another process does it.

    Effects:
        Those of the jobs; appends to the ledger.
    """
    with ledger.only_one(LOCK) as mine:
        now = clock.now()
        if not mine or not (always or is_due(ledger, schedule, now)):
            return None
        due, until = schedule.last(now), schedule.until(now)
        done: list[tuple[str, str]] = []
        failed: list[tuple[str, str, str]] = []
        for job in jobs:
            said, failures = _run(job, until)
            done.append((job.name, said))
            failed += [(job.name, failure.subject, failure.code) for failure in failures]
        late = now >= due + timedelta(hours=schedule.hours)
        worked = NightWorked(due.isoformat(), late, tuple(done), tuple(failed))
        ledger.append(STREAM, len(ledger.read(STREAM)), [to_event(worked)], by=WORKER)
        return worked


def _run(job: Job, until: datetime) -> tuple[str, Sequence[Failure]]:
    try:
        return job.run(until)
    except CurtilageError as error:
        return "not done", [Failure("", error.code)]


def destroy_manifests(ledger: Ledger, declared: Inventory, *, today: date, by: Actor = WORKER) -> int:
    """Destroy the lists of keyed hashes whose records no declared backup can bring back any more.

    Args:
        ledger: The ledger.
        declared: How long the backups of each system are kept.
        today: Calendar date in the city's zone.
        by: Who does it.

    Returns:
        How many lists were destroyed. Where nobody stated how long backups are kept, lists stay.

    Effects:
        Destroys private bodies of the ledger.
    """
    systems = {system.id: system for system in declared.systems}
    destroyed = {name.rpartition("-")[2] for name in ledger.list_streams("ledger/body-")}
    count = 0
    for entry, said in read_kind(ledger.read_all(kinds=(BatchIntended.KIND,)), BatchIntended):
        ref = next((each for each in entry.bodies if each.name == MANIFEST), None)
        day = day_in(declared.city.zone, entry.at)
        if ref is not None and ref.commitment not in destroyed and _is_over(said, day, systems, today):
            _destroy(ledger, ref, by)
            count += 1
    return count


def _is_over(said: BatchIntended, day: date, systems: dict[str, System], today: date) -> bool:
    system = systems.get(system_of(said.item))
    gone = purge_lag(system, today=today).gone(day) if system else None
    # A day more: what is intended before midnight may be committed, or done again, behind it.
    return gone is not None and gone + timedelta(days=1) < today


def _destroy(ledger: Ledger, ref: BodyRef, by: Actor) -> None:
    ledger.destroy_body(ref, by=by, reason="no declared backup holds the records any more")


def find_in_nights(ledger: Ledger, now: datetime) -> Iterator[Finding]:
    """Give the findings about the scheduled work; none where it never ran, for a city may do it by hand."""
    nights = tuple(_nights(ledger))
    if not nights:
        return
    entry, said = nights[-1]
    spot = Spot("ledger", 0, STREAM)
    for job, subject, code in said.failures:
        what = f"In the night of {said.due[:10]} the job {job} failed{f' for {subject}' if subject else ''}: {code}."
        yield Finding(FAILED, spot, f"worker {job} {subject}".strip(), what, state=code)
    if now - entry.at > _SILENT:
        yield Finding(SILENT, spot, "worker", f"The last night that was worked is that of {said.due[:10]}.")


def _nights(ledger: Ledger) -> Iterator[tuple[Entry, NightWorked]]:
    yield from read_kind(ledger.read(STREAM), NightWorked)
