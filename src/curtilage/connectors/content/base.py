"""What the contents of files share: their notes, their one table, and prose as a table of one column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.batches import from_rows, give_out, load_arrow, one_batch
from curtilage.connectors.content.dates import Extremes, extremes_of_text
from curtilage.connectors.content.files import Stored
from curtilage.connectors.content.ports import PROSE_COLUMN, ContentLimits, Part, Table, TextColumn
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE: Final = "all"
"""Key of the part that is a whole table."""
_SAMPLE_STRETCH: Final = 4
_HELD_CHARACTERS: Final = 2**20


class Notes:
    """What could not be read as it stands: counted by kind, told in a sentence.

    Attributes:
        counts: How many of each reason and sentence, since they were last taken.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, reason: str, one: str, count: int = 1) -> None:
        """Count something.

        Args:
            reason: Stable code, as in :class:`PassedOver`.
            one: A sentence that begins with ``{} ×``, for the count, so that those of several parts can
                be added up; never a value.
            count: How many.
        """
        if count:
            self.counts[reason, one] += count

    def take(self) -> tuple[PassedOver, ...]:
        """Return a line for each kind, in the order of their codes, and begin anew."""
        counts, self.counts = self.counts, Counter()
        return tuple(
            PassedOver(self._source, reason, sentence.format(f"{count:,}"))
            for (reason, sentence), count in sorted(counts.items())
        )

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Forget what is added meanwhile."""
        kept = Counter(self.counts)
        try:
            yield
        finally:
            self.counts = kept


class FileContent(ABC):
    """What the contents of files share. Not for use by itself: a format says how it is read.

    Attributes:
        source: As in :class:`curtilage.foundation.place.Place`.
        stored: The file.
        limits: The bounds to keep.
        notes: What could not be read as it stands.
        stays_open: Worth keeping from part to part; what it tells is of what was read since it was last asked.
    """

    stays_open = False

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        self.source = stored.source
        self.stored, self.limits = stored, limits
        self.notes = Notes(stored.source)

    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """Return the tables; a format says which."""

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return one part: the whole table."""
        return (self.part(table, WHOLE, table.rows, table.size),)

    def part(self, table: Table, key: str, rows: int, size: int) -> Part:
        """Return a part of this version of the file."""
        return Part(self.source, table.name, key, rows, size, self.stored.version)

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return about ``rows`` rows; see the port."""
        with self.notes.unheard():
            return self.spread(table, rows)

    def spread(self, table: Table, rows: int) -> pa.RecordBatch:
        """Return rows spread over the first ``4 * rows``; a format may know better."""
        arrow = load_arrow(self.source)
        part = self.part(table, WHOLE, table.rows, table.size)
        first: list[Any] = []
        for batch in self.batches(part, (), frozenset()):
            first.append(batch)
            if sum(each.num_rows for each in first) >= rows * _SAMPLE_STRETCH:
                break
        seen = one_batch(first, rows * _SAMPLE_STRETCH, arrow)
        step = max(1, seen.num_rows // max(1, rows))
        return seen.take(arrow.array(range(0, seen.num_rows, step))).slice(0, rows) if step > 1 else seen

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of ``part``; see the port."""
        yield from give_out(self.batches(part, columns, distinct), self.limits, self.source)

    @abstractmethod
    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of ``part`` in batches of any size; a format says how."""

    def extremes(self, table: Table, column: str) -> Extremes:
        """Return the oldest and the newest date by reading the whole column."""
        with self.notes.unheard():
            return self._extremes(table, column)

    def _extremes(self, table: Table, column: str) -> Extremes:
        arrow = load_arrow(self.source)
        compute = load_arrow(self.source, "pyarrow.compute")
        batches = (
            batch.select([column])
            for part in self.parts(table, wanted=1)
            for batch in self.read(part, columns=(column,))
            if column in batch.schema.names
        )
        return extremes_of_text(batches, arrow, compute)

    def told(self) -> tuple[PassedOver, ...]:
        """Return what could not be read as it stands; see the port."""
        odd = sorted(set(self.stored.problems()))
        return tuple(PassedOver(self.source, *each) for each in odd) + self.notes.take()

    def close(self) -> None:  # noqa: B027 - most formats hold nothing open
        """Let go of nothing: the file is open only while it is read."""


class ProseContent(FileContent):
    """A text as one table with one column: a paragraph, a page or a message a row."""

    def __init__(
        self, stored: Stored, limits: ContentLimits, texts: Callable[[ProseContent], Iterable[str]]
    ) -> None:
        """Keep who reads it.

        Args:
            stored: The file.
            limits: The bounds to keep.
            texts: Gives its paragraphs; called anew for each reading.
        """
        super().__init__(stored, limits)
        self._texts = texts
        self._kept: tuple[list[str], Counter[tuple[str, str]]] | None = None

    def tables(self) -> tuple[Table, ...]:
        """Return the one table of prose."""
        return (Table("", (TextColumn(PROSE_COLUMN, "text", textual=True),), 0, self.stored.size),)

    def batches(
        self, part: Part, columns: tuple[str, ...], distinct: frozenset[str]
    ) -> Iterator[pa.RecordBatch]:
        """Give the paragraphs; see the port."""
        rows = ({PROSE_COLUMN: text} for text in self._all() if text.strip())
        yield from from_rows(rows, self.limits, self.source)

    def _all(self) -> Iterator[str]:
        """Give the paragraphs; a short text is held, for reading a scanned page again takes seconds."""
        if self._kept is not None:
            self.notes.counts += self._kept[1]
            yield from self._kept[0]
            return
        before = Counter(self.notes.counts)
        held: list[str] = []
        size = 0
        for text in self._texts(self):
            size += len(text)
            if size <= _HELD_CHARACTERS:
                held.append(text)
            yield text
        if size <= _HELD_CHARACTERS:
            self._kept = held, self.notes.counts - before
