"""The cells of Parquet files: row groups are the parts, only the columns that are wanted are read.

* Columns are called what ``drivers/parquet.py`` calls them: a field of a struct by its path.
* A row group that is damaged costs itself and is counted; a damaged or encrypted footer costs the file.
* The oldest and newest date come from the statistics that were written beside the row groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from curtilage.connectors.content.base import WHOLE, FileContent
from curtilage.connectors.content.batches import load_arrow, one_batch
from curtilage.connectors.content.dates import Extremes, span
from curtilage.connectors.content.files import Stored
from curtilage.connectors.content.nested import Leaf, column_of, leaves_of
from curtilage.connectors.content.ports import ContentLimits, Part, Table
from curtilage.connectors.ports import LimitReachedError, UnreadableError

if TYPE_CHECKING:
    import pyarrow as pa

_MAGIC: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
_LARGEST_FOOTER_BYTES: Final = 64 * 2**20
_MOST_NODES: Final = 2_000_000
#: Read at one go: fewer and larger reads are faster, and this is what two workers can both hold.
_AT_ONCE_BYTES: Final = 64 * 2**20
_AT_ONCE_ROWS: Final = 2**20
_BUFFER_BYTES: Final = 2**20
_TRIED_ROWS: Final = 1024
_SAMPLED_GROUPS: Final = 4
_FEW_GROUPS: Final = 2
_OF_GROUPS: Final = 5
"""Chosen: the first rows of a group cost a good part of reading it, for its pages are unpacked as a whole. So
one of so many groups is sampled, two at least, and four at most."""
_SMALLEST_PART_BYTES: Final = 4 * 2**20
_DAMAGED: Final = "{} × a row group that is damaged; the others were read."


class ParquetContentReader:
    """Opens Parquet files."""

    name = "parquet"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first four bytes."""
        return 0.98 if head.startswith((_MAGIC, _ENCRYPTED)) else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ParquetContent:
        """Return its content.

        Raises:
            LimitReachedError: It has too many columns.
            NotInstalledError: pyarrow is missing.
            UnreadableError: The footer is damaged or encrypted, or it lies packed.
        """
        return ParquetContent(stored, limits)


class ParquetContent(FileContent):
    """One Parquet file."""

    stays_open = True

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Read the footer; see :class:`ParquetContentReader`."""
        super().__init__(stored, limits)
        self._arrow = load_arrow(self.source)
        self._compute = load_arrow(self.source, "pyarrow.compute")
        self._parquet = load_arrow(self.source, "pyarrow.parquet")
        self._files: dict[frozenset[str], tuple[Any, BinaryIO]] = {}
        file = self._open(frozenset())
        self._metadata = file.metadata
        self._leaves: dict[str, Leaf] = {
            leaf.column.name: leaf for leaf in leaves_of(file.schema_arrow, self._arrow, deepest=limits.depth)
        }
        self._row_bytes: dict[tuple[str, ...], int] = {}
        if len(self._leaves) > limits.columns:
            self.close()
            raise LimitReachedError(source=self.source, what=f"It has more than {limits.columns:,} columns")

    def tables(self) -> tuple[Table, ...]:
        """Return the one table."""
        columns = tuple(leaf.column for leaf in self._leaves.values())
        size = sum(self._group_bytes(group) for group in range(self._metadata.num_row_groups))
        return (Table("", columns, self._metadata.num_rows, size),)

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return row groups next to each other, of about the same size together."""
        sizes = [self._group_bytes(group) for group in range(self._metadata.num_row_groups)]
        total, count = sum(sizes), max(1, min(wanted, sum(sizes) // _SMALLEST_PART_BYTES))
        parts: list[Part] = []
        start = rows = done = 0
        for group, size in enumerate(sizes):
            rows += self._metadata.row_group(group).num_rows
            done += size
            end = group + 1
            # A cut lies at the row group's end that is nearest to where equal parts would be cut.
            is_due = (
                len(parts) < count - 1
                and done + sum(sizes[end : end + 1]) / 2 >= total * (len(parts) + 1) / count
            )
            if is_due or end == len(sizes):
                parts.append(self.part(table, f"groups:{start}-{end}", rows, sum(sizes[start:end])))
                start, rows = end, 0
        return tuple(parts)

    def spread(self, table: Table, rows: int) -> pa.RecordBatch:
        """Return the first rows of two to four row groups spread over the file."""
        count = self._metadata.num_row_groups
        some = min(_SAMPLED_GROUPS, max(_FEW_GROUPS, count // _OF_GROUPS))
        groups = sorted({count * at // some for at in range(some)}) if count else []
        wanted = self._wanted(())
        each = max(1, rows // max(1, len(groups)))
        first = [batch for group in groups for batch in self._first(group, wanted, each)]
        self._keep_row_bytes(wanted, first)
        return one_batch([self._picked(batch, wanted) for batch in first], rows, self._arrow)

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of row groups; see the port."""
        wanted = self._wanted(columns)
        if not wanted:
            return
        apart = frozenset(leaf.top for leaf in wanted if leaf.is_flat and leaf.column.name in distinct)
        file = self._open(apart & self._flat_texts())
        start, end = self._groups(part.key)
        for group in range(start, end):
            for batch in self._guarded(self._group(file, group, wanted)):
                yield self._picked(batch, wanted)

    def extremes(self, table: Table, column: str) -> Extremes:
        """Return the oldest and the newest date, from the statistics of the row groups where they have them."""
        leaf = self._leaves[column]
        types = self._arrow.types
        kind = self._open(frozenset()).schema_arrow.field(leaf.top).type
        if not leaf.is_flat or not (types.is_timestamp(kind) or types.is_date(kind)):
            return super().extremes(table, column)
        known = self._from_statistics(leaf.top)
        return span(known if known is not None else self._from_column(leaf.top))

    def close(self) -> None:
        """Close the file."""
        for file, stream in self._files.values():
            file.close(force=True)
            stream.close()
        self._files.clear()

    # The file

    def _open(self, apart: frozenset[str]) -> Any:
        """Return the open file; columns of ``apart`` come from it as dictionaries."""
        if apart in self._files:
            return self._files[apart][0]
        if not self.stored.can_seek:
            what = (
                "A Parquet file that is packed again cannot be read from its end, where its columns are named"
            )
            raise UnreadableError(source=self.source, what=what)
        known = self._files.get(frozenset())
        what, opened = "", None
        stream = self.stored.open()
        try:
            opened = self._parquet.ParquetFile(
                self._arrow.PythonFile(stream, mode="r"),
                metadata=known[0].metadata if known else None,
                read_dictionary=sorted(apart) or None,
                buffer_size=_BUFFER_BYTES,
                thrift_string_size_limit=_LARGEST_FOOTER_BYTES,
                thrift_container_size_limit=_MOST_NODES,
            )
        except (self._arrow.ArrowException, OSError, ValueError, TypeError) as error:
            is_locked = "encrypted" in str(error).lower()
            what = "It is encrypted, and its key is not here" if is_locked else "Its footer is damaged"
        if opened is None:
            stream.close()
            raise UnreadableError(source=self.source, what=what)
        self._files[apart] = opened, stream
        return opened

    def _flat_texts(self) -> frozenset[str]:
        types = self._arrow.types
        schema = self._open(frozenset()).schema_arrow
        return frozenset(
            field.name for field in schema if types.is_string(field.type) or types.is_binary(field.type)
        )

    def _group_bytes(self, group: int) -> int:
        return int(self._metadata.row_group(group).total_byte_size)

    def _groups(self, key: str) -> tuple[int, int]:
        if key == WHOLE:
            return 0, int(self._metadata.num_row_groups)
        start, _, end = key.removeprefix("groups:").partition("-")
        return int(start), min(int(end), int(self._metadata.num_row_groups))

    def _wanted(self, columns: Sequence[str]) -> tuple[Leaf, ...]:
        if columns:
            return tuple(self._leaves[name] for name in columns if name in self._leaves)
        return tuple(leaf for leaf in self._leaves.values() if leaf.column.textual)

    # Row groups

    def _group(self, file: Any, group: int, wanted: Sequence[Leaf]) -> Iterator[Any]:
        """Give a row group at one go where it is small, else in pieces of a size that was measured."""
        tops = list(dict.fromkeys(leaf.top for leaf in wanted))
        rows = self._metadata.row_group(group).num_rows
        names = _names(wanted)
        if names not in self._row_bytes:
            self._keep_row_bytes(wanted, self._first(group, wanted, _TRIED_ROWS))
        at_once = min(rows, _AT_ONCE_ROWS, max(_TRIED_ROWS, _AT_ONCE_BYTES // self._row_bytes[names]))
        if at_once == rows:
            table = file.read_row_group(group, columns=tops, use_threads=False)
            yield from table.to_batches()
            return
        yield from file.iter_batches(batch_size=at_once, row_groups=[group], columns=tops, use_threads=False)

    def _keep_row_bytes(self, wanted: Sequence[Leaf], first: Iterable[Any]) -> None:
        """Measure about how many bytes a row takes in memory: dictionaries hide it from the footer."""
        tried = max((batch.nbytes // max(1, batch.num_rows) for batch in first), default=0)
        self._row_bytes[_names(wanted)] = max(1, tried, self._said_bytes(wanted))

    def _said_bytes(self, wanted: Sequence[Leaf]) -> int:
        """Return the bytes of a row as the footer tells, where all columns are wanted."""
        if len(wanted) != len(self._leaves) or not self._metadata.num_row_groups:
            return 0
        return self._group_bytes(0) // max(1, int(self._metadata.row_group(0).num_rows))

    def _first(self, group: int, wanted: Sequence[Leaf], rows: int) -> Iterator[Any]:
        """Give the first rows of a row group as one batch; nothing of one that is damaged or empty."""
        tops = list(dict.fromkeys(leaf.top for leaf in wanted))
        if not tops:
            return
        file = self._open(frozenset())
        for batch in self._guarded(
            file.iter_batches(batch_size=rows, row_groups=[group], columns=tops, use_threads=False)
        ):
            yield batch
            return

    def _guarded(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Give ``batches`` until one is damaged; the library's own words may quote the file."""
        while True:
            try:
                batch = next(batches, None)
            except MemoryError:
                raise
            except (self._arrow.ArrowException, OSError, ValueError):
                self.notes.add("unreadable", _DAMAGED)
                return
            if batch is None:
                return
            yield batch

    def _picked(self, batch: Any, wanted: Sequence[Leaf]) -> Any:
        columns = [column_of(batch, leaf, self._arrow, self._compute) for leaf in wanted]
        return self._arrow.RecordBatch.from_arrays(columns, names=[leaf.column.name for leaf in wanted])

    # Dates

    def _from_statistics(self, name: str) -> list[datetime] | None:
        """Return the ends that the row groups tell; None where one of them does not."""
        found: list[datetime] = []
        for group in range(self._metadata.num_row_groups):
            chunks = self._metadata.row_group(group)
            chunk = next(
                (
                    chunks.column(at)
                    for at in range(chunks.num_columns)
                    if chunks.column(at).path_in_schema == name
                ),
                None,
            )
            said = chunk.statistics if chunk is not None else None
            if said is not None and said.null_count == chunks.num_rows and not said.has_min_max:
                continue
            if said is None or not said.has_min_max:
                return None
            try:
                found += [_moment(said.min), _moment(said.max)]
            except (ValueError, TypeError, OverflowError, NotImplementedError):
                return None
        return found

    def _from_column(self, name: str) -> list[datetime]:
        moments = self._arrow.timestamp("s")
        file = self._open(frozenset())
        found: list[datetime] = []
        for batch in self._guarded(file.iter_batches(columns=[name], use_threads=False)):
            ends = self._compute.min_max(batch.column(0).cast(moments, safe=False))
            found += [end.as_py() for end in (ends["min"], ends["max"]) if end.is_valid]
        return found


def _names(wanted: Sequence[Leaf]) -> tuple[str, ...]:
    return tuple(leaf.column.name for leaf in wanted)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise TypeError
