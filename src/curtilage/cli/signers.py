"""The keys that sign the city's ledger, and those that check it, as a folder's settings name them.

Rules of this file:

* Private keys are opened only to sign. Their public halves lie beside them in ``curtilage.vkeys``, to be
  handed to whoever checks the city; checking needs no more.
* A key that is checked with is typed, or stands in a file with one key a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curtilage.foundation.errors import UsageError
from curtilage.foundation.files import one_at_a_time, write_atomically

if TYPE_CHECKING:
    from curtilage.encryption.signing import Signing
    from curtilage.foundation.clock import Clock
    from curtilage.foundation.settings import Settings
    from curtilage.ledger.keys import Key
    from curtilage.ledger.record import Record

VKEYS: Final = "curtilage.vkeys"
"""File of the public halves, a line each, in the city's folder."""

LAST: Final = "curtilage.checkpoint"
"""File of the last checkpoint that was signed. A database that is put back from a backup forgets its own."""


class BadWitnessFileError(UsageError):
    """The file with the witnesses cannot be read."""

    code = "ledger.bad-witnesses"

    def __init__(self, *, path: Path, line: int, what: str) -> None:
        self.path, self.line, self.what = path, line, what
        super().__init__(
            f"{path}:{line}: {what}. No witness was asked. Write a line for each witness: its verifier key, "
            "a space, and its address, such as https://library.example/witness"
        )


def find_origin(settings: Settings) -> str:
    """Return the name of the city's ledger."""
    if settings.ledger.origin:
        return settings.ledger.origin
    return f"{re.sub(r'[^a-z0-9]+', '-', settings.city.name.lower()).strip('-') or 'city'}/ledger"


def open_signers(folder: Path, settings: Settings, *, new: bool = False) -> tuple[Signing, ...]:
    """Return the keys that sign, the first and, where one is set, the second.

    Args:
        folder: The city's folder.
        settings: Its settings.
        new: Make those that are not there yet, at least one.

    Effects:
        With ``new``, writes key files or a key into a token. Writes ``curtilage.vkeys``.

    Raises:
        SourceError: A key or a token cannot be opened.
        KeyExistsError: With ``new``, all of them are there already.
    """
    from curtilage.encryption.signing import ED25519, ML_DSA_44, KeyExistsError

    wanted = [(settings.ledger.key, ED25519)]
    if settings.ledger.second_key:
        wanted.append((settings.ledger.second_key, ML_DSA_44))
    signers: list[Signing] = []
    there: list[KeyExistsError] = []
    for address, algorithm in wanted:
        try:
            signers.append(open_key(folder, address, algorithm, new=new))
        except KeyExistsError as error:
            there.append(error)
            signers.append(open_key(folder, address, algorithm))
    if len(there) == len(wanted):
        raise there[0]
    _write_vkeys(folder, settings, signers)
    return tuple(signers)


def open_key(folder: Path, address: str, algorithm: str, *, new: bool = False) -> Signing:
    """Return the key at an address.

    Args:
        folder: What a path is relative to.
        address: A file, or ``pkcs11:…``.
        algorithm: What a new file is made for; a token makes Ed25519.
        new: Make it.

    Effects:
        With ``new``, writes a file, or a key into a token.
    """
    from curtilage.cli.keeping import find_pin
    from curtilage.encryption.signing import find_token_key, make_key, make_token_key, read_key
    from curtilage.encryption.tokens import SCHEME, parse_token_uri

    if address.startswith(SCHEME):
        where = parse_token_uri(address)
        pin = find_pin(where.pin_source, folder)
        return make_token_key(where, pin) if new else find_token_key(where, pin)
    return make_key(folder / address, algorithm) if new else read_key(folder / address)


def _write_vkeys(folder: Path, settings: Settings, signers: Iterable[Signing]) -> None:
    """Write the public halves beside the private ones, where they are not there yet."""
    from curtilage.ledger.keys import key_of

    origin, path = find_origin(settings), folder / VKEYS
    lines = [key_of(origin, signer).to_vkey() for signer in signers]
    text = "".join(f"{line}\n" for line in lines)
    if not path.exists() or path.read_text("utf-8") != text:
        write_atomically(path, text.encode())


def read_vkeys(folder: Path) -> tuple[Key, ...]:
    """Return the public halves of the city's keys; none where no key was made yet."""
    path = folder / VKEYS
    return read_keys([str(path)]) if path.exists() else ()


def read_keys(given: Iterable[str]) -> tuple[Key, ...]:
    """Return the keys that were typed, each as a line or as a file of lines.

    Raises:
        BadKeyError: One is neither.
    """
    from curtilage.ledger.keys import parse_vkey

    return tuple(parse_vkey(line) for each in given for line in _lines_of(each))


def _lines_of(given: str) -> Iterator[str]:
    path = Path(given)
    if "+" in given and not path.exists():
        yield given
        return
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{given} is neither a verifier key nor a file of them. Nothing was checked. "
            "A key is one line, NAME+ID+KEY, as curtilage ledger key prints it."
        ) from error
    yield from (line for line in lines if line.strip() and not line.startswith("#"))


def read_witnesses(folder: Path, settings: Settings) -> tuple[tuple[Key, str], ...]:
    """Return the city's witnesses, each with its key and its address without a slash at the end.

    Raises:
        BadWitnessFileError: A line cannot be read.
    """
    from curtilage.ledger.keys import BadKeyError, Kind, parse_vkey

    path = folder / settings.ledger.witnesses
    if not path.exists():
        return ()
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        vkey, _, address = line.strip().partition(" ")
        try:
            key = parse_vkey(vkey)
        except BadKeyError as error:
            raise BadWitnessFileError(path=path, line=number, what=error.what) from error
        if key.kind is Kind.ED25519:
            raise BadWitnessFileError(path=path, line=number, what="this key is a ledger's, not a witness's")
        if not re.fullmatch(r"https?://[^\s@]+", address.strip()):
            raise BadWitnessFileError(path=path, line=number, what="the address is none of http or https")
        found.append((key, address.strip().rstrip("/")))
    return tuple(found)


def sign_head(folder: Path, settings: Settings, ledger: Record, clock: Clock) -> bytes:
    """Sign the ledger as it stands with the city's keys, and return the note; see ``signing.sign_now``.

    Effects:
        Names each key in the ledger that it does not name yet, then keeps the checkpoint, in the ledger's
        store and in the folder.

    Raises:
        ForkError: The ledger does not begin with what was signed before.
    """
    from curtilage.ledger.signing import check_continues, read_checkpoint, sign_now

    origin, last = find_origin(settings), read_last(folder)
    if last is not None:
        check_continues(ledger.store, read_checkpoint(last), origin, ledger.count())
    signers: Sequence[Signing] = open_signers(folder, settings)
    name_signers(ledger, origin, signers)
    note = sign_now(ledger.store, origin=origin, signers=signers, at=clock.now())
    _keep_last(folder, note)
    return note


def _keep_last(folder: Path, note: bytes) -> None:
    """Keep a checkpoint as the last one, unless another process kept a later one meanwhile."""
    from curtilage.ledger.signing import read_checkpoint

    with one_at_a_time(folder):
        last = read_last(folder)
        if last is None or read_checkpoint(last).size <= read_checkpoint(note).size:
            write_atomically(folder / LAST, note)


def read_last(folder: Path) -> bytes | None:
    """Return the checkpoint that was signed last, as the folder has it; None where none was."""
    path = folder / LAST
    return path.read_bytes() if path.exists() else None


def name_signers(ledger: Record, origin: str, signers: Iterable[Signing]) -> None:
    """Name the keys in the ledger itself, so that everybody sees since when each of them signs.

    Effects:
        Records ``ledger.key-named`` for each that is not named yet.
    """
    from curtilage.cli.keeping import KEY_NAMED, KEYS
    from curtilage.ledger.errors import StreamMovedError
    from curtilage.ledger.keys import key_of
    from curtilage.ledger.nouns import Actor, Event

    named = ledger.read(KEYS)
    for key in (key_of(origin, signer) for signer in signers):
        event = Event(KEY_NAMED, {"id": key.id.hex(), "use": "signing", "vkey": key.to_vkey()})
        while all(entry.data.get("vkey") != key.to_vkey() for entry in named):
            with suppress(StreamMovedError):  # another process names one at the same moment
                ledger.append(KEYS, len(named), [event], by=Actor("curtilage", "program"))
            named = ledger.read(KEYS)


def list_named(ledger: Record) -> tuple[Key, ...]:
    """Return every key that the ledger names as its own, also those that sign no more."""
    from curtilage.cli.keeping import KEYS
    from curtilage.ledger.keys import parse_vkey

    vkeys = (entry.data.get("vkey") for entry in ledger.read(KEYS))
    return tuple(parse_vkey(vkey) for vkey in vkeys if isinstance(vkey, str))
