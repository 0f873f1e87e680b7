"""``curtilage disclosure open``: somebody asked; record it in under a minute, and be told what to say."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_case_desk import check, open_case_desk
from curtilage.cli.disclosure_desk import find_folder

if TYPE_CHECKING:
    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.intake.front import Arrival
    from curtilage.disclosure.intake.script import Script
    from curtilage.inventory.nouns import Officer

_CHANNELS: Final = ("counter", "phone", "paper", "email", "portal", "vendor", "records")
_PAPERS: Final = ("none", "court", "agency", "unsure")
_ISSUERS: Final = (
    "unknown",
    "court",
    "grand-jury",
    "immigration-court",
    "immigration-agency",
    "federal-agency",
    "state-or-local-agency",
    "attorney",
    "subject",
    "public",
)
_QUESTIONS: Final = {
    "channel": ("How did it come", _CHANNELS),
    "paper": ("What kind of paper", _PAPERS),
}
_DETAILS: Final = {
    "name": "Name they gave",
    "agency": "Agency",
    "badge": "Badge or employee number",
    "call_back": "Number to call back",
}


@click.command(
    "open",
    short_help="Somebody asked: record it, and be told what to say.",
    epilog=render.examples(
        "curtilage disclosure open --as housing-counter",
        "curtilage disclosure open --channel counter --department housing --paper agency --as housing-counter",
        "curtilage disclosure open --channel phone --department police --paper none --danger --lang es --as dispatch",
        "curtilage disclosure open --practice --channel counter --department housing --paper court --as me",
    ),
)
@click.option(
    "--channel", type=click.Choice(_CHANNELS), help="How it came. A terminal asks where it is left out."
)
@click.option("--department", metavar="ID", help="Id of the department where it arrived.")
@click.option(
    "--paper", type=click.Choice(_PAPERS), help="What kind of paper it looks like; unsure is always right."
)
@click.option(
    "--from",
    "issuer",
    type=click.Choice(_ISSUERS),
    default="unknown",
    show_default=True,
    help="Who asks, as they say.",
)
@click.option("--danger", is_flag=True, help="Somebody says that a life is in danger, or a child is missing.")
@click.option(
    "--lang", help="Language of the script: en, es, fr, ht, pt, tl, vi, zh. Default: the city's first."
)
@click.option(
    "--details",
    type=click.File("r", encoding="utf-8"),
    help="A file, or - for standard input: lines name:, agency:, badge:, call_back:, then an empty line and what was asked. Kept sealed.",
)
@click.option("--practice", is_flag=True, help="Show the script and record nothing; needs no city.")
@click.option(
    "--as", "who", required=True, metavar="NAME", help="Your id in city.yml, or the name of your desk."
)
@city_option
@render.format_option("text", "json")
def open_(
    *,
    channel: str | None,
    department: str | None,
    paper: str | None,
    issuer: str,
    danger: bool,
    lang: str | None,
    details: Any,
    practice: bool,
    who: str,
    city: Path | None,
    form: str,
) -> int:
    """Record that somebody outside asked about a person or a record, and print at once what to say.

    The case is recorded with kinds and yes or no only, and nothing is looked up: whatever is asked about, the
    script is the same. Who asks and what they said is added after, sealed. Nobody at a desk decides anything.
    """
    from curtilage.disclosure.intake.front import Arrival
    from curtilage.disclosure.intake.script import make_script
    from curtilage.foundation.errors import DeclarationError, EvidenceError, SourceError

    channel, paper = (_ask(name, typed) for name, typed in (("channel", channel), ("paper", paper)))
    if practice:
        return _show(_practice(city, channel, paper, lang, danger=danger), "", form)
    arrival = Arrival(channel, department or _ask_department(), paper, issuer, danger)
    told = _read_details(details) if details is not None else None
    try:
        with open_case_desk(city) as room:
            by, case = _record(room, arrival, lang, who, form)
            if told is None and form == "text" and _is_asked():
                told = _ask_details()
            if told is not None:
                _keep(room, case, told, by)
    except (DeclarationError, EvidenceError, SourceError):
        # Whoever stands at the desk is told what to say, whatever is broken behind it.
        _show(make_script(channel, paper, lang=lang or "en", calls=(), danger=danger), "", form)
        render.note(
            "It could not be recorded to its end. Write it on paper: day, hour, who, what. Then see below."
        )
        raise
    return 0


def _record(room: Room, arrival: Arrival, lang: str | None, who: str, form: str) -> tuple[Officer, str]:
    """Record the request and print the script; return who did it, and the id of the case."""
    from curtilage.disclosure.intake.front import find_person, receive

    by, lang = find_person(room.desk, who), _choose_lang(room, lang)
    case = check(receive(room.desk, arrival, lang=lang, by=by))
    _show(_script(room, arrival, lang, case.id, by), case.id, form)
    return by, case.id


def _keep(room: Room, case: str, told: tuple[Mapping[str, str], str], by: Officer) -> None:
    """Seal who asks and what was asked; the case stands, whatever comes of it."""
    from curtilage.disclosure.case.desk import UndeclaredSeriesError
    from curtilage.disclosure.intake.front import add_details

    try:
        acted = add_details(room.desk, case, asker=told[0], words=told[1], by=by)
    except UndeclaredSeriesError:
        render.note(f"Case {case} stands. Who asks was not kept: keep it on paper, and see below.")
        raise
    if acted is not None:
        check(acted)
        render.note("Who asks is kept, sealed.")


def _script(room: Room, arrival: Arrival, lang: str, case: str, by: Officer) -> Script:
    from curtilage.disclosure.intake.script import list_calls, make_script

    calls = list_calls(room.city.declared.city.officers, danger=arrival.danger)
    return make_script(
        arrival.channel, arrival.paper, lang=lang, calls=calls, danger=arrival.danger, case=case, who=by.id
    )


def _choose_lang(room: Room, lang: str | None) -> str:
    """Return the language that was asked for; else the first of the city's that has a card, else English."""
    from curtilage.disclosure.policy.card import find_card, load_cards

    if lang is not None:
        find_card(lang)
        return lang
    spoken = (each.partition("-")[0] for each in room.city.declared.city.languages)
    return next((each for each in spoken if each in load_cards()), "en")


def _practice(city: Path | None, channel: str, paper: str, lang: str | None, *, danger: bool) -> Script:
    """Return the script without a case; with the city's own people to call, where a city is near."""
    from curtilage.disclosure.intake.script import list_calls, make_script

    folder = find_folder(city)
    calls: tuple[str, ...] = ()
    if folder is not None:
        from curtilage.inventory.load import load_inventory

        calls = list_calls(load_inventory(folder).city.officers, danger=danger)
    return make_script(channel, paper, lang=lang or "en", calls=calls, danger=danger)


def _show(script: Script, case: str, form: str) -> int:
    from curtilage.disclosure.intake.script import say_script

    if form == "json":
        import msgspec

        said: dict[str, Any] = msgspec.to_builtins(script)
        parts = [{"title": title, "lines": list(lines)} for title, lines in script.parts]
        render.write_json({"case": case, "script": {**said, "parts": parts}})
    else:
        click.echo("\n".join(say_script(script)))
        sys.stdout.flush()
    if not script.checked:
        render.note(f"No native reader has read the script in {script.lang} yet.")
    return 0


# --- what a terminal asks ------------------------------------------------------------------------


def _is_asked() -> bool:
    """Return whether somebody sits at a terminal who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(name: str, typed: str | None) -> str:
    """Return what was typed for an option; a terminal asks for what is missing."""
    if typed is not None:
        return typed
    question, words = _QUESTIONS[name]
    if not _is_asked():
        raise click.UsageError(f"--{name} is missing: {', '.join(words)}. Nothing was recorded.")
    return str(click.prompt(question, type=click.Choice(words)))


def _ask_department() -> str:
    if not _is_asked():
        raise click.UsageError("--department is missing. Nothing was recorded.")
    return str(click.prompt("Which department (its id)", type=str)).strip()


def _ask_details() -> tuple[dict[str, str], str]:
    """Ask who asks and what they said. The case stands already: whoever breaks off loses nothing."""
    click.echo()
    click.echo("When you have a moment. Enter passes over; what you type is sealed.")
    asker = {name: str(click.prompt(said, default="", show_default=False)) for name, said in _DETAILS.items()}
    return asker, str(click.prompt("What they ask for, in their words", default="", show_default=False))


def _read_details(file: Any) -> tuple[Mapping[str, str], str]:
    """Read who asks from lines with a key each, and what was asked from what follows an empty line."""
    head, _, words = file.read(1_000_000).partition("\n\n")
    asker: dict[str, str] = {}
    for number, line in enumerate(head.splitlines(), start=1):
        key, found, value = line.partition(":")
        if not found or key.strip() not in _DETAILS:
            raise click.UsageError(
                f"Line {number} of the details begins with none of: {', '.join(_DETAILS)}. Nothing was recorded."
            )
        asker[key.strip()] = value.strip()
    return asker, words
