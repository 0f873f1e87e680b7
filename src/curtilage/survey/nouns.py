"""What a survey saw: places, what they ask for or hold, and what could not be read. Never a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from curtilage.detection.nouns import Verdict
from curtilage.foundation.place import PassedOver, Place


@dataclass(frozen=True, slots=True)
class Cells:
    """How many cells of a column were looked at, and in how many something was found. Never a cell.

    Attributes:
        seen: Cells that were looked at and are not null.
        matched: ``(category, cells)``: in how many a value of that category was found, by category.
        rules: ``(rule, cells)``: which rule found it in how many, by rule.
        sampled: Only some of the rows were looked at.
        version: Changes whenever the content that was counted may have changed; empty where nobody can tell.
    """

    seen: int
    matched: tuple[tuple[str, int], ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    sampled: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """One place, recognised.

    Attributes:
        system: Id of the declared system that it lies in; empty for forms and loose files.
        place: Where, and what it is called.
        verdict: What it asks for or holds.
        cells: What was counted in its cells; None where they were not looked at.
    """

    place: Place
    verdict: Verdict
    system: str = ""
    cells: Cells | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """How old the records of a table are, by one of its columns of dates.

    Attributes:
        column: Name of the column, as :class:`~curtilage.foundation.place.Place` has it.
        oldest: Earliest day in it; None where it holds no date. ``newest`` likewise the latest.
    """

    column: str
    oldest: date | None
    newest: date | None


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a table is, and how old.

    Attributes:
        source: As in :class:`~curtilage.foundation.place.Place`.
        table: Table or sheet; empty for files that are one table.
        rows: Rows that were counted, or that the source believes it has where only some were looked at.
        size_bytes: Bytes that the source says it takes; 0 where it does not say.
        system: Id of the declared system that it lies in; empty for loose files.
        sampled: Only some of the rows were looked at.
        ages: By each column that starts the time of a record series; may be empty.
    """

    source: str
    table: str
    rows: int
    size_bytes: int
    system: str = ""
    sampled: bool = False
    ages: tuple[Age, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was looked at.

    Attributes:
        files: Files that a reader read.
        tables: Tables of databases that were read.
        places: Questions and columns seen.
        passed_over: Count by reason, in the order of the reasons' names.
        rows: Rows whose cells were looked at, those carried over included.
        cells: Cells that were looked at and are not null, likewise.
        parts: Parts of tables that these rows lie in.
        carried: Those parts that had not changed: their counts were carried over, their cells not read again.
    """

    files: int = 0
    tables: int = 0
    places: int = 0
    passed_over: tuple[tuple[str, int], ...] = ()
    rows: int = 0
    cells: int = 0
    parts: int = 0
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """A city, or a few files, at one moment.

    Attributes:
        taken: When it was taken, UTC.
        observed: In a stable order: by source as named, then in the order of the source.
        passed_over: Files and parts that were not read and that a person may want to know of
            (unreadable, too large, not installed); hidden and vendored ones are only counted.
        tally: How much was looked at.
        systems: Ids of the systems that answered.
        silent: Ids of the systems that did not, with the reason.
        extents: Tables whose cells were looked at, how large and how old; in the order of ``observed``.
        not_looked_into: Sources and tables whose names count and whose cells were not looked at, with
            the reason.
    """

    taken: datetime
    observed: tuple[Observed, ...]
    passed_over: tuple[PassedOver, ...]
    tally: Tally
    systems: tuple[str, ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    extents: tuple[Extent, ...] = ()
    not_looked_into: tuple[PassedOver, ...] = ()
