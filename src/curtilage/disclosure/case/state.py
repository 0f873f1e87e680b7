"""What the ledger tells of cases: the state of each is the fold of its own stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import reduce
from typing import Any, Final

import msgspec
from msgspec import structs

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.nouns import (
    Approval,
    Bounds,
    Case,
    CaseBody,
    CaseHold,
    CasePlan,
    Confirmation,
    Emergency,
    Gone,
    Notice,
    Ruling,
    Sent,
    Withheld,
)
from curtilage.foundation.canonical import JSON
from curtilage.foundation.errors import EvidenceError, UsageError
from curtilage.ledger.nouns import Entry
from curtilage.ledger.ports import Ledger
from curtilage.ledger.record import Record
from curtilage.ledger.snapshots import Projection, load_state

OF_THE_PAPER: Final = ("in_force", "enforced_by_court", "mandatory_authority")
"""Facts that say what the order is: who states one anew asks counsel to confirm the order anew."""


class UnknownCaseError(UsageError):
    """The ledger knows no such case, or several that begin so."""

    code = "disclosure.unknown-case"

    def __init__(self, *, found: int = 0) -> None:
        self.found = found
        what = f"{found} cases begin so" if found else "The ledger knows no such case"
        super().__init__(
            f"{what}. Nothing was recorded, and nothing left. "
            "Write all 8 characters of the case's id; list the cases with: curtilage disclosure cases"
        )


class BrokenCaseError(EvidenceError):
    """The stream of a case does not begin with its receipt."""

    code = "disclosure.broken-case"

    def __init__(self, *, position: int) -> None:
        self.position = position
        super().__init__(
            f"Entry {position} of the ledger belongs to a case that was never received. Nothing was decided, "
            "and nothing left. Verify the record: curtilage ledger verify"
        )


def read_case(ledger: Ledger, case: str) -> Case:
    """Return a case.

    Args:
        ledger: The ledger.
        case: Its id, or its first characters where no other begins so; at least 4.

    Raises:
        UnknownCaseError: There is none, or there are several.
        EvidenceError: What was recorded of it cannot be read.
    """
    entries = ledger.read(ev.case_stream(find_id(ledger, case)))
    return fold_case(entries)


def find_id(ledger: Ledger, start: str) -> str:
    """Return the id of the one case whose id begins so.

    Raises:
        UnknownCaseError: None does, several do, or fewer than 4 characters are given.
    """
    found = ledger.list_streams(ev.case_stream(start)) if len(start) >= 4 else ()
    if len(found) != 1:
        raise UnknownCaseError(found=len(found))
    return found[0].removeprefix(ev.PREFIX)


def list_cases(ledger: Ledger) -> tuple[Case, ...]:
    """Return every case, in the order in which they were received; may be empty.

    Raises:
        EvidenceError: An entry of a case cannot be read.
    """
    if isinstance(ledger, Record):
        return tuple(load_state(ledger, CASES).value.values())
    cases: All = {}
    for entry in ledger.read_all(kinds=CASES.kinds):
        cases = _evolve_all(cases, entry)
    return tuple(cases.values())


def fold_case(entries: Sequence[Entry]) -> Case:
    """Return a case from the entries of its stream, in order; at least one."""
    return reduce(evolve, entries[1:], evolve(None, entries[0]))


def evolve(case: Case | None, entry: Entry) -> Case:
    """Return a case after one more entry of its stream; None is before its first.

    Raises:
        EvidenceError: The entry cannot be read here, or is the first and no receipt.
    """
    data = ev.read(entry)
    if case is None or isinstance(data, ev.Received):
        return _begin(case, data, entry)
    changed = structs.replace(
        case, number=entry.number, last=entry.at, bodies=(*case.bodies, *_bodies(entry))
    )
    return _apply(changed, data, entry)


def _begin(case: Case | None, data: ev.Data, entry: Entry) -> Case:
    if case is not None or not isinstance(data, ev.Received):
        raise BrokenCaseError(position=entry.position)
    return Case(
        id=data.case,
        number=entry.number,
        received=entry.at,
        last=entry.at,
        channel=data.channel,
        department=data.department,
        script=data.script,
        paper=data.paper,
        issuer=data.issuer,
        bodies=_bodies(entry),
    )


def _bodies(entry: Entry) -> tuple[CaseBody, ...]:
    return tuple(CaseBody(entry.number, entry.kind, ref) for ref in entry.bodies)


def _apply(case: Case, data: ev.Data, entry: Entry) -> Case:
    """Return the case after what was recorded; each kind changes what its own line says."""
    by, at = entry.actor.id, entry.at
    match data:
        case ev.Attached(hints=hints):
            return structs.replace(case, hints=_join(case.hints, hints))
        case ev.Identified(issuer, signer, authentic, how):
            known = structs.replace(case, issuer=issuer, signer=signer, authentic=authentic, how=how)
            return _take_back(known, order=True)
        case ev.Classified():
            return _take_back(_classify(case, data), order=True)
        case ev.FactStated(fact, word):
            stated = structs.replace(case, facts=_state(case.facts, fact, word))
            return _take_back(stated, order=fact.partition(".")[0] in OF_THE_PAPER)
        case ev.Assigned(officer):
            return structs.replace(case, officer=officer)
        case ev.Held(ground, until):
            rest = tuple(hold for hold in case.holds if hold.ground != ground)
            return _take_back(structs.replace(case, holds=(*rest, CaseHold(ground, until, by, at))))
        case ev.HoldLifted(ground):
            rest = tuple(hold for hold in case.holds if hold.ground != ground)
            return _take_back(structs.replace(case, holds=rest))
        case ev.Confirmed("order"):
            return structs.replace(_take_back(case), order=Confirmation(by, at))
        case ev.Confirmed("outcome"):
            return structs.replace(case, outcome=Confirmation(by, at))
        case ev.Decided():
            ruled = Ruling(**_same(data), number=entry.number, by=by, at=at)
            return structs.replace(_take_back(case), ruling=ruled)
        case ev.Narrowed():
            narrowed = structs.replace(
                case, bounds=Bounds(**_same(data)), facts=_state(case.facts, "scope", "none")
            )
            return _take_back(narrowed)
        case ev.ExigentOpened(harm, minimum_only, called_back, review_by):
            opened = Emergency(harm, minimum_only, called_back, at, review_by, by)
            return _take_back(structs.replace(case, emergency=_not_later(case.emergency, opened)))
    return _answer(case, data, entry)


def _answer(case: Case, data: ev.Data, entry: Entry) -> Case:
    """Return the case after what changes no fact: plans, approvals, letters, notices, the end."""
    by, at = entry.actor.id, entry.at
    match data:
        case ev.Planned():
            return structs.replace(case, plan=CasePlan(**_same(data), by=by, at=at), approvals={})
        case ev.Approved(plan, role):
            given = (*case.approvals.get(plan, ()), Approval(by, role, at))
            return structs.replace(case, approvals={**case.approvals, plan: given})
        case ev.ReleaseIntended(plan):
            return structs.replace(case, releasing=plan)
        case ev.Released():
            return structs.replace(case, releasing="", gone=(*case.gone, Gone(**_same(data), by=by, at=at)))
        case ev.ReleaseStopped():
            return structs.replace(case, releasing="", plan=None, approvals={})
        case ev.Objected(letter):
            return structs.replace(case, sent=(*case.sent, Sent("objected", letter, at)), answered=True)
        case ev.Refused(letter):
            return structs.replace(case, sent=(*case.sent, Sent("refused", letter, at)), answered=True)
        case ev.Answered(answer, letter):
            return structs.replace(case, sent=(*case.sent, Sent(answer, letter, at)), answered=True)
        case ev.Preserved(hold):
            return structs.replace(case, preserved=(*case.preserved, hold))
        case ev.Noticed(whom, how, on):
            return structs.replace(case, notices=(*case.notices, Notice(whom, how, on)))
        case ev.NoticeWithheld(cite, until):
            gagged = structs.replace(case, gag=True, withheld=Withheld(cite, until))
            return gagged if case.gone else _take_back(gagged, order=True)
        case ev.Reviewed(finding=finding) if case.emergency:
            return structs.replace(case, emergency=replace(case.emergency, finding=finding, reviewed=at))
        case ev.Closed(result):
            return structs.replace(case, result=result, closed=at)
    return case


def _not_later(before: Emergency | None, opened: Emergency) -> Emergency:
    """Return an emergency that was stated again: its review is due no later than before."""
    if before is None or not before.is_open:
        return opened
    return replace(opened, opened=before.opened, review_by=min(before.review_by, opened.review_by))


def _state(facts: Mapping[str, str], fact: str, word: str) -> Mapping[str, str]:
    """Return the facts with one more; ``none`` takes it back, with its parts."""
    if word != "none":
        return {**facts, fact: word}
    return {name: said for name, said in facts.items() if name != fact and not name.startswith(f"{fact}.")}


def _classify(case: Case, data: ev.Classified) -> Case:
    said = _same(data)
    return structs.replace(case, **{**said, "hints": _join(case.hints, data.hints)})


def _take_back(case: Case, *, order: bool = False) -> Case:
    """Return the case without what was said of its facts as they were."""
    kept = None if order else case.order
    return structs.replace(
        case, order=kept, ruling=None, outcome=None, plan=None, approvals={}, answered=False
    )


def _join(before: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _same(data: Any) -> Mapping[str, Any]:
    """Return an event's fields by name."""
    return {each.name: getattr(data, each.name) for each in fields(data)}


# --- all cases at once, from a snapshot ----------------------------------------------------------

All = Mapping[str, Case]
"""Each case, by its stream."""


def _evolve_all(cases: All, entry: Entry) -> All:
    # One mapping is carried along a fold of very many entries, and belongs to that fold alone.
    assert isinstance(cases, dict)
    cases[entry.stream] = evolve(cases.get(entry.stream), entry)
    return cases


def _write_all(cases: All) -> JSON:
    said: JSON = msgspec.to_builtins(
        list(cases.values())
    )  # a list: canonical JSON sorts the keys of an object
    return said


def _read_all(said: Any) -> All:
    return {ev.case_stream(case.id): case for case in msgspec.convert(said, list[Case])}


CASES: Final = Projection(
    name="disclosure-cases",
    version=1,
    start=dict,
    evolve=_evolve_all,
    write=_write_all,
    read=_read_all,
    kinds=frozenset(ev.KINDS),
)
"""Every case, without anything that is sealed."""
