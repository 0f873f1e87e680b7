"""``curtilage survey``: look at all the places of a city, and store what was seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli.city import city_option, find_city
from curtilage.cli.places import LEVELS, count_levels, row_of, tell_cells, tell_unread
from curtilage.cli.render import examples, note, plural, quiet_option, write_json, write_table
from curtilage.cli.scan import STOPPED, TOOLS

if TYPE_CHECKING:
    from curtilage.connectors.ports import Limits
    from curtilage.foundation.place import PassedOver
    from curtilage.foundation.progress import Progress
    from curtilage.foundation.settings import SurveySettings
    from curtilage.survey.compare import Change
    from curtilage.survey.nouns import Observation
    from curtilage.survey.values.into import HowToLookInto


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
@click.option("--names-only", is_flag=True, help="Look at names only, and into no cell.")
@click.option("--sample", "rows", type=click.IntRange(min=1), default=None, metavar="ROWS",
              help="Look at so many rows of each table only, and say so. Default: as the city has set.")  # fmt: skip
@click.option("--pace", type=click.IntRange(min=1), default=None, metavar="ROWS/S",
              help="Read at most so many rows a second. Default: as the city has set.")  # fmt: skip
@click.option("--engine", default=None, metavar="URL",
              help="Look into cells on a cluster: spark://HOST:PORT. Default: as the city has set.")  # fmt: skip
@quiet_option
def survey(
    *,
    city: Path | None,
    form: str,
    jobs: int,
    names_only: bool,
    rows: int | None,
    pace: int | None,
    engine: str | None,
    quiet: bool,
) -> int:
    """Look at all forms and systems that a city declares, and into their cells, and store what was seen.

    Kept below .curtilage in the city's folder: places, kinds and counts, never a value. What has not
    changed since the last time is not read again. After Ctrl-C, or a crash, run it again: it goes on
    with what is left. Prints what changed since the last survey.

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
    cells = Cells(names_only=names_only, rows=rows, pace=pace, engine=engine)
    try:
        seen = survey_city(folder, jobs=jobs, quiet=quiet, cells=cells)
    except KeyboardInterrupt:
        note(
            f"Stopped. Nothing was stored; the surveys that were stored before are as they were.{cells.said()}"
        )
        return STOPPED
    change = compare_observations(before, seen) if before else Change()
    if form == "json":
        write_json(to_summary(seen, change))
    else:
        _write_change(change)
        _report(seen, first=before is None, cells=cells, quiet=quiet)
    nothing = not (seen.tally.files or seen.tally.tables)
    return 1 if nothing or seen.silent or seen.passed_over else 0


@dataclass(slots=True)
class Cells:
    """How one survey looks into cells, and how far it is.

    Attributes:
        names_only: It does not, whatever the city has set.
        rows: Rows of each table; None as the city has set.
        pace: Rows a second; None as the city has set.
        engine: A cluster's address; None as the city has set.
        into: The look itself, once it has begun.
    """

    names_only: bool = False
    rows: int | None = None
    pace: int | None = None
    engine: str | None = None
    into: HowToLookInto | None = None

    def said(self) -> str:
        """Return how far it is and how to go on; empty where no part is done."""
        done = self.into.inspection if self.into else None
        if done is None or not done.done or self.into is None or self.into.rows:
            return ""
        return (
            f" {done.done:,} of {plural(done.parts, 'part')} of the cells are counted and kept: "
            "run it again, and it goes on with the others."
        )


def survey_city(
    folder: Path, *, jobs: int = 0, quiet: bool = False, cells: Cells | None = None
) -> Observation:
    """Look at a city and store the observation.

    Args:
        folder: The city's folder.
        jobs: Worker processes at most; 0 for as many as there are cores.
        quiet: Show no progress.
        cells: How to look into cells; as the city has set where nothing is given.

    Returns:
        What was seen, as it was stored.

    Raises:
        DeclarationError: The inventory or ``curtilage.toml`` is not valid.
        NotWrittenError: The observation could not be stored; the older ones are untouched.

    Effects:
        Reads forms and systems; writes below ``.curtilage``.
    """
    from curtilage.cli.progress import show_progress
    from curtilage.connectors.ports import Limits
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.inventory.load import load_inventory
    from curtilage.survey.observe import HowToLook, list_targets, list_triggers, observe
    from curtilage.survey.store import save_observation

    settings, declared = read_settings(folder), load_inventory(folder)
    known = {each.name: each.address.unsafe_reveal() for each in settings.connections if each.address}
    missing = {each.name: each.missing for each in settings.connections if not each.address}
    limits, jobs = Limits(**asdict(settings.limits)), jobs or settings.survey.jobs
    progress, cells = show_progress(quiet=quiet), cells or Cells()
    cells.into = _look_into(folder, settings.survey, cells, limits=limits, jobs=jobs, progress=progress)
    how = HowToLook(TOOLS, SystemClock(), limits, jobs, progress, cells.into)
    seen = observe(list_targets(declared, known, str(folder)), how, list_triggers(declared))
    unknown = ((each.id, missing[each.connection]) for each in declared.systems if each.connection in missing)
    seen = replace(seen, silent=tuple(sorted((*seen.silent, *unknown))))
    save_observation(folder, seen)
    return seen


def _look_into(
    folder: Path, said: SurveySettings, cells: Cells, *, limits: Limits, jobs: int, progress: Progress
) -> HowToLookInto | None:
    from curtilage.cli.values import look_into_cells

    if cells.names_only or not said.values:
        return None
    return look_into_cells(
        limits,
        rows=said.sample if cells.rows is None else cells.rows,
        pace=said.pace if cells.pace is None else cells.pace,
        jobs=jobs,
        progress=progress,
        city=folder,
        engine=said.engine if cells.engine is None else cells.engine,
    )


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
        "rows": seen.tally.rows,
        "cells": seen.tally.cells,
        "parts": seen.tally.parts,
        "carried_over": seen.tally.carried,
        "sampled": any(extent.sampled for extent in seen.extents),
        "not_looked_into": [_told_row(each) for each in seen.not_looked_into],
        "not_read": [_told_row(each) for each in seen.passed_over],
        "appeared": [to_row(each) for each in change.appeared],
        "vanished": [to_row(each) for each in change.vanished],
        "changed": [to_row(after) for _, after in change.changed],
    }


def _told_row(passed: PassedOver) -> dict[str, str]:
    return {"source": passed.source, "reason": passed.reason}


def _write_change(change: Change) -> None:
    for title, places in (
        ("New since the last survey", change.appeared),
        ("Gone since the last survey", change.vanished),
        ("Tells something else than before", tuple(after for _, after in change.changed)),
    ):
        rows = ((*row_of(each)[:3], f"{each.place.source} {each.place.locator}") for each in places)
        write_table(("", "", "", ""), rows, title=title, indent=2)


def _report(seen: Observation, *, first: bool, cells: Cells, quiet: bool) -> None:
    levels = Counter(str(each.verdict.reveals) for each in seen.observed if each.verdict.matches)
    click.echo(
        f"Surveyed {plural(seen.tally.files, 'file')} and {plural(seen.tally.tables, 'table')} "
        f"of {plural(len(seen.systems), 'system')}: "
        f"{plural(seen.tally.places, 'question or column', 'questions and columns')}, {count_levels(levels)}."
    )
    if first:
        click.echo("This is the first survey; the next one will say what changed.")
    if not (seen.tally.files or seen.tally.tables):
        note("Nothing was looked at: no collection names a form that is there, and no system a connection.")
    for system, why in seen.silent:
        note(f"Silent: {system}. {why}", quiet=quiet)
    tell_unread(seen.passed_over, len(seen.passed_over), quiet=quiet)
    tell_cells(seen.tally, cells.into, quiet=quiet)
    note("Stored. Next: curtilage check", quiet=quiet)
