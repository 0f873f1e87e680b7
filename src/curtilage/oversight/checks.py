"""Findings about the standing body and the officers: who looks, and with what knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.inventory.nouns import Expertise
from curtilage.survey.situation import Situation

_ARTICLE: Final = "sunlight-2017, oversight body with legal, enforcement, security and contract expertise"

NOT_CONSTITUTED: Final = Rule(
    code="oversight.expertise-missing",
    safeguard=9,
    severity=Severity.MEDIUM,
    title="The oversight body lacks an expertise",
    why="Who cannot read a warrant, a log or a contract cannot check those who can.",
    remedy="Appoint a member with that expertise; until then the body is not constituted.",
    source=_ARTICLE,
)
VACANT: Final = Rule(
    code="oversight.seat-vacant",
    safeguard=9,
    severity=Severity.LOW,
    title="A seat is vacant or its term is over",
    why="Vacancies are how oversight bodies fall asleep.",
    remedy="Appoint or reappoint, and write holder, since and until in city.yml.",
    source=_ARTICLE,
)
NO_OFFICER: Final = Rule(
    code="oversight.no-officer",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="Nobody is named for a duty",
    why="A request that has nowhere to go is answered by whoever stands at the counter.",
    remedy="Name the officer in city.yml.",
    source="sunlight-2017, limit individual discretion",
)
RULES: Final = (NOT_CONSTITUTED, VACANT, NO_OFFICER)

#: The four kinds of knowledge without which the body is not constituted.
NEEDED: Final = (Expertise.LAW, Expertise.LAW_ENFORCEMENT, Expertise.SECURITY, Expertise.CONTRACTS)
#: Duties that the one procedure hands requests to, as words that a role must hold.
DUTIES: Final = ("privacy", "counsel", "records")


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about seats and officers."""
    city, today = situation.declared.city, situation.today
    filled = {
        seat.expertise for seat in city.seats if seat.holder and (seat.until is None or today <= seat.until)
    }
    for expertise in NEEDED:
        if expertise not in filled:
            message = f"No seat of the oversight body is filled with expertise in {expertise}."
            yield Finding(NOT_CONSTITUTED, city.spot, f"expertise {expertise}", message)
    for seat in city.seats:
        if not seat.holder:
            yield Finding(VACANT, seat.spot, f"seat {seat.id}", f"Seat {seat.id} is vacant.", state="vacant")
        elif seat.until and seat.until < today:
            message = f"The term of seat {seat.id} ended on {seat.until}."
            yield Finding(VACANT, seat.spot, f"seat {seat.id}", message, state="ended")
    for duty in DUTIES:
        if not any(officer.name and officer.has_duty(duty) for officer in city.officers):
            yield Finding(NO_OFFICER, city.spot, f"duty {duty}", f"No officer is named for {duty}.")
