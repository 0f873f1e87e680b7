"""``curtilage disclosure prove`` and ``activate``: what the rules guarantee, and letting them decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option

if TYPE_CHECKING:
    from curtilage.disclosure.proof.nouns import Counterexample, Difference, Idle, Overlap, Proof

Command = TypeVar("Command", bound=Callable[..., Any])


def _set_options(command: Command) -> Command:
    """Give a command the options by which a set of rules is chosen; a proof needs no signature."""
    pack = click.option(
        "--pack",
        "names",
        multiple=True,
        help="A pack of law besides the base and federal law. Again for more. Default: the city's.",
    )
    day = click.option(
        "--date",
        "day",
        callback=render.read_day,
        metavar="DAY",
        help="The rules of this day. Default: today.",
    )
    return pack(day(city_option(command)))


@click.command(
    short_help="Prove what the rules guarantee, over all requests.",
    epilog=render.examples(
        "curtilage disclosure prove",
        "curtilage disclosure prove --pack or --format json",
        "curtilage disclosure prove --against ../before",
    ),
)
@_set_options
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also say what changes from the rules of the city in FOLDER to these.",
)
@render.format_option("table", "json")
def prove(
    *, names: tuple[str, ...], day: date | None, city: Path | None, against: Path | None, form: str
) -> int:
    """Prove each invariant over all requests that can be, or show a request that breaks it and the guilty rule.

    Also lists rules that never decide. It needs no city and no signature: --pack names the law. Exit status
    0 only where every invariant holds.
    """
    from curtilage.cli.disclosure_desk import open_policies
    from curtilage.disclosure.proof.audit import audit, open_prover

    policies = open_policies(city, names, day)
    prover = open_prover(policies.rules)
    proofs, idle, overlaps = (
        list(audit(prover, policies.names)),
        list(prover.list_idle()),
        list(prover.list_overlaps()),
    )
    change = None
    if against:
        change = open_prover(open_policies(against, (), day).rules).compare(policies.rules)
    if form == "json":
        render.write_json(_to_json(policies.hash, proofs, idle, overlaps, change))
    else:
        _show(proofs, idle, overlaps, change)
        packs = ", ".join(policies.names)
        click.echo(f"\nPacks {packs}, for {policies.day}, set {policies.hash[:16]}.")
    return 0 if all(proofs) else 1


@click.command(
    short_help="Let a signed set of rules decide, once it is proved.",
    epilog=render.examples("curtilage disclosure activate --as privacy"),
)
@as_option
@city_option
def activate(*, who: str, city: Path | None) -> int:
    """Prove the city's rules and record them in the ledger as those that decide.

    Every pack must be signed by counsel. Rules that break an invariant are not activated; what was active
    stays. Counsel or the privacy officer does it.
    """
    from curtilage.cli.disclosure_desk import open_policies
    from curtilage.cli.retention_desk import open_desk
    from curtilage.disclosure.proof.activate import carry_out, check_role, plan_activation
    from curtilage.disclosure.proof.audit import audit, open_prover

    with open_desk(city) as desk:
        officer, by = desk.officer(who)
        check_role(officer)
        policies = open_policies(desk.folder, (), desk.today)
        planned = plan_activation(policies, list(audit(open_prover(policies.rules), policies.names)))
        is_new = carry_out(planned, desk.keeping.ledger, by=by)
    said = "Active from now on" if is_new else "Already active; nothing was recorded"
    click.echo(f"{said}: set {planned.policies}, {len(planned.proved)} invariants proved.")
    return 0


def _show(proofs: list[Proof], idle: list[Idle], overlaps: list[Overlap], change: Difference | None) -> None:
    for proof in proofs:
        click.echo(f"{'proved' if proof else 'BROKEN'}  {proof.invariant.text} [{proof.invariant.id}]")
        _say(_tell(proof.counterexample) if proof.counterexample else ())
    if idle:
        click.echo("\nRules that change no answer")
        for each in idle:
            behind = f", {' and '.join(each.behind)} speaks wherever it does" if each.behind else ""
            click.echo(f"  {each.rule}: {each.why}{behind}")
    click.echo(
        f"\n{len(overlaps)} pairs of a rule that permits and one that forbids meet in some request; "
        "the refusal wins. --format json names them."
    )
    if change is not None:
        click.echo("\nWhat changes" if change else "\nNothing changes: every request is answered as before.")
        _say(_tell_change(change))


def _say(lines: Iterator[str] | tuple[str, ...]) -> None:
    for line in lines:
        click.echo(f"  {line}")


def _tell(found: Counterexample) -> Iterator[str]:
    """Say a request in the words of the decision's page."""
    from curtilage.disclosure.policy.words import ANSWERS, say_fact

    yield "Such a request, whatever else is true of it:"
    yield from (f"  {say_fact(fact)}: {word}" for fact, word in found.facts)
    yield f"is answered: {ANSWERS[found.answer][0].lower()}, by {', '.join(found.rules) or 'no rule'}."


def _tell_change(change: Difference) -> Iterator[str]:
    from curtilage.disclosure.policy.words import ANSWERS

    if change.more:
        yield "MORE leaves than before, for example:"
        yield from (f"  {line}" for line in _tell(change.more))
    if change.less:
        yield "Less leaves than before; before, for example:"
        yield from (f"  {line}" for line in _tell(change.less))
    for before, then in change.otherwise:
        yield f"Some requests get {ANSWERS[then][0].lower()} instead of {ANSWERS[before][0].lower()}."
    for title, rules in (("Rules that are gone", change.gone), ("New rules", change.new)):
        if rules:
            yield f"{title}: {', '.join(rules)}"


def _to_json(
    policies: str, proofs: list[Proof], idle: list[Idle], overlaps: list[Overlap], change: Difference | None
) -> dict[str, Any]:
    import msgspec

    return {
        "policies": policies,
        "all_hold": all(proofs),
        "invariants": [
            {
                "id": proof.invariant.id,
                "text": proof.invariant.text,
                "holds": bool(proof),
                "counterexample": msgspec.to_builtins(proof.counterexample),
            }
            for proof in proofs
        ],
        "idle": msgspec.to_builtins(idle),
        "overlaps": msgspec.to_builtins(overlaps),
        "change": msgspec.to_builtins(change),
    }
