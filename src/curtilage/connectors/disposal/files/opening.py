"""Which kinds of files of rows there are."""

from __future__ import annotations

from pathlib import Path

from curtilage.connectors.disposal.files.tables import FileTable, MisfitFileError


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
