"""``curtilage retention certificates`` and ``verify``: what was certified, on a screen, in a file, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.retention.certificate import Certificate
    from curtilage.retention.paper import Paper
    from curtilage.retention.verify import Verdict

_SHOWS: Final = (
    "It shows that these words stood in the city's record when that checkpoint was made, and were not changed "
    "since. It does not show that the record says all that happened."
)


@click.command(
    short_help="What was destroyed, and the proof of it.",
    epilog=render.examples(
        "curtilage retention certificates",
        "curtilage retention certificates certificate-4f1d --out certificate.json",
        "curtilage retention certificates certificate-4f1d --out certificate.pdf",
        "curtilage retention certificates certificate-4f1d --out c.json --checkpoint the-boards-copy.txt",
    ),
)
@click.argument("certificate", required=False, metavar="[CERTIFICATE]")
@city_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it: .json to be verified, .html and .pdf to be read and printed.",
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Prove it for this checkpoint, which somebody holds. Default: one that is signed now.",
)
@render.format_option("table", "json", "jsonl")
@render.quiet_option
def certificates(
    *,
    certificate: str | None,
    city: Path | None,
    out: Path | None,
    checkpoint: Path | None,
    form: str,
    quiet: bool,
) -> int:
    """List the certificates of destruction; or show, write and prove the one whose id, or whose plan's, begins so.

    A certificate holds no name and no number of a record. Its file is checked with nothing but a checkpoint:
    curtilage retention verify. Exit status 1 where one tells that something was found that should be gone.
    """
    from curtilage.cli.retention_desk import open_desk
    from curtilage.retention.proving import find_certificate, newest_certificates

    with open_desk(city) as desk:
        if certificate is None:
            return _list(newest_certificates(desk.keeping.ledger), form, quiet=quiet)
        found = find_certificate(desk.keeping.ledger, certificate)
        if out is not None or checkpoint is not None:
            _write(_prove(desk, found, checkpoint), out or Path(f"{found.id}.json"), quiet=quiet)
        else:
            _show(found, form)
    return int(not found.is_clean)


def _list(found: Sequence[Certificate], form: str, *, quiet: bool) -> int:
    if form == "table":
        headings = ("Certificate", "Finished", "Records", "Held back", "Found again", "Series")
        rows = [
            (
                each.id,
                each.finished.strftime("%Y-%m-%d"),
                f"{each.disposed:,}",
                f"{sum(line.held for line in each.lines):,}",
                f"{sum(line.left for line in each.lines):,}",
                ", ".join(dict.fromkeys(line.series for line in each.lines)),
            )
            for each in found
        ]
        render.write_table(headings, rows)
    else:
        _write_values(found, form)
    disposed = sum(each.disposed for each in found)
    told = f"{render.plural(len(found), 'certificate')}, {render.plural(disposed, 'record')} disposed of."
    render.note(told, quiet=quiet)
    return int(not all(each.is_clean for each in found))


def _show(found: Certificate, form: str) -> None:
    from curtilage.retention.sheet import lay_out_certificate

    if form != "table":
        _write_values((found,), form)
        return
    sheet = lay_out_certificate(found)
    click.echo("\n".join(filter(None, (sheet.lead, sheet.alarm))))
    for section in sheet.sections:
        click.echo(f"\n{section.title}")
        for sentence in section.sentences:
            click.echo(f"  {sentence}")
        if section.rows:
            render.write_table(("", ""), section.rows, indent=2)


def _write_values(found: Sequence[Certificate], form: str) -> None:
    from curtilage.retention.certificate import certificate_to_json

    said = [{**certificate_to_json(each), "fingerprint": each.fingerprint} for each in found]
    if form == "jsonl":
        render.write_lines(said)
    else:
        render.write_json(said)


def _prove(desk: Desk, found: Certificate, checkpoint: Path | None) -> Paper:
    from curtilage.cli.signers import sign_head
    from curtilage.retention.proving import prove_certificate

    record = desk.keeping.ledger
    note = (
        checkpoint.read_bytes() if checkpoint else sign_head(desk.folder, desk.settings, record, desk.clock)
    )
    return prove_certificate(record, record.store, found, note)


def _write(paper: Paper, out: Path, *, quiet: bool) -> None:
    from curtilage.foundation.files import write_atomically

    write_atomically(out, _content(paper, out.suffix.lower()))
    render.note(
        f"{out} is written. Check it with: curtilage retention verify FILE.json --checkpoint COPY",
        quiet=quiet,
    )


def _content(paper: Paper, suffix: str) -> bytes:
    from curtilage.foundation.errors import UsageError
    from curtilage.retention.paper import paper_to_bytes

    if suffix == ".json":
        return paper_to_bytes(paper)
    if suffix == ".html":
        from curtilage.retention.printing import render_certificate

        return render_certificate(paper).encode()
    if suffix == ".pdf":
        from curtilage.retention.printing import print_certificate

        return print_certificate(paper)
    raise UsageError(
        "A certificate is written as .json, .html or .pdf. Nothing was written. Name the file so that it ends with one."
    )


@click.command(
    short_help="Check a certificate with a checkpoint.",
    epilog=render.examples(
        "curtilage retention verify certificate.json --checkpoint the-boards-copy.txt",
        "curtilage retention verify certificate.json --key rivermark.vkeys",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that you hold from elsewhere: the signed note, or its three lines.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY|FILE",
    help="A verifier key that must have signed, or a file of them; repeatable.",
)
@render.format_option("table", "json")
@render.quiet_option
def verify(*, file: Path, checkpoint: Path | None, keys: tuple[str, ...], form: str, quiet: bool) -> int:
    """Check the certificate in FILE; no city's folder is needed, and nothing is asked of the city.

    The words, the entry in the ledger, the tree and the checkpoint are held against each other, and against
    what you hold. Exit status 0 when all of it holds, 1 otherwise.
    """
    from curtilage.cli.signers import read_keys
    from curtilage.retention.paper import read_paper
    from curtilage.retention.verify import verify_paper

    paper = read_paper(file.read_bytes())
    held = checkpoint.read_bytes() if checkpoint else None
    verdict = verify_paper(paper, held=held, keys=read_keys(keys))
    if form == "json":
        _write_verdict(paper, verdict)
    else:
        rows = [("holds" if each.passed else "FAILS", each.what, each.why) for each in verdict.checks]
        render.write_table(("", "", ""), rows)
    said = (
        f"{paper.certificate.id} holds. {_SHOWS}"
        if verdict.holds
        else f"{paper.certificate.id} does not hold."
    )
    render.note(said, quiet=quiet)
    return int(not verdict.holds)


def _write_verdict(paper: Paper, verdict: Verdict) -> None:
    render.write_json(
        {
            "certificate": paper.certificate.id,
            "holds": verdict.holds,
            "checks": [
                {"what": each.what, "passed": each.passed, "why": each.why} for each in verdict.checks
            ],
        }
    )


@click.command(
    short_help="Until when what was deleted can come back.",
    epilog=render.examples("curtilage retention backups", "curtilage retention backups --format json"),
)
@city_option
@render.format_option("table", "json", "jsonl")
@render.quiet_option
def backups(*, city: Path | None, form: str, quiet: bool) -> int:
    """Say for each system how long deleted records can still be in its backups, and until when they are now.

    Computed from the sets that systems.yml declares and from what the ledger tells. Exit status 1 where nobody
    stated how long backups of a system are kept.
    """
    from curtilage.cli.retention_desk import open_desk
    from curtilage.retention.backups import list_fading

    with open_desk(city) as desk:
        found = list_fading(desk.keeping.ledger, desk.declared, today=desk.today)
    rows = [
        {
            "system": each.lag.system,
            "longest": str(each.lag.longest) if each.lag.longest else None,
            "set": each.lag.set,
            "unknown": each.lag.unknown,
            "last": each.last.isoformat() if each.last else None,
            "rows": each.rows,
            "gone": each.gone.isoformat() if each.gone else None,
        }
        for each in found
    ]
    if form == "table":
        names = ("system", "longest", "set", "last", "rows", "gone")
        headings = ("System", "Kept", "By the set", "Last deletion", "May be in backups", "Gone from")
        render.write_table(headings, [[_cell(row[name]) for name in names] for row in rows])
    elif form == "jsonl":
        render.write_lines(rows)
    else:
        render.write_json(rows)
    unknown = [each.lag for each in found if each.lag.longest is None]
    for lag in unknown:
        render.note(f"{lag.system}: {lag.unknown}", quiet=quiet)
    return int(bool(unknown))


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value or "not known")
