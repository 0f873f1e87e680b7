"""``curtilage scan``: what do these files or databases collect or hold?"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli.city import find_address, find_limits
from curtilage.cli.places import LEVELS, WRITERS, count_levels, tell_cells, tell_unread, write_with
from curtilage.cli.render import examples, format_option, note, plural, quiet_option

if TYPE_CHECKING:
    from curtilage.connectors.ports import Limits
    from curtilage.survey.nouns import Observed
    from curtilage.survey.sweep import Sweep, Target
    from curtilage.survey.values.into import HowToLookInto

TOOLS: Final = "curtilage.cli.assembly:tools"
STOPPED: Final = 130
"""Exit status after Ctrl-C, as shells have it."""

_REASONS: Final = {
    "binary": "binary",
    "empty": "empty",
    "generated": "made by tools",
    "hidden": "hidden",
    "ignored": "ignored by .gitignore",
    "link": "links",
    "no-reader": "not a form, schema or table",
    "special": "devices or pipes",
    "vendored": "vendored",
}


@click.command(
    epilog=examples(
        "curtilage scan forms/ schema.sql",
        "curtilage scan env:HOUSING_URL          # a database; its address is in that variable",
        "curtilage scan . --reveals strong --format sarif > findings.sarif",
        "curtilage scan people.csv --explain phone",
    )
)
@click.argument(
    "targets",
    nargs=-1,
    required=True,
    metavar="TARGET...",
    type=click.Path(allow_dash=True, readable=False),  # one that may not be read is told, the rest goes on
)
@format_option(*WRITERS)
@click.option("--all", "every_place", is_flag=True, help="Also places in which nothing was recognised.")
@click.option("--all-files", is_flag=True, help="Also hidden, vendored, generated and ignored files.")
@click.option("--reveals", type=click.Choice(LEVELS), default="none", show_default=True,
              help="Only what tells at least this much of immigration status, citizenship or origin.")  # fmt: skip
@click.option("--as", "name", default="", metavar="NAME", help="What to call standard input (form.html).")
@click.option("--names-only", is_flag=True, help="Look at names only, and into no cell.")
@click.option("--sample", "rows", type=click.IntRange(min=1), default=None, metavar="ROWS",
              help="Look at so many rows of each table only, and say so. Default: all of them.")  # fmt: skip
@click.option("--pace", type=click.IntRange(min=1), default=None, metavar="ROWS/S",
              help="Read at most so many rows a second.")  # fmt: skip
@click.option(
    "--jobs", "-j", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core."
)
@click.option("--engine", default="", metavar="URL", help="Look into cells on a cluster: spark://HOST:PORT.")
@click.option("--explain", "place", default="", metavar="PLACE",
              help="Say why one column of TARGET holds what it holds, by rule, with masked shapes.")  # fmt: skip
@quiet_option
def scan(
    *,
    targets: tuple[str, ...],
    form: str,
    every_place: bool,
    all_files: bool,
    reveals: str,
    name: str,
    names_only: bool,
    rows: int | None,
    pace: int | None,
    jobs: int,
    engine: str,
    place: str,
    quiet: bool,
) -> int:
    """What sensitive data do these forms, schemas, files, source trees or databases collect or hold?

    TARGET is a file, a folder, a pattern in quotes, the URL of a database, env:NAME or file:PATH for
    a URL that stands in a variable or a file, or - for standard input. Nothing is changed and nothing
    is kept.

    Names are looked at everywhere. Of files with data and of databases every cell is looked at too, and
    counted by what it holds; no cell is shown. Forms, web pages and source code have no cells.

    Exit status: 0 nothing found that tells of status or origin (at least as much as --reveals asks
    for), 1 something found, 2 a target does not exist or nothing could be read.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.cli.values import look_into_cells
    from curtilage.survey import scan as look
    from curtilage.survey.sweep import Sweep

    limits = find_limits()
    if place:
        return _explain(targets, place, limits, form=form, quiet=quiet)
    given = tuple(_target(target, name, limits.file_bytes) for target in targets)
    progress = show_progress(quiet=quiet, count=lambda: _count(given, everything=all_files))
    into = None
    if not names_only:
        into = look_into_cells(
            limits, rows=rows or 0, pace=pace or 0, jobs=jobs, progress=progress, engine=engine
        )
    sweep = Sweep(
        given,
        TOOLS,
        limits=limits,
        jobs=jobs,
        every_place=every_place,
        everything=all_files,
        progress=progress,
        holds=into.holds if into else None,
        list_stored=into.list_stored if into else None,
    )
    levels: Counter[str] = Counter()
    least = LEVELS.index(reveals)

    def seen() -> Iterator[Observed]:
        for observed in look.scan(sweep, into):
            levels[observed.verdict.reveals if observed.verdict.matches else ""] += 1
            if observed.verdict.reveals.rank >= least:
                progress.clear()
                yield observed

    try:
        write_with(form, seen(), sweep.told)
    except KeyboardInterrupt:
        _say_stopped(sweep, into)
        return STOPPED
    _summarise(sweep, into, levels, quiet=quiet)
    if not sweep.answered.total() and not look.tally(sweep, into).rows:
        unnamed = "-" in targets and not name
        note("Nothing could be read." + (" Say what standard input is: --as form.html" if unnamed else ""))
        return 2
    return 1 if any(levels[level] for level in LEVELS[max(1, least) :]) else 0


def _explain(targets: tuple[str, ...], place: str, limits: Limits, *, form: str, quiet: bool) -> int:
    from curtilage.cli.explain import explain_place

    if len(targets) != 1 or targets[0] == "-":
        raise click.UsageError("--explain takes one TARGET, a file or a database. Nothing was looked into.")
    return explain_place(targets[0], place, limits, form=form, quiet=quiet)


def _say_stopped(sweep: Sweep, into: HowToLookInto | None) -> None:
    done = into.inspection if into else None
    cells = (
        f" and {done.done:,} of {plural(done.parts, 'part')} of their cells" if done and done.parts else ""
    )
    more = " A survey of a city keeps what is done and goes on where it stopped." if cells else ""
    note(f"Stopped after {plural(sweep.tally.files, 'file')}{cells}. Nothing is kept of a scan.{more}")


def _target(target: str, name: str, most: int) -> Target:
    from curtilage.survey.sweep import Target

    if target != "-":
        return Target(find_address(target, Path()))
    from curtilage.connectors.ports import LimitReachedError

    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise LimitReachedError(source=name or "-", what=f"Standard input is larger than {most // 2**20} MiB")
    return Target(target, content=content, name=name)


def _count(targets: tuple[Target, ...], *, everything: bool) -> int:
    from curtilage.connectors.walk import walk

    paths = (path for target in targets if target.content is None for path, _ in target.expand())
    return sum(1 for path in paths for _ in walk(path, everything=everything))


def _summarise(sweep: Sweep, into: HowToLookInto | None, levels: Counter[str], *, quiet: bool) -> None:
    """Say on standard error how much was looked at, what was passed over and what could not be read."""
    from curtilage.survey.scan import tally as tally_all

    tally = tally_all(sweep, into)
    looked = [plural(tally.files, "file")] if tally.files or not tally.tables else []
    looked += [plural(tally.tables, "table")] if tally.tables else []
    note(
        f"Looked at {' and '.join(looked)}, {plural(tally.places, 'question or column', 'questions and columns')}: "
        f"{count_levels(levels)}, {levels['none']:,} that tell nothing of status but are personal.",
        quiet=quiet,
    )
    expected = ", ".join(f"{count:,} {_REASONS[why]}" for why, count in tally.passed_over if why in _REASONS)
    if expected:
        note(f"Passed over: {expected}.", quiet=quiet)
    tell_unread(
        sweep.told, sum(count for why, count in tally.passed_over if why not in _REASONS), quiet=quiet
    )
    tell_cells(tally, into, quiet=quiet)
