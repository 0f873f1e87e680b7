"""The kinds of paper and approach by which somebody outside asks, read from ``instruments.yml``.

A person classifies. A row tells what the paper is by law and what is looked at first; it authenticates
nothing, and a row that says ``judicial`` makes no paper a court's order: policy asks who signed, too.

Source:
    curtilage-instruments; the keys of each row.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

_FILE: Final = Path(__file__).parent / "instruments.yml"


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of paper or approach.

    Attributes:
        id: Stable id, such as ``i-200``.
        name: What it is called, by language; ``en`` and ``es`` are there.
        family: What it is by law; policies speak of families.
        judicial: A court of Article III, or of a state's constitution, issues it.
        compels: It compels records by itself, without a further step before a court.
        issuers: Who may issue it, of :data:`curtilage.disclosure.nouns.ISSUERS`; not empty.
        signers: Who may sign it, of :data:`curtilage.disclosure.nouns.SIGNERS`; not empty.
        does: What it does, one or two sentences.
        checks: What a person looks at before anything.
        default: What is done first, until policy has decided.
        clocks: What runs from its arrival; may be empty.
        cite: The citation, as a lawyer writes it.
        source: A key of ``docs/sources.toml``.
        sure: How sure the source is: ``text``, ``account``, ``knowledge`` or ``chosen``.
    """

    id: str
    name: dict[str, str]
    family: str
    judicial: bool
    compels: bool
    issuers: tuple[str, ...]
    signers: tuple[str, ...]
    does: str
    checks: tuple[str, ...]
    default: str
    clocks: tuple[str, ...]
    cite: str
    source: str
    sure: str


@cache
def load_instruments() -> dict[str, Instrument]:
    """Return all instruments by id, in the order of the file. Not to be changed by who gets it."""
    rows = msgspec.yaml.decode(_FILE.read_bytes(), type=list[Instrument])
    return {row.id: row for row in rows}
