"""All requests at once: a symbol for each fact that a policy may speak of, and what holds of every request.

The facts are few and closed: yes or no, or a word of a list. So a statement about all requests is decided
for certain, and a model of the solver is a request that can be read and handed to the engine.

A word of a list is one symbol for each word, of which exactly one is true. Parts of a record that is not
given count as no; a rule that the engine's strict check accepts never looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from curtilage.disclosure.nouns import ROLES, Request
from curtilage.disclosure.policy.facts import LISTS
from curtilage.disclosure.policy.facts import RECORDS as RECORD_TYPES
from curtilage.disclosure.policy.schema import FLAGS, RECORDS, RESOURCE, WORDS, InstrumentFacts

Formula = Any
"""A truth value of z3, which ships no types."""

ROLE: Final = "principal"
KIND: Final = "context.instrument.kind"
FAMILY: Final = "context.instrument.family"
ROW_FLAGS: Final = ("judicial", "compels")


@dataclass(frozen=True)
class Stated:
    """One fact of one request.

    Attributes:
        fact: Dotted name, as :class:`~curtilage.disclosure.nouns.Request` has it.
        word: What it is: ``yes``, ``no``, ``given``, ``none`` or a word of its list.
        formula: That it is so, for the solver.
    """

    fact: str
    word: str
    formula: Formula


@dataclass(frozen=True)
class Word:
    """A fact that is a word of a closed list: for each word, the statement that it is this one."""

    options: dict[str, Formula]

    def is_(self, written: str) -> Formula:
        """Return the statement that the fact is this word; false where the list does not have it."""
        import z3

        return self.options.get(written, z3.BoolVal(False))


class Symbols:
    """The symbols of one question to the solver.

    Args:
        instruments: All rows that a request may name; what is known of one follows from its kind.
    """

    def __init__(self, instruments: Iterable[InstrumentFacts]) -> None:
        import z3

        self.rows = {row.id: row for row in instruments}
        lists: dict[str, Iterable[str]] = {f"context.{name}": LISTS[name] for name in WORDS}
        lists |= {ROLE: ROLES, KIND: self.rows, FAMILY: sorted({row.family for row in self.rows.values()})}
        self.words = {
            name: Word({each: z3.Bool(f"{name} = {each}") for each in listed})
            for name, listed in lists.items()
        }
        self.flags = {name: z3.Bool(name) for name in _list_flags()}
        self.given = {name: z3.Bool(f"context has {name}") for name in RECORDS}
        self.always = z3.And(*self._list_always())
        """What holds of every request."""

    def _list_always(self) -> Iterator[Formula]:
        import z3

        for word in self.words.values():
            yield z3.PbEq([(option, 1) for option in word.options.values()], 1)
        for row in self.rows.values():
            facts = [self.flags[f"context.instrument.{name}"] == getattr(row, name) for name in ROW_FLAGS]
            yield z3.Implies(self.words[KIND].is_(row.id), z3.And(self.words[FAMILY].is_(row.family), *facts))
        for name, parts in RECORDS.items():
            for part in parts:
                yield z3.Implies(self.flags[f"context.{name}.{part}"], self.given[name])

    def list_quiet(self) -> Iterator[Formula]:
        """Give what an uneventful request would be: nothing given, nothing so. A counterexample keeps to it."""
        import z3

        for symbol in (*self.given.values(), *self.flags.values()):
            yield z3.Not(symbol)

    def read(self, model: Any) -> Request:
        """Return the request that a model of the solver describes."""

        def holds(symbol: Formula) -> bool:
            return bool(model.eval(symbol, model_completion=True))

        words = {
            name: next(written for written, option in word.options.items() if holds(option))
            for name, word in self.words.items()
        }
        facts: dict[str, Any] = {name: words[f"context.{name}"] for name in WORDS}
        facts |= {name: holds(self.flags[f"context.{name}"]) for name in FLAGS}
        facts |= {name: holds(self.flags[f"resource.{name}"]) for name in RESOURCE}
        for name, parts in RECORDS.items():
            made = {part: holds(self.flags[f"context.{name}.{part}"]) for part in parts}
            facts[name] = RECORD_TYPES[name](**made) if holds(self.given[name]) else None
        return Request(instrument=words[KIND], acting_role=words[ROLE], **facts)

    def state(self, request: Request) -> Iterator[Stated]:
        """Give the facts of one request, in its order; together they leave nothing open.

        Raises:
            KeyError: It holds a word that no list has.
        """
        yield Stated("instrument", request.instrument, self.words[KIND].options[request.instrument])
        yield Stated("acting_role", request.acting_role, self.words[ROLE].options[request.acting_role])
        for name in WORDS:
            word = getattr(request, name)
            yield Stated(name, word, self.words[f"context.{name}"].options[word])
        for name in FLAGS:
            yield _state_flag(name, self.flags[f"context.{name}"], so=getattr(request, name))
        for name in RESOURCE:
            yield _state_flag(name, self.flags[f"resource.{name}"], so=getattr(request, name))
        for name in RECORDS:
            yield from self._state_record(name, getattr(request, name))

    def _state_record(self, name: str, record: Any) -> Iterator[Stated]:
        import z3

        if record is None:
            yield Stated(name, "none", z3.Not(self.given[name]))
            return
        yield Stated(name, "given", self.given[name])
        for part in RECORDS[name]:
            symbol = self.flags[f"context.{name}.{part}"]
            yield _state_flag(f"{name}.{part}", symbol, so=getattr(record, part))


def _list_flags() -> Iterator[str]:
    yield from (f"context.{name}" for name in FLAGS)
    yield from (f"resource.{name}" for name in RESOURCE)
    yield from (f"context.instrument.{name}" for name in ROW_FLAGS)
    yield from (f"context.{name}.{part}" for name, parts in RECORDS.items() for part in parts)


def _state_flag(fact: str, symbol: Formula, *, so: bool) -> Stated:
    import z3

    return Stated(fact, "yes" if so else "no", symbol if so else z3.Not(symbol))
