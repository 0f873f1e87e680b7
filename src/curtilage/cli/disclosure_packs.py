"""``curtilage disclosure packs`` and ``sign-pack``: which law there is, and counsel's signature over it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_city


@click.command(
    short_help="Which packs of law there are.",
    epilog=render.examples("curtilage disclosure packs", "curtilage disclosure packs --format json"),
)
@render.format_option("table", "json")
def packs(*, form: str) -> int:
    """List the packs that ship: whom each binds, until when it holds, and what is not sure about it.

    They are our reading of public sources, and nobody's law until the city's counsel has signed them.
    """
    from curtilage.disclosure.policy.packs import list_packs, load_pack

    found = [load_pack(name) for name in list_packs()]
    if form == "json":
        rows = [
            {
                "pack": pack.id,
                "title": pack.title["en"],
                "binds": pack.binds,
                "effective": pack.effective.isoformat(),
                "expires": pack.expires.isoformat(),
                "pending": pack.pending,
                "selects": pack.choices,
                "rules": [rule.id for rule in pack.rules],
                "notes": list(pack.notes),
                "hash": pack.hash,
            }
            for pack in found
        ]
        render.write_json(rows)
        return 0
    headings = ("Pack", "For", "Binds", "Until", "Rules", "Hash")
    render.write_table(
        headings,
        [
            (
                each.id,
                each.title["en"],
                each.binds,
                each.expires.isoformat(),
                str(len(each.rules)),
                each.hash[:12],
            )
            for each in found
        ],
    )
    return 0


@click.command(
    "sign-pack",
    short_help="Sign a pack, as the city's counsel.",
    epilog=render.examples(
        "curtilage disclosure sign-pack or --key counsel.pem --name counsel.alder-falls --until 2027-06-30"
    ),
)
@click.argument("pack")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Counsel's private key, Ed25519 in PEM.",
)
@click.option("--name", required=True, help="Counsel's name as in the verifier key: no space, no plus.")
@click.option(
    "--until",
    callback=render.read_day,
    metavar="DAY",
    help="The signature ends on this day. Default: after a year, or when the pack expires.",
)
@city_option
def sign_pack(*, pack: str, key: Path, name: str, until: date | None, city: Path | None) -> int:
    """Sign a pack of law as it ships, or the city's own additions under the name city.

    Counsel reads the table, the pack and its notes first, and signs for a year at most. Then the line that is
    printed goes into policy/counsel.vkeys, by somebody else than counsel, once.
    """
    from curtilage.cli.disclosure_desk import find_today
    from curtilage.disclosure.policy.packs import CITY, NoSuchPackError, list_packs, load_additions, load_pack
    from curtilage.disclosure.policy.signatures import KEYS, MOST_DAYS
    from curtilage.disclosure.policy.signatures import sign_pack as sign
    from curtilage.encryption.signing import read_key
    from curtilage.foundation.clock import SystemClock
    from curtilage.ledger.keys import key_of

    folder, now = find_city(city), SystemClock().now()
    today = find_today(folder)
    found = load_additions(folder) if pack == CITY else load_pack(pack)
    if found is None:
        raise NoSuchPackError(pack=pack, known=list_packs())
    signer = read_key(key)
    end = until or min(today + timedelta(days=MOST_DAYS - 1), found.expires)
    path = sign(folder, found, name, signer, now=now, today=today, until=end)
    click.echo(key_of(name, signer).to_vkey())
    render.note(f"Signed {found.id} until {end}: {path}. The key above must stand in {KEYS}.")
    return 0
