"""Keys that sign, from a file and from a token, and what is refused."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa, rsa

from curtilage.encryption.signing import (
    ED25519,
    ML_DSA_44,
    BadKeyFileError,
    KeyExistsError,
    find_token_key,
    make_key,
    make_token_key,
    read_key,
)
from curtilage.encryption.tokens import BadTokenUriError, TokenError, parse_token_uri
from curtilage.foundation.guarded import Guarded
from tests.tokens import PIN

VERIFIERS = {
    ED25519: ed25519.Ed25519PublicKey.from_public_bytes,
    ML_DSA_44: mldsa.MLDSA44PublicKey.from_public_bytes,
}


@pytest.mark.parametrize("algorithm", [ED25519, ML_DSA_44])
def test_a_key_that_was_made_is_read_again_and_signs(tmp_path, algorithm):
    made = make_key(tmp_path / "keys/ledger.pem", algorithm)
    read = read_key(tmp_path / "keys/ledger.pem")

    assert (read.algorithm, read.public_key) == (algorithm, made.public_key)
    verifier = VERIFIERS[algorithm](made.public_key)
    verifier.verify(read.sign(b"message"), b"message")
    with pytest.raises(InvalidSignature):
        verifier.verify(read.sign(b"message"), b"another")


def test_a_key_file_is_its_owners_alone(tmp_path):
    make_key(tmp_path / "ledger.pem")

    assert (tmp_path / "ledger.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_does_not_print_itself(tmp_path):
    made = make_key(tmp_path / "ledger.pem")

    assert "rivate" not in repr(made)


def test_a_key_is_never_made_in_place_of_another(tmp_path):
    first = make_key(tmp_path / "ledger.pem")

    with pytest.raises(KeyExistsError):
        make_key(tmp_path / "ledger.pem")
    assert read_key(tmp_path / "ledger.pem").public_key == first.public_key


def test_a_key_that_others_may_read_is_refused(tmp_path):
    make_key(tmp_path / "ledger.pem")
    (tmp_path / "ledger.pem").chmod(0o640)

    with pytest.raises(BadKeyFileError, match=r"others may read it.*chmod 600"):
        read_key(tmp_path / "ledger.pem")


def test_a_key_that_is_not_there_names_the_remedy(tmp_path):
    with pytest.raises(BadKeyFileError, match="curtilage ledger key --new"):
        read_key(tmp_path / "none.pem")


def test_what_is_no_key_for_signing_is_refused(tmp_path):
    other = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content, what in [(b"hello", "no private key"), (other, "another kind")]:
        (tmp_path / "key.pem").write_bytes(content)
        (tmp_path / "key.pem").chmod(0o600)
        with pytest.raises(BadKeyFileError, match=what):
            read_key(tmp_path / "key.pem")


def test_a_key_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "keys").write_text("a file where the folder should be")

    with pytest.raises(BadKeyFileError, match="cannot be written"):
        make_key(tmp_path / "keys/city/ledger.pem")


def test_a_key_in_a_token_signs_and_cannot_leave_it(city_token):
    key = parse_token_uri(city_token.uri("ledger"))
    made = make_token_key(key, Guarded(PIN))
    found = find_token_key(key, Guarded(PIN))

    assert found.public_key == made.public_key
    VERIFIERS[ED25519](found.public_key).verify(found.sign(b"message"), b"message")
    assert PIN not in repr(found)
    with pytest.raises(KeyExistsError):
        make_token_key(key, Guarded(PIN))


@pytest.mark.parametrize(
    ("name", "pin", "what"),
    [("none", PIN, "no such key"), ("ledger", "0000", "PIN is wrong")],
)
def test_a_token_that_does_not_open_says_why(city_token, name, pin, what):
    with pytest.raises(TokenError, match=what):
        find_token_key(parse_token_uri(city_token.uri(name)), Guarded(pin))


def test_a_token_that_is_not_there_says_so(city_token):
    key = parse_token_uri(city_token.uri("ledger").replace("token=city", "token=town"))

    with pytest.raises(TokenError, match="no token of that label"):
        find_token_key(key, Guarded(PIN))


def test_a_library_that_is_not_there_says_so():
    key = parse_token_uri("pkcs11:token=city;object=ledger?module-path=/nowhere/p11.so")

    with pytest.raises(TokenError, match="cannot be loaded"):
        find_token_key(key, None)


def test_the_address_of_a_key_is_read_with_what_is_percent_encoded():
    key = parse_token_uri(
        "pkcs11:token=City%20Hall;object=a?module-path=/usr/lib/p11.so&pin-source=file:keys/pin"
    )

    assert (key.token, key.label, key.module, key.pin_source) == (
        "City Hall",
        "a",
        "/usr/lib/p11.so",
        "file:keys/pin",
    )


@pytest.mark.parametrize(
    ("uri", "what"),
    [
        ("keys/ledger.pem", "begin with"),
        ("pkcs11:object=a?module-path=/p", "not say token"),
        ("pkcs11:token=a?module-path=/p", "not say object"),
        ("pkcs11:token=a;object=b", "not say module-path"),
        ("pkcs11:token=a;object=b?module-path=/p&pin-value=1234", "holds the PIN itself"),
        ("pkcs11:token=a;object=b?module-path=/p&pin-source=1234", "neither env:NAME"),
        ("pkcs11:token=a;object=b?module-path=/p&slot-id=3", "slot-id"),
        ("pkcs11:token;object=b?module-path=/p", "NAME=VALUE"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_to_write(uri, what):
    with pytest.raises(BadTokenUriError, match=what) as caught:
        parse_token_uri(uri)
    assert "1234" not in str(caught.value)
