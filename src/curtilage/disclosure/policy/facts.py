"""Read the facts of a request from JSON, as counsel writes them for a what-if.

* A name that no request has, or a word that is on no list, is an error that says what to write.
* A fact that is missing is no error: it is handed on, and answered with a refusal.
* A text is never shown in a message: somebody may have put a name into it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from curtilage.disclosure.nouns import (
    CUSTODIES,
    HOLDERS,
    ISSUERS,
    ROLES,
    SCOPES,
    SIGNERS,
    Consent,
    Exigency,
    MandatoryAuthority,
    Request,
)
from curtilage.disclosure.policy.instruments import Instrument, load_instruments
from curtilage.foundation.errors import UsageError

LISTS: Final[dict[str, tuple[str, ...]]] = {
    "issuer": ISSUERS,
    "signer": SIGNERS,
    "acting_role": ROLES,
    "scope": SCOPES,
    "custody": CUSTODIES,
    "holder": HOLDERS,
}
"""Facts that are a word of a closed list."""

RECORDS: Final[dict[str, type[MandatoryAuthority | Consent | Exigency]]] = {
    "mandatory_authority": MandatoryAuthority,
    "consent": Consent,
    "exigency": Exigency,
}
"""Facts that are a record of yes and no, or null where there is none."""

NAMES: Final = tuple(each.name for each in fields(Request))
"""The facts of a request, in their order."""

FLAGS: Final = tuple(name for name in NAMES if name not in {"instrument", *LISTS, *RECORDS})
"""Facts that are yes or no."""


class BadFactsError(UsageError):
    """The facts of a request cannot be read."""

    code = "disclosure.bad-facts"

    def __init__(self, *, what: str, instead: str) -> None:
        self.what = what
        super().__init__(f"The facts of the request cannot be read: {what}. Nothing was decided. {instead}")


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Facts of which some are missing: enough for a refusal, and for nothing else.

    Attributes:
        missing: Dotted names, in the order of the facts; not empty.
    """

    missing: tuple[str, ...]


def read_facts(raw: bytes) -> Request | Incomplete:
    """Read the facts of a request.

    Args:
        raw: One JSON object, as :func:`to_json` writes it.

    Returns:
        The request; or what is missing of it.

    Raises:
        BadFactsError: It is no JSON object, or has a name or a word that is not known.
    """
    try:
        given = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadFactsError(what="it is no JSON", instead=_BLANK) from error
    if not isinstance(given, dict):
        raise BadFactsError(what="it is no JSON object", instead=_BLANK)
    _check_names(given, NAMES, "")
    missing = tuple(_find_missing(given))
    for name, value in given.items():
        _check(name, value)
    if missing:
        return Incomplete(missing)
    records = {name: None if given[name] is None else kind(**given[name]) for name, kind in RECORDS.items()}
    return Request(**{**given, **records})


def to_json(request: Request) -> dict[str, Any]:
    """Return the facts as :func:`read_facts` reads them."""
    facts: dict[str, Any] = msgspec.to_builtins(request)
    return facts


_ARRIVES: Final[dict[str, dict[str, Any]]] = {
    "immigration-paper": {"civil_immigration": True},
    "immigration-subpoena": {"civil_immigration": True},
    "vendor-process": {"custody": "vendor"},
    "status-inquiry": {"official_wishes_to_send": True, "locator": False, "other_personal": False},
}
"""What the kind of a request says of its facts, by family or id of the instrument."""


def blank(instrument: Instrument) -> Request:
    """Return the facts of a paper as it arrives at an officer's table: nothing verified, nothing confirmed.

    All kinds of information are asked, so that the answer is the most cautious one.
    """
    facts: dict[str, Any] = {
        **dict.fromkeys(FLAGS, False),
        "status": True,
        "locator": True,
        "other_personal": True,
        "instrument": instrument.id,
        "issuer": instrument.issuers[0],
        "signer": instrument.signers[0],
        "acting_role": "releaser",
        "scope": "not-stated",
        "custody": "city",
        "holder": "other",
        **dict.fromkeys(RECORDS, None),
        **_ARRIVES.get(instrument.family, {}),
        **_ARRIVES.get(instrument.id, {}),
    }
    return Request(**facts)


def find_misfits(request: Request) -> tuple[str, ...]:
    """Return the facts that are no word of their list, or neither yes nor no; none where all is well.

    A file with such a fact is not read; this is for a request that a program put together.

    Returns:
        Names of facts, sorted.
    """
    wrong = [name for name, value in zip(FLAGS, _read_flags(request), strict=True) if type(value) is not bool]
    wrong += [name for name, words in LISTS.items() if getattr(request, name) not in words]
    wrong += [name for name in RECORDS if not _is_record(name, getattr(request, name))]
    if request.instrument not in _kinds():
        wrong.append("instrument")
    return tuple(sorted(wrong)) if wrong else ()


_read_flags: Final = attrgetter(*FLAGS)


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(load_instruments())


def _is_record(name: str, value: object) -> bool:
    if value is None:
        return True
    return type(value) is RECORDS[name] and all(type(getattr(value, part)) is bool for part in _parts(name))


@cache
def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a record, by its name."""
    return tuple(part.name for part in fields(RECORDS[name]))


def find_word(request: Request, fact: str) -> str:
    """Return what a fact is, in words: ``yes``, ``no``, ``none``, ``given`` or a word of its list.

    Args:
        request: The request.
        fact: A dotted name, such as ``consent.written`` or ``instrument.family``.
    """
    return find_teller(fact)(request)


@cache
def find_teller(fact: str) -> Callable[[Request], str]:
    """Return what tells of any request the word of one fact, as :func:`find_word` does."""
    head, _, part = fact.partition(".")
    if fact == "instrument.kind":
        return attrgetter("instrument")
    if head == "instrument" and part:
        return lambda request: _say(getattr(load_instruments()[request.instrument], part))
    if part:
        return lambda request: _say_part(getattr(request, head), part)
    return lambda request: _say(getattr(request, head))


def _say_part(record: object, part: str) -> str:
    return "none" if record is None else _say(getattr(record, part))


def _say(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "given"


_BLANK: Final = "Begin with what this prints: curtilage disclosure decide --blank INSTRUMENT"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a fact that is said twice: which of the two is meant, only a person knows."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadFactsError(what="a fact stands twice", instead="Leave one of them out.")
    return found


def _check_names(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else _BLANK
            raise BadFactsError(
                what=f"{where or 'a request'} has no such fact as one of those given", instead=hint
            )


def _find_missing(given: Mapping[str, Any]) -> Iterator[str]:
    for name in NAMES:
        if name not in given:
            yield name
        elif name in RECORDS and isinstance(given[name], dict):
            yield from (f"{name}.{part}" for part in _parts(name) if part not in given[name])


def _check(name: str, value: Any) -> None:
    if name == "instrument":
        _check_word(name, value, tuple(load_instruments()))
    elif name in LISTS:
        _check_word(name, value, LISTS[name])
    elif name in RECORDS:
        _check_record(name, value)
    elif not isinstance(value, bool):
        raise BadFactsError(what=f"{name} is neither true nor false", instead="Write true or false.")


def _check_word(name: str, value: Any, words: tuple[str, ...]) -> None:
    if value not in words:
        near = difflib.get_close_matches(str(value).lower(), words, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Write one of: {', '.join(words)}."
        raise BadFactsError(what=f"{name} is a word that is not on its list", instead=hint)


def _check_record(name: str, value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        raise BadFactsError(
            what=f"{name} is neither null nor an object", instead="Write null where there is none."
        )
    parts = _parts(name)
    _check_names(value, parts, name)
    for part, each in value.items():
        if not isinstance(each, bool):
            raise BadFactsError(
                what=f"{name}.{part} is neither true nor false", instead="Write true or false."
            )
