"""The cells of Arrow files (Feather): record batches as they lie there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.base import WHOLE, FileContent
from curtilage.connectors.content.batches import load_arrow
from curtilage.connectors.content.files import Stored
from curtilage.connectors.content.nested import Leaf, column_of, leaves_of
from curtilage.connectors.content.ports import ContentLimits, Part, Table
from curtilage.connectors.ports import LimitReachedError, UnreadableError

if TYPE_CHECKING:
    import pyarrow as pa

_MAGIC: Final = b"ARROW1"
_DAMAGED: Final = "{} × a record batch that is damaged; the others were read."


class ArrowContentReader:
    """Opens Arrow files."""

    name = "arrow"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first six bytes."""
        return 0.98 if head.startswith(_MAGIC) else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ArrowContent:
        """Return its content.

        Raises:
            LimitReachedError: It has too many columns.
            NotInstalledError: pyarrow is missing.
            UnreadableError: It is damaged.
        """
        return ArrowContent(stored, limits)


class ArrowContent(FileContent):
    """One Arrow file."""

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        """Read the schema; see :class:`ArrowContentReader`."""
        super().__init__(stored, limits)
        self._arrow = load_arrow(self.source)
        self._compute = load_arrow(self.source, "pyarrow.compute")
        self._file = self._open()
        leaves = leaves_of(self._file.schema, self._arrow, deepest=limits.depth)
        if len(leaves) > limits.columns:
            self.close()
            raise LimitReachedError(source=self.source, what=f"It has more than {limits.columns:,} columns")
        self._leaves: dict[str, Leaf] = {leaf.column.name: leaf for leaf in leaves}

    def tables(self) -> tuple[Table, ...]:
        """Return the one table."""
        columns = tuple(leaf.column for leaf in self._leaves.values())
        return (Table("", columns, 0, self.stored.size),)

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return record batches next to each other."""
        count = self._file.num_record_batches
        cuts = sorted({count * at // max(1, wanted) for at in range(wanted + 1)} | {0, count})
        size = table.size // max(1, count)
        return tuple(
            self.part(table, f"batches:{start}-{end}", 0, size * (end - start))
            for start, end in itertools.pairwise(cuts)
        )

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the record batches of a part; see the port."""
        wanted = [
            leaf
            for leaf in self._leaves.values()
            if (leaf.column.name in columns if columns else leaf.column.textual)
        ]
        start, _, end = (
            part.key.removeprefix("batches:").partition("-") if part.key != WHOLE else ("0", "", "")
        )
        for at in range(int(start), int(end or self._file.num_record_batches)):
            try:
                batch = self._file.get_batch(at)
                batch.validate(full=True)
            except (self._arrow.ArrowException, OSError, ValueError):
                self.notes.add("unreadable", _DAMAGED)
                continue
            picked = [column_of(batch, leaf, self._arrow, self._compute) for leaf in wanted]
            yield self._arrow.RecordBatch.from_arrays(picked, names=[leaf.column.name for leaf in wanted])

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _open(self) -> Any:
        if not self.stored.can_seek:
            what = (
                "An Arrow file that is packed again cannot be read from its end, where its columns are named"
            )
            raise UnreadableError(source=self.source, what=what)
        ipc = load_arrow(self.source, "pyarrow.ipc")
        self._stream = self.stored.open()
        opened = None
        try:
            opened = ipc.open_file(self._arrow.PythonFile(self._stream, mode="r"))
        except (self._arrow.ArrowException, OSError, ValueError):
            self._stream.close()
        if opened is None:
            raise UnreadableError(source=self.source, what="It is damaged")
        return opened
