"""What `curtilage check` finds of outside requests: the rules of the city's files beside the ledger's cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curtilage.disclosure.activate import Activation
    from curtilage.disclosure.checks import RulesInForce
    from curtilage.foundation.clock import Clock
    from curtilage.foundation.finding import Finding
    from curtilage.ledger.ports import Ledger
    from curtilage.survey.situation import Situation


def find_disclosure(folder: Path, situation: Situation, ledger: Ledger, clock: Clock) -> Iterator[Finding]:
    """Give the findings of the disclosure room; none where the city never received a request nor activated rules.

    Args:
        folder: The city's folder.
        situation: What it declares.
        ledger: Its ledger.
        clock: Tells the time.

    Raises:
        EvidenceError: A case, a signature or an activation cannot be read.
        DeclarationError: The city's own rules cannot be read.
    """
    from curtilage.cli.disclosure_clocks import find_packs
    from curtilage.disclosure import checks
    from curtilage.disclosure.activate import find_active
    from curtilage.disclosure.business_days import make_calendars, read_closed_days
    from curtilage.disclosure.case.state import list_cases
    from curtilage.disclosure.clocks import Present
    from curtilage.disclosure.deadlines import read_deadlines
    from curtilage.disclosure.reminders import find_recorded

    cases, active = list_cases(ledger), find_active(ledger)
    if not cases and active is None:
        return
    today, city = situation.today, situation.declared.city
    yield from checks.find(cases, _read_rules(folder, situation, active), now=clock.now(), today=today)
    yield from find_recorded(
        ledger,
        make_calendars(read_closed_days(folder)),
        packs=find_packs(ledger, situation.declared),
        zone=city.zone,
        present=Present(clock.now(), today),
        deadlines=read_deadlines(folder),
    )


def _read_rules(folder: Path, situation: Situation, active: Activation | None) -> RulesInForce:
    """Return by which rules the city decides; of its files nothing where the engine is not installed."""
    from curtilage.disclosure.checks import RulesInForce

    if find_spec("cedarpy") is None:
        return RulesInForce(active)
    from curtilage.cli.disclosure_desk import open_packs
    from curtilage.disclosure.deadlines import name_packs
    from curtilage.disclosure.packs import NoSuchPackError, PackOutOfTimeError, select_policies
    from curtilage.disclosure.signatures import list_signed

    today = situation.today
    try:
        packs = open_packs(folder, name_packs(situation.declared.city.packs))
    except NoSuchPackError:
        return RulesInForce(active)  # whoever decides a case is told
    ends = tuple((pack.id, pack.expires - timedelta(days=1)) for pack in packs)
    try:
        files = select_policies(packs, today, signed=list_signed(folder, packs, today)).hash
    except PackOutOfTimeError:
        files = ""  # the pack that ended says so itself
    return RulesInForce(active, files, ends)
