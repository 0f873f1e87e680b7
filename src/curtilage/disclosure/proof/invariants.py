"""The invariants as data, read from ``invariants.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.proof.nouns import Invariant

_FILE: Final = Path(__file__).parent / "invariants.yml"


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    text: str
    source: str
    pack: str = ""
    given: str
    unless: str = "false"
    never: tuple[Answer, ...] = ()
    only: tuple[Answer, ...] = ()


class _Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    text: str
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    terms: dict[str, str]
    invariants: tuple[_Row, ...]
    against_base: _Floor


@cache
def load_invariants() -> tuple[Invariant, ...]:
    """Return the invariants that speak of one set of rules, in the order of the file; never empty.

    Those that name a pack are asked only of a set that has it.
    """
    read = _load()
    terms: dict[str, str] = {}
    for name, text in read.terms.items():  # a term may name those before it
        terms[name] = text.format(**terms)
    return tuple(_make(row, terms) for row in read.invariants)


@cache
def load_floor() -> Invariant:
    """Return the invariant that compares a set with the base alone."""
    floor = _load().against_base
    return Invariant(floor.id, floor.text, "true", "false", (Answer.RELEASE,), floor.source)


def _load() -> _File:
    return msgspec.yaml.decode(_FILE.read_bytes(), type=_File)


def _make(row: _Row, terms: dict[str, str]) -> Invariant:
    never = tuple(answer for answer in Answer if answer not in row.only) if row.only else row.never
    return Invariant(
        id=row.id,
        text=row.text,
        given=row.given.format(**terms),
        unless=row.unless.format(**terms),
        never=never or (Answer.RELEASE,),
        source=row.source,
        pack=row.pack,
    )
