"""What the tab key offers besides commands, options and paths: a city's own ids, and fingerprints.

A completion is a kindness: whatever goes wrong here offers nothing, and never prints a word.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from curtilage.cli.city import find_city
from curtilage.foundation.errors import CurtilageError

if TYPE_CHECKING:
    from curtilage.inventory.nouns import Inventory

#: A value, and a few words about it where the shell shows them.
Candidate = tuple[str, str]
Offer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _offer(find: Callable[[click.Context], Iterable[Candidate]]) -> Offer:
    """Return what click asks for candidates: those of ``find`` that begin with what was typed."""

    @functools.wraps(find)
    def offered(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
        try:
            found = [(value, said) for value, said in find(ctx) if value.startswith(typed)]
        except (CurtilageError, OSError):
            return []
        return [CompletionItem(value, help=said) for value, said in found]

    return offered


def _folder(ctx: click.Context) -> Path:
    city = ctx.params.get("city")
    return find_city(Path(city) if city else None)


def _declared(ctx: click.Context) -> Inventory:
    from curtilage.inventory.load import load_inventory

    return load_inventory(_folder(ctx))


@_offer
def offer_rules(_: click.Context) -> Iterable[Candidate]:
    """Offer the codes of all rules."""
    from curtilage.safeguards.run import list_rules

    return [(rule.code, rule.title) for rule in list_rules()]


@_offer
def offer_fingerprints(ctx: click.Context) -> Iterable[Candidate]:
    """Offer the findings that are open, or with ``--undo`` those that were set aside."""
    from curtilage.cli.checking import make_city_report

    aside = bool(ctx.params.get("undo"))
    found = [each for each in make_city_report(_folder(ctx)).triaged if each.open != aside]
    return [(each.finding.fingerprint, each.finding.message) for each in found]


@_offer
def offer_departments(ctx: click.Context) -> Iterable[Candidate]:
    """Offer the departments of the city."""
    return [(each.id, each.title) for each in _declared(ctx).departments]


@_offer
def offer_programs(ctx: click.Context) -> Iterable[Candidate]:
    """Offer the programs of the department that was named, or of all."""
    named = ctx.params.get("department")
    departments = [each for each in _declared(ctx).departments if not named or each.id == named]
    programs = [program for each in departments for program in each.programs]
    return [(each.id.rpartition(".")[2], each.title) for each in programs]


@_offer
def offer_systems(ctx: click.Context) -> Iterable[Candidate]:
    """Offer the systems of the city."""
    return [(each.id, each.title) for each in _declared(ctx).systems]


@_offer
def offer_zones(_: click.Context) -> Iterable[Candidate]:
    """Offer the time zones that this machine knows."""
    import zoneinfo

    return [(zone, "") for zone in sorted(zoneinfo.available_timezones()) if "/" in zone]


@_offer
def _offer_connected(ctx: click.Context) -> Iterable[Candidate]:
    systems = [each for each in _declared(ctx).systems if each.connection]
    return [(each.id, each.title) for each in systems]


def offer_databases(ctx: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the systems that can be reached, and files where none fits."""
    # Bash forgets what stands before the item that asks for files.
    return [CompletionItem(typed, type="file"), *_offer_connected(ctx, parameter, typed)]
