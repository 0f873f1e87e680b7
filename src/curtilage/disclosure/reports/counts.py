"""Public statistics of outside requests: how many were closed, by kind of paper and by how they ended.

Rules of this file:

* One table, of one fixed grain of time, with its small cells hidden (:mod:`curtilage.disclosure.reports.small_cells`).
  Whatever else is printed is computed from printed cells: two tables that are each safe can give away together
  what neither says. So a year is the sum of its quarters as they were printed, and "at least" where one was hidden.
* A case counts in the span in which it was closed, since how it ended does not change any more. What was received
  is counted apart and no table divides it.
* A case of the sealed lane stands in no public count. Of emergencies it is told whether each was reviewed in time.
* A row is a kind of paper and who asked: an immigration agency, another federal one, or anybody else.

Source:
    nyc-10-178, crs-24-74-106, ors-181a-826, what is told of requests; sweeney-2000; chosen: 11, as health statistics use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.disclosure.case.nouns import RESULTS, Case
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.reports.book import CaseBook
from curtilage.disclosure.reports.small_cells import add_totals, hide_small
from curtilage.disclosure.reports.spans import Span

Row = tuple[str, str]
"""Id of an instrument, or ``unclassified``; and one of :data:`ASKERS`."""

ASKERS: Final[Mapping[str, str]] = {
    "immigration": "an immigration agency or court",
    "federal": "another federal agency",
    "other": "anybody else",
}
"""Who asked, as the public is told."""

UNCLASSIFIED: Final = "unclassified"

HIDDEN: Final = "[c]"
"""Stands for a hidden count: confidential, in the shorthand of official statistics. Source: gss-shorthand."""

_OF: Final[Mapping[str, str]] = {
    "immigration-agency": "immigration",
    "immigration-court": "immigration",
    "federal-agency": "federal",
}


@dataclass(frozen=True, slots=True)
class Count:
    """What is printed of a cell.

    Attributes:
        known: What its printed parts come to.
        hidden: How many of its parts are hidden; each is 1 at least.
    """

    known: int
    hidden: int = 0

    def __str__(self) -> str:
        """Render for a reader: ``17``; what is hidden as ``[c]``, for confidential; both as ``17+[c]``."""
        if not self.hidden:
            return f"{self.known:,}"
        return f"{self.known:,}+{HIDDEN}" if self.known else HIDDEN

    def __add__(self, other: Count) -> Count:
        """Return both together."""
        return Count(self.known + other.known, self.hidden + other.hidden)


NOTHING: Final = Count(0)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is printed of a span.

    Attributes:
        span: The span.
        threshold: Counts from 1 to below it are hidden.
        rows: Kinds of paper that occur, in the order of ``instruments.yml``.
        results: How cases ended: all of them, in their order.
        cells: By row and result; the total of a row under the empty result, of a result under the empty row.
        received: Cases that were received, whatever became of them.
        unreviewed: Whether the review of one was not done within its time.
        entries: As in :class:`~curtilage.disclosure.reports.book.CaseBook`, at the end of the span.
        root: As there.
    """

    span: Span
    threshold: int
    rows: tuple[Row, ...]
    results: tuple[str, ...]
    cells: Mapping[tuple[Row, str], Count]
    received: Count
    unreviewed: bool
    entries: int
    root: str

    def find(self, row: Row, result: str = "") -> Count:
        """Return a cell; nothing where none is counted."""
        return self.cells.get((row, result), NOTHING)


TOTAL: Final[Row] = ("", "")
"""The row of totals."""


def count_cases(books: Sequence[CaseBook], span: Span, threshold: int) -> Counts:
    """Return what is printed of a span.

    Args:
        books: Of each span of the grain that makes it up, in order; at least one.
        span: The whole span.
        threshold: Counts from 1 to below it are hidden.
    """
    cells: dict[tuple[Row, str], Count] = {}
    received = NOTHING
    for book in books:
        for key, count in _count_book(book, threshold).items():
            cells[key] = cells.get(key, NOTHING) + count
        received += _hide(len(_public(book.list_received())), threshold)
    seen = {row for row, _ in cells}
    return Counts(
        span=span,
        threshold=threshold,
        rows=tuple(row for row in list_rows() if row in seen),
        results=RESULTS,
        cells=cells,
        received=received,
        unreviewed=any(map(is_unreviewed, books)),
        entries=books[-1].entries,
        root=books[-1].root,
    )


def list_rows() -> tuple[Row, ...]:
    """Return every row that can be, in the order in which they are printed."""
    kinds = (*load_instruments(), UNCLASSIFIED)
    return tuple((kind, asker) for kind in kinds for asker in ASKERS)


def row_of(case: Case) -> Row:
    """Return in which row a case counts."""
    return case.instrument or UNCLASSIFIED, _OF.get(case.issuer, "other")


def say_row(row: Row, lang: str = "en") -> str:
    """Return a row in words: the kind of paper, and who asked where several kinds of bodies may."""
    instrument = load_instruments().get(row[0])
    if instrument is None:
        return f"Not classified, from {ASKERS[row[1]]}"
    name = instrument.name.get(lang, instrument.name["en"])
    is_plain = {_OF.get(issuer, "other") for issuer in instrument.issuers} == {row[1]}
    return name if is_plain else f"{name}, from {ASKERS[row[1]]}"


def is_unreviewed(book: CaseBook) -> bool:
    """Return whether an emergency whose review was due in the span had none by then."""
    return any(
        case.emergency
        and book.begin <= case.emergency.review_by < book.end
        and (case.emergency.reviewed is None or case.emergency.reviewed > case.emergency.review_by)
        for case in book.cases
    )


def _public(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if not case.is_sealed]


def _hide(count: int, threshold: int) -> Count:
    return Count(0, 1) if 0 < count < threshold else Count(count)


def _count_book(book: CaseBook, threshold: int) -> dict[tuple[Row, str], Count]:
    """Return what is printed of one span of the grain; every row that occurs has all its cells."""
    closed = _public(book.list_closed())
    tally = Counter((row_of(case), case.result) for case in closed)
    seen = {row for row, _ in tally}
    rows = [row for row in list_rows() if row in seen]
    table = [[tally[row, result] for result in RESULTS] for row in rows]
    if not table:
        return {}
    hidden, names = hide_small(table, threshold), [*rows, TOTAL]
    return {
        (names[row], (*RESULTS, "")[column]): Count(0, 1) if (row, column) in hidden else Count(value)
        for row, cells in enumerate(add_totals(table))
        for column, value in enumerate(cells)
    }
