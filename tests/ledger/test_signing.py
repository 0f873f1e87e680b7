"""Checkpoints are signed only over what continues what was signed before."""

import pytest

from curtilage.ledger.keys import key_of
from curtilage.ledger.notes import parse_note, sign_text
from curtilage.ledger.signing import (
    BusyError,
    EmptyLedgerError,
    ForkError,
    NoCheckpointError,
    find_checkpoint,
    find_last,
    keep_cosignatures,
    list_checkpoints,
    open_checkpoint,
    read_checkpoint,
    sign_now,
)
from tests.ledger.ledgers import CLERK, event
from tests.ledger.notaries import KEY, NOON, ORIGIN, PEN, ed25519_pen, grow, memory_ledger, ml_dsa_pen, sign


def test_the_head_is_signed_and_kept():
    ledger = memory_ledger(3)
    note = sign(ledger)

    head, _ = open_checkpoint(note, [KEY])
    assert (head.origin, head.size) == (ORIGIN, 3)
    assert find_last(ledger.store) == find_checkpoint(ledger.store, 3) == note


def test_an_empty_ledger_has_nothing_to_sign():
    with pytest.raises(EmptyLedgerError):
        sign(memory_ledger())


def test_a_ledger_that_has_not_grown_gives_the_checkpoint_that_was_signed():
    ledger = memory_ledger(3)
    pen = ml_dsa_pen()  # signs otherwise each time

    assert sign(ledger, [PEN, pen]) == sign(ledger, [PEN, pen])


def test_a_key_that_came_later_adds_its_line():
    ledger = memory_ledger(3)
    sign(ledger)
    note = sign(ledger, [PEN, ml_dsa_pen()])

    assert len(parse_note(note).signatures) == 2
    open_checkpoint(note, [KEY, key_of(ORIGIN, ml_dsa_pen())])


def test_a_checkpoint_follows_the_other():
    ledger = memory_ledger()
    for count in (1, 300, 5):
        grow(ledger, count)
        sign(ledger)

    assert [size for size, _ in list_checkpoints(ledger.store)] == [1, 301, 306]


def test_a_checkpoint_needs_a_key():
    with pytest.raises(ValueError, match="key"):
        sign(memory_ledger(3), [])


def test_another_name_is_refused():
    ledger = memory_ledger(3)
    sign(ledger)

    with pytest.raises(ForkError, match="signed as rivermark"):
        sign_now(ledger.store, origin="elsewhere.example", signers=[PEN], at=NOON)


def test_a_ledger_that_was_restored_from_an_old_backup_gets_no_signature():
    ledger, backup = memory_ledger(5), memory_ledger(3)
    backup.store.keep("checkpoint/00000000000000000005", sign(ledger))

    with pytest.raises(ForkError, match="5 entries were signed, and it has 3"):
        sign(backup)


def test_a_ledger_with_another_past_gets_no_signature():
    ledger, other = memory_ledger(5), memory_ledger(2)
    other.append("retention/else", 0, [event(number) for number in range(5)], by=CLERK)
    other.store.keep("checkpoint/00000000000000000005", sign(ledger))

    with pytest.raises(ForkError, match="not those that were signed"):
        sign(other)


def test_a_new_entry_that_does_not_match_its_hash_is_not_signed():
    ledger = memory_ledger(5)
    row = ledger.store._rows[4]
    ledger.store._rows[4] = type(row)(row.position, row.stream, row.number, row.kind, b"{}", row.leaf)

    with pytest.raises(ForkError, match="entry 4"):
        sign(ledger)
    assert find_last(ledger.store) is None


def test_one_process_signs_at_a_time():
    ledger = memory_ledger(3)
    with ledger.store.only_one("sign-checkpoint"), pytest.raises(BusyError):
        sign(ledger)
    with ledger.store.only_one("sign-checkpoint"), pytest.raises(BusyError):
        keep_cosignatures(ledger.store, 3, [])


def test_what_witnesses_signed_is_kept_with_the_checkpoint():
    ledger, witness = memory_ledger(3), ed25519_pen(2)
    note = sign(ledger)
    line = sign_text(read_checkpoint(note).to_text(), "w", witness, NOON, as_witness=True)
    kept = keep_cosignatures(ledger.store, 3, [line])

    open_checkpoint(kept, [KEY, key_of("w", witness, as_witness=True)])
    assert sign(ledger) == kept
    with pytest.raises(NoCheckpointError):
        keep_cosignatures(ledger.store, 2, [line])
