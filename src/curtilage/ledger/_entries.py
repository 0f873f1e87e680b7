"""Hold one entry after the other against its hash, its columns and its neighbours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from curtilage.foundation.canonical import canonical_bytes
from curtilage.ledger.nouns import FORMAT, Row, write_time
from curtilage.ledger.record import CLOCK_CORRECTED


class BodyName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an entry names a private body."""

    name: str
    commitment: str
    series: str


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bytes of an entry say."""

    format: int
    position: int
    stream: str
    number: int
    kind: str
    version: int
    at: str
    actor: str
    role: str
    data: dict[str, Any]
    bodies: tuple[BodyName, ...]


class EntryCheck:
    """Checks entries in order; each fault is told to ``fault``.

    Attributes:
        gaps: Positions at which another entry stands than the one that comes next.
    """

    def __init__(self, fault: Callable[[str, int], None]) -> None:
        self._fault = fault
        self._numbers: dict[str, int] = {}
        self._last = ""
        self._next = 0
        self.gaps: list[int] = []
        self._read = msgspec.json.Decoder(Said, float_hook=_refuse_float).decode
        self._write = msgspec.json.Encoder(order="sorted").encode

    def check(self, row: Row) -> Said | None:
        """Check a row of a store; return what its bytes say, None where they are no entry."""
        if row.position != self._next:
            self.gaps.append(self._next)
            what = f"entry {self._next} should stand in its place: some are missing or twice"
            self._fault(what, row.position)
        self._next = row.position + 1
        said = self.check_bytes(row.entry, row.leaf, row.position)
        if said is not None:
            is_same = row.stream == said.stream and row.number == said.number and row.kind == said.kind
            if not is_same:
                self._fault("its stream, number or kind beside it is not what it says itself", row.position)
        return said

    def check_bytes(self, raw: bytes, leaf: bytes, position: int) -> Said | None:
        """Check the bytes of an entry against their hash and the entries before it."""
        if hashlib.sha256(b"\x00" + raw).digest() != leaf:
            self._fault("its bytes do not match its hash: one of the two was changed", position)
        try:
            said = self._read(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._fault("its bytes are no entry", position)
            return None
        is_plain = self._write(said) == raw and _has_small_numbers(said.data)
        if said.format != FORMAT or not (is_plain or _is_canonical(raw)):
            self._fault("its bytes are not in the one form that entries have", position)
        if said.position != position:
            self._fault(f"it says that it is number {said.position}", position)
        self._check_order(said, position)
        return said

    def _check_order(self, said: Said, position: int) -> None:
        before = self._numbers.get(said.stream, 0)
        if said.number != before + 1:
            self._fault(f"it is number {said.number} of its stream, after number {before}", position)
        self._numbers[said.stream] = said.number
        if said.at != self._last:
            self._check_time(said, position)

    def _check_time(self, said: Said, position: int) -> None:
        if not _is_time(said.at):
            self._fault("its time is not in the one form that times have", position)
        elif said.at < self._last and said.kind != CLOCK_CORRECTED:
            self._fault("its time is before that of the entry before it", position)
        self._last = said.at


_LARGEST: Final = 2**53 - 1


def _has_small_numbers(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is dict:
        return all(map(_has_small_numbers, value.values()))
    return kind is not list or all(map(_has_small_numbers, value))


def _is_time(text: str) -> bool:
    try:
        return write_time(datetime.fromisoformat(text)) == text
    except (ValueError, OverflowError):
        return False


def _refuse_float(_: str) -> float:
    raise ValueError("An entry holds whole numbers only.")


def _is_canonical(raw: bytes) -> bool:
    """Ask the definition itself.

    The quick way orders keys beyond the basic plane of Unicode otherwise, and takes numbers of any length.
    """
    try:
        return canonical_bytes(json.loads(raw)) == raw
    except (TypeError, ValueError, RecursionError):
        return False
