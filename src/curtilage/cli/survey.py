"""``curtilage scan`` and ``curtilage survey``: look at what is asked and held."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli.city import city_option, find_address, find_city, find_limits
from curtilage.cli.render import (
    examples,
    format_option,
    note,
    plural,
    quiet_option,
    shorten,
    write_json,
    write_lines,
    write_table,
)

if TYPE_CHECKING:
    from curtilage.foundation.place import PassedOver
    from curtilage.survey.compare import Change
    from curtilage.survey.nouns import Observation, Observed
    from curtilage.survey.sweep import Sweep, Target

LEVELS: Final = ("none", "weak", "strong", "direct")
TOOLS: Final = "curtilage.cli.assembly:tools"
STOPPED: Final = 130
"""Exit status after Ctrl-C, as shells have it."""
_MOST_TOLD: Final = 20
_LABEL_WIDTH: Final = 72

#: Format of ``scan``, and the function that prints places in it; each takes an iterator of
#: ``Observed`` and uses it up.
WRITERS: Final[dict[str, str]] = {
    "table": "curtilage.cli.survey:write_places",
    "json": "curtilage.cli.survey:write_places_json",
    "jsonl": "curtilage.cli.survey:write_places_jsonl",
    "sarif": "curtilage.cli.scanned:write_places_sarif",
    "html": "curtilage.cli.scanned:write_places_page",
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


@click.command(
    epilog=examples(
        "curtilage scan forms/ schema.sql",
        "curtilage scan env:HOUSING_URL          # a database; its address is in that variable",
        "curtilage scan . --reveals strong --format sarif > findings.sarif",
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

    TARGET is a file, a folder, a pattern in quotes, the URL of a database, env:NAME or file:PATH for
    a URL that stands in a variable or a file, or - for standard input. Nothing is changed and nothing
    is kept.

    Exit status: 0 nothing found that tells of status or origin (at least as much as --reveals asks
    for), 1 something found, 2 a target does not exist or nothing could be read.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.survey.sweep import Sweep

    limits = find_limits()
    given = tuple(_target(target, name, limits.file_bytes) for target in targets)
    progress = show_progress(quiet=quiet, count=lambda: _count(given, everything=all_files))
    sweep = Sweep(
        given,
        TOOLS,
        limits=limits,
        jobs=jobs,
        every_place=every_place,
        everything=all_files,
        progress=progress,
    )
    levels: Counter[str] = Counter()
    least = LEVELS.index(reveals)

    def seen() -> Iterator[Observed]:
        for observed in sweep:
            levels[observed.verdict.reveals if observed.verdict.matches else ""] += 1
            if observed.verdict.reveals.rank >= least:
                progress.clear()
                yield observed

    try:
        write_with(form, seen(), sweep.told)
    except KeyboardInterrupt:
        note(f"Stopped after {plural(sweep.tally.files, 'file')}. Nothing is kept of a scan.")
        return STOPPED
    _summarise(sweep, levels, quiet=quiet)
    if not sweep.answered.total():
        unnamed = "-" in targets and not name
        note("Nothing could be read." + (" Say what standard input is: --as form.html" if unnamed else ""))
        return 2
    return 1 if any(levels[level] for level in LEVELS[max(1, least) :]) else 0


def write_with(form: str, places: Iterator[Observed], told: list[PassedOver]) -> None:
    """Print places in the format of that name; a page for people also lists what could not be read.

    Effects:
        Writes to standard output.
    """
    module, _, attribute = WRITERS[form].partition(":")
    write = getattr(importlib.import_module(module), attribute)
    if form == "html":
        write(places, told)
    else:
        write(places)


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


@click.command(epilog=examples("curtilage survey", "curtilage survey --city my-city --format json"))
@city_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="How the result is written.",
)
@click.option(
    "--jobs", "-j", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core."
)
@quiet_option
def survey(*, city: Path | None, form: str, jobs: int, quiet: bool) -> int:
    """Look at all forms and systems that a city declares, and store what was seen.

    Kept below .curtilage/observations in the city's folder: places, kinds and counts, never a
    value. Prints what changed since the last survey.

    Exit status: 0 all answered, 1 a system was silent, a form could not be read, or there was
    nothing to look at.
    """
    from curtilage.survey.compare import Change, compare_observations
    from curtilage.survey.store import ObservationNotReadableError, load_newest

    folder = find_city(city)
    try:
        before = load_newest(folder)
    except ObservationNotReadableError as error:
        note(f"{error}\nThis survey takes its place.", quiet=quiet)
        before = None
    try:
        seen = survey_city(folder, jobs=jobs, quiet=quiet)
    except KeyboardInterrupt:
        note("Stopped. Nothing was stored; the surveys that were stored before are as they were.")
        return STOPPED
    change = compare_observations(before, seen) if before else Change()
    if form == "json":
        write_json(to_summary(seen, change))
    else:
        _write_change(change)
        _report(seen, first=before is None, quiet=quiet)
    nothing = not (seen.tally.files or seen.tally.tables)
    return 1 if nothing or seen.silent or seen.passed_over else 0


def survey_city(folder: Path, *, jobs: int = 0, quiet: bool = False) -> Observation:
    """Look at a city and store the observation.

    Args:
        folder: The city's folder.
        jobs: Worker processes at most; 0 for as many as there are cores.
        quiet: Show no progress.

    Returns:
        What was seen, as it was stored.

    Raises:
        DeclarationError: The inventory or ``curtilage.toml`` is not valid.
        NotWrittenError: The observation could not be stored; the older ones are untouched.

    Effects:
        Reads forms and systems; writes below ``.curtilage/observations``.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.connectors.ports import Limits
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.inventory.load import load_inventory
    from curtilage.survey.observe import HowToLook, list_targets, observe
    from curtilage.survey.store import save_observation

    settings, declared = read_settings(folder), load_inventory(folder)
    known = {each.name: each.address.unsafe_reveal() for each in settings.connections if each.address}
    missing = {each.name: each.missing for each in settings.connections if not each.address}
    how = HowToLook(
        TOOLS,
        SystemClock(),
        Limits(**asdict(settings.limits)),
        jobs or settings.survey.jobs,
        show_progress(quiet=quiet),
    )
    seen = observe(list_targets(declared, known, str(folder)), how)
    unknown = ((each.id, missing[each.connection]) for each in declared.systems if each.connection in missing)
    seen = replace(seen, silent=tuple(sorted((*seen.silent, *unknown))))
    save_observation(folder, seen)
    return seen


def to_summary(seen: Observation, change: Change) -> dict[str, object]:
    """Return a survey as counts and changes, for ``--format json``."""
    from curtilage.survey.records import to_row

    levels = Counter(str(each.verdict.reveals) for each in seen.observed if each.verdict.matches)
    return {
        "taken": seen.taken.isoformat(),
        "files": seen.tally.files,
        "tables": seen.tally.tables,
        "places": seen.tally.places,
        "reveals": {level: levels[level] for level in reversed(LEVELS)},
        "systems": list(seen.systems),
        "silent": dict(seen.silent),
        "not_read": [{"source": each.source, "reason": each.reason} for each in seen.passed_over],
        "appeared": [to_row(each) for each in change.appeared],
        "vanished": [to_row(each) for each in change.vanished],
        "changed": [to_row(after) for _, after in change.changed],
    }


def _write_change(change: Change) -> None:
    for title, places in (
        ("New since the last survey", change.appeared),
        ("Gone since the last survey", change.vanished),
        ("Tells something else than before", tuple(after for _, after in change.changed)),
    ):
        rows = ((*_row(each)[:3], f"{each.place.source} {each.place.locator}") for each in places)
        write_table(("", "", "", ""), rows, title=title, indent=2)


def _report(seen: Observation, *, first: bool, quiet: bool) -> None:
    levels = Counter(str(each.verdict.reveals) for each in seen.observed if each.verdict.matches)
    found = ", ".join(f"{levels[level]:,} {level}" for level in reversed(LEVELS[1:]))
    click.echo(
        f"Surveyed {plural(seen.tally.files, 'file')} and {plural(seen.tally.tables, 'table')} "
        f"of {plural(len(seen.systems), 'system')}: "
        f"{plural(seen.tally.places, 'question or column', 'questions and columns')}, {found}."
    )
    if first:
        click.echo("This is the first survey; the next one will say what changed.")
    if not (seen.tally.files or seen.tally.tables):
        note("Nothing was looked at: no collection names a form that is there, and no system a connection.")
    for system, why in seen.silent:
        note(f"Silent: {system}. {why}", quiet=quiet)
    _tell(list(seen.passed_over), len(seen.passed_over), quiet=quiet)
    note("Stored. Next: curtilage check", quiet=quiet)
