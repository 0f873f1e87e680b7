"""The access logs of a city, as the ledger tells of them: the fold of each log's stream, and the one way to add to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from curtilage.foundation.errors import UsageError
from curtilage.ledger.nouns import Actor, Entry
from curtilage.ledger.ports import Ledger
from curtilage.sharing.events import PREFIX, LogPart, LogRead, log_stream, read, split_uses, to_event
from curtilage.sharing.nouns import AccessLog, LogCount, LogReading, Use

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class BadLogNameError(UsageError):
    """The name of a log is not of the form that practices and the ledger can hold."""

    code = "sharing.bad-log-name"

    def __init__(self) -> None:
        super().__init__(
            "The name of a log is made of small letters, digits and -, 60 at most. Nothing was recorded. "
            "Name it as the practice does, such as: --log plate-network"
        )


def check_name(log: str) -> None:
    """Refuse a name that no stream can have.

    Raises:
        BadLogNameError: It is none.
    """
    if not _NAME.fullmatch(log):
        raise BadLogNameError


def read_log(ledger: Ledger, log: str) -> AccessLog:
    """Return what was read of one log; without readings where nothing was.

    Raises:
        EvidenceError: An entry cannot be read.
    """
    return fold_log(log, ledger.read(log_stream(log)))


def list_logs(ledger: Ledger) -> tuple[AccessLog, ...]:
    """Return every log of which a file was read, by name.

    Raises:
        EvidenceError: An entry cannot be read.
    """
    return tuple(read_log(ledger, stream.removeprefix(PREFIX)) for stream in ledger.list_streams(PREFIX))


def fold_log(log: str, entries: Iterable[Entry]) -> AccessLog:
    """Return a log from the entries of its stream, in order."""
    found = AccessLog(log)
    for entry in entries:
        found = replace(_advance(found, entry), version=entry.number)
    return replace(found, readings=tuple(sorted(found.readings, key=lambda each: (each.first, each.number))))


def _advance(log: AccessLog, entry: Entry) -> AccessLog:
    match read(entry):
        case LogRead() as said:
            standing = [each for each in log.readings if each.number not in said.instead]
            added = LogReading(
                entry.number, said.first, said.last, said.rows, said.undated, entry.actor.id, entry.at, ()
            )
            return replace(log, readings=(*standing, added))
        case LogPart(uses=uses):
            last = log.readings[-1]
            whole = replace(last, uses=(*last.uses, *(Use(*each) for each in uses)))
            return replace(log, readings=(*log.readings[:-1], whole))
    return log


def record_reading(
    ledger: Ledger, log: AccessLog, count: LogCount, instead: Sequence[int], *, by: Actor
) -> bool:
    """Record what a file of a log came to, unless it is the very one that stands.

    Args:
        ledger: The city's.
        log: As it was when the file was counted.
        count: What the file came to.
        instead: Numbers of the readings whose place it takes.
        by: Who read it.

    Returns:
        Whether it was recorded; no where the same was read before.

    Raises:
        StreamMovedError: Somebody read a file of this log meanwhile. Nothing was recorded.

    Effects:
        Appends to the ledger.
    """
    assert count.first is not None
    assert count.last is not None
    replaced = [each for each in log.readings if each.number in instead]
    if len(replaced) == 1 and _is_same(replaced[0], count):
        return False
    parts = list(split_uses(count.uses))
    said = LogRead(
        log=log.name,
        first=count.first,
        last=count.last,
        rows=count.rows,
        undated=count.undated.rows,
        known=count.known.rows,
        unkept=count.unkept.rows,
        instead=tuple(instead),
        parts=len(parts),
    )
    ledger.append(log_stream(log.name), log.version, [to_event(each) for each in (said, *parts)], by=by)
    return True


def _is_same(reading: LogReading, count: LogCount) -> bool:
    return (reading.first, reading.last, reading.rows, reading.uses) == (
        count.first,
        count.last,
        count.rows,
        count.uses,
    )
