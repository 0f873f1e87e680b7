"""``curtilage disclosure plan-release``, ``approve``, ``release``, ``released``: the one way in which anything leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_case_desk import StepRefusedError, open_case_desk, tell
from curtilage.cli.retention_desk import as_option, write_lines
from curtilage.disclosure.nouns import ROLES

if TYPE_CHECKING:
    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.case.nouns import Case
    from curtilage.disclosure.release.desk import Releasing
    from curtilage.disclosure.release.nouns import PlanLine, ReleasePlan
    from curtilage.retention.nouns import Permission

_FOLDER = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHORT: Final = 12
_MOST_BYTES: Final = 1 << 20


def open_releasing(room: Room, who: str) -> Releasing:
    """Return what a release needs, at a city's desk.

    Args:
        room: The city's desk for cases.
        who: Id of who does it.

    Raises:
        UnknownPersonError: The city declares nobody of that id.
    """
    from curtilage.cli.retrievers import Retrievers
    from curtilage.disclosure.case.judge import weigh_still
    from curtilage.disclosure.release.desk import Releasing

    city = room.city
    systems = Retrievers(city.folder, city.declared, city.settings)

    def still(case: Case) -> Permission:
        policies, active = room.rules()
        return weigh_still(case, policies, active)

    return Releasing(room.desk, systems.open, still, room.person(who))


@click.command(
    "plan-release",
    short_help="Plan what would leave: fields and counts.",
    epilog=render.examples(
        "curtilage disclosure plan-release k3m7ab2x --to clerk-of-court.txt --as records",
        "curtilage disclosure plan-release k3m7ab2x --to age1… --as records --format json",
    ),
)
@click.argument("case", metavar="CASE")
@click.option(
    "--to",
    required=True,
    metavar="KEYS",
    help="File with the recipient's public keys (age1… or ssh-ed25519 …), a line each; or one such key.",
)
@as_option
@city_option
@render.format_option("table", "json")
@render.quiet_option
def plan_release(*, case: str, to: str, who: str, city: Path | None, form: str, quiet: bool) -> int:
    """Plan what would leave in a case: which fields of which places, how many records, and what stays and why.

    Nothing leaves by it, and no value is fetched. Two different people approve the plan, neither of whom made
    it. Read the recipient's keys back to them by telephone: whoever has the private half can open the package.
    """
    from curtilage.disclosure.case.desk import Acted
    from curtilage.disclosure.release.desk import plan_release as make

    recipients = _read_recipients(to)
    with open_case_desk(city) as room:
        planned = make(open_releasing(room, who), case, recipients)
        if planned.plan is None or not planned:
            raise StepRefusedError(reasons=planned.reasons)
        _show(planned.plan, form)
        return tell(room, Acted(planned.case), quiet=quiet)


@click.command(
    short_help="Read a plan, and approve it.",
    epilog=render.examples(
        "curtilage disclosure approve k3m7ab2x --as attorney",
        "curtilage disclosure approve k3m7ab2x 9f2c41d07b3e --as attorney",
    ),
)
@click.argument("case", metavar="CASE")
@click.argument("plan", metavar="[PLAN]", default="")
@click.option(
    "--role", type=click.Choice(ROLES), help="In which role; the one that releases where it is yours."
)
@as_option
@city_option
@render.format_option("table", "json")
@render.quiet_option
def approve(
    *, case: str, plan: str, role: str | None, who: str, city: Path | None, form: str, quiet: bool
) -> int:
    """Print the plan that stands; with PLAN, its id as it is printed there, approve it.

    Without PLAN nothing is recorded: whoever approves has read which plan it is. Two different people approve,
    neither of whom made it, one of them in the role that releases. Policy is asked anew each time.
    """
    from curtilage.disclosure.release.desk import approve as record
    from curtilage.disclosure.release.desk import pick_role, read_plan

    with open_case_desk(city) as room:
        release, found = open_releasing(room, who), room.case(case)
        _may_read(release, found)
        standing = read_plan(release, found)
        _show(standing, form)
        if not plan:
            command = f"curtilage disclosure approve {found.id} {standing.id[:_SHORT]} --as {release.by.id}"
            render.note(f"Nothing was recorded. To approve this plan:\n    {command}", quiet=quiet)
            return 0
        given = _whole_id(plan, [standing.id])
        acted = record(release, found.id, given, role or pick_role(found, release.by))
        return tell(room, acted, quiet=quiet)


@click.command(
    short_help="Release what two people approved.",
    epilog=render.examples("curtilage disclosure release k3m7ab2x 9f2c41d07b3e --out outgoing --as releaser"),
)
@click.argument("case", metavar="CASE")
@click.argument("plan", metavar="PLAN")
@click.option("--out", required=True, type=_FOLDER, help="Folder for the package.")
@as_option
@city_option
@render.format_option("table", "json")
@render.quiet_option
def release(*, case: str, plan: str, out: Path, who: str, city: Path | None, form: str, quiet: bool) -> int:
    """Write that very plan's package, encrypted to its recipient, and record what left.

    Policy, holds, approvals and the plan itself are looked at again at this moment; what changed stops it.
    Only the encrypted package is ever written. Where a run was cut off, the same command finishes it; run once
    more, it says that it is done. Nothing is sent: hand the package over as the order says. Exit status 3 where
    it is refused.
    """
    from curtilage.disclosure.case.desk import Acted
    from curtilage.disclosure.release.carry_out import carry_out

    with open_case_desk(city) as room:
        releasing, found = open_releasing(room, who), room.case(case)
        left = carry_out(releasing, found.id, _whole_id(plan, _plans_of(found)), out)
        if not left or left.path is None:
            raise StepRefusedError(reasons=left.reasons)
        if form == "json":
            render.write_json(
                {"case": found.id, "package": str(left.path), "sha256": left.digest, "again": left.is_again}
            )
        else:
            click.echo(f"{left.path}\nSHA-256 {left.digest}")
        if left.is_again:
            render.note("It was made before; nothing was made now.", quiet=quiet)
            return 0
        return tell(room, Acted(left.case), quiet=quiet)


@click.command(
    short_help="What left, to be printed.",
    epilog=render.examples(
        "curtilage disclosure released",
        "curtilage disclosure released k3m7ab2x --format html > left.html",
        "curtilage disclosure released --package release-k3m7ab2x-746740de74f2.zip.age",
    ),
)
@click.argument("case", metavar="[CASE]", default="")
@click.option(
    "--package", type=_FILE, metavar="FILE", help="Only the one that is this very file, to the byte."
)
@click.option(
    "--as",
    "who",
    metavar="OFFICER",
    help="Your id in city.yml: what came into the sealed lane afterwards is shown to counsel only.",
)
@city_option
@render.format_option("table", "json", "html")
def released(*, case: str, package: Path | None, who: str | None, city: Path | None, form: str) -> int:
    """List every package that left, from the ledger alone: how much, from where, on what, and what stayed.

    About whom, only the packages say. What is in the sealed lane never leaves this way; a case that came into it
    after its release is shown to counsel alone. With --package, exit status 1 where no package that left is that file.
    """
    from curtilage.disclosure.case.roles import is_counsel
    from curtilage.disclosure.case.state import list_cases
    from curtilage.disclosure.release.carry_out import hash_file
    from curtilage.disclosure.release.left import list_departures, render_html

    with open_case_desk(city) as room:
        found = [room.case(case)] if case else list_cases(room.desk.ledger)
        is_law = who is not None and is_counsel(room.person(who))
        departures = list_departures(each for each in found if is_law or not each.is_sealed)
        if package is not None:
            digest = hash_file(package)
            departures = tuple(each for each in departures if each.package_hash == digest)
        if form == "json":
            render.write_json([each.to_json() for each in departures])
        elif form == "html":
            sys.stdout.write(render_html(departures, city=room.city.declared.city.name))
        else:
            rows = [
                (
                    f"{each.at:%Y-%m-%d}",
                    each.case,
                    each.title,
                    each.subjects,
                    each.rows,
                    each.package_hash[:16],
                )
                for each in departures
            ]
            write_lines(("Day", "Case", "Rests on", "People", "Records", "Package"), rows)
            told = "No package that left is this file." if package and not departures else ""
            render.note(told or f"{render.plural(len(departures), 'package')} left.")
    return 1 if package and not departures else 0


def _read_recipients(given: str) -> tuple[str, ...]:
    from curtilage.encryption.age import read_recipients

    if given.startswith(("age1", "ssh-")):
        return read_recipients(given)
    try:
        with Path(given).open("rb") as file:
            return read_recipients(file.read(_MOST_BYTES).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        text = "--to is a file of public keys, or one that begins with age1 or ssh-. Nothing was planned."
        raise click.UsageError(text) from None


def _may_read(releasing: Releasing, case: Case) -> None:
    """Refuse to show a plan to somebody at a desk, or one of the sealed lane to anybody but counsel."""
    from curtilage.disclosure.case.events import Approved
    from curtilage.disclosure.case.roles import MAY, is_counsel, roles_of, say_roles
    from curtilage.retention.nouns import Reason

    if not MAY[Approved] & roles_of(releasing.by) or (case.is_sealed and not is_counsel(releasing.by)):
        text = f"Your role is {releasing.by.role}. A plan is read by {say_roles(MAY[Approved])}."
        raise StepRefusedError(reasons=(Reason("not-your-role", text),))
    if case.plan is None:
        text = f"There is no plan of the case as it is now: curtilage disclosure plan-release {case.id}"
        raise StepRefusedError(reasons=(Reason("no-plan", text),))


def _whole_id(given: str, known: Sequence[str]) -> str:
    """Return the plan's whole id where its beginning was typed.

    Raises:
        UsageError: It is no id of a plan that this case has.
    """
    found = [each for each in known if len(given) >= _SHORT and each.startswith(given.lower())]
    if not found:
        text = (
            "The case has no such plan. Nothing was recorded, and nothing left. "
            f"Write at least {_SHORT} digits of its id, as approve prints it."
        )
        raise click.UsageError(text)
    return found[0]


def _plans_of(case: Case) -> tuple[str, ...]:
    return (*(each.plan for each in case.gone), *((case.plan.plan,) if case.plan else ()))


def _show(plan: ReleasePlan, form: str) -> None:
    """Print a plan.

    Effects:
        Writes to standard output.
    """
    from curtilage.disclosure.release.left import list_doubts
    from curtilage.encryption.age import name_recipient

    if form == "json":
        render.write_json({"id": plan.id, **plan.to_json()})
        return
    click.echo(f"Plan {plan.id[:_SHORT]}, {plan.day}, to be carried out until {plan.expires}.")
    click.echo(f"Rests on {plan.basis.replace('-', ' ')}: {', '.join(plan.policies)}. {_period(plan)}\n")
    rows = [
        (
            line.place,
            ", ".join(line.fields) or "-",
            f"{line.people} of {line.asked}",
            line.rows,
            _told_by(line),
        )
        for line in plan.lines
    ]
    write_lines(("Place", "Fields", "People", "Records", "Told by"), rows, title="Would leave")
    write_lines(("Place", "What", "Why"), list(_stays(plan)), title="Stays")
    for said in list_doubts(plan):
        click.echo(f"{said}\n")
    keys = [(name_recipient(key), f"{key[:20]}…") for key in plan.recipients]
    write_lines(("Read aloud", "Key"), keys, title="Who can open it")


def _told_by(line: PlanLine) -> str:
    """Return which columns say about whom a record is, and of which day."""
    return f"{line.subject}, {line.dated_by}" if line.dated_by else line.subject


def _period(plan: ReleasePlan) -> str:
    if plan.since is None and plan.until is None:
        return "The order names no period."
    return f"From {plan.since or 'the beginning'} until {plan.until or 'now'}."


def _stays(plan: ReleasePlan) -> Iterator[tuple[str, str, str]]:
    from curtilage.disclosure.release.nouns import REASONS

    for line in plan.lines:
        yield from ((line.place, name, REASONS[reason]) for name, reason in line.kept_fields)
        for reason in ("outside", "undated", "unshared", "unreadable"):
            if count := getattr(line, reason):
                yield line.place, render.plural(count, "record"), REASONS[reason]
