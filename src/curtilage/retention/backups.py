"""Backups: until when what was deleted can come back, as far as the city has declared it.

Rules of this file:

* A set of backups that nobody declared is not "none": until when records remain is then not known.
* A promise ("deleted after a year") ends when the last backup that holds the records is gone, not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from curtilage.connectors.disposal.nouns import Remains
from curtilage.foundation.clock import day_in
from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Backup, Inventory, System
from curtilage.ledger.ports import Ledger
from curtilage.retention.events import BatchDone, read_kind


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after a deletion the records can still be in a backup of a system.

    Attributes:
        system: Id of the system.
        longest: The longest that any of its sets is kept; None where that is not known.
        set: Id of that set; empty where it is not known.
        unknown: Why it is not known; empty where it is.
    """

    system: str
    longest: Period | None
    set: str = ""
    unknown: str = ""

    def gone(self, day: date) -> date | None:
        """Return the day from which what was deleted on ``day`` is in no backup; None where nobody knows."""
        return self.longest.after(day) if self.longest is not None else None


def purge_lag(system: System, *, today: date) -> Lag:
    """Return the purge lag of a system.

    Args:
        system: As the inventory declares it.
        today: Two lengths are compared as if they began then.
    """
    if not system.backups:
        return Lag(system.id, None, unknown="No set of backups is declared, which is not a promise of none.")
    unstated = [backup.id for backup in system.backups if backup.keep is None]
    if unstated:
        return Lag(system.id, None, unknown=f"Nobody stated how long {', '.join(unstated)} is kept.")
    longest = max(system.backups, key=lambda backup: _keep(backup).after(today))
    return Lag(system.id, longest.keep, longest.id)


def list_remains(system: System, *, today: date) -> Iterator[Remains]:
    """Give what a certificate says of the backups of a system, and of who else runs it.

    Args:
        system: As the inventory declares it.
        today: The day of the deletion, in the city's zone.
    """
    if not system.backups:
        yield Remains("backup", f"Backups of {system.id}.", None, purge_lag(system, today=today).unknown)
    for backup in system.backups:
        yield _remain(backup, today)
    holders = [holder for holder in (system.host, *system.sub_processors) if holder not in {"", "city"}]
    for holder in dict.fromkeys(holders):
        yield Remains("vendor", name_copies(holder, system.id), None, "No confirmation is recorded.")


def name_copies(holder: str, system: str) -> str:
    """Return what a certificate says of copies that somebody else made of a system, by their ids."""
    return f"Copies that {holder} made of {system}."


@dataclass(frozen=True, slots=True)
class Fading:
    """What was deleted from a system and may still be in its backups.

    Attributes:
        lag: How long that can be.
        last: The last day on which something was deleted; None where nothing was.
        rows: Records that were deleted and may still be in a backup, as far as lists of them are kept.
        gone: The day from which the last of them is in no backup; None where nobody knows, or there is none.
    """

    lag: Lag
    last: date | None
    rows: int
    gone: date | None


def list_fading(ledger: Ledger, declared: Inventory, *, today: date) -> tuple[Fading, ...]:
    """Return for each system that records are deleted from what may still be in its backups, sorted by system.

    Args:
        ledger: Tells what was deleted and when.
        declared: How long backups are kept.
        today: Calendar date in the city's zone.
    """
    places = {holding.system for series in declared.series for holding in series.held_in}
    deleted = _deleted(ledger, declared.city.zone)
    found = []
    for system in sorted(declared.systems, key=lambda each: each.id):
        if system.id in places or system.id in deleted:
            lag, days = purge_lag(system, today=today), deleted.get(system.id, {})
            fading = {
                day: rows for day, rows in days.items() if (end := lag.gone(day)) is None or end > today
            }
            last = max(days, default=None)
            gone = lag.gone(max(fading)) if fading else None
            found.append(Fading(lag, last, sum(fading.values()), gone))
    return tuple(found)


def _deleted(ledger: Ledger, zone: str) -> Mapping[str, Mapping[date, int]]:
    """Return how many records went from each system on each day in the city's zone, as backups are counted."""
    found: dict[str, dict[date, int]] = {}
    for entry, said in read_kind(ledger.read_all(kinds=(BatchDone.KIND,)), BatchDone):
        days = found.setdefault(system_of(said.item), {})
        day = day_in(zone, entry.at)
        days[day] = days.get(day, 0) + said.rows
    return found


def system_of(item: str) -> str:
    """Return the id of the system that a line of a plan is about, by the line's id, ``SERIES@SYSTEM.PLACE``.

    >>> system_of("hsg-015@housing_db.rental_requests")
    'housing_db'
    """
    return item.partition("@")[2].partition(".")[0]


def _remain(backup: Backup, today: date) -> Remains:
    if backup.keep is None:
        return Remains("backup", f"The set {backup.id}.", None, "Nobody stated how long it is kept.")
    seen = f"seen to go on {backup.verified}" if backup.verified else "which nobody has looked at yet"
    what = f"The set {backup.id}, each copy kept for {backup.keep}, {seen}."
    return Remains("backup", what, backup.keep.after(today))


def _keep(backup: Backup) -> Period:
    return backup.keep or Period()
