"""The facts of a case as policy asks for them, and policy's answer by the active set of rules.

Rules of this file:

* What could only let something out counts once a person stated it, and is no until then. What would stop it
  is never guessed: until it is stated, nothing is decided.
* What one event already says is not asked again: who issued and signed, what it is, holds, counsel's word.
* Only the set that was activated decides. Another set, none, or one whose packs are unsigned: no answer.
* The answer is asked for each role that could release, the grounds that bear most first; an emergency is last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from curtilage.disclosure.case.events import (
    Classified,
    Confirmed,
    Data,
    Decided,
    ExigentOpened,
    Held,
    Identified,
)
from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.case.roles import MAY, OWN_STEP, STATES, say_roles
from curtilage.disclosure.nouns import Decision, Exigency, Request
from curtilage.disclosure.policy.facts import NAMES, RECORDS, Incomplete, find_word
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.words import say_fact
from curtilage.retention.nouns import Permission, Reason

if TYPE_CHECKING:
    from curtilage.disclosure.policy.decide import Engine
    from curtilage.disclosure.policy.packs import Policies
    from curtilage.disclosure.proof.activate import Activation

RELEASING: Final = ("releaser", "privacy-officer", "records-officer", "supervisor")
"""Roles that could release, in the order in which policy is asked: a court's order, consent or a statute first."""

ASKED: Final = ("status", "locator", "other_personal")
"""Facts that would stop, and that a person states of every case."""

_BEFORE_A_COURT: Final = frozenset(
    {
        "court-order",
        "court-subpoena",
        "arrest-warrant",
        "immigration-subpoena",
        "agency-subpoena",
        "attorney-subpoena",
    }
)
"""Families against which somebody moves before a court; of these, and of whatever a court enforced, it is asked."""

_UNTIL_STATED: Final[Mapping[str, Any]] = {
    "in_force": False,
    "enforced_by_court": False,
    "public_record": False,
    "exempt_fields": True,
    "scope": "not-stated",
}
"""What counts until a person states it: what lets nothing out."""


def to_request(case: Case, role: str) -> Request | Incomplete:
    """Return the facts of a case.

    Args:
        case: The case.
        role: In which role somebody of the city would answer: one of ``disclosure.nouns.ROLES``.

    Returns:
        The request; or the names of what nobody has stated.
    """
    known = {**_derive(case), **_stated(case), "acting_role": role}
    missing = tuple(_find_missing(case, known))
    return Incomplete(missing) if missing else Request(**{name: known[name] for name in NAMES})


def list_facts(request: Request) -> tuple[tuple[str, str], ...]:
    """Return every fact as dotted name and word, in the order of a request, as a ruling keeps them."""
    return tuple(_words(request))


def _words(request: Request) -> Iterator[tuple[str, str]]:
    for name in NAMES:
        yield name, find_word(request, name)
        if name in RECORDS and getattr(request, name) is not None:
            yield from (
                (f"{name}.{part.name}", find_word(request, f"{name}.{part.name}"))
                for part in fields(RECORDS[name])
            )


def _derive(case: Case) -> dict[str, Any]:
    """Return what the case's own events say."""
    known: dict[str, Any] = {**_UNTIL_STATED, **dict.fromkeys(RECORDS, None)}
    known["confirmed_by_counsel"] = case.order is not None
    known["held"] = case.held
    if case.instrument:
        known["official_wishes_to_send"] = case.instrument == "status-inquiry"
        known |= {
            name: getattr(case, name)
            for name in ("instrument", "civil_immigration", "custody", "holder", "gag")
        }
        if not _may_be_moved_against(case):
            known["motion_pending"] = False
    if case.authentic:
        known |= {"issuer": case.issuer, "signer": case.signer, "authentic": case.authentic == "yes"}
    if case.emergency is not None:
        known["exigency"] = Exigency(
            serious_harm=True,
            minimum_only=case.emergency.minimum_only,
            called_back=case.emergency.called_back,
            review_opened=case.emergency.is_open,
        )
    return known


def _may_be_moved_against(case: Case) -> bool:
    family = load_instruments()[case.instrument].family
    return family in _BEFORE_A_COURT or case.facts.get("enforced_by_court") == "yes"


def _stated(case: Case) -> dict[str, Any]:
    """Return what people stated, as the facts' own values; a record of which a part is missing is left out."""
    found: dict[str, Any] = {}
    for name in STATES:
        if name in RECORDS:
            parts = {part.name: case.facts.get(f"{name}.{part.name}") for part in fields(RECORDS[name])}
            if all(parts.values()):
                found[name] = RECORDS[name](**{part: word == "yes" for part, word in parts.items()})
        elif word := case.facts.get(name):
            found[name] = word if name == "scope" else word == "yes"
    if any(hold.ground == "motion" for hold in case.holds):
        found["motion_pending"] = True
    return found


def _find_missing(case: Case, known: Mapping[str, Any]) -> Iterator[str]:
    for name in NAMES:
        if name not in known:
            yield name
        elif name in STATES and name in RECORDS:
            parts = [f"{name}.{part.name}" for part in fields(RECORDS[name])]
            if any(part in case.facts for part in parts):
                yield from (part for part in parts if part not in case.facts)


@dataclass(frozen=True, slots=True)
class Missing:
    """Facts that nobody has stated, and that the same people say with one command.

    Attributes:
        facts: Dotted names.
        who: Who says them, in words.
        command: What to type after ``curtilage disclosure``.
    """

    facts: tuple[str, ...]
    who: str
    command: str


def list_missing(case: Case, missing: tuple[str, ...]) -> tuple[Missing, ...]:
    """Return, for what nobody has stated, who says it and with which command.

    Args:
        case: The case.
        missing: Dotted names, as :func:`to_request` gives them.
    """
    groups: dict[tuple[str, frozenset[str]], list[str]] = {}
    for name in missing:
        head = name.partition(".")[0]
        step = OWN_STEP.get(head, "state")
        groups.setdefault((step, STATES[head] if step == "state" else MAY[_STEPS[step]]), []).append(name)
    return tuple(
        Missing(
            tuple(names),
            say_roles(may),
            " ".join((step, case.id, *(f"{name}=WORD" for name in names if step == "state"))),
        )
        for (step, may), names in groups.items()
    )


_STEPS: Final[Mapping[str, type[Data]]] = {
    "classify": Classified,
    "identify": Identified,
    "confirm": Confirmed,
    "hold": Held,
    "emergency": ExigentOpened,
    "rule": Decided,
}


def say_missing(case: Case, missing: tuple[str, ...]) -> tuple[Reason, ...]:
    """Return the same as reasons why policy is not asked."""
    return tuple(
        Reason(
            "fact-missing",
            f"Nobody has stated: {', '.join(say_fact(fact) for fact in each.facts)}. "
            f"It is said by {each.who}: curtilage disclosure {each.command} --as OFFICER",
        )
        for each in list_missing(case, missing)
    )


def weigh_rules(policies: Policies, active: Activation | None) -> Permission:
    """Return whether a set of rules may decide: it is the one that was activated, and every pack is signed."""
    if active is None:
        text = (
            "No rules are active, so nothing decides. Counsel or the privacy officer runs: "
            "curtilage disclosure activate --as OFFICER"
        )
        return Permission((Reason("no-active-rules", text),))
    reasons = []
    if active.policies != policies.hash:
        text = (
            f"The rules of this city are now {policies.hash[:12]}, and {active.policies[:12]} are active: something "
            "was changed since. See what: curtilage disclosure prove; then: curtilage disclosure activate"
        )
        reasons.append(Reason("other-rules-active", text))
    if policies.unsigned:
        text = (
            f"Counsel's signature does not hold for: {', '.join(policies.unsigned)}. Ask counsel to read them and "
            "run: curtilage disclosure sign-pack PACK"
        )
        reasons.append(Reason("unsigned", text))
    return Permission(tuple(reasons))


def judge(case: Case, policies: Policies, active: Activation | None) -> Decided | Permission:
    """Return what policy answers to a case as it is now, to be recorded; or why it is not asked.

    Args:
        case: The case.
        policies: The city's set for today.
        active: What is active; None where nothing is.
    """
    allowed = weigh_rules(policies, active)
    if not allowed:
        return allowed
    request = to_request(case, RELEASING[0])
    if isinstance(request, Incomplete):
        return Permission(say_missing(case, request.missing))
    from curtilage.disclosure.policy.decide import Engine

    request, decision = _ask(Engine(policies), request)
    return Decided(
        outcome=decision.outcome.value,
        policies=decision.policies,
        citations=decision.citations,
        facts=list_facts(request),
        failures=decision.failures,
        policy_hash=decision.policy_hash,
        day=decision.day,
        packs=tuple((pack.id, pack.hash) for pack in policies.packs),
    )


def _ask(engine: Engine, request: Request) -> tuple[Request, Decision]:
    """Return the first role's answer that lets it leave; the first role's answer where none does."""
    asked = [replace(request, acting_role=role) for role in RELEASING]
    answers = list(zip(asked, engine.decide_many(asked), strict=True))
    return next((pair for pair in answers if pair[1]), answers[0])


def weigh_still(case: Case, policies: Policies, active: Activation | None) -> Permission:
    """Return whether policy, asked again now, still lets this case's information leave, by the same role.

    Args:
        case: The case as it stands at this moment.
        policies: The city's set for today.
        active: What is active.
    """
    if case.ruling is None or not case.ruling.lets_leave:
        return Permission((Reason("not-released", "Policy has not answered that this may leave."),))
    again = judge(case, policies, active)
    if isinstance(again, Permission):
        return again
    if again.outcome != "release" or again.failures:
        text = f"Policy, asked again now, answers: {again.outcome.replace('_', ' ')}. Decide the case anew."
        return Permission((Reason("answered-otherwise", text),))
    if (again.facts, again.policy_hash) != (case.ruling.facts, case.ruling.policy_hash):
        text = "The facts or the rules are not those of the decision. Decide the case anew."
        return Permission((Reason("decided-on-others", text),))
    return Permission(())
