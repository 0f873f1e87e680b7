"""A certificate of a made-up city, its ledger, and its file."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from curtilage.connectors.disposal.nouns import Remains
from curtilage.ledger.nouns import Actor, Event
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.ledger.tree import find_root, prove_inclusion
from curtilage.retention.certificate import Certificate, Line, Signature
from curtilage.retention.paper import KIND, Paper

NOON = datetime(2017, 2, 22, 12, tzinfo=UTC)
CLERK = Actor("records", "records officer")

LINE = Line(
    item="item-1",
    series="hsg-015",
    title="Rental assistance, denied",
    agency="Housing",
    schedule="Rivermark Schedule 2021",
    number="HSG-015",
    authority="Ordinance 2021-7",
    approved=date(2016, 3, 1),
    copy="record",
    trigger="decision",
    eligible=date(2017, 2, 22),
    oldest=date(2015, 1, 3),
    newest=date(2016, 11, 24),
    system="housing_db",
    place="rental_requests",
    medium="database table",
    location=("US-WA",),
    custodian="privacy",
    method="rows deleted",
    planned=1204,
    disposed=1200,
    dependants=7,
    held=4,
    left=0,
    asked=NOON,
    batches=2,
    commitment="ab" * 32,
    remains=(Remains("backup", "The set nightly is kept for 35 days.", date(2017, 3, 29)),),
)
CERTIFICATE = Certificate(
    id="certificate-0123456789ab",
    city="Rivermark",
    plan="01" * 32,
    made=NOON,
    replays="",
    authorised=(Signature("records", "records officer", NOON), Signature("attorney", "city counsel", NOON)),
    carried_out=Signature("worker", "worker", NOON),
    witnessed=(),
    begun=NOON,
    finished=NOON,
    policy="cd" * 32,
    program="curtilage 0",
    lines=(LINE,),
    says=("Holds were asked for in each transaction.",),
)


class StoppedClock:
    def __init__(self, now=NOON):
        self.time = now

    def now(self):
        return self.time

    def today(self, zone):
        return self.time.date()


def make_paper(certificate=CERTIFICATE, *, before=3, after=2):
    """Return the certificate's file, from a ledger with other entries before and after it."""
    record = Record(MemoryStore(), clock=StoppedClock())
    other = Event("retention.hold-released", {"hold": "x"})
    for number in range(before):
        record.append(f"retention/hold-{number}", 0, [other], by=CLERK)
    data = {"certificate": certificate.id, "fingerprint": certificate.fingerprint, "plan": certificate.plan}
    (entry,) = record.append("retention/plan-1", 0, [Event(KIND, data)], by=CLERK)
    for number in range(after):
        record.append(f"retention/hold-after-{number}", 0, [other], by=CLERK)
    size, hashes = record.count(), record.store.hashes
    proof = prove_inclusion(hashes, entry.position, size)
    said = json.loads(entry.to_bytes())
    return Paper(certificate, said, size, proof, checkpoint_text(size, find_root(hashes, size)))


def checkpoint_text(size, root):
    """Return a checkpoint as a note has it, without a signature."""
    import base64

    return f"rivermark.example/ledger\n{size}\n{base64.b64encode(root).decode()}\n"


def many_lines(count):
    return replace(CERTIFICATE, lines=tuple(replace(LINE, item=f"item-{number}") for number in range(count)))
