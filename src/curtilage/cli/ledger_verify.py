"""``curtilage ledger verify``: the city's ledger, a folder of tiles, a proof, a checkpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_city
from curtilage.cli.progress import show_progress
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.cli.keeping import Keeping
    from curtilage.ledger.keys import Key
    from curtilage.ledger.notes import Signed
    from curtilage.ledger.snapshots import Projection
    from curtilage.ledger.verify import Verified

_SHOWS: Final = (
    "This shows that these entries, in this order, are what was signed. It does not show that they are true."
)

#: Module and attribute of each room's fold; one line each.
PROJECTIONS: Final = (
    "curtilage.retention.holds:HOLDS",
    "curtilage.retention.state:PLANS",
    "curtilage.disclosure.case.state:CASES",
)


def list_projections() -> tuple[Projection[Any], ...]:
    """Return how each room folds its state."""
    import importlib

    named = (place.partition(":") for place in PROJECTIONS)
    return tuple(getattr(importlib.import_module(module), name) for module, _, name in named)


def open_record(folder: Path) -> Keeping:
    """Open the ledger of a city's folder by the machine's own clock; a context manager, which closes it."""
    from curtilage.cli.keeping import open_keeping
    from curtilage.foundation.clock import SystemClock

    return open_keeping(folder, clock=SystemClock())


def key_option(command: Any) -> Any:
    """Give a command the option ``--key``."""
    return click.option(
        "--key",
        "keys",
        multiple=True,
        metavar="VKEY|FILE",
        help="A verifier key that must have signed, or a file of them; repeatable. Default: the city's own.",
    )(command)


@click.command(
    short_help="Find whatever was changed.",
    epilog=render.examples(
        "curtilage ledger verify",
        "curtilage ledger verify --checkpoint the-boards-copy.txt --tiles published/",
        "curtilage ledger verify published/ --key rivermark.vkeys",
        "curtilage ledger verify entry-42.tlog-proof --key rivermark.vkeys",
    ),
)
@click.argument("target", required=False, type=click.Path(exists=True, path_type=Path))
@city_option
@key_option
@click.option(
    "--checkpoint",
    "old",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that somebody held since: the ledger must continue it; repeatable.",
)
@click.option(
    "--tiles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of tiles to compare with, entry by entry.",
)
@render.format_option("table", "json")
@render.quiet_option
def verify(
    *,
    target: Path | None,
    city: Path | None,
    keys: tuple[str, ...],
    old: tuple[Path, ...],
    tiles: Path | None,
    form: str,
    quiet: bool,
) -> int:
    """Verify the city's ledger; or TARGET, a folder of tiles, a proof, or a signed checkpoint.

    Every entry is hashed again and held against the tree, against every checkpoint that was signed, and
    against the copies that you name. Says which entry is wrong, and how. Exit status 1 when something is.
    """
    from curtilage.cli.signers import LAST, read_keys, read_last
    from curtilage.ledger.tiles import TileFolder
    from curtilage.ledger.verify import verify_store, verify_tiles

    trusted = read_keys(keys)
    copies = [(path.name, path.read_bytes()) for path in old]
    if target is not None and target.is_file():
        return _verify_file(target, trusted, form, quiet=quiet)
    if target is not None:
        found = verify_tiles(
            TileFolder(target), keys=trusted, old=copies, progress=show_progress(quiet=quiet)
        )
    else:
        folder = find_city(city)
        if (last := read_last(folder)) is not None:
            copies.append((LAST, last))
        with open_record(folder) as keeping:
            trusted = trusted or _own_keys(folder, keeping)
            found = verify_store(
                keeping.ledger.store,
                keys=trusted,
                old=copies,
                tiles=TileFolder(tiles) if tiles else None,
                progress=show_progress(quiet=quiet),
            )
            found = _check_snapshots(found, keeping)
    _show(found, trusted, form)
    if not found.faults:
        render.note(_explain(found, trusted), quiet=quiet)
    return int(bool(found.faults))


def _check_snapshots(found: Verified, keeping: Keeping) -> Verified:
    """Hold the state that the program runs on against the entries, where those are as they were."""
    from curtilage.ledger.snapshots import compare_snapshot
    from curtilage.ledger.verify import Fault

    wrong = (
        []
        if found.faults
        else [
            Fault(
                None, f"the snapshot {each.name} is not what the entries say; run: curtilage ledger rebuild"
            )
            for each in list_projections()
            if compare_snapshot(keeping.ledger, each) is False
        ]
    )
    return replace(found, faults=(*found.faults, *wrong))


def _own_keys(folder: Path, keeping: Keeping) -> tuple[Key, ...]:
    """Return the keys in the folder, and those that the ledger names: keys come and go."""
    from curtilage.cli.signers import list_named, read_vkeys
    from curtilage.foundation.errors import EvidenceError

    try:
        named = list_named(keeping.ledger)
    except (EvidenceError, UsageError):  # what names them was changed: verification will say so
        named = ()
    return tuple(dict.fromkeys((*read_vkeys(folder), *named)))


def _verify_file(path: Path, keys: tuple[Key, ...], form: str, *, quiet: bool) -> int:
    """Verify a proof, or a checkpoint; a key must be named, or it would prove nothing."""
    from curtilage.ledger.proofs import HEADER, parse_proof, verify_proof
    from curtilage.ledger.signing import open_checkpoint

    if not keys:
        raise UsageError(
            f"{path} can only be checked with the key of the ledger. Nothing was checked. Name it with --key."
        )
    raw = path.read_bytes()
    if raw.lstrip().startswith(b"{"):
        raise UsageError(
            f"{path} looks like a certificate. Nothing was checked. Run: curtilage retention verify {path}"
        )
    if raw.startswith(HEADER.encode()):
        entry, head = verify_proof(parse_proof(raw), keys)
        said: dict[str, str | int] = {"entry": entry.position, "stream": entry.stream, "kind": entry.kind}
        said["at"] = entry.at.isoformat()
    else:
        head, signed = open_checkpoint(raw, keys)
        said = {"signed by": ", ".join(map(_signer, signed))}
    said |= {"ledger": head.origin, "entries": head.size, "root": head.root.hex()}
    if form == "json":
        render.write_json(said)
    else:
        render.write_table(("", ""), [(name, str(value)) for name, value in said.items()])
    render.note("It holds.", quiet=quiet)
    return 0


def _explain(found: Verified, keys: tuple[Key, ...]) -> str:
    """Say what was shown, and no more than that."""
    if not found.checkpoints:
        return (
            "The entries fit together. No checkpoint was signed yet: whoever can write the database could have "
            "changed them all. Sign with: curtilage ledger checkpoint"
        )
    return _SHOWS if keys else f"No key: signatures were not checked. {_SHOWS}"


def _signer(signed: Signed) -> str:
    return f"{signed.key.name} at {signed.at:%Y-%m-%d %H:%M:%S} UTC" if signed.at else signed.key.name


def _show(found: Verified, keys: tuple[Key, ...], form: str) -> None:
    if form == "json":
        render.write_json(
            {
                "size": found.size,
                "root": found.root.hex(),
                "checkpoints": found.checkpoints,
                "signatures": found.signatures,
                "keys": [key.to_vkey() for key in keys],
                "faults": [{"position": each.position, "what": each.what} for each in found.faults],
            }
        )
        return
    render.write_table(
        ("", ""),
        [
            ("entries", f"{found.size:,}"),
            ("root", found.root.hex()),
            ("checkpoints", f"{found.checkpoints:,}"),
            ("signatures", f"{found.signatures:,}" if keys else "not checked: no key"),
            ("faults", f"{len(found.faults):,}"),
        ],
    )
    for fault in found.faults:
        click.echo(render.printable(str(fault)))
