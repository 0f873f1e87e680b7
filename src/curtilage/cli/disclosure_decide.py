"""``curtilage disclosure decide``: what policy answers to the facts of a request."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.disclosure_desk import open_engine, rules_options

if TYPE_CHECKING:
    from curtilage.disclosure.nouns import Decision

_REFUSED: Final = 3
_MOST: Final = 64 * 1024
"""Bytes of facts that are read; all of them take about one thousand, and a file that is cut is no JSON."""


def _print_blank(ctx: click.Context, _: click.Parameter, instrument: str | None) -> None:
    """Print the facts of a paper as it arrives, to be filled in, and end."""
    if instrument is None or ctx.resilient_parsing:
        return
    from curtilage.disclosure.policy.facts import blank, to_json
    from curtilage.disclosure.policy.instruments import load_instruments

    rows = load_instruments()
    if instrument not in rows:
        known = ", ".join(rows)
        raise click.BadParameter(
            f"There is no instrument {render.printable(instrument)}. Choose from: {known}"
        )
    render.write_json(to_json(blank(rows[instrument])))
    ctx.exit()


@click.command(
    short_help="What policy answers to a request, and why.",
    epilog=render.examples(
        "curtilage disclosure decide --blank i-200 > facts.json",
        "curtilage disclosure decide facts.json --unsigned-what-if",
        "curtilage disclosure decide facts.json --pack or --unsigned-what-if --format json",
    ),
)
@click.argument("facts", type=click.File("rb"), metavar="FILE|-")
@rules_options
@click.option(
    "--blank",
    callback=_print_blank,
    expose_value=False,
    is_eager=True,
    metavar="INSTRUMENT",
    help="Print the facts of such a paper as it arrives, to be filled in, and end.",
)
@render.format_option("table", "json")
def decide(
    *,
    facts: IO[bytes],
    names: tuple[str, ...],
    day: date | None,
    unsigned_what_if: bool,
    city: Path | None,
    form: str,
) -> int:
    """Say what policy answers to the facts of a request, on which rules, and what would change it.

    The file holds kinds, roles, yes and no, and nobody's name. It needs no city: --pack names the law. Counsel
    decides; this is what counsel is handed. Exit status 0 only where something may leave, 3 otherwise.
    """
    from curtilage.disclosure.policy.facts import Incomplete, read_facts
    from curtilage.disclosure.policy.flips import find_flips

    request = read_facts(facts.read(_MOST))
    engine = open_engine(city, names, day, what_if=unsigned_what_if)
    decision = engine.decide(request)
    if not isinstance(request, Incomplete):
        decision = find_flips(engine, request, decision)
    is_active, standing = _ask_city(city, decision.policy_hash)
    if form == "json":
        render.write_json({**_to_json(decision), "active": is_active})
    else:
        _show(decision, {rule.id: rule.says for rule in engine.policies.rules})
        if standing:
            click.echo(standing)
    return 0 if decision else _REFUSED


def _ask_city(city: Path | None, policies: str) -> tuple[bool | None, str]:
    """Return whether a set of rules is the one that decides in the city, and how that is told.

    None where there is no city, or where its ledger does not answer.
    """
    from curtilage.cli.disclosure_desk import find_activated, find_folder
    from curtilage.foundation.errors import SourceError

    folder = find_folder(city)
    if folder is None:
        return None, ""
    try:
        active = find_activated(folder)
    except SourceError:
        return None, "Whether they are active in this city cannot be told: its ledger does not answer."
    if active is None:
        return (
            False,
            "No rules are active in this city, so none decides a case: curtilage disclosure activate",
        )
    if active.policies == policies:
        return True, f"They are the rules that are active in this city, proved for {active.day}."
    return False, (
        f"They are NOT the rules that are active in this city: set {active.policies[:16]} decides its cases."
    )


def _show(decision: Decision, says: dict[str, str]) -> None:
    from curtilage.disclosure.policy.words import ANSWERS, say_change, say_fact

    name, meaning = ANSWERS[decision.outcome]
    click.echo(f"{name}. {meaning}")
    if decision.unsigned:
        click.echo(f"A WHAT-IF that binds nobody: counsel has not signed {', '.join(decision.unsigned)}.")
    if decision.failures:
        click.echo(
            "It could not be decided, so nothing leaves. Complete the facts; tell nobody that it is refused."
        )
    _list("Could not be decided", [failure.replace("_", " ") for failure in decision.failures])
    _list("Because", [f"{says[rule]} [{rule}]" for rule in decision.policies] or ["No rule lets it leave."])
    _list("Sources", decision.citations)
    _list("Also", [f"{duty.text}{f' ({duty.cite})' if duty.cite else ''}" for duty in decision.duties])
    _list("Looked at", [f"{say_fact(fact)}: {word}" for fact, word in decision.facts])
    _list(
        "It would be otherwise if",
        [
            f"{' and '.join(map(say_change, flip.changes))}: {ANSWERS[flip.answer][0].lower()}"
            for flip in decision.flips
        ],
    )
    click.echo(f"\nRules for {decision.day}, set {decision.policy_hash[:16]}. Counsel decides.")


def _list(title: str, lines: tuple[str, ...] | list[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")


def _to_json(decision: Decision) -> dict[str, Any]:
    import msgspec

    said: dict[str, Any] = msgspec.to_builtins(decision)
    return {**said, "facts": dict(decision.facts), "may_leave": bool(decision)}
