"""``curtilage disclosure table`` and ``card``: what policy answers, for the manual and for the front desk."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from curtilage.cli import render
from curtilage.cli.disclosure_desk import open_engine, rules_options

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(
    short_help="The whole decision table, for the policy manual.",
    epilog=render.examples(
        "curtilage disclosure table --pack chicago --pack il --unsigned-what-if",
        "curtilage disclosure table --format html --out manual/requests.html",
    ),
)
@rules_options
@click.option(
    "--lang", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Language of names."
)
@click.option("--out", type=_OUT, help="Write it into this file. Default: standard output.")
@render.format_option("md", "html", "json")
def table(
    *,
    names: tuple[str, ...],
    day: date | None,
    unsigned_what_if: bool,
    city: Path | None,
    lang: str,
    out: Path | None,
    form: str,
) -> int:
    """Print what every kind of request gets, and every rule with its source and how sure that is.

    Each cell is decided by the rules themselves, so the table says what the program does.
    """
    from curtilage.disclosure.policy.table import make_table, render_html, render_markdown

    made = make_table(open_engine(city, names, day, what_if=unsigned_what_if), lang)
    if form == "json":
        content = render.encode(made.to_json()) + b"\n"
    else:
        content = (render_html(made) if form == "html" else render_markdown(made)).encode()
    _write(content, out)
    return 0


@click.command(
    short_help="The pocket card for front desks.",
    epilog=render.examples(
        "curtilage disclosure card --lang es --call 'Counsel: 555-0100' --out card.html",
        "curtilage disclosure card --call 'Counsel: 555-0100' --call 'Supervisor: 555-0101' --out card.pdf",
    ),
)
@click.option("--lang", default="en", show_default=True, help="Language: en, es, zh, vi.")
@click.option("--call", multiple=True, help="Whom to call, a line each. Default: lines to write on.")
@click.option(
    "--out", type=_OUT, help="Write it: .html, or .pdf for paper. Default: HTML to standard output."
)
def card(*, lang: str, call: tuple[str, ...], out: Path | None) -> int:
    """Print one page of plain words for whoever sits at a desk: what to do, to say and not to do."""
    from curtilage.disclosure.policy.card import print_card, render_card

    made = print_card(lang, call) if out and out.suffix == ".pdf" else render_card(lang, call).encode()
    _write(made, out)
    return 0


def _write(content: bytes, out: Path | None) -> None:
    from curtilage.foundation.files import write_atomically

    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_atomically(out, content)
    render.note(f"Written: {out}")
