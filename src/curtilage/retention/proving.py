"""Find a certificate in the ledger, and make its file with the proof that it stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from curtilage.foundation.errors import UsageError
from curtilage.ledger.nouns import Entry
from curtilage.ledger.ports import Ledger, Store
from curtilage.ledger.tree import prove_inclusion
from curtilage.retention.certificate import Certificate
from curtilage.retention.certify import list_certificates
from curtilage.retention.events import CertificateIssued, CertificatePart, plan_stream, read_kind
from curtilage.retention.paper import Paper
from curtilage.retention.verify import head_of

KINDS = (CertificateIssued.KIND, CertificatePart.KIND)


class NoCertificateError(UsageError):
    """The ledger holds no certificate of that name, or several begin so."""

    code = "retention.no-certificate"

    def __init__(self, *, certificate: str, found: int) -> None:
        self.certificate, self.found = certificate, found
        what = f"{found} certificates begin with {certificate}" if found else f"There is no {certificate}"
        super().__init__(f"{what}. Nothing was written. List them with: curtilage retention certificates")


class CheckpointTooOldError(UsageError):
    """A checkpoint was made before a certificate was issued, so it cannot prove it."""

    code = "retention.checkpoint-too-old"

    def __init__(self, *, size: int, position: int) -> None:
        self.size, self.position = size, position
        super().__init__(
            f"The checkpoint is of {size:,} entries, and the certificate is entry {position:,}, counted from 0: "
            "it came later. Nothing was written. Take a newer checkpoint."
        )


def read_certificates(ledger: Ledger) -> Iterator[Certificate]:
    """Give all certificates that were issued, the oldest first.

    Raises:
        EvidenceError: One cannot be read.
    """
    return list_certificates(ledger.read_all(kinds=KINDS))


def newest_certificates(ledger: Ledger) -> tuple[Certificate, ...]:
    """Return the certificate of each plan that no other took the place of, in the order of the first ones.

    Raises:
        EvidenceError: One cannot be read.
    """
    return tuple({each.plan: each for each in read_certificates(ledger)}.values())


def find_certificate(ledger: Ledger, start: str) -> Certificate:
    """Return the certificate of that id or fingerprint, or the newest of the one plan that begins so.

    The id of a plan's first certificate is how those of all that took its place begin: it means the newest. The
    fingerprint, which stands on each, means that very one.

    Raises:
        NoCertificateError: None does, or those of several plans do.
    """
    every = tuple(read_certificates(ledger))
    found = [each for each in every if start and (each.id.startswith(start) or each.plan.startswith(start))]
    plans = {each.plan for each in found}
    exact = [each for each in every if start == each.fingerprint or (start == each.id and each.number > 1)]
    if exact or len(plans) == 1:
        return (exact or found)[-1]
    raise NoCertificateError(certificate=start, found=len(plans))


def prove_certificate(ledger: Ledger, store: Store, certificate: Certificate, note: bytes) -> Paper:
    """Return a certificate's file.

    Args:
        ledger: The ledger.
        store: Where it lies.
        certificate: One that the ledger holds.
        note: A checkpoint of this ledger: the signed note, or its three lines.

    Raises:
        CheckpointTooOldError: The checkpoint was made before the certificate.
        EvidenceError: The checkpoint cannot be read.
    """
    entry = _entry_of(ledger, certificate)
    head = head_of(note)
    if not entry.position < head.size <= store.count():
        raise CheckpointTooOldError(size=head.size, position=entry.position)
    hashes = prove_inclusion(store.hashes, entry.position, head.size)
    return Paper(certificate, json.loads(entry.to_bytes()), head.size, hashes, note.decode())


def _entry_of(ledger: Ledger, certificate: Certificate) -> Entry:
    for entry, said in read_kind(ledger.read(plan_stream(certificate.plan)), CertificateIssued):
        if said.certificate == certificate.id:
            return entry
    raise NoCertificateError(certificate=certificate.id, found=0)
