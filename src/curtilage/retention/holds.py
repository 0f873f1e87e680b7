"""Which holds stand, what they are about, and what must stay for them.

Rules of this file:

* Which holds stand is a fold over the ledger, and read again whenever something is about to go. Before
  anything goes it is folded from the bytes of the entries themselves: a snapshot, or a column by which
  entries are found, is signed by nobody and could hide a hold.
* A scope is a private body: it may name people. Where it cannot be opened while the hold stands, the hold
  is about everything.
* What is not sure to be outside a hold is held: a row without a subject, under a hold on people; a table
  whose subject nobody declared; a row for which the hold's condition is unknown.
* A hold without a limit is placed only where somebody says that everything is meant.

Source:
    wa-core, litigation and requests; tx-state-form, holds.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from curtilage.connectors.disposal.conditions import (
    Any,
    Condition,
    HashIn,
    IsNull,
    Not,
    all_of,
    columns_of,
    condition_from_json,
    condition_to_json,
)
from curtilage.foundation.canonical import JSON, canonical_bytes
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import Inventory, Officer
from curtilage.ledger.nouns import Actor, Body, BodyRef, Entry
from curtilage.ledger.ports import Ledger
from curtilage.ledger.record import Record
from curtilage.ledger.snapshots import Projection, load_state
from curtilage.retention.events import (
    HOLD_KINDS,
    SCOPE,
    HoldPlaced,
    HoldReleased,
    HoldReviewed,
    hold_stream,
    read,
    to_event,
)
from curtilage.retention.nouns import Ground, Hold, Permission, PlanItem, Reason, Scope

EVERYTHING: Final = Scope()
"""The scope of a hold that nothing limits."""

_REFERENCE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./:#_-]{0,63}")
_MOST_SUBJECTS: Final = 100_000
"""Chosen: more people than that are a class of records, and are named by a condition."""


@dataclass(frozen=True, slots=True)
class Holds:
    """The holds of a city, as far as the ledger was read.

    Attributes:
        position: Position of the last entry about a hold; -1 for none.
        holds: Every hold, in the order in which they were placed.
    """

    position: int = -1
    holds: tuple[Hold, ...] = ()

    def list_standing(self) -> tuple[Hold, ...]:
        """Return those that stand."""
        return tuple(hold for hold in self.holds if hold.stands)

    def find(self, hold: str) -> Hold | None:
        """Return one by its id; None where there is none."""
        return next((each for each in self.holds if each.id == hold), None)


# --- the fold ------------------------------------------------------------------------------------


def read_holds(ledger: Ledger, before: Holds | None = None) -> Holds:
    """Return the holds of a city.

    Args:
        ledger: The ledger.
        before: What was read earlier; only what came since is read then.

    Raises:
        EvidenceError: An entry about a hold cannot be read: nothing may be destroyed then.
    """
    if before is None:
        return _open_standing(ledger, _fold(ledger))
    holds = before
    for entry in ledger.read_all(after=holds.position, kinds=HOLD_KINDS):
        holds = evolve(holds, entry, lambda ref: _open_scope(ledger, ref))
    return holds


def read_holds_through(ledger: Ledger) -> Holds:
    """Return the holds of a city from every entry of its ledger; what deletes begins with these.

    Raises:
        EvidenceError: An entry is missing or was changed, or one about a hold cannot be read.
    """
    holds = Holds()
    for entry in ledger.read_through(HOLD_KINDS):
        holds = evolve(holds, entry, lambda ref: _open_scope(ledger, ref))
    return holds


def _fold(ledger: Ledger) -> Holds:
    """Return the holds without their scopes, from the snapshot where there is one."""
    if isinstance(ledger, Record):
        return load_state(ledger, HOLDS).value
    holds = Holds()
    for entry in ledger.read_all(kinds=HOLD_KINDS):
        holds = _evolve_closed(holds, entry)
    return holds


def _open_standing(ledger: Ledger, holds: Holds) -> Holds:
    """Open the scopes of the holds that stand; those of released ones are destroyed."""
    opened = []
    for hold in holds.holds:
        refs = (
            [ref for entry in ledger.read(hold_stream(hold.id))[:1] for ref in entry.bodies]
            if hold.stands
            else []
        )
        scope = _open_scope(ledger, refs[0]) if refs else None
        opened.append(replace(hold, scope=scope))
    return Holds(holds.position, tuple(opened))


def evolve(holds: Holds, entry: Entry, open_scope: Callable[[BodyRef], Scope | None]) -> Holds:
    """Return the holds after one more entry; entries of other kinds change nothing."""
    if entry.kind not in HOLD_KINDS:
        return holds
    match read(entry):
        case HoldPlaced() as placed:
            ref = next((each for each in entry.bodies if each.name == SCOPE), None)
            scope = open_scope(ref) if ref else None
            found = (*holds.holds, _placed(placed, entry, scope))
        case HoldReviewed(hold, review):
            changed = {"review": review, "reviewed": entry.at}
            found = _change(holds, hold, changed)
        case HoldReleased(hold, reference):
            ended = {
                "released": entry.at,
                "released_by": entry.actor.id,
                "reference": reference,
                "scope": None,
            }
            found = _change(holds, hold, ended)
    return Holds(entry.position, found)


def _evolve_closed(holds: Holds, entry: Entry) -> Holds:
    return evolve(holds, entry, lambda _: None)


def _write_holds(holds: Holds) -> JSON:
    kept = [name for name in Hold.__dataclass_fields__ if name != "scope"]
    told = [{name: _plain(getattr(hold, name)) for name in kept} for hold in holds.holds]
    return {"position": holds.position, "holds": told}


def _plain(value: object) -> JSON:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _read_holds(said: typing.Any) -> Holds:
    return Holds(said["position"], tuple(map(_read_hold, said["holds"])))


def _read_hold(said: typing.Any) -> Hold:
    moments = {
        name: datetime.fromisoformat(said[name]) if said[name] else None for name in ("reviewed", "released")
    }
    known = {
        "ground": Ground(said["ground"]),
        "placed": datetime.fromisoformat(said["placed"]),
        "review": date.fromisoformat(said["review"]),
        "scope": None,
    }
    return Hold(**{**said, **moments, **known})


HOLDS: Final = Projection(
    name="retention-holds",
    version=1,
    start=Holds,
    evolve=_evolve_closed,
    write=_write_holds,
    read=_read_holds,
    kinds=frozenset(HOLD_KINDS),
)
"""Which holds stand, without whom they are about."""


def _placed(data: HoldPlaced, entry: Entry, scope: Scope | None) -> Hold:
    return Hold(
        data.hold, data.matter, Ground(data.ground), data.issuer, scope, entry.actor.id, entry.at, data.review
    )


def _change(holds: Holds, hold: str, changed: Mapping[str, object]) -> tuple[Hold, ...]:
    return tuple(replace(each, **changed) if each.id == hold else each for each in holds.holds)  # type: ignore[arg-type] # checked where it is built


def _open_scope(ledger: Ledger, ref: BodyRef) -> Scope | None:
    """Return a scope; None where it cannot be had, whatever the reason: the hold is about everything then."""
    try:
        return scope_from_json(json.loads(ledger.open_body(ref).unsafe_reveal()))
    except (CurtilageError, ValueError):
        return None


# --- the scope, as its private body --------------------------------------------------------------


def scope_to_json(scope: Scope) -> Mapping[str, JSON]:
    """Return the canonical JSON of a scope."""
    return {
        "series": sorted(scope.series),
        "systems": sorted(scope.systems),
        "subjects": sorted(scope.subjects),
        "condition": condition_to_json(scope.condition) if scope.condition else None,
    }


def scope_from_json(said: object) -> Scope:
    """Return the scope that :func:`scope_to_json` wrote.

    Raises:
        ValueError: It is none, or has more than what is known here.
    """
    if not isinstance(said, dict) or set(said) != {"series", "systems", "subjects", "condition"}:
        raise ValueError("A scope has series, systems, subjects and a condition.")
    condition = condition_from_json(said["condition"]) if said["condition"] is not None else None
    return Scope(_ids(said["series"]), _ids(said["systems"]), _ids(said["subjects"]), condition)


def _ids(said: object) -> frozenset[str]:
    if isinstance(said, list) and all(isinstance(each, str) for each in said):
        return frozenset(said)
    raise ValueError("A list of texts stands here.")


# --- what stays ----------------------------------------------------------------------------------


def covers(hold: Hold, series: Collection[str], system: str) -> bool:
    """Return whether a hold may be about records of one of some series in a system."""
    scope = hold.scope or EVERYTHING
    in_series = not scope.series or bool(scope.series.intersection(series))
    return hold.stands and in_series and (not scope.systems or system in scope.systems)


def held_rows(hold: Hold, subject: str, anchor: str) -> Condition:
    """Return which rows a hold is about, in a table that it covers. A row for which that is unknown is held.

    Args:
        hold: The hold.
        subject: The table's column that says whom a row is about; empty is none declared.
        anchor: Any column of the table.
    """
    scope = hold.scope or EVERYTHING
    parts: list[Condition] = [HashIn(subject, scope.subjects)] if scope.subjects and subject else []
    if scope.condition is not None:
        parts.append(scope.condition)
    return all_of(*parts) if parts else Any((IsNull(anchor), Not(IsNull(anchor))))


def what_stays(item: PlanItem, holds: Holds, table: str) -> Condition | None:
    """Return which rows must stay, of a line's own table or of one that goes along; None for none.

    A row for which it is unknown stays as well. What goes along is held with its own series and its own
    subject; a row of a series whose time is not over stays, and keeps its parent.

    Args:
        item: The line.
        holds: What stands now.
        table: ``item.target.table`` or one of ``item.target.along``.
    """
    standing = [
        hold for hold in holds.list_standing() if covers(hold, _series_of(item, table), item.target.system)
    ]
    if table == item.target.table:
        return _join([held_rows(hold, item.target.subject, _anchor(item)) for hold in standing])
    along = next((each for each in item.along if each.table == table), None)
    if along is None or along.due is None:
        return None  # it goes with its parent, and is about whom the parent is about
    anchor = columns_of(along.due)[0]
    return _join([*(held_rows(hold, along.subject, anchor) for hold in standing), Not(along.due)])


def _series_of(item: PlanItem, table: str) -> set[str]:
    return {item.series, *(each.series for each in item.along if each.table == table and each.series)}


def _anchor(item: PlanItem) -> str:
    # A replay's condition asks for no column.
    return (*item.target.key, *columns_of(item.target.condition), item.column)[0]


def _join(conditions: list[Condition]) -> Condition | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else Any(tuple(conditions))


# --- placing, reviewing, releasing ---------------------------------------------------------------


def weigh_placing(
    declared: Inventory, holds: Holds, placed: HoldPlaced, scope: Scope, *, today: date, review_days: int
) -> Permission:
    """Return whether a hold can be placed as it is said.

    Args:
        declared: The whole inventory.
        holds: What stands.
        placed: What would be recorded.
        scope: Which records.
        today: Calendar date in the city's zone.
        review_days: Days at most until it is looked at again.
    """
    known = {each.id for each in declared.series}, {each.id for each in declared.systems}
    reasons = [
        *_weigh_words(placed),
        *(_unknown("series", each) for each in sorted(scope.series - known[0])),
        *(_unknown("system", each) for each in sorted(scope.systems - known[1])),
        *_weigh_review(placed.review, today, review_days),
    ]
    if holds.find(placed.hold):
        reasons.append(Reason("known-hold", f"There is a hold {placed.hold} already."))
    if len(scope.subjects) > _MOST_SUBJECTS:
        reasons.append(
            Reason("too-many", f"More than {_MOST_SUBJECTS:,} people are named; name a series instead.")
        )
    return Permission(tuple(reasons))


def _weigh_words(placed: HoldPlaced) -> list[Reason]:
    reasons = []
    if not _REFERENCE.fullmatch(placed.matter):
        text = "A matter is named by its docket or file number, in letters, digits and . / : # - only: nobody's name."
        reasons.append(Reason("matter", text))
    if placed.ground not in set(Ground):
        reasons.append(Reason("ground", f"A ground is one of: {', '.join(Ground)}."))
    if not placed.issuer.strip() or len(placed.issuer) > 80:
        reasons.append(
            Reason("issuer", "Name the court, body or office that ordered it, in 80 characters at most.")
        )
    return reasons


def _weigh_review(review: date, today: date, review_days: int) -> list[Reason]:
    if today < review <= today + timedelta(days=review_days):
        return []
    return [Reason("review", f"The next review lies after today, and within {review_days} days.")]


def _unknown(what: str, name: str) -> Reason:
    return Reason("unknown-scope", f"There is no {what} {name}: a hold on it would hold nothing.")


def weigh_review(hold: Hold, review: date, *, today: date, review_days: int) -> Permission:
    """Return whether a hold can be given a next day of review."""
    gone = (
        []
        if hold.stands
        else [Reason("released", f"Hold {hold.id} was released on {hold.released:%Y-%m-%d}.")]
    )
    return Permission((*gone, *_weigh_review(review, today, review_days)))


def weigh_release(hold: Hold, officer: Officer, reference: str) -> Permission:
    """Return whether somebody may release a hold: counsel may, on an order or a letter with a number."""
    reasons = []
    if not hold.stands:
        reasons.append(Reason("released", f"Hold {hold.id} was released on {hold.released:%Y-%m-%d}."))
    if not officer.has_duty("counsel"):
        reasons.append(
            Reason("not-counsel", f"{officer.id} is {officer.role}; a hold is released by counsel.")
        )
    if not _REFERENCE.fullmatch(reference):
        reasons.append(Reason("reference", "Name the order or letter that ends it, by its number."))
    return Permission(tuple(reasons))


def place_hold(ledger: Ledger, placed: HoldPlaced, scope: Scope, *, by: Actor, kept_under: str) -> Entry:
    """Record a hold. It stands from that moment on, for whatever is being carried out too.

    Args:
        ledger: Where it is recorded.
        placed: Weighed before by :func:`weigh_placing`.
        scope: Which records.
        by: Who places it.
        kept_under: Record series on whose schedule the sealed scope is destroyed.

    Effects:
        Appends to the ledger.
    """
    body = Body(Guarded(canonical_bytes(scope_to_json(scope)).decode()), kept_under)
    event = to_event(placed, bodies={SCOPE: body})
    return ledger.append(hold_stream(placed.hold), 0, [event], by=by)[0]


def review_hold(ledger: Ledger, hold: str, review: date, *, by: Actor) -> Entry:
    """Record that somebody looked at a hold, and that it goes on standing.

    Effects:
        Appends to the ledger.
    """
    version = len(ledger.read(hold_stream(hold)))
    return ledger.append(hold_stream(hold), version, [to_event(HoldReviewed(hold, review))], by=by)[0]


def release_hold(ledger: Ledger, hold: str, reference: str, *, by: Actor) -> Entry:
    """Record that a hold no longer stands, and destroy the sealed list of whom it was about.

    Effects:
        Appends to the ledger; destroys the private body of the scope.
    """
    entries = ledger.read(hold_stream(hold))
    event = to_event(HoldReleased(hold, reference))
    released = ledger.append(hold_stream(hold), len(entries), [event], by=by)[0]
    for ref in (ref for entry in entries for ref in entry.bodies):
        ledger.destroy_body(ref, by=by, reason=f"hold {hold} released")
    return released
