"""The front of the compiled kernel: hands it Arrow's own memory, and reads what it counted.

Nothing is copied on the way in, and the interpreter is free for other threads while the kernel runs.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from curtilage.detection.values.nouns import Hit, Rules
from curtilage.detection.values.program import carried_bits, compile_program, list_categories

_NO_MEMORY: Final = -1
#: Hits that are asked for at first; where there are more, they are asked for again.
_ROOM: Final = 256


class Column(ctypes.Structure):
    """A column as ``kernel.c`` reads it."""

    _fields_ = (
        ("offsets", ctypes.c_void_p),
        ("bytes", ctypes.c_void_p),
        ("validity", ctypes.c_void_p),
        ("weights", ctypes.c_void_p),
        ("skipped", ctypes.c_int64),
        ("cells", ctypes.c_int64),
        ("wide", ctypes.c_int32),
        ("shaped", ctypes.c_int32),
    )


class _Hit(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_int64) for name in ("cell", "start", "end", "rule"))


class _Answer(ctypes.Structure):
    _fields_ = (
        ("cells", ctypes.c_void_p),
        ("whole", ctypes.c_void_p),
        ("categories", ctypes.c_void_p),
        ("hits", ctypes.c_void_p),
        ("room", ctypes.c_int64),
    )


class Counted(NamedTuple):
    """In how many cells something counts: by rule, by rule that fills the cell (shapes only), by category."""

    cells: list[int]
    whole: list[int]
    categories: list[int]


class KernelMissingError(Exception):
    """The kernel was not compiled here; whoever asks goes on by the reference."""


@cache
def library() -> Any:
    """Return the compiled library.

    Raises:
        KernelMissingError: It was not built, or this system does not load it.
    """
    name = {"win32": "_kernel.dll", "darwin": "_kernel.dylib"}.get(sys.platform, "_kernel.so")
    path = Path(__file__).with_name(name)
    if not path.exists():
        raise KernelMissingError("no C compiler was at hand when Curtilage was installed")
    try:
        loaded = ctypes.CDLL(str(path))
        for door in (loaded.curtilage_scan, loaded.curtilage_scan_plain):
            door.restype = ctypes.c_int64
            door.argtypes = (
                ctypes.c_char_p,
                ctypes.POINTER(Column),
                ctypes.c_char_p,
                ctypes.POINTER(_Answer),
            )
    except (OSError, AttributeError) as error:
        raise KernelMissingError("the compiled kernel does not load on this system") from error
    return loaded


class Kernel:
    """Finds what :mod:`~curtilage.detection.values.reference` defines, by the compiled kernel.

    Args:
        rules: All of them.
        program: What :func:`~curtilage.detection.values.program.compile_program` made of them; made
            now where it is not given.
        door: Name of the function to use; the library chooses by the processor where not given.

    Raises:
        KernelMissingError: There is no kernel here.
    """

    def __init__(self, rules: Rules, program: bytes | None = None, door: str = "curtilage_scan") -> None:
        self.rules = rules
        self._scan = getattr(library(), door)
        self.program = compile_program(rules) if program is None else program
        self._sizes = len(rules.rules), len(list_categories(rules))
        self._bits = cache(partial(carried_bits, rules))
        if self._scan(self.program, Column(), b"", _Answer()) < 0:
            raise KernelMissingError("the compiled kernel is older than the rest; install Curtilage again")

    def count(
        self, array: Any, carried: Iterable[str] = (), *, weights: Any = None, shaped: bool = False
    ) -> Counted:
        """Return in how many cells each rule counts.

        Args:
            array: A pyarrow array of strings or binaries, with offsets of 32 or 64 bits; slices too.
            carried: Context groups that the column's name speaks of.
            weights: How often each cell counts (a pyarrow array of int64 without nulls); once each
                where not given.
            shaped: Count shapes whose checks hold, whatever stands around.

        Raises:
            MemoryError: As it says.
        """
        column, answer = lay_out(array, shaped=shaped), _Counts(*self._sizes)
        if weights is not None:
            column.weights = weights.buffers()[1].address + 8 * weights.offset
        self._run(column, carried, answer.room(None, 0))
        return answer.counted()

    def find(self, array: Any, carried: Iterable[str] = (), *, shaped: bool = False) -> list[list[Hit]]:
        """Return the hits of each cell, as the reference's ``find`` or ``shaped`` does."""
        found: list[list[Hit]] = [[] for _ in range(len(array))]
        for cell, start, end, rule in self._list_hits(lay_out(array, shaped=shaped), carried):
            found[cell].append(Hit(rule, start, end))
        if shaped:
            for hits in found:
                hits.sort(key=lambda hit: (hit.start, hit.rule))
        return found

    def find_one(self, cell: bytes, carried: Iterable[str] = (), *, shaped: bool = False) -> list[Hit]:
        """Return the hits of a single cell; needs no pyarrow."""
        offsets = (ctypes.c_int64 * 2)(0, len(cell))
        text = ctypes.c_char_p(cell)
        column = Column(
            ctypes.addressof(offsets),
            ctypes.cast(text, ctypes.c_void_p),
            None,
            None,
            0,
            1,
            wide=1,
            shaped=shaped,
        )
        hits = [Hit(rule, start, end) for _, start, end, rule in self._list_hits(column, carried)]
        return sorted(hits, key=lambda hit: (hit.start, hit.rule)) if shaped else hits

    def _list_hits(self, column: Column, carried: Iterable[str]) -> list[tuple[int, int, int, int]]:
        counts, room, carried = _Counts(*self._sizes), _ROOM, tuple(carried)
        while True:
            hits = (_Hit * room)()
            answered = self._run(column, carried, counts.room(ctypes.addressof(hits), room))
            if answered <= room:
                return [(hit.cell, hit.start, hit.end, hit.rule) for hit in hits[:answered]]
            room = answered

    def _run(self, column: Column, carried: Iterable[str], answer: _Answer) -> int:
        bits = self._bits(frozenset(carried))
        answered: int = self._scan(self.program, ctypes.byref(column), bits, ctypes.byref(answer))
        if answered == _NO_MEMORY:
            raise MemoryError("no memory to look through a cell")
        assert answered >= 0, "the program was written for another kernel"
        return answered


class _Counts:
    """Room for what the kernel counts."""

    def __init__(self, size: int, kinds: int) -> None:
        self.size, self.kinds = size, kinds
        self.cells = (ctypes.c_int64 * (self.size + 1))()
        self.whole = (ctypes.c_int64 * (self.size + 1))()
        self.categories = (ctypes.c_int64 * (self.kinds + 1))()

    def room(self, hits: int | None, room: int) -> _Answer:
        """Return where the kernel writes to; the room lives as long as this object."""
        return _Answer(
            ctypes.addressof(self.cells),
            ctypes.addressof(self.whole),
            ctypes.addressof(self.categories),
            hits,
            room,
        )

    def counted(self) -> Counted:
        """Return what was counted."""
        return Counted(self.cells[: self.size], self.whole[: self.size], self.categories[: self.kinds])


def lay_out(array: Any, *, shaped: bool = False) -> Column:
    """Return where a pyarrow array of strings or binaries lies in memory; valid as long as the array is."""
    import pyarrow as pa

    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    assert wide or pa.types.is_string(array.type) or pa.types.is_binary(array.type)
    validity, offsets, text = array.buffers()
    if not len(array) or offsets is None:
        return Column(cells=0)
    return Column(
        offsets=offsets.address + array.offset * (8 if wide else 4),
        bytes=text.address if text is not None else None,
        validity=validity.address if validity is not None else None,
        skipped=array.offset,
        cells=len(array),
        wide=wide,
        shaped=shaped,
    )
