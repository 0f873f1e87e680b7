"""``curtilage disclosure preserve``, ``notify``, ``withhold-notice``: keep what is asked for; tell, or record why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.disclosure_case_desk import (
    StepRefusedError,
    check,
    open_case_desk,
    read_words,
    step_options,
    tell,
)
from curtilage.disclosure.case.nouns import TOLD, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.case.nouns import Case
    from curtilage.retention.events import HoldPlaced
    from curtilage.retention.nouns import Scope


@click.command(
    short_help="Keep what a case is about from being destroyed.",
    epilog=render.examples(
        "curtilage disclosure preserve k3m7ab2x --series hsg-014 --as attorney --preview",
        "curtilage disclosure preserve k3m7ab2x --series hsg-014 --subjects people.txt --as attorney",
        "curtilage disclosure preserve k3m7ab2x --lift --reference 'Letter 12 of 2026' --as attorney",
    ),
)
@step_options
@click.option("--series", multiple=True, help="Only this record series; may be given more than once.")
@click.option("--system", "systems", multiple=True, help="Only this system; may be given more than once.")
@click.option(
    "--subjects",
    type=click.File("r", encoding="utf-8"),
    help="Only these people: a file with one value of the subject column a line, or - for standard input. Kept as keyed hashes.",
)
@click.option("--named", is_flag=True, help="Only the people that were sealed with the case.")
@click.option("--everything", is_flag=True, help="Hold everything in the city; must be said.")
@click.option("--preview", is_flag=True, help="Only count what it would hold; record nothing.")
@click.option("--lift", "lifts", is_flag=True, help="End the hold, as counsel, once the case is closed.")
@click.option("--reference", default="", help="For --lift: the number of the order or letter that ends it.")
def preserve(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    series: tuple[str, ...],
    systems: tuple[str, ...],
    subjects: Iterable[str] | None,
    named: bool,
    everything: bool,
    preview: bool,
    lifts: bool,
    reference: str,
) -> int:
    """Keep what a case is about from being destroyed, until counsel says otherwise.

    A hold of the retention room is placed for the case: what is being deleted stops at its next batch.
    It is limited by all that is given; what may be meant is held, too. Closing the case does not end it: counsel
    lifts it afterwards, on an order or a letter with a number.
    """
    from curtilage.disclosure.preserve import lift, make_hold
    from curtilage.disclosure.preserve import preserve as place

    with open_case_desk(city) as room:
        found, by = room.case(case), room.person(who)
        if lifts:
            allowed = lift(room.desk.ledger, found, reference, by=by)
            if not allowed:
                raise StepRefusedError(reasons=allowed.reasons)
            render.note(f"The hold of case {found.id} is lifted. What it kept is planned anew.", quiet=quiet)
            return 0
        scope = _read_scope(room, found, frozenset(series), frozenset(systems), subjects, named=named)
        if scope.is_empty() != everything:
            raise click.UsageError(_EVERYTHING if scope.is_empty() else _ALONE)
        days = room.city.settings.retention.review_days
        placed = make_hold(found, scope, today=room.city.today, review_days=days)
        if not _show(room, placed, scope, quiet=quiet) or preview:
            return 0
        kept_under = room.city.settings.retention.scopes
        acted = place(
            room.desk, found, placed, scope, by=by, review_days=days, kept_under=kept_under, seen=seen
        )
        check(acted)
        render.note(f"Hold {placed.hold} stands. It is to be reviewed by {placed.review}.", quiet=quiet)
        return tell(room, acted, quiet=quiet) if acted.entries else 0


_EVERYTHING = (
    "Nothing limits this hold: it would keep everything in the city. Nothing was recorded. "
    "Give --series, --system, --subjects or --named, or say --everything."
)
_ALONE = "--everything stands alone. Nothing was recorded."


def _read_scope(
    room: Room,
    case: Case,
    series: frozenset[str],
    systems: frozenset[str],
    subjects: Iterable[str] | None,
    *,
    named: bool,
) -> Scope:
    from curtilage.connectors.disposal.hashing import Hasher
    from curtilage.disclosure.preserve import hash_subjects, read_subjects
    from curtilage.retention.nouns import Scope

    people: frozenset[str] = frozenset()
    if named or subjects is not None:
        hasher = Hasher(room.city.keeping.subject_key)
        people = read_subjects(room.desk.ledger, case, hasher) if named else frozenset()
        people |= hash_subjects(subjects or (), hasher)
        if not people:
            raise click.UsageError("Nobody is named. Nothing was recorded. Give --series or --subjects.")
    return Scope(series, systems, people, None)


def _show(room: Room, placed: HoldPlaced, scope: Scope, *, quiet: bool) -> bool:
    """Print what the hold is about; refuse one that is about nothing, since it would only seem to keep something.

    Raises:
        StepRefusedError: It is about no record.
    """
    from curtilage.cli.retention_holds import show_covered
    from curtilage.retention.nouns import Reason

    if not show_covered(room.city, placed, scope, quiet=quiet):
        text = (
            "It would hold no record in any place. Name a series, or people as the subject column has them."
        )
        raise StepRefusedError(reasons=(Reason("holds-nothing", text),))
    return True


@click.command(
    short_help="Record that somebody was told of a request.",
    epilog=render.examples("curtilage disclosure notify k3m7ab2x --whom subject --how mail --as privacy"),
)
@step_options
@click.option("--whom", required=True, type=click.Choice(TOLD), help="Who was told.")
@click.option("--how", required=True, type=click.Choice(WAYS), help="How.")
@click.option("--on", "day", callback=render.read_day, metavar="DAY", help="When. Default: today.")
def notify(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    whom: str,
    how: str,
    day: date | None,
) -> int:
    """Record that the subject, the city or a vendor was told of a request. Who it was is not recorded.

    The letter is written by: curtilage disclosure letter CASE --kind notice. While an order of silence stands,
    nobody is told, and this is refused.
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import Noticed

    with open_case_desk(city) as room:
        told = Noticed(whom, how, day or room.city.today)
        return tell(room, act(room.desk, case, told, by=room.person(who), seen=seen), quiet=quiet)


@click.command(
    "withhold-notice",
    short_help="Record the order that forbids telling.",
    epilog=render.examples(
        "curtilage disclosure withhold-notice k3m7ab2x --cite '18 U.S.C. 2705(b)' --until 2027-02-01 --text order.txt --as attorney",
        "curtilage disclosure withhold-notice k3m7ab2x --cite 'Order 17 of 2026' --without-end --text order.txt --as attorney",
    ),
)
@step_options
@click.option("--cite", required=True, help="What forbids it, as a lawyer cites it, with its number.")
@click.option("--until", callback=render.read_day, metavar="DAY", help="Last day on which it is forbidden.")
@click.option("--without-end", is_flag=True, help="The order names no last day; somebody looks again.")
@click.option(
    "--text",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The words that forbid it, text in UTF-8; they are kept sealed.",
)
def withhold_notice(
    *,
    case: str,
    who: str,
    seen: int | None,
    city: Path | None,
    quiet: bool,
    cite: str,
    until: date | None,
    without_end: bool,
    text: Path,
) -> int:
    """Record, as counsel, the order that forbids telling anybody of a request: what it cites, its words, its end.

    After its last day a clock runs until the subject is told. Without one, a clock reminds counsel to ask the
    court for one.
    """
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.case.events import GAG, NoticeWithheld
    from curtilage.disclosure.case.steps import Step

    if (until is None) != without_end:
        raise click.UsageError("Give --until, or say --without-end. Nothing was recorded.")
    with open_case_desk(city) as room:
        words = read_words(text)
        assert words is not None
        step = Step(NoticeWithheld(cite, until), bodies={GAG: words})
        return tell(room, act(room.desk, case, step, by=room.person(who), seen=seen), quiet=quiet)
