"""The writer of a plan's stream while it is carried out: it notices whoever else writes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from curtilage.foundation.errors import SourceError
from curtilage.ledger.errors import StreamMovedError
from curtilage.ledger.nouns import Actor, Entry, Event
from curtilage.ledger.ports import Ledger
from curtilage.retention.events import (
    BatchDone,
    BatchIntended,
    Begun,
    PlanFinished,
    PlanStopped,
    plan_stream,
    read_kind,
)
from curtilage.retention.nouns import Reason

TAKEN_OVER: Final = "taken-over"

"""Code of the reason that somebody else carries the plan out."""

OVER: Final = frozenset({Begun.KIND, BatchIntended.KIND, BatchDone.KIND, PlanFinished.KIND, PlanStopped.KIND})

"""Kinds that nobody else writes while a plan is carried out."""


class StoppedError(Exception):
    """The next batch may not be; carries the reasons. Caught in this room, never shown."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__()


class Recorder:
    """Writes to a plan's stream, and notices whoever else does."""

    def __init__(self, ledger: Ledger, plan: str, by: Actor) -> None:
        self.ledger, self.plan, self._by = ledger, plan, by
        self.entries: list[Entry] = list(ledger.read(plan_stream(plan)))
        self._waiting: list[Event] = []
        self._tried: list[Event] = []

    @property
    def version(self) -> int:
        """Return the number of entries in the stream, as far as they were read or written here."""
        return len(self.entries)

    def later(self, event: Event) -> None:
        """Write an event with the next one: what it tells can be made out again from the system's mark."""
        self._waiting.append(event)

    def append(self, *events: Event) -> Entry | None:
        """Write events, and before them what waits; return the entry of the last; None where there was nothing.

        Raises:
            StreamMovedError: Somebody wrote to the stream since. Nothing was recorded; it was read again.
            StoppedError: What they wrote says that they carry the plan out, or stopped it.
        """
        wanted = [*self._waiting, *events]
        if not wanted:
            return None
        try:
            entries = self.ledger.append(plan_stream(self.plan), self.version, wanted, by=self._by)
        except StreamMovedError:
            self._catch_up()
            raise
        except SourceError:
            self._tried = wanted  # it may stand all the same
            raise
        self._waiting.clear()
        self.entries.extend(entries)
        return entries[-1]

    def record(self, *events: Event) -> None:
        """Write events, and before them what waits, whoever agreed to the plan or looked at it in between.

        Raises:
            StoppedError: Somebody else carries the plan out.
        """
        for _ in range(10):
            try:
                self.append(*events)
            except StreamMovedError:
                continue
            return
        raise StoppedError(
            [Reason("restless", "The plan's record changes again and again. Try again later.")]
        )

    def flush(self) -> None:
        """Write what waits."""
        self.record()

    def read_again(self) -> None:
        """Read the stream anew, after this process wrote to it by another way."""
        self.entries = list(self.ledger.read(plan_stream(self.plan)))

    def has(self, kind: str) -> bool:
        """Return whether the stream has an entry of a kind."""
        return any(entry.kind == kind for entry in self.entries)

    @property
    def rows(self) -> int:
        """Return how many records went, by the ledger."""
        return sum(said.rows for _, said in read_kind(tuple(self.entries), BatchDone))

    def _catch_up(self) -> None:
        """Read what was written meanwhile; an append of our own that was told to have failed may be among it."""
        news = self.ledger.read(plan_stream(self.plan), after=self.version)
        self.entries.extend(news)
        own = [(event.kind, dict(event.data)) for event in self._tried]
        told = [(entry.kind, dict(entry.data)) for entry in news]
        if own and told[: len(own)] == own:
            del self._waiting[: len(own) - 1]
            news = news[len(own) :]
        self._tried = []
        if any(entry.kind in OVER for entry in news):
            text = "Somebody else carries this plan out, or stopped it."
            raise StoppedError([Reason(TAKEN_OVER, text)])

    def batches(self, line: str) -> tuple[list[BatchIntended], dict[int, BatchDone]]:
        """Return what was intended of a line, in order, and what was done, by number."""
        entries = tuple(self.entries)
        intended = [said for _, said in read_kind(entries, BatchIntended) if said.item == line]
        return intended, {said.number: said for _, said in read_kind(entries, BatchDone) if said.item == line}
