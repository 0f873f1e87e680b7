"""The oldest and the newest date in a column, whatever way the dates are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

#: Ways to write a date, tried in this order; of two that read equally many the first one counts.
FORMATS: Final = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %b %Y",
)
#: What stands behind the day: a time of the day, which does not matter for a retention period.
_DAY: Final = r"^\s*(?P<day>.*?\d)(?:[T ]+\d{1,2}:\d{2}.*)?\s*$"
_ENOUGH: Final = 0.5
Extremes = tuple[datetime | None, datetime | None]


def extremes_of_text(batches: Iterable[pa.RecordBatch], arrow: Any, compute: Any) -> Extremes:
    """Return the oldest and the newest date in the first column of ``batches``, texts.

    The format that reads most of the first batch is taken for all; what does not follow it is left
    out. None, None where no format reads half of them.
    """
    chosen = ""
    ends: list[datetime] = []
    for batch in batches:
        days = _days(batch.column(0), arrow, compute)
        if not len(days):
            continue
        chosen = chosen or _format(days, compute)
        if not chosen:
            return None, None
        found = compute.min_max(compute.strptime(days, format=chosen, unit="s", error_is_null=True))
        ends += [moment for moment in (found["min"].as_py(), found["max"].as_py()) if moment is not None]
    return span(ends)


def span(moments: Iterable[datetime]) -> Extremes:
    """Return the oldest and the newest of ``moments``, aware in UTC; None, None of none."""
    known = [
        moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC) for moment in moments
    ]
    return (min(known), max(known)) if known else (None, None)


def _days(column: Any, arrow: Any, compute: Any) -> Any:
    # Days come again and again: what is told apart once need not be read twice.
    column = compute.unique(column)
    if arrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if column.type not in (arrow.string(), arrow.large_string()):
        # Bytes that are no text are no date either.
        values = [value.decode("ascii", "replace") if value else None for value in column.to_pylist()]
        column = arrow.array(values, arrow.string())
    return compute.drop_null(compute.struct_field(compute.extract_regex(column, _DAY), "day"))


def _format(days: Any, compute: Any) -> str:
    def read(form: str) -> int:
        parsed = compute.strptime(days, format=form, unit="s", error_is_null=True)
        return len(days) - int(parsed.null_count)

    counts = {form: read(form) for form in FORMATS}
    best = max(FORMATS, key=lambda form: counts[form])
    return best if counts[best] > len(days) * _ENOUGH else ""
