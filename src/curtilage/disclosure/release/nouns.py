"""The nouns of a release: how far it reaches, what would leave by it, and how it ended.

Rules of this file:

* Whom a release is about stands only in its scope, which is a private body of the case.
* A plan holds counts and names of places. Its id is the fingerprint of all of it, so that what was approved
  is what is carried out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from curtilage.foundation.canonical import JSON, fingerprint
from curtilage.foundation.guarded import Guarded

FORMAT: Final = 1
"""Version of the form of a plan."""

BASES: Final = ("court-order", "statute", "consent", "public-record", "emergency", "other")
"""On what a release rests; of the last nothing is known, so it is treated as what nobody compels."""

COMPELLING: Final = frozenset({"court-order", "statute"})
"""Bases that oblige the city: who asked not to be shared is not asked again."""

REASONS: Final[Mapping[str, str]] = {
    "undeclared": "the inventory does not declare the field, so nobody decided that the city holds it",
    "prohibited": "the inventory says that it is neither asked nor held",
    "verbal": "the inventory says that it is asked aloud and not written down",
    "sealed": "it is sealed field by field, and is not opened here",
    "outside": "the record lies outside of the period",
    "undated": "no day says whether the record lies in the period",
    "unshared": "nothing compels it, and the record does not say that it may be shared",
    "unreadable": "the row does not follow its file's header, so nobody knows about whom it is",
}
"""Why something stays; the first four speak of fields, the others of records."""


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """Which fields of whom, in one place.

    Attributes:
        place: ``SYSTEM.TABLE``, or ``SYSTEM.PATH`` of files.
        about: What stands in the place's subject column for each person; at least one.
        fields: Names of columns, at least one, in the order of the file.
        named_by_order: Those of them that a court's order names itself, although the inventory says that they
            are not to be held.
        dated_by: Column with the day that the period speaks of; empty is the one that the inventory declares.
    """

    place: str
    about: tuple[Guarded, ...]
    fields: tuple[str, ...]
    named_by_order: tuple[str, ...] = ()
    dated_by: str = ""

    @property
    def system(self) -> str:
        """Return the id of the system."""
        return self.place.partition(".")[0]

    @property
    def table(self) -> str:
        """Return the table or path within the system."""
        return self.place.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a release reaches: no further than the paper, as a person read it.

    Attributes:
        lines: At least one.
        since: First calendar day of the period; None is without beginning.
        until: Last day; None is without end. Both are None only where the paper names no period, and the
            file says so.
    """

    lines: tuple[ScopeLine, ...]
    since: date | None
    until: date | None

    @property
    def subjects(self) -> int:
        """Return how many different identifiers are named, counted by system."""
        return len({(line.system, person) for line in self.lines for person in line.about})

    @property
    def fields(self) -> tuple[str, ...]:
        """Return all fields as ``SYSTEM.TABLE.COLUMN``, sorted, each once."""
        return tuple(sorted({f"{line.place}.{name}" for line in self.lines for name in line.fields}))

    @property
    def systems(self) -> tuple[str, ...]:
        """Return the ids of the systems, sorted."""
        return tuple(sorted({line.system for line in self.lines}))

    def to_json(self) -> Mapping[str, JSON]:
        """Return it as the case's private body holds it; identifiers of people stand in it."""
        return {
            "since": _write_day(self.since),
            "until": _write_day(self.until),
            "records": [
                {
                    "in": line.place,
                    "about": [person.unsafe_reveal() for person in line.about],
                    "fields": list(line.fields),
                    "named_by_order": list(line.named_by_order),
                    "dated_by": line.dated_by,
                }
                for line in self.lines
            ],
        }


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What would leave from one place: counts only.

    Attributes:
        place: ``SYSTEM.TABLE``.
        fields: Columns that would leave, in order; may be empty where all stay.
        subject: Column that says whom a record is about.
        dated_by: Column of the period; empty where there is none.
        asked: How many people were asked for.
        people: How many of them something would leave about.
        rows: Records that would leave.
        outside: Records that stay, by the reasons of :data:`REASONS`; so for the three that follow.
        kept_fields: Fields that stay, each with its reason.
    """

    place: str
    fields: tuple[str, ...]
    subject: str
    dated_by: str
    asked: int
    people: int
    rows: int
    outside: int
    undated: int
    unshared: int
    unreadable: int
    kept_fields: tuple[tuple[str, str], ...]

    def list_left_out(self) -> Iterator[tuple[str, int]]:
        """Give what stays, by reason, with how much of it; a reason of which there is nothing is left out."""
        reasons = [reason for _, reason in self.kept_fields]
        yield from ((reason, reasons.count(reason)) for reason in dict.fromkeys(reasons))
        for reason in ("outside", "undated", "unshared", "unreadable"):
            if count := getattr(self, reason):
                yield reason, count


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What would leave, for whom, on what: the value that is read, approved and carried out.

    Attributes:
        case: Id of the case.
        basis: One of :data:`BASES`.
        policies: Rules that gave the answer.
        policy_hash: Names the set of rules.
        instrument: Id of the instrument.
        scope: Commitment to the private body that says about whom: 64 hex digits.
        since: First day of the period; ``until`` the last.
        day: Calendar day on which it was made, in the city's zone.
        expires: Last day on which it may be carried out.
        recipients: Public keys that can open the package; at least one.
        lines: What would leave, place by place.
    """

    case: str
    basis: str
    policies: tuple[str, ...]
    policy_hash: str
    instrument: str
    scope: str
    since: date | None
    until: date | None
    day: date
    expires: date
    recipients: tuple[str, ...]
    lines: tuple[PlanLine, ...]

    @property
    def id(self) -> str:
        """Return the fingerprint of the plan, 64 hex digits."""
        return fingerprint(self.to_json())

    @property
    def rows(self) -> int:
        """Return how many records would leave."""
        return sum(line.rows for line in self.lines)

    @property
    def people(self) -> int:
        """Return how many people something would leave about, counted by place; the largest of the places."""
        return max((line.people for line in self.lines), default=0)

    @property
    def package(self) -> str:
        """Return the name of its package: nothing of whom it is about, and the same each time."""
        return f"release-{self.case}-{self.id[:12]}.zip.age"

    def count_fields(self) -> tuple[tuple[str, int], ...]:
        """Return how many values would leave, by ``SYSTEM.TABLE.COLUMN``, sorted."""
        counts = {f"{line.place}.{name}": line.rows for line in self.lines for name in line.fields}
        return tuple(sorted(counts.items()))

    def count_tables(self) -> tuple[tuple[str, int], ...]:
        """Return how many values would leave, by ``SYSTEM.TABLE``, sorted."""
        return tuple(sorted((line.place, line.rows * len(line.fields)) for line in self.lines if line.fields))

    def count_left_out(self) -> tuple[tuple[str, int], ...]:
        """Return what stays, by reason, in the order of :data:`REASONS`."""
        counts = dict.fromkeys(REASONS, 0)
        for line in self.lines:
            for reason, count in line.list_left_out():
                counts[reason] += count
        return tuple((reason, count) for reason, count in counts.items() if count)

    def to_json(self) -> Mapping[str, JSON]:
        """Return the canonical JSON of the plan, from which its id is made."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        days = {name: _write_day(said[name]) for name in ("since", "until", "day", "expires")}
        return {**said, **days, "format": FORMAT, "lines": [_line_to_json(line) for line in self.lines]}


def _line_to_json(line: PlanLine) -> Mapping[str, JSON]:
    said = {each.name: getattr(line, each.name) for each in fields(line)}
    return {**said, "kept_fields": [list(each) for each in line.kept_fields]}


def _write_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
