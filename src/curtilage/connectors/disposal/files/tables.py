"""What a file of rows must offer, and which of its kinds there are."""

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


def open_table(path: Path) -> FileTable:
    """Return the table of a file, by the ending of its name.

    Raises:
        MisfitFileError: It is of no kind that can be written anew.
        NotInstalledError: A library that it needs is missing.
    """
    from curtilage.connectors.disposal.files.delimited import SUFFIXES, DelimitedTable

    suffix = path.suffix.lower().removeprefix(".")
    if suffix in SUFFIXES:
        return DelimitedTable(path)
    if suffix in ("parquet", "pq"):
        from curtilage.connectors.disposal.files.parquet import ParquetTable

        return ParquetTable(path)
    if suffix == "xlsx":
        from curtilage.connectors.disposal.files.workbook import WorkbookTable

        return WorkbookTable(path)
    raise MisfitFileError("files of this kind cannot be written anew without some rows: remove them whole")


def flush(file: Any) -> None:
    """Write all of an open file to the disk."""
    file.flush()
    os.fsync(file.fileno())
