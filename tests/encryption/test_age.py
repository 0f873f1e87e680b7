"""A package is opened by its recipient and by nobody else, and nothing plain is on the way."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pyrage = pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.encryption.age import (  # noqa: E402 - after the library is known to be there
    BadRecipientError,
    name_recipient,
    read_recipients,
    seal_stream,
)

CANARY = b"Ximena-Canary-4417"


def _pair():
    identity = pyrage.x25519.Identity.generate()
    return identity, str(identity.to_public())


@settings(max_examples=20)
@given(st.lists(st.binary(max_size=200_000), max_size=5))
def test_what_is_sealed_opens_with_the_recipients_key(pieces):
    identity, key = _pair()
    out = io.BytesIO()
    sealed = seal_stream(iter(pieces), out, [key])
    assert sealed.size_bytes == len(out.getvalue())
    assert pyrage.decrypt(out.getvalue(), [identity]) == b"".join(pieces)


def test_each_of_several_recipients_opens_it_and_nobody_else():
    (first, one), (second, two), (stranger, _) = _pair(), _pair(), _pair()
    out = io.BytesIO()
    seal_stream(iter([CANARY]), out, [one, two])
    assert pyrage.decrypt(out.getvalue(), [first]) == pyrage.decrypt(out.getvalue(), [second]) == CANARY
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(out.getvalue(), [stranger])


def test_nothing_plain_is_written():
    out = io.BytesIO()
    seal_stream(iter([CANARY] * 1000), out, [_pair()[1]])
    assert CANARY not in out.getvalue()


def test_the_digest_is_that_of_what_was_written():
    import hashlib

    out = io.BytesIO()
    sealed = seal_stream(iter([CANARY]), out, [_pair()[1]])
    assert sealed.digest == hashlib.sha256(out.getvalue()).hexdigest()


def test_memory_does_not_grow_with_the_package():
    class Nowhere:
        def write(self, content):
            return len(content)

    tracemalloc.start()
    seal_stream((b"x" * 65_536 for _ in range(500)), Nowhere(), [_pair()[1]])
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("error", [ValueError("of the source"), KeyboardInterrupt()])
def test_an_error_of_who_gives_the_pieces_is_passed_on_as_it_was(error):
    def pieces():
        yield CANARY
        raise error

    with pytest.raises(type(error)) as caught:
        seal_stream(pieces(), io.BytesIO(), [_pair()[1]])
    assert caught.value is error


def test_an_error_of_the_disk_is_passed_on_as_it_was():
    class Full:
        def write(self, content):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        seal_stream(iter([CANARY]), Full(), [_pair()[1]])


def test_a_file_of_recipients_has_comments_and_names_each_once():
    _, key = _pair()
    assert read_recipients(f"# the clerk of the court\n{key}\n\n{key}\n") == (key,)


def test_a_key_of_ssh_is_taken_without_the_name_behind_it():
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN"
    assert read_recipients(f"{key} somebody@office") == (key,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is none"),
        ("# nobody", "there is none"),
        ("age1canary", "a letter is missing or wrong"),
        ("canary@example.org", "no public key"),
        ("AGE-SECRET-KEY-1CANARY", "private key"),
    ],
)
def test_what_is_no_public_key_is_refused_and_never_repeated(text, why):
    with pytest.raises(BadRecipientError, match=why) as caught:
        read_recipients(text)
    assert "canary" not in str(caught.value).lower()


def test_nobody_is_no_recipient():
    with pytest.raises(BadRecipientError):
        seal_stream(iter([CANARY]), io.BytesIO(), [])


def test_a_key_has_a_name_that_can_be_read_aloud():
    _, key = _pair()
    assert len(name_recipient(key).split()) == 4
