"""What is about a person is sealed, stored apart, and can be destroyed while the record still stands."""

import hashlib
import sqlite3

import pytest

from curtilage.encryption.envelope import EnvelopeSealer
from curtilage.encryption.keys import make_wrapping_key
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import BodyDestroyedError, BodyMismatchError, BodyMissingError
from curtilage.ledger.nouns import BodyRef, SealedBody
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.stores import sqlite
from curtilage.ledger.tree import find_root
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event

CANARY = "Ximena-Canary-4417"


def record(ledger, **bodies):
    version = len(ledger.read("retention/a"))
    return ledger.append("retention/a", version, [event(**bodies)], by=CLERK)[0]


def test_a_body_comes_back_and_its_entry_only_names_it(ledger):
    entry = record(ledger, who=CANARY, why="A matter of the court.")
    assert [ref.name for ref in entry.bodies] == ["who", "why"]
    assert CANARY.encode() not in entry.to_bytes()
    assert ledger.open_body(entry.bodies[0]) == Guarded(CANARY)


def test_the_same_words_are_committed_to_differently_each_time(ledger):
    refs = [record(ledger, who=CANARY).bodies[0] for _ in range(2)]
    assert refs[0].commitment != refs[1].commitment


def test_the_salt_does_not_stand_beside_the_commitment(ledger, tmp_path):
    ledger._sealer = EnvelopeSealer(make_wrapping_key(tmp_path / "curtilage.key"))
    (ref,) = record(ledger, who=CANARY).bodies
    body = ledger.store.find_body(ref.commitment)
    assert CANARY.encode() not in body.sealed
    assert ledger.open_body(ref) == Guarded(CANARY)
    assert body.digest == hashlib.sha256(body.sealed).digest()


def test_a_destroyed_body_is_gone_and_the_record_says_so(ledger):
    (ref,) = record(ledger, who=CANARY).bodies
    said = ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
    assert (said.kind, said.data["series"], said.data["commitment"]) == (
        "ledger.body-destroyed",
        "hsg-014",
        ref.commitment,
    )
    assert ledger.store.find_body(ref.commitment) is None
    with pytest.raises(BodyDestroyedError, match="hsg-014"):
        ledger.open_body(ref)


def test_destroying_twice_changes_nothing(ledger):
    (ref,) = record(ledger, who=CANARY).bodies
    once = ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
    root = find_root(ledger.store.hashes, ledger.count())
    assert ledger.destroy_body(ref, by=CLERK, reason="Again.") == once
    assert find_root(ledger.store.hashes, ledger.count()) == root


def test_the_leaf_of_an_entry_is_the_same_after_its_body_is_destroyed(ledger):
    entry = record(ledger, who=CANARY)
    ledger.destroy_body(entry.bodies[0], by=CLERK, reason="Its time is over.")
    assert ledger.store.hashes(0, 0, 1) == (entry.leaf_hash(),)
    assert ledger.read("retention/a") == (entry,)


def test_other_bodies_stay(ledger):
    entry = record(ledger, who=CANARY, why="A matter of the court.")
    ledger.destroy_body(entry.bodies[0], by=CLERK, reason="Its time is over.")
    assert ledger.open_body(entry.bodies[1]) == Guarded("A matter of the court.")


def test_a_body_that_never_was_cannot_be_destroyed(ledger):
    with pytest.raises(BodyMissingError):
        ledger.destroy_body(BodyRef("who", "0" * 64, "hsg-014"), by=CLERK, reason="A mistake.")
    assert ledger.count() == 0


def test_a_body_that_went_without_a_word_is_told_from_one_that_was_destroyed(ledger):
    (ref,) = record(ledger, who=CANARY).bodies
    ledger.store.find_body = lambda commitment: None
    with pytest.raises(BodyMissingError, match="Tell oversight"):
        ledger.open_body(ref)


def test_a_body_in_the_place_of_another_is_found():
    ledger = open_ledger("memory:", clock=StoppedClock(), sealer=PlainSealer())
    one, other = (record(ledger, who=name).bodies[0] for name in ("Ana", "Ben"))
    wrong = PlainSealer().seal(
        Guarded("00" * 32 + "Ben"), context=b"curtilage/ledger/body/v1/" + one.commitment.encode()
    )
    ledger.store._bodies[one.commitment] = SealedBody(one.commitment, wrong, hashlib.sha256(wrong).digest())
    with pytest.raises(BodyMismatchError):
        ledger.open_body(one)
    assert ledger.open_body(other) == Guarded("Ben")


def test_a_reader_that_holds_the_log_is_told_and_the_last_to_close_empties_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "SCRUB_SECONDS", 0.05)
    ledger = open_ledger(str(tmp_path / "curtilage.db"), clock=StoppedClock(), sealer=PlainSealer())
    (ref,) = record(ledger, who=CANARY).bodies
    reader = sqlite3.connect(tmp_path / "curtilage.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ledger_bodies").fetchone()
    ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
    assert "until another program" in ledger.store.scrub()
    reader.close()
    ledger.close()
    assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("reader_holds_the_log", [False, True])
def test_nothing_readable_is_left_in_the_files_of_sqlite(tmp_path, reader_holds_the_log):
    ledger = open_ledger(str(tmp_path / "curtilage.db"), clock=StoppedClock(), sealer=PlainSealer())
    (ref,) = record(ledger, who=CANARY * 500).bodies
    reader = ledger.read_all() if reader_holds_the_log else iter(())
    next(reader, None)
    assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
    ledger.destroy_body(ref, by=CLERK, reason="Its time is over.")
    assert not any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
    ledger.close()
