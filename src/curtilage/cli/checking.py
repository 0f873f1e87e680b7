"""A city's folder, checked: what several commands show in their own ways. Nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curtilage.foundation.finding import Finding
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


def read_recorded(folder: Path, situation: Situation) -> list[Finding]:
    """Return what the ledger tells of findings; empty where the city has none yet. None is made for it.

    Raises:
        SourceError: The ledger cannot be reached.
        EvidenceError: It is damaged, or holds what cannot be read.
    """
    from curtilage.cli.disclosure_checking import find_disclosure
    from curtilage.cli.keeping import find_address, open_keeping
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.retention import recorded as retention
    from curtilage.sharing import recorded as sharing

    address, clock = find_address(folder, read_settings(folder)), SystemClock()
    if "://" not in address and not Path(address).exists():
        return []
    with open_keeping(folder, clock=clock) as keeping:
        declared, ledger, today = situation.declared, keeping.ledger, situation.today
        return [
            *retention.find(declared, ledger, now=clock.now(), today=today),
            *sharing.find(declared, ledger, today=today),
            *find_disclosure(folder, situation, ledger, clock),
        ]


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
        EvidenceError: The ledger is damaged.
        SourceError: The ledger cannot be reached.
        UsageError: The baseline cannot be read.
    """
    from curtilage.safeguards.baseline import load_baseline
    from curtilage.safeguards.report import make_report
    from curtilage.safeguards.run import find_all, list_rules
    from curtilage.safeguards.triage import load_dismissals, triage

    known = load_baseline(baseline) if baseline else frozenset()
    situation = read_situation(folder)
    every = find_all(situation, read_recorded(folder, situation))
    found = [each for each in every if not safeguards or each.rule.safeguard in safeguards]
    return make_report(
        city=situation.declared.city.name,
        today=situation.today,
        observation=situation.observation,
        triaged=triage(found, load_dismissals(folder), situation.today),
        baseline=known,
        rules=list_rules(),
    )
