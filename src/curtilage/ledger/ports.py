"""The one port of the ledger, which every room uses and every store implements.

Each implementation keeps the same promises, and one suite of tests holds them all to it:

* ``append`` is all or nothing, and durable when it returns.
* Positions have no gap; appends by several processes and threads stand one after the other.
* An entry is never changed or removed. A private body may be destroyed; the entry stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.nouns import Actor, BodyRef, Entry, Event


class StreamMovedError(CurtilageError):
    """Somebody else appended to the stream since it was read."""

    code = "ledger.stream-moved"

    def __init__(self, *, stream: str, expected: int, found: int) -> None:
        self.stream, self.expected, self.found = stream, expected, found
        super().__init__(
            f"{stream} has {found} entries, not the {expected} that this decision was made on. "
            "Nothing was recorded. Read it again and decide again."
        )


class BodyDestroyedError(CurtilageError):
    """A private body was destroyed on its schedule."""

    code = "ledger.body-destroyed"

    def __init__(self, *, commitment: str, series: str) -> None:
        self.commitment, self.series = commitment, series
        super().__init__(
            f"The private body {commitment[:12]} was destroyed under series {series}. "
            "Its entry stands and still proves that it was recorded. There is nothing to open."
        )


class Sealer(Protocol):
    """Seals private bodies; the encryption room has the implementation."""

    def seal(self, plain: Guarded, *, context: bytes) -> bytes:
        """Return the sealed bytes; ``context`` is bound to them and not secret."""
        ...

    def open(self, sealed: bytes, *, context: bytes) -> Guarded:
        """Return what was sealed.

        Raises:
            EvidenceError: The bytes, the key or the context are not those of the sealing.
        """
        ...


class Ledger(Protocol):
    """The record, wherever it is stored."""

    def append(self, stream: str, expected: int, events: Sequence[Event], *, by: Actor) -> tuple[Entry, ...]:
        """Record ``events`` at the end of ``stream``, all or none, durable on return.

        Args:
            stream: ``ROOM/ID``.
            expected: Version of the stream on which the decision was made: the number of its entries;
                ``NO_STREAM`` for a new one.
            events: At least one.
            by: Who does it.

        Returns:
            The entries, with their positions and the one time of recording.

        Raises:
            StreamMovedError: The stream's version is another one. Nothing was recorded.
        """
        ...

    def read(self, stream: str, *, after: int = 0) -> tuple[Entry, ...]:
        """Return the entries of a stream in order, those numbered above ``after``; empty for none."""
        ...

    def read_all(self, *, after: int = -1, kinds: Collection[str] = ()) -> Iterator[Entry]:
        """Give entries of all streams in order, those at positions above ``after``; of ``kinds``, or of all."""
        ...

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams that begin with ``prefix``, sorted."""
        ...

    def count(self) -> int:
        """Return the number of entries: the size of the tree."""
        ...

    def open_body(self, ref: BodyRef) -> Guarded:
        """Return a private body, checked against its commitment.

        Raises:
            BodyDestroyedError: It was destroyed on its schedule.
            EvidenceError: It does not match the commitment, or is not there although nobody destroyed it.
        """
        ...

    def destroy_body(self, ref: BodyRef, *, by: Actor, reason: str) -> Entry:
        """Destroy a private body and its salt for ever; record ``ledger.body-destroyed`` in the same act.

        Doing it again changes nothing and returns the entry that stands.
        """
        ...

    def only_one(self, name: str) -> AbstractContextManager[bool]:
        """Hold a lock by name across processes and machines; yields False where somebody else holds it."""
        ...

    def close(self) -> None:
        """Give up connections and files. Doing it again does nothing."""
        ...
