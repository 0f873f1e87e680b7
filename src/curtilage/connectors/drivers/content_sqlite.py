"""SQLite files: every cell, without touching the file or what lies beside it.

* Rows come over ADBC where its driver is installed (databases), else over Python's own module, which takes
  two to three times as long; virtual tables always do, because only Python's SQLite may know their module.
* Nothing is held open between two parts: whoever writes waits for one part at most.
* A part's version is that of the whole file: its size, its time, its counter of changes and its -wal.
"""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.ahead import read_ahead
from curtilage.connectors.content.batches import check_stop, give_out, load_arrow
from curtilage.connectors.content.dates import span
from curtilage.connectors.content.isodays import moment_of
from curtilage.connectors.content.numbers import Numbers, plan_numbers, spread
from curtilage.connectors.content.pages import name_version
from curtilage.connectors.content.ports import ContentLimits, Part, Table
from curtilage.connectors.content.rows import as_sample, find_cut, say_cut
from curtilage.connectors.content.sqlite import (
    COLUMNS,
    ROWS,
    TABLES,
    Column,
    Stored,
    extremes_query,
    quote,
    row_name,
    select,
    select_piece,
    select_spread,
    with_types,
)
from curtilage.connectors.ports import NoAnswerError, NotInstalledError, UnreadableError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.sqlite import locate
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE_CUT: Final = 65_536
_SHORTEST_CUT: Final = 65_536
_SPREAD: Final = 50
"""From how many places of a table a sample is taken."""
_MOST_AT_ONCE: Final = 16_384
_FEWEST_BYTES_A_ROW: Final = 64
_ORDERS: Final = ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF", "PRAGMA busy_timeout = 2000")


class SqliteContent:
    """The content of one SQLite file."""

    def __init__(self, url: DatabaseUrl, limits: ContentLimits, *, moment: str = "") -> None:
        """Open the file.

        Args:
            url: Its path is ``url.database``.
            limits: The bounds to keep.
            moment: Makes no difference.

        Raises:
            NotInstalledError: pyarrow is missing.
            NoAnswerError: There is no such file, or it is locked.
            NoRightsError: This account may not read it.
            UnreadableError: It is no SQLite file.
        """
        self.source, self.moment = url.source, ""
        self._path, self._limits = Path(url.database), limits
        self._arrow = load_arrow(url.source)
        self._told: dict[PassedOver, None] = {}
        self._address = locate(self._path, self.source)
        self._connection = self._connect()
        self._stored: dict[str, Stored] = {}

    def tables(self) -> tuple[Table, ...]:
        """Return its tables; see the port. Views show what tables hold and are not read."""
        return tuple(stored.table() for stored in self._find_stored())

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return ranges of row numbers; see the port."""
        stored = self._find(table.name)
        version = self._version()
        ends = self._ends(stored)
        ranges = plan_numbers(*ends, size=stored.size, wanted=wanted) if ends else [(Numbers(), 1.0)]
        return tuple(
            Part(
                self.source,
                table.name,
                numbers.key,
                int(stored.rows * share),
                int(stored.size * share),
                version,
            )
            for numbers, share in ranges
        )

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return rows from places spread over the table; of one whose rows are not numbered the first."""
        stored = self._find(table.name)
        names = [f"{stored.name}.{column.name}" for column in stored.textual]
        ends = self._ends(stored) if stored.rows > 2 * rows else None
        starts = spread(*ends, _SPREAD) if ends else []
        each = -(-rows // _SPREAD) if starts else rows
        query = select_spread(stored, stored.textual, cut=_SAMPLE_CUT, starts=starts, each=each)
        asked = self._rows(query, names, stored, self._limits.seconds) if names else ()
        most = self._limits.whole_bytes
        return as_sample(asked, names, rows=rows, most_bytes=most, source=self.source)

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a part; see the port. ``distinct`` makes no difference."""
        stored = self._find(part.table)
        wanted = [
            column
            for column in stored.columns
            if (f"{stored.name}.{column.name}" in columns if columns else column.textual)
        ]
        if wanted:
            where = Numbers.of(part.key).where(stored.row)
            yield from give_out(self._cells(stored, wanted, where), self._limits, self.source)

    def extremes(self, table: Table, column: str) -> tuple[datetime | None, datetime | None]:
        """Return the oldest and newest day of a column that holds days in ISO 8601."""
        stored = self._find(table.name)
        found = next((each for each in stored.columns if f"{stored.name}.{each.name}" == column), None)
        if not found:
            return None, None
        try:
            ends = self._ask(extremes_query(stored, found))[0]
        except SourceError:
            self._tell("too-slow", f"{column}: its oldest and newest date could not be found in time.")
            return None, None
        return span(moment for moment in map(moment_of, ends) if moment)

    def told(self) -> tuple[PassedOver, ...]:
        """Return which tables could not be read, and which cells were read in pieces."""
        return tuple(self._told)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        # What streams runs in a thread of its own, and only there.
        connection = sqlite3.connect(self._address, uri=True, timeout=2.0, check_same_thread=False)
        try:
            for order in _ORDERS:
                connection.execute(order)
            connection.execute("SELECT count(*) FROM sqlite_schema")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise self._explain(error, "it") from None
        return connection

    def _ask(self, query: str, *values: str) -> list[Any]:
        check_stop(self._limits, self.source)
        deadline = time.monotonic() + self._limits.seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
        try:
            with closing(self._connection.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise self._explain(error, "it") from None

    def _explain(self, error: Exception, what: str) -> SourceError:
        """Return the error to raise ``from None``; SQLite's own words are dropped, because they may quote a cell."""
        said = str(error).lower()
        if "malformed" in said or "not a database" in said or "corrupt" in said:
            return UnreadableError(source=self.source, what=f"SQLite finds {what} damaged")
        if "interrupt" in said or "locked" in said or "busy" in said or "unable to open" in said:
            return NoAnswerError(
                source=self.source,
                what="SQLite cannot open it now, or took too long",
                next_step="Close the program that holds it, or scan a copy of it with its -wal file.",
            )
        return NoAnswerError(
            source=self.source,
            what=f"SQLite could not read {what} to its end ({type(error).__name__})",
            next_step="Look at it with the program that made it.",
        )

    def _find(self, name: str) -> Stored:
        if not self._stored:
            self._find_stored()
        if name not in self._stored:
            raise NoAnswerError(
                source=self.source,
                what=f"{name} is not there any more",
                next_step="Run it again: it takes the tables that are there then.",
            )
        return self._stored[name]

    def _find_stored(self) -> list[Stored]:
        found = [stored for row in self._ask(TABLES) if (stored := self._make(*row))]
        counted: dict[str, int] = {}
        with suppress(SourceError):  # never analysed
            counted = {table: count for table, count in self._ask(ROWS) if isinstance(count, int)}
        rows = {stored.name: counted.get(stored.name, 0) or self._guess_rows(stored) for stored in found}
        # SQLite does not tell how much of the file a table takes up.
        size, total = self._path.stat().st_size, sum(rows.values()) or 1
        found = [replace(each, rows=rows[each.name], size=size * rows[each.name] // total) for each in found]
        self._stored = {stored.name: stored for stored in found}
        return found

    def _make(self, name: str, has_no_rows: int, is_virtual: int) -> Stored | None:
        try:
            columns = tuple(
                Column(str(column), str(type_ or "")) for column, type_ in self._ask(COLUMNS, name)
            )
        except SourceError:
            self._tell("unreadable", f"{name}: SQLite does not know the module that computes it.")
            return None
        row = "" if has_no_rows or is_virtual else row_name(columns)
        return Stored(name, bool(is_virtual), row, columns)

    def _guess_rows(self, stored: Stored) -> int:
        """Return a number of rows from the numbers of the first and the last, which is seldom far too high."""
        ends = self._ends(stored)
        return min(ends[1] - ends[0] + 1, self._path.stat().st_size // 8) if ends else 0

    def _ends(self, stored: Stored) -> tuple[int, int] | None:
        """Return the smallest and the largest row number; None where there is none, or the table is empty."""
        if not stored.row:
            return None
        query = f"SELECT (SELECT min({stored.row}) FROM {quote(stored.name)}), (SELECT max({stored.row}) FROM {quote(stored.name)})"  # noqa: S608 - quoted names
        smallest, largest = self._ask(query)[0]
        return (smallest, largest) if smallest is not None else None

    def _version(self) -> str:
        """Return what changes with every change of the file; empty while one is under way."""
        log = self._path.with_name(f"{self._path.name}-wal")
        if self._path.with_name(f"{self._path.name}-journal").exists():
            return ""
        try:
            facts = [_state(self._path, 100), _state(log, 32) if log.exists() else ()]
        except OSError:
            return ""
        return name_version(*facts)

    def _tell(self, reason: str, detail: str) -> None:
        self._told.setdefault(PassedOver(self.source, reason, detail))

    def _cells(self, stored: Stored, wanted: Sequence[Column], where: str) -> Iterator[pa.RecordBatch]:
        cut = max(_SHORTEST_CUT, self._limits.row_bytes // 4 // len(wanted))
        names = [f"{stored.name}.{column.name}" for column in wanted]
        longer: set[int] = set()
        for batch in self._rows(select(stored, wanted, cut=cut, where=where), names, stored, 0):
            longer |= find_cut(batch, cut, self.source)
            yield batch
        for column in sorted(longer):
            self._tell("cut", say_cut(names[column], cut))
            number, given = 1, 1
            while given:
                query, given = select_piece(stored, wanted[column], cut=cut, number=number, where=where), 0
                for batch in self._rows(query, [names[column]], stored, 0):
                    given += batch.num_rows
                    yield batch
                number += 1

    def _rows(self, query: str, names: list[str], stored: Stored, seconds: float) -> Iterator[pa.RecordBatch]:
        """Give the rows of one question; ``seconds`` 0 is as long as it takes."""
        deadline = time.monotonic() + seconds if seconds else float("inf")
        adbc = None if stored.is_virtual else self._load_adbc()
        stream = self._stream_arrow if adbc else self._stream_rows
        try:
            for columns in read_ahead(
                lambda: stream(query, len(names), self._rows_at_once(stored), adbc),
                cancel=lambda: None,  # SQLite works off a few rows at a time, and hears of it then
                limits=self._limits,
                source=self.source,
            ):
                yield self._arrow.RecordBatch.from_arrays(
                    [self._readable(each) for each in columns], names=names
                )
                if time.monotonic() > deadline:
                    return
        except SourceError:
            raise
        except Exception as error:  # noqa: BLE001 - ADBC's, Arrow's and SQLite's errors have no common root
            raise self._explain(error, stored.name) from None

    def _load_adbc(self) -> Any:
        try:
            return load_library("adbc_driver_sqlite.dbapi", extra="databases", source=self.source)
        except NotInstalledError:
            return None

    def _rows_at_once(self, stored: Stored) -> int:
        each = max(_FEWEST_BYTES_A_ROW, stored.size // max(1, stored.rows))
        return max(1, min(_MOST_AT_ONCE, self._limits.batch_rows, self._limits.batch_bytes // each))

    def _stream_arrow(self, query: str, count: int, rows: int, adbc: Any) -> Iterator[list[pa.Array]]:
        with adbc.connect(self._address, autocommit=True) as connection:
            for order in _ORDERS:
                with connection.cursor() as cursor:
                    cursor.execute(order)
            with connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(rows)})
                cursor.execute(with_types(query, count))
                skip = 1
                with cursor.fetch_record_batch() as batches:
                    for batch in batches:
                        yield batch.slice(skip).columns
                        skip = 0

    def _stream_rows(self, query: str, count: int, rows: int, _: Any) -> Iterator[list[pa.Array]]:
        with closing(self._connect()) as connection:
            connection.text_factory = bytes
            cursor = connection.execute(query)
            while found := cursor.fetchmany(rows):
                yield [self._arrow.array(column, "binary") for column in zip(*found, strict=True)]

    def _readable(self, cells: Any) -> Any:
        """Return cells as text where all of them are, else as bytes: SQLite does not look."""
        texts = cells.view("string")
        try:
            texts.validate(full=True)
        except self._arrow.ArrowInvalid:
            return cells.view("binary")
        return texts


def _state(path: Path, head_bytes: int) -> tuple[object, ...]:
    """Return what of a file changes whenever SQLite writes it: of the database the counters in its head."""
    state = path.stat()
    with path.open("rb") as file:
        head = file.read(head_bytes)
    counters = (
        struct.unpack(">II", head[24:28] + head[40:44]) if head_bytes == 100 and len(head) == 100 else head
    )
    return (state.st_size, state.st_mtime_ns, state.st_ino, counters)
