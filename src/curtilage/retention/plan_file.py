"""A plan as bytes: a file that people read and sign, and parts that the ledger keeps. One byte changed is no plan.

Rules of this file:

* A plan has one canonical JSON form; its id is the fingerprint of that. What does not give the same id, or is
  not written as this file writes it, is refused, whoever changed it and why.
* What is read back is the very value that was written: nothing is filled in, nothing is passed over.

Source:
    rfc8785.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from curtilage.connectors.disposal.conditions import condition_from_json, condition_to_json
from curtilage.connectors.disposal.nouns import act_from_json, act_to_json, target_from_json, target_to_json
from curtilage.foundation.canonical import JSON, canonical_bytes, fingerprint
from curtilage.foundation.errors import EvidenceError, UsageError
from curtilage.retention.nouns import Along, Ground, HeldBack, Plan, PlanItem, Undecided

FORMAT: Final = "curtilage-plan/1"
"""Name of the form; another number is another form."""

PART: Final = 12_000
"""Characters of a plan's JSON in one entry of the ledger, which holds 65,535 bytes at most."""

LARGEST_BYTES: Final = 64 * 2**20
"""A larger file is not read."""


class PlanNotReadableError(UsageError):
    """A file is no plan, or one of another version."""

    code = "retention.plan-not-readable"

    def __init__(self, *, why: str) -> None:
        self.why = why
        super().__init__(
            f"This is no plan that can be read: {why}. Nothing was deleted. "
            "Make one with: curtilage retention plan --out plan.json"
        )


class PlanChangedError(EvidenceError):
    """A plan is not, to the last byte, the one that was made."""

    code = "retention.plan-changed"

    def __init__(self, *, plan: str) -> None:
        self.plan = plan
        super().__init__(
            f"Plan {plan[:12]} was changed after it was made. Nothing was deleted. "
            "Take the file that was made, or make a new plan and have it agreed to."
        )


def seal_plan(plan: Plan) -> Plan:
    """Return a plan under its right id; whatever id it had."""
    return replace(plan, id=fingerprint(plan_to_json(plan)))


def write_plan(plan: Plan) -> bytes:
    """Return the file of a plan: UTF-8 JSON that people can read, with its id."""
    return (json.dumps({"id": plan.id, **plan_to_json(plan)}, indent=1, ensure_ascii=False) + "\n").encode()


def read_plan(content: bytes) -> Plan:
    """Return the plan that :func:`write_plan` wrote.

    Raises:
        PlanNotReadableError: It is no plan.
        PlanChangedError: It was changed.
    """
    if len(content) > LARGEST_BYTES:
        raise PlanNotReadableError(why=f"it has more than {LARGEST_BYTES // 2**20} MiB")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PlanNotReadableError(why="it is no JSON") from error
    own = said.pop("id", None) if isinstance(said, dict) else None
    plan = _read(said)
    if plan.id != own or write_plan(plan) != content:
        raise PlanChangedError(plan=own if isinstance(own, str) else plan.id)
    return plan


def split_plan(plan: Plan) -> Iterator[str]:
    """Give the canonical JSON of a plan in parts, in order; at least one."""
    text = canonical_bytes(plan_to_json(plan)).decode()
    for start in range(0, len(text), PART):
        yield text[start : start + PART]


def join_plan(plan: str, parts: Sequence[str]) -> Plan:
    """Return the plan that was recorded under an id.

    Raises:
        PlanChangedError: The parts are not those of that plan.
    """
    try:
        found = _read(json.loads("".join(parts)))
    except (ValueError, PlanNotReadableError) as error:
        raise PlanChangedError(plan=plan) from error
    if found.id != plan:
        raise PlanChangedError(plan=plan)
    return found


def plan_to_json(plan: Plan) -> Mapping[str, JSON]:
    """Return the JSON of a plan without its id; the same plan gives the same."""
    return {
        "format": FORMAT,
        "city": plan.city,
        "day": plan.day.isoformat(),
        "made": _write_moment(plan.made),
        "made_by": plan.made_by,
        "not_before": plan.not_before.isoformat(),
        "expires": plan.expires.isoformat(),
        "items": [_write(item) for item in plan.items],
        "undecided": [_write(each) for each in plan.undecided],
    }


def _read(said: object) -> Plan:
    try:
        return seal_plan(_plan(said))
    except (ValueError, KeyError, TypeError) as error:
        raise PlanNotReadableError(why="it has not the parts of a plan of this version") from error


def _plan(said: Any) -> Plan:
    known = {"format", "city", "day", "made", "made_by", "not_before", "expires", "items", "undecided"}
    if not isinstance(said, dict) or set(said) != known or said["format"] != FORMAT:
        raise ValueError
    return Plan(
        id="",
        city=_text(said["city"]),
        day=_day(said["day"]),
        made=_read_moment(said["made"]),
        made_by=_text(said["made_by"]),
        not_before=_day(said["not_before"]),
        expires=_day(said["expires"]),
        items=tuple(_noun(PlanItem, each) for each in _list(said["items"])),
        undecided=tuple(_noun(Undecided, each) for each in _list(said["undecided"])),
    )


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_moment(said: object) -> datetime:
    return datetime.strptime(_text(said), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


# --- nouns, a key an attribute -------------------------------------------------------------------


def _write(noun: Any) -> Mapping[str, JSON]:
    return {each.name: _WRITE[str(each.type)](getattr(noun, each.name)) for each in fields(noun)}


def _noun(kind: type[Any], said: object) -> Any:
    types = {each.name: str(each.type) for each in fields(kind)}
    if not isinstance(said, dict) or set(said) != set(types):
        raise ValueError
    return kind(**{name: _READ[types[name]](value) for name, value in said.items()})


def _text(said: object) -> str:
    if isinstance(said, str):
        return said
    raise ValueError


def _count(said: object) -> int:
    if isinstance(said, int) and not isinstance(said, bool) and said >= 0:
        return said
    raise ValueError


def _day(said: object) -> date:
    found = date.fromisoformat(_text(said))
    if found.isoformat() != said:
        raise ValueError
    return found


def _list(said: object) -> list[Any]:
    if isinstance(said, list):
        return said
    raise ValueError


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda said: None if said is None else read(said)


def _same(value: Any) -> Any:
    return value


#: How an attribute is written and read, by its declared type.
_WRITE: Final[Mapping[str, Callable[[Any], JSON]]] = {
    "str": _same,
    "int": _same,
    "int | None": _same,
    "date | None": _optional(date.isoformat),
    "tuple[str, ...]": list,
    "Target": target_to_json,
    "Act": act_to_json,
    "Ground": str,
    "Condition | None": _optional(condition_to_json),
    "tuple[Along, ...]": lambda found: [_write(each) for each in found],
    "tuple[HeldBack, ...]": lambda found: [_write(each) for each in found],
}
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "str": _text,
    "int": _count,
    "int | None": _optional(_count),
    "date | None": _optional(_day),
    "tuple[str, ...]": lambda said: tuple(map(_text, _list(said))),
    "Target": target_from_json,
    "Act": act_from_json,
    "Ground": Ground,
    "Condition | None": _optional(condition_from_json),
    "tuple[Along, ...]": lambda said: tuple(_noun(Along, each) for each in _list(said)),
    "tuple[HeldBack, ...]": lambda said: tuple(_noun(HeldBack, each) for each in _list(said)),
}
