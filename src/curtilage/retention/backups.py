"""Backups: until when what was deleted can come back, as far as the city has declared it.

Rules of this file:

* A set of backups that nobody declared is not "none": until when records remain is then not known.
* A promise ("deleted after a year") ends when the last backup that holds the records is gone, not before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from curtilage.connectors.disposal.nouns import Remains
from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Backup, System


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
        yield Remains(
            "vendor", f"Copies that {holder} made of {system.id}.", None, "No confirmation is recorded."
        )


def _remain(backup: Backup, today: date) -> Remains:
    if backup.keep is None:
        return Remains("backup", f"The set {backup.id}.", None, "Nobody stated how long it is kept.")
    seen = f"seen to go on {backup.verified}" if backup.verified else "which nobody has looked at yet"
    what = f"The set {backup.id}, each copy kept for {backup.keep}, {seen}."
    return Remains("backup", what, backup.keep.after(today))


def _keep(backup: Backup) -> Period:
    return backup.keep or Period()
