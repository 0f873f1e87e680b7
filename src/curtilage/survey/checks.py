"""Findings about looking itself: what has not been looked at is never green."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import System
from curtilage.survey.nouns import Observation
from curtilage.survey.situation import Situation

NEVER: Final = Rule(
    code="survey.never-looked",
    safeguard=10,
    severity=Severity.HIGH,
    title="The city has not been looked at",
    why="Without a survey only the declarations speak for themselves.",
    remedy="Run: curtilage survey",
    source="sunlight-2017, verify that it is effective",
)
OLD: Final = Rule(
    code="survey.too-old",
    safeguard=10,
    severity=Severity.LOW,
    title="The last survey is older than a month",
    why="Forms and tables change between two looks.",
    remedy="Run: curtilage survey",
    source="sunlight-2017, verify that it is effective",
)
SILENT: Final = Rule(
    code="survey.system-did-not-answer",
    safeguard=10,
    severity=Severity.MEDIUM,
    title="A system did not answer",
    why="What could not be looked at cannot be vouched for.",
    remedy="Check the connection in curtilage.toml and survey again.",
    source="sunlight-2017, verify that it is effective",
)
NOT_CONNECTED: Final = Rule(
    code="survey.system-not-connected",
    safeguard=10,
    severity=Severity.LOW,
    title="A declared system has no connection",
    why="What it really holds is known from its declaration alone.",
    remedy="Give it a read-only connection in curtilage.toml, or export its schema into the city's folder.",
    source="sunlight-2017, verify that it is effective",
)
NOT_LOOKED_INTO: Final = Rule(
    code="survey.cells-not-looked-at",
    safeguard=10,
    severity=Severity.LOW,
    title="Some cells of a system could not be looked at",
    why="What could not be looked at cannot be vouched for, whatever it is called.",
    remedy="Give the account that reads the right to SELECT, install what the reason names, or mend the file.",
    source="sunlight-2017, verify that it is effective",
)
RULES: Final = (NEVER, OLD, SILENT, NOT_CONNECTED, NOT_LOOKED_INTO)

_MONTH: Final = timedelta(days=31)
_MOST_SHOWN: Final = 3


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about the survey, then about each system that it could not see."""
    city, taken = situation.declared.city, situation.observation
    if taken is None:
        yield Finding(NEVER, city.spot, "survey", "No survey is stored for this city.")
        return
    day = taken.taken.astimezone(ZoneInfo(city.zone)).date()
    if day < situation.today - _MONTH:
        yield Finding(OLD, city.spot, "survey", f"The last survey was taken on {day}.")
    silent = dict(taken.silent)
    for system in situation.declared.systems:
        spot = Spot(system.spot.source, system.spot.line, system.id)
        if system.id in silent:
            message = f"{system.id}: {silent[system.id]}"
            yield Finding(SILENT, spot, f"system {system.id}", message, state=silent[system.id])
        elif system.id not in taken.systems:
            yield Finding(NOT_CONNECTED, spot, f"system {system.id}", f"{system.id} was not looked at.")
        yield from _find_not_looked_into(taken, system, spot)


def _find_not_looked_into(taken: Observation, system: System, spot: Spot) -> Iterator[Finding]:
    sources = {seen.place.source for seen in taken.observed if seen.system == system.id}
    sources |= {extent.source for extent in taken.extents if extent.system == system.id}
    told = [
        f"{each.source}: {each.detail or each.reason}"
        for each in taken.not_looked_into
        if each.source in sources
    ]
    if told:
        shown = " ".join(told[:_MOST_SHOWN])
        more = f" And {len(told) - _MOST_SHOWN} more." if len(told) > _MOST_SHOWN else ""
        message = f"{system.id}: {shown}{more}"
        yield Finding(NOT_LOOKED_INTO, spot, f"cells of {system.id}", message, state=" ".join(sorted(told)))
