"""``curtilage retention replay``: delete again what a restored backup brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.ledger.nouns import Actor
    from curtilage.retention.carry_out import Result
    from curtilage.retention.replay import Replay


@click.command(
    short_help="Delete again what a restored backup brought back.",
    epilog=render.examples(
        "curtilage retention replay housing_db --as records",
        "curtilage retention replay housing_db --as records --carry-out",
    ),
)
@click.argument("system")
@city_option
@as_option
@click.option("--carry-out", "do_it", is_flag=True, help="Delete; without it, only what would go is shown.")
@render.format_option("table", "json")
@render.quiet_option
def replay(*, system: str, city: Path | None, who: str, do_it: bool, form: str, quiet: bool) -> int:
    """After SYSTEM was restored from a backup, delete again what had been deleted from it, and certify that.

    Records are known by keyed hashes of their keys, which the ledger keeps until no backup should hold them any
    more. The consent of then stands; holds are asked for again in every batch. Exit status 1 where something
    was found that should be gone, or could not be deleted again; 3 where you may not.
    """
    from curtilage.cli.retention_desk import open_desk
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.replay import plan_replay, weigh_replay

    with open_desk(city) as desk:
        officer, actor = desk.officer(who)

        def ask() -> Replay:
            made = plan_replay(
                desk.keeping.ledger,
                system,
                city=desk.settings.city.name,
                now=desk.clock.now(),
                today=desk.today,
                by=officer.id,
            )
            if permission := weigh_replay(made, officer):
                return made
            raise NotAuthorisedError(what=f"The replay of {system}", reasons=permission.reasons)

        if not do_it:
            return _show(ask(), form, quiet=quiet)
        made, result = _carry(desk, ask, actor, quiet=quiet)
    return _report(made, result, form, quiet=quiet)


def _carry(desk: Desk, ask: Callable[[], Replay], actor: Actor, *, quiet: bool) -> tuple[Replay, Result]:
    from curtilage.cli.progress import show_progress
    from curtilage.retention.carrying import Carrying, Recorder
    from curtilage.retention.nouns import Permission
    from curtilage.retention.replay import carry_out_replay

    ledger = desk.keeping.ledger
    with desk.disposers() as systems:

        def carrying_of(plan: str) -> Carrying:
            return Carrying(
                Recorder(ledger, plan, actor),
                desk.clock,
                systems.open_anew,
                lambda: Permission(()),
                progress=show_progress(quiet=quiet),
                zone=desk.declared.city.zone,
            )

        return carry_out_replay(
            ask, carrying_of, ledger=ledger, declared=desk.declared, today=lambda: desk.today, by=actor
        )


def _show(made: Replay, form: str, *, quiet: bool) -> int:
    rows = [(item.series, item.target.table, item.rows) for item in made.plan.items]
    if form == "json":
        render.write_json(
            {
                "system": made.system,
                "lines": [{"series": one, "place": place, "rows": count} for one, place, count in rows],
                "lost": made.lost,
                "partitions": list(made.parts),
            }
        )
    else:
        render.write_table(
            ("Series", "Place", "Went before"), [(one, place, f"{count:,}") for one, place, count in rows]
        )
    render.note(_told(made), quiet=quiet)
    render.note("Nothing was deleted. Those of them that are there again go with: --carry-out", quiet=quiet)
    return 0


def _told(made: Replay) -> str:
    said = [f"{render.plural(made.plan.rows, 'record')} went from {made.system} before."]
    if made.lost:
        said.append(
            f"The lists of {made.lost:,} more were destroyed with the last backup that could hold them."
        )
    if made.parts:
        said.append(
            "A partition has no list; it goes again where all its rows are due by the condition of then: "
            f"{', '.join(made.parts)}."
        )
    return " ".join(said)


def _report(made: Replay, result: Result, form: str, *, quiet: bool) -> int:
    left = sum(line.outcome.left for line in result.lines if line.outcome)
    if form == "json":
        render.write_json(
            {
                "system": made.system,
                "rows": result.rows,
                "left": left,
                "certificate": result.certificate.id if result.certificate else None,
                "refused": [{"code": reason.code, "text": reason.text} for reason in result.refusal],
            }
        )
    for reason in result.refusal:
        render.note(f"{reason.text} [{reason.code}]", quiet=quiet)
    told = f"{render.plural(result.rows, 'record')} deleted again from {made.system}."
    if result.certificate:
        told += f" Certificate: {result.certificate.id}"
    render.note(f"{_told(made)} {told}", quiet=quiet)
    return int(bool(result.refusal or left))
