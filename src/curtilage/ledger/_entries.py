"""Hold one entry after the other against its hash, its columns and its neighbours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from curtilage.foundation.canonical import canonical_bytes
from curtilage.ledger.nouns import FORMAT, Row, write_time
from curtilage.ledger.record import BODY_DESTROYED, CLOCK_CORRECTED


class BodyName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an entry names a private body."""

    commitment: str
    name: str
    series: str


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bytes of an entry say; its fields stand in the order of the canonical form."""

    actor: str
    at: str
    bodies: tuple[BodyName, ...]
    data: dict[str, Any]
    format: int
    kind: str
    number: int
    position: int
    role: str
    stream: str
    version: int


_LARGEST: Final = 2**53 - 1
_SmallInt = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
# The library has no type that holds itself; what lies deeper is read slowly.
_Leaf = None | bool | _SmallInt | str
_Value1 = _Leaf | list[_Leaf] | dict[str, _Leaf]
_Value2 = _Leaf | list[_Value1] | dict[str, _Value1]
_Value3 = _Leaf | list[_Value2] | dict[str, _Value2]
_Value4 = _Leaf | list[_Value3] | dict[str, _Value3]


class _Told(Said, frozen=True, forbid_unknown_fields=True):
    """The same, of nothing but what has a canonical form: checked while it is read, which costs nothing."""

    data: dict[str, _Value4]
    number: _SmallInt
    position: _SmallInt
    version: _SmallInt


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
        self._read = msgspec.json.Decoder(_Told).decode
        self._read_slowly = msgspec.json.Decoder(Said, float_hook=_refuse_float).decode
        self._write = msgspec.json.Encoder(order="deterministic").encode

    def check_all(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Said]]:
        """Check rows of a store; give those that say anything of a private body."""
        sha256, read, write, numbers = hashlib.sha256, self._read, self._write, self._numbers
        for row in rows:
            position, stream, number, kind, raw, leaf = row
            said: Said | None
            try:
                said = read(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                said = None
            # Of a million entries nearly all pass here; whichever does not is looked at again, one thing at a time.
            if (
                said is not None
                and sha256(b"\x00" + raw).digest() == leaf
                and write(said) == raw
                and said.position == position == self._next
                and said.stream == stream
                and said.kind == kind
                and said.number == number == numbers.get(stream, 0) + 1
                and said.at == self._last
                and said.format == FORMAT
            ):
                self._next += 1
                numbers[stream] = number
            else:
                said = self.check(row)
            if said is not None and (said.bodies or said.kind == BODY_DESTROYED):
                yield row, said

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
            said, is_canonical = self._take(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._fault("its bytes are no entry", position)
            return None
        if said.format != FORMAT or not is_canonical:
            self._fault("its bytes are not in the one form that entries have", position)
        if said.position != position:
            self._fault(f"it says that it is number {said.position}", position)
        self._check_order(said, position)
        return said

    def _take(self, raw: bytes) -> tuple[Said, bool]:
        """Return what the bytes of an entry say, and whether they are in the one form."""
        try:
            told = self._read(raw)
        except msgspec.ValidationError:
            return self._read_slowly(raw), _is_canonical(raw)
        return told, self._write(told) == raw or _is_canonical(raw)

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
