"""What is handed to a worker that looks into cells, and what it answers: plain values, and no cell.

A worker that read a hostile file can send nothing that runs: answers hold names, numbers and ids of rules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from curtilage.connectors.content.ports import Content, Part
from curtilage.detection.nouns import Verdict
from curtilage.detection.values.profile import Profile
from curtilage.foundation.place import PassedOver, Place
from curtilage.survey.values.plan import TablePlan

if TYPE_CHECKING:
    import pyarrow as pa

CATEGORY: Final = "="
"""Stands before the id of a category where counts by rule and by category lie side by side."""


class Looks(Protocol):
    """Holds rules against cells and counts; detection offers it."""

    version: str
    """Changes whenever other cells may be found."""

    slow: str
    """Why this is the slow way, in a sentence; empty where it is not."""

    def carries(self, categories: Iterable[str]) -> frozenset[str]:
        """Return the groups of words that a column carries whose name says ``categories``."""
        ...

    def count(
        self, batch: pa.RecordBatch, carried: Mapping[str, frozenset[str]]
    ) -> Iterable[tuple[str, str, int]]:
        """Give column, id of a rule, and in how many cells it found something; also ids of categories.

        A category's id stands behind ``=``: ``=ssn`` counts the cells in which any rule of it did.
        """
        ...

    def profile(self, cells: pa.Array) -> Profile:
        """Return what some cells look like."""
        ...


Classify = Callable[[Place], Verdict]
"""Says what a place is called; detection's ``Classifier.classify`` does."""


def say_nothing(_place: Place) -> Verdict:
    """Return the verdict of somebody who knows no name."""
    return Verdict()


@dataclass(frozen=True, slots=True)
class ValueTools:
    """What a worker works with; a door puts it together in each worker by a function of its own.

    Attributes:
        open_content: Opens the content of a path or URL; is given how to call it in results, and the
            moment of a database that is to be seen, empty for the present.
        looks: Holds the rules.
        classify: Says what a column is called that no reader of names gave.
    """

    open_content: Callable[[str, str, str], Content]
    looks: Looks
    classify: Classify = say_nothing


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a column from its name.

    Attributes:
        locator: As in :class:`~curtilage.foundation.place.Place`; ``name`` likewise.
        categories: What it was recognised as.
        is_trigger: Its oldest and newest day are wanted.
    """

    locator: str
    name: str
    categories: tuple[str, ...] = ()
    is_trigger: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A source, as a worker opens it.

    Attributes:
        source: How it is named in results.
        path: A file's path, as bytes because names need not be text; empty for a database.
        url: A database's URL with its secrets; empty for files.
        system: Id of the declared system that it lies in.
    """

    source: str
    path: bytes = b""
    url: str = field(default="", repr=False)
    system: str = ""

    @property
    def address(self) -> str:
        """Return what is opened."""
        return self.url or os.fsdecode(self.path)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing for a worker to do.

    Attributes:
        where: The source.
        named: Of a plan: what is known of its columns.
        rows: Of a plan: how many rows of each table to look at; 0 for all.
        part: The part to count; None for a plan.
        columns: Those to read; empty for all that hold text.
        distinct: Columns of which each distinct cell may be looked at once.
        carried: Groups that columns carry.
        moment: Of a database, so that all parts are of one moment; empty for the present.
        forms: Members of an archive that ask something: their words are no content.
    """

    where: Where
    named: tuple[Named, ...] = ()
    rows: int = 0
    part: Part | None = None
    columns: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    carried: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moment: str = ""
    forms: tuple[str, ...] = ()


@dataclass(slots=True)
class Counted:
    """What was counted in some rows.

    Attributes:
        rows: Rows.
        size: Bytes of their cells.
        seen: Cells that are not null, by column.
        hits: Cells in which something was found, by column and then by rule, or by category behind ``=``.
        told: What could not be read as it stands.
        problem: ``(reason, detail)`` where it could not be read to its end; nothing is counted then.
    """

    rows: int = 0
    size: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    hits: dict[str, dict[str, int]] = field(default_factory=dict)
    told: tuple[PassedOver, ...] = ()
    problem: tuple[str, str] = ("", "")

    def add(self, more: Counted) -> None:
        """Add what was counted elsewhere; sums do not depend on the order."""
        self.rows += more.rows
        self.size += more.size
        for column, seen in more.seen.items():
            self.seen[column] = self.seen.get(column, 0) + seen
        for column, hits in more.hits.items():
            mine = self.hits.setdefault(column, {})
            for rule, cells in hits.items():
                mine[rule] = mine.get(rule, 0) + cells
        self.told = merge_told((*self.told, *more.told))


_NUMBER: Final = re.compile(r"^\d[\d,]*|(?<=: )\d[\d,]*(?=\.)")


def merge_told(told: Iterable[PassedOver]) -> tuple[PassedOver, ...]:
    """Return each thing once; of sentences that give a count, in front or behind a colon, counts are added up.

    >>> merge_told(PassedOver("a.csv", "odd", f"Odd rows: {rows}. They were read.") for rows in ("1,000", 3))
    (PassedOver(source='a.csv', reason='odd', detail='Odd rows: 1,003. They were read.', line=0),)
    """
    counts: dict[PassedOver, int] = {}
    for each in told:
        number = _NUMBER.search(each.detail)
        kind = replace(each, detail=_NUMBER.sub("{}", each.detail, count=1)) if number else each
        counts[kind] = counts.get(kind, 0) + (int(number[0].replace(",", "")) if number else 0)
    return tuple(
        replace(kind, detail=kind.detail.replace("{}", f"{count:,}", 1)) for kind, count in counts.items()
    )


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is done with one source.

    Attributes:
        tables: In the order of the source.
        sampled: What was counted of each table, in the same order, where only some rows were asked for.
        rules: Version of the rules that counted.
        told: What could not be read as it stands.
        problem: ``(reason, detail)`` where it could not be opened.
        moment: Of a database that stays open where it was planned: others may see the same.
        slow: Why the rules are held the slow way, in a sentence; empty where they are not.
    """

    tables: tuple[TablePlan, ...] = ()
    sampled: tuple[Counted, ...] = ()
    rules: str = ""
    told: tuple[PassedOver, ...] = ()
    problem: tuple[str, str] = ("", "")
    moment: str = ""
    slow: str = ""
