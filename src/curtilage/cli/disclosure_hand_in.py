"""``curtilage disclosure hand-in`` and ``handed-in``: that a statutory report was sent, and which still are to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_case_desk import StepRefusedError
from curtilage.cli.retention_desk import as_option, open_desk, write_lines

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.disclosure.reports.handed_in import Delivery, Due, HandedIn
    from curtilage.disclosure.reports.kinds import ReportKind
    from curtilage.disclosure.reports.spans import Span


@click.command(
    "hand-in",
    short_help="Record that a report was handed in.",
    epilog=render.examples(
        "curtilage disclosure hand-in or-monthly october.csv --period 2026-10 --as privacy",
        "curtilage disclosure hand-in nyc-quarterly q3.html --period 2026-Q3 --on 2026-10-20 --as privacy",
    ),
)
@click.argument("kind", metavar="REPORT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--period",
    "written",
    metavar="SPAN",
    required=True,
    help="Of which span it tells: a month (2026-05), a quarter (2026-Q2), two years (2024-2025).",
)
@click.option(
    "--to",
    metavar="OFFICE",
    help="The office that got it; nobody's name. Default: the one that the report is for.",
)
@click.option(
    "--on", "day", callback=render.read_day, metavar="DAY", help="When it was handed in. Default: today."
)
@as_option
@city_option
@render.quiet_option
def hand_in(
    *,
    kind: str,
    file: Path,
    written: str,
    to: str | None,
    day: date | None,
    who: str,
    city: Path | None,
    quiet: bool,
) -> int:
    """Record that a report was handed in: which, of which span, to which office, when, and the hash of its file.

    The file is not kept, and nothing is sent. Where it is byte for byte what `report` prints for that span, this is
    recorded, too. `curtilage check` names the reports that a statute asks for and nobody recorded.
    """
    from curtilage.disclosure.reports.handed_in import record_handing_in, weigh_handing_in
    from curtilage.disclosure.reports.kinds import find_kind
    from curtilage.disclosure.reports.spans import parse_span

    known, span = find_kind(kind), parse_span(written)
    with open_desk(city) as desk:
        officer, _ = desk.officer(who)
        handed = _describe(desk, known, span, file, to=known.to if to is None else to, day=day or desk.today)
        allowed = weigh_handing_in(handed, officer, today=desk.today)
        if not allowed:
            raise StepRefusedError(reasons=allowed.reasons)
        entry = record_handing_in(handed, desk.keeping.ledger, by=officer)
    if entry is None:
        render.note("This very report is recorded already. Nothing was added.", quiet=quiet)
        return 0
    render.note(f"Recorded: {known.id} of {span}, handed in on {handed.on} to {handed.to}.", quiet=quiet)
    render.note(f"  SHA-256 of the file: {handed.sha256}", quiet=quiet)
    same = (
        f"It is byte for byte what is printed as {handed.form}."
        if handed.form
        else _OTHER.format(kind=known.id, span=span)
    )
    render.note(f"  {same}", quiet=quiet)
    return 0


_OTHER = (
    "It is not what is printed by `curtilage disclosure report {kind} --period {span}`: somebody edited it."
)


def _describe(desk: Desk, kind: ReportKind, span: Span, file: Path, *, to: str, day: date) -> HandedIn:
    import hashlib

    from curtilage.disclosure.reports.handed_in import HandedIn

    raw = file.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    return HandedIn(kind.id, str(span), day, to, digest, len(raw), _find_form(desk, kind, span, raw))


def _find_form(desk: Desk, kind: ReportKind, span: Span, raw: bytes) -> str:
    """Return the form in which the report is printed in these very bytes; empty where there is none."""
    from curtilage.disclosure.reports.book import SpanNotOverError
    from curtilage.disclosure.reports.make import make_report
    from curtilage.disclosure.reports.render import RENDERERS
    from curtilage.disclosure.reports.spans import BadSpanError

    told = desk.settings.disclosure
    try:
        made = make_report(
            desk.keeping.ledger,
            desk.declared,
            kind,
            span,
            grain=told.counts_grain,
            threshold=told.counts_threshold,
            now=desk.clock.now(),
        )
    except (BadSpanError, SpanNotOverError):
        return ""  # whoever records it is told why that span is refused
    return next((form for form, write in RENDERERS.items() if write(made) == raw), "")


@click.command(
    "handed-in",
    short_help="Which reports were handed in, and which are due.",
    epilog=render.examples(
        "curtilage disclosure handed-in",
        "curtilage disclosure handed-in --format json",
    ),
)
@city_option
@render.format_option("table", "json")
@render.quiet_option
def handed_in(*, city: Path | None, form: str, quiet: bool) -> int:
    """List the reports that statutes ask for, since the city's first request or active rules, and those handed in.

    Exit status 1 where one was not handed in by its day.
    """
    from curtilage.disclosure.reports.handed_in import list_handed_in

    with open_desk(city) as desk:
        due, today = find_due(desk), desk.today
        handed = list_handed_in(desk.keeping.ledger)
    if form == "json":
        render.write_json([_due_row(each, today) for each in due] + [_row(each) for each in handed])
    else:
        _write(due, handed, today, quiet=quiet)
    return int(any(each.is_late(today) for each in due))


def find_due(desk: Desk) -> tuple[Due, ...]:
    """Return the reports that statutes ask of a city."""
    from curtilage.cli.disclosure_clocks import find_packs
    from curtilage.disclosure.case.state import list_cases
    from curtilage.disclosure.reports.handed_in import list_due

    ledger = desk.keeping.ledger
    packs = find_packs(ledger, desk.declared)
    return list_due(ledger, list_cases(ledger), packs=packs, zone=desk.settings.city.zone, today=desk.today)


def _write(due: Sequence[Due], handed: Sequence[Delivery], today: date, *, quiet: bool) -> None:
    missing = [each for each in due if each.handed is None]
    if missing:
        rows = [
            (each.kind.id, each.span, each.by, "late" if each.is_late(today) else "open", each.kind.to)
            for each in missing
        ]
        write_lines(("Report", "Of", "By", "State", "To"), rows, title="To be handed in")
    if handed:
        said = [
            (each.data.report, each.data.span, each.data.on, each.data.to, each.by, each.data.sha256[:12])
            for each in handed
        ]
        write_lines(("Report", "Of", "On", "To", "By", "SHA-256"), said, title="Handed in")
    if not missing and not handed:
        render.note("No report is due, and none was handed in.", quiet=quiet)


def _due_row(due: Due, today: date) -> dict[str, object]:
    state = "in" if due.handed else "late" if due.is_late(today) else "open"
    return {
        "due": due.kind.id,
        "span": str(due.span),
        "by": str(due.by),
        "state": state,
        "cite": due.kind.cite,
    }


def _row(each: Delivery) -> dict[str, object]:
    data = each.data
    return {
        "handed_in": data.report,
        "span": data.span,
        "on": str(data.on),
        "to": data.to,
        "by": each.by,
        "sha256": data.sha256,
        "size_bytes": data.size_bytes,
        "printed_as": data.form,
    }
