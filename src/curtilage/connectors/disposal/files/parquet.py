"""Parquet, written anew with the same schema, key-value pairs, compression and order of rows.

Statistics and dictionaries of a row group tell values of its rows: all groups are written anew, so none is
left of the rows that went.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from curtilage.connectors.disposal.files.tables import MisfitFileError, flush
from curtilage.connectors.reading.optional import load_library

_ROWS: Final = 65_536


class ParquetTable:
    """One Parquet file."""

    def __init__(self, path: Path) -> None:
        """Read its footer.

        Raises:
            MisfitFileError: It is damaged, or encrypted.
            NotInstalledError: pyarrow is missing.
        """
        self._path = path
        self._arrow = load_library("pyarrow", extra="tables", source=path.name)
        self._parquet = load_library("pyarrow.parquet", extra="tables", source=path.name)
        with self._reading() as file:
            self.columns: tuple[str, ...] = tuple(file.schema_arrow.names)

    def rows(self) -> Iterator[Sequence[object]]:
        """Give the rows; see :class:`FileTable`."""
        with self._reading() as file:
            for batch in self._batches(file):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def write_without(self, gone: Collection[int], out: Path) -> None:
        """Write it without some rows; see :class:`FileTable`."""
        with self._reading() as file, out.open("wb") as target:
            groups = file.metadata.num_row_groups
            compression = file.metadata.row_group(0).column(0).compression if groups else "SNAPPY"
            with self._parquet.ParquetWriter(
                target,
                file.schema_arrow,
                compression="NONE" if compression == "UNCOMPRESSED" else compression,
            ) as writer:
                start = 0
                for batch in self._batches(file):
                    mask = self._arrow.array(
                        [number not in gone for number in range(start, start + len(batch))]
                    )
                    start += len(batch)
                    writer.write_batch(batch.filter(mask))
            flush(target)

    def _batches(self, file: Any) -> Iterator[Any]:
        try:
            yield from file.iter_batches(batch_size=_ROWS)
        except (self._arrow.ArrowException, OSError) as error:
            raise MisfitFileError("it does not follow its format to its end") from error

    def _reading(self) -> Any:
        try:
            return self._parquet.ParquetFile(self._path)
        except (self._arrow.ArrowException, OSError) as error:
            raise MisfitFileError("it is no Parquet file that can be read, or it is encrypted") from error
