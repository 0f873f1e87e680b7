"""``curtilage init`` and ``curtilage inventory``: begin, validate, compare, draft, write out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.candidates import offer_zones
from curtilage.cli.city import city_option, find_city, prefix_of
from curtilage.cli.imports import import_group

if TYPE_CHECKING:
    from curtilage.foundation.errors import Problem
    from curtilage.inventory.diff import Change
    from curtilage.inventory.nouns import Inventory


@click.command(
    epilog=render.examples("curtilage init alder-falls --name 'Alder Falls' --zone America/Chicago")
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="The city's name. Default: made of the folder's name.")
@click.option(
    "--zone",
    default="America/Chicago",
    show_default=True,
    shell_complete=offer_zones,
    help="Its IANA time zone.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=("en", "es"),
    show_default=True,
    help="A language that residents are asked in, BCP 47; repeatable, the city's own first.",
)
def init(*, folder: Path, name: str, zone: str, languages: tuple[str, ...]) -> int:
    """Start a city's folder, with comments that teach.

    What is written is an example of a small library: it loads, and is meant to be replaced. DIR must
    be new or empty.
    """
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.errors import DeclarationError
    from curtilage.inventory.load import load_documents
    from curtilage.inventory.starter import start_city, starter_documents

    clock = SystemClock()
    try:
        today = clock.today(zone)
    except (KeyError, OSError, ValueError) as error:
        raise click.BadParameter(f"{zone} is no IANA time zone, such as America/Chicago.") from error
    about: dict[str, Any] = {
        "name": name or folder.resolve().name.replace("-", " ").replace("_", " ").title(),
        "zone": zone,
        "languages": languages,
        "today": today,
    }
    try:
        load_documents(starter_documents(**about))
    except DeclarationError as error:
        raise click.UsageError("\n".join(str(problem) for problem in error.problems)) from error
    written = start_city(folder, **about)
    render.note(f"Wrote {render.plural(len(written), 'file')} to {folder}. What to do next:")
    render.write_table(
        ("", ""), [(f"curtilage {words} --city {folder}", why) for words, why in _NEXT], indent=2
    )
    return 0


_NEXT: Final = (
    ("inventory validate", "every mistake at once, with file and line"),
    ("inventory import form FORM...", "draft declarations from a form, a database or a list"),
    ("survey", "look at what is named in it"),
    ("check", "what is missing, and what to do about it"),
)


@click.group()
def inventory() -> None:
    """Validate, compare, import and export what the city declares.

    The files lie in inventory/ in the city's folder: docs/reference/inventory-files.md has every key.
    """


inventory.add_command(import_group)


@inventory.command(
    short_help="Tell every mistake at once, with file and line.",
    epilog=render.examples(
        "curtilage inventory validate", "curtilage inventory validate --format sarif > problems.sarif"
    ),
)
@city_option
@render.format_option("table", "json", "jsonl", "sarif")
@render.quiet_option
def validate(*, city: Path | None, form: str, quiet: bool) -> int:
    """Read every file and tell every problem at once: file, line, what is wrong, what to write.

    What loads but lacks a safeguard is not told here: that is `curtilage check`.

    Exit status: 0 the inventory loads, 1 it has problems, 2 there is no city's folder.
    """
    from curtilage.foundation.errors import DeclarationError
    from curtilage.inventory.load import load_inventory

    folder = find_city(city)
    try:
        loaded, problems = load_inventory(folder), list[Any]()
    except DeclarationError as error:
        loaded, problems = None, list(error.problems)
    _PROBLEM_WRITERS[form](problems, folder)
    render.note(_summary(loaded) if loaded else _count(problems), quiet=quiet)
    return 1 if problems else 0


def _count(problems: Sequence[Problem]) -> str:
    files = len({problem.path for problem in problems})
    return (
        f"{render.plural(len(problems), 'problem')} in {render.plural(files, 'file')}. Nothing was changed."
    )


def _summary(loaded: Inventory) -> str:
    counts = [
        render.plural(len(loaded.departments), "department"),
        render.plural(len(loaded.list_programs()), "program"),
        render.plural(len(loaded.list_fields()), "field"),
        render.plural(len(loaded.systems), "system"),
        render.plural(len(loaded.series), "record series", "record series"),
        render.plural(len(loaded.practices), "practice"),
    ]
    return f"The inventory loads: {', '.join(counts)}. Next: curtilage check"


def _write_lines(problems: Iterable[Problem], folder: Path) -> None:
    prefix = prefix_of(folder)
    for problem in problems:
        click.echo(render.printable(f"{prefix}{problem}"))


def _row(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path,
        "line": problem.line,
        "what": problem.what,
        "instead": problem.instead,
        "code": problem.code,
    }


def _write_json(problems: Iterable[Problem], _: Path) -> None:
    render.write_json([_row(problem) for problem in problems])


def _write_jsonl(problems: Iterable[Problem], _: Path) -> None:
    render.write_lines(_row(problem) for problem in problems)


def _write_sarif(problems: Sequence[Problem], folder: Path) -> None:
    from curtilage import __version__
    from curtilage.inventory.problems import CODES
    from curtilage.safeguards.sarif import render_problems

    render.write_json(render_problems(problems, CODES, __version__, prefix=prefix_of(folder)))


_PROBLEM_WRITERS: Final[dict[str, Callable[[Sequence[Any], Path], None]]] = {
    "table": _write_lines,
    "json": _write_json,
    "jsonl": _write_jsonl,
    "sarif": _write_sarif,
}


@inventory.command(
    short_help="Say what changed in meaning.",
    epilog=render.examples(
        "curtilage inventory diff --against main", "curtilage inventory diff last-year/ this-year/"
    ),
)
@click.argument("before", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("after", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--against", metavar="REV", help="Compare with the city's folder as it was at this git revision."
)
@city_option
@render.format_option("table", "json", "jsonl")
@click.option(
    "--fail-on",
    type=click.Choice(("loosens", "any", "never")),
    default="loosens",
    show_default=True,
    help="What makes the exit status 1: a change that leaves residents with less protection, any, none.",
)
@render.quiet_option
def diff(
    *,
    before: Path | None,
    after: Path | None,
    against: str | None,
    city: Path | None,
    form: str,
    fail_on: str,
    quiet: bool,
) -> int:
    """Say what changed in meaning between two inventories.

    Order, comments and layout do not matter. What leaves residents with less protection is marked and
    says why. BEFORE and AFTER are cities' folders; AFTER is this city's where it is left out.
    """
    from curtilage.inventory import diff as comparing

    if (before is None) == (against is None) or (against is not None and after is not None):
        raise click.UsageError("Give either BEFORE [AFTER], or --against REV.")
    now = _load(after if after is not None else find_city(city))
    then = _load(before) if before is not None else _load_revision(find_city(city), str(against))
    changes = comparing.diff(then, now)
    if form == "table":
        _write_changes(changes)
    elif form == "json":
        render.write_json([_change_row(change) for change in changes])
    else:
        render.write_lines(_change_row(change) for change in changes)
    loosened = [change for change in changes if change.loosens]
    said = f"{render.plural(len(changes), 'change')}, {len(loosened)} with less protection for residents."
    render.note(said if changes else "Nothing changed in meaning.", quiet=quiet)
    return int(bool(loosened if fail_on == "loosens" else changes) and fail_on != "never")


def _load(folder: Path) -> Inventory:
    from curtilage.inventory.load import load_inventory

    return load_inventory(folder)


def _load_revision(folder: Path, revision: str) -> Inventory:
    from curtilage.cli.git import read_revision
    from curtilage.foundation.errors import DeclarationError
    from curtilage.inventory.load import load_documents

    try:
        return load_documents(read_revision(folder, revision))
    except DeclarationError as error:
        step = f"These are problems of the revision {revision}: compare with one whose inventory loads."
        raise DeclarationError(error.problems, next_step=step) from error


_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "renamed": ">"}


def _write_changes(changes: Sequence[Change]) -> None:
    rows = []
    for change in changes:
        what = f"{change.noun} {change.id}" if change.id != change.noun else change.noun
        rows.append((_SIGNS[change.kind], what, change.attribute, _said(change), change.loosens))
    render.write_table(("", "What", "Key", "Before and after", "Less protection"), rows)


def _said(change: Change) -> str:
    def one(said: object) -> str:
        words = ", ".join(said) if isinstance(said, tuple) else str(said)
        return render.shorten(words.lower() if isinstance(said, bool) else words, 40)

    if change.before is None or change.after is None:
        return one(change.after if change.before is None else change.before)
    return f"{one(change.before)} -> {one(change.after)}"


def _change_row(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "noun": change.noun,
        "id": change.id,
        "attribute": change.attribute,
        "before": change.before,
        "after": change.after,
        "loosens": change.loosens,
        "path": change.spot.source,
        "line": change.spot.line,
    }


@inventory.command(
    short_help="Write the inventory out as JSON, a table, or files.",
    epilog=render.examples(
        "curtilage inventory export --format csv --out fields.csv",
        "curtilage inventory export --from all.json --format yaml --out DIR",
    ),
)
@city_option
@render.format_option("json", "csv", "yaml")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write to this file; with yaml, to this new folder."
)
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read this JSON, as export wrote it, instead of the city's folder.",
)
@render.quiet_option
def export(*, city: Path | None, form: str, out: Path | None, source: Path | None, quiet: bool) -> int:
    """Write the inventory out: as JSON that loses nothing, as a table of all fields, as its files.

    The table (csv) opens in a spreadsheet without running anything; `inventory import csv` reads it
    again. yaml gives the files with every comment, or files made of --from.
    """
    from curtilage.inventory.export import read_json, write_documents, write_json
    from curtilage.inventory.load import load_documents, read_folder
    from curtilage.inventory.table import write_table

    documents: dict[str, bytes] = {}
    if source is not None:
        loaded = read_json(source.read_bytes(), source.name)
    else:
        documents, problems = read_folder(find_city(city))
        loaded = load_documents(documents, problems=problems)
    if form == "yaml":
        made = documents or {path: text.encode() for path, text in write_documents(loaded).items()}
        return _write_folder(out, made, quiet=quiet)
    content = write_json(loaded) + b"\n" if form == "json" else write_table(loaded).encode()
    return _write_file(out, content, quiet=quiet)


def _write_file(out: Path | None, content: bytes, *, quiet: bool) -> int:
    from curtilage.foundation.files import write_atomically

    if out is None:
        sys.stdout.buffer.write(content)
        return 0
    write_atomically(out, content)
    render.note(f"Wrote {out}.", quiet=quiet)
    return 0


def _write_folder(out: Path | None, documents: dict[str, bytes], *, quiet: bool) -> int:
    from curtilage.foundation.files import write_atomically
    from curtilage.inventory.starter import NotEmptyError

    if out is None:
        raise click.UsageError("Files need a folder: give --out DIR, a new or empty one.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise NotEmptyError(folder=out)
    for path, content in documents.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out / path, content)
    render.note(f"Wrote {render.plural(len(documents), 'file')} to {out}.", quiet=quiet)
    return 0
