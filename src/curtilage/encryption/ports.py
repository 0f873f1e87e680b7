"""What the encryption room needs to know of a system or a channel, whoever declares it."""

from __future__ import annotations

from typing import Protocol

from curtilage.foundation.finding import Spot


class Sealing(Protocol):
    """What is stated of a system's encryption; None is "not stated"."""

    @property
    def in_transit(self) -> bool | None:
        """Whether connections to it are encrypted."""
        ...

    @property
    def at_rest(self) -> bool | None:
        """Whether its disks or files are encrypted."""
        ...

    @property
    def fields(self) -> tuple[str, ...]:
        """``TABLE.COLUMN`` of what is sealed field by field."""
        ...


class Holder(Protocol):
    """A system that holds residents' data."""

    @property
    def id(self) -> str:
        """Its id in the inventory."""
        ...

    @property
    def encryption(self) -> Sealing:
        """What is stated of its encryption."""
        ...

    @property
    def spot(self) -> Spot:
        """Where it is declared."""
        ...


class Channel(Protocol):
    """A way in which staff and residents communicate; None is "not stated"."""

    @property
    def id(self) -> str:
        """Its id in the inventory."""
        ...

    @property
    def end_to_end(self) -> bool | None:
        """Whether only the two ends can read what passes."""
        ...

    @property
    def captured_for_records(self) -> bool | None:
        """Whether what passes is kept as records law asks."""
        ...

    @property
    def spot(self) -> Spot:
        """Where it is declared."""
        ...
