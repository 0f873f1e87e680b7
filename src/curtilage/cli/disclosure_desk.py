"""Which rules the commands of disclosure work with: packs that were named, or a city's, for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option, find_city
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.disclosure.policy.decide import Engine
    from curtilage.disclosure.policy.packs import Pack, Policies
    from curtilage.disclosure.proof.activate import Activation

Command = TypeVar("Command", bound=Callable[..., Any])


def rules_options(command: Command) -> Command:
    """Give a command the options by which rules are chosen."""
    pack = click.option(
        "--pack",
        "names",
        multiple=True,
        help="A pack of law besides the base and federal law, such as or or chicago. Again for more. Default: the city's.",
    )
    day = click.option(
        "--date", "day", callback=render.read_day, metavar="DAY", help="Decide for this day. Default: today."
    )
    unsigned = click.option(
        "--unsigned-what-if",
        is_flag=True,
        help="Answer although counsel has not signed; the answer says so and binds nobody.",
    )
    return pack(day(unsigned(city_option(command))))


def find_folder(city: Path | None) -> Path | None:
    """Return the city's folder; None where none is named and none is near: what-ifs need no city."""
    if city is not None:
        return find_city(city)
    try:
        return find_city(None)
    except UsageError:
        return None


def open_packs(folder: Path | None, names: tuple[str, ...]) -> tuple[Pack, ...]:
    """Return the packs that were named, or the city's, with its own additions."""
    from curtilage.disclosure.policy.packs import choose_packs, load_additions

    if folder is None:
        return choose_packs(names)
    from curtilage.inventory.load import load_inventory

    packs = choose_packs(names or load_inventory(folder).city.packs)
    additions = load_additions(folder)
    return (*packs, additions) if additions else packs


def open_policies(city: Path | None, names: tuple[str, ...], day: date | None) -> Policies:
    """Return the rules that decide on a day, with what counsel has signed."""
    from curtilage.disclosure.policy.packs import select_policies
    from curtilage.disclosure.policy.signatures import list_signed

    folder = find_folder(city)
    packs = open_packs(folder, names)
    asked = day or find_today(folder)
    signed = list_signed(folder, packs, asked) if folder else ()
    return select_policies(packs, asked, signed=signed)


def open_engine(city: Path | None, names: tuple[str, ...], day: date | None, *, what_if: bool) -> Engine:
    """Return the engine with those rules.

    Raises:
        UnsignedPacksError: One is unsigned and no what-if was asked for.
    """
    from curtilage.disclosure.policy.decide import Engine

    return Engine(open_policies(city, names, day), unsigned_what_if=what_if)


def find_activated(folder: Path) -> Activation | None:
    """Return the set of rules that is active in a city; None where there is none. No ledger is made for it.

    Raises:
        SourceError: The ledger cannot be reached.
        EvidenceError: It is damaged, or the entry cannot be read.
    """
    from curtilage.cli.keeping import find_address, open_keeping
    from curtilage.disclosure.proof.activate import find_active
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings

    address = find_address(folder, read_settings(folder))
    if "://" not in address and not Path(address).exists():
        return None
    with open_keeping(folder, clock=SystemClock()) as keeping:
        return find_active(keeping.ledger)


def find_today(folder: Path | None) -> date:
    """Return today's calendar date in the city's zone; in UTC where there is no city."""
    from curtilage.foundation.clock import SystemClock
    from curtilage.foundation.settings import read_settings

    return SystemClock().today(read_settings(folder).city.zone if folder else "UTC")
