"""Cells that are equal, looked at once: by a small part of the compiled kernel, see ``kernel_alike.c``.

What is found in a cell depends on its bytes alone. So of equal cells the first may count for all of them,
and what is found stays the same, whatever stands in a column.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from curtilage.detection.values.kernel import Column, lay_out, library

if TYPE_CHECKING:
    import pyarrow as pa

_FEWEST: Final = 256
"""Chosen: with fewer cells asking costs as much as looking."""


def tell_apart(array: pa.Array) -> pa.Array | None:
    """Return how often each cell of a column counts: with its equals, or not at all where one counts for it.

    Args:
        array: Strings or binaries, slices too. The kernel must be there.

    Returns:
        As many int64 as there are cells; None where so few are alike that each is better looked at.

    Raises:
        MemoryError: As it says.
    """
    find = _door("curtilage_tell_apart")
    if find is None or len(array) < _FEWEST:
        return None
    weights = _numbers(len(array))
    count = find(ctypes.byref(lay_out(array)), ctypes.c_void_p(weights.address))
    if count < 0:
        raise MemoryError("no memory to tell cells apart")
    return _array(weights) if count else None


def tally(array: pa.DictionaryArray) -> pa.Array | None:
    """Return how often each value of a dictionary is used; None where the kernel cannot say.

    Indices that lead beyond the dictionary count for nothing.
    """
    import pyarrow as pa

    count = _door("curtilage_tally")
    indices = array.indices
    if count is None or indices.type not in (pa.int32(), pa.int64()) or not len(indices):
        return None
    validity, numbers = indices.buffers()
    wide = indices.type == pa.int64()
    counts = _numbers(len(array.dictionary))
    ctypes.memset(counts.address, 0, counts.size)
    column = Column(
        offsets=numbers.address + indices.offset * (8 if wide else 4),
        validity=validity.address if validity is not None else None,
        skipped=indices.offset,
        cells=len(indices),
        wide=wide,
    )
    count(ctypes.byref(column), ctypes.c_void_p(counts.address), ctypes.c_int64(len(array.dictionary)))
    return _array(counts)


@cache
def _door(name: str) -> Any:
    """Return a function of the library; None where it was compiled before there was one."""
    found = getattr(library(), name, None)
    if found is not None:
        found.restype = ctypes.c_int64
    return found


def _numbers(count: int) -> pa.Buffer:
    import pyarrow as pa

    return pa.allocate_buffer(8 * count)


def _array(numbers: pa.Buffer) -> pa.Array:
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), numbers.size // 8, [None, numbers])
