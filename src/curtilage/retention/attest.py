"""What comes to a certificate after it was issued: who looked on, and a holder's word that its copies are gone.

Rules of this file:

* A certificate that was issued is never changed. Another one takes its place, under the next number, with what
  was certified word for word and what came to it; both stay in the ledger.
* Whoever carried a destruction out is no witness of it.
* A confirmation names a document and a day, and takes the place of "No confirmation is recorded." and of nothing
  else. It is the holder's word, and stands there as such.

Source:
    destruction-certificates, witnesses; nist-sp-800-88, copies and backups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from curtilage.connectors.disposal.nouns import Remains
from curtilage.foundation.clock import day_in
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import Actor
from curtilage.ledger.ports import Ledger
from curtilage.retention.backups import name_copies
from curtilage.retention.certificate import Certificate, Line, Signature
from curtilage.retention.certify import list_certificates, record_certificate
from curtilage.retention.events import CopiesGone, Witnessed, plan_stream, to_event
from curtilage.retention.nouns import Permission, Reason
from curtilage.retention.wording import say

_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A holder's word that the copies that it made of a system are gone.

    Attributes:
        holder: Id of the vendor.
        system: Id of the system.
        reference: Number or name of the document that says so; nobody's name.
        day: Since when they are gone, as it says; calendar date in the city's zone.
        letter: SHA-256 of the document's bytes, 64 hex digits; empty where there is no file of it.
    """

    holder: str
    system: str
    reference: str
    day: date
    letter: str = ""


def weigh_witness(certificate: Certificate, officer: Officer, officers: Sequence[Officer]) -> Permission:
    """Return whether an officer may be recorded as one who looked on.

    Args:
        certificate: The newest of its plan.
        officer: Who looked on.
        officers: All of the city, for one person may have two ids.
    """
    reasons = []
    same = {officer.id, *(each.id for each in officers if officer.is_one_person(each))}
    if certificate.carried_out.officer in same:
        text = f"{officer.id}, or another of that name, carried it out; somebody else looks on."
        reasons.append(Reason("own-work", text))
    if same & {each.officer for each in certificate.witnessed}:
        text = f"{officer.id}, or another of that name, is recorded as a witness already."
        reasons.append(Reason("witnessed", text))
    return Permission(tuple(reasons))


def weigh_confirmation(
    certificate: Certificate, confirmed: Confirmation, *, today: date, zone: str
) -> Permission:
    """Return whether a confirmation may be recorded.

    Args:
        certificate: The newest of its plan.
        confirmed: What the holder says.
        today: Calendar date in the city's zone.
        zone: That zone, IANA.
    """
    return Permission(tuple(_against(certificate, confirmed, today, day_in(zone, certificate.begun))))


def _against(certificate: Certificate, confirmed: Confirmation, today: date, begun: date) -> Iterator[Reason]:
    copies = name_copies(confirmed.holder, confirmed.system)
    if copies not in list_unconfirmed(certificate):
        open_ = " ".join(list_unconfirmed(certificate)) or "Nothing waits for a confirmation."
        yield Reason("no-such-copies", f"It does not say: {copies} Unconfirmed are: {open_}")
    if not confirmed.reference.strip():
        yield Reason("no-reference", "A confirmation names the document that says so.")
    if not begun <= confirmed.day <= today:
        yield Reason("day", f"The copies can be gone from {begun} on, when it began, and until today.")
    if confirmed.letter and not (len(confirmed.letter) == 64 and set(confirmed.letter) <= _HEX):
        yield Reason("letter", "The document's SHA-256 is 64 hex digits.")


def list_unconfirmed(certificate: Certificate) -> tuple[str, ...]:
    """Return the sentences about copies of others of whose end nobody has said anything, sorted; may be empty."""
    remains = (remain for line in certificate.lines for remain in line.remains)
    return tuple(sorted({each.what for each in remains if each.where == "vendor" and each.until is None}))


def record_witness(ledger: Ledger, certificate: Certificate, at: datetime, *, by: Actor) -> Certificate:
    """Record that somebody looked on, and the certificate that says so.

    Args:
        ledger: The ledger.
        certificate: The newest of its plan, weighed before.
        at: The moment of the record, UTC.
        by: Who looked on.

    Returns:
        The certificate that takes its place.

    Raises:
        StreamMovedError: Another one took its place meanwhile.

    Effects:
        Appends to the plan's stream.
    """
    signed = (*certificate.witnessed, Signature(by.id, by.role, at))
    made = replace(certificate, id=_next_id(certificate), witnessed=signed)
    said = Witnessed(made.plan, made.id, certificate.fingerprint)
    return record_certificate(ledger, made, _version(ledger, certificate), first=[to_event(said)], by=by)


def record_confirmation(
    ledger: Ledger, certificate: Certificate, confirmed: Confirmation, *, by: Actor
) -> Certificate:
    """Record that the copies that a holder made are gone, as it says, and the certificate that says so.

    Args:
        ledger: The ledger.
        certificate: The newest of its plan.
        confirmed: What the holder says, weighed before.
        by: Who records it.

    Returns:
        The certificate that takes its place.

    Raises:
        StreamMovedError: Another one took its place meanwhile.

    Effects:
        Appends to the plan's stream.
    """
    lines = tuple(_told(line, confirmed) for line in certificate.lines)
    made = replace(certificate, id=_next_id(certificate), lines=lines, says=tuple(say(lines)))
    said = CopiesGone(
        made.plan,
        made.id,
        confirmed.system,
        confirmed.holder,
        confirmed.reference,
        confirmed.day,
        confirmed.letter,
    )
    return record_certificate(ledger, made, _version(ledger, certificate), first=[to_event(said)], by=by)


def _told(line: Line, confirmed: Confirmation) -> Line:
    copies = name_copies(confirmed.holder, confirmed.system)
    gone = f"{copies.removesuffix('.')} are gone, as {confirmed.holder} confirmed ({confirmed.reference})."
    remains = tuple(
        Remains("vendor", gone, confirmed.day) if each.what == copies and each.where == "vendor" else each
        for each in line.remains
    )
    return replace(line, remains=remains)


def _next_id(certificate: Certificate) -> str:
    return f"certificate-{certificate.plan[:16]}-{certificate.number + 1}"


def _version(ledger: Ledger, certificate: Certificate) -> int:
    """Return the version of the plan's stream, in which the certificate is the newest."""
    entries = ledger.read(plan_stream(certificate.plan))
    newest = list(list_certificates(entries))[-1]
    return len(entries) if newest.id == certificate.id else 0  # 0 is refused as moved
