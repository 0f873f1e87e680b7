"""What a survey saw: places, what they ask for or hold, and what could not be read. Never a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from curtilage.detection.nouns import Verdict
from curtilage.foundation.place import PassedOver, Place


@dataclass(frozen=True, slots=True)
class Observed:
    """One place, recognised.

    Attributes:
        system: Id of the declared system that it lies in; empty for forms and loose files.
        place: Where, and what it is called.
        verdict: What it asks for or holds.
    """

    place: Place
    verdict: Verdict
    system: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was looked at.

    Attributes:
        files: Files that a reader read.
        tables: Tables of databases that were read.
        places: Questions and columns seen.
        passed_over: Count by reason, in the order of the reasons' names.
    """

    files: int = 0
    tables: int = 0
    places: int = 0
    passed_over: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A city, or a few files, at one moment.

    Attributes:
        taken: When it was taken, UTC.
        observed: In a stable order: by source as named, then in the order of the source.
        passed_over: Files and parts that were not read and that a person may want to know of
            (unreadable, too large, not installed); hidden and vendored ones are only counted.
        tally: How much was looked at.
        systems: Ids of the systems that answered.
        silent: Ids of the systems that did not, with the reason.
    """

    taken: datetime
    observed: tuple[Observed, ...]
    passed_over: tuple[PassedOver, ...]
    tally: Tally
    systems: tuple[str, ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
