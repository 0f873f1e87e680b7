"""Plan what would leave: fields and counts, read from the systems as they are, and nothing else of them.

Rules of this file:

* The same case, scope, inventory, recipients and records give the same plan, to its fingerprint. So a release
  makes the plan anew, and what was approved is what leaves.
* A plan that would reach everybody in a place, or nobody at all, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from curtilage.connectors.retrieval.nouns import Found
from curtilage.connectors.retrieval.ports import Retriever
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.release.nouns import PlanLine, ReleasePlan, Scope
from curtilage.disclosure.release.reach import Draft, basis_of, draft_lines
from curtilage.inventory.nouns import Inventory
from curtilage.retention.nouns import Permission, Reason

PLAN_DAYS: Final = 7
"""Days on which a plan may be carried out, the first included. Chosen: long enough for two people to read it."""

Open = Callable[[str], Retriever]
"""Opens a system by its id; who calls closes it."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """All that a plan is made of.

    Attributes:
        case: The case, decided.
        scope: How far it reaches; the private body of the case.
        declared: The city's inventory.
        recipients: Public keys that can open the package; at least one.
        day: Calendar day of the plan, in the city's zone.
        expires: Last day on which it may be carried out.
    """

    case: Case
    scope: Scope
    declared: Inventory
    recipients: tuple[str, ...]
    day: date
    expires: date

    def drafts(self) -> tuple[Draft, ...] | Permission:
        """Return the scope's lines made ready; or why nothing may be planned."""
        if self.case.ruling is None:
            return Permission(
                (Reason("not-decided", "Policy has not answered to the facts as they are now."),)
            )
        return draft_lines(self.scope, self.case.ruling, self.declared)


@contextmanager
def reading(drafts: Sequence[Draft], opener: Open) -> Iterator[Mapping[str, Retriever]]:
    """Open the systems of some lines, each at one moment, and close them again.

    Raises:
        SourceError: One does not answer, or a file changed meanwhile.
    """
    with ExitStack() as stack:
        opened: dict[str, Retriever] = {}
        for system in dict.fromkeys(draft.line.system for draft in drafts if draft.wanted):
            opened[system] = opener(system)
            stack.callback(opened[system].close)
            stack.enter_context(opened[system].moment())
        yield opened


def make_plan(
    ingredients: Ingredients, drafts: Sequence[Draft], systems: Mapping[str, Retriever]
) -> ReleasePlan | Permission:
    """Return the plan; or why there is none, every reason at once.

    Args:
        ingredients: What it is made of.
        drafts: Its lines, made ready.
        systems: The open systems of these lines.

    Raises:
        UndecidedError: A place is not as the scope or the inventory says.
        SourceError: A system does not answer.
    """
    lines: list[PlanLine] = []
    reasons: list[Reason] = []
    for number, draft in enumerate(drafts, 1):
        line, why = _make_line(number, draft, systems)
        lines.append(line)
        reasons += why
    if not reasons and not any(line.rows for line in lines):
        reasons.append(_say_nothing(ingredients.case.id, lines))
    if reasons:
        return Permission(tuple(reasons))
    return _plan(ingredients, tuple(lines))


def _say_nothing(case: str, lines: Sequence[PlanLine]) -> Reason:
    """Return why nothing would leave: the city holds nothing, or what it holds stays, which is another answer."""
    if any(line.kept_fields or line.undated or line.unshared or line.unreadable for line in lines):
        text = (
            "Nothing would leave: what the scope names stays, or cannot be told apart. This is not the answer that "
            f"the city holds no such record. Take it to counsel: curtilage disclosure narrow {case}, object or refuse."
        )
        return Reason("nothing-goes", text)
    text = (
        "The city holds no record of these people in these places and this period. That is an answer of its own: "
        f"curtilage disclosure answer {case} no-such-record --as OFFICER. Look first how each system writes an identifier."
    )
    return Reason("no-such-record", text)


def _make_line(
    number: int, draft: Draft, systems: Mapping[str, Retriever]
) -> tuple[PlanLine, Sequence[Reason]]:
    if draft.wanted is None:
        return _to_line(draft, Found(0, 0, 0)), ()
    retriever = systems[draft.line.system]
    there = {name.casefold() for name in retriever.list_columns(draft.wanted.table)}
    missing = [place for place, name in enumerate(draft.line.fields, 1) if name.casefold() not in there]
    if missing:
        # What was typed is not repeated: an identifier may have slipped in among the fields.
        which = ", ".join(map(str, missing))
        text = f"Entry {number} of the scope: {draft.line.place} has no such column as field {which}."
        return _to_line(draft, Found(0, 0, 0)), (Reason("no-such-field", text),)
    found = retriever.count(draft.wanted)
    if found.there > 1 and not found.has_others:
        text = (
            f"Entry {number} of the scope matches everybody in {draft.line.place}. An order for all is no order "
            "about people: take it to counsel, who objects to it or narrows it."
        )
        return _to_line(draft, found), (Reason("matches-everyone", text),)
    return _to_line(draft, found), ()


def _to_line(draft: Draft, found: Found) -> PlanLine:
    return PlanLine(
        place=draft.line.place,
        fields=draft.wanted.fields if draft.wanted else (),
        subject=draft.subject,
        dated_by=draft.dated_by,
        asked=len(draft.line.about),
        people=found.people,
        rows=found.rows,
        outside=found.outside,
        undated=found.undated,
        unshared=found.unshared,
        unreadable=found.unreadable,
        kept_fields=draft.kept_fields,
    )


def _plan(given: Ingredients, lines: tuple[PlanLine, ...]) -> ReleasePlan:
    ruling, scope = given.case.ruling, given.case.find_body("scope")
    assert ruling is not None
    assert scope is not None
    return ReleasePlan(
        case=given.case.id,
        basis=basis_of(ruling.policies),
        policies=ruling.policies,
        policy_hash=ruling.policy_hash,
        instrument=given.case.instrument,
        scope=scope.commitment,
        since=given.scope.since,
        until=given.scope.until,
        day=given.day,
        expires=given.expires,
        recipients=given.recipients,
        lines=lines,
    )
