"""``curtilage disclosure clocks``: what is due, by when, whose it is, and on what that rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_desk import find_folder

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.disclosure.times.clocks import Clock
    from curtilage.disclosure.times.deadlines import Deadline
    from curtilage.inventory.nouns import Inventory
    from curtilage.ledger.ports import Ledger


@click.command(
    short_help="What is due in which case, by when and for whom.",
    epilog=render.examples(
        "curtilage disclosure clocks",
        "curtilage disclosure clocks --for counsel --format json",
        "curtilage disclosure clocks --what-if i-138 --received 2026-11-23 --return-by 2026-12-14",
        "curtilage disclosure clocks --what-if records-request --pack wa --received 2026-11-23",
        "curtilage disclosure clocks --rules",
    ),
)
@click.argument("name", metavar="CASE", required=False)
@city_option
@click.option("--all", "every", is_flag=True, help="What was done, too.")
@click.option(
    "--for", "duty", metavar="WORD", help="Only what is of a role: counsel, privacy, records, oversight."
)
@click.option(
    "--as", "who", metavar="OFFICER", help="Your id in city.yml: counsel sees what is counsel's alone."
)
@click.option("--lang", default="en", show_default=True, help="Language of what is to do: en, es.")
@click.option("--rules", is_flag=True, help="Every time that may run, its citation and how sure that is.")
@click.option(
    "--what-if",
    "instrument",
    metavar="PAPER",
    help="The times of a paper, by the days that follow; needs no city.",
)
@click.option(
    "--received", callback=render.read_day, metavar="DAY", help="For --what-if: when it came. Default: today."
)
@click.option("--served", callback=render.read_day, metavar="DAY", help="For --what-if: when it was served.")
@click.option(
    "--return-by", callback=render.read_day, metavar="DAY", help="For --what-if: the day that it names."
)
@click.option(
    "--pack", "packs", multiple=True, help="For --what-if: a pack of law, such as wa. Default: the city's."
)
@render.format_option("table", "json")
@render.quiet_option
def clocks(
    *,
    name: str | None,
    city: Path | None,
    every: bool,
    duty: str | None,
    who: str | None,
    lang: str,
    rules: bool,
    instrument: str | None,
    received: date | None,
    served: date | None,
    return_by: date | None,
    packs: tuple[str, ...],
    form: str,
    quiet: bool,
) -> int:
    """List what is due: the most urgent first, by which day to act, whose it is, and what it rests on.

    Times are counted from what the case holds and from deadlines that counsel confirms; each has its
    citation and how sure that is. Days on which the city is closed stand in policy/holidays.yml.
    Exit status 1 where a time has passed.
    """
    if rules:
        return _write_rules(find_folder(city), form)
    if instrument:
        days = {"received": received, "served": served, "return_by": return_by}
        found = _imagine(find_folder(city), instrument, days, packs)
    else:
        found = _read(city, name, who)
    shown = [
        clock
        for clock in found
        if (every or not clock.state.is_over) and (not duty or clock.deadline.who == duty)
    ]
    return _write(shown, lang, form, quiet=quiet)


def _read(city: Path | None, name: str | None, who: str | None) -> tuple[Clock, ...]:
    """Return the clocks of a case, or of all; what they are about is left out where it is counsel's alone."""
    from dataclasses import replace

    from curtilage.cli.disclosure_case_desk import open_case_desk

    with open_case_desk(city) as room:
        is_counsel = who is not None and room.person(who).has_duty("counsel")
        wanted = room.case(name).id if name else ""
        found = list_all(room.city)
    return tuple(
        clock if is_counsel or not clock.sealed else replace(clock, deadline=replace_words(clock))
        for clock in found
        if wanted in {"", clock.case}
    )


def list_all(desk: Desk) -> tuple[Clock, ...]:
    """Return the clocks of every case of a city."""
    from curtilage.disclosure.times.business_days import make_calendars, read_closed_days
    from curtilage.disclosure.times.clocks import Present, list_clocks
    from curtilage.disclosure.times.deadlines import read_deadlines

    return list_clocks(
        desk.keeping.ledger,
        make_calendars(read_closed_days(desk.folder)),
        packs=find_packs(desk.keeping.ledger, desk.declared),
        zone=desk.settings.city.zone,
        present=Present.of(desk.clock, desk.settings.city.zone),
        deadlines=read_deadlines(desk.folder),
    )


def find_packs(ledger: Ledger, declared: Inventory) -> tuple[str, ...]:
    """Return the ids of the packs that bind a city: those of the active set, else those that it declares."""
    from curtilage.disclosure.proof.activate import find_active
    from curtilage.disclosure.times.deadlines import name_packs

    active = find_active(ledger)
    return tuple(pack for pack, _ in active.packs) if active else name_packs(declared.city.packs)


def _imagine(
    folder: Path | None, instrument: str, days: dict[str, date | None], packs: tuple[str, ...]
) -> tuple[Clock, ...]:
    """Return the clocks of a paper that nobody received."""
    from zoneinfo import ZoneInfo

    from curtilage.cli.disclosure_desk import find_today
    from curtilage.disclosure.policy.instruments import load_instruments
    from curtilage.disclosure.policy.packs import NoSuchPackError, list_packs
    from curtilage.disclosure.times.business_days import make_calendars, read_closed_days
    from curtilage.disclosure.times.clocks import Present, run_clocks
    from curtilage.disclosure.times.deadlines import name_packs, read_deadlines
    from curtilage.disclosure.times.marks import imagine

    if instrument not in load_instruments():
        known = ", ".join(load_instruments())
        raise click.UsageError(
            f"There is no instrument {render.printable(instrument)}. Nothing was counted. Choose from: {known}"
        )
    for pack in name_packs(packs):
        if pack not in list_packs():
            raise NoSuchPackError(pack=pack, known=list_packs())
    zone, declared = "UTC", packs
    if folder is not None:
        from curtilage.inventory.load import load_inventory

        place = load_inventory(folder).city
        zone, declared = place.zone, packs or place.packs
    today = find_today(folder)
    present = Present(datetime.combine(today, time(12), ZoneInfo(zone)), today)
    known_days = {name: day for name, day in days.items() if day} | {"received": days["received"] or today}
    calendars = make_calendars(read_closed_days(folder) if folder else ())
    return run_clocks(
        imagine(instrument, known_days, zone),
        calendars,
        packs=name_packs(declared),
        present=present,
        deadlines=read_deadlines(folder) if folder else None,
    )


def replace_words(clock: Clock) -> Deadline:
    """Return the row of a clock without what it is about."""
    from msgspec.structs import replace

    says = {
        "en": "A time in a case that is counsel's alone",
        "es": "Un plazo en un caso que es solo de la asesoría",
    }
    return replace(clock.deadline, id="counsels-alone", says=says, cite="", who="counsel")


def _write(found: Sequence[Clock], lang: str, form: str, *, quiet: bool) -> int:
    from curtilage.disclosure.policy.words import SURE
    from curtilage.disclosure.times.clocks import State

    if form == "json":
        render.write_json([clock.to_json() for clock in found])
    elif found:
        rows = [
            (
                str(clock.state),
                clock.case,
                _say_due(clock),
                str(clock.act_by),
                clock.deadline.who,
                clock.says(lang),
                f"{clock.deadline.cite.removeprefix('chosen: ')} ({SURE[clock.deadline.sure]})"
                if clock.deadline.cite
                else "",
            )
            for clock in found
        ]
        render.write_table(("State", "Case", "Due", "Act by", "Whose", "What", "Rests on"), rows)
    late = sum(clock.state is State.OVERDUE for clock in found)
    soon = sum(clock.state is State.SOON for clock in found)
    render.note(f"{render.plural(len(found), 'time')}: {late} passed, {soon} soon.", quiet=quiet)
    return int(bool(late))


def _say_due(clock: Clock) -> str:
    if clock.done:
        return f"{clock.due} (done {clock.done})"
    return f"{clock.moment:%Y-%m-%d %H:%M} UTC" if clock.moment else str(clock.due)


def _write_rules(folder: Path | None, form: str) -> int:
    from curtilage.disclosure.policy.words import SURE
    from curtilage.disclosure.times.deadlines import load_deadlines, read_deadlines

    rows = read_deadlines(folder) if folder else load_deadlines()
    if form == "json":
        import msgspec

        render.write_json(msgspec.to_builtins(rows))
        return 0
    render.write_table(
        ("Time", "Where", "Within", "From", "Whose", "Rests on", "How sure"),
        [
            (
                row.id,
                ", ".join(row.packs) or "everywhere",
                " ".join(f"{count} {unit.replace('_', ' ')}" for unit, count in row.within.items()),
                " or ".join(row.start),
                row.who,
                row.cite,
                SURE[row.sure],
            )
            for row in rows
        ],
    )
    return 0
