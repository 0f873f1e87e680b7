"""``curtilage retention hold``, ``holds``, ``review``, ``release``: what must not be destroyed for now."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import Desk, as_option, open_desk, write_lines, write_undecided

if TYPE_CHECKING:
    from curtilage.connectors.disposal.conditions import Condition
    from curtilage.retention.events import HoldPlaced
    from curtilage.retention.holds import Holds
    from curtilage.retention.nouns import Hold, Scope

GROUNDS: Final = (
    "litigation",
    "anticipated-litigation",
    "court-order",
    "records-request",
    "audit",
    "investigation",
    "claim",
    "administrative-review",
)
_OPERATORS: Final = re.compile(r"\s*(?P<column>[^\s<>=!]+)\s*(?P<how><>|<=|>=|=|<|>)\s*(?P<value>.*?)\s*")
_NULL: Final = re.compile(r"\s*(?P<column>\S+)\s+is\s+(?P<not>not\s+)?(?:null|empty)\s*", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@click.command(
    short_help="Keep records from being destroyed.",
    epilog=render.examples(
        "curtilage retention hold --matter 2017-CV-0123 --ground litigation --issuer 'County court' --series hsg-014 --as counsel",
        "curtilage retention hold --matter PRR-2017-88 --ground records-request --subjects people.txt --as records --preview",
    ),
)
@city_option
@click.option("--matter", required=True, help="Its docket or file number; nobody's name.")
@click.option("--ground", required=True, type=click.Choice(GROUNDS), help="Why records are held.")
@click.option("--issuer", required=True, help="Court, body or office that ordered it; nobody's name.")
@click.option("--series", multiple=True, help="Only this series; may be given more than once.")
@click.option("--system", "systems", multiple=True, help="Only this system; may be given more than once.")
@click.option(
    "--subjects",
    type=click.File("r", encoding="utf-8"),
    help="Only these people: a file with one value of the subject column a line, or - for standard input. Kept as keyed hashes.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only these rows: = <> < <= > >=, is null; all must hold.",
)
@click.option("--everything", is_flag=True, help="Hold everything in the city; must be said.")
@click.option(
    "--review",
    "review_on",
    callback=render.read_day,
    metavar="DATE",
    help="Day of the next review. Default: as late as the settings let it be.",
)
@click.option("--preview", is_flag=True, help="Only count what it would hold; record nothing.")
@as_option
@render.quiet_option
def hold(
    *,
    city: Path | None,
    matter: str,
    ground: str,
    issuer: str,
    series: tuple[str, ...],
    systems: tuple[str, ...],
    subjects: Iterable[str] | None,
    where: tuple[str, ...],
    everything: bool,
    review_on: date | None,
    preview: bool,
    who: str,
    quiet: bool,
) -> int:
    """Keep records from being destroyed: those that meet all that is given. What may be meant is held, too.

    The hold stands from the moment it is recorded, for what is being carried out, too: the next batch looks.
    Whom it is about is kept sealed, and destroyed when it is released.
    """
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.events import HoldPlaced
    from curtilage.retention.holds import place_hold, read_holds, weigh_placing
    from curtilage.retention.nouns import Scope

    condition = _read_where(where)
    with open_desk(city) as desk:
        _, actor = desk.officer(who)
        scope = Scope(frozenset(series), frozenset(systems), _hash_all(desk, subjects), condition)
        if scope.is_empty() != everything:
            raise click.UsageError(
                _EVERYTHING if scope.is_empty() else "--everything stands alone. Nothing was recorded."
            )
        review = review_on or desk.today + timedelta(days=desk.settings.retention.review_days)
        placed = HoldPlaced(
            f"{desk.today:%Y%m%d}-{secrets.token_hex(3)}",
            matter,
            ground,
            issuer,
            tuple(sorted(series)),
            tuple(sorted(systems)),
            len(scope.subjects),
            condition is not None,
            review,
        )
        holds = read_holds(desk.keeping.ledger)
        permission = weigh_placing(
            desk.declared,
            holds,
            placed,
            scope,
            today=desk.today,
            review_days=desk.settings.retention.review_days,
        )
        if not permission:
            raise NotAuthorisedError(what="The hold", reasons=permission.reasons)
        if not preview:
            kept_under = desk.settings.retention.scopes
            place_hold(desk.keeping.ledger, placed, scope, by=actor, kept_under=kept_under)
            render.note(f"Hold {placed.hold} stands. It is to be reviewed by {review}.", quiet=quiet)
        show_covered(desk, placed, scope, quiet=quiet)
    return 0


_EVERYTHING: Final = (
    "Nothing limits this hold: it would keep everything in the city. Nothing was recorded. "
    "Give --series, --system, --subjects or --where, or say --everything."
)


def _hash_all(desk: Desk, subjects: Iterable[str] | None) -> frozenset[str]:
    """Return the keyed hashes of people, a line each; empty lines are passed over."""
    if subjects is None:
        return frozenset()
    from curtilage.connectors.disposal.hashing import Hasher

    hasher = Hasher(desk.keeping.subject_key)
    found = frozenset(hasher.subject(line.strip()) for line in subjects if line.strip())
    if not found:
        raise click.UsageError("--subjects names nobody. Nothing was recorded.")
    return found


def _read_where(where: tuple[str, ...]) -> Condition | None:
    from curtilage.connectors.disposal.conditions import all_of

    return all_of(*map(read_condition, where)) if where else None


def read_condition(typed: str) -> Condition:
    """Return the condition that was typed for one column.

    >>> read_condition("district = 5"), read_condition("closed_on<2016-01-01").operator
    (Compare(column='district', operator='=', value=5), '<')

    Raises:
        UsageError: It is none. The message does not repeat it: it may name a person.
    """
    from curtilage.connectors.disposal.conditions import Compare, IsNull, Not

    if found := _NULL.fullmatch(typed):
        empty = IsNull(found["column"])
        return Not(empty) if found["not"] else empty
    found = _OPERATORS.fullmatch(typed)
    if found is None or not found["value"]:
        raise click.UsageError(
            "--where takes COLUMN=VALUE, COLUMN<DATE or 'COLUMN is null'. Nothing was recorded."
        )
    return Compare(found["column"], found["how"], _read_value(found["value"]))  # type: ignore[arg-type] # one of the operators


def _read_value(text: str) -> str | int | date:
    """Return a whole number, a day, or the text itself; quotation marks make a text of anything."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,14})", text):
        return int(text)
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else text
    except ValueError:
        raise click.UsageError("--where names a day that no calendar has. Nothing was recorded.") from None


def show_covered(desk: Desk, placed: HoldPlaced, scope: Scope, *, quiet: bool) -> bool:
    """Print how many records a hold is about, place by place; a place that cannot be asked is held whole.

    Returns:
        Whether it is about any record, or may be.

    Effects:
        Writes to standard output.
    """
    from curtilage.retention.counting import count_covered
    from curtilage.retention.nouns import Ground, Hold

    ground = Ground(placed.ground)
    hold = Hold(placed.hold, placed.matter, ground, placed.issuer, scope, "", desk.clock.now(), placed.review)
    with desk.disposers() as systems:
        covered, unasked = count_covered(desk.declared, hold, systems.open)
    write_lines(("Series", "Place", "Held"), [(each.series, each.place, rows) for each, rows in covered])
    write_undecided(unasked)
    rows = sum(rows for _, rows in covered)
    places = render.plural(len(covered), "place")
    render.note(f"It is about {render.plural(rows, 'record')}, due or not, in {places}.", quiet=quiet)
    return bool(rows or unasked)


# --- holds, review, release ----------------------------------------------------------------------


@click.command(short_help="Which holds stand.", epilog=render.examples("curtilage retention holds --all"))
@city_option
@click.option("--all", "every", is_flag=True, help="Released ones, too.")
@render.format_option("table", "json")
@render.quiet_option
def holds(*, city: Path | None, every: bool, form: str, quiet: bool) -> int:
    """List the holds that stand: matter, ground, who ordered it, what it is limited to, when it is reviewed.

    Whom a hold is about is not shown, only how many. Exit status 1 where a review is overdue.
    """
    from curtilage.retention.holds import read_holds

    with open_desk(city) as desk:
        found = read_holds(desk.keeping.ledger)
        today = desk.today
    shown = found.holds if every else found.list_standing()
    if form == "json":
        render.write_json([_row(each) for each in shown])
    else:
        write_lines(
            ("Hold", "Matter", "Ground", "Ordered by", "Limited to", "Placed", "Review by", "Released"),
            [
                (
                    each.id,
                    each.matter,
                    each.ground,
                    each.issuer,
                    _say_scope(each),
                    each.placed.date(),
                    each.review,
                    _ended(each),
                )
                for each in shown
            ],
        )
    late = [each for each in found.list_standing() if each.review < today]
    said = (
        f"{render.plural(len(found.list_standing()), 'hold')} standing, {len(late)} past the day of review."
    )
    render.note(said, quiet=quiet)
    return int(bool(late))


def _ended(hold: Hold) -> str:
    return f"{hold.released:%Y-%m-%d} ({hold.reference})" if hold.released else ""


def _say_scope(hold: Hold) -> str:
    """Return what a hold is limited to, without naming anybody."""
    if not hold.stands:
        return ""
    if hold.scope is None:
        return "everything (its scope cannot be opened)"
    people = render.plural(len(hold.scope.subjects), "person", "people") if hold.scope.subjects else ""
    parts = (
        *sorted(hold.scope.series),
        *sorted(hold.scope.systems),
        people,
        "a condition" if hold.scope.condition else "",
    )
    return ", ".join(part for part in parts if part) or "everything"


def _row(hold: Hold) -> dict[str, object]:
    return {
        "hold": hold.id,
        "matter": hold.matter,
        "ground": str(hold.ground),
        "issuer": hold.issuer,
        "limited_to": _say_scope(hold),
        "placed": hold.placed.isoformat(),
        "placed_by": hold.placed_by,
        "review": hold.review.isoformat(),
        "reviewed": hold.reviewed.isoformat() if hold.reviewed else None,
        "released": hold.released.isoformat() if hold.released else None,
        "released_by": hold.released_by,
        "reference": hold.reference,
    }


def _find(found: Holds, name: str) -> Hold:
    hold = found.find(name)
    if hold is None:
        raise click.UsageError(
            f"There is no hold {render.printable(name)}. Nothing was recorded. See: curtilage retention holds"
        )
    return hold


@click.command(
    short_help="Look at a hold again: it goes on.",
    epilog=render.examples("curtilage retention review 20170222-3f9c02 --until 2017-08-01 --as counsel"),
)
@click.argument("name", metavar="HOLD")
@city_option
@click.option(
    "--until",
    callback=render.read_day,
    metavar="DATE",
    help="Day of the next review. Default: as late as the settings let it be.",
)
@as_option
@render.quiet_option
def review(*, name: str, city: Path | None, until: date | None, who: str, quiet: bool) -> int:
    """Record that you looked at a hold and that it must go on standing."""
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.holds import read_holds, review_hold, weigh_review

    with open_desk(city) as desk:
        _, actor = desk.officer(who)
        hold = _find(read_holds(desk.keeping.ledger), name)
        days = desk.settings.retention.review_days
        until = until or desk.today + timedelta(days=days)
        permission = weigh_review(hold, until, today=desk.today, review_days=days)
        if not permission:
            raise NotAuthorisedError(what=f"The review of {hold.id}", reasons=permission.reasons)
        review_hold(desk.keeping.ledger, hold.id, until, by=actor)
    render.note(f"Hold {name} goes on. It is to be reviewed by {until}.", quiet=quiet)
    return 0


@click.command(
    short_help="End a hold, on an order.",
    epilog=render.examples(
        "curtilage retention release 20170222-3f9c02 --reference 'Order 17 of 2017' --as counsel"
    ),
)
@click.argument("name", metavar="HOLD")
@city_option
@click.option("--reference", required=True, help="What ends it: the number of an order or a letter.")
@as_option
@render.quiet_option
def release(*, name: str, city: Path | None, reference: str, who: str, quiet: bool) -> int:
    """End a hold: counsel does, on an order or a letter. The sealed list of whom it was about is destroyed.

    What it kept is planned again from then on. Exit status 3 where it is refused, with the reasons.
    """
    from curtilage.retention.authorise import NotAuthorisedError
    from curtilage.retention.holds import read_holds, release_hold, weigh_release

    with open_desk(city) as desk:
        officer, actor = desk.officer(who)
        hold = _find(read_holds(desk.keeping.ledger), name)
        permission = weigh_release(hold, officer, reference)
        if not permission:
            raise NotAuthorisedError(what=f"The release of {hold.id}", reasons=permission.reasons)
        release_hold(desk.keeping.ledger, hold.id, reference, by=actor)
    render.note(f"Hold {name} is released.", quiet=quiet)
    return 0
