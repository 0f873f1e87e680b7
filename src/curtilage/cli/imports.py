"""``curtilage inventory import``: draft declarations from a database, a form, a manifest, a list."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import candidates, render
from curtilage.cli.city import city_option, find_address, find_city, find_limits

if TYPE_CHECKING:
    from curtilage.foundation.place import Place
    from curtilage.inventory.draft import Draft
    from curtilage.inventory.importing import Import
    from curtilage.inventory.nouns import Inventory
    from curtilage.survey.sweep import Target

Command = TypeVar("Command", bound=Callable[..., Any])


def _common(command: Command) -> Command:
    options = (
        city_option,
        click.option("--merge", is_flag=True, help="Add to files that exist what they do not declare yet."),
        click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing."),
        render.quiet_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _program(command: Command) -> Command:
    program = click.option(
        "--program",
        required=True,
        shell_complete=candidates.offer_programs,
        help="Program of it that they belong to.",
    )
    department = click.option(
        "--department",
        required=True,
        shell_complete=candidates.offer_departments,
        help="Department that the fields belong to.",
    )
    return department(program(command))


@click.group("import")
def import_group() -> None:
    """Draft declarations from what is there.

    A draft says what a machine can see. Purpose, authority, necessity, decision and series are left
    empty and marked "decide": people answer them, and until then `curtilage check` reports them.
    Nothing is overwritten.
    """


@import_group.command(
    short_help="Draft a collection for each table of a database.",
    epilog=render.examples(
        "... import database housing_db --department housing --program vouchers",
        "... import database schema.sql --system permits \\",
        "      --department permits --program building",
    ),
)
@click.argument("target", shell_complete=candidates.offer_databases)
@click.option(
    "--system",
    default="",
    shell_complete=candidates.offer_systems,
    help="Id of the system it is. Default: the one with that connection.",
)
@_program
@_common
def database(*, target: str, system: str, department: str, program: str, **common: Any) -> int:
    """Draft a collection for each table of a database, an SQLite file or a schema.

    TARGET is the id of a system in systems.yml or the name of its connection in curtilage.toml, the URL
    of a database, env:NAME or file:PATH for a URL that stands in a variable or a file, or a file. Only
    names and types of columns are read, never a row.
    """
    from curtilage.foundation.errors import UsageError
    from curtilage.inventory.draft import Draft, draft_system, draft_table
    from curtilage.inventory.load import load_inventory

    folder = find_city(common["city"])
    declared = load_inventory(folder)
    target = _connection_of(declared, target)
    system = system or _system_of(declared, target)
    connected, at = _database_target(folder, target)
    places, seen = _look(folder, [at], quiet=common["quiet"])
    columns = [place for place in places if place.kind != "question"]
    if not columns:
        raise UsageError(
            f"{at.shown} has no table that could be read. Nothing was written. Check what it is."
        )
    entry = draft_system(system, connection=target if connected else "")
    draft = Draft(department, program, draft_table(columns, seen, system=system), systems=(entry,))
    return _write(folder, [draft], **common)


def _database_target(folder: Path, target: str) -> tuple[bool, Target]:
    """Return whether ``target`` is the name of a connection, and what to look at."""
    from curtilage.connectors.walk import file_of, is_address
    from curtilage.foundation.errors import UsageError
    from curtilage.foundation.settings import read_settings
    from curtilage.survey.sweep import Target

    for connection in read_settings(folder).connections:
        if connection.name == target and connection.address is None:
            raise UsageError(
                f"The address of {target} is not known. {connection.missing} Nothing was written."
            )
        if connection.name == target and connection.address is not None:
            address = file_of(connection.address.unsafe_reveal())
            return True, Target(address, base="" if is_address(address) else str(folder))
    if not (set(target) & set("./:*?[") or Path(target).exists()):
        known = ", ".join(each.name for each in read_settings(folder).connections) or "none yet"
        raise UsageError(
            f"{target} is no system with a connection, no connection in curtilage.toml ({known}) and no "
            "file. Nothing was written. Name one of those, or a database's URL."
        )
    return False, Target(find_address(target, Path()))


def _connection_of(declared: Inventory, target: str) -> str:
    """Return the connection of the system whose id is ``target``; anything else as it is."""
    found = [each.connection for each in declared.systems if each.id == target and each.connection]
    connections = {each.connection for each in declared.systems}
    return found[0] if found and target not in connections else target


def _system_of(declared: Inventory, target: str) -> str:
    from curtilage.inventory.draft import make_id

    for system in declared.systems:
        if system.connection == target:
            return system.id
    stem = target.partition("?")[0].rstrip("/").rpartition("/")[2].partition(".")[0]
    return make_id(stem) or "database"


@import_group.command(
    short_help="Draft a collection for each form.",
    epilog=render.examples("... import form forms/intake.html --department housing --program vouchers"),
)
@click.argument("targets", nargs=-1, required=True, metavar="FORM...", type=click.Path(readable=False))
@_program
@_common
def form(*, targets: tuple[str, ...], department: str, program: str, **common: Any) -> int:
    """Draft a collection for each form: its questions, and what each seems to ask for."""
    from curtilage.foundation.errors import UsageError
    from curtilage.inventory.draft import Draft, draft_form

    folder = find_city(common["city"])
    places, seen = _look(folder, [_form_target(folder, target) for target in targets], quiet=common["quiet"])
    questions = [place for place in places if place.kind == "question"]
    if not questions:
        raise UsageError("No question was found there. Nothing was written. Try: curtilage scan --all FORM")
    return _write(folder, [Draft(department, program, draft_form(questions, seen))], **common)


def _form_target(folder: Path, target: str) -> Target:
    """Name a form as the survey will: relative to the city's folder where it lies in it."""
    from curtilage.survey.sweep import Target

    inside, base = Path(target).resolve(), folder.resolve()
    if inside.is_relative_to(base) and inside.exists():
        return Target(inside.relative_to(base).as_posix(), base=str(base))
    if not inside.exists() and (folder / target).exists():
        return Target(target, base=str(folder))
    return Target(target)


@import_group.command(
    short_help="Draft what a fides manifest says.",
    epilog=render.examples("... import fides .fides/dataset.yml --department housing --program vouchers"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_program
@_common
def fides(*, file: Path, department: str, program: str, **common: Any) -> int:
    """Draft what a fides manifest says: data sets, systems, and uses of data as purposes."""
    from curtilage.inventory.fides import draft_fides

    draft = draft_fides(file.read_bytes(), file.name, department=department, program=program)
    return _write(find_city(common["city"]), [draft], **common)


@import_group.command(
    "csv",
    short_help="Draft fields from a list, a row each.",
    epilog=render.examples("... import csv fields.csv --department housing --program vouchers"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--department", default="", help="For rows that name no department.")
@click.option("--program", default="", help="For rows that name no program.")
@click.option("--collection", default="", help="For rows that name no collection.")
@_common
def csv_file(*, file: Path, department: str, program: str, collection: str, **common: Any) -> int:
    """Draft fields from a list, a row each, in the columns that `inventory export` writes.

    Any order, comma, semicolon, tab or bar. Only the column `field` must be there; all problems are
    told at once, with their rows.
    """
    from curtilage.inventory.listing import draft_listing

    folder = find_city(common["city"])
    from curtilage.inventory.load import load_inventory

    drafts = draft_listing(
        file.read_bytes(),
        file.name,
        load_inventory(folder),
        department=department,
        program=program,
        collection=collection,
    )
    return _write(folder, drafts, **common)


def _look(
    folder: Path, targets: Sequence[Target], *, quiet: bool
) -> tuple[list[Place], dict[Place, tuple[str, ...]]]:
    """Return every place of the targets, and what was recognised in each."""
    from curtilage.cli.progress import show_progress
    from curtilage.cli.scan import TOOLS
    from curtilage.survey.sweep import Sweep

    progress, limits = show_progress(quiet=quiet), find_limits(folder)
    sweep = Sweep(tuple(targets), TOOLS, limits=limits, jobs=1, every_place=True, progress=progress)
    observed = list(sweep)
    for told in sweep.told:
        render.note(f"Could not read {told.source}: {told.detail or told.reason}", quiet=quiet)
    return [each.place for each in observed], {each.place: each.verdict.most_telling for each in observed}


def _write(
    folder: Path, drafts: Sequence[Draft], *, merge: bool, dry_run: bool, quiet: bool, **_: Any
) -> int:
    from curtilage.foundation.errors import DeclarationError
    from curtilage.foundation.files import one_at_a_time, write_atomically
    from curtilage.inventory.importing import plan_import
    from curtilage.inventory.load import read_folder

    with one_at_a_time(folder):
        documents, problems = read_folder(folder)
        if problems:
            raise DeclarationError(problems)
        planned = plan_import(documents, drafts, merge=merge)
        if dry_run:
            _show(documents, planned)
        else:
            for file in planned.files:
                (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                write_atomically(folder / file.path, file.content)
    _tell(planned, dry_run=dry_run, quiet=quiet)
    return 0


def _show(documents: dict[str, bytes], planned: Import) -> None:
    for file in planned.files:
        old = documents.get(file.path, b"").decode("utf-8-sig").splitlines()
        new = file.content.decode("utf-8-sig").splitlines()
        name = file.path if file.path in documents else "/dev/null"
        for line in difflib.unified_diff(old, new, name, file.path, lineterm=""):
            click.echo(render.printable(line))


def _tell(planned: Import, *, dry_run: bool, quiet: bool) -> None:
    if not planned.files:
        render.note(f"All {planned.known} fields are declared already. Nothing was written.", quiet=quiet)
        return
    verb = "Would write" if dry_run else "Wrote"
    already = f", {planned.known} declared already" if planned.known else ""
    names = ", ".join(file.path for file in planned.files)
    render.note(f"{verb} {names}: {render.plural(len(planned.added), 'field')} added{already}.", quiet=quiet)
    render.note('Next: search for "decide" in it, then run: curtilage inventory validate', quiet=quiet)
