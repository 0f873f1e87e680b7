"""Make the certificate of a plan that was carried out, from what the ledger tells, and record it.

The certificate's words stand in the ledger beside its fingerprint, in parts, so that every certificate can be
made again from the ledger alone; nothing is kept anywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from curtilage import __version__
from curtilage.connectors.disposal.nouns import Remains, RemoveFiles
from curtilage.foundation.canonical import fingerprint
from curtilage.inventory.nouns import Inventory
from curtilage.ledger.nouns import Actor, Entry, Event
from curtilage.ledger.ports import Ledger
from curtilage.retention.backups import list_remains
from curtilage.retention.certificate import (
    Certificate,
    CertificateNotReadableError,
    Line,
    Signature,
    certificate_from_json,
    certificate_to_json,
)
from curtilage.retention.events import (
    Authorised,
    BatchDone,
    BatchIntended,
    Begun,
    CertificateIssued,
    CertificatePart,
    Replayed,
    plan_stream,
    read_kind,
    to_event,
)
from curtilage.retention.manifest import join_roots
from curtilage.retention.nouns import Plan, PlanItem
from curtilage.retention.wording import describe_act, say

PART: Final = 30_000
"""Characters of one part of a certificate's words: ASCII, so that an entry holds it even where each is escaped."""

_MEDIA: Final = {
    "csv": "CSV file",
    "tsv": "TSV file",
    "txt": "text file",
    "parquet": "Parquet file",
    "xlsx": "workbook",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen of one line of a plan when it was at its end.

    Attributes:
        item: Id of the line.
        held: Records that are due and stay, for a hold or because something hangs on them.
        left: Records that are due, not held, and still there.
        asked: When that was asked, UTC.
        remains: Where something of them may still be, as the system itself tells.
    """

    item: str
    held: int
    left: int
    asked: datetime
    remains: tuple[Remains, ...] = ()


def issue(
    ledger: Ledger,
    plan: Plan,
    outcomes: Sequence[Outcome],
    *,
    declared: Inventory,
    today: date,
    by: Actor,
) -> Certificate:
    """Record the certificate of a plan; one that was recorded before stands, and is returned.

    Args:
        ledger: Tells what was done of the plan, and takes the certificate.
        plan: The plan.
        outcomes: One for each line of which anything was begun, at least one.
        declared: Titles, places and backups are taken from here.
        today: Calendar date in the city's zone.
        by: Who carried the plan out.

    Raises:
        ValueError: There is no outcome: a certificate of nothing would be misread.

    Effects:
        Appends to the plan's stream.
    """
    if not outcomes:
        raise ValueError("A certificate needs at least one line.")
    entries = ledger.read(plan_stream(plan.id))
    for certificate in list_certificates(entries):
        return certificate
    made = _Work(plan, entries, _consents(ledger, entries), declared, today).certificate(outcomes, by)
    return record_certificate(ledger, made, len(entries), by=by)


def record_certificate(
    ledger: Ledger, made: Certificate, version: int, *, by: Actor, first: Sequence[Event] = ()
) -> Certificate:
    """Record a certificate, whole, at the end of its plan's stream; return it.

    Args:
        ledger: The ledger.
        made: The certificate.
        version: Number of entries that the stream has.
        by: Who issues it.
        first: What is recorded in the same act, before it.

    Raises:
        StreamMovedError: The stream has another number of entries.

    Effects:
        Appends to the plan's stream.
    """
    text = json.dumps(certificate_to_json(made), separators=(",", ":"))
    parts = [text[start : start + PART] for start in range(0, len(text), PART)]
    issued = CertificateIssued(made.plan, made.id, made.fingerprint, len(parts))
    written = [
        CertificatePart(made.plan, made.id, number, part) for number, part in enumerate(parts, start=1)
    ]
    events = [*first, *(to_event(each) for each in (issued, *written))]
    ledger.append(plan_stream(made.plan), version, events, by=by)
    return made


def list_certificates(entries: Iterator[Entry] | Sequence[Entry]) -> Iterator[Certificate]:
    """Give the certificates that stand in entries, in their order.

    Args:
        entries: Of a plan's stream, or of the kinds :class:`CertificateIssued` and :class:`CertificatePart`.

    Raises:
        CertificateNotReadableError: Its words are not those of its fingerprint.
    """
    issued: dict[str, CertificateIssued] = {}
    words: dict[str, list[str]] = {}
    for entry in entries:
        for _, said in read_kind((entry,), CertificateIssued):
            issued[said.certificate] = said
        for _, part in read_kind((entry,), CertificatePart):
            words.setdefault(part.certificate, []).append(part.text)
            if len(words[part.certificate]) == issued[part.certificate].parts:
                yield _read(issued[part.certificate], "".join(words[part.certificate]))


def _read(issued: CertificateIssued, text: str) -> Certificate:
    found = certificate_from_json(json.loads(text))
    if found.fingerprint != issued.fingerprint:
        raise CertificateNotReadableError(why="its words are not those of its fingerprint in the ledger")
    return found


@dataclass(frozen=True)
class _Work:
    """What a certificate is made from."""

    plan: Plan
    entries: Sequence[Entry]
    consents: Sequence[Entry]
    declared: Inventory
    today: date

    def certificate(self, outcomes: Sequence[Outcome], by: Actor) -> Certificate:
        lines = tuple(self.line(each) for each in outcomes)
        begun = next((entry.at for entry, _ in read_kind(tuple(self.entries), Begun)), self.plan.made)
        finished = max((*(each.asked for each in outcomes), begun))
        return Certificate(
            id=f"certificate-{self.plan.id[:16]}",
            city=self.plan.city,
            plan=self.plan.id,
            made=self.plan.made,
            replays=next((said.system for _, said in read_kind(tuple(self.entries), Replayed)), ""),
            authorised=tuple(self.signatures()),
            carried_out=Signature(by.id, by.role, finished),
            witnessed=(),
            begun=begun,
            finished=finished,
            policy=fingerprint([[item.id, item.basis] for item in self.plan.items]),
            program=f"curtilage {__version__}",
            lines=lines,
            says=tuple(say(lines)),
        )

    def signatures(self) -> Iterator[Signature]:
        for entry, said in read_kind(tuple(self.consents), Authorised):
            yield Signature(entry.actor.id, said.role, entry.at)

    def line(self, outcome: Outcome) -> Line:
        item = next(each for each in self.plan.items if each.id == outcome.item)
        batches = self.batches.get(item.id, ())
        system = next((each for each in self.declared.systems if each.id == item.target.system), None)
        own = list_remains(system, today=self.today) if system else ()
        return Line(
            item=item.id,
            series=item.series,
            title=item.title,
            agency=self.agencies.get(item.series, ""),
            schedule=item.schedule,
            number=item.number,
            authority=item.authority,
            approved=item.approved,
            copy=item.copy,
            trigger=item.trigger,
            eligible=self.plan.day,
            oldest=item.oldest,
            newest=item.newest,
            system=item.target.system,
            place=item.target.table,
            medium=_medium(item),
            location=system.location if system else (),
            custodian=system.owner if system else "",
            method=describe_act(item.act),
            planned=item.rows,
            disposed=sum(batch.rows for batch in batches),
            dependants=sum(rows for batch in batches for _, rows in batch.along),
            held=outcome.held,
            left=outcome.left,
            asked=outcome.asked,
            batches=len(batches),
            commitment=join_roots(batch.root for batch in batches),
            remains=(*outcome.remains, *own),
        )

    @cached_property
    def batches(self) -> Mapping[str, Sequence[BatchIntended]]:
        return _batches(self.entries)

    @cached_property
    def agencies(self) -> Mapping[str, str]:
        return _agencies(self.declared)


def _consents(ledger: Ledger, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries that tell who agreed: of the plan itself, or of those that a replay does again."""
    replayed = next((said for _, said in read_kind(tuple(entries), Replayed)), None)
    if replayed is None:
        return entries
    return [entry for plan in replayed.plans for entry in ledger.read(plan_stream(plan))]


def _batches(entries: Sequence[Entry]) -> Mapping[str, list[BatchIntended]]:
    """Return the batches that were committed, by line, in order."""
    done = {(said.item, said.number) for _, said in read_kind(tuple(entries), BatchDone)}
    found: dict[str, dict[int, BatchIntended]] = {}
    for _, said in read_kind(tuple(entries), BatchIntended):
        if (said.item, said.number) in done:
            found.setdefault(said.item, {})[said.number] = (
                said  # the last one: what went before was rolled back
            )
    return {item: [batches[number] for number in sorted(batches)] for item, batches in found.items()}


def _medium(item: PlanItem) -> str:
    if isinstance(item.act, RemoveFiles):
        return "folder of documents"
    return _MEDIA.get(item.target.table.rpartition(".")[2].lower(), "database table")


def _agencies(declared: Inventory) -> Mapping[str, str]:
    """Return the title of the department whose fields belong to each series; several are joined."""
    found: dict[str, dict[str, None]] = {}
    for department in declared.departments:
        for program in department.programs:
            for field in (field for each in program.collections for field in each.fields):
                found.setdefault(field.series, {})[department.title] = None
    return {series: ", ".join(titles) for series, titles in found.items()}
