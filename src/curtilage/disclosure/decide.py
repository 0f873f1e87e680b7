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
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from curtilage.disclosure.facts import NAMES, Incomplete, find_word
from curtilage.disclosure.instruments import load_instruments
from curtilage.disclosure.nouns import Answer, Decision, Duty, Request
from curtilage.disclosure.rules import OTHERWISE, NoEngineError, PolicyRule
from curtilage.disclosure.schema import engine_schema, entities, to_engine
from curtilage.foundation.canonical import encode_plain
from curtilage.foundation.errors import NotAllowedError

if TYPE_CHECKING:
    from curtilage.disclosure.packs import PackDuty, Policies

_Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts and the words of which each must be one."""

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
        self._rules = {rule.id: rule for rule in policies.rules}
        self._duties = _sort_duties(policies)
        self._set = cedarpy.PolicySet.from_pst(policies.to_pst())
        self._schema = engine_schema()
        self._entities = cedarpy.Entities.from_json_str(json.dumps(entities()), self._schema)

    def decide(self, request: Request | Incomplete) -> Decision:
        """Return the decision on one request, without flips."""
        if isinstance(request, Incomplete):
            return self._refuse(tuple(f"missing: {name}" for name in request.missing))
        return self.decide_many([request])[0]

    def decide_many(self, requests: Iterable[Request]) -> list[Decision]:
        """Return a decision for each request, in their order, without flips."""
        asked = list(requests)
        answers = self._evaluate(asked)
        return [self._read(request, answer) for request, answer in zip(asked, answers, strict=True)]

    def answer_many(self, requests: Iterable[Request]) -> list[Answer]:
        """Return only the answers: what a search over many requests needs."""
        return [
            Answer.DECLINE if failures else self._weigh(allowed=allowed, rules=rules)
            for allowed, rules, failures in map(self._sort_out, self._evaluate(list(requests)))
        ]

    def _evaluate(self, requests: Sequence[Request]) -> Sequence[Any]:
        rows = load_instruments()
        asked = [to_engine(request, rows[request.instrument]) for request in requests]
        for each in asked:  # the engine wants text, and writes it slowly itself
            each["context"] = encode_plain(each["context"]).decode()
        return self._ask(asked, self._set, self._entities, self._schema)

    def _sort_out(self, answer: Any) -> tuple[bool, tuple[PolicyRule, ...], tuple[str, ...]]:
        """Return whether it is allowed, the rules that determined it, and what failed."""
        from cedarpy import Decision as Engines

        reasons = set(answer.diagnostics.reasons)
        # In the order of the set, so that two runs say the same.
        rules = tuple(rule for name, rule in self._rules.items() if name in reasons)
        failures = ["a rule failed"] * bool(answer.diagnostics.errors)
        if answer.decision not in {Engines.Allow, Engines.Deny}:
            failures.append("the engine did not decide")
        if answer.allowed and not rules:
            failures.append("no rule is named for it")
        return answer.allowed, rules, tuple(failures)

    @staticmethod
    def _weigh(*, allowed: bool, rules: Sequence[PolicyRule]) -> Answer:
        if allowed:
            return Answer.RELEASE
        return min(rules, key=_caution).outcome if rules else Answer.DECLINE

    def _read(self, request: Request, answer: Any) -> Decision:
        allowed, rules, failures = self._sort_out(answer)
        if failures:
            return self._refuse(failures)
        outcome = self._weigh(allowed=allowed, rules=rules)
        rules = tuple(sorted(rules, key=_caution))
        return Decision(
            outcome=outcome,
            policies=tuple(rule.id for rule in rules),
            citations=tuple(dict.fromkeys(rule.cite for rule in rules if rule.cite)),
            duties=tuple(duty for duty, when in self._duties[outcome] if _holds(when, request)),
            facts=_facts(request, [rule for rule in rules if _caution(rule) == _caution(rules[0])]),
            flips=(),
            failures=(),
            policy_hash=self.policies.hash,
            day=self.policies.day,
            unsigned=self.policies.unsigned,
        )

    def _refuse(self, failures: tuple[str, ...]) -> Decision:
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


def _caution(rule: PolicyRule) -> tuple[bool, int]:
    """Sort rules by who speaks first: rows before the floors, then the more cautious answer."""
    return rule.row == OTHERWISE, _ORDER[rule.outcome]


def _facts(request: Request, rules: Sequence[PolicyRule]) -> tuple[tuple[str, str], ...]:
    """Return the facts that the rules look at; parts of a record that is not there are left out."""
    names = _names(tuple(rule.facts for rule in rules))
    kept = [
        name
        for name in names
        if "." not in name or name.startswith("instrument.") or getattr(request, name.partition(".")[0])
    ]
    return tuple((name, find_word(request, name)) for name in kept)


@lru_cache(maxsize=1024)
def _names(facts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the facts of some rules, each once, in the order of a request."""
    return tuple(sorted({name for each in facts for name in each if name != "instrument"}, key=_place))


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
    return tuple((fact, _words(wanted)) for fact, wanted in duty.when.items() if fact != "outcome")


def _words(wanted: _Wanted) -> tuple[str, ...]:
    """Return the words of which a fact must be one."""
    if isinstance(wanted, bool):
        return ("yes" if wanted else "no",)
    return (wanted,) if isinstance(wanted, str) else wanted


def _holds(conditions: _Conditions, request: Request) -> bool:
    return all(find_word(request, fact) in words for fact, words in conditions)
