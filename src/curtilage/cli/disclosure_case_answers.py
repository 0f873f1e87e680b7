"""``curtilage disclosure rule``, ``confirm``, ``emergency``, ``object``, ``refuse``, ``answer``, ``review``, ``close``.

What follows from the facts of a case: policy's answer, counsel's word, letters, the end.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.disclosure_case_desk import (
    check,
    letter_options,
    open_case_desk,
    read_words,
    step_options,
    tell,
)
from curtilage.disclosure.case.nouns import (
    ANSWERS,
    CONFIRMED,
    HARMS,
    RESULTS,
    REVIEW_FINDINGS,
    REVIEW_NOTES,
)

if TYPE_CHECKING:
    from curtilage.disclosure.case.events import Data
    from curtilage.disclosure.case.nouns import Case
    from curtilage.disclosure.case.steps import Step
    from curtilage.disclosure.policy.packs import Policies


@click.command(
    short_help="Ask policy about a case, and record its answer.",
    epilog=render.examples("curtilage disclosure rule k3m7ab2x --as records"),
)
@step_options
def rule(*, case: str, who: str, seen: int | None, city: Path | None, quiet: bool) -> int:
    """Ask policy about a case, and record the answer with its reasons and the rules' fingerprint.

    Only the rules decide that were activated and that counsel signed. Where a fact is missing, nothing is
    decided, and it says who states it. Policy does not decide alone: counsel confirms. Exit status 0 where the
    answer is recorded, whatever it is.
    """
    from curtilage.disclosure.case.desk import rule as ask

    with open_case_desk(city) as room:
        policies, active = room.rules()
        ruled = ask(room.desk, case, policies, active, by=room.person(who), seen=seen)
        show_ruling(check(ruled), policies)
        return tell(room, ruled, quiet=quiet)


def show_ruling(case: Case, policies: Policies | None = None) -> None:
    """Print what policy answered to a case, and why; nothing where it has not.

    Effects:
        Writes to standard output.
    """
    from curtilage.disclosure.nouns import Answer
    from curtilage.disclosure.policy.words import ANSWERS as SAID

    ruling = case.ruling
    if ruling is None:
        return
    name, meaning = SAID[Answer(ruling.outcome)]
    click.echo(f"{name}. {meaning}")
    says = {each.id: each.says for each in policies.rules} if policies else {}
    click.echo("\nBecause")
    for each in ruling.policies:
        click.echo(f"  {says.get(each, '')} [{each}]".replace("   ", "  "))
    if not ruling.policies:
        click.echo("  No rule lets it leave.")
    for each in ruling.failures:
        click.echo(f"  It could not be decided: {each}.")
    if ruling.citations:
        click.echo("\nSources")
        for each in ruling.citations:
            click.echo(f"  {each}")
    click.echo(f"\nRules for {ruling.day}, set {ruling.policy_hash[:16]}. Counsel decides.")


@click.command(
    short_help="Confirm an order or an answer, as counsel.",
    epilog=render.examples(
        "curtilage disclosure confirm k3m7ab2x order --as attorney",
        "curtilage disclosure confirm k3m7ab2x outcome --as attorney",
    ),
)
@step_options
@click.argument("what", type=click.Choice(CONFIRMED))
def confirm(*, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, what: str) -> int:
    """Confirm, as the city's counsel and by name, that an order binds the city, or that it answers as decided.

    The order is confirmed before policy is asked, the outcome after. What changes the facts takes it back.
    """
    from curtilage.disclosure.case.events import Confirmed

    return _take(case, Confirmed(what), who=who, seen=seen, city=city, quiet=quiet)


@click.command(
    short_help="State an emergency, as a supervisor.",
    epilog=render.examples(
        "curtilage disclosure emergency k3m7ab2x --harm missing-child --called-back --minimum-only --as supervisor"
    ),
)
@step_options
@click.option("--harm", required=True, type=click.Choice(HARMS), help="What threatens now.")
@click.option(
    "--called-back/--not-called-back",
    default=False,
    help="Whether you reached the caller through the agency's published number.",
)
@click.option(
    "--minimum-only/--more-than-minimum",
    default=False,
    help="Whether no more is asked than averts the harm.",
)
def emergency(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    harm: str,
    called_back: bool,
    minimum_only: bool,
) -> int:
    """State an emergency, as a supervisor, and open its review: by the board or counsel, within 24 hours.

    Never for civil immigration enforcement, and never what a record says of immigration status. The review
    stands in the list of cases until it is done.
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import ExigentOpened

    with open_case_desk(city) as room:
        within = timedelta(hours=room.city.settings.disclosure.review_hours)
        said = ExigentOpened(harm, minimum_only, called_back, room.desk.clock.now() + within)
        return tell(room, act(room.desk, case, said, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    "object",
    short_help="Record that the city objected in writing.",
    epilog=render.examples(
        "curtilage disclosure object k3m7ab2x --letter objection.txt --template object@1a2b3c4d --as attorney"
    ),
)
@step_options
@letter_options
@click.option(
    "--due", callback=render.read_day, metavar="DAY", help="By when. Default: the paper's return date."
)
def object_(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    letter: Path | None,
    template: str,
    due: date | None,
) -> int:
    """Record that counsel objected in writing. The letter is kept sealed, and its day is the day of the record."""
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Objected

    with open_case_desk(city) as room:
        said = _with_letter(Objected(template, due or room.case(case).return_by), letter)
        return tell(room, act(room.desk, case, said, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    short_help="Record that the city declined in writing.",
    epilog=render.examples("curtilage disclosure refuse k3m7ab2x --letter decline.txt --as privacy"),
)
@step_options
@letter_options
def refuse(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    letter: Path | None,
    template: str,
) -> int:
    """Record that the city declined. What a court ordered is not declined: counsel objects, or narrows it."""
    from curtilage.disclosure.case.events import Refused

    said = _with_letter(Refused(template), letter)
    return _take(case, said, who=who, seen=seen, city=city, quiet=quiet)


@click.command(
    short_help="Record another answer: handed on, redirected, no such record.",
    epilog=render.examples(
        "curtilage disclosure answer k3m7ab2x routed --as records",
        "curtilage disclosure answer k3m7ab2x no-such-record --letter answer.txt --as records",
    ),
)
@step_options
@click.argument("reply", type=click.Choice(ANSWERS), metavar="ANSWER")
@letter_options
def answer(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    reply: str,
    letter: Path | None,
    template: str,
) -> int:
    """Record an answer that is neither an objection nor a refusal.

    To say that the city holds nothing about somebody tells something about them: it is answered so only to whom
    policy lets something leave, and after counsel confirmed it.
    """
    from curtilage.disclosure.case.events import Answered

    said = _with_letter(Answered(reply, template), letter)
    return _take(case, said, who=who, seen=seen, city=city, quiet=quiet)


@click.command(
    short_help="Record the review of an emergency.",
    epilog=render.examples("curtilage disclosure review k3m7ab2x --finding proper --as seat-1"),
)
@step_options
@click.option("--finding", required=True, type=click.Choice(REVIEW_FINDINGS), help="What the review found.")
@click.option("--note", default="none", type=click.Choice(REVIEW_NOTES), show_default=True, help="Why.")
def review(
    *, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, finding: str, note: str
) -> int:
    """Record what the board, or counsel, found of an emergency afterwards; more leaves the review open."""
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Reviewed
    from curtilage.disclosure.case.roles import BOARD, COUNSEL, roles_of

    with open_case_desk(city) as room:
        person = room.person(who)
        said = Reviewed(BOARD if BOARD in roles_of(person) else COUNSEL, finding, note)
        return tell(room, act(room.desk, case, said, by=person, seen=seen), quiet=quiet)


@click.command(
    short_help="Close a case.",
    epilog=render.examples("curtilage disclosure close k3m7ab2x refused --as records"),
)
@step_options
@click.argument("result", type=click.Choice(RESULTS))
def close(*, case: str, who: str, seen: int | None, city: Path | None, quiet: bool, result: str) -> int:
    """Close a case as it was answered. A release without an outcome, or an open review, keeps it open."""
    from curtilage.disclosure.case.events import Closed

    return _take(case, Closed(result), who=who, seen=seen, city=city, quiet=quiet)


def _with_letter(data: Data, letter: Path | None) -> Step:
    from curtilage.disclosure.case.events import LETTER
    from curtilage.disclosure.case.steps import Step

    words = read_words(letter)
    return Step(data, {LETTER: words} if words else {})


def _take(case: str, step: Step | Data, *, who: str, seen: int | None, city: Path | None, quiet: bool) -> int:
    """Take one step, and say what the case waits for then."""
    from curtilage.disclosure.case.desk import act

    with open_case_desk(city) as room:
        return tell(room, act(room.desk, case, step, by=room.person(who), seen=seen), quiet=quiet)
