"""What a policy may speak of: the schema of the rules, and a request in the words of the engine.

One action, ``release``. A rule that permits says what may leave; a rule that forbids stops it and names
in its annotation ``@outcome`` what is done instead. So one question to the engine gives the whole answer,
a refusal always beats a release, and where no rule speaks nothing leaves.

What is asked is one of 32 kinds of ``Information``, all known beforehand, so that the engine reads its
entities once (:func:`entities`) and decides requests by the thousand.
"""

from __future__ import annotations

import itertools
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final, Protocol

from curtilage.disclosure.nouns import ROLES, Consent, Exigency, MandatoryAuthority, Request

NAMESPACE: Final = "Curtilage"

RESOURCE: Final = ("status", "locator", "other_personal", "public_record", "exempt_fields")
"""Attributes of what is asked: booleans, all required."""

FLAGS: Final = (
    "civil_immigration",
    "authentic",
    "in_force",
    "confirmed_by_counsel",
    "motion_pending",
    "enforced_by_court",
    "held",
    "gag",
    "official_wishes_to_send",
)
"""Attributes of the context that are booleans, all required."""

WORDS: Final = ("issuer", "signer", "scope", "custody", "holder")
"""Attributes of the context that are words of a closed list, all required."""

RECORDS: Final[dict[str, tuple[str, ...]]] = {
    "mandatory_authority": tuple(MandatoryAuthority.__dataclass_fields__),
    "consent": tuple(Consent.__dataclass_fields__),
    "exigency": tuple(Exigency.__dataclass_fields__),
}
"""Attributes of the context that may be missing: a rule asks ``context has consent`` first."""


class InstrumentFacts(Protocol):
    """What a policy may know of an instrument; a row of ``instruments.yml`` has it."""

    @property
    def id(self) -> str:
        """Id of the row, such as ``i-200``."""
        ...

    @property
    def family(self) -> str:
        """What it is by law, such as ``immigration-paper``."""
        ...

    @property
    def judicial(self) -> bool:
        """A court of Article III, or of a state's constitution, issues it."""
        ...

    @property
    def compels(self) -> bool:
        """It compels records by itself, without a further step before a court."""
        ...


def _boolean(*, required: bool = True) -> dict[str, Any]:
    return {"type": "Boolean"} if required else {"type": "Boolean", "required": False}


def _record(attributes: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "Record", "attributes": attributes}
    return shape if required else {**shape, "required": False}


@cache
def schema() -> dict[str, Any]:
    """Return the schema of the rules, as the engine reads it. Not to be changed by who gets it."""
    context = {
        "instrument": _record(
            {
                "kind": {"type": "String"},
                "family": {"type": "String"},
                "judicial": _boolean(),
                "compels": _boolean(),
            }
        ),
        **{name: {"type": "String"} for name in WORDS},
        **{name: _boolean() for name in FLAGS},
        **{
            name: _record({part: _boolean() for part in parts}, required=False)
            for name, parts in RECORDS.items()
        },
    }
    return {
        NAMESPACE: {
            "entityTypes": {
                "Role": {},
                "Employee": {"memberOfTypes": ["Role"]},
                "Information": {"shape": _record({name: _boolean() for name in RESOURCE})},
            },
            "actions": {
                "release": {
                    "appliesTo": {
                        "principalTypes": ["Employee"],
                        "resourceTypes": ["Information"],
                        "context": _record(context),
                    }
                }
            },
        }
    }


@cache
def engine_schema() -> Any:
    """Return the schema as the engine's own handle, read once."""
    import json

    import cedarpy

    return cedarpy.Schema.from_json_str(json.dumps(schema()))


def entities() -> list[dict[str, Any]]:
    """Return all entities: a role and an employee in it for each role, and the kinds of information."""
    roles = [{"uid": _uid("Role", role), "attrs": {}, "parents": []} for role in ROLES]
    employees = [
        {"uid": _uid("Employee", role), "attrs": {}, "parents": [_uid("Role", role)]} for role in ROLES
    ]
    kinds = [
        {
            "uid": _uid("Information", _kind(flags)),
            "attrs": dict(zip(RESOURCE, flags, strict=True)),
            "parents": [],
        }
        for flags in itertools.product((False, True), repeat=len(RESOURCE))
    ]
    return [*roles, *employees, *kinds]


def to_engine(request: Request, instrument: InstrumentFacts) -> dict[str, Any]:
    """Return a request in the words of the engine: principal, action, resource, context."""
    context: dict[str, Any] = {
        "instrument": _of_instrument(
            instrument.id, instrument.family, instrument.judicial, instrument.compels
        ),
        **dict(zip(_PLAIN, _read_plain(request), strict=True)),
    }
    for name, parts in RECORDS.items():
        record = getattr(request, name)
        if record is not None:
            context[name] = {part: getattr(record, part) for part in parts}
    return {
        "principal": _uid("Employee", request.acting_role),
        "action": _uid("Action", "release"),
        "resource": _uid("Information", _kind(_read_resource(request))),
        "context": context,
    }


_PLAIN: Final = (*WORDS, *FLAGS)
_read_plain: Final = attrgetter(*_PLAIN)
_read_resource: Final = attrgetter(*RESOURCE)


@lru_cache(maxsize=256)
def _of_instrument(kind: str, family: str, judicial: bool, compels: bool) -> dict[str, str | bool]:  # noqa: FBT001
    """Return what the context says of an instrument. Not to be changed by who gets it."""
    return {"kind": kind, "family": family, "judicial": judicial, "compels": compels}


@lru_cache(maxsize=256)
def _uid(kind: str, name: str) -> dict[str, str]:
    """Return how the engine calls one entity. Not to be changed by who gets it."""
    return {"type": f"{NAMESPACE}::{kind}", "id": name}


@lru_cache(maxsize=256)
def _kind(flags: tuple[bool, ...]) -> str:
    return "".join("1" if flag else "0" for flag in flags)
