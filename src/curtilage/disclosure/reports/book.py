"""What the ledger said of all cases at the end of a span: whoever asks later, and however often, gets the same.

Rules of this file:

* A report is made of the entries that stood when its span ended, and of nothing else. What was recorded later
  belongs to a later report; so a report can be made again byte for byte, from the ledger alone.
* It names how many entries those were, and the root of their tree: a checkpoint proves that they stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.state import evolve
from curtilage.disclosure.reports.spans import Span
from curtilage.foundation.errors import UndecidedError
from curtilage.ledger.record import Record
from curtilage.ledger.tree import find_root


@dataclass(frozen=True, slots=True)
class CaseBook:
    """All cases at the end of a span.

    Attributes:
        span: The span.
        zone: IANA zone of the city, in which the span is meant.
        begin: Moment at which the span begins, UTC.
        end: Moment at which it is over, UTC; or now, where it is not.
        cases: Every case that had been received by then, in order.
        entries: How many entries the ledger had by then.
        root: Root of their tree, 64 hex digits.
    """

    span: Span
    zone: str
    begin: datetime
    end: datetime
    cases: tuple[Case, ...]
    entries: int
    root: str

    def list_received(self) -> tuple[Case, ...]:
        """Return the cases that were received in the span."""
        return tuple(case for case in self.cases if self.begin <= case.received < self.end)

    def list_closed(self) -> tuple[Case, ...]:
        """Return the cases that were closed in the span."""
        return tuple(case for case in self.cases if case.closed and self.begin <= case.closed < self.end)


class SpanNotOverError(UndecidedError):
    """A span is not over, so what the ledger will say at its end is not known."""

    code = "disclosure.span-not-over"

    def __init__(self, *, span: str, last: date) -> None:
        self.span, self.last = span, last
        super().__init__(
            f"{span} is not over. Nothing was counted: what is told of it now would be told otherwise later. "
            f"Ask after {last}, or look at it for yourself with --so-far."
        )


def read_book(record: Record, span: Span, zone: str, *, now: datetime, so_far: bool = False) -> CaseBook:
    """Return what the ledger said of all cases at the end of a span.

    Args:
        record: The city's ledger.
        span: The span.
        zone: IANA zone of the city.
        now: UTC.
        so_far: Take a span that is not over, up to now.

    Raises:
        SpanNotOverError: It is not over, and that was not asked for.
        EvidenceError: A case cannot be read.
    """
    begin, end = span.bounds(zone)
    if now < end and not so_far:
        raise SpanNotOverError(span=str(span), last=span.last)
    end = min(end, max(now, begin))
    size = _find_size(record, end)
    cases: dict[str, Case] = {}
    for entry in record.read_all(kinds=tuple(ev.KINDS)):
        if entry.position >= size:
            break
        cases[entry.stream] = evolve(cases.get(entry.stream), entry)
    root = find_root(record.store.hashes, size).hex()
    return CaseBook(span, zone, begin, end, tuple(cases.values()), size, root)


def _find_size(record: Record, end: datetime) -> int:
    """Return how many entries are earlier than a moment; times of the ledger never go back."""
    low, high = 0, record.count()
    while low < high:
        middle = (low + high) // 2
        if next(iter(record.read_all(after=middle - 1))).at < end:
            low = middle + 1
        else:
            high = middle
    return low
