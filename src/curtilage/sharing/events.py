"""What the sharing room records in the ledger: that a file of an access log was read, and what it came to.

Rules of this file:

* An event holds bodies, reasons, months and counts. Never a text that a log holds about people, and no hash of it.
* The words of a kind, and the meaning of its fields, never change. What must say more gets a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.kinds import read_data, write_data
from curtilage.ledger.nouns import Entry, Event
from curtilage.sharing.nouns import Use

PREFIX: Final = "sharing/log-"
"""How the names of the streams of logs begin; the log's name follows."""

_PART_BYTES: Final = 40_000
"""Bytes of uses in one part: an entry of the ledger holds 65,535, and signs may need escapes."""

_AROUND: Final = 24
"""Bytes of a use besides its texts, at most: quotes, commas, a count."""


class Data:
    """What all kinds have in common."""

    __slots__ = ()
    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class LogRead(Data):
    """A file of a log was read. What it came to follows in the same act, in ``parts`` of :class:`LogPart`.

    Attributes:
        log: Name of the log.
        first: First day that it tells of, in the city's zone.
        last: Last day.
        rows: Accesses counted.
        undated: Rows that were not counted, since their day could not be read.
        known: Rows that were not counted, since an earlier file told of their days.
        unkept: Accesses counted without the recipient's name.
        instead: Numbers of the readings whose place this one takes.
        parts: How many parts follow.
    """

    KIND = "sharing.log-read"
    log: str
    first: date
    last: date
    rows: int
    undated: int
    known: int
    unkept: int
    instead: tuple[int, ...]
    parts: int


@dataclass(frozen=True, slots=True)
class LogPart(Data):
    """A part of what a file came to; ``part`` counts from 1.

    Attributes:
        part: Its number.
        uses: Recipient, purpose, month and how many times.
    """

    KIND = "sharing.log-part"
    part: int
    uses: tuple[tuple[str, str, str, int], ...]


KINDS: Final[Mapping[str, type[Data]]] = {cls.KIND: cls for cls in (LogRead, LogPart)}
"""Every kind of event of this room."""


class UnknownSharingEventError(EvidenceError):
    """The ledger holds an event of this room that this version of Curtilage cannot read."""

    code = "sharing.unknown-event"

    def __init__(self, *, kind: str, version: int, position: int) -> None:
        self.kind, self.version, self.position = kind, version, position
        super().__init__(
            f"Entry {position} of the ledger is {kind}, version {version}, which cannot be read here. "
            "Nothing was compared on a part of the record. "
            "Use the newest Curtilage that has written to this ledger; if this is it, run: curtilage ledger verify"
        )


def to_event(data: Data) -> Event:
    """Return what is appended to the ledger for ``data``."""
    return write_data(data)


def read(entry: Entry) -> Data:
    """Return the data of an entry of this room.

    Raises:
        UnknownSharingEventError: Its kind, its version or its shape is not known here.
    """
    found = read_data(entry, KINDS)
    if found is None:
        raise UnknownSharingEventError(kind=entry.kind, version=entry.version, position=entry.position)
    return found


def split_uses(uses: Iterable[Use]) -> Iterator[LogPart]:
    """Give uses in parts that an entry can hold, in order."""
    part: list[tuple[str, str, str, int]] = []
    number, size = 1, 0
    for use in uses:
        added = sum(len(text.encode()) for text in use[:3]) + _AROUND
        if part and size + added > _PART_BYTES:
            yield LogPart(number, tuple(part))
            part, number, size = [], number + 1, 0
        part.append((use.recipient, use.purpose, use.month, use.times))
        size += added
    if part:
        yield LogPart(number, tuple(part))


def log_stream(log: str) -> str:
    """Return the stream of a log, by its name."""
    return f"{PREFIX}{log}"
