"""Keep what a case is about from being destroyed: a hold of the retention room, placed for the case.

Rules of this file:

* One hold for each case, under an id that is made of the case's: asked again after a crash, it is found and not
  placed a second time.
* It is limited to what the case names: people by keyed hashes, series, systems. What is not sure to be outside stays.
* Closing a case does not end it. Counsel does, on an order or a letter with a number, once the case is closed.

Source:
    wa-core, litigation and requests; usc-8-1225, a petition to a court may follow.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from curtilage.connectors.disposal.hashing import Hasher
from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import Acted, CaseDesk, act
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.steps import Step, weigh
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import Actor
from curtilage.ledger.ports import Ledger
from curtilage.retention.events import HoldPlaced
from curtilage.retention.holds import place_hold, read_holds, release_hold, weigh_placing, weigh_release
from curtilage.retention.nouns import Ground, Permission, Reason, Scope

_GROUNDS: Final = {
    "court-order": Ground.COURT_ORDER,
    "court-subpoena": Ground.COURT_ORDER,
    "attorney-subpoena": Ground.LITIGATION,
    "records-request": Ground.RECORDS_REQUEST,
    "own-request": Ground.RECORDS_REQUEST,
    "emergency": Ground.REVIEW,
}
"""Ground of the hold by family of the paper; of any other, litigation is to be expected."""


def hold_id(case: str) -> str:
    """Return the id of the hold of a case."""
    return f"case-{case}"


def name_ground(case: Case) -> Ground:
    """Return why records are held for a case."""
    row = load_instruments().get(case.instrument)
    return _GROUNDS.get(row.family, Ground.ANTICIPATED) if row else Ground.INVESTIGATION


def make_hold(case: Case, scope: Scope, *, today: date, review_days: int) -> HoldPlaced:
    """Return the hold that is placed for a case.

    Args:
        case: The case.
        scope: Which records.
        today: Calendar date in the city's zone.
        review_days: Days until somebody looks at it again.
    """
    return HoldPlaced(
        hold_id(case.id),
        f"{hold_id(case.id)}/1",  # a matter has a number in it, and the id of a case need not
        name_ground(case),
        "City counsel, on an outside request",
        tuple(sorted(scope.series)),
        tuple(sorted(scope.systems)),
        len(scope.subjects),
        scope.condition is not None,
        today + timedelta(days=review_days),
    )


def read_subjects(ledger: Ledger, case: Case, hasher: Hasher) -> frozenset[str]:
    """Return the keyed hashes of whom a case is about, from what is sealed with it; empty where it names nobody.

    Args:
        ledger: Opens what is sealed.
        case: The case.
        hasher: Of the city's subject key.

    Raises:
        BodyDestroyedError: It was destroyed on its schedule.
        EvidenceError: It is not what was sealed.
    """
    ref = case.find_body(ev.SUBJECTS)
    if ref is None:
        return frozenset()
    return hash_subjects(json.loads(ledger.open_body(ref).unsafe_reveal()), hasher)


def hash_subjects(identifiers: Iterable[str], hasher: Hasher) -> frozenset[str]:
    """Return the keyed hashes of identifiers, as the subject columns of systems are hashed."""
    return frozenset(hasher.subject(each.strip()) for each in identifiers if each.strip())


def preserve(
    desk: CaseDesk,
    case: Case,
    placed: HoldPlaced,
    scope: Scope,
    *,
    by: Officer,
    review_days: int,
    kept_under: str,
    seen: int | None = None,
) -> Acted:
    """Place the hold of a case, and record it in the case; what stands already is left as it is.

    Args:
        desk: The desk.
        case: The case, as it was read.
        placed: From :func:`make_hold`.
        scope: Which records.
        by: Who does it.
        review_days: Days at most until somebody looks at it again.
        kept_under: Record series on whose schedule the sealed scope is destroyed.
        seen: Version of the case that it was decided on; None is the one that stands now.

    Effects:
        Appends to the ledger, first the hold, then the case: a crash in between leaves what is held, held.
    """
    step = ev.Preserved(placed.hold)
    now = desk.now()
    allowed = weigh(case, Step(step), by, now)
    holds = read_holds(desk.ledger)
    found = holds.find(placed.hold)
    if allowed and found is None:
        allowed = weigh_placing(desk.declared, holds, placed, scope, today=now.today, review_days=review_days)
    elif allowed and found is not None and not found.stands:
        allowed = Permission((Reason("released", f"The hold {found.id} was lifted. Place another one."),))
    if not allowed:
        return Acted(case, allowed.reasons)
    if found is None:
        place_hold(desk.ledger, placed, scope, by=Actor(by.id, by.role), kept_under=kept_under)
    return Acted(case) if placed.hold in case.preserved else act(desk, case.id, step, by=by, seen=seen)


def lift(ledger: Ledger, case: Case, reference: str, *, by: Officer) -> Permission:
    """End the hold of a case, and destroy the sealed list of whom it was about; counsel may, once it is closed.

    Args:
        ledger: The city's.
        case: The case.
        reference: Number of the order or letter that ends it.
        by: Who does it.

    Returns:
        True, asked as a truth, where it was lifted; else why not.

    Effects:
        Appends to the ledger; destroys the private body of the hold's scope.
    """
    allowed = weigh_lifting(case, ledger, by, reference)
    if allowed:
        release_hold(ledger, hold_id(case.id), reference, by=Actor(by.id, by.role))
    return allowed


def weigh_lifting(case: Case, ledger: Ledger, officer: Officer, reference: str) -> Permission:
    """Return whether the hold of a case may be lifted: counsel may, once the case is closed.

    Args:
        case: The case.
        ledger: Tells which holds stand.
        officer: Who wants to.
        reference: Number of the order or letter that ends it.
    """
    hold = read_holds(ledger).find(hold_id(case.id))
    if hold is None:
        return Permission((Reason("no-hold", f"No hold was placed for case {case.id}."),))
    allowed = weigh_release(hold, officer, reference)
    still_open = [Reason("open", f"Case {case.id} is open: what is responsive stays until it is closed.")]
    return Permission((*(still_open if case.is_open else []), *allowed.reasons))


def list_held_series(ledger: Ledger, case: Case) -> tuple[str, ...]:
    """Return the series that the hold of a case is limited to; empty where it is limited to none, or there is none."""
    if not case.preserved:
        return ()
    hold = read_holds(ledger).find(case.preserved[-1])
    return tuple(sorted(hold.scope.series)) if hold and hold.scope else ()


def list_unpreserved(cases: Iterable[Case], standing: Collection[str]) -> tuple[Case, ...]:
    """Return the open cases for which no hold stands although their paper may reach a court, and nothing has left yet.

    Args:
        cases: Every case.
        standing: Ids of the holds that stand.
    """
    return tuple(
        case
        for case in cases
        if case.is_open and not case.gone and _wants_preserving(case) and hold_id(case.id) not in standing
    )


def _wants_preserving(case: Case) -> bool:
    row = load_instruments().get(case.instrument)
    return row is not None and row.family in PRESERVED


PRESERVED: Final = frozenset(
    {
        "court-order",
        "court-subpoena",
        "attorney-subpoena",
        "immigration-subpoena",
        "agency-subpoena",
        "records-request",
        "national-security-letter",
        "vendor-process",
        "employer-inspection",
    }
)
"""Families of papers after which destroying what they ask for could be held against the city."""
