"""What would have to be otherwise: the smallest changes that lead to another answer.

Every single fact is changed in turn. The way to a release is searched from the five ways in which the table
lets something leave: each is a list of facts, and every change that is not needed is taken back. What is
left cannot be made smaller by leaving a change out; the shortest of the five is shown.

It is no advice. It says what the answer hangs on, so that counsel knows what to verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from curtilage.disclosure.nouns import (
    Answer,
    Change,
    Consent,
    Decision,
    Exigency,
    Flip,
    MandatoryAuthority,
    Request,
)
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.facts import FLAGS, LISTS, NAMES, RECORDS, find_word

MOST: Final = 8
"""Flips of one fact that are shown; chosen: what fits on a page."""

_CLEAR: Final[dict[str, Any]] = {
    "motion_pending": False,
    "held": False,
    "gag": False,
    "custody": "city",
    "official_wishes_to_send": False,
    "civil_immigration": False,
}
_CONSENT: Final = Consent(written=True, specific=True, by_the_subject=True, revoked=False)
_AUTHORITY: Final = MandatoryAuthority(compels=True, current=True, names_the_fields=True)
_EXIGENCY: Final = Exigency(serious_harm=True, minimum_only=True, called_back=True, review_opened=True)
_CONFIRMED: Final[dict[str, Any]] = {
    "authentic": True,
    "in_force": True,
    "confirmed_by_counsel": True,
    "scope": "matched",
    "acting_role": "releaser",
}
_WAYS: Final[tuple[dict[str, Any], ...]] = (
    {**_CONFIRMED},
    {**_CONFIRMED, "enforced_by_court": True},
    {**_CONFIRMED, "instrument": "judicial-warrant", "issuer": "court", "signer": "judge"},
    {"acting_role": "privacy-officer", "mandatory_authority": _AUTHORITY},
    {"acting_role": "releaser", "consent": _CONSENT},
    {"acting_role": "supervisor", "exigency": _EXIGENCY, "status": False},
    {
        "acting_role": "records-officer",
        "public_record": True,
        "exempt_fields": False,
        "status": False,
        "locator": False,
    },
)


def find_flips(engine: Engine, request: Request, decision: Decision) -> Decision:
    """Return the decision with the smallest changes that would lead to another answer."""
    if decision.failures:
        return decision
    singles = [_one(request, changed) for changed in _vary(request)]
    answers = engine.answer_many([changed for _, changed in singles])
    flips = [
        Flip((change,), answer)
        for (change, _), answer in zip(singles, answers, strict=True)
        if answer is not decision.outcome
    ]
    releases = [flip for flip in flips if flip.answer is Answer.RELEASE]
    others = list(
        {flip.answer: flip for flip in reversed(flips) if flip.answer is not Answer.RELEASE}.values()
    )
    found = [*releases, *reversed(others)][:MOST]
    if decision.outcome is not Answer.RELEASE and not releases:
        found += _way_to_release(engine, request)
    return replace(decision, flips=tuple(found))


def _turn(request: Request, fact: str, value: Any) -> tuple[str, Request]:
    return fact, replace(request, **{fact.partition(".")[0]: value})


def _vary(request: Request) -> Iterator[tuple[str, Request]]:
    """Yield the request with one fact changed, by the name of the fact."""
    for name in FLAGS:
        yield _turn(request, name, not getattr(request, name))
    for name, words in LISTS.items():
        for word in words:
            if word != getattr(request, name):
                yield _turn(request, name, word)
    for name, whole in (("mandatory_authority", _AUTHORITY), ("consent", _CONSENT), ("exigency", _EXIGENCY)):
        now = getattr(request, name)
        if now is None:
            yield _turn(request, name, whole)
            continue
        yield _turn(request, name, None)
        for part in fields(RECORDS[name]):
            turned = replace(now, **{part.name: not getattr(now, part.name)})
            yield _turn(request, f"{name}.{part.name}", turned)


def _one(request: Request, changed: tuple[str, Request]) -> tuple[Change, Request]:
    fact, other = changed
    return Change(fact, find_word(request, fact), find_word(other, fact)), other


def _way_to_release(engine: Engine, request: Request) -> list[Flip]:
    ways = [found for way in _WAYS if (found := _shorten(engine, request, {**_CLEAR, **way}))]
    if not ways:
        return []
    shortest = min(ways, key=len)
    return [Flip(tuple(shortest), Answer.RELEASE)]


def _shorten(engine: Engine, request: Request, way: dict[str, Any]) -> Sequence[Change]:
    """Take back every change that a release does not need; empty where the way leads to none."""
    needed = {name: value for name, value in way.items() if getattr(request, name) != value}
    if not _releases(engine, request, needed):
        return ()
    for name in list(needed):
        fewer = {each: value for each, value in needed.items() if each != name}
        if _releases(engine, request, fewer):
            needed = fewer
    other = replace(request, **needed)
    order = sorted(needed, key=NAMES.index)
    return [Change(name, find_word(request, name), find_word(other, name)) for name in order]


def _releases(engine: Engine, request: Request, changes: dict[str, Any]) -> bool:
    return engine.answer_many([replace(request, **changes)])[0] is Answer.RELEASE
