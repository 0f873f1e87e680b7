"""A set of rules as statements: when each speaks, when something leaves, when each answer is given."""

from __future__ import annotations

from dataclasses import dataclass

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.rules import OTHERWISE, PolicyRule
from curtilage.disclosure.proof.symbols import Formula


@dataclass(frozen=True)
class Ruled:
    """A set of rules as statements.

    Attributes:
        rules: By their own ids, in the order of the set.
        when: By the rule's own id, when it speaks.
    """

    rules: dict[str, PolicyRule]
    when: dict[str, Formula]

    @property
    def permits(self) -> dict[str, Formula]:
        """When each of the rules that permit speaks."""
        return {rule: when for rule, when in self.when.items() if self.rules[rule].permits}

    @property
    def forbids(self) -> dict[str, Formula]:
        """When each of the rules that forbid speaks."""
        return {rule: when for rule, when in self.when.items() if not self.rules[rule].permits}

    @property
    def allows(self) -> Formula:
        """When something leaves: a rule permits and none forbids."""
        import z3

        return z3.And(z3.Or(*self.permits.values()), z3.Not(z3.Or(*self.forbids.values())))

    def without(self, rule: str) -> Ruled:
        """Return the set without one of its rules."""
        return Ruled(
            {each: known for each, known in self.rules.items() if each != rule},
            {each: when for each, when in self.when.items() if each != rule},
        )

    def answers(self) -> dict[Answer, Formula]:
        """Return when each answer is given, as the room decides: of the refusals, the most cautious.

        The rules of row 15 speak only where no other refusal does; where nothing speaks, it is declined.
        """
        import z3

        heard = self._list_heard()
        answers: dict[Answer, Formula] = {}
        before: list[Formula] = []
        for answer in Answer:  # the most cautious first
            spoken = z3.Or(*(when for rule, when in heard.items() if self.rules[rule].outcome is answer))
            answers[answer] = z3.And(spoken, z3.Not(z3.Or(*before)))
            before.append(spoken)
        answers[Answer.RELEASE] = self.allows
        answers[Answer.DECLINE] = z3.Or(answers[Answer.DECLINE], z3.Not(z3.Or(*self.when.values())))
        return answers

    def _list_heard(self) -> dict[str, Formula]:
        """Return when each rule that forbids is heard: one of row 15 only where none of another row speaks."""
        import z3

        late = {rule for rule in self.forbids if self.rules[rule].row == OTHERWISE}
        of_a_row = z3.Or(*(when for rule, when in self.forbids.items() if rule not in late))
        return {
            rule: z3.And(when, z3.Not(of_a_row)) if rule in late else when
            for rule, when in self.forbids.items()
        }
