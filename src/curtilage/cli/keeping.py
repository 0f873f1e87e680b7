"""The city's ledger and keys, opened as its settings say. Every command that records anything begins here.

Rules of this file:

* Keys are touched only when something is sealed, opened or hashed: to verify a ledger needs none.
* The ledger names each key that was used (by an id that gives nothing away). A key is made only while the
  ledger names none, and the key that hashes people must be the one that it names: with another one, a hold
  on a person would spare nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from curtilage.foundation.errors import DeclarationError, EvidenceError, Problem
from curtilage.foundation.files import one_at_a_time

if TYPE_CHECKING:
    from curtilage.encryption.envelope import EnvelopeSealer, WrappingKey
    from curtilage.foundation.clock import Clock
    from curtilage.foundation.guarded import Guarded
    from curtilage.foundation.settings import Settings
    from curtilage.ledger.nouns import Actor
    from curtilage.ledger.record import Record

KEYS: Final = "ledger/keys"
"""The stream that names the keys."""

KEY_NAMED: Final = "ledger.key-named"
"""Kind of its entries: ``{"id": 16 hex digits, "use": "sealing" or "subjects"}``."""


RESEALED: Final = "ledger.bodies-resealed"
"""Kind of the entry that says that all private bodies were sealed anew: ``{"id", "bodies", "retired"}``."""

BUSY: Final = ("worker", "retention")
"""Locks of whoever holds the keys for long."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of the city's key did.

    Attributes:
        key: Id of the key that seals now, 16 hex digits.
        bodies: How many private bodies were sealed anew.
        retired: How many former keys were removed from the key file.
    """

    key: str
    bodies: int
    retired: int


class ForeignKeyError(EvidenceError):
    """The key that hashes people is not the one that the ledger names."""

    code = "encryption.foreign-key"

    def __init__(self, *, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path.name} does not hold the key that the ledger names: holds on people would spare nobody. "
            "Nothing was recorded or deleted. Put the key back from its safe copy."
        )


class Keeping:
    """A city's ledger, with the keys at hand.

    Attributes:
        ledger: The open ledger.
    """

    def __init__(self, folder: Path, settings: Settings, *, clock: Clock) -> None:
        from curtilage.ledger.opening import open_ledger

        self._folder = folder
        self._settings = settings.encryption
        address = find_address(folder, settings)
        self.ledger: Record = open_ledger(address, clock=clock, sealer=_LateSealer(lambda: self._sealer))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ledger.close()

    @cached_property
    def subject_key(self) -> bytes:
        """The 32 bytes under which people and records are hashed; never to be written anywhere.

        Effects:
            Makes it, and names it in the ledger, where the ledger names none yet.

        Raises:
            ForeignKeyError: It is not the one that the ledger names.
            SourceError: It is not there, or cannot be read.
        """
        from curtilage.encryption.keys import make_subject_key, name_key, read_subject_key

        path, named = self._folder / self._settings.subjects, self._named("subjects")
        wrapping = self._wrapping
        with one_at_a_time(self._folder):
            is_there = named or path.exists()
            key = read_subject_key(path, wrapping) if is_there else make_subject_key(path, wrapping)
        if named and name_key(key).hex() not in named:
            raise ForeignKeyError(path=path)
        self._name("subjects", name_key(key).hex())
        return key

    @cached_property
    def _sealer(self) -> EnvelopeSealer:
        from curtilage.encryption.envelope import EnvelopeSealer

        return EnvelopeSealer(self._wrapping)

    @cached_property
    def _wrapping(self) -> WrappingKey:
        key = self._find_wrapping()
        self._name("sealing", key.id.hex())
        return key

    def _find_wrapping(self, *, new: bool = False) -> WrappingKey:
        """Return the key that seals, joined with the one before where the settings name one.

        Args:
            new: Make the one in a token, where it is not there.
        """
        from curtilage.encryption.keys import JoinedWrappingKey

        present = self._find_key(self._settings.key, new=new or not self._named("sealing"))
        if not self._settings.former:
            return present
        return JoinedWrappingKey(present, self._find_key(self._settings.former, new=False))

    def _find_key(self, address: str, *, new: bool) -> WrappingKey:
        from curtilage.encryption.keys import (
            TokenWrappingKey,
            make_token_wrapping_key,
            make_wrapping_key,
            read_wrapping_key,
        )
        from curtilage.encryption.tokens import SCHEME, parse_token_uri

        if address.startswith(SCHEME):
            key = parse_token_uri(address)
            pin = find_pin(key.pin_source, self._folder)
            return make_token_wrapping_key(key, pin) if new else TokenWrappingKey(key, pin)
        path = self._folder / address
        with one_at_a_time(self._folder):
            return make_wrapping_key(path) if new and not path.exists() else read_wrapping_key(path)

    def _named(self, use: str) -> set[str]:
        named = [entry for entry in self.ledger.read(KEYS) if entry.kind == KEY_NAMED]
        return {str(entry.data["id"]) for entry in named if entry.data["use"] == use}

    def rotate(self, *, by: Actor, retire: bool = False) -> Rotated | None:
        """Seal all that is sealed under a former key anew, under a new one; what was begun before goes on.

        Args:
            by: Who does it.
            retire: Make no new key; once all is sealed under the last one, remove the others from the key file.

        Returns:
            What was done; None where a worker or a carrying out is under way, which would miss the new key.

        Effects:
            Makes a key, unless a rotation was begun or the settings name a former key. Seals every private body
            and the key of subjects anew; records that in the ledger.
        """
        from curtilage.encryption.envelope import key_of
        from curtilage.encryption.keys import add_wrapping_key, retire_wrapping_keys, rewrap_subject_key
        from curtilage.ledger.nouns import Event

        path, subjects = self._folder / self._settings.key, self._folder / self._settings.subjects
        with ExitStack() as locks:
            if not all(locks.enter_context(self.ledger.only_one(name)) for name in BUSY):
                return None
            wrapping = self._find_wrapping(new=True)
            in_file = path.is_file() and not self._settings.former
            # Whoever began before the last key was made may still seal under the one before: keys go another day.
            if in_file and not retire and not self._is_begun(wrapping):
                wrapping = add_wrapping_key(path)
            self._wrapping = wrapping
            self.__dict__.pop("_sealer", None)
            self._name("sealing", wrapping.id.hex())
            bodies = self.ledger.reseal(lambda sealed: key_of(sealed) == wrapping.id)
            rewrap_subject_key(subjects, wrapping)
            retired = retire_wrapping_keys(path) if in_file and retire else 0
            event = Event(RESEALED, {"id": wrapping.id.hex(), "bodies": bodies, "retired": retired})
            self.ledger.append(KEYS, len(self.ledger.read(KEYS)), [event], by=by)
        return Rotated(wrapping.id.hex(), bodies, retired)

    def _is_begun(self, wrapping: WrappingKey) -> bool:
        """Return whether anything is sealed under another key than the present one, so that none is made."""
        from curtilage.encryption.envelope import key_of

        after = ""
        while bodies := self.ledger.store.list_bodies(after=after):
            if any(key_of(body.sealed) != wrapping.id for body in bodies):
                return True
            after = bodies[-1].commitment
        return False

    def _name(self, use: str, key_id: str) -> None:
        """Name a key in the ledger, once."""
        from curtilage.ledger.errors import StreamMovedError
        from curtilage.ledger.nouns import Actor, Event

        event = Event(KEY_NAMED, {"id": key_id, "use": use})
        while key_id not in self._named(use):
            try:
                self.ledger.append(
                    KEYS, len(self.ledger.read(KEYS)), [event], by=Actor("curtilage", "program")
                )
            except StreamMovedError:
                continue  # another process named one at the same moment


class _LateSealer:
    """Fetches the keys when the first body is sealed or opened."""

    def __init__(self, find: Callable[[], EnvelopeSealer]) -> None:
        self._find = find

    def seal(self, plain: Guarded, *, context: bytes) -> bytes:
        """Return the sealed bytes."""
        return self._find().seal(plain, context=context)

    def open(self, sealed: bytes, *, context: bytes) -> Guarded:
        """Return what was sealed."""
        return self._find().open(sealed, context=context)


def open_keeping(folder: Path, *, clock: Clock) -> Keeping:
    """Open the ledger of a city's folder; a context manager, which closes it.

    Raises:
        DeclarationError: The settings have problems, or name a secret that is not set.
        SourceError: The ledger cannot be reached or written.
        EvidenceError: It is damaged.
    """
    from curtilage.foundation.settings import read_settings

    return Keeping(folder, read_settings(folder), clock=clock)


def find_address(folder: Path, settings: Settings) -> str:
    """Return the ledger's address, its secrets looked up, its path below the city's folder."""
    written = settings.ledger.address
    address = _look_up(written, folder, "ledger.address").unsafe_reveal()
    return address if "://" in address or address == "memory:" else str(folder / address)


def find_pin(source: str, folder: Path) -> Guarded | None:
    """Return the PIN of a token from where its address says that it is; None where it asks for none."""
    return _look_up(source, folder, "pin-source") if source else None


def _look_up(written: str, folder: Path, where: str) -> Guarded:
    from curtilage.foundation.settings import SETTINGS_FILE, read_address

    found = read_address(written, folder)
    if found.address is None:
        problem = Problem(SETTINGS_FILE, 0, f"{where}: {found.missing}", "", "settings.wrong-value")
        raise DeclarationError([problem])
    return found.address
