"""The ports of the ledger: what every room uses (:class:`Ledger`), and what a database must do for it (:class:`Store`).

Each store keeps the same promises, and one suite of tests holds them all to it:

* An append is all or nothing, and durable when it returns.
* Positions have no gap; appends by several processes and threads stand one after the other.
* An entry is never changed or removed. A private body may be destroyed; the entry stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import BodyDestroyedError, StreamMovedError
from curtilage.ledger.nouns import Actor, BodyRef, Entry, Event, Row, SealedBody

__all__ = ["Addition", "BodyDestroyedError", "Build", "Head", "Ledger", "Sealer", "Store", "StreamMovedError"]


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
            BadEventError: A name, the data or a body is not of the form that can be recorded.
            ClockSetBackError: The clock stands before the last entry.
            NoSealerError: There is a private body and no key to seal it.
            SourceError: The store did not answer, or is full.
        """
        ...

    def read(self, stream: str, *, after: int = 0) -> tuple[Entry, ...]:
        """Return the entries of a stream in order, those numbered above ``after``; empty for none."""
        ...

    def read_all(self, *, after: int = -1, kinds: Collection[str] = ()) -> Iterator[Entry]:
        """Give entries of all streams in order, those at positions above ``after``; of ``kinds``, or of all."""
        ...

    def read_through(self, kinds: Collection[str]) -> Iterator[Entry]:
        """Give the entries of some kinds in order, found in the bytes of every entry: a few seconds a million.

        For what must not be missed: neither a snapshot nor an index nor a column beside the bytes is believed,
        each of which could hide an entry and is signed by nobody.

        Raises:
            ChangedEntryError: An entry is missing in the middle, or its bytes are not those of its hash.
        """
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


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends, read under the lock of an append.

    Attributes:
        size: Number of entries.
        last: Canonical bytes of the last one; empty where there is none.
        version: Number of entries of the stream that is appended to.
    """

    size: int
    last: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Addition:
    """What one append changes.

    Attributes:
        rows: The new rows, in order, without a gap from the head's size on; at least one.
        bodies: The new private bodies.
        destroyed: Commitment of the private body that is removed; empty for none.
    """

    rows: tuple[Row, ...]
    bodies: tuple[SealedBody, ...] = ()
    destroyed: str = ""


Build = Callable[[Head], Addition | None]
"""Decides what is added at a head; None adds nothing. May raise, and then nothing is added.

It is asked again, at another head, where a connection was lost before anything was added.
"""


class Store(Protocol):
    """What a database does for the ledger. It keeps bytes and their order, and knows no meaning."""

    def add(self, stream: str, build: Build) -> Addition | None:
        """Take the one lock of all appends, let ``build`` decide at the head, write it durably.

        Returns:
            What ``build`` gave.

        Raises:
            SourceError: The store did not answer, or is full. Nothing was added, unless the error says
                that this is not known.
        """
        ...

    def count(self) -> int:
        """Return the number of entries."""
        ...

    def read_rows(
        self, *, after: int = -1, kinds: Collection[str] = (), limit: int = 1000
    ) -> tuple[Row, ...]:
        """Return the next rows in order of position, those above ``after``, of ``kinds`` or of all."""
        ...

    def read_stream(self, stream: str, *, after: int = 0, limit: int = 1000) -> tuple[Row, ...]:
        """Return the next rows of a stream, those numbered above ``after``."""
        ...

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams that begin with ``prefix``, sorted by code points."""
        ...

    def hashes(self, level: int, start: int, count: int) -> tuple[bytes, ...]:
        """Return hashes of the tree: 32 bytes each.

        Args:
            level: 0 for leaves; at level k, hash i is the root of the 256**k leaves from i * 256**k on.
            start: Index of the first at its level.
            count: How many; those that are not complete yet are not returned.
        """
        ...

    def find_body(self, commitment: str) -> SealedBody | None:
        """Return a private body; None where it is not there."""
        ...

    def list_bodies(self, *, after: str = "", limit: int = 1000) -> tuple[SealedBody, ...]:
        """Return the next private bodies in order of their commitments, those above ``after``."""
        ...

    def replace_body(self, body: SealedBody, *, before: bytes) -> bool:
        """Put a private body, sealed anew, in the place of the one that is there, durably.

        Args:
            body: With the commitment of the one that is there.
            before: Digest of the one that is there; where another one is there by now, or none, nothing is done.

        Returns:
            Whether it was done.
        """
        ...

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small thing beside the log (a checkpoint, a snapshot), durably, over what had that name."""
        ...

    def find_kept(self, name: str) -> bytes | None:
        """Return what is kept under a name.

        Raises:
            EvidenceError: A byte of it was changed.
        """
        ...

    def list_kept(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names under which something is kept, sorted by code points."""
        ...

    def forget(self, name: str) -> None:
        """Give up what is kept under a name; a name that is not there is none."""
        ...

    def scrub(self) -> str:
        """Make what was destroyed unreadable in the files, as far as the store can.

        Returns:
            Where something may remain, and until when; empty where nothing does.
        """
        ...

    def inspect(self) -> tuple[str, ...]:
        """Return what the store itself finds damaged, such as an index that misses a row; empty for nothing."""
        ...

    def only_one(self, name: str) -> AbstractContextManager[bool]:
        """As :meth:`Ledger.only_one`."""
        ...

    def close(self) -> None:
        """Give up connections and files. Doing it again does nothing."""
        ...
