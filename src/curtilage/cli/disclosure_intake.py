"""``curtilage disclosure intake``, ``attach`` and ``paper``: what a reviewer reads from a paper, and the paper itself."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_limits
from curtilage.cli.disclosure_case_desk import check, open_case_desk, tell
from curtilage.cli.papers import read_paper, take_paper
from curtilage.cli.retention_desk import as_option
from curtilage.foundation.errors import NotAllowedError

if TYPE_CHECKING:
    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.case.nouns import Case
    from curtilage.disclosure.case.steps import Step
    from curtilage.disclosure.intake.form import Intake
    from curtilage.disclosure.intake.nouns import Reading
    from curtilage.inventory.nouns import Officer

_MOST: Final = 1024 * 1024
"""Bytes of a form that are read, and one more: the longest has some thousand lines."""

_PAPER = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


class PaperClosedError(NotAllowedError):
    """Somebody asks for a sealed paper whose role does not need it."""

    code = "disclosure.paper-closed"

    def __init__(self, *, who: str) -> None:
        self.who = who
        super().__init__(f"The paper of this case is read by {who}. Nothing was opened. Ask them.")


def _print_blank(ctx: click.Context, _: click.Parameter, given: bool) -> None:  # noqa: FBT001 - click's signature
    """Print the form to be filled in, and end."""
    if given and not ctx.resilient_parsing:
        from curtilage.disclosure.intake.blank import blank_form

        click.echo(blank_form(), nl=False)
        ctx.exit()


@click.command(
    short_help="Take what a reviewer read from a paper, as a form.",
    epilog=render.examples(
        "curtilage disclosure intake --blank > intake.yml",
        "curtilage disclosure intake intake.yml --paper scan.pdf --as privacy",
        "curtilage disclosure intake intake.yml --case k3m7ab2x --as attorney",
    ),
)
@click.argument("form", type=click.File("rb"), metavar="FILE|-")
@click.option("--case", metavar="CASE", help="The case that stands. Default: a new one.")
@click.option("--paper", type=_PAPER, help="The scan, which is sealed with it, and held against the form.")
@click.option("--check", "only_check", is_flag=True, help="Only look for problems; record nothing.")
@click.option("--blank", is_flag=True, is_eager=True, expose_value=False, callback=_print_blank,
              help="Print the form to be filled in, and end.")  # fmt: skip
@as_option
@city_option
@render.quiet_option
def intake(
    *,
    form: IO[bytes],
    case: str | None,
    paper: Path | None,
    only_check: bool,
    who: str,
    city: Path | None,
    quiet: bool,
) -> int:
    """Record what a paper says, as a person read it: what it is, who issued and signed it, whom and what it names.

    All problems are told at once, each with its line, and nothing is recorded until there are none. Names and the
    paper's own words are sealed. It authenticates nothing: that it binds the city, counsel confirms.
    """
    from curtilage.disclosure.case.desk import act, open_case
    from curtilage.disclosure.intake.form import read_form
    from curtilage.disclosure.intake.front import check_department
    from curtilage.disclosure.intake.record import list_steps, receive_step

    raw = form.read(_MOST + 1)
    with open_case_desk(city) as room:
        said = read_form(raw, source=_name_of(form), today=room.city.today, is_new=case is None)
        if case is None:
            check_department(room.desk, said.words["department"])
        scan = _scan(paper, room) if paper else None
        for each in (*said.notes, *_compare(said, scan)):
            render.note(each)
        if only_check:
            render.note("The form is in order. Nothing was recorded.", quiet=quiet)
            return 0
        begin = receive_step(said) if case is None else None
        steps = [*([scan.step] if scan else []), *list_steps(said)]
        by = room.person(who)
        if begin is not None:
            return tell(room, open_case(room.desk, begin, *steps, by=by), quiet=quiet)
        return tell(room, act(room.desk, str(case), *steps, by=by), quiet=quiet)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scan: what its words hint at, and the step that seals it."""

    reading: Reading
    step: Step


def _scan(path: Path, room: Room) -> _Scan:
    """Read a scan. That its text cannot be read is told, and hinders nothing.

    Raises:
        NotAPaperError: It is no paper.
    """
    from curtilage.disclosure.intake.front import attach_paper
    from curtilage.disclosure.intake.hints import read_hints
    from curtilage.disclosure.intake.paper import Paper, PaperNotReadError, check_paper

    raw = take_paper(None if str(path) == "-" else path)
    if render.is_terminal(sys.stderr):
        render.note("Reading the paper; a scan takes a second a page.")
    try:
        paper = read_paper(raw, find_limits(room.city.folder))
    except PaperNotReadError as error:
        render.note(f"{error} The paper itself is taken.")
        paper = Paper(check_paper(raw), ())
    reading = read_hints(paper, today=room.city.today)
    return _Scan(reading, attach_paper(raw, reading.media, pages=reading.pages, hints=reading.ids))


def _name_of(form: IO[bytes]) -> str:
    """Return how the form is called in messages: its last name only."""
    name = getattr(form, "name", "")
    return Path(str(name)).name if name and not str(name).startswith("<") else "-"


def _compare(said: Intake, scan: _Scan | None) -> list[str]:
    """Return where the form and the paper's own words differ, and what to look at."""
    if scan is None:
        return []
    hinted = scan.reading.best("instrument")
    differs = f"The paper hints at {hinted}, and the form says {said.words['instrument']}. Look again."
    looks = [f"{look.says} {look.do}" for look in scan.reading.looks]
    return [*([differs] if hinted and hinted != said.words["instrument"] else []), *looks]


# --- the paper itself ----------------------------------------------------------------------------


@click.command(
    short_help="Add a scan to a case, sealed.",
    epilog=render.examples("curtilage disclosure attach k3m7ab2x scan.pdf --as housing-counter"),
)
@click.argument("case", metavar="CASE")
@click.argument("paper", type=_PAPER)
@click.option(
    "--as", "who", required=True, metavar="NAME", help="Your id in city.yml, or the name of your desk."
)
@city_option
@render.quiet_option
def attach(*, case: str, paper: Path, who: str, city: Path | None, quiet: bool) -> int:
    """Seal a paper into a case: a PDF, a Word document, a picture, a text, or - for standard input.

    The ledger keeps a salted commitment to it, never a plain hash: a form that is filled in by machine could be
    guessed from one. The name of the file is not kept. What its words hint at is told to whom may classify it.
    """
    from curtilage.disclosure.intake.front import add, find_person

    with open_case_desk(city) as room:
        by = find_person(room.desk, who)
        scan = _scan(paper, room)
        found = check(add(room.desk, case, scan.step, by=by))
        render.note(f"Sealed into case {found.id}, version {found.number}.", quiet=quiet)
        may = _may_classify(by)
        for look in scan.reading.looks:
            if may or look.id in _OF_THE_SCAN:
                render.note(f"  {look.says} {look.do if may else _SCAN_AGAIN}", quiet=quiet)
    return 0


_OF_THE_SCAN: Final = ("no-text", "no-text-on-a-page")
"""What a desk is told, too: it is of the scan and not of the paper, and the desk holds the paper."""
_SCAN_AGAIN: Final = (
    "While the paper is still here, scan it again in grey at 300 dots an inch, and attach that, too."
)


def _may_classify(by: Officer) -> bool:
    from curtilage.disclosure.case.events import Classified
    from curtilage.disclosure.case.roles import MAY, roles_of

    return bool(MAY[Classified] & roles_of(by))


@click.command(
    short_help="Take a sealed scan out of its case again.",
    epilog=render.examples("curtilage disclosure paper k3m7ab2x --out scan.pdf --as attorney"),
)
@click.argument("case", metavar="CASE")
@click.option("--number", type=click.IntRange(min=1), help="Which of its papers, from 1. Default: the last.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write; nobody else may read it.",
)
@as_option
@city_option
@render.quiet_option
def paper(*, case: str, number: int | None, out: Path, who: str, city: Path | None, quiet: bool) -> int:
    """Open a paper of a case and write it into a file that only you may read.

    Counsel, the privacy officer and the records officer may; of a case in the sealed lane, counsel alone.
    """
    from curtilage.disclosure.intake.paper import MEDIA

    with open_case_desk(city) as room:
        raw, media, index, count = open_paper(room, case, room.person(who), number)
    _write_for_owner(out, raw)
    render.note(
        f"Paper {index} of {count}, {MEDIA[media].lstrip('.')}: {out}. Destroy it when you are done.",
        quiet=quiet,
    )
    return 0


def open_paper(room: Room, name: str, by: Officer, number: int | None = None) -> tuple[bytes, str, int, int]:
    """Return a sealed paper of a case: its bytes, its media type, which it is, and how many there are.

    Args:
        room: The desk.
        name: Id of the case, or how that begins.
        by: Who opens it.
        number: Which, from 1; None is the last.

    Raises:
        PaperClosedError: Their role does not need it.
        click.UsageError: There is no such paper.
    """
    from curtilage.disclosure.case.events import PAPER
    from curtilage.disclosure.intake.paper import unpack_paper

    case = room.case(name)
    _check_reader(case, by)
    refs = [body.ref for body in case.bodies if body.ref.name == PAPER]
    index = len(refs) if number is None else number
    if not refs or index > len(refs):
        raise click.UsageError(f"The case has {render.plural(len(refs), 'paper')}. Nothing was opened.")
    return (*unpack_paper(room.desk.ledger.open_body(refs[index - 1])), index, len(refs))


def _check_reader(case: Case, by: Officer) -> None:
    """Refuse whoever does not need the paper.

    Raises:
        PaperClosedError: Their role is another one.
    """
    from curtilage.disclosure.case.roles import COUNSEL, roles_of

    may = {COUNSEL} if case.is_sealed else {COUNSEL, "privacy-officer", "records-officer"}
    if not may & roles_of(by):
        who = "counsel alone" if case.is_sealed else "counsel, the privacy officer or the records officer"
        raise PaperClosedError(who=who)


def _write_for_owner(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; one that is there is not touched.

    Raises:
        click.UsageError: There is one already.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise click.UsageError("There is such a file already. Nothing was opened or written.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
