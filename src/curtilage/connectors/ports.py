"""What a reader of forms, schemas and code must offer, and the bounds it works in.

A reader turns bytes into places. It never runs what it reads, never follows a reference out of the
file, and stops in a clear line at the bounds of :class:`Limits`.
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
