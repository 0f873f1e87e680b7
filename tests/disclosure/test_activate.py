"""Which set of rules decides: signed, proved, recorded."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from curtilage.disclosure.policy.decide import Engine, UnsignedPacksError
from curtilage.disclosure.policy.packs import choose_packs, select_policies
from curtilage.disclosure.policy.rules import read_rules
from curtilage.disclosure.proof.activate import (
    KIND,
    STREAM,
    BrokenInvariantError,
    RoleCannotActivateError,
    UnreadableActivationError,
    carry_out,
    check_role,
    find_active,
    plan_activation,
)
from curtilage.disclosure.proof.audit import audit, open_prover
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import Actor, Event
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.testing.clock import StoppedClock
from tests.disclosure.requests import DAY, request

BY = Actor("privacy", "privacy officer")


@pytest.fixture
def ledger():
    return Record(MemoryStore(), clock=StoppedClock(datetime(2026, 11, 23, 12, tzinfo=UTC)))


def policies_of(*packs):
    chosen = choose_packs(packs)
    return select_policies(chosen, DAY, signed=[pack.id for pack in chosen])


def proofs_of(policies):
    return list(audit(open_prover(policies.rules), policies.names))


def activate(ledger, *packs):
    policies = policies_of(*packs)
    return carry_out(plan_activation(policies, proofs_of(policies)), ledger, by=BY)


def test_where_nothing_was_activated_nothing_is_active(ledger):
    assert find_active(ledger) is None


def test_an_activation_stands_in_the_ledger_with_the_hash_that_decisions_name(ledger):
    activate(ledger, "or")
    decision = Engine(policies_of("or")).decide(request("i-200"))

    assert find_active(ledger).policies == decision.policy_hash
    assert [entry.kind for entry in ledger.read(STREAM)] == [KIND]


def test_an_activation_reads_back_as_it_was_planned(ledger):
    policies = policies_of("chicago", "il")
    planned = plan_activation(policies, proofs_of(policies))
    carry_out(planned, ledger, by=BY)

    assert find_active(ledger) == planned
    assert [name for name, _ in planned.packs] == ["base", "us-federal", "chicago", "il"]


def test_activating_what_is_active_records_nothing(ledger):
    assert activate(ledger, "or")
    assert not activate(ledger, "or")
    assert len(ledger.read(STREAM)) == 1


def test_the_last_activation_counts(ledger):
    for packs in (("or",), ("wa",), ("or",)):
        activate(ledger, *packs)

    assert find_active(ledger).policies == policies_of("or").hash
    assert len(ledger.read(STREAM)) == 3


def test_a_set_that_breaks_an_invariant_is_refused_by_its_name():
    policies = policies_of()
    slip = read_rules('@id("slip") permit(principal, action, resource);', pack="base", path="slip.cedar")
    wider = replace(policies, rules=(*slip, *(each for each in policies.rules if each.permits)))

    with pytest.raises(BrokenInvariantError, match="status-stays"):
        plan_activation(wider, proofs_of(wider))


def test_a_set_of_which_nothing_was_proved_is_refused():
    with pytest.raises(BrokenInvariantError):
        plan_activation(policies_of(), [])


def test_an_unsigned_set_is_refused_although_it_is_proved():
    policies = replace(policies_of("or"), unsigned=("or",))

    with pytest.raises(UnsignedPacksError, match="or"):
        plan_activation(policies, proofs_of(policies))


@pytest.mark.parametrize("role", ["privacy officer", "city counsel", "Chief Privacy Officer"])
def test_counsel_and_the_privacy_officer_activate(role):
    check_role(Officer("id", role, "", "", None))


@pytest.mark.parametrize("role", ["records officer", "housing counselor", ""])
def test_nobody_else_activates(role):
    with pytest.raises(RoleCannotActivateError):
        check_role(Officer("id", role, "", "", None))


@pytest.mark.parametrize(
    ("kind", "data", "version"),
    [("disclosure.other", {}, 1), (KIND, {}, 1), (KIND, {"policies": 7}, 1), (KIND, {}, 2)],
)
def test_an_entry_that_cannot_be_read_stops_everything(ledger, kind, data, version):
    ledger.append(STREAM, 0, [Event(kind, data, version=version)], by=BY)

    with pytest.raises(UnreadableActivationError):
        find_active(ledger)
