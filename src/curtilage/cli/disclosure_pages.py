"""``curtilage disclosure table`` and ``card``: what policy answers, for the manual and for the front desk."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_desk import find_folder, open_engine, rules_options

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
@click.option("--lang", default="en", show_default=True, help="Language: en, es, fr, ht, pt, tl, vi, zh.")
@click.option(
    "--call",
    multiple=True,
    help="Whom to call, a line each. Default: whom the city names, or lines to write on.",
)
@city_option
@click.option(
    "--out", type=_OUT, help="Write it: .html, or .pdf for paper. Default: HTML to standard output."
)
def card(*, lang: str, call: tuple[str, ...], city: Path | None, out: Path | None) -> int:
    """Print one page of plain words for whoever sits at a desk: what to do, to say and not to do.

    In a city's folder it names whom the city calls: its counsel, privacy and records officers and supervisors,
    with the contact that stands in city.yml. A translation that no native reader has read says so.
    """
    from curtilage.disclosure.policy.card import find_card, print_card, render_card

    find_card(lang)
    call = call or _list_calls(city)
    made = print_card(lang, call) if out and out.suffix == ".pdf" else render_card(lang, call).encode()
    _write(made, out)
    return 0


def _list_calls(city: Path | None) -> tuple[str, ...]:
    """Return whom the city that is near names, a line each; none where there is no city."""
    folder = find_folder(city)
    if folder is None:
        return ()
    from curtilage.disclosure.intake.script import list_calls
    from curtilage.inventory.load import load_inventory

    return list_calls(load_inventory(folder).city.officers, danger=False)


def _write(content: bytes, out: Path | None) -> None:
    from curtilage.foundation.files import write_atomically

    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_atomically(out, content)
    render.note(f"Written: {out}")
