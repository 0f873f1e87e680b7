"""Days that a column of texts holds in ISO 8601, as databases give their ends."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from typing import Final

#: From 1800 to 2199: what lies outside is a placeholder or a slip. Read alike by PostgreSQL and MariaDB.
ISO_DAY: Final = "^(18|19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def moment_of(end: object) -> datetime | None:
    """Return an end of a column as a moment: a moment as it is, a text by its day.

    Of a day that the calendar does not have, the last of its month.

    >>> moment_of("2017-02-30T10:00"), moment_of(None)
    (datetime.datetime(2017, 2, 28, 0, 0), None)
    """
    if isinstance(end, datetime):
        return end
    if not isinstance(end, str) or end[:4] == "0000":
        return None
    with suppress(ValueError):
        return datetime.fromisoformat(end)
    year, month, day = (int(number) for number in end[:10].split("-"))
    for last in range(day, day - 4, -1):
        with suppress(ValueError):
            return datetime.combine(date(year, month, last), time())
    return None
