"""Hold a scope against the inventory: what of it is declared, about whom a record is, and what stays by its nature.

Pure. Rules of this file:

* A record is about whom the inventory says: the subject's column is never chosen by who writes a scope.
* What nobody declared, or what is declared not to be held, stays; unless a court's order names that very
  field: the city then complies, and the plan says so.
* Policy answered to facts. A scope that reaches further than those facts is refused, not narrowed in silence.
* Reasons name places and entries by number, never what stands under ``about``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from curtilage.connectors.retrieval.nouns import Wanted, Where
from curtilage.disclosure.case.nouns import Ruling
from curtilage.disclosure.release.nouns import BASES, COMPELLING, Scope, ScopeLine
from curtilage.disclosure.release.scope import BadScopeError
from curtilage.foundation.errors import Problem
from curtilage.inventory.nouns import Category, Field, Holding, Inventory, Necessity
from curtilage.retention.nouns import Permission, Reason

BASIS_OF: Final = {
    "release-court-order": "court-order",
    "release-mandatory-authority": "statute",
    "release-consent": "consent",
    "release-public-record": "public-record",
    "release-exigent": "emergency",
}
"""On what a release rests, by the rule of the base pack that permits it."""

WISHES_COUNT: Final = frozenset({"public-record", "emergency"})
"""Bases on which who asked not to be shared is left out: nobody compels it, and it is not the subject's own consent."""

FACTS: Final = ("status", "locator", "other_personal")


@dataclass(frozen=True, slots=True)
class Draft:
    """One line of a scope, made ready to be read.

    Attributes:
        line: As it was written.
        wanted: What would be read; None where every field stays.
        subject: Column that says whom a record is about.
        dated_by: Column of the period; empty where there is none.
        kept_fields: Fields that stay, each with its reason.
    """

    line: ScopeLine
    wanted: Wanted | None
    subject: str
    dated_by: str
    kept_fields: tuple[tuple[str, str], ...]


def basis_of(policies: Sequence[str]) -> str:
    """Return on what a release rests, by the rules that gave the answer: the one that binds most."""
    found = {BASIS_OF[rule] for rule in policies if rule in BASIS_OF}
    return next((basis for basis in BASES if basis in found), "other")


def draft_lines(scope: Scope, ruling: Ruling, declared: Inventory) -> tuple[Draft, ...] | Permission:
    """Return each line of a scope made ready; or why nothing may be planned, every reason at once.

    Args:
        scope: How far the release reaches.
        ruling: What policy answered, and to which facts.
        declared: The city's inventory.
    """
    basis = basis_of(ruling.policies)
    drafting = [_Drafting(number, line, scope, basis, declared) for number, line in enumerate(scope.lines, 1)]
    reasons = [reason for each in drafting for reason in each.weigh()]
    if basis == "other":
        text = "By which ground it leaves is not known here, so nothing can be planned. Ask counsel."
        reasons.append(Reason("unknown-basis", text))
    reasons += _weigh_facts(drafting, ruling)
    if reasons:
        return Permission(tuple(dict.fromkeys(reasons)))
    return tuple(each.draft() for each in drafting)


def find_fields(declared: Inventory, line: ScopeLine, column: str) -> tuple[Field, ...]:
    """Return the fields of the inventory that lie in a column; empty where nobody declared it."""
    table = line.table
    names = {table, PurePosixPath(table).stem if "/" in table or "." in table else table}
    places = {f"{line.system}.{name}.{column}".casefold() for name in names}
    return tuple(
        field
        for field in declared.list_fields()
        if any(place.casefold() in places for place in field.stored_in)
    )


def check_declared(scope: Scope, declared: Inventory, source: str = "scope") -> None:
    """Refuse a scope with a place or field that nobody declared, before anything of it is recorded.

    The names of its fields stand in the ledger for ever: an identifier that slipped in among them would, too. A
    field that the order names itself need not be declared.

    Raises:
        BadScopeError: There is one; all are told, by number.
    """
    systems = {system.id for system in declared.systems}
    problems = []
    for number, line in enumerate(scope.lines, 1):
        if line.system not in systems:
            instead = "Write in: SYSTEM.TABLE, with a system of inventory/systems.yml."
            problems.append(_problem(source, f"Entry {number} names a system that is not declared.", instead))
        for place, name in enumerate(line.fields, 1):
            if name not in line.named_by_order and not find_fields(declared, line, name):
                instead = "Declare it in a department's file, or write it under named_by_order, where the order names it."
                problems.append(
                    _problem(source, f"Field {place} of entry {number} is not declared.", instead)
                )
    if problems:
        raise BadScopeError(problems)


def _problem(source: str, what: str, instead: str) -> Problem:
    return Problem(source, 0, what, instead, "disclosure.bad-scope")


@dataclass(frozen=True, slots=True)
class _Drafting:
    """One line while it is weighed; ``number`` counts from 1."""

    number: int
    line: ScopeLine
    scope: Scope
    basis: str
    declared: Inventory

    def weigh(self) -> Iterator[Reason]:
        """Give why nothing may be planned of it."""
        system = next((each for each in self.declared.systems if each.id == self.line.system), None)
        if system is None:
            yield self._say("no-system", "its system is not declared. Declare it in inventory/systems.yml.")
        elif not system.connection:
            yield self._say(
                "no-connection", f"{system.id} has no connection, so nothing can be read from it."
            )
        if len(self._subjects()) != 1:
            what = (
                "says about whom a record is in two ways"
                if self._subjects()
                else "does not say about whom a record is"
            )
            text = f"the inventory {what}. Write subject: COLUMN where its series is held_in that place."
            yield self._say("no-subject", text)
        if self._has_period() and not self._dated_by():
            text = (
                "the order names a period, and nothing says which column has the day. Write dated_by: COLUMN."
            )
            yield self._say("no-days", text)
        if self.line.named_by_order and self.basis not in COMPELLING:
            text = "named_by_order is for a court's order or a statute, and this rests on neither."
            yield self._say("not-compelled", text)

    def draft(self) -> Draft:
        """Return it made ready; only after nothing was found against it."""
        kept = tuple((name, reason) for name in self.line.fields if (reason := self._stays(name)))
        goes = tuple(name for name in self.line.fields if name not in dict(kept))
        subject, dated_by = self._subjects()[0], self._dated_by() if self._has_period() else ""
        wanted = Wanted(
            self.line.table, goes, subject, self.line.about, dated_by,
            self.scope.since, self.scope.until, self._shared(),
        ) if goes else None  # fmt: skip
        return Draft(self.line, wanted, subject, dated_by, kept)

    def list_going(self) -> Iterator[tuple[str, tuple[Field, ...]]]:
        """Give the fields that would leave, each with what the inventory declares of it."""
        for name in self.line.fields:
            if not self._stays(name):
                yield name, find_fields(self.declared, self.line, name)

    def _stays(self, name: str) -> str:
        """Return why a field stays; empty where it goes."""
        found = find_fields(self.declared, self.line, name)
        if self._is_sealed(name):
            return "sealed"
        if name in self.line.named_by_order:
            return ""
        if not found:
            return "undeclared"
        necessities = {field.necessity for field in found}
        if Necessity.PROHIBITED in necessities:
            return "prohibited"
        return "verbal" if Necessity.VERBAL in necessities else ""

    def _is_sealed(self, name: str) -> bool:
        column = f"{self.line.table}.{name}".casefold()
        systems = (each for each in self.declared.systems if each.id == self.line.system)
        return any(column == each.casefold() for system in systems for each in system.encryption.fields)

    def _holdings(self) -> Iterator[Holding]:
        for series in self.declared.series:
            yield from (each for each in series.held_in if each.place == self.line.place)

    def _subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.subject for each in self._holdings() if each.subject))

    def _has_period(self) -> bool:
        return bool(self.scope.since or self.scope.until)

    def _dated_by(self) -> str:
        if self.line.dated_by:
            return self.line.dated_by
        columns = {column for each in self._holdings() for _, column in each.triggers}
        return columns.pop() if len(columns) == 1 else ""

    def _shared(self) -> Where | None:
        if self.basis not in WISHES_COUNT:
            return None
        found = [each.shared_where for each in self._holdings() if each.shared_where is not None]
        return Where(found[0].column, found[0].among) if found else None

    def _say(self, code: str, text: str) -> Reason:
        return Reason(code, f"Entry {self.number} of the scope: {text}")


def _weigh_facts(drafting: Sequence[_Drafting], ruling: Ruling) -> Iterator[Reason]:
    """Give which facts the decision rests on that the scope's fields contradict."""
    said = dict(ruling.facts)
    for fact in FACTS:
        if said.get(fact) == "yes":
            continue
        for each in drafting:
            for name, found in each.list_going():
                if fact in _tells(found, each.declared):
                    what = fact.replace("_", " ")
                    text = f"{each.line.place}.{name} holds {what} information, and policy was asked as if none were wanted. State it, and decide anew."
                    yield Reason("other-facts", text)


def _tells(found: Sequence[Field], declared: Inventory) -> frozenset[str]:
    """Return of which facts a column speaks; one of which nothing is known speaks of all."""
    known = {category.id: category for category in declared.categories}
    told: set[str] = set()
    for field in found:
        if field.category == "none":
            told.add("other_personal")
        elif field.category not in known:
            told.update(FACTS)
        else:
            told.update(_told_by(known[field.category]))
    return frozenset(told or FACTS)


def _told_by(category: Category) -> Iterator[str]:
    if category.status_information:
        yield "status"
    if category.locator_information:
        yield "locator"
    if not category.status_information and not category.locator_information:
        yield "other_personal"
