"""What is done with each column of a table, and why: decided from a few of its rows, and printable."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from curtilage.connectors.content.ports import Part, Table, TextColumn
from curtilage.detection.values.profile import Profile
from curtilage.survey.nouns import Age

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_ROWS: Final = 2_000
"""Chosen: enough to tell a column of codes from one of names, and read in a moment."""

PART_BYTES: Final = 32 * 2**20
"""About how large a part should be. Chosen: a second or less of work, so that little is lost by a stop."""
PART_ROWS: Final = 100_000
"""The same in rows, for sources that are packed or do not know their bytes."""
MOST_PARTS: Final = 4096

NUMBERED: Final = frozenset(
    "ssn alien_number i94 phone drivers_license state_id other_government_id consular_or_foreign_id passport "
    "financial_account".split()
)
"""Chosen: categories of which some identifiers are digits alone, and so may be kept as numbers."""

_WHOLE_NUMBERS: Final = re.compile(
    r"(?:u?int(?:32|64)?|(?:medium|big)?int(?:eger)?(?:\(\d+\))?(?: unsigned)?|int[48]|(?:big)?serial|long"
    r"|(?:numeric|decimal|decimal128|number)\((?:[7-9]|[123]\d)(?:, ?0)?\))",
    re.IGNORECASE,
)
_ENOUGH: Final = 200
_CELLS_EACH: Final = 2
"""Measured: reading cells as a dictionary costs less than looking at each where one stands twice on average."""
_BATCH_ROWS: Final = 100_000
"""About how many rows are read together."""


class Way(StrEnum):
    """How a column is looked at."""

    PASS = "passed over"  # noqa: S105 - no password
    """Its type cannot hold words or identifiers as they are written."""
    NUMBERS = "every number, as text"
    """Its type is whole numbers, and its name speaks of an identifier."""
    DISTINCT = "each distinct cell once"
    WHOLE = "every cell"


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What is done with one column.

    Attributes:
        name: As in :class:`~curtilage.connectors.content.ports.TextColumn`; likewise ``locator``.
        way: How it is looked at.
        why: What decided, in words; no cell.
        carried: Groups of words that the column's name speaks of, sorted.
        profile: What a few of its cells look like.
    """

    name: str
    locator: str
    way: Way
    why: str
    carried: tuple[str, ...] = ()
    profile: Profile = field(default_factory=Profile)

    def __str__(self) -> str:
        """Return one line for a person."""
        return f"{self.name}: {self.way} ({self.why})"


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What is done with one table.

    Attributes:
        table: Its name; empty for files that are one table.
        rows: Estimated by the source; 0 where unknown. ``size`` likewise, in bytes.
        columns: In the order of the table.
        parts: The tasks; empty where a sample was counted at once, or the table could not be read.
        ages: Oldest and newest day of the columns of dates that were asked for.
        problem: ``(reason, detail)`` where its cells could not be looked at.
    """

    table: str
    rows: int
    size: int
    columns: tuple[ColumnPlan, ...] = ()
    parts: tuple[Part, ...] = ()
    ages: tuple[Age, ...] = ()
    problem: tuple[str, str] = ("", "")

    def distinct(self) -> tuple[str, ...]:
        """Return the columns of which each distinct cell is looked at once."""
        return tuple(column.name for column in self.columns if column.way is Way.DISTINCT)

    def read(self) -> tuple[str, ...]:
        """Return the columns to read by name; empty for all that hold text, where no others are looked at."""
        if not any(column.way is Way.NUMBERS for column in self.columns):
            return ()
        return tuple(column.name for column in self.columns if column.way is not Way.PASS)

    def carried(self) -> dict[str, tuple[str, ...]]:
        """Return the groups that columns carry, without those that carry none."""
        return {column.name: column.carried for column in self.columns if column.carried}

    def __str__(self) -> str:
        """Return a few lines for a person: what is done with each column, and why."""
        head = f"{self.table or 'table'}: {self.rows:,} rows in {len(self.parts)} parts"
        return "\n".join([head, *(f"  {column}" for column in self.columns)])


def plan_column(column: TextColumn, cells: pa.Array | None, *, carried: frozenset[str]) -> ColumnPlan:
    """Decide what is done with a column.

    Args:
        column: What its source says of it.
        cells: A few of its cells; None where the sample does not hold it.
        carried: Groups of words that its name speaks of.
    """
    words = tuple(sorted(carried))
    if not column.textual:
        why = f"its type is {column.type}" if column.type else "its type holds no text"
        way = Way.NUMBERS if words and holds_whole_numbers(column) else Way.PASS
        return ColumnPlan(column.name, column.locator, way, why, words)
    tried = len(cells) - cells.null_count if cells is not None else 0
    way, why = _weigh(cells, tried)
    return ColumnPlan(column.name, column.locator, way, why, words)


def holds_whole_numbers(column: TextColumn) -> bool:
    """Return whether a column is declared as whole numbers with room for an identifier.

    >>> [holds_whole_numbers(TextColumn("n", each, False)) for each in ("bigint", "NUMERIC(9)", "smallint", "date")]
    [True, True, False, False]
    """
    return bool(_WHOLE_NUMBERS.fullmatch(column.type.strip()))


def _weigh(cells: pa.Array | None, tried: int) -> tuple[Way, str]:
    if cells is None or tried < _ENOUGH:
        return Way.WHOLE, f"{tried:,} cells are too few to plan by" if tried else "nothing in the sample"
    times = count_each(cells)
    in_batch = _BATCH_ROWS * tried // len(cells)
    met = expect_met(guess_different(times), in_batch)
    way = Way.DISTINCT if met * _CELLS_EACH <= in_batch else Way.WHOLE
    return way, f"{len(times):,} different among {tried:,}"


def count_each(cells: pa.Array) -> list[int]:
    """Return how often each different cell stands there, in no order; nulls are left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    counts = pc.value_counts(cells.cast(pa.large_binary()).drop_null())
    return list(counts.field("counts").to_pylist())


def guess_different(times: Sequence[int]) -> float:
    """Return how many different cells a whole column has at least, from how often each stands in a sample.

    Where most cells stand there once and few of them twice, most others were not seen yet.

    The least that Chao (1984) gives: by how many were met once and twice.

    >>> guess_different([1000, 1000]), guess_different([1] * 90 + [2] * 5), guess_different([1] * 10)
    (2.0, 905.0, inf)
    """
    once, twice = times.count(1), times.count(2)
    if not once:
        return float(len(times))
    return len(times) + once**2 / (2 * twice) if twice else math.inf


def expect_met(different: float, cells: int) -> float:
    """Return how many of so many different cells some cells are expected to be, where each is as likely.

    >>> round(expect_met(100, 10_000)), round(expect_met(50_000, 100_000)), expect_met(math.inf, 10)
    (100, 43233, 10)
    """
    if math.isinf(different):
        return cells
    return different * -math.expm1(-cells / max(1.0, different))


def count_parts(table: Table) -> int:
    """Return into how many parts a table should be cut, whatever the number of processes.

    The same table is cut in the same places each night, so that parts are known again.
    """
    # Bytes of packed files are few, and rows of wide tables: whichever asks for more parts.
    wanted = max(table.size // PART_BYTES, table.rows // PART_ROWS)
    return max(1, min(MOST_PARTS, wanted))
