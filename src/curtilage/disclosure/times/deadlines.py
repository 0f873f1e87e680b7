"""Deadlines: what has to be done within which time, on what that rests; those that ship and those of a city's counsel.

Rules of this file:

* A deadline is a row of ``deadlines.yml`` with its citation and how sure that is. Nothing here knows a statute.
* A row that would never run, because a mark, a fact or a pack is misspelt, is refused with its line.

Source:
    curtilage-deadlines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import list_packs
from curtilage.disclosure.policy.words import SURE
from curtilage.disclosure.times.listed import read_list
from curtilage.disclosure.times.marks import FACTS, NAMES, Known

_FILE: Final = Path(__file__).parent / "deadlines.yml"

CITY_FILE: Final = "policy/deadlines.yml"
"""Where a city's counsel adds times, relative to its folder."""

_INSTEAD: Final = "Copy a row of: curtilage disclosure clocks --rules --format json"


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Never later than some days from a mark; negative is before it."""

    mark: str
    days: int


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of ``deadlines.yml``; the file says what each part means.

    Attributes:
        within: Exactly one of ``days``, ``business_days``, ``hours``, to a number of 0 or more.
    """

    id: str
    says: dict[str, str]
    start: tuple[str, ...]
    within: dict[Literal["days", "business_days", "hours"], int]
    until: tuple[str, ...]
    who: str
    cite: str
    source: str
    sure: str
    when: dict[str, str | tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    counts: Literal["federal", "least", "city"] = "city"
    moves: bool = False
    cap: Cap | None = None
    replaces: str = ""

    def applies(self, known: Known, packs: Collection[str]) -> bool:
        """Return whether it is about a case, in a city with some packs."""
        facts = all(
            known.facts.get(name, "") in ((wanted,) if isinstance(wanted, str) else wanted)
            for name, wanted in self.when.items()
        )
        marks = all(known.last(name) for name in self.needs) and not any(map(known.last, self.without))
        return facts and marks and (not self.packs or bool(set(self.packs).intersection(packs)))


@cache
def load_deadlines() -> tuple[Deadline, ...]:
    """Return every deadline, in the order of the file."""
    return tuple(msgspec.yaml.decode(_FILE.read_bytes(), type=list[Deadline]))


def read_deadlines(folder: Path) -> tuple[Deadline, ...]:
    """Return every deadline that ships, and those that the city's counsel added in ``policy/deadlines.yml``.

    A row of the city takes the place of one that ships where it names it under ``replaces``.

    Args:
        folder: The city's folder.

    Raises:
        DeclarationError: The file cannot be read, or a row would never run; every problem with its line.
    """
    seen = {row.id for row in load_deadlines()}

    def check(row: Deadline) -> Iterator[tuple[str, str]]:
        if row.id in seen:
            yield (
                "Another row has this id.",
                "Give it an id of its own; name what it replaces under replaces.",
            )
        seen.add(row.id)
        yield from find_problems(row)

    own = read_list(
        folder, CITY_FILE, Deadline, code="disclosure.bad-deadline", instead=_INSTEAD, check=check
    )
    return (*load_deadlines(), *own)


def find_problems(row: Deadline) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a deadline, and what to write instead: what is misspelt would never run."""
    marks = (*row.start, *row.until, *row.needs, *row.without, *([row.cap.mark] if row.cap else []))
    kinds = load_instruments()
    known = {
        "mark": (marks, NAMES),
        "pack": (row.packs, list_packs()),
        "fact": (tuple(row.when), FACTS),
        "instrument": (_words(row, "instrument"), tuple(kinds)),
        "family": (_words(row, "family"), tuple({each.family for each in kinds.values()})),
        "answer": (_words(row, "outcome"), tuple(Answer)),
        "word for how sure it is": ((row.sure,), tuple(SURE)),
        "row to replace": ((row.replaces,) * bool(row.replaces), tuple(each.id for each in load_deadlines())),
    }
    for what, (said, words) in known.items():
        for each in said:
            if each not in words:
                yield f"There is no {what} {each}.", f"Choose from: {', '.join(sorted(words))}."
    if len(row.within) != 1 or min(row.within.values(), default=0) < 0:
        yield "It does not say how long.", "Write within: {days: 10}, or business_days, or hours."
    if not row.start or not row.until or "en" not in row.says:
        yield "It lacks what it says in English, its start, or its until.", _INSTEAD


def _words(row: Deadline, fact: str) -> tuple[str, ...]:
    said = row.when.get(fact, ())
    return (said,) if isinstance(said, str) else said


def name_packs(names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of packs as a city's file names them.

    >>> name_packs(["us", "us-wa", "chicago"])
    ('us-federal', 'wa', 'chicago')
    """
    lowered = (name.lower() for name in names)
    return tuple(
        "us-federal" if each in {"us", "us-federal"} else each.removeprefix("us-") for each in lowered
    )
