"""What a certificate of destruction says: everything that the forms of the archives ask, and nobody's data.

Rules of this file:

* A certificate tells schedules, places, counts, days and roles. It never holds a value of a record, nor a
  name or number that leads to one: which records they were is a commitment under the city's key.
* What is not known stands there as not known. Nothing is left out because it is awkward: what was held
  back, what was still found afterwards, and where copies remain until when are part of it.
* The same certificate has one encoding, so that its fingerprint in the ledger means these very words.

Source:
    destruction-certificates (the union of their fields); ``docs/reference/certificates.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from curtilage.connectors.disposal.nouns import Remains
from curtilage.foundation.canonical import JSON, canonical_bytes, fingerprint
from curtilage.foundation.errors import UsageError

FORMAT: Final = "curtilage-certificate/1"
"""The form of a certificate's file."""


class CertificateNotReadableError(UsageError):
    """A file is no certificate, or one of another version."""

    code = "retention.certificate-not-readable"

    def __init__(self, *, why: str) -> None:
        self.why = why
        super().__init__(
            f"This is no certificate that can be read: {why}. Nothing was checked, so nothing is proved. "
            "Ask whoever gave you the file for the one that Curtilage wrote, unchanged."
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did or allowed something, as what, and when.

    Attributes:
        officer: Id of an officer or machine, as ``city.yml`` names it.
        role: In which role.
        at: UTC, whole microseconds.
    """

    officer: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to the records of one series in one place.

    Attributes:
        item: Id of the plan's item.
        series: Id of the record series, and ``title`` its name.
        agency: Department that made the records; empty where no field is declared under the series.
        schedule, number: The schedule and its item number, which authorise the destruction.
        authority: The citation that adopts the schedule, and ``approved`` the day since when.
        copy: ``record`` or ``convenience``.
        trigger: The event that started the time, in words.
        eligible: The day on which their time was over at the latest: that of the plan.
        oldest, newest: Inclusive dates of the event among the records; None where not known.
        system, place: Where they lay: id of the system, table or path in it.
        medium: In what form: ``database table``, ``CSV file``, ``folder of documents`` ...
        location: ISO 3166 codes of where the system stands; may be empty.
        custodian: Officer who answers for the system; may be empty.
        method: How, in words: ``deleted``, ``columns set to null`` ...
        planned: Records that the plan counted.
        disposed: Records that were disposed of.
        dependants: Rows of other tables that went with them.
        held: Records left where they are, since a hold or an open request covers them.
        left: Records that a last question still found due and not held. Anything but 0 is a failure that
            the certificate shows.
        asked: When that question was asked, UTC.
        batches: How many transactions, each of which asked for holds, requests and authority again.
        commitment: 64 hex digits: commits to which records they were.
        remains: Where something of them may still be, and until when.
    """

    item: str
    series: str
    title: str
    agency: str
    schedule: str
    number: str
    authority: str
    approved: date | None
    copy: str
    trigger: str
    eligible: date
    oldest: date | None
    newest: date | None
    system: str
    place: str
    medium: str
    location: tuple[str, ...]
    custodian: str
    method: str
    planned: int
    disposed: int
    dependants: int
    held: int
    left: int
    asked: datetime
    batches: int
    commitment: str
    remains: tuple[Remains, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Return whether the last question found nothing that should be gone."""
        return self.left == 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was carried out of one plan.

    Attributes:
        id: ``certificate-`` and the beginning of the plan's fingerprint; a number behind it
            where it took the place of another.
        city: The city's name.
        plan: Fingerprint of the plan, 64 hex digits, and ``made`` the moment of it.
        replays: Id of the system whose restored backup made it necessary; empty for a first disposition.
        authorised: Who allowed it, in order.
        carried_out: Who carried it out; ``at`` is the end.
        witnessed: Who looked on, and said so afterwards; mostly empty.
        begun, finished: UTC.
        policy: Fingerprint of what the city declared at that moment, 64 hex digits.
        program: Name and version of the program.
        lines: At least one.
        says: What is certified, in sentences that were computed from all this.
    """

    id: str
    city: str
    plan: str
    made: datetime
    replays: str
    authorised: tuple[Signature, ...]
    carried_out: Signature
    witnessed: tuple[Signature, ...]
    begun: datetime
    finished: datetime
    policy: str
    program: str
    lines: tuple[Line, ...]
    says: tuple[str, ...]

    @property
    def number(self) -> int:
        """Return which certificate of its plan it is: 1 for the first."""
        said = self.id.removeprefix(f"certificate-{self.plan[:16]}").removeprefix("-")
        return int(said) if said.isdecimal() else 1

    @property
    def disposed(self) -> int:
        """Return how many records were disposed of."""
        return sum(line.disposed for line in self.lines)

    @property
    def is_clean(self) -> bool:
        """Return whether every last question found nothing that should be gone."""
        return all(line.is_clean for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the one encoding, 64 hex digits."""
        return fingerprint(certificate_to_json(self))


def certificate_to_json(certificate: Certificate) -> dict[str, JSON]:
    """Return a certificate as JSON values: dates as ISO 8601, moments in UTC with a Z."""
    import msgspec

    return cast("dict[str, JSON]", msgspec.to_builtins(certificate))


def certificate_from_json(said: Mapping[str, Any]) -> Certificate:
    """Return the certificate that JSON values say.

    Raises:
        CertificateNotReadableError: A field is missing, unknown or of another kind.
    """
    import msgspec

    try:
        found = msgspec.convert(said, Certificate)
        same = canonical_bytes(certificate_to_json(found)) == canonical_bytes(cast("JSON", said))
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        where = str(error).partition(" - at ")[2].strip("`$.") or "its fields"
        raise CertificateNotReadableError(why=f"{where} is not as it should be") from error
    if not same:
        raise CertificateNotReadableError(why="it holds what no certificate holds, or writes it another way")
    return found
