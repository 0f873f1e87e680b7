"""The one clock. Nothing else in Curtilage asks the machine what time it is.

Calendar questions use a :class:`datetime.date` in the city's own zone; events use a UTC-aware
:class:`datetime.datetime`. A clock is always an argument, so tests can stop it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time; production has one implementation, tests another."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def today(self, zone: str) -> date:
        """Return the calendar date now in ``zone``, an IANA name such as ``America/Chicago``."""
        ...


def day_in(zone: str, moment: datetime) -> date:
    """Return the calendar date of an aware moment in ``zone``, an IANA name.

    >>> day_in("America/Chicago", datetime(2017, 2, 23, 3, tzinfo=UTC))
    datetime.date(2017, 2, 22)

    Raises:
        ZoneInfoNotFoundError: ``zone`` is no IANA name known to this machine.
    """
    return moment.astimezone(ZoneInfo(zone)).date()


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock

    def today(self, zone: str) -> date:
        """Return the calendar date now in ``zone``.

        Raises:
            ZoneInfoNotFoundError: ``zone`` is no IANA name known to this machine.
        """
        return day_in(zone, self.now())
