"""Hold the private bodies of a ledger against the entries that name them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec

from curtilage.ledger._entries import Said
from curtilage.ledger.ports import Store
from curtilage.ledger.record import BODY_DESTROYED


class BodyCheck:
    """Collects what entries say of private bodies, then looks at what is there."""

    def __init__(self, fault: Callable[[str, int | None], None]) -> None:
        self._fault = fault
        self._named: dict[str, int] = {}
        self._destroyed: dict[str, int] = {}

    def note(self, position: int, said: Said | None) -> None:
        """Remember what one entry says of private bodies."""
        if said is None:
            return
        for body in said.bodies:
            self._named[body.commitment] = position
        if said.kind == BODY_DESTROYED:
            self._note_destroyed(position, said.data)

    def finish(self, store: Store, size: int) -> None:
        """Look at each private body that is there, and for each that should be.

        Args:
            store: Where the ledger lies; it may have grown meanwhile.
            size: Entries that were noted.
        """
        expected = dict(self._named)
        there = dict(_list_bodies(store))
        self._note_newer(store, size)
        for commitment, is_whole in there.items():
            self._check(commitment, store, is_whole=is_whole)
        for commitment, position in expected.items():
            if commitment not in there and commitment not in self._destroyed:
                self._fault(f"its private body {commitment[:12]} is gone, and nothing says why", position)

    def _note_newer(self, store: Store, size: int) -> None:
        """Note what was recorded while the others were read, or their bodies would look as if nobody named them."""
        while rows := store.read_rows(after=size - 1):
            for row in rows:
                with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    self.note(row.position, msgspec.json.decode(row.entry, type=Said))
            size = rows[-1].position + 1

    def _note_destroyed(self, position: int, data: dict[str, object]) -> None:
        commitment = data.get("commitment")
        if not isinstance(commitment, str) or commitment not in self._named:
            self._fault("it says that a private body was destroyed which no entry before it named", position)
        else:
            self._destroyed[commitment] = position

    def _check(self, commitment: str, store: Store, *, is_whole: bool) -> None:
        position = self._named.get(commitment)
        if position is None:
            self._fault(f"a private body {commitment[:12]} is kept that no entry names", None)
        elif commitment in self._destroyed and store.find_body(commitment) is not None:
            where = self._destroyed[commitment]
            self._fault(
                f"its private body {commitment[:12]} is kept, and entry {where} says it was destroyed",
                position,
            )
        elif not is_whole:
            self._fault(f"its private body {commitment[:12]} was changed", position)


def _list_bodies(store: Store) -> Iterator[tuple[str, bool]]:
    """Give the commitment of each private body, and whether its bytes are those that were sealed."""
    after = ""
    while bodies := store.list_bodies(after=after):
        for body in bodies:
            yield body.commitment, hashlib.sha256(body.sealed).digest() == body.digest
        after = bodies[-1].commitment
