"""A city's folder, checked: what several commands show in their own ways. Nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curtilage.safeguards.report import Report
    from curtilage.survey.situation import Situation


def read_situation(folder: Path) -> Situation:
    """Return what a city declares, its newest survey, and the day it is there now.

    Raises:
        DeclarationError: The inventory cannot be read.
        ObservationNotReadableError: The newest survey is damaged, or of another version.
    """
    from curtilage.foundation.clock import SystemClock
    from curtilage.inventory.load import load_inventory
    from curtilage.survey.situation import Situation
    from curtilage.survey.store import load_newest

    declared = load_inventory(folder)
    return Situation(declared, load_newest(folder), SystemClock().today(declared.city.zone))


def make_city_report(
    folder: Path, *, baseline: Path | None = None, safeguards: frozenset[int] = frozenset()
) -> Report:
    """Check a city's folder against its last survey; nothing is written.

    Args:
        folder: The city's folder.
        baseline: A file with findings to leave out.
        safeguards: Numbers to keep; all where empty.

    Raises:
        DeclarationError: The inventory or ``triage.yml`` cannot be read.
        UsageError: The baseline cannot be read.
    """
    from curtilage.safeguards.baseline import load_baseline
    from curtilage.safeguards.report import make_report
    from curtilage.safeguards.run import find_all, list_rules
    from curtilage.safeguards.triage import load_dismissals, triage

    known = load_baseline(baseline) if baseline else frozenset()
    situation = read_situation(folder)
    found = [each for each in find_all(situation) if not safeguards or each.rule.safeguard in safeguards]
    return make_report(
        city=situation.declared.city.name,
        today=situation.today,
        observation=situation.observation,
        triaged=triage(found, load_dismissals(folder), situation.today),
        baseline=known,
        rules=list_rules(),
    )
