"""Run the checks of every room over one situation: one list of findings, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from curtilage.collection import checks as collection
from curtilage.detection.columns import coat_of
from curtilage.disclosure import checks as disclosure
from curtilage.encryption import checks as encryption
from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.inventory import checks as inventory
from curtilage.inventory.columns import name_column
from curtilage.inventory.nouns import Reveals, System
from curtilage.oversight import checks as oversight
from curtilage.publication import checks as publication
from curtilage.retention import checks as retention
from curtilage.sharing import checks as sharing
from curtilage.survey import checks as survey
from curtilage.survey.situation import Situation
from curtilage.vendors import checks as vendors

_ROOMS: Final = (
    collection,
    disclosure,
    encryption,
    inventory,
    oversight,
    publication,
    retention,
    sharing,
    survey,
    vendors,
)

#: The mission's safeguards by number, as the reports name them.
SAFEGUARDS: Final = {
    1: "Collect only what is needed",
    2: "Ask aloud, do not write down",
    3: "Delete regularly",
    4: "Be careful with third parties",
    5: "Encrypt",
    6: "Know every way data is shared",
    7: "Publish it all",
    8: "Limit single employees' discretion",
    9: "A body that can check",
    10: "Claims computed from evidence",
}

_ORDER: Final = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def list_rules() -> tuple[Rule, ...]:
    """Return every rule of every room, by code."""
    return tuple(sorted((rule for room in _ROOMS for rule in room.RULES), key=lambda rule: rule.code))


def find_all(situation: Situation, recorded: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Return the findings of every room: gravest first, then by rule, file and line.

    One finding a fingerprint: what several checks say of one subject under one rule is told together,
    so that whoever sets it aside has read it all, and it opens again when any of it changes.

    Args:
        situation: What is declared and what was seen.
        recorded: What rooms found in the ledger.
    """
    found: dict[str, Finding] = {}
    for finding in chain(_run(situation), recorded):
        first = found.setdefault(finding.fingerprint, finding)
        found[finding.fingerprint] = _together(first, finding)
    return tuple(sorted(found.values(), key=_rank))


def _together(first: Finding, second: Finding) -> Finding:
    if second.message in first.message:
        return first
    return replace(first, message=f"{first.message} {second.message}", state=f"{first.state}; {second.state}")


def _run(situation: Situation) -> Iterator[Finding]:
    yield from collection.find(situation)
    yield from encryption.find(
        (system, _telling_in(situation, system.id)) for system in situation.declared.systems
    )
    yield from encryption.find_readable(_declared_sealed(situation))
    yield from encryption.find_in_channels(
        (channel, channel.highest.rank >= Reveals.STRONG.rank) for channel in situation.declared.channels
    )
    yield from inventory.find(situation.declared, situation.today)
    for room in (oversight, publication, retention, sharing, survey, vendors):
        yield from room.find(situation)


def _telling_in(situation: Situation, system: str) -> tuple[str, ...]:
    """Return ``TABLE.COLUMN`` of the telling fields that are declared to lie in a system."""
    prefix = f"{system}."
    places = [
        place.removeprefix(prefix)
        for _, field in situation.fields()
        if situation.tells(field)
        for place in field.stored_in
        if place.startswith(prefix)
    ]
    return tuple(dict.fromkeys(places))


def _declared_sealed(situation: Situation) -> Iterator[tuple[System, str, int, str]]:
    """Give each column that is declared as sealed and whose cells were looked at, with what they are."""
    for system in situation.declared.systems:
        sealed = {column.lower() for column in system.encryption.fields}
        for observed in situation.columns_of(system.id):
            column = ".".join(name_column(observed.place))
            if observed.cells and column.lower() in sealed:
                yield system, column, observed.cells.seen, coat_of(observed.verdict)


def _rank(finding: Finding) -> tuple[int, str, str, int, str]:
    return (
        _ORDER[finding.rule.severity],
        finding.rule.code,
        finding.spot.source,
        finding.spot.line,
        finding.subject,
    )
