"""The city's own keys: one that wraps the keys of sealed texts, and one under which subjects are hashed.

Rules of this file:

* The wrapping key lies in a file that its owner alone may read, or in a token that it cannot leave.
* A key file may hold several keys: the last one seals, all of them open. So a key is changed by adding one.
* A key is made only where a caller says so. One that was lost and quietly made anew would open nothing, and
  a hold that names people by their hashes would no longer spare them.
* The id of a key is a hash of it, so that a wrong key is told from a broken seal. A key is 256 random bits:
  its hash gives nothing away.

Source:
    rfc3394 (AES key wrap); rfc2104 (HMAC); pkcs11-3.1.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from curtilage.encryption.envelope import KEY_ID_BYTES, SealBrokenError, WrappingKey
from curtilage.encryption.tokens import TokenKey, open_token
from curtilage.foundation.errors import SourceError
from curtilage.foundation.files import write_atomically
from curtilage.foundation.guarded import Guarded

KEY_BYTES: Final = 32
"""Length of every key here: AES-256, HMAC-SHA-256."""

_HEAD: Final = (
    "# A key of the city. Whoever reads this file opens what it seals; without it nobody does.\n"
    "# Keep a copy in a safe place, apart from every backup of the ledger.\n"
)


class BadSealingKeyError(SourceError):
    """A file that should hold a key of the city cannot be used."""

    code = "encryption.bad-sealing-key"

    def __init__(self, *, path: Path, what: str, next_step: str) -> None:
        self.path, self.what = path, what
        super().__init__(
            f"The key {path.name} cannot be used: {what}. Nothing was sealed or opened. {next_step}"
        )


class KeyLostError(SourceError):
    """The key that something was sealed under is not here."""

    code = "encryption.key-lost"

    def __init__(self, *, key_id: bytes) -> None:
        self.key_id = key_id
        super().__init__(
            f"This was sealed under the key {key_id.hex()}, which is not here. Nothing was shown or changed. "
            "Put that key back from its safe copy; if it was destroyed on purpose, what it sealed is gone."
        )


@dataclass(frozen=True, slots=True)
class FileWrappingKey:
    """The keys of a file: the last one wraps, all of them unwrap."""

    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def id(self) -> bytes:
        """Id of the key that wraps."""
        return name_key(self.keys[-1])

    def wrap(self, key: bytes) -> bytes:
        """Return a key, wrapped."""
        from cryptography.hazmat.primitives.keywrap import aes_key_wrap

        return aes_key_wrap(self.keys[-1], key)

    def unwrap(self, wrapped: bytes, *, key_id: bytes) -> bytes:
        """Return the key that was wrapped."""
        from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

        for each in self.keys:
            if name_key(each) == key_id:
                try:
                    return aes_key_unwrap(each, wrapped)
                except (InvalidUnwrap, ValueError):
                    raise SealBrokenError from None
        raise KeyLostError(key_id=key_id)


@dataclass(frozen=True, slots=True)
class JoinedWrappingKey:
    """The present key, and one before it that only opens, until everything is sealed anew."""

    present: WrappingKey
    former: WrappingKey

    @property
    def id(self) -> bytes:
        """Id of the key that wraps."""
        return self.present.id

    def wrap(self, key: bytes) -> bytes:
        """Return a key, wrapped by the present one."""
        return self.present.wrap(key)

    def unwrap(self, wrapped: bytes, *, key_id: bytes) -> bytes:
        """Return the key that was wrapped, by either."""
        return (self.present if key_id == self.present.id else self.former).unwrap(wrapped, key_id=key_id)


@dataclass(frozen=True, slots=True)
class TokenWrappingKey:
    """An AES key in a token, which wraps and unwraps there. A session is opened for each use."""

    _key: TokenKey
    _pin: Guarded | None = field(repr=False)

    @property
    def id(self) -> bytes:
        """Id of the key: made of where it lies, for its value cannot be seen."""
        return name_key(f"{self._key.token}\0{self._key.label}".encode())

    def wrap(self, key: bytes) -> bytes:
        """Return a key, wrapped by the token."""
        with open_token(self._key, self._pin) as session:
            from pkcs11 import Mechanism

            wrapped: bytes = self._find(session).wrap_key(
                session.create_object(_passing(key)), mechanism=Mechanism.AES_KEY_WRAP
            )
            return wrapped

    def unwrap(self, wrapped: bytes, *, key_id: bytes) -> bytes:
        """Return the key that was wrapped."""
        if key_id != self.id:
            raise KeyLostError(key_id=key_id)
        with open_token(self._key, self._pin) as session:
            from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
            from pkcs11 import exceptions as refusals

            key = self._find(session)
            try:
                passing = key.unwrap_key(
                    ObjectClass.SECRET_KEY,
                    KeyType.AES,
                    wrapped,
                    mechanism=Mechanism.AES_KEY_WRAP,
                    template={
                        Attribute.EXTRACTABLE: True,
                        Attribute.SENSITIVE: False,
                        Attribute.TOKEN: False,
                    },
                )
            except (refusals.WrappedKeyInvalid, refusals.WrappedKeyLenRange, refusals.FunctionFailed):
                raise SealBrokenError from None
            except refusals.GeneralError:  # what SoftHSM2 says of a wrapped key that was changed
                raise SealBrokenError from None
            value: bytes = passing[Attribute.VALUE]
            return value

    def _find(self, session: Any) -> Any:
        from pkcs11 import ObjectClass

        return session.get_key(object_class=ObjectClass.SECRET_KEY, label=self._key.label)


def _passing(key: bytes) -> dict[Any, Any]:
    """Return what describes a key that is in the token only while it is wrapped."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    return {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.AES,
        Attribute.VALUE: key,
        Attribute.EXTRACTABLE: True,
        Attribute.SENSITIVE: False,
        Attribute.TOKEN: False,
    }


def name_key(key: bytes) -> bytes:
    """Return the 8-byte id of a key."""
    return hashlib.sha256(b"curtilage/key/v1/" + key).digest()[:KEY_ID_BYTES]


def read_wrapping_key(path: Path) -> FileWrappingKey:
    """Read the city's wrapping keys from a file.

    Raises:
        BadSealingKeyError: It is not there, others may read it, or it holds no key.
    """
    keys = _read(path)
    if any(len(key) != KEY_BYTES for key in keys):
        raise BadSealingKeyError(path=path, what="it holds no 256-bit key", next_step=_RESTORE)
    return FileWrappingKey(keys)


def make_wrapping_key(path: Path) -> FileWrappingKey:
    """Make a wrapping key and write it into a new file.

    Effects:
        Writes ``path``, readable by its owner only, and flushes it to disk.

    Raises:
        BadSealingKeyError: There is such a file, or it cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    _write(path, key)
    return FileWrappingKey((key,))


def add_wrapping_key(path: Path) -> FileWrappingKey:
    """Add a new key to a file, which seals from now on; those before still open.

    Effects:
        Writes ``path`` anew, in one step.

    Raises:
        BadSealingKeyError: The file cannot be read, or holds no key.
    """
    keys = (*read_wrapping_key(path).keys, os.urandom(KEY_BYTES))
    write_atomically(path, _content(*keys))
    return FileWrappingKey(keys)


def retire_wrapping_keys(path: Path) -> int:
    """Remove all keys of a file but the one that seals; what was sealed under them opens no more.

    Returns:
        How many were removed.

    Effects:
        Writes ``path`` anew, in one step, and overwrites the bytes of the file before.
    """
    keys = read_wrapping_key(path).keys
    with path.open("r+b") as old:
        size = os.fstat(old.fileno()).st_size
        write_atomically(path, _content(keys[-1]))
        old.write(bytes(size))
        os.fsync(old.fileno())
    return len(keys) - 1


def make_token_wrapping_key(key: TokenKey, pin: Guarded | None) -> TokenWrappingKey:
    """Make a wrapping key in a token; it can never leave it.

    Effects:
        Writes a key into the token; one of that label that is there already stays, and is taken.
    """
    with open_token(key, pin, may_write=True) as session:
        from pkcs11 import Attribute, KeyType, ObjectClass

        wanted = {Attribute.LABEL: key.label, Attribute.CLASS: ObjectClass.SECRET_KEY}
        if not any(True for _ in session.get_objects(wanted)):
            session.generate_key(
                KeyType.AES,
                256,
                label=key.label,
                store=True,
                template={
                    Attribute.EXTRACTABLE: False,
                    Attribute.SENSITIVE: True,
                    Attribute.WRAP: True,
                    Attribute.UNWRAP: True,
                },
            )
    return TokenWrappingKey(key, pin)


def read_subject_key(path: Path, wrapping: WrappingKey) -> bytes:
    """Read the key under which subjects and records are hashed (HMAC-SHA-256), for holds and replays.

    Args:
        path: The file that holds it, wrapped.
        wrapping: The city's wrapping key.

    Returns:
        32 bytes, never to be written anywhere.

    Raises:
        BadSealingKeyError: The file is not there, or holds something else.
        SealBrokenError: It was changed.
        KeyLostError: It was wrapped by a key that is not here.
    """
    stored = _read(path)[-1]
    key_id, wrapped = stored[:KEY_ID_BYTES], stored[KEY_ID_BYTES:]
    return wrapping.unwrap(wrapped, key_id=key_id)


def rewrap_subject_key(path: Path, wrapping: WrappingKey) -> bool:
    """Wrap the key of :func:`read_subject_key` anew under the present key; return whether it was another one.

    Effects:
        Writes ``path`` anew, in one step.
    """
    if not path.exists() or _read(path)[-1][:KEY_ID_BYTES] == wrapping.id:
        return False
    key = read_subject_key(path, wrapping)
    write_atomically(path, _content(wrapping.id + wrapping.wrap(key)))
    return True


def make_subject_key(path: Path, wrapping: WrappingKey) -> bytes:
    """Make the key under which subjects are hashed, and write it, wrapped, into a new file.

    Effects:
        Writes ``path``, readable by its owner only, and flushes it to disk.

    Raises:
        BadSealingKeyError: There is such a file, or it cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    _write(path, wrapping.id + wrapping.wrap(key))
    return key


_RESTORE: Final = "Put it back from its safe copy."


def _read(path: Path) -> tuple[bytes, ...]:
    """Return what a key file holds: one value for each line that is no comment, in base64."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadSealingKeyError(
                path=path, what="others may read it", next_step=f"Run: chmod 600 {path.name}"
            )
        lines = [line for line in path.read_text("ascii").splitlines() if line and not line.startswith("#")]
        values = tuple(base64.b64decode(line, validate=True) for line in lines)
    except OSError as error:
        why = error.strerror or "unknown"
        raise BadSealingKeyError(path=path, what=f"it cannot be read ({why})", next_step=_RESTORE) from error
    except ValueError:  # its own words would repeat the key
        raise BadSealingKeyError(path=path, what="it is no key file", next_step=_RESTORE) from None
    if not values:
        raise BadSealingKeyError(path=path, what="it is empty", next_step=_RESTORE)
    return values


def _content(*values: bytes) -> bytes:
    lines = [f"{base64.b64encode(value).decode()}\n" for value in values]
    return (_HEAD + "".join(lines)).encode()


def _write(path: Path, value: bytes) -> None:
    content = _content(value)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise BadSealingKeyError(
            path=path, what="there is one already", next_step="Move it to a safe place first."
        ) from error
    except OSError as error:
        why = f"it cannot be written ({error.strerror or 'unknown'})"
        raise BadSealingKeyError(path=path, what=why, next_step="Check the folder's rights.") from error
