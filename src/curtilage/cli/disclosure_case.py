"""``curtilage disclosure cases`` and ``show``: what waits for whom, and one case as it stands.

Neither names who asked, about whom, or in which words: that is sealed, and other commands open it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_case_desk import open_case_desk

if TYPE_CHECKING:
    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.case.nouns import Case, Moment
    from curtilage.disclosure.case.waiting import Waiting
    from curtilage.disclosure.times.clocks import Clock
    from curtilage.ledger.nouns import Entry

_HEADINGS: Final = ("Case", "Received", "What", "Stage", "Officer", "Waits for", "By", "Due")
_LATE: Final = 1
_WORDS: Final = {None: "", True: "yes", False: "no"}


def _viewer_option(command: Any) -> Any:
    return click.option(
        "--as",
        "who",
        metavar="OFFICER",
        help="Your id in city.yml: cases in the sealed lane are shown to counsel only.",
    )(command)


@click.command(
    short_help="Which requests there are, and what waits for whom.",
    epilog=render.examples(
        "curtilage disclosure cases", "curtilage disclosure cases --all --as attorney --format json"
    ),
)
@_viewer_option
@click.option("--all", "every", is_flag=True, help="Closed ones, too.")
@city_option
@render.format_option("table", "json")
@render.quiet_option
def cases(*, who: str | None, every: bool, city: Path | None, form: str, quiet: bool) -> int:
    """List the requests that stand open: what each is, what it waits for, who does it, by when.

    What is due is the most urgent of the case's clocks; the command clocks shows them all. An emergency stays in
    the list until it is reviewed. Exit status 1 where a time has passed.
    """
    from curtilage.disclosure.case.state import list_cases

    with open_case_desk(city) as room:
        now = room.desk.now()
        found = [each for each in list_cases(room.desk.ledger) if every or each.is_open]
        clocks = _run_clocks(room)
        seen = [each for each in found if not each.is_sealed or _is_counsel(room, who)]
        if form == "json":
            render.write_json([_row(each, now, clocks) for each in seen])
        else:
            _write_cases(seen, now, clocks)
    sealed = len(found) - len(seen)
    hidden = f", and {render.plural(sealed, 'case')} in the sealed lane" if sealed else ""
    render.note(f"{render.plural(len(seen), 'case')}{hidden}.", quiet=quiet)
    return _LATE if any(_is_late(each, clocks) for each in found) else 0


def _is_counsel(room: Room, who: str | None) -> bool:
    from curtilage.disclosure.case.roles import is_counsel

    return who is not None and is_counsel(room.person(who))


def _run_clocks(room: Room) -> Mapping[str, Clock]:
    """Return the most urgent clock that runs, by the id of its case."""
    found: dict[str, Clock] = {}
    for clock in _list_clocks(room):
        found.setdefault(clock.case, clock)
    return found


def _list_clocks(room: Room, case: str = "") -> list[Clock]:
    """Return the clocks that run, of a case or of all, the most urgent first."""
    from curtilage.cli.disclosure_clocks import list_all

    return [each for each in list_all(room.city) if not each.state.is_over and case in {"", each.case}]


def _is_late(case: Case, clocks: Mapping[str, Clock]) -> bool:
    clock = clocks.get(case.id)
    return clock is not None and clock.state == "overdue"


def _write_cases(found: list[Case], now: Moment, clocks: Mapping[str, Clock]) -> None:
    from curtilage.cli.retention_desk import write_lines
    from curtilage.disclosure.case.waiting import list_waiting

    rows = []
    for case in found:
        waiting = list_waiting(case, now)
        first = waiting[0] if waiting else None
        rows.append(
            (
                case.id,
                case.received.date(),
                case.instrument or "not classified",
                case.stage,
                case.officer,
                first.what if first else "",
                first.who if first else "",
                _due(clocks.get(case.id)),
            )
        )
    write_lines(_HEADINGS, rows)


def _due(clock: Clock | None) -> str:
    if clock is None:
        return ""
    due = f"{clock.moment:%Y-%m-%d %H:%M} UTC" if clock.moment else str(clock.act_by)
    return f"{due}, overdue" if clock.state == "overdue" else due


@click.command(
    short_help="One case as it stands, and what happened in it.",
    epilog=render.examples("curtilage disclosure show k3m7ab2x"),
)
@click.argument("case", metavar="CASE")
@_viewer_option
@city_option
@render.format_option("table", "json")
def show(*, case: str, who: str | None, city: Path | None, form: str) -> int:
    """Show a case: what it is, what was stated, decided, approved and answered, by whom and when.

    Nobody's name and no word of a paper is shown; they are sealed. The version is what --seen takes.
    """
    from curtilage.disclosure.case.events import case_stream

    with open_case_desk(city) as room:
        found = room.case(case)
        if found.is_sealed and not _is_counsel(room, who):
            _refuse_sealed()
        now, entries = room.desk.now(), room.desk.ledger.read(case_stream(found.id))
        if form == "json":
            render.write_json(
                {**_row(found, now, _run_clocks(room)), "history": [_event(each) for each in entries]}
            )
        else:
            _write_case(found, room, entries)
    return 0


def _refuse_sealed() -> None:
    from curtilage.cli.disclosure_case_desk import StepRefusedError
    from curtilage.retention.nouns import Reason

    raise StepRefusedError(
        reasons=(Reason("sealed", "This case is counsel's alone: show it with --as COUNSEL."),)
    )


def _write_case(case: Case, room: Room, entries: tuple[Entry, ...]) -> None:
    from curtilage.cli.disclosure_case_answers import show_ruling
    from curtilage.disclosure.case.waiting import list_waiting

    now, policies = room.desk.now(), room.find_rules()
    click.echo(f"Case {case.id}, version {case.number}: {case.stage}")
    _list("", [f"{name}: {value}" for name, value in _say(case)])
    if case.ruling:
        click.echo()
    show_ruling(case, policies)
    _list("Waits for", [line for each in list_waiting(case, now) for line in _say_waiting(each)])
    _list(
        "Due", [f"{_due(each)}: {each.says()} ({each.deadline.who})" for each in _list_clocks(room, case.id)]
    )
    _list("Sealed", [f"{body.ref.name} (entry {body.number}, {body.kind})" for body in case.bodies])
    _list("What happened", [_say_entry(each) for each in entries])


def _list(title: str, lines: list[str]) -> None:
    if lines and title:
        click.echo(f"\n{title}")
    for line in lines:
        click.echo(f"  {line}")


def _say(case: Case) -> Iterator[tuple[str, object]]:
    """Give what a case says of itself, what is not there left out."""
    said = {
        "received": f"{case.received:%Y-%m-%d %H:%M} UTC at {case.department}, by {case.channel}",
        "instrument": case.instrument,
        "form": f"{case.form} {case.revision}".strip(),
        "issued by": case.issuer,
        "signed by": case.signer,
        "genuine": f"{case.authentic} ({case.how})" if case.authentic else "",
        "issued, served, return by": ", ".join(
            str(day or "-") for day in (case.issued, case.served, case.return_by)
        )
        if case.instrument
        else "",
        "civil immigration": _WORDS[case.civil_immigration],
        "gag": _WORDS[case.gag] if case.instrument else "",
        "people named": case.subjects if case.instrument else "",
        "stated": ", ".join(f"{fact}={word}" for fact, word in case.facts.items()),
        "officer": case.officer,
        "held": ", ".join(f"{hold.ground}, since {hold.at:%Y-%m-%d}" for hold in case.holds),
        "order confirmed by": case.order.officer if case.order else "",
        "answer confirmed by": case.outcome.officer if case.outcome else "",
        "how far": _say_bounds(case),
        "plan": _say_plan(case),
        "approved by": ", ".join(f"{given.officer} ({given.role})" for given in case.list_approvals()),
        "left": ", ".join(
            f"{render.plural(gone.rows, 'record')} of {render.plural(gone.subjects, 'person', 'people')}, {gone.at:%Y-%m-%d %H:%M} UTC"
            for gone in case.gone
        ),
        "answered": ", ".join(f"{sent.answer}, {sent.at:%Y-%m-%d}" for sent in case.sent),
        "told": ", ".join(f"{notice.whom} by {notice.how}, {notice.on}" for notice in case.notices),
        "preserved by": ", ".join(case.preserved),
        "ended": case.result,
    }
    return ((name, value) for name, value in said.items() if value != "")


def _say_bounds(case: Case) -> str:
    if case.bounds is None:
        return ""
    period = f"{case.bounds.since or 'the beginning'} to {case.bounds.until or 'the end'}"
    people = render.plural(case.bounds.subjects, "person", "people")
    return f"{people}, {render.plural(len(case.bounds.fields), 'field')}, {period}"


def _say_plan(case: Case) -> str:
    if case.plan is None:
        return ""
    return f"{case.plan.plan[:12]} by {case.plan.by}: {render.plural(case.plan.rows, 'record')}, until {case.plan.expires}"


def _say_waiting(each: Waiting) -> Iterator[str]:
    yield f"{each.what} ({each.who})" if each.who else each.what
    yield f"  curtilage disclosure {each.command} --as OFFICER"


def _say_entry(entry: Entry) -> str:
    kind = entry.kind.partition(".")[2].replace("-", " ")
    said = [str(entry.data[name]) for name in _TOLD if entry.data.get(name)]
    words = f" {'='.join(said)}" if said else ""
    return f"{entry.number:>3}  {entry.at:%Y-%m-%d %H:%M:%S}  {kind}{words}, {entry.actor.id} ({entry.actor.role})"


_TOLD: Final = (
    "instrument",
    "fact",
    "word",
    "what",
    "ground",
    "outcome",
    "answer",
    "finding",
    "result",
    "officer",
)
"""Fields of an event that say in a word what it did."""


def _event(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "position": entry.position,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "by": entry.actor.id,
        "role": entry.actor.role,
        "data": dict(entry.data),
        "sealed": [ref.name for ref in entry.bodies],
    }


def _row(case: Case, now: Moment, clocks: Mapping[str, Clock]) -> dict[str, Any]:
    """Return a case as JSON writes it: no body, only which there are."""
    import msgspec

    from curtilage.disclosure.case.waiting import list_waiting

    said: dict[str, Any] = msgspec.to_builtins(case)
    said["bodies"] = [body.ref.name for body in case.bodies]
    return {
        **said,
        "stage": str(case.stage),
        "sealed": case.is_sealed,
        "late": _is_late(case, clocks),
        "due": _due(clocks.get(case.id)),
        "waits_for": [msgspec.to_builtins(each) for each in list_waiting(case, now)],
    }
