"""Findings about what a city declares of deletion: what could never be planned, and copies that outlive it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.foundation.periods import DAYS_TO_COMPARE, Period
from curtilage.inventory.nouns import Backup, Copy, Holding, Inventory, Series, System
from curtilage.inventory.terms import Clause
from curtilage.retention.due import is_for_ever, weigh_all

_ARTICLE: Final = "sunlight-2017, minimize retention"

NO_PLACE: Final = Rule(
    code="retention.no-place",
    safeguard=3,
    severity=Severity.LOW,
    title="Nothing says where the records of a series lie",
    why="What nobody can find is not deleted on time.",
    remedy="Write held_in: the place, the column from which the time runs, and how the records go.",
    source=_ARTICLE,
)
NOT_PLANNABLE: Final = Rule(
    code="retention.not-plannable",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Records in a place can never be planned for deletion",
    why="What cannot be decided stays, until it is demanded, leaked or lost.",
    remedy="Mend what the message names in held_in.",
    source=_ARTICLE,
)
OUTLIVES: Final = Rule(
    code="retention.backup-outlives",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Backups keep deleted records longer than the records were kept",
    why="A deletion is a promise to a resident; a copy that can be restored for years breaks it.",
    remedy="Keep the copies for a shorter time, or seal them under a key that is destroyed with the records.",
    source="nist-sp-800-88, copies and backups",
)
UNSTATED: Final = Rule(
    code="retention.backup-unstated",
    safeguard=3,
    severity=Severity.LOW,
    title="Nothing says how long deleted records stay in backups",
    why="Without an end nobody can tell a resident when a deletion is complete.",
    remedy="Write backups in systems.yml: each set, and how long its copies are kept.",
    source="nist-sp-800-88, copies and backups",
)
UNSEEN: Final = Rule(
    code="retention.backup-not-verified",
    safeguard=3,
    severity=Severity.LOW,
    title="Nobody has seen within a year that old backups go",
    why="A setting that was changed once keeps every copy for ever, and nothing tells.",
    remedy="Look for the oldest copy of the set, and write the day under verified.",
    source="nist-sp-800-88, verification",
)
RULES: Final = (NO_PLACE, NOT_PLANNABLE, OUTLIVES, UNSTATED, UNSEEN)

#: What other rules of this room tell already of the series itself.
_TOLD: Final = frozenset(
    "no-place no-clause clause-needs-a-person no-authority authority-not-in-force no-signer appraisal disposition".split()
)
_YEAR: Final = Period(years=1)


def find(declared: Inventory, today: date) -> Iterator[Finding]:
    """Give the findings about series, then about the backups of systems that hold records of one.

    Args:
        declared: The whole inventory.
        today: Calendar date in the city's zone.
    """
    by_id = {series.id: series for series in declared.series}
    for series in declared.series:
        if not series.held_in and isinstance(series.minimum, Clause) and not is_for_ever(series):
            message = f"{series.id} does not say where its records lie."
            yield Finding(NO_PLACE, series.spot, f"series {series.id}", message)
    for each in weigh_all(declared, today)[1]:
        if each.code not in _TOLD:
            spot = by_id[each.series].spot
            subject = f"series {each.series} {each.place}".strip()
            yield Finding(NOT_PLANNABLE, spot, subject, f"{each.reason} [{each.code}]", state=each.code)
    for system in declared.systems:
        held = [
            holding for series in declared.series for holding in series.held_in if holding.system == system.id
        ]
        if held:
            yield from _find_in_backups(system, [(by_id[each.series], each) for each in held], today)


def _find_in_backups(system: System, held: list[tuple[Series, Holding]], today: date) -> Iterator[Finding]:
    unstated = [backup.id for backup in system.backups if backup.keep is None]
    if not system.backups or unstated:
        what = f"of {', '.join(unstated)}" if unstated else f"of {system.id}"
        message = f"How long copies {what} are kept is not stated."
        yield Finding(UNSTATED, system.spot, f"backups {system.id}", message, state=",".join(unstated))
    for backup in system.backups:
        shorter = sorted({series.id for series, holding in held if _outlives(backup, series, holding)})
        if shorter:
            message = (
                f"{backup.id} is kept for {backup.keep}, longer than the records of {', '.join(shorter)}."
            )
            yield Finding(OUTLIVES, backup.spot, f"backup {backup.id}", message, state=",".join(shorter))
        if backup.verified is None or _YEAR.after(backup.verified) < today:
            seen = f"was last looked at on {backup.verified}" if backup.verified else "was never looked at"
            yield Finding(UNSEEN, backup.spot, f"backup {backup.id} verified", f"{backup.id} {seen}.")


def _outlives(backup: Backup, series: Series, holding: Holding) -> bool:
    """Return whether a copy is kept longer than the record itself, from any day."""
    kept = holding.keep if holding.copy is Copy.CONVENIENCE and holding.keep else series.city_maximum
    if backup.keep is None:
        return False
    for day in DAYS_TO_COMPARE:
        end = kept.after(day) if kept else _end_of_clause(series, day)
        if end is not None and backup.keep.after(day) > end:
            return True
    return False


def _end_of_clause(series: Series, day: date) -> date | None:
    clause = series.minimum
    if not isinstance(clause, Clause):
        return None
    end = clause.due(dict.fromkeys(("start", *clause.list_events()), day))
    return end if isinstance(end, date) and end > day else None
