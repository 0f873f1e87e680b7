"""Keys in a token: a hardware security module or a smart card, spoken to by PKCS#11.

Rules of this file:

* A key is named by a URI of RFC 7512, ``pkcs11:token=city;object=ledger?module-path=/usr/lib/…``.
* A PIN never stands in that URI. ``pin-source=env:NAME`` or ``pin-source=file:PATH`` says where it is, and
  a door looks there.
* A key that is made in a token cannot leave it.

Source:
    rfc7512; pkcs11-3.1.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from curtilage.foundation.errors import SourceError, UsageError
from curtilage.foundation.guarded import Guarded
from curtilage.foundation.uri import unquote_part

SCHEME: Final = "pkcs11:"
"""How the address of a key in a token begins."""

_EXAMPLE: Final = (
    "pkcs11:token=city;object=ledger?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=env:PIN"
)
_ONE_AT_A_TIME: Final = threading.Lock()  # a process signs in to a token once, whatever its threads do
_PART: Final = re.compile(r"([a-z-]+)=([^;&?]*)")


class BadTokenUriError(UsageError):
    """The address of a key in a token cannot be read."""

    code = "encryption.bad-token-address"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"The address of a key in a token cannot be used: {what}. Nothing was opened. Write: {_EXAMPLE}"
        )


class TokenError(SourceError):
    """A token did not do what it was asked."""

    code = "encryption.token"

    def __init__(self, *, token: str, what: str, next_step: str) -> None:
        self.token, self.what = token, what
        super().__init__(f"The token {token!r}: {what}. Nothing was signed, sealed or opened. {next_step}")


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Where a key lies.

    Attributes:
        token: Label of the token.
        label: Label of the key in it; empty for the whole token.
        module: Path of the vendor's library.
        pin_source: ``env:NAME`` or ``file:PATH``; empty where the token asks for no PIN.
    """

    token: str
    label: str
    module: str
    pin_source: str = ""


def parse_token_uri(uri: str, *, whole: bool = False) -> TokenKey:
    """Read the address of a key in a token.

    Args:
        uri: As RFC 7512 writes it.
        whole: It is the address of a whole token, which names no key.

    Raises:
        BadTokenUriError: It is no such address, lacks a part, or holds the PIN itself.

    >>> parse_token_uri("pkcs11:token=city;object=ledger?module-path=/usr/lib/p11.so&pin-source=env:PIN").label
    'ledger'
    """
    if not uri.startswith(SCHEME):
        raise BadTokenUriError(what=f"it does not begin with {SCHEME}")
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    said: dict[str, str] = {}
    for part in (each for each in (*path.split(";"), *query.split("&")) if each):
        found = _PART.fullmatch(part)
        if found is None:
            raise BadTokenUriError(what="a part of it is not written NAME=VALUE")
        said[found[1]] = unquote_part(found[2])
    if "pin-value" in said:
        raise BadTokenUriError(what="it holds the PIN itself")
    needed = ("token", "module-path") if whole else ("token", "object", "module-path")
    if lacks := [name for name in needed if not said.get(name)]:
        raise BadTokenUriError(what=f"it does not say {lacks[0]}")
    if unknown := sorted(set(said) - {"token", "object", "module-path", "pin-source", "type"}):
        raise BadTokenUriError(what=f"{unknown[0]} is no part that is known here")
    if whole and "object" in said:
        raise BadTokenUriError(what="it names one key, and a whole token is meant")
    source = said.get("pin-source", "")
    if source and not source.startswith(("env:", "file:")):
        raise BadTokenUriError(what="pin-source is neither env:NAME nor file:PATH")
    return TokenKey(said["token"], said.get("object", ""), said["module-path"], source)


@contextmanager
def open_token(key: TokenKey, pin: Guarded | None, *, may_write: bool = False) -> Iterator[Any]:
    """Open a session with the token of ``key``, of the library ``python-pkcs11``.

    Threads wait for each other; a session is not opened inside another one.

    Args:
        key: Where the key lies.
        pin: None where the token asks for none.
        may_write: Whether objects will be made or destroyed.

    Raises:
        TokenError: The library is not installed, the token is not there, or the PIN is wrong.
    """
    library = _load(key)
    import pkcs11

    with _ONE_AT_A_TIME:
        try:
            token = library.get_token(token_label=key.token)
            session = token.open(rw=may_write, user_pin=pin.unsafe_reveal() if pin else None)
        except pkcs11.exceptions.PKCS11Error as error:
            raise _explain(key, error) from error
        try:
            with session:
                yield session
        except pkcs11.exceptions.PKCS11Error as error:
            raise _explain(key, error) from error


def _load(key: TokenKey) -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise TokenError(
            token=key.token,
            what="the library for tokens is not installed",
            next_step="Run: pip install 'curtilage[keys]'",
        ) from error
    try:
        return pkcs11.lib(key.module)
    except (RuntimeError, pkcs11.exceptions.PKCS11Error) as error:
        raise TokenError(
            token=key.token,
            what=f"the vendor's library {key.module} cannot be loaded",
            next_step="Install it, or correct module-path.",
        ) from error


#: Name of an error of the library, and what it means to somebody who set up a token.
_MEANINGS: Final = {
    "NoSuchToken": ("there is no token of that label", "Check the label with the vendor's tool."),
    "NoSuchKey": ("it holds no such key", "Make one with: curtilage ledger key --new"),
    "MultipleObjectsReturned": ("it holds several keys of that label", "Give each its own label."),
    "PinIncorrect": (
        "the PIN is wrong",
        "Check where pin-source says it is. Some tokens lock after three tries.",
    ),
    "PinLocked": ("it is locked", "Unlock it with the vendor's tool."),
    "TokenNotPresent": ("it is not plugged in", "Plug it in, and try again."),
    "UserPinNotInitialized": ("it has no PIN yet", "Set one with the vendor's tool."),
    "MechanismInvalid": ("it cannot do what this key is for", "Use a token that can, or a key file."),
}


def _explain(key: TokenKey, error: Exception) -> TokenError:
    kind = type(error).__name__
    what, next_step = _MEANINGS.get(kind, (f"it answered {kind}", "See the vendor's manual, and try again."))
    return TokenError(token=key.token, what=what, next_step=next_step)
