"""A certificate holds where its words, its entry, the tree and a checkpoint from elsewhere agree; otherwise not."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.encryption.signing import make_key
from curtilage.foundation.errors import UsageError
from curtilage.ledger.keys import key_of
from curtilage.ledger.notes import sign_note
from curtilage.retention.paper import paper_to_bytes, read_paper
from curtilage.retention.verify import NothingToCompareError, Verdict, verify_paper
from tests.retention.papers import CERTIFICATE, LINE, NOON, checkpoint_text, make_paper

PAPER = make_paper()
HELD = PAPER.checkpoint.encode()


def failed(paper, held=HELD):
    return [check.what for check in verify_paper(paper, held=held).checks if not check.passed]


def test_a_certificate_that_was_recorded_holds():
    assert verify_paper(PAPER, held=HELD).holds


@pytest.mark.parametrize("before", [0, 1, 7, 300])
@pytest.mark.parametrize("after", [0, 1, 9])
def test_it_holds_wherever_it_stands_in_the_ledger(before, after):
    paper = make_paper(before=before, after=after)

    assert verify_paper(paper, held=paper.checkpoint.encode()).holds


def test_nothing_to_hold_it_against_is_no_yes():
    with pytest.raises(NothingToCompareError, match="nothing was checked"):
        verify_paper(PAPER)


def test_a_verdict_without_checks_is_no_yes():
    assert not Verdict(()).holds


def test_a_number_that_was_changed_is_found():
    forged = replace(CERTIFICATE, lines=(replace(LINE, held=0),))

    assert failed(replace(PAPER, certificate=forged)) == ["The entry in the ledger names this certificate"]


def test_an_entry_that_was_changed_with_it_is_found():
    forged = replace(CERTIFICATE, lines=(replace(LINE, held=0),))
    entry = json.loads(json.dumps(PAPER.entry))
    entry["data"]["fingerprint"] = forged.fingerprint

    assert failed(replace(PAPER, certificate=forged, entry=entry)) == [
        "The entry stands in the ledger of the checkpoint in the file"
    ]


def test_a_whole_forged_ledger_is_found_by_the_checkpoint_that_somebody_holds():
    forged = make_paper(replace(CERTIFICATE, lines=(replace(LINE, held=0),)))

    assert failed(forged) == ["It is the checkpoint that you hold"]


def test_a_checkpoint_of_another_size_cannot_be_compared():
    other = make_paper(after=5)
    verdict = verify_paper(PAPER, held=other.checkpoint.encode())

    assert not verdict.holds
    assert "cannot be compared" in verdict.checks[-1].why


def test_a_checkpoint_of_another_ledger_is_told():
    held = HELD.replace(b"rivermark", b"otherplace")

    assert "otherplace" in verify_paper(PAPER, held=held).checks[-1].why


@pytest.mark.parametrize("held", [b"", b"\n", b"a\nb\nc\n", b"\xff\xff", HELD[:-9]])
def test_a_checkpoint_that_cannot_be_read_is_no_yes(held):
    assert failed(PAPER, held) == ["It is the checkpoint that you hold"]


def test_an_entry_of_another_kind_is_found():
    entry = {**PAPER.entry, "kind": "retention.hold-placed"}

    assert len(failed(replace(PAPER, entry=entry))) == 2


def test_an_entry_without_canonical_form_is_found():
    assert failed(replace(PAPER, entry={**PAPER.entry, "position": 3.5}))


def test_a_proof_for_another_size_is_found():
    text = checkpoint_text(PAPER.tree_size + 1, b"\0" * 32)

    assert len(failed(replace(PAPER, checkpoint=text))) == 2


RAW = paper_to_bytes(PAPER)


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(at, change):
    """Except where it says the same in another way: a space, the case of a hash."""
    raw = bytearray(RAW)
    raw[at] ^= change
    try:
        found = read_paper(bytes(raw))
    except UsageError:
        return

    assert found == PAPER or not verify_paper(found, held=HELD).holds


def test_keys_must_have_signed(signed):
    paper, key, other = signed

    assert verify_paper(paper, keys=[key]).holds
    assert not verify_paper(paper, keys=[other]).holds
    assert not verify_paper(PAPER, keys=[key]).holds


def test_a_held_note_is_checked_with_the_keys_too(signed):
    paper, key, other = signed

    assert verify_paper(paper, held=paper.checkpoint.encode(), keys=[key]).holds
    assert not verify_paper(paper, held=paper.checkpoint.encode(), keys=[other]).holds


@pytest.fixture
def signed(tmp_path):
    """A paper whose checkpoint is signed, the key, and another key."""
    mine, others = (make_key(tmp_path / name) for name in ("mine", "others"))
    name = "rivermark.example/ledger"
    note = sign_note(PAPER.checkpoint, name, [mine], NOON).decode()
    return replace(PAPER, checkpoint=note), key_of(name, mine), key_of(name, others)
