"""``curtilage encryption``: the city's own keys."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option

_BUSY: Final = 3


@click.group(short_help="Change the city's keys.")
def encryption() -> None:
    """Change the keys under which the city seals what is about people."""


@encryption.command(
    short_help="Seal everything anew under a new key.",
    epilog=render.examples(
        "curtilage encryption rotate --as records",
        "curtilage encryption rotate --as records --retire",
    ),
)
@city_option
@as_option
@click.option(
    "--retire",
    is_flag=True,
    help="Make no new key; remove the former ones from the key file, so that backups of the ledger open no more.",
)
@render.format_option("table", "json")
@render.quiet_option
def rotate(*, city: Path | None, who: str, retire: bool, form: str, quiet: bool) -> int:
    """Make a new key, and seal every private body of the ledger anew under it. No entry changes, and no proof.

    Ended in the middle, it goes on when it is run again. The former key stays in the file, for what is in backups,
    until it is retired on another day. To move into a token, or to another one, name the new key
    as `key` and the one before as `former` under [encryption], run this, then take `former` out again. Exit status
    3 where a worker or a carrying out is under way: end it first, for it would not know the new key.
    """
    from curtilage.cli.retention_desk import open_desk

    with open_desk(city) as desk:
        _, actor = desk.officer(who)
        done = desk.keeping.rotate(by=actor, retire=retire)
    if done is None:
        render.note(
            "A worker or a plan is under way. Nothing was sealed anew. Try again when it is done.",
            quiet=quiet,
        )
        return _BUSY
    if form == "json":
        render.write_json({"key": done.key, "bodies": done.bodies, "retired": done.retired})
    told = f"{render.plural(done.bodies, 'private body', 'private bodies')} sealed anew under the key {done.key}."
    if done.retired:
        told += f" {render.plural(done.retired, 'former key')} removed."
    render.note(
        f"{told} Keep a copy of the key in a safe place, apart from every backup of the ledger.", quiet=quiet
    )
    return 0
