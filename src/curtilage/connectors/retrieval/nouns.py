"""What is wanted of one place for a release, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from curtilage.connectors.disposal.conditions import All, Any, Compare, Condition, IsNull, Not, OneOf, all_of
from curtilage.foundation.guarded import Guarded

MOST_PEOPLE: Final = 500
"""People in one question. Chosen: an order that names more is no order about people, and counsel is asked."""

CONTENT: Final = "content"
"""Field that stands for a document itself, where the records are documents and not rows."""

Cell = str | None
"""A value as the system writes it, as text; None where it holds nothing."""


@dataclass(frozen=True, slots=True)
class Where:
    """A column that must hold one of some words, for a row to be shared.

    Attributes:
        column: Name of the column.
        among: The words; at least one.
    """

    column: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some fields of some people's records in one table or file.

    Attributes:
        table: As the inventory names it within its system; or a path below the system's folder.
        fields: Columns that are read, in the order in which they are given out; at least one.
        subject: Column that says whom a record is about.
        people: What stands in that column for them, letter by letter; 1 to :data:`MOST_PEOPLE`.
        dated_by: Column with the day that the period speaks of; empty where there is no period.
        since: First calendar day of the period; None is without beginning.
        until: Last day; None is without end.
        shared: Which rows may be shared where nothing compels it; None is all of them.
    """

    table: str
    fields: tuple[str, ...]
    subject: str
    people: tuple[Guarded, ...]
    dated_by: str = ""
    since: date | None = None
    until: date | None = None
    shared: Where | None = None

    def __post_init__(self) -> None:
        """Refuse what would mean everything: nothing empty means yes."""
        if not self.fields or not self.subject or not 1 <= len(self.people) <= MOST_PEOPLE:
            raise ValueError(f"Fields, a subject's column and 1 to {MOST_PEOPLE} people are given.")
        if any(not person.unsafe_reveal().strip() for person in self.people):
            raise ValueError("An empty text is nobody.")
        if bool(self.dated_by) != bool(self.since or self.until):
            raise ValueError("A period has a column of days, and a column of days a period.")
        if self.shared is not None and not self.shared.among:
            raise ValueError("Nothing empty means yes: give the words of who may be shared.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that is asked about or read, each once."""
        asked = (self.subject, self.dated_by, self.shared.column if self.shared else "")
        return tuple(dict.fromkeys(each for each in (*self.fields, *asked) if each))

    def about(self, *, is_loose: bool = False) -> Condition:
        """Return which rows are about these people.

        Args:
            is_loose: The column may hold numbers and texts side by side.
        """
        named = tuple(person.unsafe_reveal() for person in self.people)
        same: Condition = OneOf(self.subject, named)
        numbers = tuple(int(each) for each in named if _is_number(each))
        return Any((same, OneOf(self.subject, numbers))) if is_loose and numbers else same

    def within(self) -> Condition | None:
        """Return which rows lie in the period; None where there is none."""
        ends = []
        if self.since:
            ends.append(Compare(self.dated_by, ">=", self.since))
        if self.until:
            ends.append(Compare(self.dated_by, "<=", self.until))
        return all_of(*ends) if ends else None

    def may_share(self) -> Condition | None:
        """Return which rows may be shared; None where all may."""
        return OneOf(self.shared.column, self.shared.among) if self.shared else None


@dataclass(frozen=True, slots=True)
class Found:
    """What a place holds of what is wanted: counts only.

    Attributes:
        rows: Records that would be read.
        people: How many of the people they are about.
        there: How many of the people the place knows, whatever the period and whether they may be shared.
        outside: Records of these people that lie outside of the period.
        undated: Records of these people of which no day says whether they lie in it.
        unshared: Records in the period that may not be shared.
        unreadable: Rows of a file that do not follow its header, so that nobody knows about whom they are.
        has_others: Whether the place holds a record of anybody else.
    """

    rows: int
    people: int
    there: int
    outside: int = 0
    undated: int = 0
    unshared: int = 0
    unreadable: int = 0
    has_others: bool = True


def others_than(about: Condition, subject: str) -> Condition:
    """Return which rows are surely about somebody else."""
    return All((Not(about), Not(IsNull(subject))))


def _is_number(text: str) -> bool:
    # "007" is a text that no number is written as, so the number 7 is somebody else.
    return text.isascii() and text.isdecimal() and len(text) <= 15 and (text == "0" or text[0] != "0")
