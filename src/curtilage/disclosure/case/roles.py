"""Who may do what with a case: the roles of an officer, and the roles of each step.

Rules of this file:

* A role is read off the words of an officer's role in ``city.yml``. A role of which no word is known here is
  the front line, and the front line only receives.
* Where a role says that somebody works at a desk or counter, it is the front line, whatever else it says.
* A case in the sealed lane is counsel's alone.

Source:
    sunlight-2017, limit the discretion of individual employees; curtilage-disclosure-table, approvers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.policy.facts import FLAGS, LISTS, RECORDS
from curtilage.inventory.nouns import Inventory, Officer

COUNSEL: Final = "counsel"
FRONT_LINE: Final = "frontline"
SUPERVISOR: Final = "supervisor"
BOARD: Final = "board"
"""No role of a request: who sits on the oversight body reviews emergencies, and does nothing else."""

_WORDS: Final[Mapping[str, str]] = {
    "counsel": COUNSEL,
    "privacy": "privacy-officer",
    "records": "records-officer",
    "releaser": "releaser",
    "supervisor": SUPERVISOR,
    "contract": "contract-manager",
    "contracts": "contract-manager",
}
_AT_A_DESK: Final = ("frontline", "front", "desk", "counter", "receptionist")

_OFFICE: Final = frozenset({COUNSEL, "privacy-officer", "records-officer"})
_ANSWERING: Final = _OFFICE | {"releaser", SUPERVISOR}
_INSIDE: Final = _ANSWERING | {"contract-manager"}
_LAW: Final = frozenset({COUNSEL})

MAY: Final[Mapping[type[ev.Data], frozenset[str]]] = {
    ev.Received: _INSIDE | {FRONT_LINE},
    ev.Attached: _INSIDE | {FRONT_LINE},
    ev.Identified: _OFFICE | {SUPERVISOR},
    ev.Classified: _OFFICE | {SUPERVISOR},
    ev.FactStated: _ANSWERING,
    ev.Assigned: _OFFICE | {SUPERVISOR},
    ev.Held: _INSIDE,
    ev.HoldLifted: _LAW,
    ev.Confirmed: _LAW,
    ev.Decided: _ANSWERING,
    ev.Narrowed: _ANSWERING,
    ev.Objected: _LAW,
    ev.Refused: _OFFICE,
    ev.Answered: _OFFICE | {"releaser"},
    ev.Planned: _ANSWERING,
    ev.Approved: _ANSWERING,
    ev.ReleaseIntended: _ANSWERING,
    ev.Released: _ANSWERING,
    ev.ReleaseStopped: _ANSWERING,
    ev.Preserved: _INSIDE,
    ev.Noticed: _OFFICE | {"releaser", "contract-manager"},
    ev.NoticeWithheld: _LAW,
    ev.ExigentOpened: frozenset({SUPERVISOR}),
    ev.Reviewed: _LAW | {BOARD},
    ev.Closed: _OFFICE,
}
"""Which roles may ask for each step."""

HANDS_IN: Final = _OFFICE
"""Which roles record that a report was handed in."""

STATES: Final[Mapping[str, frozenset[str]]] = {
    "in_force": _OFFICE,
    "scope": _OFFICE,
    "motion_pending": _LAW,
    "enforced_by_court": _LAW,
    "mandatory_authority": _LAW | {"privacy-officer"},
    "consent": _OFFICE | {"releaser"},
    "official_wishes_to_send": _OFFICE,
    "status": _ANSWERING,
    "locator": _ANSWERING,
    "other_personal": _ANSWERING,
    "public_record": _LAW | {"records-officer"},
    "exempt_fields": _LAW | {"records-officer"},
}
"""Who states which fact; every other fact has a step of its own."""

OWN_STEP: Final[Mapping[str, str]] = {
    "instrument": "classify",
    "civil_immigration": "classify",
    "gag": "classify",
    "custody": "classify",
    "holder": "classify",
    "issuer": "identify",
    "signer": "identify",
    "authentic": "identify",
    "confirmed_by_counsel": "confirm",
    "held": "hold",
    "exigency": "emergency",
    "acting_role": "rule",
}
"""The command that says a fact which is not stated by itself."""

assert {*STATES, *OWN_STEP} == {"instrument", *FLAGS, *LISTS, *RECORDS}, "Each fact has somebody who says it."


def roles_of(officer: Officer) -> frozenset[str]:
    """Return in which roles an officer acts: of ``disclosure.nouns.ROLES``, or :data:`BOARD`; never empty.

    >>> spot = None
    >>> sorted(roles_of(Officer("a", "records officer and supervisor", "", "", spot)))
    ['records-officer', 'supervisor']
    >>> sorted(roles_of(Officer("a", "front desk supervisor", "", "", spot)))
    ['frontline']
    """
    found = frozenset(role for word, role in _WORDS.items() if officer.has_duty(word))
    if not found and (officer.has_duty("board") or officer.has_duty("oversight")):
        return frozenset({BOARD})
    is_at_a_desk = any(officer.has_duty(word) for word in _AT_A_DESK)
    return frozenset({FRONT_LINE}) if is_at_a_desk or not found else found


def is_counsel(officer: Officer) -> bool:
    """Return whether somebody is the city's counsel."""
    return COUNSEL in roles_of(officer)


def list_people(declared: Inventory, today: date) -> tuple[Officer, ...]:
    """Return who may act: the officers, and who sits on the oversight body today, as ``oversight board``."""
    seats = (
        Officer(seat.id, "oversight board", seat.holder, "", seat.spot)
        for seat in declared.city.seats
        if seat.holder
        and (seat.since is None or seat.since <= today)
        and (seat.until is None or today <= seat.until)
    )
    return (*declared.city.officers, *seats)


def say_roles(roles: frozenset[str]) -> str:
    """Return roles in words, for a message: ``counsel or the records officer``.

    >>> say_roles(frozenset({"counsel", "records-officer"}))
    'counsel or the records officer'
    """
    if roles >= _ANSWERING:
        return "any officer who is not at a desk" if FRONT_LINE not in roles else "anybody"
    said = [role if role == COUNSEL else f"the {role.replace('-', ' ')}" for role in sorted(roles)]
    return " or ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
