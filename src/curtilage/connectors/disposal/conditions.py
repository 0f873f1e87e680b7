"""Which rows are meant: a condition as data, the same for every database, for files, for holds and plans.

Rules of this file:

* A condition is a value with one canonical JSON form, so that a plan can be read, hashed and signed.
* Three-valued, as in SQL: what compares with nothing (NULL), or with what is no day where a day is asked,
  is *unknown*, and unknown is never true; neither is its negation. So what cannot be decided stays.
* Nothing empty means yes: an empty ``All``, ``Any``, ``OneOf`` or ``HashIn`` cannot be made.
* It holds no resident's words: days, numbers, coded answers, and keyed hashes of subjects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from curtilage.foundation.canonical import JSON

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Value = str | int | date
"""What a column is compared with. A ``date`` is a calendar day without time or zone."""

OPERATORS: Final[tuple[str, ...]] = get_args(Operator)
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_KEY: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Compare:
    """A column compared with one value.

    * A day: the column's own day counts, without its hour; the day in UTC where it has a zone. Days before
      1800 and from 2200 on stand for "none" or "never" in systems, so they are unknown here.
    * A text is only equal or unequal, letter by letter, whatever the system's collation holds for equal.
    """

    column: str
    operator: Operator
    value: Value

    def __post_init__(self) -> None:
        _name(self.column)
        if self.operator not in OPERATORS:
            raise ValueError(f"There is no operator {self.operator!r}; known are {', '.join(OPERATORS)}.")
        if isinstance(self.value, str) and self.operator not in ("=", "<>"):
            raise ValueError("Texts are not ordered; compare a day or a number.")
        _plain(self.value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A column that equals one of some values; at least one is given."""

    column: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        _name(self.column)
        _some(self.values)
        for value in self.values:
            _plain(value)


@dataclass(frozen=True, slots=True)
class IsNull:
    """A column that holds nothing; the one question whose answer is never unknown."""

    column: str

    def __post_init__(self) -> None:
        _name(self.column)


@dataclass(frozen=True, slots=True)
class HashIn:
    """A column whose keyed hash as a subject is one of some (see ``disposal.hashing``).

    No database can compute it, so drivers weigh it row by row. The same holds for :class:`KeyIn`.

    Attributes:
        column: Name of the column.
        hashes: 64 lowercase hex digits each; at least one.
    """

    column: str
    hashes: frozenset[str]

    def __post_init__(self) -> None:
        _name(self.column)
        _some(self.hashes)
        if not all(_HASH.fullmatch(each) for each in self.hashes):
            raise ValueError("A keyed hash is 64 lowercase hex digits.")


@dataclass(frozen=True, slots=True)
class KeyIn:
    """A row whose keyed hash as a key is one of some: what a manifest lists, and a replay deletes again.

    Attributes:
        hashes: 32 lowercase hex digits each; at least one.
    """

    hashes: frozenset[str]

    def __post_init__(self) -> None:
        _some(self.hashes)
        if not all(_KEY.fullmatch(each) for each in self.hashes):
            raise ValueError("A key's keyed hash is 32 lowercase hex digits.")


@dataclass(frozen=True, slots=True)
class Not:
    """What is surely not so: unknown stays unknown."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every one of some conditions; at least one is given."""

    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _some(self.conditions)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of some conditions; at least one is given."""

    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _some(self.conditions)


Condition = All | Any | Not | Compare | OneOf | IsNull | HashIn | KeyIn


def all_of(*conditions: Condition) -> Condition:
    """Return one condition for all of ``conditions``, at least one; nested ``All`` become one."""
    flat: list[Condition] = []
    for condition in conditions:
        flat.extend(condition.conditions if isinstance(condition, All) else (condition,))
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def columns_of(condition: Condition) -> tuple[str, ...]:
    """Return the names of the columns that a condition asks about, sorted, each once."""
    return tuple(sorted(set(_columns(condition))))


def split_hashes(condition: Condition) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Part what a database can answer from what is weighed row by row; all parts together mean the same."""
    parts = _parts(condition)
    return tuple(part for part in parts if not has_hash(part)), tuple(
        part for part in parts if has_hash(part)
    )


def share(
    conditions: Sequence[Condition | None],
) -> tuple[Condition | None, tuple[Condition | None, ...]]:
    """Return what all of some conditions ask, and what each asks beside it; None asks nothing.

    >>> a, b = IsNull("a"), IsNull("b")
    >>> share([All((a, b)), a]) == (a, (b, None))
    True
    """
    parts = [_parts(each) for each in conditions]
    common = [each for each in parts[0] if all(each in others for others in parts)]
    rests = [[each for each in mine if each not in common] for mine in parts]
    joined = [all_of(*each) if each else None for each in (common, *rests)]
    return joined[0], tuple(joined[1:])


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.conditions if isinstance(condition, All) else (condition,)


def has_hash(condition: Condition) -> bool:
    """Return whether a keyed hash stands anywhere in a condition."""
    match condition:
        case All(conditions) | Any(conditions):
            return any(has_hash(each) for each in conditions)
        case Not(negated):
            return has_hash(negated)
        case _:
            return isinstance(condition, HashIn | KeyIn)


def condition_to_json(condition: Condition) -> Mapping[str, JSON]:
    """Return the canonical JSON of a condition: one key that names its kind."""
    match condition:
        case All(conditions):
            return {"all": [condition_to_json(each) for each in conditions]}
        case Any(conditions):
            return {"any": [condition_to_json(each) for each in conditions]}
        case Not(negated):
            return {"not": condition_to_json(negated)}
        case Compare(column, operator, value):
            return {"compare": [column, operator, _write(value)]}
        case OneOf(column, values):
            return {"one_of": [column, [_write(value) for value in values]]}
        case HashIn(column, hashes):
            return {"hash_in": [column, sorted(hashes)]}
        case KeyIn(hashes):
            return {"key_in": sorted(hashes)}
        case IsNull(column):
            return {"is_null": column}


def condition_from_json(said: object) -> Condition:
    """Return the condition that :func:`condition_to_json` wrote.

    Raises:
        ValueError: It is none, or has more than what is known here.
    """
    if not isinstance(said, Mapping) or len(said) != 1:
        raise ValueError("A condition is an object with one key.")
    kind, content = next(iter(said.items()))
    if kind in ("all", "any"):
        conditions = tuple(condition_from_json(each) for each in _list(content))
        return All(conditions) if kind == "all" else Any(conditions)
    if kind == "not":
        return Not(condition_from_json(content))
    if kind == "is_null":
        return IsNull(_name(content))
    if kind == "key_in":
        return KeyIn(frozenset(str(each) for each in _list(content)))
    return _leaf(kind, _list(content))


def _leaf(kind: object, content: Sequence[object]) -> Condition:
    match kind, list(content):
        case "compare", [str(column), ("=" | "<>" | "<" | "<=" | ">" | ">=") as operator, value]:
            return Compare(column, operator, _read(value))
        case "one_of", [str(column), values]:
            return OneOf(column, tuple(_read(value) for value in _list(values)))
        case "hash_in", [str(column), hashes]:
            return HashIn(column, frozenset(str(each) for each in _list(hashes)))
    raise ValueError("A condition is all, any, not, compare, one_of, is_null, hash_in or key_in.")


def _write(value: Value) -> JSON:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(said: object) -> Value:
    if isinstance(said, Mapping) and set(said) == {"day"}:
        return date.fromisoformat(str(said["day"]))
    if isinstance(said, str | int):
        return said
    raise ValueError("A value is a text, a whole number or a day.")


def _list(said: object) -> Sequence[object]:
    if isinstance(said, Sequence) and not isinstance(said, str | bytes):
        return said
    raise ValueError("A list stands here.")


def _name(said: object) -> str:
    if isinstance(said, str) and said:
        return said
    raise ValueError("A column has a name.")


def _plain(value: object) -> None:
    # A datetime is a date to Python and True is a number: both would compare otherwise than they read.
    if type(value) not in (str, int, date):
        raise ValueError("A value is a text, a whole number or a day.")


def _some(given: Sequence[object] | frozenset[str]) -> None:
    if not given:
        raise ValueError("Nothing empty means yes: give at least one.")


def _columns(condition: Condition) -> list[str]:
    match condition:
        case All(conditions) | Any(conditions):
            return [name for each in conditions for name in _columns(each)]
        case Not(negated):
            return _columns(negated)
        case KeyIn():
            return []
        case _:
            return [condition.column]
