"""The rules of hints, read from ``hints.yml``, which a lawyer can extend without a line of code.

Source:
    curtilage-hints; the keys of each rule.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from curtilage.disclosure.intake.phrases import compile_phrase

_FILE: Final = Path(__file__).parent / "hints.yml"

SURE: Final = ("low", "fair", "high")
"""How sure a hint is, the least first. Even ``high`` is a hint: nobody has checked the paper."""


UNKNOWN_FORM: Final = "form-unknown"
"""Id of the hint that a form is on no list."""

ROLES: Final = ("issued", "served", "return_by")
"""What a date of a paper can be."""


class HintRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that is looked for, or that follows from several that were found.

    Attributes:
        id: Stable id; the ledger keeps it.
        says: What was found, one plain sentence.
        find: Phrases; any one is enough. Empty: the rule follows from ``needs`` alone.
        alone: It counts only where it stands alone on its line, as titles and signature lines do.
        needs: Rules of which one must have spoken, besides; empty is none.
        besides: Rules of which one must have spoken, too.
        unless: Rules of which none may have spoken.
        suggests: Facts and their words; may be empty.
        sure: One of :data:`SURE`.
        source: A key of ``docs/sources.toml``.
    """

    id: str
    says: str
    source: str
    find: tuple[str, ...] = ()
    alone: bool = False
    needs: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    suggests: dict[str, str] = {}
    sure: str = "low"


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A form that has a number.

    Attributes:
        number: As it is printed, such as ``I-200``.
        name: What it is.
        suggests: Facts and their words; may be empty.
        find: Phrases that name it otherwise than by its number; may be empty.
        orders_nothing: It asks a city for nothing.
        instead: What took its place; empty where it is current.
        source: A key of ``docs/sources.toml``.
    """

    number: str
    name: str
    source: str
    suggests: dict[str, str] = {}
    find: tuple[str, ...] = ()
    orders_nothing: bool = False
    instead: str = ""


class Alert(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person must look at, because of what was found or is missing.

    Attributes:
        id: Stable id.
        says: What was seen, one sentence.
        do: What to do, one sentence.
        source: A key of ``docs/sources.toml``.
        all: Rules that must all have spoken; ``instrument:ID`` is the instrument that is suggested most.
        any: Rules of which one must have spoken; empty is none.
        besides: The same, once more.
        none: Rules of which none may have spoken.
        built_in: The program finds it by itself; the conditions above are empty then.
    """

    id: str
    says: str
    do: str
    source: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    built_in: bool = False


class Rulebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All rules.

    Attributes:
        shown: Words that may stand in a context; every other one is masked.
        families: Letters of form numbers that are known to belong to forms.
        dates: Phrases by what a date behind them is.
        forms: Forms that have a number.
        rules: What is looked for.
        alerts: What a person must look at.
    """

    shown: str
    families: tuple[str, ...]
    dates: dict[str, tuple[str, ...]]
    forms: tuple[Form, ...]
    rules: tuple[HintRule, ...]
    alerts: tuple[Alert, ...]


@cache
def load_rules() -> Rulebook:
    """Return the rules. Not to be changed by who gets them."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=Rulebook)


@cache
def phrases_of(rule: str) -> tuple[re.Pattern[str], ...]:
    """Return what finds a rule's phrases."""
    [found] = [each for each in load_rules().rules if each.id == rule]
    return tuple(map(compile_phrase, found.find))


@cache
def find_form(number: str) -> Form | None:
    """Return the form of a number as it is printed; None where it is not known."""
    return next((form for form in load_rules().forms if form.number == number), None)


@cache
def list_ids() -> frozenset[str]:
    """Return the id of every hint that can speak: of rules, of forms, and of dates."""
    book = load_rules()
    dates = (f"date-{role.replace('_', '-')}" for role in ROLES)
    forms = (f"form-{form.number.lower()}" for form in book.forms)
    return frozenset((*(rule.id for rule in book.rules), *forms, *dates, UNKNOWN_FORM))
