"""Which columns of a log are read, and how it writes its days.

No heading is guessed beyond those of ``headings.yml``; a column about people is never taken for that of recipients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from curtilage.foundation.errors import UsageError
from curtilage.sharing.reasons import load_headings

_US: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?\s*(UTC|GMT|Z)?"
)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
"""Seconds, or thousandths, since 1970: of the years from 2001 to 2033."""


class NoColumnError(UsageError):
    """A log has no column that tells when, or none that tells to whom."""

    code = "sharing.no-column"

    def __init__(self, *, lacks: str, columns: Sequence[str]) -> None:
        self.lacks, self.columns = lacks, tuple(columns)
        super().__init__(
            f"No column of the log is known to tell its {lacks}; it has {len(self.columns)} columns. Nothing was "
            f"recorded. Name the column: --{lacks} 'Heading'"
            + (", or who it always is: --recipient-is NAME" if lacks == "recipient" else "")
        )


class ColumnOfPeopleError(UsageError):
    """A column of a log that is about people or vehicles was to be taken for that of recipients."""

    code = "sharing.column-of-people"

    def __init__(self, *, column: str) -> None:
        self.column = column
        super().__init__(
            f"The column {column} is about people, vehicles or cases, and not about bodies. Nothing was recorded. "
            "Name the column of the agency or organisation: --recipient 'Org Name'"
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings of a log that are read, as the file writes them; empty where there is none."""

    moment: str
    recipient: str
    purpose: str


def choose_columns(
    headings: Sequence[str], *, moment: str = "", recipient: str = "", purpose: str = ""
) -> Columns:
    """Return which columns of a log are read: those that somebody named, or those with a known heading.

    Args:
        headings: Of the log, in its order.
        moment: Heading that somebody named for the day or moment; empty to look for a known one.
        recipient: The same for whom it went to; ``-`` says that there is none.
        purpose: The same for what for.

    Raises:
        NoColumnError: No column tells when, or to whom.
        ColumnOfPeopleError: The one for recipients or purposes is about people.
    """
    known = load_headings()
    found = Columns(
        _choose(headings, moment, known.moment),
        _choose(headings, recipient, known.recipient),
        _choose(headings, purpose, known.purpose),
    )
    for lacks, is_lacking in (
        ("moment", not found.moment),
        ("recipient", not found.recipient and recipient != "-"),
        ("purpose", not found.purpose and purpose not in {"", "-"}),
    ):
        if is_lacking:
            raise NoColumnError(lacks=lacks, columns=headings)
    for column in (found.recipient, found.purpose):
        if plain_heading(column) in known.never:
            raise ColumnOfPeopleError(column=column)
    return found


def plain_heading(heading: str) -> str:
    """Return a heading as it is compared: the last name of a path, small letters, other signs as one space.

    A last name that says no more than ``name`` or ``id`` is told by what it is the name of.

    >>> plain_heading("queries.Org_Name"), plain_heading("queries.agency.name")
    ('org name', 'agency name')
    """
    parts = [each for each in re.split(r"[.\[\]/]+", heading) if each]
    kept = parts[-2:] if parts and parts[-1].lower() in {"name", "id"} else parts[-1:]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", " ".join(kept))
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def _choose(headings: Sequence[str], named: str, known: Sequence[str]) -> str:
    if named == "-":
        return ""
    if named:
        plain = {plain_heading(each): each for each in reversed(headings)}
        return named if named in headings else plain.get(plain_heading(named), "")
    by_plain = {plain_heading(each): each for each in reversed(headings)}
    return next((by_plain[each] for each in known if each in by_plain), "")


def read_day(text: str, zone: ZoneInfo) -> date | None:
    """Return the calendar day of a moment as a log writes it; None where it cannot be read.

    A moment that names no zone is taken for the city's own time; plate networks write UTC behind theirs.

    Args:
        text: ISO 8601, ``4/23/2025, 03:42:15 PM UTC``, or seconds since 1970.
        zone: The city's.

    >>> read_day("05/01/2025, 03:00:00 AM UTC", ZoneInfo("America/Chicago"))
    datetime.date(2025, 4, 30)
    """
    text = text.strip()
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _EPOCH.fullmatch(text):
            seconds = float(text) / (1000 if len(text.partition(".")[0]) > 10 else 1)
            return datetime.fromtimestamp(seconds, UTC).astimezone(zone).date()
        if found := _US.fullmatch(text):
            return _read_american(found, zone)
        moment = datetime.fromisoformat(
            text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
        )
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None


def _read_american(found: re.Match[str], zone: ZoneInfo) -> date:
    month, day, year, hour, minute, second, half, utc = found.groups()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    moment = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=UTC)
    return (moment.astimezone(zone) if utc and hour else moment).date()
