"""What every command of ``curtilage retention`` begins with, and how each of them shows its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import find_city

if TYPE_CHECKING:
    from curtilage.cli.disposers import Disposers
    from curtilage.cli.keeping import Keeping
    from curtilage.foundation.clock import Clock
    from curtilage.foundation.settings import Settings
    from curtilage.inventory.nouns import Inventory, Officer
    from curtilage.ledger.nouns import Actor
    from curtilage.retention.nouns import Undecided

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command of this room works with.

    Attributes:
        folder: The city's folder.
        settings: Its settings, and ``declared`` its inventory.
        keeping: Its ledger and keys.
        clock: Tells the time.
    """

    folder: Path
    settings: Settings
    declared: Inventory
    keeping: Keeping
    clock: Clock

    @property
    def today(self) -> date:
        """Return the calendar date in the city's zone."""
        return self.clock.today(self.settings.city.zone)

    def officer(self, name: str) -> tuple[Officer, Actor]:
        """Return an officer of the city, and how the ledger names them.

        Raises:
            UnknownOfficerError: The city declares none of that id.
        """
        from curtilage.ledger.nouns import Actor
        from curtilage.retention.authorise import find_officer

        officer = find_officer(self.declared, name)
        return officer, Actor(officer.id, officer.role)

    def disposers(self) -> Disposers:
        """Return the systems that can be deleted from; to be used as a context manager."""
        from curtilage.cli.assembly import open_archives
        from curtilage.cli.disposers import Disposers
        from curtilage.connectors.disposal.hashing import Hasher

        archives = open_archives(
            self.folder, (each.to for one in self.declared.series for each in one.held_in)
        )
        hasher = Hasher(self.keeping.subject_key)
        return Disposers(self.folder, self.declared, self.settings, hasher, archives)


@contextmanager
def open_desk(city: Path | None) -> Iterator[Desk]:
    """Open a city's ledger beside its inventory and settings."""
    from curtilage.cli.keeping import open_keeping
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings
    from curtilage.inventory.load import load_inventory

    folder, clock = find_city(city), SystemClock()
    declared, settings = load_inventory(folder), read_settings(folder)
    with ExitStack() as stack:
        keeping = stack.enter_context(open_keeping(folder, clock=clock))
        yield Desk(folder, settings, declared, keeping, clock)


def as_option(command: Command) -> Command:
    """Give a command the option ``--as``: who does it."""
    return click.option(
        "--as", "who", required=True, metavar="OFFICER", help="Your id in city.yml; the ledger records it."
    )(command)


def check_series(declared: Inventory, series: Sequence[str]) -> None:
    """Refuse a series that is not declared.

    Raises:
        UsageError: One of them is not.
    """
    known = {each.id for each in declared.series}
    for each in series:
        if each not in known:
            raise click.UsageError(f"There is no series {render.printable(each)}. Nothing was done.")


def find_plan_id(desk: Desk, given: str) -> str:
    """Return the id of the plan that was typed: its id, how that begins, or its file.

    Raises:
        UnknownPlanError: The ledger knows none, or several.
        PlanChangedError: The file was changed.
        PlanNotReadableError: The file is no plan.
    """
    from curtilage.retention.plan_file import read_plan
    from curtilage.retention.state import find_plan

    if Path(given).is_file():
        given = read_plan(Path(given).read_bytes()).id
    return find_plan(desk.keeping.ledger, given)


def write_undecided(undecided: Sequence[Undecided]) -> None:
    """Print what a person must decide.

    Effects:
        Writes to standard output.
    """
    rows = [
        (each.series, each.place, each.code, "" if each.rows is None else each.rows, each.reason)
        for each in undecided
    ]
    write_lines(("Series", "Place", "To decide", "Records", "Why"), rows)


def undecided_row(each: Undecided) -> dict[str, object]:
    """Return what a person must decide, as JSON writes it."""
    return {
        "undecided": each.code,
        "series": each.series,
        "place": each.place,
        "rows": each.rows,
        "reason": each.reason,
    }


def write_lines(
    headings: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]], *, title: str = ""
) -> None:
    """Print a table of counts, days and words, with an empty line behind it; nothing where there are no rows.

    Effects:
        Writes to standard output.
    """
    written = [[_cell(cell) for cell in row] for row in rows]
    if written:
        render.write_table(headings, written, title=title)
        click.echo()


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
