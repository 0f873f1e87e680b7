"""Hold a set of rules against every invariant that ships."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import load_pack
from curtilage.disclosure.policy.rules import PolicyRule
from curtilage.disclosure.proof.invariants import load_floor, load_invariants
from curtilage.disclosure.proof.nouns import Proof
from curtilage.disclosure.proof.prove import Prover
from curtilage.foundation.errors import UsageError


class NoProverError(UsageError):
    """The solver that proves is not installed."""

    code = "disclosure.no-prover"

    def __init__(self) -> None:
        super().__init__(
            "What rules guarantee is proved by a library that is not installed (z3). Nothing was proved or "
            "activated. Install it with: pip install 'curtilage[prove]'"
        )


def open_prover(rules: Iterable[PolicyRule]) -> Prover:
    """Return a prover of rules, over all instruments.

    Raises:
        NoProverError: The extra ``prove`` is not installed.
        NotModelledError: A rule says what cannot be modelled.
    """
    try:
        import z3  # noqa: F401  (only whether it is there)
    except ImportError as error:
        raise NoProverError from error
    return Prover(rules, load_instruments().values())


def audit(prover: Prover, packs: Iterable[str]) -> Iterator[Proof]:
    """Give what became of every invariant: those of the set by itself, and that it keeps the base's floor.

    Args:
        prover: Of the rules of the set.
        packs: Ids of its packs: the law of a place may ask for more, even where its rules are gone.

    Raises:
        NotProvedError: The solver came to no end.
        NotModelledError: A rule or an invariant says what cannot be modelled.
    """
    asked = {"", *packs}
    yield from prover.prove(each for each in load_invariants() if each.pack in asked)
    yield prover.prove_within(load_floor(), load_pack("base").rules)
