"""The reports that a city can make, read from ``kinds.yml``.

Source:
    curtilage-disclosure-table, and the key that each row names; what was not read is said in its notes.
"""

from __future__ import annotations

from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from curtilage.foundation.errors import UsageError

_FILE: Final = Path(__file__).parent / "kinds.yml"


class HandIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By when a report is handed in: exactly one of ``days`` and ``day``.

    Attributes:
        days: Days after the last day of its span.
        day: The next such day of a year, ``MM-DD``.
        any: Only where there is something to tell.
    """

    days: int = 0
    day: str = ""
    any: bool = False

    def find_day(self, last: date) -> date:
        """Return the last day on which it is in time.

        Args:
            last: Last day of the span of which it tells.

        >>> HandIn(day="07-31").find_day(date(2025, 12, 31)), HandIn(days=30).find_day(date(2026, 9, 30))
        (datetime.date(2026, 7, 31), datetime.date(2026, 10, 30))
        """
        if not self.day:
            return last + timedelta(days=self.days)
        month, number = map(int, self.day.split("-"))
        this = date(last.year, month, number)
        return this if this > last else date(last.year + 1, month, number)


class ReportKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One report that can be made; the attributes are explained at the top of ``kinds.yml``."""

    id: str
    title: str
    pack: str
    span: Literal["month", "quarter", "year", "two-years"]
    to: str
    public: bool
    form: Literal["counts", "list", "agency"]
    sealed: Literal["left-out", "number"]
    none: str
    due: str
    cite: str
    source: str
    sure: Literal["text", "account", "knowledge", "chosen"]
    askers: tuple[Literal["immigration", "federal", "other"], ...] = ()
    purpose: Literal["any", "immigration"] = "any"
    judicial: bool = True
    columns: tuple[str, ...] = ()
    hand_in: HandIn | None = None
    notes: tuple[str, ...] = ()


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reports: tuple[ReportKind, ...]


class UnknownReportError(UsageError):
    """There is no report of that name."""

    code = "disclosure.unknown-report"

    def __init__(self, *, known: tuple[str, ...], near: str = "") -> None:
        self.known, self.near = known, near
        hint = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
        super().__init__(f"There is no report of that name. Nothing was counted. {hint}")


@cache
def load_kinds() -> dict[str, ReportKind]:
    """Return every kind of report by id, in the order of the file. Not to be changed by who gets it."""
    rows = msgspec.yaml.decode(_FILE.read_bytes(), type=_Kinds)
    return {row.id: row for row in rows.reports}


def find_kind(name: str) -> ReportKind:
    """Return a kind of report.

    Raises:
        UnknownReportError: There is none of that id.
    """
    kinds = load_kinds()
    if name not in kinds:
        near = get_close_matches(name, kinds, 1, 0.5)
        raise UnknownReportError(known=tuple(kinds), near=near[0] if near else "")
    return kinds[name]
