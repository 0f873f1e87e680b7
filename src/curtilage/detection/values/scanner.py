"""Look for values in cells and columns: by the kernel where there is one, else by the reference.

Both find the same; the kernel is hundreds of times faster. Which one it is, and why, a scanner says
in :attr:`Scanner.engine` and :attr:`Scanner.why`, for whoever shows results to say it once.
"""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from array import array as numbers
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from curtilage.detection import phrases, words
from curtilage.detection.kept import keep, read_kept
from curtilage.detection.values import (
    alike,
    anchors,
    automaton,
    checks,
    fold,
    folded,
    kernel,
    nouns,
    program,
    program_checks,
    reference,
    rules,
    shape_words,
    shapes,
    wordtree,
)
from curtilage.detection.values.kernel import Counted, Kernel, KernelMissingError
from curtilage.detection.values.nouns import Hit, Rules
from curtilage.detection.values.program import list_categories
from curtilage.detection.values.program_checks import NotForTheKernelError
from curtilage.detection.values.reference import Finder

if TYPE_CHECKING:
    import pyarrow as pa

Engine = Literal["kernel", "reference"]
#: Everything that a compiled program is made by.
_MAKERS: Final = (
    anchors,
    automaton,
    checks,
    fold,
    kernel,
    nouns,
    phrases,
    program,
    program_checks,
    reference,
    rules,
    shape_words,
    shapes,
    folded,
    wordtree,
    words,
)
_NONE: Final[frozenset[str]] = frozenset()


class NotTextError(TypeError):
    """A column holds numbers, days or nested values: there is no text to look through."""


class ColumnCounts(msgspec.Struct, frozen=True):
    """What was found in a column; numbers only.

    Attributes:
        cells: Cells that are not null.
        rules: By id of the rule, in how many cells it counts; only those that do.
        categories: By category, in how many cells any of its rules counts.
        whole: By id of the rule, how many cells its shape fills, spaces at the ends aside; only where
            shapes were asked for.
    """

    cells: int = 0
    rules: dict[str, int] = {}
    categories: dict[str, int] = {}
    whole: dict[str, int] = {}

    def __add__(self, other: ColumnCounts) -> ColumnCounts:
        """Return the counts of both together."""
        return ColumnCounts(
            self.cells + other.cells,
            _added(self.rules, other.rules),
            _added(self.categories, other.categories),
            _added(self.whole, other.whole),
        )


class Scanner:
    """Holds rules against cells and columns.

    Args:
        rules: All of them.
        engine: ``kernel`` or ``reference`` to have that one; where not given, the kernel where it can be.
        program: What :func:`~curtilage.detection.values.program.compile_program` made of the rules,
            where it is at hand.

    Raises:
        KernelMissingError: The kernel was asked for and is not there.
        NotForTheKernelError: It was asked for and has no room for a rule.

    Attributes:
        engine: Which one it is.
        kernel: The kernel, where it is that.
        why: One sentence on why it is the reference; empty for the kernel.
    """

    engine: Engine

    def __init__(self, rules: Rules, *, engine: Engine | None = None, program: bytes | None = None) -> None:
        self.rules, self.why = rules, ""
        self.kernel: Kernel | None = None
        if engine != "reference":
            try:
                self.kernel = Kernel(rules, program)
            except (KernelMissingError, NotForTheKernelError) as error:
                if engine == "kernel":
                    raise
                self.why = f"Values are looked for by the reference, which is slower: {error}."
        self.engine = "kernel" if self.kernel else "reference"
        self._ids = [rule.id for rule in rules.rules]
        self._categories = list_categories(rules)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.rules)

    def find(self, cell: bytes, carried: frozenset[str] = _NONE) -> list[Hit]:
        """Return what counts in a cell, see :meth:`Finder.find`."""
        return self.kernel.find_one(cell, carried) if self.kernel else self._finder.find(cell, carried)

    def shaped(self, cell: bytes) -> list[Hit]:
        """Return each identifier whose shape and checks hold, see :meth:`Finder.shaped`."""
        return self.kernel.find_one(cell, shaped=True) if self.kernel else self._finder.shaped(cell)

    def count_shaped(self, cells: Mapping[bytes, int]) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return in how many cells each rule's shape and checks hold, and in how many they fill the cell.

        Args:
            cells: How often each cell stands there.
        """
        if self.kernel is None:
            return self._finder.count_shaped(cells)
        import pyarrow as pa

        # By buffers: pa.array() of Python's own lists loads pandas, which takes longer than counting.
        ends, times = numbers("q", accumulate(map(len, cells), initial=0)), numbers("q", cells.values())
        text = pa.Array.from_buffers(pa.large_binary(), len(cells), _buffers(ends, b"".join(cells)))
        weights = pa.Array.from_buffers(pa.int64(), len(cells), _buffers(times))
        counted = self.kernel.count(text, weights=weights, shaped=True)
        return _named(self._ids, counted.cells), _named(self._ids, counted.whole)

    def scan_array(
        self, array: pa.Array | pa.ChunkedArray, carried: frozenset[str] = _NONE, *, shaped: bool = False
    ) -> ColumnCounts:
        """Return what is found in a column of text.

        Args:
            array: Strings or binaries, of any size of offsets, views too; or a dictionary of them, each
                of whose values is looked at once. Null cells are not looked at.
            carried: Context groups that the column's name speaks of.
            shaped: Count identifiers whose shape and checks hold, whatever stands around them.

        Raises:
            NotTextError: It holds something else.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if isinstance(array, pa.ChunkedArray):
            return sum(
                (self.scan_array(chunk, carried, shaped=shaped) for chunk in array.chunks), ColumnCounts()
            )
        cells, text, weights = len(array) - array.null_count, array, None
        if pa.types.is_dictionary(array.type):
            weights, text = self._weigh(array), array.dictionary
            cells = int(pc.sum(weights).as_py() or 0)
        text = _plain(text)
        if self.kernel:
            weights = alike.tell_apart(text) if weights is None else weights
            counted = self.kernel.count(text, carried, weights=weights, shaped=shaped)
        else:
            counted = self._count(text, carried, weights, shaped=shaped)
        return ColumnCounts(
            cells,
            _named(self._ids, counted.cells),
            _named(self._categories, counted.categories),
            _named(self._ids, counted.whole) if shaped else {},
        )

    def _weigh(self, array: pa.DictionaryArray) -> pa.Array:
        """Return how often each value of a dictionary is used; never for the values that are null."""
        import pyarrow.compute as pc

        weights = alike.tally(array) if self.kernel else None
        weights = _weights(array) if weights is None else weights
        if not array.dictionary.null_count:
            return weights
        return pc.multiply(weights, array.dictionary.is_valid().cast(weights.type))

    def _count(self, text: pa.Array, carried: frozenset[str], weights: Any, *, shaped: bool) -> Counted:
        counted = Counted(
            [0] * len(self.rules.rules), [0] * len(self.rules.rules), [0] * len(self._categories)
        )
        for cell, times in _list_cells(text, weights):
            hits = self._finder.shaped(cell) if shaped else self._finder.find(cell, carried)
            for rule in {hit.rule for hit in hits}:
                counted.cells[rule] += times
            for category in {self.rules.rules[hit.rule].category for hit in hits}:
                counted.categories[self._categories.index(category)] += times
            if shaped:
                for rule in {hit.rule for hit in hits if _fills(cell, hit)}:
                    counted.whole[rule] += times
        return counted


@cache
def shipped_scanner() -> Scanner:
    """Return a scanner of the rules that ship with Curtilage, made once for a process.

    Effects:
        Keeps the compiled rules for the next process, see :mod:`curtilage.detection.kept`.

    Raises:
        RulesNotReadableError: A file of rules is broken.
    """
    name = f"values-{_mark()}.bin"
    for content in read_kept(name):
        try:
            known, made = msgspec.msgpack.decode(content, type=tuple[Rules, bytes])
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        return Scanner(known, program=made)
    known = rules.load()
    try:
        made = program.compile_program(known)
    except NotForTheKernelError:
        return Scanner(known)
    keep(name, msgspec.msgpack.encode((known, made)))
    return Scanner(known, program=made)


def _mark() -> str:
    """Return a fingerprint of the rules, of the code that compiles them, and of what that rests on."""
    digest = hashlib.blake2b(
        f"{unicodedata.unidata_version} {struct.pack('=I', 1)!r}".encode(), digest_size=12
    )
    for name, text in rules.shipped_files().items():
        digest.update(f"{name}\0{text}\0".encode())
    for module in _MAKERS:
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()


def _added(some: dict[str, int], others: dict[str, int]) -> dict[str, int]:
    return dict(Counter(some) + Counter(others))


def _named(names: list[str], counts: list[int]) -> dict[str, int]:
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _plain(array: pa.Array) -> pa.Array:
    """Return the array with the layout that the kernel reads: offsets into one text."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.large_binary())
    if pa.types.is_null(kind):
        return array.cast(pa.string())
    if any(is_text(kind) for is_text in (pa.types.is_string, pa.types.is_large_string)):
        return array
    if any(is_text(kind) for is_text in (pa.types.is_binary, pa.types.is_large_binary)):
        return array
    raise NotTextError(f"a column of {kind} holds no text to look through; cast it to string first")


def _buffers(*contents: Any) -> list[Any]:
    """Return the buffers of an array without nulls."""
    import pyarrow as pa

    return [None, *(pa.py_buffer(each) for each in contents)]


def _weights(array: pa.DictionaryArray) -> pa.Array:
    """Return how often each value of a dictionary is used, by Arrow's own means."""
    import pyarrow as pa
    import pyarrow.compute as pc

    used = array.indices.cast(pa.int64())
    # No number is handed to Arrow here: that loads pandas, which takes longer than all this.
    ones = pa.nulls(len(array.dictionary)).is_null().cast(pa.int64())
    places = pc.subtract(pc.cumulative_sum(ones), ones)
    # Counts come in the order in which values are first met: once each, in their own order, and then as used.
    met = pa.concat_arrays([places, used]).value_counts().field("counts").slice(0, len(ones))
    return pc.subtract(met, ones)


def _list_cells(text: pa.Array, weights: Any) -> Iterator[tuple[bytes, int]]:
    """Give each cell that is not null, equal ones together, and how often it stands there."""
    import pyarrow as pa

    cells = text.cast(pa.large_binary())
    if weights is not None:
        yield from (
            (cell, times)
            for cell, times in zip(cells.to_pylist(), weights.to_pylist(), strict=True)
            if cell is not None and times
        )
        return
    for each in cells.value_counts():
        if each["values"].is_valid:
            yield each["values"].as_py(), each["counts"].as_py()


def _fills(cell: bytes, hit: Hit) -> bool:
    folded = fold.fold(cell)
    return not (folded[: hit.start].strip(b" ") or folded[hit.end :].strip(b" "))
