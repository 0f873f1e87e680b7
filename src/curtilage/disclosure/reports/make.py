"""Make a report of a kind for a span: from the ledger as it stood at the end of the span, and what is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.reports.agency import list_sections
from curtilage.disclosure.reports.book import CaseBook, read_book
from curtilage.disclosure.reports.counts import ASKERS, HIDDEN, TOTAL, Counts, Row, count_cases, say_row
from curtilage.disclosure.reports.kinds import ReportKind
from curtilage.disclosure.reports.lines import HEADINGS, choose_cases, write_line
from curtilage.disclosure.reports.paper import Report, ReportSection
from curtilage.disclosure.reports.spans import Span
from curtilage.inventory.nouns import Inventory
from curtilage.ledger.record import Record

Read = Callable[[Span], CaseBook]


def make_report(
    record: Record,
    declared: Inventory,
    kind: ReportKind,
    span: Span,
    *,
    grain: str,
    threshold: int,
    now: datetime,
    so_far: bool = False,
) -> Report:
    """Return a report.

    Args:
        record: The city's ledger.
        declared: The city's inventory: name, zone, and what an agency's report tells of it.
        kind: Which report.
        span: The span of which it tells.
        grain: Kind of span for which small counts are hidden; longer ones are sums of what is printed.
        threshold: Counts from 1 to below it are hidden in what is made for the public.
        now: UTC.
        so_far: Take a span that is not over, as a draft.

    Raises:
        SpanNotOverError: The span is not over, and a draft was not asked for.
        BadSpanError: It is shorter than the grain, and counts were asked for.
        EvidenceError: A case cannot be read.
    """

    def read(part: Span) -> CaseBook:
        return read_book(record, part, declared.city.zone, now=now, so_far=so_far)

    book = read(span)
    begun = Report(
        id=kind.id,
        title=kind.title,
        city=declared.city.name,
        span=span,
        to=kind.to,
        cite=kind.cite,
        sections=(),
        notes=kind.notes,
        entries=book.entries,
        root=book.root,
        is_draft=now < span.bounds(declared.city.zone)[1],
    )
    if kind.form == "list":
        return replace(begun, sections=_list_requests(book, kind))
    counts = count_cases([read(part) for part in span.split(grain)], span, threshold)
    if kind.form == "agency":
        return replace(begun, sections=tuple(list_sections(declared, counts)))
    return replace(begun, sections=_list_counts(counts, kind))


def _list_requests(book: CaseBook, kind: ReportKind) -> tuple[ReportSection, ...]:
    chosen = choose_cases(book, kind)
    said = [] if chosen.received else [kind.none]
    if chosen.sealed and kind.sealed == "number":
        said.append(f"Handled by counsel alone and not listed: {chosen.sealed:,}.")
    listed = _list_cases(book, kind, "", tuple(said), chosen.received)
    if not chosen.ended:
        return (listed,)
    return (listed, _list_cases(book, kind, "Received before, and closed now", (), chosen.ended))


def _list_cases(
    book: CaseBook, kind: ReportKind, title: str, said: tuple[str, ...], cases: tuple[Case, ...]
) -> ReportSection:
    rows = tuple(write_line(case, kind.columns, book.zone) for case in cases)
    headings = tuple(HEADINGS[column] for column in kind.columns)
    return ReportSection(title, said, headings if rows else (), rows)


def _list_counts(counts: Counts, kind: ReportKind) -> tuple[ReportSection, ...]:
    """Return the table of counts; where not all askers are told of, each row but no totals over them."""
    is_whole = set(kind.askers) == set(ASKERS)
    chosen = [row for row in counts.rows if row[1] in kind.askers]
    rows = [_write_row(counts, row, say_row(row)) for row in chosen]
    if is_whole and rows:
        rows.append(_write_row(counts, TOTAL, "All"))
    headings = ("Kind of request", *(result.replace("-", " ") for result in counts.results), "all")
    table = ReportSection("", () if rows else (kind.none,), headings if rows else (), tuple(rows))
    return (table, ReportSection("How to read it", tuple(_explain(counts, whole=is_whole))))


def _write_row(counts: Counts, row: Row, title: str) -> tuple[str, ...]:
    return (title, *(str(counts.find(row, result)) for result in (*counts.results, "")))


def _explain(counts: Counts, *, whole: bool) -> list[str]:
    said = [
        "A request counts when it was closed, by how it ended.",
        f"{HIDDEN} stands for 1 to {counts.threshold - 1}, or for a larger count that would give one away.",
        "Requests of which an order forbids to tell are not counted.",
    ]
    if any(cell.known and cell.hidden for cell in counts.cells.values()):
        said.append(f"17+{HIDDEN} would be 17 and at least one more.")
    if whole:
        said.append(f"Received, whether closed or not: {counts.received}.")
        late = "Not every emergency was reviewed in time." if counts.unreviewed else ""
        said.append(late or "No review of an emergency was missed.")
    return said
