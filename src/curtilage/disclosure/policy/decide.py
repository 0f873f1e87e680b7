"""Decide one request, or many, by the rules of a day: the answer, and why.

Rules of this file:

* One question to the engine for each request. Allowed is a release; denied takes the answer of the rules
  that stopped it, the most cautious first; denied by none of them is row 15 of the table: decline.
* A rule that fails is skipped by the engine, even one that forbids. So any failure is a refusal, whatever
  the other rules said; so is a fact that is missing, and an engine that does not decide.
* It decides nothing in counsel's stead. The answer is what counsel is handed.

Source:
    curtilage-disclosure-table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from curtilage.disclosure.nouns import Answer, Decision, Duty, Request
from curtilage.disclosure.policy.facts import NAMES, Incomplete, find_misfits, find_teller
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.rules import OTHERWISE, NoEngineError, PolicyRule
from curtilage.disclosure.policy.schema import engine_schema, entities, to_engine
from curtilage.foundation.canonical import encode_plain
from curtilage.foundation.errors import NotAllowedError

if TYPE_CHECKING:
    from curtilage.disclosure.policy.packs import PackDuty, Policies

_Conditions = tuple[tuple[Callable[[Request], str], tuple[str, ...]], ...]
"""What tells a fact, and the words of which it must be one."""

_Facts = tuple[tuple[str, str, Callable[[Request], str]], ...]
"""Name of a fact, the record of which it is a part or nothing, and what tells it."""

_Failures = tuple[str, ...]
"""Why it could not be decided."""

_Wanted = bool | str | tuple[str, ...]
"""What a pack writes for a fact of a duty."""

_ORDER: Final = {answer: rank for rank, answer in enumerate(Answer)}


class UnsignedPacksError(NotAllowedError):
    """Packs that counsel has not signed are asked to decide."""

    code = "disclosure.unsigned-packs"

    def __init__(self, *, packs: tuple[str, ...]) -> None:
        self.packs = packs
        super().__init__(
            f"Counsel has not signed: {', '.join(packs)}. Nothing was decided. "
            "Ask counsel to read them and run: curtilage disclosure sign-pack PACK. "
            "For an answer that binds nobody, add --unsigned-what-if."
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What some rules that spoke together say, of any request."""

    outcome: Answer
    policies: tuple[str, ...]
    citations: tuple[str, ...]
    duties: tuple[tuple[Duty, _Conditions], ...]
    facts: _Facts


class Engine:
    """The rules of a day, parsed once, to decide many requests."""

    def __init__(self, policies: Policies, *, unsigned_what_if: bool = False) -> None:
        """Parse the rules.

        Args:
            policies: The set.
            unsigned_what_if: Decide although counsel has not signed; the answers say so.

        Raises:
            UnsignedPacksError: A pack is unsigned and no what-if was asked for.
            NoEngineError: The extra ``policy`` is not installed.
        """
        if policies.unsigned and not unsigned_what_if:
            raise UnsignedPacksError(packs=policies.unsigned)
        try:
            import cedarpy
        except ImportError as error:
            raise NoEngineError from error
        self.policies = policies
        self._ask = cedarpy.is_authorized_batch
        self._decided = (cedarpy.Decision.Allow, cedarpy.Decision.Deny)
        self._rules = {rule.id: rule for rule in policies.rules}
        self._duties = _sort_duties(policies)
        self._set = cedarpy.PolicySet.from_pst(policies.to_pst())
        self._schema = engine_schema()
        self._entities = cedarpy.Entities.from_json_str(json.dumps(entities()), self._schema)
        self._said = lru_cache(maxsize=4096)(self._gather)

    def decide(self, request: Request | Incomplete) -> Decision:
        """Return the decision on one request, without flips. The engine, too, holds it to the schema."""
        if isinstance(request, Incomplete):
            return self._refuse(tuple(f"missing: {name}" for name in request.missing))
        (said,) = self._evaluate([request], self._schema)
        return self._tell(request, said)

    def decide_many(self, requests: Iterable[Request]) -> list[Decision]:
        """Return a decision for each request, in their order, without flips.

        What the schema asks of a request is asked here and not by the engine, which takes longer for it than
        for all rules together.
        """
        asked = list(requests)
        return [self._tell(request, said) for request, said in zip(asked, self._evaluate(asked), strict=True)]

    def answer_many(self, requests: Iterable[Request]) -> list[Answer]:
        """Return only the answers: what a search over many requests needs."""
        return [
            said.outcome if isinstance(said, _Said) else Answer.DECLINE
            for said in self._evaluate(list(requests))
        ]

    def _evaluate(self, requests: Sequence[Request], schema: Any = None) -> Iterator[_Said | _Failures]:
        """Give what the rules say of each request, or why they could not."""
        wrong = [find_misfits(request) for request in requests]
        asked = [_put(request) for request, misfits in zip(requests, wrong, strict=True) if not misfits]
        answers = iter(self._ask(asked, self._set, self._entities, schema))
        for misfits in wrong:
            if misfits:
                yield tuple(f"no such word, or neither yes nor no: {name}" for name in misfits)
            else:
                yield self._sort_out(next(answers))

    def _sort_out(self, answer: Any) -> _Said | _Failures:
        """Return what the rules say that determined an answer of the engine, or what failed."""
        failures = ["a rule failed"] * bool(answer.diagnostics.errors)
        if answer.decision not in self._decided:
            failures.append("the engine did not decide")
        said = self._said(answer.allowed, frozenset(answer.diagnostics.reasons))
        if answer.allowed and not said.policies:
            failures.append("no rule is named for it")
        return tuple(failures) if failures else said

    def _gather(self, allowed: bool, reasons: frozenset[str]) -> _Said:  # noqa: FBT001
        """Return what some rules say together, of any request."""
        # In the order of the set, so that two runs say the same.
        spoke = sorted((rule for name, rule in self._rules.items() if name in reasons), key=_caution)
        refused = spoke[0].outcome if spoke else Answer.DECLINE
        outcome = Answer.RELEASE if allowed else refused
        heard = [rule for rule in spoke if _caution(rule) == _caution(spoke[0])]
        return _Said(
            outcome=outcome,
            policies=tuple(rule.id for rule in spoke),
            citations=tuple(dict.fromkeys(rule.cite for rule in spoke if rule.cite)),
            duties=self._duties[outcome],
            facts=_tellers(heard),
        )

    def _tell(self, request: Request, said: _Said | _Failures) -> Decision:
        if not isinstance(said, _Said):
            return self._refuse(said)
        return Decision(
            outcome=said.outcome,
            policies=said.policies,
            citations=said.citations,
            duties=tuple(duty for duty, when in said.duties if _holds(when, request)),
            facts=tuple(
                (name, tell(request))
                for name, record, tell in said.facts
                if not record or getattr(request, record) is not None
            ),
            flips=(),
            failures=(),
            policy_hash=self.policies.hash,
            day=self.policies.day,
            unsigned=self.policies.unsigned,
        )

    def _refuse(self, failures: _Failures) -> Decision:
        return Decision(
            outcome=Answer.DECLINE,
            policies=(),
            citations=(),
            duties=(),
            facts=(),
            flips=(),
            failures=failures,
            policy_hash=self.policies.hash,
            day=self.policies.day,
            unsigned=self.policies.unsigned,
        )


def _put(request: Request) -> dict[str, Any]:
    """Return a request as the engine takes it."""
    asked = to_engine(request, load_instruments()[request.instrument])
    asked["context"] = encode_plain(asked["context"]).decode()  # it wants text, and writes it slowly itself
    return asked


def _caution(rule: PolicyRule) -> tuple[bool, int]:
    """Sort rules by who speaks first: rows before the floors, then the more cautious answer."""
    return rule.row == OTHERWISE, _ORDER[rule.outcome]


def _tellers(rules: Iterable[PolicyRule]) -> _Facts:
    """Return the facts that some rules look at, each once, in the order of a request, and what tells them.

    Parts of a record are told only of a request that has it.
    """
    names = sorted({name for rule in rules for name in rule.facts if name != "instrument"}, key=_place)
    return tuple((name, _record_of(name), find_teller(name)) for name in names)


def _record_of(fact: str) -> str:
    head, _, part = fact.partition(".")
    return head if part and head != "instrument" else ""


def _place(fact: str) -> tuple[int, str]:
    return NAMES.index(fact.partition(".")[0]), fact


def _sort_duties(policies: Policies) -> dict[Answer, tuple[tuple[Duty, _Conditions], ...]]:
    """Return, for each answer, the duties that can go with it and what else must hold: most hang on the answer."""
    every = [duty for pack in policies.packs for duty in pack.duties]
    return {
        answer: tuple((duty.to_duty(), _without_outcome(duty)) for duty in every if _goes_with(duty, answer))
        for answer in Answer
    }


def _goes_with(duty: PackDuty, answer: Answer) -> bool:
    return "outcome" not in duty.when or answer.value in _words(duty.when["outcome"])


def _without_outcome(duty: PackDuty) -> _Conditions:
    return tuple(
        (find_teller(fact), _words(wanted)) for fact, wanted in duty.when.items() if fact != "outcome"
    )


def _words(wanted: _Wanted) -> tuple[str, ...]:
    """Return the words of which a fact must be one."""
    if isinstance(wanted, bool):
        return ("yes" if wanted else "no",)
    return (wanted,) if isinstance(wanted, str) else wanted


def _holds(conditions: _Conditions, request: Request) -> bool:
    return all(tell(request) in words for tell, words in conditions)
