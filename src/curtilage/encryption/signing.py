"""Keys that sign: in a file, or in a token that they cannot leave.

Rules of this file:

* A key file is PKCS#8 in PEM, as ``openssl genpkey -algorithm ed25519`` writes it, readable by its owner
  only. A file that others may read is refused: whoever read it can sign for the city.
* A key is never made in place of another one.
* What signs shows its public half and signs; the private half has no way out.

Source:
    rfc8032 (Ed25519); fips204 (ML-DSA-44); rfc5958 (PKCS#8); pkcs11-3.1.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from curtilage.encryption.tokens import TokenKey, open_token
from curtilage.foundation.errors import CurtilageError, SourceError
from curtilage.foundation.guarded import Guarded

ED25519: Final = "ed25519"
"""Name of the kind of key that signs by default."""

ML_DSA_44: Final = "ml-dsa-44"
"""Name of the kind that a quantum computer does not break."""

_EDWARDS_25519: Final = bytes.fromhex("06032b6570")  # the object identifier 1.3.101.112, in DER


class BadKeyFileError(SourceError):
    """A key file cannot be used."""

    code = "encryption.bad-key-file"

    def __init__(self, *, path: Path, what: str, next_step: str) -> None:
        self.path, self.what = path, what
        super().__init__(f"The key {path} cannot be used: {what}. Nothing was signed. {next_step}")


class KeyExistsError(CurtilageError):
    """There is a key already, and it is not replaced."""

    code = "encryption.key-exists"

    def __init__(self, *, where: str) -> None:
        self.where = where
        super().__init__(
            f"There is a key already: {where}. It was left as it is: what it signed could not be continued "
            "without it. Choose another name, or move it to a safe place first."
        )


class Signing(Protocol):
    """A key that signs."""

    @property
    def algorithm(self) -> str:
        """``ed25519`` or ``ml-dsa-44``."""
        ...

    @property
    def public_key(self) -> bytes:
        """The public half: 32 bytes of Ed25519, 1,312 of ML-DSA-44."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature: 64 bytes of Ed25519, 2,420 of ML-DSA-44."""
        ...


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key that was read from a file."""

    algorithm: str
    public_key: bytes
    _private: Any = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the signature over ``message``."""
        signature: bytes = self._private.sign(message)
        return signature


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """An Ed25519 key in a token. A session is opened for each signature: checkpoints are few."""

    public_key: bytes
    _key: TokenKey
    _pin: Guarded | None = field(repr=False)
    algorithm: str = ED25519

    def sign(self, message: bytes) -> bytes:
        """Return the signature over ``message``.

        Raises:
            TokenError: The token is not there, or refuses.
        """
        with open_token(self._key, self._pin) as session:
            from pkcs11 import Mechanism, ObjectClass

            private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self._key.label)
            signature: bytes = private.sign(message, mechanism=Mechanism.EDDSA)
            return signature


def read_key(path: Path) -> FileKey:
    """Read a private key.

    Raises:
        BadKeyFileError: It is not there, others may read it, or it is no key that signs here.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadKeyFileError(
                path=path, what="others may read it", next_step=f"Run: chmod 600 {path}, or make a new one."
            )
        private = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        why = error.strerror or "unknown"
        next_step = "Make one with: curtilage ledger key --new"
        raise BadKeyFileError(path=path, what=f"it cannot be read ({why})", next_step=next_step) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        what = "it is no private key without a password, in PEM"
        raise BadKeyFileError(path=path, what=what, next_step=_HOW_TO_MAKE) from error
    return _wrap(private, path)


_HOW_TO_MAKE: Final = "Make one with: curtilage ledger key --new, or: openssl genpkey -algorithm ed25519"


def _wrap(private: Any, path: Path) -> FileKey:
    from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

    kinds: dict[str, Any] = {ED25519: ed25519.Ed25519PrivateKey, ML_DSA_44: mldsa.MLDSA44PrivateKey}
    for algorithm, kind in kinds.items():
        if isinstance(private, kind):
            return FileKey(algorithm, private.public_key().public_bytes_raw(), private)
    raise BadKeyFileError(
        path=path, what="it is a key of another kind than Ed25519 or ML-DSA-44", next_step=_HOW_TO_MAKE
    )


def make_key(path: Path, algorithm: str = ED25519) -> FileKey:
    """Make a private key and write it.

    Args:
        path: A new file; its folder is made where it is missing.
        algorithm: ``ed25519`` or ``ml-dsa-44``.

    Effects:
        Writes ``path``, readable by its owner only, and flushes it to disk.

    Raises:
        KeyExistsError: There is such a file.
        BadKeyFileError: It cannot be written.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

    kinds: dict[str, Any] = {ED25519: ed25519.Ed25519PrivateKey, ML_DSA_44: mldsa.MLDSA44PrivateKey}
    private = kinds[algorithm].generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise KeyExistsError(where=str(path)) from error
    except OSError as error:
        raise BadKeyFileError(
            path=path,
            what=f"it cannot be written ({error.strerror})",
            next_step="Check the folder's rights and the free space.",
        ) from error
    return _wrap(private, path)


def find_token_key(key: TokenKey, pin: Guarded | None) -> TokenSigner:
    """Find an Ed25519 key in a token.

    Raises:
        TokenError: The token is not there, or holds no such key.
    """
    with open_token(key, pin) as session:
        from pkcs11 import Attribute, ObjectClass

        public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=key.label)
        # An OCTET STRING of DER around the 32 bytes; some libraries give the bytes alone.
        return TokenSigner(public[Attribute.EC_POINT][-32:], key, pin)


def make_token_key(key: TokenKey, pin: Guarded | None) -> TokenSigner:
    """Make an Ed25519 key in a token; it can never leave it.

    Effects:
        Writes a pair of keys into the token.

    Raises:
        KeyExistsError: The token holds a key of that label.
        TokenError: The token is not there, or cannot make such a key.
    """
    with open_token(key, pin, may_write=True) as session:
        from pkcs11 import Attribute, KeyType, Mechanism

        if any(True for _ in session.get_objects({Attribute.LABEL: key.label})):
            raise KeyExistsError(where=f"{key.label} in the token {key.token}")
        curve = session.create_domain_parameters(
            KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _EDWARDS_25519}, local=True
        )
        curve.generate_keypair(
            mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            store=True,
            label=key.label,
            private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )
    return find_token_key(key, pin)
