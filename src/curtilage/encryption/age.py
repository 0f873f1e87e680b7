"""Packages that only their recipient can open: the age format, written as a stream.

Rules of this file:

* Only public keys are taken. A private one that is given by mistake is refused, and never repeated.
* What is encrypted comes in pieces and leaves in pieces: no plain byte is written anywhere, and memory does not grow with it.
* An error of who gives the pieces is passed on as it was: the library would put its words into its own.

Source:
    age-v1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from curtilage.foundation.errors import SourceError, UsageError

_KINDS: Final = {"age1": "x25519", "ssh-ed25519 ": "ssh", "ssh-rsa ": "ssh"}


class BadRecipientError(UsageError):
    """Whom a package is for cannot be read."""

    code = "encryption.bad-recipient"

    def __init__(self, *, line: int, why: str) -> None:
        self.line, self.why = line, why
        where = f"Line {line} of the recipients" if line else "The recipients"
        super().__init__(
            f"{where} cannot be used: {why}. Nothing was encrypted, and nothing left. "
            "Ask who is to receive the package for their public key, age1… or ssh-ed25519 …, and read it back by telephone."
        )


class NoAgeError(SourceError):
    """The library that encrypts packages is not installed."""

    code = "encryption.no-age"

    def __init__(self) -> None:
        super().__init__(
            "Packages are encrypted by pyrage, which is not installed. Nothing was encrypted, and nothing left. "
            "Run: pip install 'curtilage[release]'"
        )


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What was written.

    Attributes:
        size_bytes: Its size.
        digest: SHA-256 of the encrypted bytes, 64 hex digits.
    """

    size_bytes: int
    digest: str


def read_recipients(text: str) -> tuple[str, ...]:
    """Return the public keys of a recipients file, each once, in its order.

    Args:
        text: One key on each line; empty lines and those that begin with ``#`` are passed over.

    Raises:
        BadRecipientError: A line is no public key, or there is none.
        NoAgeError: The library is missing.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if said and not said.startswith("#"):
            _parse(said, number)
            found[_without_comment(said)] = None
    if not found:
        raise BadRecipientError(line=0, why="there is none")
    return tuple(found)


def name_recipient(key: str) -> str:
    """Return by what people compare a public key aloud: 16 hex digits of its SHA-256, in fours.

    >>> name_recipient("age1example")
    'e374 2525 5c92 f8d2'
    """
    digits = hashlib.sha256(key.encode()).hexdigest()[:16]
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def seal_stream(pieces: Iterator[bytes], out: BinaryIO, recipients: Sequence[str]) -> SealedFile:
    """Encrypt pieces, one after the other, to every recipient.

    Args:
        pieces: The plain bytes, as they come.
        out: Where the encrypted bytes are written.
        recipients: Public keys, as :func:`read_recipients` returns them; at least one.

    Raises:
        BadRecipientError: A key cannot be used, or none is given.
        NoAgeError: The library is missing.
        OSError: It could not be written.

    Effects:
        Writes to ``out``. After an error, what was written is no package.
    """
    if not recipients:
        raise BadRecipientError(line=0, why="there is none")
    keys = [_parse(each, 0) for each in recipients]
    source, sink = _Source(pieces), _Sink(out)
    try:
        _load().encrypt_io(source, sink, keys)
    except Exception:
        failure = source.failure or sink.failure
        if failure is not None:
            raise failure from None
        raise
    if failure := source.failure or sink.failure:
        raise failure
    return SealedFile(sink.size, sink.digest.hexdigest())


def _load() -> Any:
    try:
        import pyrage
    except ImportError:
        raise NoAgeError from None
    return pyrage


def _parse(key: str, line: int) -> Any:
    pyrage = _load()
    if key.upper().startswith("AGE-SECRET-KEY-") or "PRIVATE KEY" in key:
        why = "it is a private key, which nobody but its owner may have: a new pair of keys is needed"
        raise BadRecipientError(line=line, why=why)
    kind = next((kind for start, kind in _KINDS.items() if key.startswith(start)), "")
    if not kind:
        raise BadRecipientError(line=line, why="it is no public key of age or SSH")
    try:
        return getattr(pyrage, kind).Recipient.from_str(key)
    except pyrage.RecipientError:
        # The library's own words may repeat the key.
        raise BadRecipientError(
            line=line, why="it is no whole public key: a letter is missing or wrong"
        ) from None


def _without_comment(key: str) -> str:
    """Return a key of SSH without the name of who made it."""
    return " ".join(key.split()[:2])


class _Source:
    """The pieces as a file to read from; keeps the error of who gives them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""
        self.failure: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``; nothing at the end."""
        try:
            while not self._rest:
                self._rest = next(self._pieces)
        except StopIteration:
            return b""
        except BaseException as error:
            self.failure = error
            raise
        wanted = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:wanted], self._rest[wanted:]
        return found


class _Sink:
    """A file to write to, which counts and hashes; keeps the error of the disk."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.size, self.digest = out, 0, hashlib.sha256()
        self.failure: BaseException | None = None

    def write(self, content: bytes) -> int:
        """Write bytes; return how many."""
        try:
            self._out.write(content)
        except BaseException as error:
            self.failure = error
            raise
        self.digest.update(content)
        self.size += len(content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: who opened the file flushes it."""
