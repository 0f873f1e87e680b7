"""``curtilage disclosure hints``: what a paper's own words hint at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_limits
from curtilage.cli.disclosure_desk import find_folder, find_today
from curtilage.cli.retention_desk import write_lines

if TYPE_CHECKING:
    from curtilage.disclosure.intake.nouns import Reading


@click.command(
    short_help="What a paper's own words hint at.",
    epilog=render.examples(
        "curtilage disclosure hints scan.pdf",
        "curtilage disclosure hints scan.pdf --form > intake.yml",
        "curtilage disclosure hints --case k3m7ab2x --as privacy --form > intake.yml",
    ),
)
@click.argument(
    "paper", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--case", metavar="CASE", help="The paper that is sealed in a case; no copy of it is written.")
@click.option("--as", "who", metavar="OFFICER", help="Your id in city.yml; with --case.")
@click.option(
    "--form", "blank", is_flag=True, help="Print the form of intake, with the hints beside its keys."
)
@city_option
@render.format_option("table", "json")
def hints(
    *, paper: Path | None, case: str | None, who: str | None, blank: bool, city: Path | None, form: str
) -> int:
    """Say what the words of a paper hint at: a PDF, a Word document, a picture, a text, or - for standard input.

    Each hint names the rule that spoke, what it suggests, how sure it is, and where, with every word masked that
    is not the rule's own. Nothing is kept. A hint is no authentication: anybody can print a heading. Exit status
    1 where a person must look at something.
    """
    from curtilage.cli.papers import read_paper
    from curtilage.disclosure.intake.hints import read_hints

    folder = find_folder(city)
    raw = _take(paper, case, who, city)
    reading = read_hints(read_paper(raw, find_limits(folder)), today=find_today(folder))
    if blank:
        from curtilage.disclosure.intake.blank import blank_form

        click.echo(blank_form(reading, is_new=case is None), nl=False)
    elif form == "json":
        render.write_json(to_json(reading))
    else:
        show(reading)
    return int(bool(reading.looks))


def _take(paper: Path | None, case: str | None, who: str | None, city: Path | None) -> bytes:
    """Return the bytes of a file, or of the paper that is sealed in a case."""
    from curtilage.cli.papers import take_paper

    if (paper is None) == (case is None) or (case is None) != (who is None):
        raise click.UsageError("Give a PAPER, or --case CASE with --as OFFICER. Nothing was read.")
    if case is None:
        return take_paper(None if str(paper) == "-" else paper)
    from curtilage.cli.disclosure_case_desk import open_case_desk
    from curtilage.cli.disclosure_intake import open_paper

    with open_case_desk(city) as room:
        return open_paper(room, case, room.person(str(who)))[0]


def show(reading: Reading) -> None:
    """Print what a paper hints at.

    Effects:
        Writes to standard output and standard error.
    """
    from curtilage.disclosure.intake.nouns import NOT_PROOF

    if reading.looks:
        click.echo("Look at this first")
        for look in reading.looks:
            click.echo(f"  {look.says} [{look.id}]\n    {look.do}")
        click.echo()
    rows = [(each.fact, each.word, each.sure, ", ".join(each.rules)) for each in reading.suggestions]
    write_lines(("Suggests", "Word", "How sure", "Because of"), rows)
    found = [
        (
            hint.rule,
            hint.says,
            " ".join(f"{spot.page}:{spot.line}" for spot in hint.spots),
            _context(hint.spots),
        )
        for hint in reading.hints
    ]
    write_lines(("Rule", "What it found", "Page:line", "Words around it"), found)
    render.note(NOT_PROOF)


def _context(spots: tuple[Any, ...]) -> str:
    return render.shorten(spots[0].context, 60) if spots else ""


def to_json(reading: Reading) -> dict[str, Any]:
    """Return what a paper hints at, as JSON writes it."""
    import msgspec

    from curtilage.disclosure.intake.nouns import NOT_PROOF

    said: dict[str, Any] = msgspec.to_builtins(reading)
    hints = [{**each, "suggests": dict(each["suggests"])} for each in said["hints"]]
    return {"note": NOT_PROOF, **said, "hints": hints}
