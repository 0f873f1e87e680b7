"""Let a set of rules decide: only one that counsel signed, and that keeps every invariant.

Rules of this file:

* Two steps: :func:`plan_activation` refuses or returns what would be recorded; :func:`carry_out` records it.
* A set that breaks an invariant, or of which nothing was proved, is not activated by anybody.
* The ledger holds the set's hash and its packs' hashes. A decision names the same hash, so that anybody can
  tell later by which rules it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from curtilage.disclosure.policy.decide import UnsignedPacksError
from curtilage.disclosure.policy.packs import Policies
from curtilage.disclosure.proof.nouns import Proof
from curtilage.foundation.canonical import JSON
from curtilage.foundation.errors import EvidenceError, NotAllowedError
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import Actor, Event
from curtilage.ledger.ports import Ledger

STREAM: Final = "disclosure/policies"
"""The stream of activations; the last entry says what is active."""

KIND: Final = "disclosure.policies-activated"
"""Kind of the event of an activation."""

DUTIES: Final = ("privacy", "counsel")
"""Whose duty it is: words of an officer's role. Chosen: those who answer for the rules."""

VERSION: Final = 1
"""Version of the shape of its data."""


class BrokenInvariantError(NotAllowedError):
    """A set of rules does not guarantee what every set must."""

    code = "disclosure.broken-invariant"

    def __init__(self, *, invariants: tuple[str, ...]) -> None:
        self.invariants = invariants
        super().__init__(
            f"These rules do not keep: {', '.join(invariants) or 'anything that was proved'}. Nothing was "
            "activated; what was active stays. See the request and the guilty rule: curtilage disclosure prove"
        )


class RoleCannotActivateError(NotAllowedError):
    """Somebody whose duty it is not wants to let a set of rules decide."""

    code = "disclosure.role-cannot-activate"

    def __init__(self, *, role: str) -> None:
        self.role = role
        super().__init__(
            f"A {role} does not activate rules of disclosure. Nothing was activated; what was active stays. "
            "Ask the privacy officer or counsel."
        )


class UnreadableActivationError(EvidenceError):
    """An entry about an activation is not of a shape that this version knows."""

    code = "disclosure.unreadable-activation"

    def __init__(self, *, position: int) -> None:
        self.position = position
        super().__init__(
            f"Entry {position} of the ledger tells of an activation in a way that is not known here. Nothing was "
            "decided or activated. Verify the ledger, and use the version that wrote it."
        )


@dataclass(frozen=True, slots=True)
class Activation:
    """A set of rules that decides, or is to.

    Attributes:
        policies: The set's hash: 64 hexadecimal digits, as decisions name it.
        day: The calendar day for which it was chosen, in the city's zone.
        packs: Id and hash of each pack, in order.
        proved: Ids of the invariants that it was proved to keep.
    """

    policies: str
    day: date
    packs: tuple[tuple[str, str], ...]
    proved: tuple[str, ...]


def check_role(officer: Officer) -> None:
    """Refuse everybody but counsel and the privacy officer.

    Raises:
        RoleCannotActivateError: The officer's role names neither.
    """
    if not any(officer.has_duty(duty) for duty in DUTIES):
        raise RoleCannotActivateError(role=officer.role)


def plan_activation(policies: Policies, proofs: Sequence[Proof]) -> Activation:
    """Return what would be recorded, or refuse.

    Args:
        policies: The set.
        proofs: What became of every invariant, of this very set; none at all refuses.

    Raises:
        UnsignedPacksError: Counsel has not signed one of its packs.
        BrokenInvariantError: It breaks an invariant, or nothing was proved.
    """
    if policies.unsigned:
        raise UnsignedPacksError(packs=policies.unsigned)
    broken = tuple(proof.invariant.id for proof in proofs if not proof)
    if broken or not proofs:
        raise BrokenInvariantError(invariants=broken)
    return Activation(
        policies=policies.hash,
        day=policies.day,
        packs=tuple((pack.id, pack.hash) for pack in policies.packs),
        proved=tuple(proof.invariant.id for proof in proofs),
    )


def carry_out(activation: Activation, ledger: Ledger, *, by: Actor) -> bool:
    """Record an activation, unless that very set is the active one.

    Args:
        activation: As it was planned.
        ledger: The city's.
        by: Who activates it.

    Returns:
        Whether it was recorded.

    Raises:
        StreamMovedError: Somebody activated a set at the same time. Nothing was recorded.
        SourceError: The store did not answer.

    Effects:
        Appends ``disclosure.policies-activated`` to the ledger.
    """
    entries = ledger.read(STREAM)
    active = find_active(ledger)
    if active and (active.policies, active.packs) == (activation.policies, activation.packs):
        return False
    ledger.append(STREAM, len(entries), [Event(KIND, _to_json(activation), version=VERSION)], by=by)
    return True


def find_active(ledger: Ledger) -> Activation | None:
    """Return the set that is active; None where none ever was.

    Raises:
        UnreadableActivationError: The entry is not of a known shape.
    """
    import msgspec

    entries = ledger.read(STREAM)
    if not entries:
        return None
    last = entries[-1]
    if (last.kind, last.version) != (KIND, VERSION):
        raise UnreadableActivationError(position=last.position)
    try:
        return msgspec.convert(dict(last.data), Activation)
    except msgspec.ValidationError as error:
        raise UnreadableActivationError(position=last.position) from error


def _to_json(activation: Activation) -> dict[str, JSON]:
    import msgspec

    said: dict[str, JSON] = msgspec.to_builtins(activation)
    return said
