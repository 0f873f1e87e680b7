"""What all lines of a plan share while they are carried out: the pace, the clock, the open systems, the permission."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from curtilage.connectors.disposal.conditions import Condition
from curtilage.connectors.disposal.nouns import Act, Target
from curtilage.connectors.disposal.ports import Disposer
from curtilage.foundation.clock import Clock
from curtilage.foundation.progress import Progress, Quiet
from curtilage.retention.certify import Outcome
from curtilage.retention.holds import Holds, read_holds, read_holds_through
from curtilage.retention.nouns import Permission, Reason
from curtilage.retention.recorder import Recorder, StoppedError

__all__ = ("Carried", "Carrying", "Line", "Pace", "Recorder")


@dataclass(frozen=True, slots=True)
class Pace:
    """How gently it is gone about, for the sake of others who work in the same system.

    Attributes:
        rows_per_second: At most, on average; 0 is as fast as it goes.
        lock_seconds: How long a batch may hold its locks; batches are made as large as that allows.
        batch_rows: Rows of a batch at most.
        lag_seconds: How far a replica may be behind before the next batch waits for it.
        tries: How often a batch is tried that met a lock or lost the connection.
        wait_seconds: How long the first of these waits is; each is twice the one before, up to 10 s.
    """

    rows_per_second: int = 0
    lock_seconds: float = 0.5
    batch_rows: int = 100_000
    lag_seconds: float = 10.0
    tries: int = 8
    wait_seconds: float = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """What is to go in one place.

    Attributes:
        id: Id of the line in its plan.
        series: Id of the series on whose schedule the list of keyed hashes is kept, and which holds are asked for.
        target: Which records.
        act: What is done to them.
        most: Records at most.
        stays: What must stay of a table, by the holds that stand; a row for which it is unknown stays as well.
    """

    id: str
    series: str
    target: Target
    act: Act
    most: int
    stays: Callable[[Holds, str], Condition | None]


@dataclass(frozen=True, slots=True)
class Carried:
    """How a line ended.

    Attributes:
        line: Id of the line.
        rows: Records that went, this time and before.
        outcome: What was seen at its end; None where it did not come to its end.
        reason: Stable code of why it did not: that of an error, ``until``, ``refused``; empty where it did.
        words: The same for a person.
    """

    line: str
    rows: int
    outcome: Outcome | None = None
    reason: str = ""
    words: str = ""


@dataclass(slots=True)
class Carrying:
    """What all lines of a plan share while they are carried out.

    Attributes:
        recorder: Writes to the plan's stream.
        clock: Tells the time.
        open_disposer: Opens a system by its id.
        permission: Whether the plan may be carried out, as it is now.
        pace: How gently.
        until: When to stop, UTC; None is never.
        progress: Told of rows that went.
        pause: Waits some seconds.
        zone: The city's, an IANA name; terms of what remains are counted from its day.
        holds: The holds as far as they were read; None until then.
    """

    recorder: Recorder
    clock: Clock
    open_disposer: Callable[[str], Disposer]
    permission: Callable[[], Permission]
    pace: Pace = field(default_factory=Pace)
    until: datetime | None = None
    progress: Progress = field(default_factory=Quiet)
    pause: Callable[[float], None] = time.sleep
    zone: str = "UTC"
    holds: Holds | None = None
    _open: dict[str, Disposer] = field(default_factory=dict)

    def disposer(self, system: str) -> Disposer:
        """Return the open disposer of a system; none is opened before the holds were read from every entry."""
        if self.holds is None:
            self.read_holds()
        if system not in self._open:
            self._open[system] = self.open_disposer(system)
        return self._open[system]

    def reopen(self, system: str) -> None:
        """Give a connection up, so that the next question opens another one."""
        disposer = self._open.pop(system, None)
        if disposer is not None:
            disposer.close()

    def read_holds(self) -> Holds:
        """Return the holds that stand now; from every entry at first, then from what was recorded since."""
        ledger = self.recorder.ledger
        self.holds = read_holds_through(ledger) if self.holds is None else read_holds(ledger, self.holds)
        return self.holds

    def is_open(self, system: str) -> bool:
        """Return whether a system is open."""
        return system in self._open

    def may_go_on(self) -> None:
        """See that the time is not over, and that the plan may still be carried out.

        Raises:
            StoppedError: It may not.
        """
        if self.until is not None and self.clock.now() >= self.until:
            raise StoppedError([Reason("until", "The time that was given is over.")])
        permission = self.permission()
        if not permission:
            raise StoppedError(permission.reasons)

    def close(self) -> None:
        """Close all disposers."""
        for system in list(self._open):
            self.reopen(system)
