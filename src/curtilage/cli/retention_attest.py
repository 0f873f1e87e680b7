"""``curtilage retention witness`` and ``confirm``: what comes to a certificate after it was issued."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option, open_desk

if TYPE_CHECKING:
    from curtilage.retention.certificate import Certificate


@click.command(
    short_help="Say that you looked on.",
    epilog=render.examples("curtilage retention witness certificate-4f1d --as counsel"),
)
@click.argument("certificate", metavar="CERTIFICATE")
@city_option
@as_option
@render.quiet_option
def witness(*, certificate: str, city: Path | None, who: str, quiet: bool) -> int:
    """Record that you looked on when the records of CERTIFICATE were destroyed, or saw that they are gone.

    Whoever carried it out is no witness of it. A certificate with your name takes the place of the one before;
    that one stays in the ledger, unchanged. Exit status 3 where it is refused, with the reasons.
    """
    from curtilage.retention.attest import record_witness, weigh_witness
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.proving import find_certificate

    with open_desk(city) as desk:
        officer, actor = desk.officer(who)
        found = find_certificate(desk.keeping.ledger, certificate)
        permission = weigh_witness(found, officer, desk.declared.city.officers)
        if not permission:
            raise NotAuthorisedError(what=f"To witness {found.id}", reasons=permission.reasons)
        made = record_witness(desk.keeping.ledger, found, desk.clock.now(), by=actor)
    _tell(found, made, quiet=quiet)
    return 0


@click.command(
    short_help="Record that a vendor's copies are gone.",
    epilog=render.examples(
        "curtilage retention confirm certificate-4f1d --holder cloudshelf --system housing_db "
        "--reference 'Letter 2017-88' --on 2017-03-01 --letter letter-88.pdf --as records"
    ),
)
@click.argument("certificate", metavar="CERTIFICATE")
@city_option
@click.option(
    "--holder", required=True, metavar="VENDOR", help="Who made the copies, as the certificate says."
)
@click.option("--system", required=True, help="The system they were made of.")
@click.option("--reference", required=True, help="The document that says so: its number, nobody's name.")
@click.option(
    "--on", "day", required=True, callback=render.read_day, metavar="DATE", help="Since when they are gone."
)
@click.option(
    "--letter",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its file; only the SHA-256 of its bytes is recorded.",
)
@as_option
@render.quiet_option
def confirm(
    *,
    certificate: str,
    city: Path | None,
    holder: str,
    system: str,
    reference: str,
    day: date,
    letter: Path | None,
    who: str,
    quiet: bool,
) -> int:
    """Record a vendor's word that the copies that it made of a system of CERTIFICATE are gone.

    A certificate that says so takes the place of the one before; that one stays in the ledger, unchanged.
    Exit status 3 where it is refused, with the reasons.
    """
    import hashlib

    from curtilage.retention.attest import Confirmation, record_confirmation, weigh_confirmation
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.proving import find_certificate

    digest = hashlib.sha256(letter.read_bytes()).hexdigest() if letter else ""
    confirmed = Confirmation(holder, system, reference, day, digest)
    with open_desk(city) as desk:
        _, actor = desk.officer(who)
        found = find_certificate(desk.keeping.ledger, certificate)
        permission = weigh_confirmation(found, confirmed, today=desk.today, zone=desk.settings.city.zone)
        if not permission:
            raise NotAuthorisedError(what=f"The confirmation for {found.id}", reasons=permission.reasons)
        made = record_confirmation(desk.keeping.ledger, found, confirmed, by=actor)
    _tell(found, made, quiet=quiet)
    return 0


def _tell(found: Certificate, made: Certificate, *, quiet: bool) -> None:
    render.note(
        f"{made.id} takes the place of {found.id}. Write it with: "
        f"curtilage retention certificates {made.id} --out certificate.json",
        quiet=quiet,
    )
