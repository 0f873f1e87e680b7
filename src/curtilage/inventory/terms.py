"""What a retention clause says, as a tree of values that can be read, compared and evaluated.

Rules of this file:

* A tree is only built from words that were understood. What was not is :class:`NeedsPerson`.
* A clause never yields a date from a trigger whose date is not known: it says which it needs.
* ``str`` of a tree is a clause in plain words, and parsing that gives the same tree again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Disposition

START: Final = "start"
"""Key, among trigger dates, of the day that a series counts from where its clause names no event."""


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """A clause, or a part of one, that only a person can read.

    Attributes:
        reason: Why, one sentence.
        rest: The words that were not understood.
    """

    reason: str
    rest: str

    def __bool__(self) -> bool:
        """Be false, so that what needs a person never passes for an answer."""
        return False


@dataclass(frozen=True, slots=True)
class NeedsDate:
    """Events whose dates must be known before a due date can be told, in the clause's order."""

    events: tuple[str, ...]

    def __bool__(self) -> bool:
        """Be false, so that a missing date never passes for a date."""
        return False


Due = date | None | NeedsDate
"""The first day on which the time is over; None is never (permanent)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time after an event; of no length it means "until the event".

    Attributes:
        period: How long.
        event: What it counts from, in words; empty where the clause names none.
    """

    period: Period
    event: str = ""

    def __post_init__(self) -> None:
        """Refuse a span that says nothing.

        Raises:
            ValueError: Neither a length nor an event.
        """
        if self.period == Period() and not self.event:
            raise ValueError("A span needs a length or an event.")

    def due(self, dates: Mapping[str, date]) -> Due:
        """Return the day the span ends; see :meth:`Clause.due`."""
        began = dates.get(self.event or START)
        if began is None:
            return NeedsDate((self.event or START,))
        try:
            return self.period.after(began)
        except OverflowError:  # 9999-12-31 stands for "open" in many systems: that is no date
            return NeedsDate((self.event or START,))

    def __str__(self) -> str:
        """Render as ``6 years after case closed`` or ``until superseded``."""
        if self.period == Period():
            return f"until {self.event}"
        length = str(self.period).replace(", ", " and ")
        return f"{length} after {self.event}" if self.event else length


class Which(StrEnum):
    """Which of several spans counts."""

    LATER = "later"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Whichever:
    """Several spans of which the later or the earlier counts."""

    which: Which
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        """Refuse what is no choice.

        Raises:
            ValueError: Fewer than two different spans.
        """
        if len(set(self.spans)) < 2 or len(set(self.spans)) != len(self.spans):
            raise ValueError("A choice needs at least two different spans.")

    def due(self, dates: Mapping[str, date]) -> Due:
        """Return the later or earlier end; needs every date, for either could decide."""
        return _combine((span.due(dates) for span in self.spans), max if self.which is Which.LATER else min)

    def __str__(self) -> str:
        """Render as ``A or B, whichever is later``."""
        return f"{' or '.join(map(str, self.spans))}, whichever is {self.which}"


@dataclass(frozen=True, slots=True)
class Permanent:
    """Kept for ever; ``transfer`` is when the archives receive it, where the clause says."""

    transfer: Span | None = None

    def due(self, dates: Mapping[str, date]) -> Due:
        """Return None: never."""
        return None

    def __str__(self) -> str:
        """Render as ``permanently``; the transfer is told with the disposition."""
        return "permanently"


Term = Span | Whichever | Permanent
"""How long something is kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a clause says of some of the records.

    Attributes:
        term: How long they are kept.
        disposition: What happens then; None where the clause does not say.
        what: Which records; empty is all of the series.
        label: The letter or number of the sub-item; empty where it has none.
    """

    term: Term
    disposition: Disposition | None = None
    what: str = ""
    label: str = ""

    def due(self, dates: Mapping[str, date]) -> Due:
        """Return the first day on which these records' time is over; see :meth:`Clause.due`."""
        return self.term.due(dates)

    def list_events(self) -> tuple[str, ...]:
        """Return the keys that :meth:`due` looks up, in order, each once."""
        if isinstance(self.term, Permanent):
            return ()
        spans = self.term.spans if isinstance(self.term, Whichever) else (self.term,)
        return tuple(dict.fromkeys(span.event or START for span in spans))

    def __str__(self) -> str:
        """Render as a clause in plain words."""
        head = f"({self.label}) " if self.label else ""
        between = " " if isinstance(self.term, Permanent) or str(self.term).startswith("until") else " for "
        what = f" {self.what}" if self.what else ""
        return f"{head}Retain{what}{between}{self.term}{self._ending()}"

    def _ending(self) -> str:
        if isinstance(self.term, Permanent) and self.disposition is Disposition.TRANSFER:
            return f", transfer to archives{_when(self.term.transfer)}"
        return _ENDINGS[self.disposition] if not isinstance(self.term, Permanent) else ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A retention clause, understood to its last word; at least one part, in the clause's order."""

    parts: tuple[Part, ...]

    def due(self, dates: Mapping[str, date]) -> Due:
        """Return the first day on which the time of every part is over.

        A minimum is met on that day, not before. Holds are not looked at here.

        Args:
            dates: The day of each event by its words, and of :data:`START`; calendar dates in the
                city's zone. :meth:`list_events` names the keys.

        Returns:
            A date; None where a part is permanent; the events still needed otherwise.
        """
        return _combine((part.due(dates) for part in self.parts), max)

    def list_events(self) -> tuple[str, ...]:
        """Return the keys that :meth:`due` looks up, in order, each once."""
        return tuple(dict.fromkeys(event for part in self.parts for event in part.list_events()))

    def __str__(self) -> str:
        """Render as a clause in plain words."""
        return "; ".join(map(str, self.parts))


_ENDINGS: Final[Mapping[Disposition | None, str]] = {
    None: "",
    Disposition.DESTROY: ", then destroy",
    Disposition.TRANSFER: ", then transfer to archives",
    Disposition.APPRAISE: ", then transfer to archives for appraisal",
}


def _when(span: Span | None) -> str:
    if span is None:
        return ""
    return f" when {span.event}" if span.period == Period() else f" after {span}"


def _combine(dues: Iterable[Due], choose: Callable[[Iterable[date]], date]) -> Due:
    found = list(dues)
    if None in found:
        return None
    missing = [event for due in found if isinstance(due, NeedsDate) for event in due.events]
    if missing:
        return NeedsDate(tuple(dict.fromkeys(missing)))
    return choose(due for due in found if isinstance(due, date))
