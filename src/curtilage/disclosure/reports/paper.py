"""A report as a value: sections of sentences and tables, which every form that is printed is made of."""

from __future__ import annotations

from dataclasses import dataclass

from curtilage.disclosure.reports.spans import Span


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report.

    Attributes:
        title: Its heading; may be empty.
        sentences: What it says; may be empty.
        headings: Of its table; empty where it has none.
        rows: Cells as text, as many as headings.
    """

    title: str
    sentences: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report, whole.

    Attributes:
        id: Id of its kind.
        title: Its heading.
        city: Name of the city.
        span: The span that it tells of.
        to: Who gets it.
        cite: What asks for it; empty where the city does.
        sections: In order; the first with a table is what a spreadsheet gets.
        notes: What counsel and the reader must know.
        entries: How many entries the ledger had when the span ended.
        root: Root of their tree, 64 hex digits.
        is_draft: The span is not over: it will be told otherwise later.
    """

    id: str
    title: str
    city: str
    span: Span
    to: str
    cite: str
    sections: tuple[ReportSection, ...]
    notes: tuple[str, ...]
    entries: int
    root: str
    is_draft: bool

    @property
    def lead(self) -> str:
        """Return what stands below the heading."""
        lead = f"{self.city}, {self.span}. To: {self.to}."
        cited = f" {self.cite.removesuffix('.')}." if self.cite else ""
        return f"DRAFT, {self.span} is not over. {lead}{cited}" if self.is_draft else f"{lead}{cited}"

    @property
    def ground(self) -> str:
        """Return on what it rests."""
        same = "" if self.is_draft else " Whoever has them gets the same counts, byte for byte."
        return f"Counted from the first {self.entries:,} entries of the city's ledger, of root {self.root}.{same}"
