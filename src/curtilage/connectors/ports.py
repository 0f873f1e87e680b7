"""What a reader of files and a database must offer, and the bounds they work in.

A reader turns bytes into places. It never runs what it reads, never follows a reference out of the
file, and stops in a clear line at the bounds of :class:`Limits`. A database is asked what it is made
of, in a transaction that cannot write, and no row is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import Place


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader may take in, so that a hostile file ends in a clear line.

    Attributes:
        file_bytes: A larger text or document file is not read.
        line_bytes: A longer line is not read.
        expanded_bytes: What archives (xlsx, docx, pdf streams) may unpack to in all.
        depth: Nesting of objects, elements, references.
        nodes: Elements, keys or cells in one file.
        places: Places from one file.
        seconds: Wall time for one file; kept by the kernel, in worker processes.
        memory_bytes: What one worker process may allocate.
    """

    file_bytes: int = 64 * 2**20
    line_bytes: int = 1 * 2**20
    expanded_bytes: int = 512 * 2**20
    depth: int = 100
    nodes: int = 2_000_000
    places: int = 200_000
    seconds: float = 30.0
    memory_bytes: int = 2 * 2**30


class LimitReachedError(SourceError):
    """A file is larger, deeper or slower than a reader may go."""

    code = "source.limit-reached"

    def __init__(self, *, source: str, what: str, line: int = 0) -> None:
        self.source, self.what, self.line = source, what, line
        where = f"{source}:{line}" if line else source
        super().__init__(
            f"{where}: {what}. Nothing of this file was kept. "
            f"If it is a real form, split it or raise the limit in curtilage.toml."
        )


class UnreadableError(SourceError):
    """A file looks like a format that is read here, but does not follow it."""

    code = "source.unreadable"

    def __init__(self, *, source: str, what: str, line: int = 0) -> None:
        self.source, self.what, self.line = source, what, line
        where = f"{source}:{line}" if line else source
        super().__init__(
            f"{where}: {what}. Nothing of this file was kept, the others were read. "
            f"Open it in the program that made it and save it again."
        )


class NotInstalledError(SourceError):
    """A library that this format needs is not installed."""

    code = "source.not-installed"

    def __init__(self, *, source: str, library: str, extra: str) -> None:
        self.source, self.library, self.extra = source, library, extra
        super().__init__(
            f"{source}: reading it needs {library}, which is not installed. Nothing of this file was "
            f"read, the others were. Run: pip install 'curtilage[{extra}]'"
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a reader gets it.

    Attributes:
        source: The name to put into each :class:`Place`.
        content: The whole file, at most ``limits.file_bytes``.
        limits: The bounds to keep.
    """

    source: str
    content: bytes
    limits: Limits

    @property
    def suffix(self) -> str:
        """Return the lower-case suffix without the dot, empty where there is none."""
        name = self.source.rsplit("/", 1)[-1]
        return name.rsplit(".", 1)[-1].lower() if "." in name else ""

    def head(self, size: int = 4096) -> bytes:
        """Return the first ``size`` bytes."""
        return self.content[:size]


class Reader(Protocol):
    """Reads one format."""

    name: str
    """Short name of the format: ``html``, ``pdf``, ``json-schema``; shown to users."""

    extra: str
    """The installation extra that it needs (``forms``), empty where the core suffices."""

    def weigh(self, document: Document) -> float:
        """Return how sure the reader is that this is its format: 0 (no) to 1, from name and content.

        Cheap (looks at names and the first kilobytes first) and never raises.
        """
        ...

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places of ``document`` in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: The content does not follow the format.
        """
        ...


class NoAnswerError(SourceError):
    """A database could not be reached, or took too long to answer."""

    code = "source.no-answer"

    def __init__(self, *, source: str, what: str, next_step: str) -> None:
        self.source, self.what, self.next_step = source, what, next_step
        super().__init__(f"{source}: {what}. Nothing was read or changed there. {next_step}")


class SignInRefusedError(SourceError):
    """A database answered, but did not let this account in."""

    code = "source.sign-in-refused"

    def __init__(self, *, source: str, what: str, next_step: str) -> None:
        self.source, self.what, self.next_step = source, what, next_step
        super().__init__(f"{source}: {what}. Nothing was read or changed there. {next_step}")


class NoRightsError(SourceError):
    """A database let this account in, but does not show it what it is made of."""

    code = "source.no-rights"

    def __init__(self, *, source: str, what: str, next_step: str) -> None:
        self.source, self.what, self.next_step = source, what, next_step
        super().__init__(f"{source}: {what}. Nothing was changed there. {next_step}")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table or view of a database.

    Attributes:
        name: With its schema in front where that is not the default one.
        kind: ``table``, ``view`` or ``foreign``.
        rows: How many rows the server believes there are, from its own statistics; None where it
            has none. Never counted.
    """

    name: str
    kind: str
    rows: int | None


class Database(Protocol):
    """One open database, which can be asked what it is made of and cannot be written."""

    source: str
    """Its URL without user, password and query; goes into each place."""

    def list_tables(self) -> tuple[TableEntry, ...]:
        """Return its tables and views by name, those of the system and parts of others left out.

        Raises:
            NoAnswerError: It takes too long, or the connection was lost.
            NoRightsError: The account may not see what the database is made of.
        """
        ...

    def shape(self) -> Iterator[Place]:
        """Give the columns of the same tables, in the order of :meth:`list_tables`.

        Comments are the text, a table's comment the context, values of an enumeration or of a check
        the options. Facts: ``required``, ``computed``, ``masked``, ``hidden``, ``view``, ``foreign``.
        Raises as :meth:`list_tables` does.
        """
        ...

    def close(self) -> None:
        """End the connection; may be called twice."""
        ...
