"""What is sealed opens with the city's key and its context, and with nothing else."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.encryption.envelope import EnvelopeSealer, SealBrokenError
from curtilage.encryption.keys import (
    BadSealingKeyError,
    KeyLostError,
    TokenWrappingKey,
    make_subject_key,
    make_token_wrapping_key,
    make_wrapping_key,
    name_key,
    read_subject_key,
    read_wrapping_key,
)
from curtilage.encryption.tokens import parse_token_uri
from curtilage.foundation.guarded import Guarded
from tests.tokens import PIN

CONTEXT = b"ledger/body/1"
CANARY = "Ximena-Canary-4417"


@pytest.fixture(params=["file", "token"])
def wrapping(request, tmp_path):
    if request.param == "file":
        return make_wrapping_key(tmp_path / "curtilage.key")
    uri = request.getfixturevalue("city_token").uri("sealing")
    return make_token_wrapping_key(parse_token_uri(uri), Guarded(PIN))


def test_what_was_sealed_opens_again(wrapping):
    sealer = EnvelopeSealer(wrapping)
    sealed = sealer.seal(Guarded(CANARY), context=CONTEXT)
    assert CANARY.encode() not in sealed
    assert sealer.open(sealed, context=CONTEXT) == Guarded(CANARY)


def test_the_same_text_is_never_sealed_to_the_same_bytes(wrapping):
    sealer = EnvelopeSealer(wrapping)
    once, again = (sealer.seal(Guarded(CANARY), context=CONTEXT) for _ in range(2))
    assert len(once) == len(again)
    assert once != again


def test_another_context_opens_nothing(wrapping):
    sealer = EnvelopeSealer(wrapping)
    sealed = sealer.seal(Guarded(CANARY), context=CONTEXT)
    with pytest.raises(SealBrokenError) as refused:
        sealer.open(sealed, context=b"ledger/body/2")
    assert CANARY not in str(refused.value)


def test_no_byte_can_be_changed(tmp_path):
    sealer = EnvelopeSealer(make_wrapping_key(tmp_path / "key"))
    sealed = sealer.seal(Guarded(CANARY), context=CONTEXT)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((SealBrokenError, KeyLostError)):
            sealer.open(bytes(changed), context=CONTEXT)


def test_a_token_notices_a_changed_wrapped_key(city_token):
    key = make_token_wrapping_key(parse_token_uri(city_token.uri("sealing")), Guarded(PIN))
    sealed = bytearray(EnvelopeSealer(key).seal(Guarded(CANARY), context=CONTEXT))
    sealed[20] ^= 1
    with pytest.raises(SealBrokenError):
        EnvelopeSealer(key).open(bytes(sealed), context=CONTEXT)


@given(st.binary(max_size=120))
def test_bytes_that_nobody_sealed_are_refused(junk):
    class NoKey:
        id = bytes(8)

        def unwrap(self, wrapped, *, key_id):
            raise SealBrokenError

    with pytest.raises(SealBrokenError):
        EnvelopeSealer(NoKey()).open(junk, context=CONTEXT)


@given(text=st.text(max_size=300))
def test_every_text_survives(text, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "key-of-every-text"
    sealer = EnvelopeSealer(read_wrapping_key(path) if path.exists() else make_wrapping_key(path))
    assert sealer.open(sealer.seal(Guarded(text), context=CONTEXT), context=CONTEXT).unsafe_reveal() == text


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path):
    path = tmp_path / "curtilage.key"
    old = EnvelopeSealer(make_wrapping_key(path))
    sealed = old.seal(Guarded(CANARY), context=CONTEXT)
    path.write_text(path.read_text() + base64.b64encode(bytes(32)).decode() + "\n")
    both = read_wrapping_key(path)
    assert both.id == name_key(bytes(32))
    assert EnvelopeSealer(both).open(sealed, context=CONTEXT) == Guarded(CANARY)


def test_a_key_that_was_taken_away_is_named(tmp_path):
    sealed = EnvelopeSealer(make_wrapping_key(tmp_path / "one")).seal(Guarded(CANARY), context=CONTEXT)
    with pytest.raises(KeyLostError, match=name_key(b"").hex()[:0] + sealed[4:12].hex()):
        EnvelopeSealer(make_wrapping_key(tmp_path / "two")).open(sealed, context=CONTEXT)


def test_a_key_file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "curtilage.key"
    make_wrapping_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(BadSealingKeyError, match="others may read it"):
        read_wrapping_key(path)


def test_a_key_is_never_made_in_place_of_another(tmp_path):
    path = tmp_path / "curtilage.key"
    first = make_wrapping_key(path)
    with pytest.raises(BadSealingKeyError, match="there is one already"):
        make_wrapping_key(path)
    assert read_wrapping_key(path).id == first.id


@pytest.mark.parametrize("content", ["", "# nothing\n", "not base64!\n", "c2hvcnQ=\n", "é"])
def test_a_file_that_holds_no_key_is_refused_without_showing_it(tmp_path, content):
    path = tmp_path / "curtilage.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(BadSealingKeyError) as refused:
        read_wrapping_key(path)
    assert "Put it back" in str(refused.value)
    assert "c2hvcnQ" not in str(refused.value)


def test_a_missing_key_file_is_not_made_anew(tmp_path):
    with pytest.raises(BadSealingKeyError, match="No such file"):
        read_wrapping_key(tmp_path / "curtilage.key")


def test_the_key_of_subjects_comes_back_and_lies_wrapped(wrapping, tmp_path):
    path = tmp_path / "curtilage.subjects"
    key = make_subject_key(path, wrapping)
    assert len(key) == 32
    assert base64.b64encode(key).decode()[:20] not in path.read_text()
    assert read_subject_key(path, wrapping) == key


def test_the_key_of_subjects_opens_only_with_the_citys_key(tmp_path):
    make_subject_key(tmp_path / "subjects", make_wrapping_key(tmp_path / "one"))
    with pytest.raises(KeyLostError):
        read_subject_key(tmp_path / "subjects", make_wrapping_key(tmp_path / "two"))


def test_a_key_in_a_token_is_made_once(city_token):
    address = parse_token_uri(city_token.uri("sealing-once"))
    first = make_token_wrapping_key(address, Guarded(PIN))
    sealed = EnvelopeSealer(first).seal(Guarded(CANARY), context=CONTEXT)
    make_token_wrapping_key(address, Guarded(PIN))
    again = EnvelopeSealer(TokenWrappingKey(address, Guarded(PIN)))
    assert again.open(sealed, context=CONTEXT) == Guarded(CANARY)


def test_no_key_prints_itself(tmp_path):
    key = make_wrapping_key(tmp_path / "curtilage.key")
    assert repr(key) == "FileWrappingKey()"


def test_threads_share_a_token(city_token):
    key = make_token_wrapping_key(parse_token_uri(city_token.uri("sealing")), Guarded(PIN))
    sealer = EnvelopeSealer(key)

    def there_and_back(number):
        sealed = sealer.seal(Guarded(str(number)), context=CONTEXT)
        return sealer.open(sealed, context=CONTEXT).unsafe_reveal()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(there_and_back, range(40))) == [str(number) for number in range(40)]
