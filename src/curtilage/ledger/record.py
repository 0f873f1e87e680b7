"""The one implementation of the ledger, over any store.

Rules of this file:

* What an entry says is decided here, under the lock of the store: its position, its number, its time.
* Times never go back: an entry is never earlier than the one before it. A clock that is behind by no more
  than machines of one city differ is lifted; one that is further behind is refused.
* What is read is held against its hash and its neighbours: no room decides on an entry that was changed.
  That nothing at all was changed, only verification says.
* A private body is sealed before the lock is taken, its salt inside the seal: a salt beside its commitment
  would let anybody with the file try out what was meant.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from curtilage.foundation.clock import Clock
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import (
    BadEventError,
    BodyDestroyedError,
    BodyMismatchError,
    BodyMissingError,
    ChangedEntryError,
    ClockSetBackError,
    NoSealerError,
    StreamMovedError,
)
from curtilage.ledger.nouns import (
    NO_STREAM,
    Actor,
    BodyRef,
    Entry,
    Event,
    Row,
    SealedBody,
    commit_to,
    leaf_of,
    write_time,
)
from curtilage.ledger.ports import Addition, Head, Sealer, Store

BODY_DESTROYED: Final = "ledger.body-destroyed"
"""Kind of the entry that says that a private body was destroyed."""

CLOCK_CORRECTED: Final = "ledger.clock-corrected"
"""Kind of the one entry that may be earlier than the one before it."""

LARGEST_ENTRY: Final = 65_535
"""Bytes of an entry at most: what a length of 16 bits in a bundle of C2SP tlog-tiles can say."""

LONGEST_LAG: Final = timedelta(seconds=60)
"""Chosen: machines that keep time by the network differ by less; a clock set by hand by more."""

_LARGEST_VERSION: Final = 2**31 - 1
_SALT_BYTES: Final = 32
_STREAM: Final = re.compile(r"[a-z][a-z0-9-]*/[A-Za-z0-9][A-Za-z0-9._:/-]{0,198}")
_KIND: Final = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SERIES: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PAGE: Final = 1000


class _Ready(NamedTuple):
    """An event, checked, with its bodies sealed."""

    event: Event
    refs: tuple[BodyRef, ...] = ()
    bodies: tuple[SealedBody, ...] = ()


class Record:
    """The ledger of a city.

    Attributes:
        store: Where it lies; what proves and verifies reads it.
    """

    def __init__(self, store: Store, *, clock: Clock, sealer: Sealer | None = None) -> None:
        """Take a store.

        Args:
            store: An open store.
            clock: Tells the time of recording.
            sealer: Seals and opens private bodies; without it, events with bodies are refused.
        """
        self.store = store
        self._clock = clock
        self._sealer = sealer

    def append(self, stream: str, expected: int, events: Sequence[Event], *, by: Actor) -> tuple[Entry, ...]:
        """Record events; see :class:`~curtilage.ledger.ports.Ledger`."""
        _check_names(stream, events, by)
        ready = [self._prepare(event) for event in events]
        entries: list[Entry] = []

        def build(head: Head) -> Addition:
            if head.version != expected:
                raise StreamMovedError(stream=stream, expected=expected, found=head.version)
            at = self._time(head)
            entries[:] = [_entry(stream, head, index, each, at=at, by=by) for index, each in enumerate(ready)]
            bodies = tuple(body for each in ready for body in each.bodies)
            return Addition(tuple(map(_row, entries)), bodies)

        self.store.add(stream, build)
        return tuple(entries)

    def correct_clock(self, *, by: Actor, reason: str) -> Entry:
        """Record that the clock was ahead, so that entries may follow with an earlier time.

        The entries that were recorded with the wrong time stay as they are.

        Args:
            by: Who says so.
            reason: How it came, in words that may be kept for ever.

        Raises:
            BadEventError: The clock is not behind the last entry.
        """
        entries: list[Entry] = []

        def build(head: Head) -> Addition:
            at = self._clock.now()
            last = Entry.from_bytes(head.last).at if head.last else at
            if at >= last:
                raise BadEventError(
                    what="the clock is not behind the last entry, so there is nothing to correct"
                )
            event = Event(CLOCK_CORRECTED, {"reason": reason, "was": write_time(last)})
            entries[:] = [_entry("ledger/clock", head, 0, _Ready(event), at=at, by=by)]
            return Addition(tuple(map(_row, entries)))

        self.store.add("ledger/clock", build)
        return entries[0]

    def read(self, stream: str, *, after: int = 0) -> tuple[Entry, ...]:
        """Return the entries of a stream."""
        entries: list[Entry] = []
        after = max(after, 0)
        while rows := self.store.read_stream(stream, after=after, limit=_PAGE):
            for row in rows:
                after += 1
                if row.number != after:
                    raise ChangedEntryError(
                        position=row.position, what=f"the one before it in {stream} is missing"
                    )
                entries.append(_read_row(row))
        return tuple(entries)

    def read_all(self, *, after: int = -1, kinds: Collection[str] = ()) -> Iterator[Entry]:
        """Give entries of all streams in order."""
        after = max(after, -1)
        while rows := self.store.read_rows(after=after, kinds=kinds, limit=_PAGE):
            for row in rows:
                after += 1
                if not kinds and row.position != after:
                    raise ChangedEntryError(position=row.position, what="the one before it is missing")
                yield _read_row(row)
            after = rows[-1].position

    def read_through(self, kinds: Collection[str]) -> Iterator[Entry]:
        """Give the entries of some kinds, found in the bytes of every entry."""
        signs = "|".join(re.escape(f'"kind":"{kind}"') for kind in kinds)
        find, after = re.compile(signs.encode()).search, -1
        while rows := self.store.read_rows(after=after, limit=_PAGE):
            for row in rows:
                after += 1
                if row.position != after or leaf_of(row.entry) != row.leaf:
                    what = "its bytes do not match its hash, or the one before it is missing"
                    raise ChangedEntryError(position=row.position, what=what)
                if find(row.entry):
                    entry = _read_row(row)
                    if entry.kind in kinds:
                        yield entry

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams that begin with ``prefix``, sorted."""
        return self.store.list_streams(prefix)

    def count(self) -> int:
        """Return the number of entries."""
        return self.store.count()

    def open_body(self, ref: BodyRef) -> Guarded:
        """Return a private body, checked against its commitment."""
        body = self.store.find_body(ref.commitment)
        if body is None:
            if self.store.read_stream(_grave(ref), limit=1):
                raise BodyDestroyedError(commitment=ref.commitment, series=ref.series)
            raise BodyMissingError(commitment=ref.commitment)
        if self._sealer is None:
            raise NoSealerError
        return _take_out(self._sealer.open(body.sealed, context=_context(ref.commitment)), ref)

    def destroy_body(self, ref: BodyRef, *, by: Actor, reason: str) -> Entry:
        """Destroy a private body for ever, and record that it was.

        Effects:
            Removes the sealed bytes, then scrubs what the store can: see ``Store.scrub``.
        """
        event = Event(BODY_DESTROYED, {"commitment": ref.commitment, "reason": reason, "series": ref.series})
        stream = _grave(ref)
        _check_names(stream, [event], by)

        def build(head: Head) -> Addition | None:
            if head.version != NO_STREAM:
                return None
            entry = _entry(stream, head, 0, _Ready(event), at=self._time(head), by=by)
            return Addition((_row(entry),), destroyed=ref.commitment)

        if self.store.find_body(ref.commitment) is None and not self.store.read_stream(stream, limit=1):
            raise BodyMissingError(commitment=ref.commitment)
        self.store.add(stream, build)
        self.store.scrub()
        return Entry.from_bytes(self.store.read_stream(stream, limit=1)[0].entry)

    def reseal(self, is_fresh: Callable[[bytes], bool]) -> int:
        """Seal private bodies anew, each under its old commitment and salt: no entry changes, and no proof.

        Args:
            is_fresh: Whether sealed bytes may stay as they are.

        Returns:
            How many were sealed anew. Ended in the middle, it goes on when it is called again.

        Raises:
            BodyMismatchError: One is not what an entry committed to; it stays as it is.
            EvidenceError: One does not open.
            NoSealerError: There is no key.

        Effects:
            Writes each sealed body over the one before, then scrubs what the store can: see ``Store.scrub``.
        """
        if self._sealer is None:
            raise NoSealerError
        done, after = 0, ""
        while bodies := self.store.list_bodies(after=after, limit=_PAGE // 10):
            for body in bodies:
                done += not is_fresh(body.sealed) and self._seal_anew(self._sealer, body)
            after = bodies[-1].commitment
        if done:
            self.store.scrub()
        return done

    def _seal_anew(self, sealer: Sealer, body: SealedBody) -> bool:
        context = _context(body.commitment)
        opened = sealer.open(body.sealed, context=context)
        _take_out(opened, BodyRef("", body.commitment, ""))
        sealed = sealer.seal(opened, context=context)
        made = SealedBody(body.commitment, sealed, hashlib.sha256(sealed).digest())
        return self.store.replace_body(made, before=body.digest)

    def only_one(self, name: str) -> AbstractContextManager[bool]:
        """Hold a lock by name across processes and machines."""
        if not _NAME.fullmatch(name):
            raise BadEventError(what="the name of a lock is made of small letters, digits, - and _")
        return self.store.only_one(name)

    def close(self) -> None:
        """Give up connections and files."""
        self.store.close()

    def _time(self, head: Head) -> datetime:
        """Return the time of recording: now, and never before the last entry."""
        now = self._clock.now()
        last = Entry.from_bytes(head.last).at if head.last else now
        if last - now > LONGEST_LAG:
            raise ClockSetBackError(now=now, last=last)
        return max(now, last)

    def _prepare(self, event: Event) -> _Ready:
        if not event.bodies:
            return _Ready(event)
        pairs = [self._seal(name, event) for name in sorted(event.bodies)]
        return _Ready(event, tuple(ref for ref, _ in pairs), tuple(body for _, body in pairs))

    def _seal(self, name: str, event: Event) -> tuple[BodyRef, SealedBody]:
        if self._sealer is None:
            raise NoSealerError
        body, salt = event.bodies[name], secrets.token_bytes(_SALT_BYTES)
        text = body.content.unsafe_reveal()
        commitment = commit_to(text.encode(), salt)
        sealed = self._sealer.seal(Guarded(salt.hex() + text), context=_context(commitment))
        return BodyRef(name, commitment, body.series), SealedBody(
            commitment, sealed, hashlib.sha256(sealed).digest()
        )


def _entry(stream: str, head: Head, index: int, ready: _Ready, *, at: datetime, by: Actor) -> Entry:
    event = ready.event
    return Entry(
        position=head.size + index,
        stream=stream,
        number=head.version + index + 1,
        kind=event.kind,
        version=event.version,
        at=at,
        actor=by,
        data=event.data,
        bodies=ready.refs,
    )


def _row(entry: Entry) -> Row:
    try:
        raw = entry.to_bytes()
    except (TypeError, ValueError) as error:
        raise BadEventError(what=f"the data of {entry.kind} has no canonical form") from error
    if len(raw) > LARGEST_ENTRY:
        raise BadEventError(what=f"{entry.kind} has {len(raw):,} bytes, and {LARGEST_ENTRY:,} is the most")
    return Row(entry.position, entry.stream, entry.number, entry.kind, raw, leaf_of(raw))


def _read_row(row: Row) -> Entry:
    """Return the entry of a row, where both say the same: no room decides on what somebody changed."""
    if leaf_of(row.entry) != row.leaf:
        raise ChangedEntryError(position=row.position, what="its bytes do not match its hash")
    entry = Entry.from_bytes(row.entry)
    if (entry.position, entry.stream, entry.number, entry.kind) != row[:4]:
        raise ChangedEntryError(position=row.position, what="the columns beside it say something else")
    return entry


def _check_names(stream: str, events: Sequence[Event], by: Actor) -> None:
    """Refuse what could not be found again, or would mean nothing."""
    if not events:
        raise BadEventError(what="there is no event")
    if not _STREAM.fullmatch(stream):
        raise BadEventError(what="the stream is not of the form ROOM/ID")
    if not (by.id.strip() and by.role.strip()):
        raise BadEventError(what="nobody is named who does it, or no role")
    for event in events:
        if not _KIND.fullmatch(event.kind):
            raise BadEventError(what="the kind is not of the form ROOM.what-happened")
        if not 1 <= event.version <= _LARGEST_VERSION:
            raise BadEventError(what=f"the version of {event.kind} is not 1 or more")
        if not isinstance(event.data, dict | Mapping):  # dict first: it is quicker
            raise BadEventError(what=f"the data of {event.kind} is no mapping")
        for name, body in event.bodies.items():
            if not (_NAME.fullmatch(name) and _SERIES.fullmatch(body.series)):
                raise BadEventError(what=f"a private body of {event.kind} has no name, or no record series")


def _grave(ref: BodyRef) -> str:
    """Return the stream that says that a body was destroyed."""
    return f"ledger/body-{ref.commitment}"


def _context(commitment: str) -> bytes:
    return b"curtilage/ledger/body/v1/" + commitment.encode()


def _take_out(opened: Guarded, ref: BodyRef) -> Guarded:
    text = opened.unsafe_reveal()
    salt, content = text[: 2 * _SALT_BYTES], text[2 * _SALT_BYTES :]
    try:
        is_same = commit_to(content.encode(), bytes.fromhex(salt)) == ref.commitment
    except ValueError:
        is_same = False
    if not is_same:
        raise BodyMismatchError(commitment=ref.commitment)
    return Guarded(content)
