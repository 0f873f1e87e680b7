"""A proof in one file: what it shows, and that it shows nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.keys import key_of
from curtilage.ledger.proofs import Proof, UnreadableProofError, parse_proof, prove_entry, verify_proof
from curtilage.ledger.tree import ProofMismatchError
from tests.ledger.ledgers import CLERK, event
from tests.ledger.notaries import KEY, PEN, ed25519_pen, grow, memory_ledger, sign

LEDGER = memory_ledger(300)
NOTE = sign(LEDGER)
PROOF = prove_entry(LEDGER.store, 42, NOTE)


@pytest.mark.parametrize("position", [0, 42, 255, 256, 299])
def test_each_entry_has_a_proof_that_carries_it(position):
    raw = prove_entry(LEDGER.store, position, NOTE).to_bytes()
    entry, head = verify_proof(parse_proof(raw), [KEY])

    assert entry == list(LEDGER.read_all())[position]
    assert head.size == 300


def test_a_proof_is_written_as_its_specification_draws_it():
    lines = PROOF.to_bytes().decode().split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 42"
    assert lines[lines.index("") + 1] == "rivermark.example/ledger"
    assert parse_proof(PROOF.to_bytes()) == PROOF


def test_a_proof_without_its_entry_is_for_those_who_have_it():
    bare = Proof(PROOF.index, PROOF.hashes, PROOF.checkpoint)

    assert parse_proof(bare.to_bytes()) == bare
    with pytest.raises(ProofMismatchError):
        verify_proof(bare, [KEY])


@given(st.data())
def test_no_byte_of_a_proof_can_be_changed(data):
    raw = bytearray(PROOF.to_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))

    with pytest.raises(EvidenceError):
        verify_proof(parse_proof(bytes(raw)), [KEY])


def test_a_stranger_proves_nothing():
    with pytest.raises(EvidenceError):
        verify_proof(PROOF, [key_of("rivermark.example/ledger", ed25519_pen(9))])


def test_an_entry_after_the_checkpoint_has_no_proof_in_it():
    ledger = memory_ledger(3)
    note = sign(ledger, [PEN])
    grow(ledger, 2)

    with pytest.raises(ValueError, match="no leaf 3"):
        prove_entry(ledger.store, 3, note)


def test_a_checkpoint_of_another_ledger_proves_nothing_here():
    other = memory_ledger()
    other.append("retention/else", 0, [event(number) for number in range(7)], by=CLERK)

    with pytest.raises(ProofMismatchError):
        prove_entry(memory_ledger(400).store, 2, sign(other))


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "first line"),
        (b"\xff", "UTF-8"),
        (b"c2sp.org/tlog-proof@v1\n\nx", "no index"),
        (b"c2sp.org/tlog-proof@v1\nindex 042\n\nx", "no index"),
        (b"c2sp.org/tlog-proof@v1\nindex 42", "no checkpoint"),
        (b"c2sp.org/tlog-proof@v1\nextra %\nindex 42\n\nx", "base64"),
    ],
)
def test_bytes_that_are_no_proof_say_why(raw, what):
    with pytest.raises(UnreadableProofError, match=what):
        parse_proof(raw)
