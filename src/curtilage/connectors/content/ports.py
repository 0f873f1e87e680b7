"""What a reader of content must offer: tables, the parts they are read in, and record batches.

* The content of a source is read once, from the top to the end, and never written, kept or shown.
* A *part* is one task for one process. It is plain data and holds no secret and no value, so that it
  can be written down: reading goes on after an interruption with the parts that are left.
* Memory stays bounded whatever the size of the source: a batch has at most ``batch_rows`` rows and
  about ``batch_bytes`` bytes.
* What cannot be read as it stands costs itself and not the rest, and is told (:meth:`Content.told`).

pyarrow is an extra (``tables``): this module names its types and does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

#: The only column of prose: documents, pages, messages, pictures that were read by OCR.
PROSE_COLUMN: Final = "text"


def never() -> bool:
    """Return False: nobody asked to stop."""
    return False


@dataclass(frozen=True, slots=True)
class ContentLimits:
    """How much of a source is taken in at once, how fast, and when to give up.

    Attributes:
        batch_rows: Most rows of one record batch; four times as many where a column comes as a dictionary.
        batch_bytes: About how many bytes one record batch has; a single row may be larger.
        row_bytes: A longer row or line is read in pieces, and told.
        whole_bytes: A file that can only be read as a whole (workbook, document, PDF, picture) is not
            read where it is larger.
        expanded_bytes: What such a file may unpack to in all.
        stream_bytes: What a packed table or text (gz, bz2, xz, zst, zip) may unpack to; nothing of it is held.
        ratio: How many times its packed size a member of an archive may have.
        depth: Nesting of objects and elements.
        columns: Columns of one table.
        tables: Tables of one source, members of one archive.
        seconds: Wall time for one question to a database, one page of a PDF, one picture.
        bytes_per_second: Pace: 0 reads as fast as it goes.
        rows_per_second: The same in rows, for databases.
        stopped: Asked between batches; once it is true, reading ends in :class:`StoppedError`. It stays
            in its own process.
    """

    batch_rows: int = 65_536
    batch_bytes: int = 16 * 2**20
    row_bytes: int = 64 * 2**20
    whole_bytes: int = 256 * 2**20
    expanded_bytes: int = 2 * 2**30
    stream_bytes: int = 256 * 2**30
    ratio: int = 2_000
    depth: int = 100
    columns: int = 20_000
    tables: int = 10_000
    seconds: float = 60.0
    bytes_per_second: int = 0
    rows_per_second: int = 0
    stopped: Callable[[], bool] = field(default=never, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One task for one process: plain data, which travels as MessagePack and holds no secret.

    Attributes:
        source: As in :class:`curtilage.foundation.place.Place`.
        table: Sheet or table; empty for files without.
        key: Names the part within its table, the same as long as the content is
            (``groups:0-3``, ``bytes:0-4096``, ``ctid:0-4096``, ``all``).
        rows: Estimated; 0 where unknown.
        size: Bytes, estimated; 0 where unknown.
        version: Changes whenever the content may have changed; empty where unknown, which is always
            read again. Tells nothing about the content: it is no hash of it, for a file with nine
            digits in it can be guessed from its hash.
    """

    source: str
    table: str
    key: str
    rows: int
    size: int
    version: str


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column of a table.

    Attributes:
        name: What readers call it in ``Place.name``, so that counts join the place by (source, name).
            Unique within its table: a column without a name is ``col:N``, counted from 1, the second
            of the same name ``NAME (2)``.
        type: The declared type as found; may be empty.
        textual: Its type can hold any text. The others (numbers, dates) are read only when they
            are named, and then come as text.
        locator: ``Place.locator`` of the same column, which joins even where names are missing or
            repeated; empty where no reader gives places of this format.
    """

    name: str
    type: str
    textual: bool
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a source.

    Attributes:
        name: Sheet or table; empty for files without.
        columns: In their order. Of JSON those that were seen in a sample: others may come up.
        rows: Estimated; 0 where unknown.
        size: Bytes, estimated; 0 where unknown.
    """

    name: str
    columns: tuple[TextColumn, ...]
    rows: int
    size: int


class Content(Protocol):
    """One open source, of which every cell can be read. Not shared between threads."""

    source: str
    """As in :class:`curtilage.foundation.place.Place`."""

    def tables(self) -> tuple[Table, ...]:
        """Return its tables in the order of the source; prose is one table with one column ``text``.

        Raises:
            SourceError: It cannot be read, a library is missing, or a bound was reached.
        """
        ...

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return the tasks that together read ``table`` once; more than ``wanted`` only if one were too large.

        The same content gives the same parts for the same ``wanted``. Small tables have one part.
        """
        ...

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return about ``rows`` rows spread over ``table``, textual columns, for a plan.

        Of what can only be read from the top (packed files) they are the first rows.
        """
        ...

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of ``part``.

        Args:
            part: One of :meth:`parts`, maybe made by another process that opened the same source.
            columns: Names of the columns wanted; empty for all that are textual.
            distinct: Of these a dictionary may be given instead of every value.

        Returns:
            Batches whose columns are called :attr:`TextColumn.name` and are of type string, large_string,
            string_view, binary, large_binary, or a dictionary of one of them. Bytes need not be valid
            UTF-8. Batches of one part may differ in their columns and types.

        Raises:
            SourceError: It can no longer be read, or a bound was reached.
            StoppedError: ``limits.stopped`` said so.
        """
        ...

    def extremes(self, table: Table, column: str) -> tuple[datetime | None, datetime | None]:
        """Return the oldest and the newest moment in a column of dates; None, None where there is none.

        Aware, in UTC; a date without a zone is taken for UTC, so it may be a day off.
        """
        ...

    def told(self) -> tuple[PassedOver, ...]:
        """Return what could not be read as it stands since this was last asked: rows that do not follow their header, pages without text.

        Counts and reasons, never a value. Empty where all was in order. What :meth:`sample` and
        :meth:`extremes` meet is not told: reading meets it again.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections; may be called twice."""
        ...


class StoppedError(SourceError):
    """Somebody asked to stop while a source was being read."""

    code = "source.stopped"

    def __init__(self, *, source: str) -> None:
        self.source = source
        super().__init__(
            f"{source}: reading was stopped. Nothing was changed there, and no count of the part under way "
            f"was kept. Run it again: it goes on with the parts that are left."
        )
