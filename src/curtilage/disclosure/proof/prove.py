"""Prove what a set of rules guarantees over all requests, or show the request that breaks it.

Everything here is pure: texts and rows in, values out. What a proof does not show stands in
``docs/explanation/what-the-proof-shows.md``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final

from curtilage.disclosure.nouns import Answer, Request
from curtilage.disclosure.policy.rules import PolicyRule
from curtilage.disclosure.policy.schema import InstrumentFacts
from curtilage.disclosure.proof.nouns import Counterexample, Difference, Idle, Invariant, Overlap, Proof
from curtilage.disclosure.proof.ruled import Ruled
from curtilage.disclosure.proof.symbols import Formula, Symbols
from curtilage.disclosure.proof.translate import translate, translate_condition
from curtilage.foundation.errors import UndecidedError

_MILLISECONDS: Final = 60_000


class NotProvedError(UndecidedError):
    """The solver came to no end; that is no proof."""

    code = "disclosure.not-proved"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"Whether {what} could not be decided in a minute. Nothing was proved or activated. "
            "Make the rules simpler, or try again on a faster machine."
        )


class Prover:
    """Asks of one set of rules.

    Args:
        rules: All of them, as :func:`curtilage.disclosure.policy.rules.read_rules` read them.
        instruments: All rows that a request may name.

    Raises:
        NotModelledError: A rule says what cannot be modelled.
    """

    def __init__(self, rules: Iterable[PolicyRule], instruments: Iterable[InstrumentFacts]) -> None:
        self.symbols = Symbols(instruments)
        self.ruled = translate(rules, self.symbols)
        self._bare = self._ask(True)

    def prove(self, invariants: Iterable[Invariant]) -> Iterator[Proof]:
        """Give for each invariant whether it holds of all requests, or a request that breaks it.

        Raises:
            NotProvedError: The solver came to no end.
            NotModelledError: An invariant says what cannot be modelled.
        """
        import z3

        answers = self.ruled.answers()
        for invariant in invariants:
            given = translate_condition(invariant.id, invariant.given, self.symbols)
            unless = translate_condition(invariant.id, invariant.unless, self.symbols)
            never = z3.Or(*(answers[answer] for answer in invariant.never))
            broken = z3.And(never, given, z3.Not(unless))
            yield Proof(invariant, self._find(broken, f"{invariant.id} holds", self.ruled))

    def prove_within(self, invariant: Invariant, floor: Iterable[PolicyRule]) -> Proof:
        """Return whether nothing leaves that other rules would keep.

        Args:
            invariant: How that is called.
            floor: The other rules.

        Raises:
            NotProvedError: The solver came to no end.
            NotModelledError: One of them says what cannot be modelled.
        """
        import z3

        more = z3.And(self.ruled.allows, z3.Not(translate(floor, self.symbols).allows))
        return Proof(invariant, self._find(more, f"{invariant.id} holds", self.ruled))

    def list_idle(self) -> Iterator[Idle]:
        """Give the rules that change no answer: never true, or never the one that decides."""
        for rule, when in self.ruled.when.items():
            if self._is_impossible(when, f"{rule} is ever true"):
                yield Idle(rule, "never true")
            elif self._is_impossible(self._decides(rule), f"{rule} ever decides"):
                yield Idle(rule, "never decides", tuple(self._list_behind(rule)))

    def list_overlaps(self) -> Iterator[Overlap]:
        """Give the pairs of a rule that permits and one that forbids which both speak of some request."""
        import z3

        for permit, allowed in self.ruled.permits.items():
            for forbid, stopped in self.ruled.forbids.items():
                if not self._is_impossible(z3.And(allowed, stopped), f"{permit} meets {forbid}"):
                    yield Overlap(permit, forbid)

    def compare(self, rules: Iterable[PolicyRule]) -> Difference:
        """Return how another set of rules answers otherwise: what more leaves by it, what less, what else.

        Raises:
            NotModelledError: One of its rules says what cannot be modelled.
            NotProvedError: The solver came to no end.
        """
        import z3

        other = translate(rules, self.symbols)
        more = z3.And(other.allows, z3.Not(self.ruled.allows))
        less = z3.And(self.ruled.allows, z3.Not(other.allows))
        stays = z3.And(z3.Not(other.allows), z3.Not(self.ruled.allows), _differ(self.ruled, other))
        return Difference(
            more=self._find(more, "more leaves", other),
            less=self._find(less, "less leaves", self.ruled),
            otherwise=tuple(self._list_otherwise(stays, other)),
            gone=tuple(rule for rule in self.ruled.rules if rule not in other.rules),
            new=tuple(rule for rule in other.rules if rule not in self.ruled.rules),
        )

    def is_alike(self, rules: Iterable[PolicyRule]) -> bool:
        """Return whether another set of rules gives the same answer to every request.

        Raises:
            NotModelledError: One of its rules says what cannot be modelled.
            NotProvedError: The solver came to no end.
        """
        return self._is_impossible(_differ(self.ruled, translate(rules, self.symbols)), "answers differ")

    def _list_otherwise(self, stays: Formula, other: Ruled) -> Iterator[tuple[Answer, Answer]]:
        """Give the pairs of answers, now and then, of requests of which nothing leaves by either set."""
        import z3

        if self._is_impossible(stays, "anything is answered otherwise"):
            return
        now, then = self.ruled.answers(), other.answers()
        for one, two in itertools.permutations(now, 2):
            if Answer.RELEASE not in {one, two} and not self._is_impossible(
                z3.And(now[one], then[two]), f"{one} becomes {two}"
            ):
                yield one, two

    def answer(self, request: Request) -> tuple[Answer, tuple[str, ...]]:
        """Return the answer to one request, and the rules that speak of it, by the statements alone.

        This is what tests hold against the engine.
        """
        pinned = [each.formula for each in self.symbols.state(request)]
        if not _is_possible(self._bare, "one request is as it is", *pinned):
            raise NotProvedError(what="one request is as it is")
        model = self._bare.model()
        (answer,) = (each for each, when in self.ruled.answers().items() if _is_so(model, when))
        return answer, tuple(rule for rule, when in self.ruled.when.items() if _is_so(model, when))

    def _decides(self, rule: str) -> Formula:
        """Return when the answer is the rule's own, and would be another one without it."""
        import z3

        own = self.ruled.rules[rule].outcome
        then = self.ruled.without(rule).answers()
        return z3.And(self.ruled.when[rule], self.ruled.answers()[own], z3.Not(then[own]))

    def _list_behind(self, rule: str) -> Iterator[str]:
        import z3

        for other, when in self.ruled.when.items():
            alike = self.ruled.rules[rule].permits == self.ruled.rules[other].permits
            covered = z3.And(self.ruled.when[rule], z3.Not(when))
            if other != rule and alike and self._is_impossible(covered, f"{other} covers {rule}"):
                yield other

    def _find(self, stated: Formula, what: str, ruled: Ruled) -> Counterexample | None:
        """Return a request of which something holds; None where there is none."""
        solver = self._ask(stated)
        if not _is_possible(solver, what):
            return None
        model: Any = solver.model()
        calm: list[Formula] = []
        for wish in self.symbols.list_quiet():
            if _is_possible(solver, what, *calm, wish):
                model, calm = solver.model(), [*calm, wish]
        request = self.symbols.read(model)
        answer = next(each for each, when in ruled.answers().items() if _is_so(model, when))
        rules = tuple(
            rule
            for rule, when in ruled.when.items()
            if ruled.rules[rule].outcome is answer and _is_so(model, when)
        )
        return Counterexample(answer, tuple(self._list_needed(stated, request, what)), rules, request)

    def _list_needed(self, stated: Formula, request: Request, what: str) -> Iterator[tuple[str, str]]:
        """Give the facts of a request that by themselves make something hold; none of them can be left out."""
        import z3

        solver = self._ask(z3.Not(stated))
        needed = list(self.symbols.state(request))
        for each in tuple(needed):
            others = [other for other in needed if other is not each]
            if not _is_possible(solver, what, *(other.formula for other in others)):
                needed = others
        yield from ((each.fact, each.word) for each in needed)

    def _is_impossible(self, stated: Formula, what: str) -> bool:
        return not _is_possible(self._ask(stated), what)

    def _ask(self, stated: Formula) -> Any:
        """Return a solver that knows what holds of every request, and what is stated."""
        import z3

        # Every fact is yes or no, so the solver for finite domains decides it, and none of the others is needed.
        solver = z3.SolverFor("QF_FD")
        solver.set("timeout", _MILLISECONDS)
        solver.add(self.symbols.always, stated)
        return solver


def _is_so(model: Any, stated: Formula) -> bool:
    return bool(model.eval(stated, model_completion=True))


def _differ(one: Ruled, other: Ruled) -> Formula:
    """Return when two sets of rules give different answers."""
    import z3

    then = other.answers()
    return z3.Or(*(z3.And(now, z3.Not(then[answer])) for answer, now in one.answers().items()))


def _is_possible(solver: Any, what: str, *besides: Formula) -> bool:
    """Return whether some request is as the solver was told, and as is said besides."""
    import z3

    found = solver.check(*besides)
    if found == z3.unknown:
        raise NotProvedError(what=what)
    return bool(found == z3.sat)
