"""Who must agree to a plan, whether they have, and whether it may be carried out now.

Rules of this file:

* Every role that a line's series names agrees, and every role of the city's second office. Nobody named is
  nobody who agreed: it refuses.
* One person agrees in one role. Two roles are two people.
* A consent counts until its last day, and only while that person still has that role.
* A plan is carried out as it was recorded, on declarations that are still the same, under an authority that
  is still in force, by a clock that has not gone back.

Source:
    nyc-records-disposal, two offices consent; tx-local-retention, minimum periods.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.errors import NotAllowedError
from curtilage.inventory.diff import flatten
from curtilage.inventory.nouns import Holding, Inventory, Officer, Series
from curtilage.inventory.shapes import HOLDING, OUTCOME, SERIES
from curtilage.ledger.nouns import Actor, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.due import find_authority
from curtilage.retention.events import Authorised, plan_stream, to_event
from curtilage.retention.nouns import Authorisation, Permission, PlanItem, PlanState, Reason


class UnknownOfficerError(NotAllowedError):
    """Nobody of that id has a duty in this city."""

    code = "retention.unknown-officer"

    def __init__(self, *, officer: str) -> None:
        self.officer = officer
        super().__init__(
            f"city.yml declares no officer {officer}. Nothing was recorded. "
            "Name yourself by your id there with --as, or have the city declare you."
        )


class NotAuthorisedError(NotAllowedError):
    """Something may not be done, for the reasons given."""

    code = "retention.not-authorised"

    def __init__(self, *, what: str, reasons: tuple[Reason, ...]) -> None:
        self.what, self.reasons = what, reasons
        lines = "\n".join(f"  {reason.text} [{reason.code}]" for reason in reasons)
        super().__init__(f"{what} is refused. Nothing was deleted, and nothing recorded.\n{lines}")


def find_officer(declared: Inventory, officer: str) -> Officer:
    """Return an officer by id.

    Raises:
        UnknownOfficerError: There is none.
    """
    found = next((each for each in declared.city.officers if each.id == officer), None)
    if found is None:
        raise UnknownOfficerError(officer=officer)
    return found


def has_role(officer: Officer, role: str) -> bool:
    """Return whether an officer's role says every word of ``role``; no for a role without words."""
    words = re.findall(r"\w+", role.lower())
    return bool(words) and all(officer.has_duty(word) for word in words)


def list_signers(declared: Inventory, series: Series) -> tuple[str, ...]:
    """Return the roles that agree to a destruction of a series, sorted; empty is nobody."""
    return tuple(
        sorted({*series.authorised_by, *(declared.city.second_office if series.authorised_by else ())})
    )


def basis_of(declared: Inventory, series: Series, holding: Holding) -> str:
    """Return the fingerprint of what a line rests on: another one, and it is another line.

    The series, the place, what adopts the schedule, where the system is reached, who signs.
    """
    authority = find_authority(declared, series)
    system = next((each for each in declared.systems if each.id == holding.system), None)
    return fingerprint(
        {
            "series": flatten(SERIES, series),
            "holding": flatten(HOLDING, holding),
            "outcome": flatten(OUTCOME, holding.outcome) if holding.outcome else None,
            "authority": [authority.citation, str(authority.effective), str(authority.expires)]
            if authority
            else None,
            "connection": system.connection if system else None,
            "signers": list_signers(declared, series),
            "zone": declared.city.zone,
        }
    )


# --- agreeing ------------------------------------------------------------------------------------


def weigh_consent(
    state: PlanState, declared: Inventory, officer: Officer, role: str, *, today: date
) -> Permission:
    """Return whether an officer may agree to a plan in a role.

    Args:
        state: What the ledger tells of the plan.
        declared: The whole inventory.
        officer: Who would agree.
        role: In which role, as the series names it.
        today: Calendar date in the city's zone.
    """
    reasons = list(_weigh_over(state))
    if today > state.plan.expires:
        reasons.append(Reason("expired", f"The plan could be carried out until {state.plan.expires}."))
    if role not in state.plan.signers:
        wanted = ", ".join(state.plan.signers) or "nobody"
        asked = f"as {role}" if role else f"of {officer.id}, who is {officer.role}"
        reasons.append(
            Reason("not-asked", f"The plan does not ask for the consent {asked}; it asks for: {wanted}.")
        )
    elif not has_role(officer, role):
        reasons.append(Reason("not-the-role", f"{officer.id} is {officer.role}, not {role}."))
    others = {each.officer for each in _valid(state, declared, today) if each.role != role}
    if any(officer.is_one_person(each) for each in declared.city.officers if each.id in others):
        text = f"{officer.id}, or another of that name, has agreed in another role; two roles are two people."
        reasons.append(Reason("one-person", f"{text} Names stand in city.yml."))
    return Permission(tuple(reasons))


def find_role(state: PlanState, officer: Officer) -> str:
    """Return the role in which a plan asks for an officer; empty where it is none, or several."""
    found = [role for role in state.plan.signers if has_role(officer, role)]
    return found[0] if len(found) == 1 else ""


def give_consent(ledger: Ledger, state: PlanState, role: str, expires: date, *, by: Actor) -> Entry:
    """Record that somebody agrees to a plan, weighed before by :func:`weigh_consent`.

    Effects:
        Appends to the ledger.

    Raises:
        StreamMovedError: Something happened to the plan since it was read.
    """
    event = to_event(Authorised(state.plan.id, role, expires))
    return ledger.append(plan_stream(state.plan.id), state.version, [event], by=by)[0]


def list_missing(state: PlanState, declared: Inventory, today: date) -> tuple[str, ...]:
    """Return the roles whose consent a plan lacks on a day, sorted; empty where all have agreed."""
    given = {each.role: each.officer for each in _valid(state, declared, today)}
    return tuple(role for role in state.plan.signers if role not in given)


def _valid(state: PlanState, declared: Inventory, today: date) -> Iterator[Authorisation]:
    """Give the consents that count: not run out, by somebody who has the role, one role a person."""
    officers = {officer.id: officer for officer in declared.city.officers}
    taken: list[tuple[Officer, str]] = []
    for each in state.authorisations:
        officer = officers.get(each.officer)
        if officer is None or today > each.expires or not has_role(officer, each.role):
            continue
        if all(role == each.role for other, role in taken if officer.is_one_person(other)):
            taken.append((officer, each.role))
            yield each


# --- beginning -----------------------------------------------------------------------------------


def weigh_start(state: PlanState, declared: Inventory, *, now: datetime, today: date) -> Permission:
    """Return whether a plan may be carried out, or go on being carried out, at a moment.

    Args:
        state: What the ledger tells of it, read now.
        declared: The whole inventory, loaded now.
        now: UTC.
        today: Calendar date in the city's zone.
    """
    return Permission(
        (
            *_weigh_over(state),
            *_weigh_days(state, now, today),
            *_weigh_consents(state, declared, today),
            *(reason for item in state.plan.items for reason in _weigh_item(item, declared, today)),
        )
    )


def _weigh_over(state: PlanState) -> Iterator[Reason]:
    if state.finished:
        yield Reason("finished", "It was carried out to its end.")
    if state.stopped:
        yield Reason("stopped", f"It was stopped for good ({state.stopped}).")
    if not state.plan.rows:
        yield Reason("nothing", "It names nothing that is to go.")


def _weigh_days(state: PlanState, now: datetime, today: date) -> Iterator[Reason]:
    plan = state.plan
    if now < state.last or now < plan.made:
        said = max(state.last, plan.made)
        yield Reason(
            "clock", f"The clock stands before {said:%Y-%m-%d %H:%M} UTC, when the ledger last heard of it."
        )
    if today < plan.not_before:
        yield Reason("warning", f"The time to object lasts until {plan.not_before - timedelta(days=1)}.")
    if today > plan.expires and state.begun is None:
        yield Reason("expired", f"It could begin until {plan.expires}; make a new plan.")


def _weigh_consents(state: PlanState, declared: Inventory, today: date) -> Iterator[Reason]:
    if any(not item.signers for item in state.plan.items):
        yield Reason("nobody-signs", "A line names nobody who agrees to it.")
    for role in list_missing(state, declared, today):
        yield Reason("not-agreed", f"The consent of {role} is missing, or has run out.")


def _weigh_item(item: PlanItem, declared: Inventory, today: date) -> Iterator[Reason]:
    series = next((each for each in declared.series if each.id == item.series), None)
    if series is None:
        yield Reason("unknown-series", f"{item.id}: there is no series {item.series} any more.")
        return
    holding = next((each for each in series.held_in if _is_of(item, each)), None)
    if holding is None or basis_of(declared, series, holding) != item.basis:
        yield Reason("changed", f"{item.id}: what is declared of it changed since the plan was made.")
    authority = find_authority(declared, series)
    if authority is None or not authority.is_current(today):
        yield Reason("authority", f"{item.id}: the authority of {item.series} is not in force.")


def _is_of(item: PlanItem, holding: Holding) -> bool:
    return item.id.partition("#")[0] == item_id(holding)


def item_id(holding: Holding, part: str = "") -> str:
    """Return the id of the line for a place, and for a part of it such as a partition."""
    return f"{holding.series}@{holding.place}{f'#{part}' if part else ''}"
