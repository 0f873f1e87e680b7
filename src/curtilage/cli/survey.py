"""``curtilage scan`` and ``curtilage survey``: look at what is asked and held."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli.render import format_option, note, plural, quiet_option, shorten, write_lines, write_table

if TYPE_CHECKING:
    from curtilage.foundation.place import PassedOver
    from curtilage.survey.nouns import Observed
    from curtilage.survey.sweep import Sweep, Target

LEVELS: Final = ("none", "weak", "strong", "direct")
TOOLS: Final = "curtilage.cli.assembly:tools"
_MOST_TOLD: Final = 20
_LABEL_WIDTH: Final = 72

#: Format of ``scan``, and the function that prints places in it; each takes an iterator of
#: ``Observed`` and uses it up.
WRITERS: Final[dict[str, str]] = {
    "table": "curtilage.cli.survey:write_places",
    "json": "curtilage.cli.survey:write_places_json",
    "jsonl": "curtilage.cli.survey:write_places_jsonl",
}

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


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...", type=click.Path(allow_dash=True))
@format_option(*WRITERS)
@click.option("--all", "every_place", is_flag=True, help="Also places in which nothing was recognised.")
@click.option("--all-files", is_flag=True, help="Also hidden, vendored, generated and ignored files.")
@click.option("--reveals", type=click.Choice(LEVELS), default="none", show_default=True,
              help="Only what tells at least this much of immigration status, citizenship or origin.")  # fmt: skip
@click.option("--as", "name", default="", metavar="NAME", help="What to call standard input (form.html).")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core."
)
@quiet_option
def scan(
    *,
    targets: tuple[str, ...],
    form: str,
    every_place: bool,
    all_files: bool,
    reveals: str,
    name: str,
    jobs: int,
    quiet: bool,
) -> int:
    """What sensitive data do these forms, schemas, files, source trees or databases collect or hold?

    TARGET is a file, a folder, a pattern in quotes, the URL of a database, or - for standard input.
    Nothing is changed and nothing is kept.

    Exit status: 0 nothing found that reveals, 1 something found, 2 nothing could be read.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.survey.sweep import Sweep

    given = tuple(_target(target, name) for target in targets)
    progress = show_progress(quiet=quiet, count=lambda: _count(targets, everything=all_files))
    sweep = Sweep(given, TOOLS, jobs=jobs, every_place=every_place, everything=all_files, progress=progress)
    levels: Counter[str] = Counter()

    def seen() -> Iterator[Observed]:
        for observed in sweep:
            if observed.verdict.reveals.rank >= LEVELS.index(reveals):
                levels[observed.verdict.reveals if observed.verdict.matches else ""] += 1
                progress.clear()
                yield observed

    write_with(form, seen())
    _summarise(sweep, levels, quiet=quiet)
    if not sweep.answered.total():
        note("Nothing could be read.", quiet=quiet)
        return 2
    return 1 if any(levels[level] for level in LEVELS[1:]) else 0


def write_with(form: str, places: Iterator[Observed]) -> None:
    """Print places in the format of that name.

    Effects:
        Writes to standard output.
    """
    module, _, attribute = WRITERS[form].partition(":")
    getattr(importlib.import_module(module), attribute)(places)


def write_places_jsonl(places: Iterable[Observed]) -> None:
    """Print a line of JSON for each place, as it is found.

    Effects:
        Writes to standard output.
    """
    from curtilage.survey.records import to_row

    write_lines(map(to_row, places))


def write_places_json(places: Iterable[Observed]) -> None:
    """Print one JSON array, a place on each line, as they are found.

    Effects:
        Writes to standard output.
    """
    from curtilage.cli.render import encode
    from curtilage.survey.records import to_row

    out, before = sys.stdout.buffer, b"[\n"
    for place in places:
        out.write(before + encode(to_row(place)))
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    out.flush()


def write_places(places: Iterable[Observed]) -> None:
    """Print a table for each source: how much it tells, what it is, its words, where.

    Effects:
        Writes to standard output.
    """
    for source, group in groupby(places, key=lambda observed: observed.place.source):
        write_table(("", "", "", ""), map(_row, group), title=source, indent=2)


def _row(observed: Observed) -> tuple[str, str, str, str]:
    place, verdict = observed.place, observed.verdict
    categories = ", ".join(category.replace("_", " ") for category in verdict.categories) or "-"
    return str(verdict.reveals), categories, shorten(place.text or place.name, _LABEL_WIDTH), place.locator


def _target(target: str, name: str) -> Target:
    from curtilage.survey.sweep import Target

    if target != "-":
        return Target(target)
    from curtilage.connectors.ports import LimitReachedError, Limits

    most = Limits().file_bytes
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise LimitReachedError(source=name or "-", what=f"Standard input is larger than {most // 2**20} MiB")
    return Target(target, content=content, name=name)


def _count(targets: tuple[str, ...], *, everything: bool) -> int:
    from curtilage.connectors.walk import expand_target, walk

    paths = (path for target in targets if target != "-" for path in expand_target(target))
    return sum(1 for path in paths for _ in walk(path, everything=everything))


def _summarise(sweep: Sweep, levels: Counter[str], *, quiet: bool) -> None:
    """Say on standard error how much was looked at, what was passed over and what could not be read."""
    tally = sweep.tally
    looked = [plural(tally.files, "file")] if tally.files or not tally.tables else []
    looked += [plural(tally.tables, "table")] if tally.tables else []
    found = ", ".join(f"{levels[level]:,} {level}" for level in reversed(LEVELS[1:]))
    note(
        f"Looked at {' and '.join(looked)}, {plural(tally.places, 'question or column', 'questions and columns')}: "
        f"{found}, {levels['none']:,} that tell nothing of status but are personal.",
        quiet=quiet,
    )
    expected = ", ".join(f"{count:,} {_REASONS[why]}" for why, count in tally.passed_over if why in _REASONS)
    if expected:
        note(f"Passed over: {expected}.", quiet=quiet)
    _tell(sweep.told, sum(count for why, count in tally.passed_over if why not in _REASONS), quiet=quiet)


def _tell(told: list[PassedOver], count: int, *, quiet: bool) -> None:
    if not count:
        return
    note(f"Could not read {count:,}:", quiet=quiet)
    for passed in told[:_MOST_TOLD]:
        line = f":{passed.line}" if passed.line else ""
        note(f"  {passed.source}{line}: {passed.detail or passed.reason} [{passed.reason}]", quiet=quiet)
    if count > _MOST_TOLD:
        note(f"  and {count - _MOST_TOLD:,} more.", quiet=quiet)
