"""A clock that stands still until it is moved by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

THE_DAY: Final = datetime(2017, 2, 22, 12, tzinfo=UTC)
"""Noon UTC on the day that the article behind Curtilage appeared. Source: govtech-2017."""


class StoppedClock:
    """Tells one moment, UTC, until :meth:`move` or :meth:`set` changes it.

    >>> clock = StoppedClock()
    >>> clock.move(timedelta(days=91))
    >>> clock.today("America/Chicago")
    datetime.date(2017, 5, 24)
    """

    def __init__(self, moment: datetime = THE_DAY) -> None:
        self._moment = _aware(moment)

    def now(self) -> datetime:
        """Return the moment at which the clock stands, aware, in UTC."""
        return self._moment

    def today(self, zone: str) -> date:
        """Return the calendar date in ``zone`` at that moment.

        Raises:
            ZoneInfoNotFoundError: ``zone`` is no IANA name known to this machine.
        """
        return self._moment.astimezone(ZoneInfo(zone)).date()

    def move(self, by: timedelta) -> None:
        """Move the clock, forwards or back."""
        self._moment += by

    def set(self, moment: datetime) -> None:
        """Set the clock to ``moment``.

        Raises:
            ValueError: ``moment`` has no time zone.
        """
        self._moment = _aware(moment)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A clock needs to know the time zone of the moment it is set to.")
    return moment.astimezone(UTC)
