"""What is recorded of a case: one class for each kind of event, on the case's own stream.

Rules of this file:

* An event holds what may be kept for ever: words of closed lists, days, counts, hashes, ids of rules and
  places. Who asks, about whom, in which words, and every paper and letter are private bodies beside it.
* A name, an address, a number of a record or a word of the paper is never in an event's own data.
* The words of a kind, and the meaning of its fields, never change. What must say more gets a new version.
* Who did it, as what and when stands in the entry itself, not in its data.
* An event is also the command that asks for it: ``case.steps`` weighs it before it is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from curtilage.disclosure.case.answered import (
    Answered,
    Approved,
    Closed,
    Decided,
    ExigentOpened,
    Narrowed,
    Noticed,
    NoticeWithheld,
    Objected,
    Planned,
    Preserved,
    Refused,
    Released,
    ReleaseIntended,
    ReleaseStopped,
    Reviewed,
)
from curtilage.disclosure.case.asked import (
    Assigned,
    Attached,
    Classified,
    Confirmed,
    Data,
    FactStated,
    Held,
    HoldLifted,
    Identified,
    Received,
)
from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.kinds import read_data, write_data
from curtilage.ledger.nouns import Body, Entry, Event

__all__ = [
    "ASKER",
    "GAG",
    "KINDS",
    "LETTER",
    "PAPER",
    "PLAN",
    "PREFIX",
    "RECORDS",
    "SCOPE",
    "SUBJECTS",
    "WORDS",
    "Answered",
    "Approved",
    "Assigned",
    "Attached",
    "Classified",
    "Closed",
    "Confirmed",
    "Data",
    "Decided",
    "ExigentOpened",
    "FactStated",
    "Held",
    "HoldLifted",
    "Identified",
    "Narrowed",
    "NoticeWithheld",
    "Noticed",
    "Objected",
    "Planned",
    "Preserved",
    "Received",
    "Refused",
    "ReleaseIntended",
    "ReleaseStopped",
    "Released",
    "Reviewed",
    "UnknownCaseEventError",
    "case_stream",
    "draw_id",
    "read",
    "to_event",
]

PREFIX: Final = "disclosure/case-"
"""How the names of the cases' streams begin."""

ASKER: Final = "asker"
"""Private body of :class:`Received`: who asks (name, badge, agency, how to call back), canonical JSON."""

WORDS: Final = "words"
"""Private body of :class:`Received`: what was asked, as it was said or written."""

PAPER: Final = "paper"
"""Private body of :class:`Received` and :class:`Attached`: the scan."""

SUBJECTS: Final = "subjects"
"""Private body of :class:`Classified`: canonical JSON list of the identifiers of whom it is about."""

RECORDS: Final = "records"
"""Private body of :class:`Classified`: which records the paper describes, in its words."""

GAG: Final = "gag"
"""Private body of :class:`Classified` and :class:`NoticeWithheld`: the words that forbid telling."""

SCOPE: Final = "scope"
"""Private body of :class:`Narrowed`: subjects, fields, systems and period that will be answered, canonical JSON."""

PLAN: Final = "plan"
"""Private body of :class:`Planned`: the plan itself, canonical JSON."""

LETTER: Final = "letter"
"""Private body of :class:`Objected`, :class:`Refused`, :class:`Answered`: the letter as it was sent."""


KINDS: Final[Mapping[str, type[Data]]] = {
    cls.KIND: cls
    for cls in (
        Received,
        Attached,
        Identified,
        Classified,
        FactStated,
        Assigned,
        Held,
        HoldLifted,
        Confirmed,
        Decided,
        Narrowed,
        Objected,
        Refused,
        Answered,
        Planned,
        Approved,
        ReleaseIntended,
        Released,
        ReleaseStopped,
        Preserved,
        Noticed,
        NoticeWithheld,
        ExigentOpened,
        Reviewed,
        Closed,
        # one line each, so that two people who add one do not meet
    )
}
"""Every kind of event of a case."""


class UnknownCaseEventError(EvidenceError):
    """The ledger holds an event of a case that this version of Curtilage cannot read."""

    code = "disclosure.unknown-event"

    def __init__(self, *, kind: str, version: int, position: int) -> None:
        self.kind, self.version, self.position = kind, version, position
        super().__init__(
            f"Entry {position} of the ledger is {kind}, version {version}, which cannot be read here. "
            "Nothing was decided on a part of the record, and nothing left. "
            "Use the newest Curtilage that has written to this ledger; if this is it, run: curtilage ledger verify"
        )


def to_event(data: Data, *, bodies: Mapping[str, Body] | None = None) -> Event:
    """Return what is appended to the ledger for ``data``.

    Args:
        data: One of the classes of this file.
        bodies: What is about people, by name.
    """
    return write_data(data, bodies)


def read(entry: Entry) -> Data:
    """Return the data of an entry of a case.

    Raises:
        UnknownCaseEventError: Its kind, its version or its shape is not known here.
    """
    found = read_data(entry, KINDS)
    if found is None:
        raise UnknownCaseEventError(kind=entry.kind, version=entry.version, position=entry.position)
    return found


def case_stream(case: str) -> str:
    """Return the stream of a case, by its id."""
    return f"{PREFIX}{case}"


def draw_id() -> str:
    """Return a new id of a case: random, so that it tells neither a day nor how many came before."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(8))
