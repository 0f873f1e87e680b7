"""``curtilage demo``: the whole main job on a city that is made up."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curtilage import __version__
from curtilage.cli import render


@click.command(epilog=render.examples("curtilage demo rivermark --residents 50000 --seed 7"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo-city"))
@click.option(
    "--residents",
    type=click.IntRange(1, 1_000_000),
    default=2000,
    show_default=True,
    help="How many to make up.",
)
@click.option("--seed", type=int, default=2017, show_default=True, help="Another seed, other residents.")
@click.option("--again", is_flag=True, help="Remove the example city that is there and build it anew.")
@render.quiet_option
def demo(*, folder: Path, residents: int, seed: int, again: bool, quiet: bool) -> int:
    """Build an example city in FOLDER, look at it, delete what has had its time, and say what was found.

    The city has databases, forms in two languages, extracts, the source of a small application, an
    inventory, and planted problems of every kind. Nobody in it is real. Run it a second time to look
    again at what you have changed there.
    """
    from curtilage.cli.checking import make_city_report
    from curtilage.cli.demo_logs import read_example_logs, tell_logs
    from curtilage.cli.demo_purge import purge_example, tell_purge
    from curtilage.cli.demo_requests import answer_example_requests
    from curtilage.cli.demo_requests_told import tell_requests
    from curtilage.cli.story import tell, tell_left_out
    from curtilage.cli.survey import survey_city
    from curtilage.demo.build import count_residents
    from curtilage.foundation.files import one_at_a_time, write_atomically
    from curtilage.safeguards.page import render_page

    with one_at_a_time(folder.absolute().parent):
        _prepare(folder, residents, seed, again=again, quiet=quiet)
    _say("Looking at its forms, files and databases ...", quiet=quiet)
    seen = survey_city(folder)
    _say("Deleting what has had its time ...", quiet=quiet)
    purged = purge_example(folder)
    _say("Reading its access logs ...", quiet=quiet)
    logs = read_example_logs(folder)
    _say("Answering outside requests ...", quiet=quiet)
    requests = answer_example_requests(folder)
    report = make_city_report(folder)
    page = folder / "report.html"
    write_atomically(page, render_page(report, __version__).encode())
    count, program = count_residents(folder), _typed()
    done = (
        *tell_left_out((*seen.passed_over, *seen.not_looked_into)),
        *tell_purge(purged, str(folder), program),
        *tell_logs(logs, str(folder), program),
        *tell_requests(requests, str(folder), program),
    )
    for line in tell(report, residents=count, folder=str(folder), page=str(page), program=program, done=done):
        click.echo(line)
    return 0


def _typed() -> str:
    """Return the command as a user in this folder would type it: `make demo` has it in no search path."""
    here, program = Path.cwd(), Path(sys.argv[0])
    if program.is_absolute() and program.is_relative_to(here) and program.name == "curtilage":
        return str(program.relative_to(here))
    return str(program) if program.name == "curtilage" and len(program.parts) > 1 else "curtilage"


def _prepare(folder: Path, residents: int, seed: int, *, again: bool, quiet: bool) -> None:
    from curtilage.demo.build import is_example, remove_city

    if again and folder.exists():
        remove_city(folder)
    if is_example(folder):
        _say(f"{folder} is there already: looking at it again. Build it anew with --again.", quiet=quiet)
    else:
        _build(folder, residents, seed, quiet=quiet)


def _build(folder: Path, residents: int, seed: int, *, quiet: bool) -> None:
    from curtilage.demo.build import build_city
    from curtilage.foundation.clock import SystemClock

    _say(f"Building an example city in {folder} ...", quiet=quiet)
    today = SystemClock().today("America/Los_Angeles")
    build_city(
        folder, residents=residents, seed=seed, today=today, tell=lambda what: _say(f"  {what}", quiet=quiet)
    )


def _say(line: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(line, err=True)
