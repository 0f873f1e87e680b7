"""``curtilage retention due``, ``plan``, ``authorise``, ``status``: from what is declared to a plan that all agreed to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import (
    Desk,
    as_option,
    check_series,
    find_plan_id,
    open_desk,
    undecided_row,
    write_lines,
    write_undecided,
)

if TYPE_CHECKING:
    from curtilage.retention.counting import Counted
    from curtilage.retention.nouns import Due, Plan, PlanState

Command = TypeVar("Command", bound=Callable[..., Any])


# --- due -----------------------------------------------------------------------------------------


@click.command(
    short_help="What has had its time, and what soon will.",
    epilog=render.examples(
        "curtilage retention due", "curtilage retention due --series hsg-014 --format json"
    ),
)
@city_option
@click.option("--series", multiple=True, help="Only this series; may be given more than once.")
@render.format_option("table", "json", "jsonl")
@render.quiet_option
def due(*, city: Path | None, series: tuple[str, ...], form: str, quiet: bool) -> int:
    """Say what has had its time in each place, what soon will, and what a person must decide.

    Nothing is planned or recorded. Exit status 1 where something is past the city's own limit.
    """
    from curtilage.retention.counting import count_all
    from curtilage.retention.due import weigh_all
    from curtilage.retention.holds import read_holds

    with open_desk(city) as desk, desk.disposers() as systems:
        check_series(desk.declared, series)
        dues, undecided = weigh_all(desk.declared, desk.today, warn_days=desk.settings.retention.warn_days)
        holds = read_holds(desk.keeping.ledger)
        found, asked = count_all(desk.declared, dues, holds, systems.open, only=series, ahead=True)
    open_ = [each for each in (*undecided, *asked) if not series or each.series in series]
    if form == "table":
        write_lines(
            ("Series", "Place", "Due", "Held", "Overdue", "Soon", "Oldest"),
            (
                (*_place(each.asked), each.due, each.due - each.rows, each.overdue, each.soon, each.oldest)
                for each in found
            ),
        )
        write_undecided(open_)
    else:
        rows = [*map(_row, found), *map(undecided_row, open_)]
        render.write_lines(rows) if form == "jsonl" else render.write_json(rows)
    overdue = sum(each.overdue for each in found)
    said = f"{render.plural(sum(each.due for each in found), 'record')} due, {overdue:,} past the city's own limit, "
    render.note(f"{said}{render.plural(len(open_), 'question')} for a person.", quiet=quiet)
    return int(bool(overdue))


def _place(asked: Due) -> tuple[str, str]:
    return asked.series.id, asked.holding.place


def _row(each: Counted) -> dict[str, object]:
    return {
        "series": each.asked.series.id,
        "place": each.asked.holding.place,
        "due": each.due,
        "held": each.due - each.rows,
        "overdue": each.overdue,
        "soon": each.soon,
        "oldest": each.oldest.isoformat() if each.oldest else None,
    }


# --- plan ----------------------------------------------------------------------------------------


@click.command(
    short_help="Plan what is to go; nothing goes.",
    epilog=render.examples("curtilage retention plan --as records --out plan.json"),
)
@city_option
@as_option
@click.option("--series", multiple=True, help="Only this series; may be given more than once.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to this file.")
@render.format_option("table", "json")
@render.quiet_option
def plan(
    *, city: Path | None, who: str, series: tuple[str, ...], out: Path | None, form: str, quiet: bool
) -> int:
    """Ask the city's systems what has had its time, and plan what is to go. Nothing goes.

    The plan says what, where, how many, under which item of which schedule, what is held and why. It is recorded
    in the ledger, names no person and holds no value of a record. Exit status 1 where
    something in it needs a person's decision.
    """
    from curtilage.foundation.files import write_atomically
    from curtilage.retention.holds import read_holds
    from curtilage.retention.plan import make_plan
    from curtilage.retention.plan_file import write_plan
    from curtilage.retention.state import record_plan

    with open_desk(city) as desk:
        check_series(desk.declared, series)
        officer, actor = desk.officer(who)
        holds = read_holds(desk.keeping.ledger)
        with desk.disposers() as systems:
            made = make_plan(
                desk.declared,
                holds,
                systems.open,
                by=officer.id,
                clock=desk.clock,
                settings=desk.settings.retention,
                only=series,
            )
        record_plan(desk.keeping.ledger, made, by=actor)
    if out is not None:
        write_atomically(out, write_plan(made))
    if form == "json":
        click.echo(write_plan(made).decode(), nl=False)
    else:
        write_items(made)
        write_undecided(made.undecided)
    render.note("\n".join(_said_of(made)), quiet=quiet)
    return int(bool(made.undecided))


def _said_of(made: Plan) -> Iterator[str]:
    yield f"Plan {made.id[:12]}: {render.plural(made.rows, 'record')} to go, {render.plural(len(made.undecided), 'question')} for a person."
    if not made.rows:
        yield "Nothing is to be carried out."
        return
    yield f"To agree: {', '.join(made.signers)}. To be carried out from {made.not_before} to {made.expires}."
    yield f"Next: curtilage retention authorise {made.id[:12]} --as OFFICER"


def write_items(made: Plan) -> None:
    """Print the lines of a plan, and what is held in them.

    Effects:
        Writes to standard output.
    """
    write_lines(
        ("Series", "Place", "Item", "How", "To go", "Along", "Held", "Overdue", "From", "To"),
        (
            (
                item.series,
                item.id.partition("@")[2],
                f"{item.schedule} {item.number}",
                say_act(item.act),
                item.rows,
                sum(along.rows for along in item.along),
                item.held_rows,
                item.overdue,
                item.oldest,
                item.newest,
            )
            for item in made.items
        ),
        title=f"Plan {made.id[:12]} for {made.city}, {made.day}",
    )
    write_lines(
        ("Held by", "Matter", "Ground", "Place", "Records"),
        (
            (held.hold, held.matter, held.ground, item.id.partition("@")[2], held.rows)
            for item in made.items
            for held in item.held
        ),
    )


def say_act(act: object) -> str:
    """Return what is done, as a file declares it.

    >>> from curtilage.connectors.disposal.nouns import Clear
    >>> say_act(Clear(("ssn",)))
    'clear ssn'
    """
    from curtilage.connectors.disposal.nouns import (
        Aggregate,
        Clear,
        DestroyKey,
        DropPartition,
        RemoveFiles,
        RewriteFile,
        TransferThen,
    )

    match act:
        case Clear(columns):
            return f"clear {', '.join(columns)}"
        case Aggregate(_, into):
            return f"count into {into}, delete"
        case DropPartition(name):
            return f"drop partition {name}"
        case DestroyKey(key):
            return f"destroy key {key}"
        case TransferThen(inner, to):
            return f"to {to}, then {say_act(inner)}"
        case RemoveFiles():
            return "remove files"
        case RewriteFile():
            return "rewrite"
    return "delete"


# --- authorise -----------------------------------------------------------------------------------


@click.command(
    short_help="Agree to a plan, in your role.",
    epilog=render.examples("curtilage retention authorise 3f9c02d1b7aa --as records"),
)
@click.argument("plan_id", metavar="PLAN")
@city_option
@as_option
@click.option("--role", default="", help="The role, as the series names it, where more than one is yours.")
@render.quiet_option
def authorise(*, plan_id: str, city: Path | None, who: str, role: str, quiet: bool) -> int:
    """Agree to a plan, in the role that its series ask for. PLAN is its id, or how that begins, or its file.

    A consent counts for the days that the settings say, and while you have that role. One person agrees in
    one role. Exit status 3 where it is refused, with the reasons.
    """
    from curtilage.retention.authorise import (
        NotAuthorisedError,
        find_role,
        give_consent,
        list_missing,
        weigh_consent,
    )
    from curtilage.retention.state import read_state

    with open_desk(city) as desk:
        ledger = desk.keeping.ledger
        state = read_state(ledger, find_plan_id(desk, plan_id))
        officer, actor = desk.officer(who)
        role = role or find_role(state, officer)
        permission = weigh_consent(state, desk.declared, officer, role, today=desk.today)
        if not permission:
            raise NotAuthorisedError(what=f"The consent of {officer.id}", reasons=permission.reasons)
        expires = desk.today + timedelta(days=desk.settings.retention.consent_days)
        give_consent(ledger, state, role, expires, by=actor)
        missing = list_missing(read_state(ledger, state.plan.id), desk.declared, desk.today)
    still = f"Still to agree: {', '.join(missing)}." if missing else _ready(state)
    render.note(f"{officer.id} agreed as {role}, until {expires}. {still}", quiet=quiet)
    return 0


def _ready(state: PlanState) -> str:
    return (
        f"All have agreed. It may be carried out from {state.plan.not_before} to {state.plan.expires}: "
        f"curtilage retention carry-out {state.plan.id[:12]}"
    )


# --- status --------------------------------------------------------------------------------------


@click.command(
    short_help="The plans, who agreed, how far they are.",
    epilog=render.examples("curtilage retention status", "curtilage retention status 3f9c02d1b7aa"),
)
@click.argument("plan_id", metavar="[PLAN]", required=False)
@city_option
@render.format_option("table", "json")
@render.quiet_option
def status(*, plan_id: str | None, city: Path | None, form: str, quiet: bool) -> int:
    """List the plans: who agreed, who is missing, how far they are. With PLAN, what stands in its way.

    Exit status 1 where that plan could not be carried out now.
    """
    from curtilage.retention.authorise import weigh_start
    from curtilage.retention.state import list_states, read_state

    with open_desk(city) as desk:
        ledger = desk.keeping.ledger
        if plan_id is None:
            states = list_states(ledger)
            write_states(desk, states, form)
            render.note(f"{render.plural(len(states), 'plan')}.", quiet=quiet)
            return 0
        state = read_state(ledger, find_plan_id(desk, plan_id))
        permission = weigh_start(state, desk.declared, now=desk.clock.now(), today=desk.today)
        if form == "json":
            reasons = [{"code": reason.code, "text": reason.text} for reason in permission.reasons]
            render.write_json({**state_row(desk, state), "reasons": reasons})
        else:
            write_items(state.plan)
            write_states(desk, [state], form)
            write_lines(("In its way", "Why"), [(reason.code, reason.text) for reason in permission.reasons])
    if permission:
        render.note(_ready(state), quiet=quiet)
    return int(not permission)


def write_states(desk: Desk, states: Sequence[PlanState], form: str) -> None:
    """Print the plans.

    Effects:
        Writes to standard output.
    """
    rows = [state_row(desk, state) for state in states]
    if form == "json":
        render.write_json(rows)
        return
    write_lines(
        ("Plan", "Made", "To go", "Gone", "State", "Agreed", "Missing", "From", "To"),
        [
            (
                str(row["plan"])[:12],
                row["day"],
                row["rows"],
                row["gone"],
                row["state"],
                ", ".join(f"{each['role']} ({each['officer']})" for each in row["agreed"]),
                ", ".join(row["missing"]),
                row["not_before"],
                row["expires"],
            )
            for row in rows
        ],
    )


def state_row(desk: Desk, state: PlanState) -> dict[str, Any]:
    """Return the state of a plan, as JSON writes it."""
    from curtilage.retention.authorise import list_missing

    plan = state.plan
    return {
        "plan": plan.id,
        "day": plan.day.isoformat(),
        "made_by": plan.made_by,
        "rows": plan.rows,
        "gone": sum(state.batches.values()),
        "state": _say_state(state),
        "agreed": [
            {"role": each.role, "officer": each.officer, "expires": each.expires.isoformat()}
            for each in state.authorisations
        ],
        "missing": list(list_missing(state, desk.declared, desk.today)),
        "not_before": plan.not_before.isoformat(),
        "expires": plan.expires.isoformat(),
    }


def _say_state(state: PlanState) -> str:
    if state.finished:
        return "carried out"
    if state.stopped:
        return f"stopped ({state.stopped})"
    return "begun" if state.begun else "made"
