"""What a proof speaks of: an invariant, a request that breaks it, a rule that changes nothing, a difference."""

from __future__ import annotations

from dataclasses import dataclass

from curtilage.disclosure.nouns import Answer, Request


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must hold of every request.

    Attributes:
        id: Stable id.
        text: What it guarantees, one sentence that a lawyer can read aloud.
        given: Of which requests it speaks, in the language of the rules.
        unless: What lets such a request pass; ``false`` where nothing does.
        never: Answers that must not be given then; not empty.
        source: What it rests on: a key of ``docs/sources.toml``.
        pack: The pack whose law asks for it; empty where it holds whatever packs are active.
    """

    id: str
    text: str
    given: str
    unless: str
    never: tuple[Answer, ...]
    source: str
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A request that is answered as it should not be.

    Attributes:
        answer: What is answered.
        facts: Those that matter, as dotted name and word, in the order of the request: where they are so,
            the answer is wrong, whatever the others are.
        rules: Ids of the rules that give the answer: one of them is the guilty one, or one is missing that
            would stop them; empty where no rule speaks.
        request: All its facts, to be handed to the engine.
    """

    answer: Answer
    facts: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    request: Request


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one invariant. It is true, asked as a truth, where it holds of all requests.

    Attributes:
        invariant: What was to be proved.
        counterexample: A request that breaks it; None where there is none.
    """

    invariant: Invariant
    counterexample: Counterexample | None

    def __bool__(self) -> bool:
        """Return whether it holds of all requests."""
        return self.counterexample is None


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that changes no answer.

    Attributes:
        rule: Its id.
        why: ``never true``: no request meets it. ``never decides``: where it speaks, others decide alike.
        behind: Ids of the rules each of which always speaks where it does; empty where only several
            together do.
    """

    rule: str
    why: str
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """A rule that permits and one that forbids, of which both speak of one request; the refusal wins.

    Attributes:
        permits: Id of the rule that would let it leave.
        forbids: Id of the rule that stops it.
    """

    permits: str
    forbids: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How another set of rules answers. It is true, asked as a truth, where one request is answered otherwise.

    Attributes:
        more: A request of which something leaves by the other set only; None where there is none.
        less: A request of which something leaves by this set only; None where there is none.
        otherwise: Pairs of answers, by this set and by the other, to requests of which nothing leaves by either.
        gone: Ids of rules that only this set has.
        new: Ids of rules that only the other set has.
    """

    more: Counterexample | None
    less: Counterexample | None
    otherwise: tuple[tuple[Answer, Answer], ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether some request is answered otherwise."""
        return self.more is not None or self.less is not None or bool(self.otherwise)
