"""What `curtilage check` finds of outside requests: the rules of the city's files beside the ledger's cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curtilage.disclosure.checks import RulesInForce
    from curtilage.disclosure.policy.packs import Pack
    from curtilage.disclosure.proof.activate import Activation
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
        EvidenceError: A case or an activation cannot be read.
        DeclarationError: The city's own rules cannot be read.
    """
    from curtilage.cli.disclosure_clocks import find_packs
    from curtilage.disclosure import checks
    from curtilage.disclosure.case.state import list_cases
    from curtilage.disclosure.proof.activate import find_active
    from curtilage.disclosure.reports.handed_in import find_late, list_due
    from curtilage.disclosure.times.business_days import make_calendars, read_closed_days
    from curtilage.disclosure.times.clocks import Present
    from curtilage.disclosure.times.deadlines import read_deadlines
    from curtilage.disclosure.times.reminders import find_recorded

    cases, active = list_cases(ledger), find_active(ledger)
    if not cases and active is None:
        return
    today, city = situation.today, situation.declared.city
    packs = find_packs(ledger, situation.declared)
    yield from checks.find(cases, _read_rules(folder, situation, active), now=clock.now(), today=today)
    yield from find_late(list_due(ledger, cases, packs=packs, zone=city.zone, today=today), today)
    yield from find_recorded(
        ledger,
        make_calendars(read_closed_days(folder)),
        packs=packs,
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
    from curtilage.disclosure.policy.packs import NoSuchPackError, select_policies
    from curtilage.disclosure.times.deadlines import name_packs
    from curtilage.foundation.errors import UndecidedError

    today = situation.today
    try:
        packs = open_packs(folder, name_packs(situation.declared.city.packs))
    except NoSuchPackError:
        return RulesInForce(active)  # whoever decides a case is told
    ends = tuple((pack.id, pack.expires - timedelta(days=1)) for pack in packs)
    signed = [pack.id for pack in packs if _is_signed(folder, pack, today)]
    unsigned = tuple(pack.id for pack in packs if pack.id not in signed)
    try:
        files = select_policies(packs, today, signed=signed).hash
    except UndecidedError:
        files = ""  # a pack that ended says so itself; of two that conflict, whoever decides a case is told
    return RulesInForce(active, files, ends, unsigned)


def _is_signed(folder: Path, pack: Pack, today: date) -> bool:
    """Return whether counsel signed a pack as it is; a note that is over another one is no signature of it."""
    from curtilage.disclosure.policy.signatures import list_signed
    from curtilage.foundation.errors import EvidenceError

    try:
        return bool(list_signed(folder, (pack,), today))
    except EvidenceError:
        return False
