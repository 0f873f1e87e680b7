"""A zip archive as one content: the tables of its members, each called after its member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from curtilage.connectors.content.dates import Extremes
from curtilage.connectors.content.files import ContentReader, Stored, choose_reader, read_head
from curtilage.connectors.content.ports import Content, ContentLimits, Part, Table
from curtilage.connectors.content.unpacked import Unpacked, codec_of, members_of, unpack_one
from curtilage.connectors.ports import LimitReachedError, NotInstalledError, UnreadableError
from curtilage.connectors.recognise import explain
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import PassedOver

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATOR: Final = "!"
_ZIP: Final = b"PK\x03\x04"


def open_stored(
    stored: Stored, limits: ContentLimits, readers: Sequence[ContentReader], *, is_member: bool = False
) -> Content:
    """Return the content of a file, unpacked where it is packed, by the reader whose format it is.

    A file that is nobody's format has no table and says why in :meth:`Content.told`.

    Args:
        stored: The file.
        limits: The bounds to keep.
        readers: Any number, in any order.
        is_member: Whether it lies in an archive; an archive in there is not looked into.

    Raises:
        SourceError: It cannot be read, a library is missing, or a bound was reached.
    """
    head = read_head(stored)
    if codec := codec_of(stored, head):
        stored = unpack_one(stored, codec, limits)
        head = read_head(stored)
    if not head:
        return NoContent(stored, "empty")
    reader = choose_reader(stored, head, readers)
    if reader:
        return reader.open(stored, limits)
    if head.startswith(_ZIP) and stored.can_seek and not is_member:
        return ArchiveContent(stored, limits, readers)
    return NoContent(stored, "binary" if b"\0" in head else "no-reader")


class ArchiveContent:
    """The members of a zip archive.

    A table is called ``MEMBER`` or ``MEMBER!TABLE``; places of the same member have the source
    ``ARCHIVE!MEMBER``.
    """

    def __init__(self, stored: Stored, limits: ContentLimits, readers: Sequence[ContentReader]) -> None:
        """List the members.

        Args:
            stored: The archive.
            limits: The bounds to keep, by each member and by the archive.
            readers: Who may want a member.

        Raises:
            LimitReachedError: It has too many members.
            UnreadableError: It is damaged.
        """
        self.source = stored.source
        self._limits, self._readers = limits, readers
        self._members: dict[str, Unpacked] = {}
        self._told: list[PassedOver] = []
        self._open: tuple[str, Content] | None = None
        for member in members_of(stored, limits):
            if isinstance(member, PassedOver):
                self._told.append(member)
            else:
                self._members[member.source.removeprefix(f"{self.source}{SEPARATOR}")] = member
        if len(self._members) > limits.tables:
            raise LimitReachedError(
                source=self.source, what=f"Its archive has more than {limits.tables:,} members"
            )

    def tables(self) -> tuple[Table, ...]:
        """Return the tables of all members; a member that cannot be read is told."""
        return tuple(self._tables())

    def _tables(self) -> Iterator[Table]:
        for name in self._members:
            try:
                for table in self._member(name).tables():
                    yield replace(table, name=f"{name}{SEPARATOR}{table.name}" if table.name else name)
            except SourceError as error:
                self._told.append(_passed_over(self._members[name].source, error))

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return one part a table: what is packed is read from its beginning."""
        member, inner = self._find(table.name)
        parts = self._member(member).parts(replace(table, name=inner), wanted=1)
        return tuple(replace(part, source=self.source, table=table.name) for part in parts)

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Return rows of a member; see the port."""
        member, inner = self._find(table.name)
        return self._member(member).sample(replace(table, name=inner), rows=rows)

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows of a member; see the port."""
        member, inner = self._find(part.table)
        content = self._member(member)
        yield from content.read(
            replace(part, source=content.source, table=inner), columns=columns, distinct=distinct
        )

    def extremes(self, table: Table, column: str) -> Extremes:
        """Return the oldest and the newest date in a member; see the port."""
        member, inner = self._find(table.name)
        return self._member(member).extremes(replace(table, name=inner), column)

    def told(self) -> tuple[PassedOver, ...]:
        """Return what was passed over; see the port."""
        told, self._told = self._told, []
        return (*told, *(self._open[1].told() if self._open else ()))

    def close(self) -> None:
        """Close the member that is open."""
        if self._open:
            self._told += self._open[1].told()
            self._open[1].close()
        self._open = None

    def _find(self, table: str) -> tuple[str, str]:
        if table in self._members:
            return table, ""
        member, _, inner = table.rpartition(SEPARATOR)
        while member and member not in self._members:
            member, _, rest = member.rpartition(SEPARATOR)
            inner = f"{rest}{SEPARATOR}{inner}"
        return member, inner

    def _member(self, name: str) -> Content:
        """Return the open content of a member; one is open at a time."""
        if self._open and self._open[0] == name:
            return self._open[1]
        self.close()
        content = open_stored(self._members[name], self._limits, self._readers, is_member=True)
        self._open = (name, content)
        return content


class NoContent:
    """A file in which nothing is read: empty, of no known format, or none that holds text."""

    def __init__(self, stored: Stored, reason: str, detail: str = "") -> None:
        self.source = stored.source
        odd = tuple(PassedOver(stored.source, *each) for each in stored.problems())
        self._told: tuple[PassedOver, ...] = (PassedOver(stored.source, reason, detail), *odd)

    def tables(self) -> tuple[Table, ...]:
        """Return none."""
        return ()

    def parts(self, table: Table, *, wanted: int) -> tuple[Part, ...]:
        """Return none."""
        return ()

    def sample(self, table: Table, *, rows: int) -> pa.RecordBatch:
        """Refuse: there is no table."""
        raise UnreadableError(source=self.source, what="It has no table")

    def read(
        self, part: Part, *, columns: tuple[str, ...] = (), distinct: frozenset[str] = frozenset()
    ) -> Iterator[pa.RecordBatch]:
        """Give nothing."""
        return iter(())

    def extremes(self, table: Table, column: str) -> Extremes:
        """Return None, None."""
        return None, None

    def told(self) -> tuple[PassedOver, ...]:
        """Return why, once."""
        told, self._told = self._told, ()
        return told

    def close(self) -> None:
        """Do nothing."""


def _passed_over(source: str, error: SourceError) -> PassedOver:
    """Return what came of a member that could not be read, as a line for a person."""
    if isinstance(error, LimitReachedError | UnreadableError):
        return explain(error, source)
    if isinstance(error, NotInstalledError):
        needs = f"Needs {error.library}: pip install 'curtilage[{error.extra}]'"
        return PassedOver(source, "not-installed", needs)
    return PassedOver(source, error.code.rpartition(".")[2])
