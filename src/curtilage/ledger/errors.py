"""What can go wrong with the ledger, each with what was left untouched and what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from curtilage.foundation.errors import CurtilageError, EvidenceError, SourceError, UsageError


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


class BodyMissingError(EvidenceError):
    """A private body is not there, and no entry says that it was destroyed."""

    code = "ledger.body-missing"

    def __init__(self, *, commitment: str) -> None:
        self.commitment = commitment
        super().__init__(
            f"The private body {commitment[:12]} is not in the store, and no entry says that it was destroyed. "
            "Nothing was changed. Tell oversight, and look for it in a backup."
        )


class BodyMismatchError(EvidenceError):
    """A private body is not the one that its entry commits to."""

    code = "ledger.body-mismatch"

    def __init__(self, *, commitment: str) -> None:
        self.commitment = commitment
        super().__init__(
            f"The private body {commitment[:12]} is not what its entry commits to: it was changed, or sealed "
            "with another key. Nothing was changed. Tell oversight, and compare with a backup."
        )


class ChangedEntryError(EvidenceError):
    """An entry is not what was recorded, or one is missing."""

    code = "ledger.entry-changed"

    def __init__(self, *, position: int, what: str) -> None:
        self.position, self.what = position, what
        super().__init__(
            f"Entry {position} of the ledger was changed: {what}. Nothing was decided or recorded. "
            "Tell oversight, and run: curtilage ledger verify."
        )


class BadEventError(UsageError):
    """An event cannot be recorded as it is."""

    code = "ledger.bad-event"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"This cannot be recorded: {what}. Nothing was recorded. Mend it and record it again."
        )


class NoSealerError(UsageError):
    """There is a private body, and no key to seal or open it with."""

    code = "ledger.no-key"

    def __init__(self) -> None:
        super().__init__(
            "A private body cannot be sealed or opened without the city's key. Nothing was recorded or shown. "
            "Open the ledger with its keys: see [encryption] in curtilage.toml."
        )


class ClockSetBackError(EvidenceError):
    """The clock stands before the last entry by more than machines differ."""

    code = "ledger.clock-set-back"

    def __init__(self, *, now: datetime, last: datetime) -> None:
        self.now, self.last = now, last
        super().__init__(
            f"The clock says {now:%Y-%m-%d %H:%M:%S} UTC, and the last entry was recorded at "
            f"{last:%Y-%m-%d %H:%M:%S} UTC. Nothing was recorded. Set the clock right; if it was ahead when "
            "that entry was recorded, run: curtilage ledger correct-clock."
        )


class NotKeptError(EvidenceError):
    """What is kept beside the log was changed by another hand."""

    code = "ledger.kept-changed"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            f"What the ledger keeps as {name} was changed. Nothing else was touched. "
            "If it is a snapshot, run: curtilage ledger rebuild. If it is a checkpoint, tell oversight."
        )


_UNTOUCHED: Final = "Nothing was recorded."
_UNKNOWN: Final = "It is not known whether this was recorded; nothing else was changed."


class StoreError(SourceError):
    """The ledger's store did not do what it was asked."""

    code = "ledger.store"

    def __init__(self, *, where: str, what: str, next_step: str, is_known: bool = True) -> None:
        self.where, self.what = where, what
        untouched = _UNTOUCHED if is_known else _UNKNOWN
        super().__init__(f"The ledger in {where}: {what}. {untouched} {next_step}")


class ForeignFormatError(SourceError):
    """The ledger was written by another version of Curtilage."""

    code = "ledger.foreign-format"

    def __init__(self, *, where: str, found: str, known: str) -> None:
        self.where = where
        super().__init__(
            f"{where} holds a ledger of format {found}, and {known} is known here. Nothing was changed. "
            "Use the version of Curtilage that wrote it, or a newer one."
        )


class DamagedStoreError(EvidenceError):
    """The file or the tables of the ledger are damaged."""

    code = "ledger.store-damaged"

    def __init__(self, *, where: str) -> None:
        self.where = where
        super().__init__(
            f"The ledger in {where} is damaged, or it is something else. Nothing was changed. "
            "Keep the file as it is, tell oversight, and compare with a backup and the published tiles."
        )


class UnreadableEntryError(EvidenceError):
    """Bytes that should be an entry are none."""

    code = "ledger.entry-not-readable"

    def __init__(self, *, why: str) -> None:
        self.why = why
        super().__init__(
            f"An entry of the ledger cannot be read: {why}. Nothing was changed. "
            "Run: curtilage ledger verify, which says which one it is."
        )
