"""A certificate laid out for people: the same labels and words on a page and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from curtilage.retention.certificate import Certificate, Line, Signature
from curtilage.retention.paper import Paper

NOT_KNOWN: Final = "not known"

_HOW: Final = (
    "Ask for the certificate's file, and for a checkpoint from somebody other than the city: the oversight "
    "body, a witness, a newspaper. Then run: curtilage retention verify FILE --checkpoint CHECKPOINT. The "
    "proof shows that these words stood in the city's record when that checkpoint was made, and were not "
    "changed since. It does not show that the record says all that happened."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet.

    Attributes:
        title: Its heading.
        rows: ``(label, text)`` in order; may be empty.
        sentences: In order; may be empty.
        code: Text that is shown as it is, with its line breaks; may be empty.
    """

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole certificate, for people.

    Attributes:
        title: Heading of the whole.
        lead: One sentence that says what happened.
        alarm: One sentence where something is not as it should be; mostly empty.
        sections: In order.
    """

    title: str
    lead: str
    alarm: str
    sections: tuple[Section, ...]


def lay_out(paper: Paper) -> Sheet:
    """Return the sheet of a certificate with what proves it."""
    sheet = lay_out_certificate(paper.certificate)
    return replace(sheet, sections=(*sheet.sections, _proof(paper)))


def lay_out_certificate(said: Certificate) -> Sheet:
    """Return the sheet of a certificate by itself."""
    return Sheet(
        title=f"Certificate of {'renewed ' if said.replays else ''}disposition",
        lead=_lead(said),
        alarm=_alarm(said),
        sections=(
            Section("What is certified", sentences=said.says),
            *(Section(f"{line.series}: {line.title}", tuple(_rows(line))) for line in said.lines),
            Section("Who", tuple(_people(said))),
        ),
    )


def _lead(said: Certificate) -> str:
    records = "record was" if said.disposed == 1 else "records were"
    return (
        f"{said.city}: {said.disposed:,} {records} disposed of between {_moment(said.begun)} and "
        f"{_moment(said.finished)} ({said.id})."
    )


def _alarm(said: Certificate) -> str:
    left = sum(line.left for line in said.lines)
    records = "record that should be gone was" if left == 1 else "records that should be gone were"
    return f"{left:,} {records} found again when asked." if left else ""


def _rows(line: Line) -> Iterator[tuple[str, str]]:
    yield "Creating agency", line.agency or NOT_KNOWN
    yield "Schedule and item", " ".join(filter(None, (line.schedule, line.number))) or NOT_KNOWN
    yield "Adopted by", _join(line.authority, f"in force since {line.approved}" if line.approved else "")
    yield "Copy", {"record": "record copy", "convenience": "convenience copy"}.get(line.copy, line.copy)
    yield "Time began with", line.trigger or NOT_KNOWN
    yield "Eligible", f"time over on {line.eligible} at the latest"
    yield "Inclusive dates", f"{_day(line.oldest)} to {_day(line.newest)}"
    yield "Quantity", f"{line.disposed:,} of {line.planned:,} planned"
    if line.dependants:
        yield "Rows that went along", f"{line.dependants:,}"
    yield "Held back", f"{line.held:,} (left where they are, under a hold or an open request)"
    yield "Where they lay", f"{line.system}: {line.place} ({line.medium})"
    yield "Location", ", ".join(line.location) or NOT_KNOWN
    yield "Custodian", line.custodian or NOT_KNOWN
    yield "Method", line.method
    yield "Verified", f"asked again {_moment(line.asked)}: {line.left:,} found"
    asked = "in it" if line.batches == 1 else "in each"
    yield "Transactions", f"{line.batches:,}; holds, requests and authority were asked for {asked}"
    for remain in line.remains:
        until = f"Until {remain.until}." if remain.until else f"Until when is not known: {remain.unknown}"
        yield "Remains", f"{remain.what} {until}"
    yield "Commitment to the identifiers", line.commitment


def _people(said: Certificate) -> Iterator[tuple[str, str]]:
    for each in said.authorised:
        yield "Authorised by", _signed(each)
    if not said.authorised:
        yield "Authorised by", "nobody"
    yield "Carried out by", _signed(said.carried_out)
    for each in said.witnessed:
        yield "Witnessed by", _signed(each)
    yield "Program", said.program
    yield "Plan", f"{said.plan}, made {_moment(said.made)}"
    yield "Policy in force", said.policy


def _proof(paper: Paper) -> Section:
    return Section(
        "How to check this",
        (
            ("Fingerprint", paper.certificate.fingerprint),
            ("Entry in the ledger", f"{paper.position:,} of {paper.tree_size:,}"),
        ),
        (_HOW,),
        paper.checkpoint,
    )


def _signed(each: Signature) -> str:
    return f"{each.officer}, {each.role}, {_moment(each.at)}"


def _join(*parts: str) -> str:
    return ", ".join(filter(None, parts)) or NOT_KNOWN


def _day(day: date | None) -> str:
    return day.isoformat() if day else NOT_KNOWN


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
