"""A token as a place where many keys lie, each of which can be destroyed there.

Rules of this file:

* A key is all objects of one label: a secret key, or the halves of a pair. Two keys of one label are told apart
  by nobody, so they are refused.
* What must be remembered beside the keys is one note, a data object of the token. A new one is written before the
  old one is given up, and of two that are there the later counts.
* A session is opened for each question and never left open: what goes on meanwhile may need the token itself.

Source:
    pkcs11-3.1, sections 4.4 to 4.10.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from curtilage.encryption.tokens import TokenError, TokenKey, open_token
from curtilage.foundation.guarded import Guarded

_NOTE: Final = "curtilage-marks"
_AMBIGUOUS: Final = "Give each its own label."


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key in a token.

    Attributes:
        label: Its label.
        started, ended: Days from and until which it is used, as the token says; None where it says nothing.
    """

    label: str
    started: date | None
    ended: date | None


class Vault:
    """A token with its keys."""

    def __init__(self, token: TokenKey, pin: Guarded | None) -> None:
        """Take a token.

        Args:
            token: Where it is.
            pin: None where it asks for none.
        """
        self._token, self._pin = token, pin

    def list_keys(self) -> tuple[KeptKey, ...]:
        """Return the keys, sorted by label.

        Raises:
            TokenError: The token is not there or refuses, or two keys have one label.
        """
        from pkcs11 import Attribute, ObjectClass

        found: dict[str, KeptKey] = {}
        with open_token(self._token, self._pin) as session:
            seen = Counter[tuple[str, Any]]()
            for each in _keys(session):
                label, kind = each[Attribute.LABEL], each[Attribute.CLASS]
                seen[label, ObjectClass.PRIVATE_KEY if kind is ObjectClass.SECRET_KEY else kind] += 1
                days = [_day(each, name) for name in (Attribute.START_DATE, Attribute.END_DATE)]
                known = found.get(label, KeptKey(label, None, None))
                found[label] = KeptKey(label, known.started or days[0], known.ended or days[1])
        if any(count > 1 for count in seen.values()):
            what = "it holds several keys of one label"
            raise TokenError(token=self._token.token, what=what, next_step=_AMBIGUOUS)
        return tuple(found[label] for label in sorted(found))

    def destroy(self, labels: Collection[str]) -> None:
        """Destroy keys; one that is not there is none.

        Effects:
            Destroys the objects of these labels in the token, for ever.
        """
        from pkcs11 import Attribute

        with open_token(self._token, self._pin, may_write=True) as session:
            for each in [each for each in _keys(session) if each[Attribute.LABEL] in labels]:
                each.destroy()

    def read_note(self) -> dict[str, Any]:
        """Return what was noted last; empty where nothing was."""
        with open_token(self._token, self._pin) as session:
            return _last(session)[1]

    def write_note(self, said: dict[str, Any]) -> None:
        """Note something in place of what was noted before; nothing where it is empty.

        Args:
            said: What JSON holds.

        Effects:
            Writes a data object into the token, and destroys the one before.
        """
        with open_token(self._token, self._pin, may_write=True) as session:
            turn, _ = _last(session)
            old = _notes(session)
            if said:
                session.create_object(_describe(json.dumps({"turn": turn + 1, "said": said}).encode()))
            for each in old:
                each.destroy()


def _keys(session: Any) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass

    kinds = (ObjectClass.SECRET_KEY, ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
    return [
        each for kind in kinds for each in session.get_objects({Attribute.CLASS: kind, Attribute.TOKEN: True})
    ]


def _notes(session: Any) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass

    return list(session.get_objects({Attribute.CLASS: ObjectClass.DATA, Attribute.LABEL: _NOTE}))


def _last(session: Any) -> tuple[int, dict[str, Any]]:
    """Return the turn of the last note, 0 where there is none, and what it says."""
    from pkcs11 import Attribute

    turn, said = 0, dict[str, Any]()
    for note in (json.loads(each[Attribute.VALUE]) for each in _notes(session)):
        if note["turn"] > turn:
            turn, said = note["turn"], note["said"]
    return turn, said


def _describe(value: bytes) -> dict[Any, Any]:
    from pkcs11 import Attribute, ObjectClass

    return {
        Attribute.CLASS: ObjectClass.DATA,
        Attribute.LABEL: _NOTE,
        Attribute.APPLICATION: "curtilage",
        Attribute.VALUE: value,
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
    }


def _day(key: Any, name: Any) -> date | None:
    """Return a day that a token tells of a key; None where it tells none, or none that can be read."""
    import pkcs11

    try:
        found = key[name]
    except (pkcs11.exceptions.PKCS11Error, ValueError):
        return None
    return found if isinstance(found, date) else None
