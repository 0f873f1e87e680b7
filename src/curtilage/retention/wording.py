"""What a certificate says in words: nothing in it is typed in, all of it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from curtilage.connectors.disposal.nouns import (
    Act,
    Aggregate,
    Clear,
    Delete,
    DestroyKey,
    DropPartition,
    RemoveFiles,
    RewriteFile,
    TransferThen,
)
from curtilage.retention.certificate import Line

_WHOLE: Final = "its records counted and in no list"


def describe_act(act: Act) -> str:
    """Return how records went, in words for a certificate.

    >>> describe_act(TransferThen(Delete(), "archive"))
    'transferred to archive, then rows deleted'
    """
    match act:
        case Delete():
            return "rows deleted"
        case Clear(columns):
            return f"set to null: {', '.join(columns)}"
        case Aggregate(group_by, _):
            return f"counted by {', '.join(group_by)}, then rows deleted"
        case DropPartition(name):
            return f"partition {name} dropped, {_WHOLE}"
        case RemoveFiles():
            return "files removed"
        case RewriteFile():
            return "file written anew without the records"
        case DestroyKey(key):
            return f"key {key} destroyed, under which they were sealed"
        case TransferThen(then, to):
            return f"transferred to {to}, then {describe_act(then)}"


def say(lines: Sequence[Line]) -> Iterator[str]:
    """Give what is certified, in sentences that are computed from the lines.

    Args:
        lines: At least one.
    """
    disposed, held, left = (
        sum(getattr(line, name) for line in lines) for name in ("disposed", "held", "left")
    )
    yield _say_disposed(disposed)
    yield from _say_asked(sum(line.batches for line in lines))
    yield _say_held(held)
    yield f"Afterwards each place was asked again: {_count(left, 'record')} that should be gone {_were(left)} found."
    if any(line.method.endswith(_WHOLE) for line in lines):
        yield (
            "A partition goes whole: its records were counted when that was planned, and no list of them was made. "
            "After a restore it is dropped again by its name, where all of it is due."
        )
    yield _until(lines)
    yield (
        "Which records they were is committed to under a key that the city keeps; neither a name nor a number of "
        "a record stands here. This certificate knows of no hold that nobody recorded, and of no copy that "
        "nobody declared."
    )


def _say_disposed(disposed: int) -> str:
    if not disposed:
        return "None of the records below was disposed of."
    if disposed == 1:
        return (
            "The record below was disposed of under the schedule item that is named, once its time was over."
        )
    return "The records below were disposed of under the schedule items that are named, once their time was over."


def _say_asked(batches: int) -> Iterator[str]:
    if batches:
        head = "In the one transaction" if batches == 1 else f"In each of {batches:,} transactions"
        yield (
            f"{head}, just before it was committed, the city's recorded holds (litigation, audit, court order, open "
            "request for records and the like) and the authorisations were asked for again."
        )


def _say_held(held: int) -> str:
    if not held:
        return "No recorded hold or open request covered any record that was due."
    if held == 1:
        return (
            "1 record that was due is covered by a hold or an open request, or something hangs on it: "
            "it was left where it is."
        )
    return (
        f"{held:,} records that were due are covered by a hold or an open request, or something hangs on them: "
        "they were left where they are."
    )


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s" if count else f"no {noun}"


def _were(count: int) -> str:
    return "were" if count > 1 else "was"


def _until(lines: Sequence[Line]) -> str:
    remains = [each for line in lines for each in line.remains]
    days = [each.until for each in remains if each.until]
    if len(days) < len(remains):
        return "Something of them may remain where the lines say so; of some places nobody knows until when."
    if days:
        return f"Something of them may remain where the lines say so, the last of it until {max(days)}."
    return "No place is known where anything of them remains."
