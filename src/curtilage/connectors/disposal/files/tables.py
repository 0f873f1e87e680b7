"""What a file of rows must offer."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol


class MisfitFileError(ValueError):
    """A file that cannot be written anew for sure; says why, and never a value."""


class FileTable(Protocol):
    """A file whose rows are records."""

    columns: tuple[str, ...]
    """Names of the cells of a row; empty where a column has none."""

    def rows(self) -> Iterator[Sequence[object]]:
        """Give the rows in order, each with one cell for each column; the first is row 0.

        Raises:
            MisfitFileError: The file does not follow its format to its end.
        """
        ...

    def write_without(self, gone: Collection[int], out: Path) -> None:
        """Write the file to ``out`` without the rows that are named by number; all else stays as it was.

        Raises:
            MisfitFileError: What would be written could still hold them, or could not be read.
        """
        ...


def flush(file: Any) -> None:
    """Write all of an open file to the disk."""
    file.flush()
    os.fsync(file.fileno())
