"""``curtilage ledger``: sign, verify, prove and hand out the record of what the city did."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_city
from curtilage.cli.ledger_verify import key_option, list_projections, open_record, verify
from curtilage.cli.ledger_witness import witness
from curtilage.cli.progress import show_progress
from curtilage.cli.retention_desk import as_option
from curtilage.foundation.errors import EvidenceError, SourceError, UsageError

if TYPE_CHECKING:
    from curtilage.ledger.nouns import Actor, Entry

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(short_help="Sign, verify and prove the record of what the city did.")
def ledger() -> None:
    """Sign, verify and prove the record of what the city did.

    The ledger is append-only: what was recorded is never changed or removed, and a change is found.
    """


def find_actor(folder: Path, who: str) -> Actor:
    """Return how the ledger names an officer of the city.

    Raises:
        UnknownOfficerError: The city declares none of that id.
    """
    from curtilage.inventory.load import load_inventory
    from curtilage.ledger.nouns import Actor
    from curtilage.retention.authorise import find_officer

    officer = find_officer(load_inventory(folder), who)
    return Actor(officer.id, officer.role)


def out_option(what: str) -> Callable[[Command], Command]:
    """Return the option ``--out`` for ``what``."""
    return click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"Write {what} to this file instead of standard output.",
    )


@ledger.command(
    short_help="Show or make the keys that sign.",
    epilog=render.examples("curtilage ledger key --new", "curtilage ledger key > rivermark.vkeys"),
)
@city_option
@click.option("--new", is_flag=True, help="Make them where the settings say; never in place of others.")
def key(*, city: Path | None, new: bool) -> int:
    """Show the verifier keys, which are handed to everybody who checks the city; with --new, make them.

    Whoever has the private half can sign for the city: keep a copy in a safe place, apart from the
    ledger, or let the key lie in a token (`[ledger] key = "pkcs11:..."`).
    """
    from curtilage.cli.signers import find_origin, name_signers, open_signers
    from curtilage.foundation.settings import read_settings
    from curtilage.ledger.keys import key_of

    folder = find_city(city)
    settings = read_settings(folder)
    signers = open_signers(folder, settings, new=new)
    if new:
        with open_record(folder) as keeping:
            name_signers(keeping.ledger, find_origin(settings), signers)
    for signer in signers:
        click.echo(key_of(find_origin(settings), signer).to_vkey())
    return 0


@ledger.command(
    short_help="Sign the ledger as it stands.",
    epilog=render.examples("curtilage ledger checkpoint --out checkpoint.txt"),
)
@city_option
@out_option("the signed checkpoint")
@click.option(
    "--witnesses/--no-witnesses",
    "ask",
    default=True,
    help="Ask the city's witnesses to sign, too. Default: ask.",
)
@render.quiet_option
def checkpoint(*, city: Path | None, out: Path | None, ask: bool, quiet: bool) -> int:
    """Sign the size and the root of the ledger, and have witnesses sign that it only grew.

    Give the checkpoint to as many others as you can: whoever holds one can tell later whether the past
    was changed. Exit status 1 when a witness did not sign; the checkpoint is signed and kept all the same.
    """
    from curtilage.cli.ledger_witness import ask_witness
    from curtilage.cli.signers import read_witnesses, sign_head
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.ledger.signing import read_checkpoint

    folder = find_city(city)
    settings = read_settings(folder)
    with open_record(folder) as keeping:
        store = keeping.ledger.store
        note = sign_head(folder, settings, keeping.ledger, SystemClock())
        silent = []
        for each, address in read_witnesses(folder, settings) if ask else ():
            try:
                note = ask_witness(store, note, each, address)
            except (SourceError, EvidenceError) as error:
                silent.append(f"{error}\n[{error.code}]")
    _write(note, out)
    render.note(f"Signed: {read_checkpoint(note)}.", quiet=quiet)
    for problem in silent:
        render.note(problem)
    return int(bool(silent))


@ledger.command(
    short_help="Write the ledger as tiles that any static host serves.",
    epilog=render.examples("curtilage ledger export published/"),
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@city_option
@click.option(
    "--last", is_flag=True, help="Up to the last checkpoint that was signed; sign none. Needs no key."
)
@render.quiet_option
def export(*, folder: Path, city: Path | None, last: bool, quiet: bool) -> int:
    """Write what DIR lacks of the ledger, as tiles (C2SP tlog-tiles), then the signed checkpoint.

    The folder grows: a file that stands is never rewritten. Publish it, or give it to whoever watches.
    It holds every entry; entries hold no resident's data, but officers' ids and what was decided when.
    """
    from curtilage.cli.signers import sign_head
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.ledger.signing import NoCheckpointError, find_last
    from curtilage.ledger.tiles import export_tiles

    home = find_city(city)
    settings = read_settings(home)
    with open_record(home) as keeping:
        store = keeping.ledger.store
        note = find_last(store) if last else sign_head(home, settings, keeping.ledger, SystemClock())
        if note is None:
            raise NoCheckpointError(size=store.count())
        done = export_tiles(store, folder, note, progress=show_progress(quiet=quiet))
    grown = (
        f"{done.size - done.before:,} more entries"
        if done.before
        else render.plural(done.size, "entry", "entries")
    )
    render.note(
        f"Wrote {grown} to {folder}: {render.plural(done.written, 'file')} and the checkpoint.", quiet=quiet
    )
    return 0


@ledger.command(
    short_help="Prove that an entry is in the ledger.",
    epilog=render.examples("curtilage ledger prove 42 --out entry-42.tlog-proof"),
)
@click.argument("position", type=click.IntRange(min=0))
@city_option
@out_option("the proof")
@render.quiet_option
def prove(*, position: int, city: Path | None, out: Path | None, quiet: bool) -> int:
    """Write a proof that the entry at POSITION is in the ledger, with the entry and a signed checkpoint.

    The file is checked with nothing but the city's verifier key: `curtilage ledger verify FILE --key KEY`,
    or the stand-alone tools/verify_record.py.
    """
    from curtilage.ledger.proofs import prove_entry
    from curtilage.ledger.signing import NoCheckpointError, find_last, read_checkpoint

    with open_record(find_city(city)) as keeping:
        store = keeping.ledger.store
        note = find_last(store)
        if position >= store.count():
            raise UsageError(
                f"The ledger has {store.count():,} entries, numbered from 0. Nothing was written. "
                "See them with: curtilage ledger log"
            )
        if note is None or read_checkpoint(note).size <= position:
            raise NoCheckpointError(size=position + 1)
        proof = prove_entry(store, position, note)
    _write(proof.to_bytes(), out)
    render.note(f"Proved entry {position} in {read_checkpoint(note)}.", quiet=quiet)
    return 0


@ledger.command(
    short_help="Show entries.",
    epilog=render.examples(
        "curtilage ledger log --last 20", "curtilage ledger log --kind retention.hold-placed"
    ),
)
@city_option
@click.option(
    "--stream", default="", help="Only this stream, ROOM/ID; or those that begin so, with * at the end."
)
@click.option("--kind", "kinds", multiple=True, help="Only entries of this kind; repeatable.")
@click.option("--after", type=int, default=-1, help="Only entries at positions above this.")
@click.option("--last", type=click.IntRange(min=1), help="Only so many, the newest.")
@render.format_option("table", "jsonl")
def log(
    *, city: Path | None, stream: str, kinds: tuple[str, ...], after: int, last: int | None, form: str
) -> int:
    """Show the entries of the ledger in order: what was recorded, about what, by whom, when."""
    from collections import deque

    with open_record(find_city(city)) as keeping:
        entries = (each for each in keeping.ledger.read_all(after=after, kinds=kinds) if _is_of(each, stream))
        wanted = deque(entries, maxlen=last) if last else entries
        if form == "jsonl":
            for each in wanted:
                sys.stdout.buffer.write(each.to_bytes() + b"\n")
            return 0
        rows = [
            (
                str(each.position),
                f"{each.at:%Y-%m-%d %H:%M:%S}",
                each.kind,
                each.stream,
                each.actor.id,
                each.actor.role,
            )
            for each in wanted
        ]
    render.write_table(("entry", "UTC", "kind", "stream", "by", "as"), rows)
    return 0


def _is_of(entry: Entry, stream: str) -> bool:
    if stream.endswith("*"):
        return entry.stream.startswith(stream[:-1])
    return not stream or entry.stream == stream


@ledger.command(
    short_help="Make all state from the entries again, and compare.",
    epilog=render.examples("curtilage ledger rebuild"),
)
@city_option
@render.quiet_option
def rebuild(*, city: Path | None, quiet: bool) -> int:
    """Fold all state from the first entry on, compare it with what is kept, and keep the new one.

    What the program runs on is a fold over the entries; a snapshot only saves time. Exit status 1 when
    one was not what the entries say.
    """
    from curtilage.ledger.snapshots import rebuild as make_again

    wrong = 0
    with open_record(find_city(city)) as keeping:
        for projection in list_projections():
            done = make_again(keeping.ledger, projection)
            word = {None: "made", True: "the same", False: "was wrong, made anew"}[done.is_same]
            click.echo(f"{done.name}  {word}")
            wrong += done.is_same is False
        render.note(f"Rebuilt from {render.plural(keeping.ledger.count(), 'entry', 'entries')}.", quiet=quiet)
    return int(bool(wrong))


@ledger.command(
    short_help="Bring a ledger that was put back up to its tiles.",
    epilog=render.examples("curtilage ledger recover published/ --as records"),
)
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@city_option
@key_option
@as_option
@render.quiet_option
def recover(*, folder: Path, city: Path | None, keys: tuple[str, ...], who: str, quiet: bool) -> int:
    """Append what the tiles in DIR hold and a ledger lacks that was put back from a backup.

    The tiles are verified first, and must begin as the ledger does. Entries come back byte by byte, so that
    every checkpoint holds as before. Private bodies that were destroyed since the backup are destroyed
    again; those that were recorded since are lost, and an entry says so.
    """
    from curtilage.cli.signers import read_keys, read_vkeys
    from curtilage.ledger.recover import recover as bring_back
    from curtilage.ledger.tiles import TileFolder

    home = find_city(city)
    by = find_actor(home, who)
    with open_record(home) as keeping:
        done = bring_back(keeping.ledger, TileFolder(folder), read_keys(keys) or read_vkeys(home), by=by)
    back = render.plural(max(0, done.size - done.before), "entry", "entries")
    render.note(
        f"{back} came back. Private bodies: {done.destroyed:,} destroyed again, {done.lost:,} lost.",
        quiet=quiet,
    )
    return 0


@ledger.command(
    "correct-clock",
    short_help="Record that the clock was ahead.",
    epilog=render.examples(
        "curtilage ledger correct-clock --reason 'a time server told a wrong year' --as records"
    ),
)
@city_option
@as_option
@click.option("--reason", required=True, help="How it came, in words that may be kept for ever.")
def correct_clock(*, city: Path | None, who: str, reason: str) -> int:
    """Record that the clock was ahead, so that entries may follow with an earlier time.

    Times in the ledger never go back, and a clock that was set back is refused. If it was wrong before and
    is right now, say so: the entries with the wrong time stay as they are, and everybody sees why.
    """
    folder = find_city(city)
    by = find_actor(folder, who)
    with open_record(folder) as keeping:
        entry = keeping.ledger.correct_clock(by=by, reason=reason)
    click.echo(f"Recorded as entry {entry.position}: the clock stands at {entry.at:%Y-%m-%d %H:%M:%S} UTC.")
    return 0


ledger.add_command(verify)
ledger.add_command(witness)


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from curtilage.foundation.files import write_atomically

    write_atomically(out, content)
