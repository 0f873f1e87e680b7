"""Private bodies are sealed anew under another key; every entry, commitment and proof stays what it was."""

import pytest

from curtilage.encryption.envelope import EnvelopeSealer, SealBrokenError, key_of
from curtilage.encryption.keys import (
    JoinedWrappingKey,
    KeyLostError,
    add_wrapping_key,
    make_subject_key,
    make_wrapping_key,
    read_subject_key,
    read_wrapping_key,
    retire_wrapping_keys,
    rewrap_subject_key,
)
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.errors import BodyDestroyedError, BodyMismatchError, NoSealerError
from curtilage.ledger.nouns import SealedBody
from curtilage.ledger.tree import find_root
from curtilage.ledger.verify import verify_store
from tests.ledger.ledgers import CLERK, event


@pytest.fixture
def old(tmp_path):
    return make_wrapping_key(tmp_path / "old.key")


@pytest.fixture
def new(tmp_path, old):
    return JoinedWrappingKey(make_wrapping_key(tmp_path / "new.key"), old)


@pytest.fixture
def refs(ledger, old):
    """Three private bodies, sealed under the old key."""
    ledger._sealer = EnvelopeSealer(old)
    events = [event(number, who=f"person-{number}") for number in range(3)]
    return [entry.bodies[0] for entry in ledger.append("retention/a", 0, events, by=CLERK)]


def reseal(ledger, wrapping):
    ledger._sealer = EnvelopeSealer(wrapping)
    return ledger.reseal(lambda sealed: key_of(sealed) == wrapping.id)


def test_all_are_sealed_anew_and_nothing_that_is_proved_changes(ledger, refs, new):
    before = find_root(ledger.store.hashes, 3), [entry.to_bytes() for entry in ledger.read_all()]

    assert reseal(ledger, new) == 3
    assert reseal(ledger, new) == 0

    assert (find_root(ledger.store.hashes, 3), [entry.to_bytes() for entry in ledger.read_all()]) == before
    assert verify_store(ledger.store).faults == ()
    ledger._sealer = EnvelopeSealer(new.present)
    assert [ledger.open_body(ref) for ref in refs] == [Guarded(f"person-{number}") for number in range(3)]


def test_the_former_key_opens_them_no_more(ledger, refs, old, new):
    reseal(ledger, new)
    ledger._sealer = EnvelopeSealer(old)

    with pytest.raises(KeyLostError):
        ledger.open_body(refs[0])


def test_ended_in_the_middle_it_goes_on(ledger, refs, new, monkeypatch):
    asked = 0

    def stop(sealed):
        nonlocal asked
        asked += 1
        if asked > 2:
            raise KeyboardInterrupt
        return key_of(sealed) == new.id

    ledger._sealer = EnvelopeSealer(new)
    with pytest.raises(KeyboardInterrupt):
        ledger.reseal(stop)

    assert reseal(ledger, new) == 1
    assert all(ledger.open_body(ref) for ref in refs)


def test_one_that_is_destroyed_meanwhile_stays_destroyed(ledger, refs, new):
    body = ledger.store.find_body(refs[0].commitment)
    ledger.destroy_body(refs[0], by=CLERK, reason="Its time is over.")

    assert not ledger.store.replace_body(body, before=body.digest)
    assert reseal(ledger, new) == 2
    with pytest.raises(BodyDestroyedError):
        ledger.open_body(refs[0])


def test_one_that_was_sealed_anew_by_somebody_else_is_left_to_them(ledger, refs):
    body = ledger.store.find_body(refs[0].commitment)
    other = SealedBody(body.commitment, b"other", b"d" * 32)

    assert ledger.store.replace_body(other, before=body.digest)
    assert not ledger.store.replace_body(body, before=body.digest)
    assert ledger.store.find_body(body.commitment) == other


def test_one_that_is_not_what_was_committed_to_is_not_given_a_new_seal(ledger, refs, old, new):
    first = ledger.store.find_body(refs[0].commitment)
    context = b"curtilage/ledger/body/v1/" + first.commitment.encode()
    forged = EnvelopeSealer(old).seal(Guarded("00" * 32 + "somebody else"), context=context)
    ledger.store.replace_body(SealedBody(first.commitment, forged, b"d" * 32), before=first.digest)

    with pytest.raises(BodyMismatchError):
        reseal(ledger, new)
    assert ledger.store.find_body(first.commitment).sealed == forged


def test_without_a_key_nothing_is_sealed_anew(ledger, refs):
    ledger._sealer = None

    with pytest.raises(NoSealerError):
        ledger.reseal(lambda sealed: False)


# --- the keys ----------------------------------------------------------------------------------------


def test_a_key_that_is_added_seals_and_those_before_still_open(tmp_path, old):
    sealed = EnvelopeSealer(old).seal(Guarded("Ana"), context=b"c")
    both = add_wrapping_key(tmp_path / "old.key")

    assert both.id != old.id
    assert EnvelopeSealer(read_wrapping_key(tmp_path / "old.key")).open(sealed, context=b"c") == Guarded(
        "Ana"
    )
    assert key_of(EnvelopeSealer(both).seal(Guarded("Ana"), context=b"c")) == both.id
    assert (tmp_path / "old.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_retired_is_gone_from_the_file_and_from_its_old_bytes(tmp_path, old):
    path = tmp_path / "old.key"
    last = add_wrapping_key(path)
    with path.open("rb") as before:
        assert retire_wrapping_keys(path) == 1
        assert set(before.read()) == {0}

    assert read_wrapping_key(path).keys == last.keys[-1:]
    assert retire_wrapping_keys(path) == 0


def test_the_key_of_subjects_stays_the_same_under_another_seal(tmp_path, old, new):
    path = tmp_path / "subjects"
    key = make_subject_key(path, old)

    assert rewrap_subject_key(path, new)
    assert not rewrap_subject_key(path, new)
    assert read_subject_key(path, new.present) == key
    assert not rewrap_subject_key(tmp_path / "none", new)


def test_bytes_that_were_not_sealed_here_name_no_key():
    with pytest.raises(SealBrokenError):
        key_of(b"CUR0" + bytes(40))
