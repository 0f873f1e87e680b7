"""The desk: reads a case, has a step weighed, appends it. Everything that is recorded of a case goes through here.

Rules of this file:

* A step is weighed on the case as it stands, and appended at the version that was read: where somebody else was
  quicker, nothing is recorded, and the answer says who, and what they did.
* Several steps of one act are weighed one after the other, each on what the former made, and recorded together
  or not at all.
* What is about people is sealed on a series that the city declares; without one, nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.judge import judge
from curtilage.disclosure.case.nouns import Case, Moment
from curtilage.disclosure.case.roles import list_people
from curtilage.disclosure.case.state import evolve, find_id, fold_case
from curtilage.disclosure.case.steps import Step, weigh, weigh_receiving, weigh_role
from curtilage.foundation.clock import Clock
from curtilage.foundation.errors import UndecidedError
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import Inventory, Officer
from curtilage.ledger.errors import StreamMovedError
from curtilage.ledger.nouns import NO_STREAM, Actor, Body, Entry
from curtilage.ledger.ports import Ledger
from curtilage.retention.nouns import Permission, Reason

if TYPE_CHECKING:
    from curtilage.disclosure.policy.packs import Policies
    from curtilage.disclosure.proof.activate import Activation

MOVED: Final = "moved"
"""Code of the reason that somebody else acted on the case first."""


class UndeclaredSeriesError(UndecidedError):
    """The record series on which requests are kept sealed is not declared."""

    code = "disclosure.undeclared-series"

    def __init__(self, *, series: str) -> None:
        self.series = series
        super().__init__(
            f"The inventory declares no series {series}, and what is about people in a request is kept on its "
            "schedule. Nothing was recorded. Declare it in inventory/series, short, or name another one in "
            "curtilage.toml: [disclosure] bodies_series."
        )


class NoSuchBodyError(UndecidedError):
    """A case has nothing sealed of that name."""

    code = "disclosure.no-such-body"

    def __init__(self, *, case: str, name: str) -> None:
        self.case, self.name = case, name
        super().__init__(
            f"The case {case} has no {name} sealed. Nothing was opened, and nothing left. "
            f"See what it has: curtilage disclosure show {case}"
        )


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """What acting on a case needs.

    Attributes:
        ledger: Where cases stand.
        declared: The city's inventory: who has which role, which series there are.
        clock: Tells the time.
        series: Id of the record series on whose schedule the private bodies are destroyed.
    """

    ledger: Ledger
    declared: Inventory
    clock: Clock
    series: str

    def now(self) -> Moment:
        """Return the moment, and who may act at it."""
        today = self.clock.today(self.declared.city.zone)
        return Moment(self.clock.now(), today, list_people(self.declared, today))


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of a step: true, asked as a truth, where it was recorded.

    Attributes:
        case: The case afterwards; as it stands, where nothing was recorded; None where there is none.
        reasons: Why nothing was recorded.
        entries: What was recorded.
    """

    case: Case | None
    reasons: tuple[Reason, ...] = ()
    entries: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        """Return whether it was recorded."""
        return not self.reasons


def open_case(desk: CaseDesk, received: Step, *more: Step | ev.Data, by: Officer) -> Acted:
    """Begin a case.

    Args:
        desk: The desk.
        received: ``ev.Received``; an empty ``case`` is given a new id.
        more: Further steps of the same act.
        by: Who does it; somebody at a desk may be an officer of no declared role.

    Raises:
        UndeclaredSeriesError: The series for what is about people is not declared.
        SourceError: The ledger did not answer.

    Effects:
        Appends to the ledger, all or nothing.
    """
    now = desk.now()
    if isinstance(received.data, ev.Received) and not received.data.case:
        received = replace(received, data=replace(received.data, case=ev.draw_id()))
    allowed = weigh_receiving(received, by, now)
    if not allowed:
        return Acted(None, allowed.reasons)
    assert isinstance(received.data, ev.Received)
    stream = ev.case_stream(received.data.case)
    case = evolve(None, _imagine(received, stream, 1, by, now))
    refused = _weigh_all(case, _steps(more), by, now)
    if refused:
        return Acted(None, refused)
    return _append(desk, stream, None, [received, *_steps(more)], by)


def act(desk: CaseDesk, case: str, *steps: Step | ev.Data, by: Officer, seen: int | None = None) -> Acted:
    """Take one or more steps in a case, together or not at all.

    Args:
        desk: The desk.
        case: Its id, or how that begins.
        steps: What would be recorded, in order; at least one.
        by: Who does it.
        seen: Version of the case that they decided on; None is the one that stands now.

    Raises:
        UnknownCaseError: There is no such case.
        UndeclaredSeriesError: Something is to be sealed, and its series is not declared.
        EvidenceError: The case cannot be read.
        SourceError: The ledger did not answer.

    Effects:
        Appends to the ledger, all or nothing.
    """
    stream = ev.case_stream(find_id(desk.ledger, case))
    found = fold_case(desk.ledger.read(stream))
    if seen is not None and seen != found.number:
        return Acted(found, (_say_moved(desk.ledger.read(stream, after=seen)),))
    refused = _weigh_all(found, _steps(steps), by, desk.now())
    if refused or not steps:
        return Acted(found, refused or (Reason("nothing", "Nothing was said."),))
    return _append(desk, stream, found, _steps(steps), by)


def rule(
    desk: CaseDesk,
    case: str,
    policies: Policies,
    active: Activation | None,
    *,
    by: Officer,
    seen: int | None = None,
) -> Acted:
    """Ask policy about a case, and record what it answers.

    Args:
        desk: The desk.
        case: Its id, or how that begins.
        policies: The city's set for today.
        active: What is active; None where nothing is.
        by: Who asks.
        seen: As in :func:`act`.

    Effects:
        Appends to the ledger.
    """
    found = fold_case(desk.ledger.read(ev.case_stream(find_id(desk.ledger, case))))
    if refused := tuple(weigh_role(ev.Decided, by)):
        return Acted(found, refused)  # whose it is not is not told what is known of the case, and what is not
    answer = judge(found, policies, active)
    if isinstance(answer, Permission):
        return Acted(found, answer.reasons)
    return act(desk, found.id, answer, by=by, seen=found.number if seen is None else seen)


def open_body(ledger: Ledger, case: Case, name: str) -> Guarded:
    """Return the private body of that name that was recorded last.

    Raises:
        NoSuchBodyError: There is none.
        BodyDestroyedError: It was destroyed on its schedule.
        EvidenceError: It is not what was recorded.
    """
    ref = case.find_body(name)
    if ref is None:
        raise NoSuchBodyError(case=case.id, name=name)
    return ledger.open_body(ref)


def _steps(steps: Sequence[Step | ev.Data]) -> list[Step]:
    return [each if isinstance(each, Step) else Step(each) for each in steps]


def _weigh_all(case: Case, steps: Sequence[Step], by: Officer, now: Moment) -> tuple[Reason, ...]:
    """Return why the first step that may not be taken may not; empty where all may."""
    for step in steps:
        allowed = weigh(case, step, by, now)
        if not allowed:
            return allowed.reasons
        case = evolve(case, _imagine(step, ev.case_stream(case.id), case.number + 1, by, now))
    return ()


def _imagine(step: Step, stream: str, number: int, by: Officer, now: Moment) -> Entry:
    """Return the entry that a step would become, without its bodies: to weigh what follows it."""
    event = ev.to_event(step.data)
    return Entry(-1, stream, number, event.kind, event.version, now.at, Actor(by.id, by.role), event.data)


def _append(desk: CaseDesk, stream: str, case: Case | None, steps: Sequence[Step], by: Officer) -> Acted:
    version = case.number if case else NO_STREAM
    events = [ev.to_event(step.data, bodies=_seal(desk, step.bodies)) for step in steps]
    try:
        entries = desk.ledger.append(stream, version, events, by=Actor(by.id, by.role))
    except StreamMovedError:
        standing = fold_case(desk.ledger.read(stream))
        return Acted(standing, (_say_moved(desk.ledger.read(stream, after=version)),))
    if case is None:
        return Acted(fold_case(entries), (), entries)
    for entry in entries:
        case = evolve(case, entry)
    return Acted(case, (), entries)


def _seal(desk: CaseDesk, bodies: Mapping[str, Guarded]) -> dict[str, Body]:
    if bodies and all(each.id != desk.series for each in desk.declared.series):
        raise UndeclaredSeriesError(series=desk.series)
    return {name: Body(content, desk.series) for name, content in bodies.items()}


def _say_moved(news: Sequence[Entry]) -> Reason:
    """Return who was quicker, and what they did."""
    did = ", ".join(
        dict.fromkeys(
            f"{entry.actor.id} ({entry.kind.partition('.')[2].replace('-', ' ')})" for entry in news
        )
    )
    text = f"Somebody else acted on this case first: {did or 'it was read at a version that it never had'}."
    return Reason(MOVED, f"{text} Look at it again, and decide anew.")
