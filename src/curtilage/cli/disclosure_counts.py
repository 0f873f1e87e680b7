"""``curtilage disclosure counts`` and ``report``: what the public and the authorities are told of outside requests."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option

if TYPE_CHECKING:
    from curtilage.disclosure.reports.kinds import ReportKind
    from curtilage.disclosure.reports.paper import Report

Command = TypeVar("Command", bound=Callable[..., Any])

_STATISTICS: Final = "statistics"


def _options(command: Command) -> Command:
    """Give a command the options of what is printed, for when, and where to."""
    period = click.option(
        "--period",
        "written",
        metavar="SPAN",
        help="A month (2026-05), a quarter (2026-Q2), a year (2026), two (2025-2026). Default: the last that is over.",
    )
    so_far = click.option(
        "--so-far", is_flag=True, help="A span that is not over, as a draft that is not handed out."
    )
    out = click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write it into this file. Default: standard output.",
    )
    return period(so_far(city_option(render.format_option("md", "html", "json", "csv")(out(command)))))


@click.command(
    short_help="Public statistics, small counts hidden.",
    epilog=render.examples(
        "curtilage disclosure counts --period 2026-Q3",
        "curtilage disclosure counts --period 2026 --format html --out site/requests-2026.html",
    ),
)
@_options
def counts(*, written: str | None, so_far: bool, city: Path | None, form: str, out: Path | None) -> int:
    """Print how many requests were closed, by kind and by how they ended, from the ledger alone.

    Counts below the setting `disclosure.counts_threshold` are hidden, and as many others as keep them from being
    worked out. For a span that is over the result is the same, byte for byte, whenever it is asked for.
    """
    return _print(_STATISTICS, written, so_far=so_far, city=city, form=form, out=out)


def _list_reports(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
    """List the reports that can be made, and end."""
    if not wanted or ctx.resilient_parsing:
        return
    from curtilage.disclosure.reports.kinds import load_kinds

    rows = [
        (each.id, each.pack, each.span, each.title, each.due, each.cite) for each in load_kinds().values()
    ]
    render.write_table(("Report", "Pack", "For a", "What", "Due", "On"), rows)
    ctx.exit()


@click.command(
    short_help="The reports that statutes ask for.",
    epilog=render.examples(
        "curtilage disclosure report --list",
        "curtilage disclosure report or-monthly --period 2026-10 --format csv --out october.csv",
    ),
)
@click.argument("kind", metavar="REPORT")
@click.option(
    "--list",
    callback=_list_reports,
    expose_value=False,
    is_eager=True,
    is_flag=True,
    help="List them, and end.",
)
@_options
def report(
    *, kind: str, written: str | None, so_far: bool, city: Path | None, form: str, out: Path | None
) -> int:
    """Print a report of outside requests: for a commission, a council, the oversight body.

    It is made from the ledger as it stood when the span ended. No line names anybody of whom a request is about;
    cases that are counsel's alone are left out, or told as a number. Whether it says what the law asks for,
    counsel reads before it is sent.
    """
    return _print(kind, written, so_far=so_far, city=city, form=form, out=out)


def _print(
    name: str, written: str | None, *, so_far: bool, city: Path | None, form: str, out: Path | None
) -> int:
    from curtilage.cli.disclosure_clocks import find_packs
    from curtilage.cli.retention_desk import open_desk
    from curtilage.disclosure.reports.kinds import find_kind
    from curtilage.disclosure.reports.make import make_report
    from curtilage.disclosure.reports.render import RENDERERS
    from curtilage.disclosure.reports.spans import last_span, parse_span

    kind = find_kind(name)
    with open_desk(city) as desk:
        span = parse_span(written) if written else last_span(kind.span, desk.today)
        made = make_report(
            desk.keeping.ledger,
            desk.declared,
            kind,
            span,
            grain=desk.settings.disclosure.counts_grain,
            threshold=desk.settings.disclosure.counts_threshold,
            now=desk.clock.now(),
            so_far=so_far,
        )
        is_bound = kind.pack in {"base", *find_packs(desk.keeping.ledger, desk.declared)}
    _write(RENDERERS[form](made), made, kind, out, is_bound=is_bound)
    return 0


def _write(content: bytes, made: Report, kind: ReportKind, out: Path | None, *, is_bound: bool) -> None:
    from curtilage.foundation.files import write_atomically

    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_atomically(out, content)
        render.note(f"Written: {out}")
    if made.is_draft:
        render.note(f"{made.span} is not over: this is a draft, and is told otherwise later.")
    if not is_bound:
        render.note(f"The city does not declare the pack {kind.pack}, which asks for this report.")
    if not kind.public:
        render.note("It tells of single cases, and is not made for the public.")
