"""What the ledger holds: events that a room asks to record, and the entries that stand.

An entry holds what may be kept for ever: a kind, opaque ids, counts, citations, hashes. Whatever is
about a person is a :class:`Body`: sealed, stored apart, and named in the entry by a salted commitment
only, so that it can be destroyed on its own schedule while every proof still holds.

Source:
    rfc6962, rfc8785; ``docs/decisions/0025``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from curtilage.foundation.canonical import JSON, canonical_bytes, encode_plain, is_plain
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import UnreadableEntryError

FORMAT: Final = 1
"""Version of the form of an entry's canonical bytes."""

NO_STREAM: Final = 0
"""The version of a stream that has no entry yet."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and as what.

    Attributes:
        id: Opaque id of an officer, seat or machine, as ``city.yml`` names it. Never a resident.
        role: The role in which it is done (``records-officer``, ``counsel``, ``worker``).
    """

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Body:
    """What is about a person, to be sealed and stored apart.

    Attributes:
        content: The text, which does not print itself; its UTF-8 bytes are what is committed to.
        series: Id of the record series on whose schedule it is destroyed; empty is refused.
    """

    content: Guarded
    series: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a room asks to record.

    Attributes:
        kind: ``ROOM.what-happened``, for example ``retention.hold-placed``. Stable for ever.
        data: What may be kept for ever. Canonical JSON; never a value from a resident's record.
        bodies: What is about a person, by a name that is unique in the event.
        version: Version of the shape of ``data`` for this kind, from 1.
    """

    kind: str
    data: Mapping[str, JSON]
    bodies: Mapping[str, Body] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True, slots=True)
class BodyRef:
    """How an entry names a private body.

    Attributes:
        name: Its name in the event.
        commitment: 64 hex digits: HMAC-SHA-256 of the content under a random 32-byte salt, which is stored
            with the body and destroyed with it.
        series: Id of the record series on whose schedule it is destroyed.
    """

    name: str
    commitment: str
    series: str

    def to_json(self) -> dict[str, str]:
        """Return it as entries write it."""
        return {"commitment": self.commitment, "name": self.name, "series": self.series}


class Entry(msgspec.Struct, frozen=True):  # a dataclass takes eight times as long to build
    """One record that stands.

    Attributes:
        position: 0-based index of the entry in the whole ledger, and of its leaf in the tree.
        stream: What it is about: ``ROOM/ID``, for example ``retention/hold-7f3a``.
        number: 1-based number of the entry in its stream; equals the stream's version after it.
        kind, data, version: As in :class:`Event`.
        at: When it was recorded, UTC, whole microseconds.
        actor: Who did it, and as what.
        bodies: Its private bodies, sorted by name.
    """

    position: int
    stream: str
    number: int
    kind: str
    version: int
    at: datetime
    actor: Actor
    data: Mapping[str, JSON]
    bodies: tuple[BodyRef, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the canonical bytes, which are the leaf's data: RFC 8785 JSON, so that others get the same."""
        is_quick = is_plain(self.data)  # what stands around it always is
        return (encode_plain if is_quick else canonical_bytes)(
            {
                "format": FORMAT,
                "position": self.position,
                "stream": self.stream,
                "number": self.number,
                "kind": self.kind,
                "version": self.version,
                "at": write_time(self.at),
                "actor": self.actor.id,
                "role": self.actor.role,
                "data": self.data,
                "bodies": [ref.to_json() for ref in self.bodies],
            }
        )

    def leaf_hash(self) -> bytes:
        """Return the 32-byte leaf hash of RFC 6962, section 2.1: SHA-256 of 0x00 and the bytes."""
        return leaf_of(self.to_bytes())

    @classmethod
    def from_bytes(cls, raw: bytes) -> Entry:
        """Read an entry from its canonical bytes.

        Raises:
            EvidenceError: They are no entry of a format that is known here.
        """
        try:
            said = _WIRE.decode(raw)
            at = datetime.fromisoformat(said.at)
        except (msgspec.MsgspecError, ValueError) as error:  # their own words would repeat what was read
            raise UnreadableEntryError(why="it is no JSON of the form that entries have") from error
        if said.format != FORMAT:
            raise UnreadableEntryError(why=f"its format is {said.format}, and {FORMAT} is known here")
        return cls(
            position=said.position,
            stream=said.stream,
            number=said.number,
            kind=said.kind,
            version=said.version,
            at=at,
            actor=Actor(said.actor, said.role),
            data=said.data,
            bodies=tuple(said.bodies),
        )


class _Wire(msgspec.Struct, forbid_unknown_fields=True):
    """An entry as its bytes say it."""

    format: int
    position: int
    stream: str
    number: int
    kind: str
    version: int
    at: str
    actor: str
    role: str
    data: dict[str, Any]
    bodies: list[BodyRef]


_WIRE: Final = msgspec.json.Decoder(_Wire)


class Row(NamedTuple):
    """An entry as a store keeps it; the columns beside ``entry`` repeat what the bytes say, to be looked up.

    Attributes:
        position: As in :class:`Entry`.
        stream: As in :class:`Entry`.
        number: As in :class:`Entry`.
        kind: As in :class:`Entry`.
        entry: The canonical bytes, 65,535 at most.
        leaf: Their 32-byte leaf hash.
    """

    position: int
    stream: str
    number: int
    kind: str
    entry: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class SealedBody:
    """A private body as a store keeps it.

    Attributes:
        commitment: As in :class:`BodyRef`; found by it.
        sealed: Salt and content, sealed, with the commitment bound to them.
        digest: SHA-256 of ``sealed``: finds a changed byte without a key.
    """

    commitment: str
    sealed: bytes
    digest: bytes


@lru_cache(maxsize=16)  # all entries of one append have one time
def write_time(at: datetime) -> str:
    """Return a moment as entries write it: UTC, whole microseconds, ``2026-11-23T18:40:00.000000Z``."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def leaf_of(entry: bytes) -> bytes:
    """Return the 32-byte leaf hash of an entry's bytes: RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def commit_to(content: bytes, salt: bytes) -> str:
    """Return the commitment to a private body, as 64 hex digits.

    Args:
        content: The body.
        salt: 32 random bytes, used once, destroyed with the body.
    """
    return hmac.new(salt, content, hashlib.sha256).hexdigest()
