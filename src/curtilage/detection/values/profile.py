"""What a column looks like, from a few of its cells: numbers to judge and to plan by, and no cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Protocol
from weakref import WeakKeyDictionary

import msgspec

from curtilage.detection.values.codes import load_lists, plain
from curtilage.detection.values.fold import fold
from curtilage.detection.values.nouns import Rules
from curtilage.detection.values.sealed import Coat, tell_coat

_MOST_CODES: Final = 400
"""Different cells of a coded column at most; chosen: there are some 250 countries."""
_LONGEST_CODE: Final = 80
"""Bytes; the longest of the lists has fewer."""
_CHANCE_CELLS: Final = 500
"""Cells that are tried again with other digits; chosen: a tenth of the sample."""
_COAT_CELLS: Final = 1_000
_RUN: Final = re.compile(rb"[0-9]+")
_YEAR: Final = re.compile(rb"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_CAPITALISED: Final = re.compile(rb"[A-Z][A-Za-z']+(?:[ -][A-Z][A-Za-z']+){0,2}")
_EDGE: Final = 20
"""The years beyond which one cell in twenty lies, either way."""
_BEGINNING: Final = 3
_MULTIPLIER, _INCREMENT, _MODULUS = 6364136223846793005, 1442695040888963407, 2**64


class Shapes(Protocol):
    """Says which identifiers a cell has the shape of."""

    rules: Rules

    def count_shaped(self, cells: Mapping[bytes, int]) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return in how many cells each rule's shape and checks hold, and in how many they fill the cell.

        Args:
            cells: How often each cell stands there.
        """
        ...


class Profile(msgspec.Struct, frozen=True):
    """What a few cells of a column look like. Counts of cells, unless said otherwise.

    Attributes:
        tried: Cells that are not null and not blank.
        different: How many different ones.
        shaped: Cells with a rule's shape that pass its checks, whatever stands around, by id of the rule.
        filled: Those of ``shaped`` that hold nothing else.
        chances: Different cells that were tried again with other digits; none where no rule fills a cell.
        by_chance: Of these, how many a rule still fills.
        coded: Cells that are in a list of codes, by id of the list.
        telling: How many different telling values of the list stand there, by id of the list.
        blank: Cells that say nothing (``N/A``, ``unknown``); not among ``tried``.
        beginnings: How many different first three characters there are.
        coats: What cells are, as :class:`~curtilage.detection.values.sealed.Coat` tells; of the first thousand.
        words: Cells of three words and more.
        given: Cells that are a given name that a rule knows.
        capitalised: Cells of one to three words that begin with a capital, and of nothing else.
        years: Year that one in twenty cells lies before, and one that one in twenty lies behind; 0 where
            fewer than half of the cells name a year.
    """

    tried: int = 0
    different: int = 0
    shaped: dict[str, int] = {}
    filled: dict[str, int] = {}
    chances: int = 0
    by_chance: dict[str, int] = {}
    coded: dict[str, int] = {}
    telling: dict[str, int] = {}
    blank: int = 0
    beginnings: int = 0
    coats: dict[str, int] = {}
    words: int = 0
    given: int = 0
    capitalised: int = 0
    years: tuple[int, int] = (0, 0)


def profile_cells(cells: Iterable[tuple[bytes, int]], shapes: Shapes) -> Profile:
    """Return what some cells look like.

    Args:
        cells: Each different cell that is not null, and how often it stands there.
        shapes: Holds the rules.
    """
    blank = load_lists().blank
    counted: dict[bytes, int] = {}
    spoken: dict[bytes, str] = {}
    empty = 0
    for cell, times in cells:
        said = plain(cell) if len(cell) <= _LONGEST_CODE else "long"
        if not said or said in blank:
            empty += times
        else:
            counted[cell] = counted.get(cell, 0) + times
            spoken[cell] = said
    names = _given_names(shapes)
    shaped, filled = shapes.count_shaped(counted)
    again = dict.fromkeys(_list_again(counted), 1) if filled else {}
    coded, telling = _code(counted, spoken)
    return Profile(
        tried=sum(counted.values()),
        different=len(counted),
        shaped=dict(shaped),
        filled=dict(filled),
        chances=len(again),
        by_chance=dict(shapes.count_shaped(again)[1]) if again else {},
        coded=coded,
        telling=telling,
        blank=empty,
        beginnings=len({cell[:_BEGINNING] for cell in counted}),
        coats=_coats(counted),
        words=sum(times for cell, times in counted.items() if len(cell.split(None, 2)) > 2),
        given=sum(times for cell, times in counted.items() if spoken[cell] in names),
        capitalised=sum(times for cell, times in counted.items() if _CAPITALISED.fullmatch(fold(cell))),
        years=_years(counted),
    )


def _list_again(counted: Iterable[bytes]) -> Iterator[bytes]:
    """Give some of the cells with each digit exchanged for another; the same ones each time.

    What fits these as well fits by chance.
    """
    used = 0

    def exchange(run: re.Match[bytes]) -> bytes:
        nonlocal used
        used += len(run[0])
        return bytes(_digits(used)[used - len(run[0]) : used])

    return (_RUN.sub(exchange, cell) for cell in islice(counted, _CHANCE_CELLS))


#: Digits by chance, as many as were asked for so far, and where their making stands.
_DRAWN: Final = bytearray()
_STATE: Final = [1]


def _digits(count: int) -> bytearray:
    """Return at least so many digits, always the same."""
    state = _STATE[0]
    for _ in range(count - len(_DRAWN)):
        state = (state * _MULTIPLIER + _INCREMENT) % _MODULUS
        _DRAWN.append(ord("0") + (state >> 33) % 10)
    _STATE[0] = state
    return _DRAWN


def _code(counted: Mapping[bytes, int], spoken: Mapping[bytes, str]) -> tuple[dict[str, int], dict[str, int]]:
    if len(counted) > _MOST_CODES:
        return {}, {}
    values: Counter[str] = Counter()
    for cell, times in counted.items():
        values[spoken[cell]] += times
    coded, telling = {}, {}
    for each in load_lists().lists:
        cells = sum(times for value, times in values.items() if value in each.values)
        if cells:
            coded[each.id] = cells
            telling[each.id] = len(each.telling.intersection(values))
            if each.together and each.together <= set(values):
                telling[each.id] += len(each.together)
    return coded, telling


#: Given names of the rules that some shapes are made of. By the shapes themselves: hashing rules takes longer
#: than looking at a column.
_KNOWN_NAMES: Final = WeakKeyDictionary[Shapes, frozenset[str]]()


def _given_names(shapes: Shapes) -> frozenset[str]:
    if shapes not in _KNOWN_NAMES:
        _KNOWN_NAMES[shapes] = frozenset(
            phrase[0]
            for rule in shapes.rules.rules
            if rule.takes == "with_name"
            for phrase in rule.phrases
            if len(phrase) == 1
        )
    return _KNOWN_NAMES[shapes]


def _coats(counted: Mapping[bytes, int]) -> dict[str, int]:
    coats = Counter(str(tell_coat(cell)) for cell in list(counted)[:_COAT_CELLS])
    return {} if set(coats) == {str(Coat.PLAIN)} else dict(coats)


def _years(counted: Mapping[bytes, int]) -> tuple[int, int]:
    """Return between which years most cells lie, as long as they are many: never the year of a few."""
    years = sorted(
        int(found[0])
        for cell in counted
        if (found := _YEAR.search(cell)) and len(cell) <= len("1999-12-31T00:00:00+00:00")
    )
    if len(years) * 2 < len(counted) or len(years) < _EDGE * 10:
        return (0, 0)
    return years[len(years) // _EDGE], years[-len(years) // _EDGE]
