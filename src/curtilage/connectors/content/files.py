"""A file as content readers get it, wherever it lies, and the choice of the reader whose format it is."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

from curtilage.connectors.content.ports import Content, ContentLimits
from curtilage.connectors.ports import LimitReachedError, NoAnswerError, NoRightsError, UnreadableError

HEAD_BYTES: Final = 64 * 2**10
"""How much of a file a reader may look at to weigh it."""


class Stored(Protocol):
    """One file that can be read, more than once: on a disk, in a store, in an archive."""

    @property
    def source(self) -> str:
        """How it is named in every result; never with a user, a password or a query."""
        ...

    @property
    def size(self) -> int:
        """Bytes; 0 where unknown (what is packed)."""
        ...

    @property
    def version(self) -> str:
        """As :attr:`curtilage.connectors.content.ports.Part.version`."""
        ...

    @property
    def can_seek(self) -> bool:
        """Whether what :meth:`open` gives can be read from any place."""
        ...

    def open(self) -> BinaryIO:
        """Return its bytes from the beginning; the caller closes it.

        Raises:
            SourceError: It is gone, may not be read, or is damaged.
        """
        ...

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return what was odd about its bytes since last asked, ``(reason, detail)``: an archive that is cut off."""
        ...


class ContentReader(Protocol):
    """Opens the content of files of one format."""

    name: str
    """Short name of the format; shown to users."""

    extra: str
    """The installation extra that it needs."""

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure the reader is that this is its format: 0 (no) to 1; never raises.

        Args:
            stored: Its name is looked at; it is opened only where the head leaves a doubt.
            head: The first :data:`HEAD_BYTES` bytes.
        """
        ...

    def open(self, stored: Stored, limits: ContentLimits) -> Content:
        """Return its content.

        Raises:
            SourceError: It cannot be read, or a library is missing.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine.

    Attributes:
        source: How it is named in every result.
        path: What the operating system opens; links are followed.
        size: Bytes when it was first looked at.
        version: Size, time of the last change of content and of anything, inode. The kernel keeps
            the second time, nobody can set it back; so no content has to be hashed.
        can_seek: Always true.
    """

    source: str
    path: str = field(repr=False)
    size: int
    version: str
    can_seek: bool = True

    def open(self) -> BinaryIO:
        """Return its bytes; raises as :func:`local_file` does."""
        return _open(self.path, self.source)

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return nothing: an ordinary file is as it stands."""
        return ()


def local_file(path: str, source: str = "") -> LocalFile:
    """Return the file at ``path``.

    Args:
        path: What the operating system opens.
        source: How it is named in every result; empty for ``path`` itself.

    Raises:
        NoAnswerError: It is gone, or the disk does not give it.
        NoRightsError: This account may not read it.
        UnreadableError: It is no ordinary file.
    """
    source = source or path
    with _open(path, source) as file:
        status = os.fstat(file.fileno())
    times = f"{status.st_mtime_ns}-{status.st_ctime_ns}"
    return LocalFile(source, path, status.st_size, f"{status.st_size}-{times}-{status.st_ino}")


def _open(path: str, source: str) -> BinaryIO:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise trouble(source, error) from error
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb", buffering=0)
    os.close(descriptor)
    raise UnreadableError(source=source, what="It is no ordinary file")


def trouble(source: str, error: OSError) -> NoAnswerError | NoRightsError:
    """Return the error to raise where a file cannot be opened or read."""
    if isinstance(error, PermissionError):
        return NoRightsError(
            source=source, what="this account may not read the file", next_step="Ask its owner."
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NoAnswerError(source=source, what="it is not there", next_step="Look where it went.")
    what = f"it cannot be read ({os.strerror(error.errno)})" if error.errno else "it cannot be read"
    return NoAnswerError(source=source, what=what, next_step="Try again later.")


def read_head(stored: Stored, size: int = HEAD_BYTES) -> bytes:
    """Return the first bytes of a file.

    Raises:
        SourceError: It cannot be opened or read.
    """
    with stored.open() as file:
        return read_fully(file, size, stored.source)


def read_fully(file: BinaryIO, size: int, source: str) -> bytes:
    """Return ``size`` bytes, fewer only at the end: a single call may give any number.

    Raises:
        SourceError: It cannot be read.
    """
    pieces: list[bytes] = []
    while size > 0:
        try:
            piece = file.read(min(size, 2**24))
        except OSError as error:
            raise trouble(source, error) from error
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def suffix_of(source: str) -> str:
    """Return the lower-case suffix of a file's name without the dot; empty where there is none.

    >>> suffix_of("exports/Intake.CSV"), suffix_of("all.zip!notes/README"), suffix_of("zip://a.tsv::s3://b/c.zip")
    ('csv', '', 'tsv')
    """
    name = source.partition("::")[0].rsplit("/", 1)[-1].rsplit("!", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def read_whole(stored: Stored, limits: ContentLimits) -> bytes:
    """Return all bytes of a file that can only be read as a whole.

    Raises:
        LimitReachedError: It is larger than ``limits.whole_bytes``.
        SourceError: It cannot be read.
    """
    content = read_head(stored, limits.whole_bytes + 1)
    if len(content) > limits.whole_bytes:
        what = f"It is larger than {limits.whole_bytes // 2**20:,} MiB and can only be read as a whole"
        raise LimitReachedError(source=stored.source, what=what)
    return content


def choose_reader(stored: Stored, head: bytes, readers: Sequence[ContentReader]) -> ContentReader | None:
    """Return the reader that is surest of a file; None where it is nobody's format.

    Of two that are equally sure the name decides.
    """
    weighed = [(reader.weigh(stored, head), reader.name, reader) for reader in readers]
    weight, _, reader = max(weighed, key=lambda one: one[:2], default=(0.0, "", None))
    return reader if weight > 0 else None


class PartOfFile(io.RawIOBase):
    """The bytes of an open file from where it stands, at most ``size`` of them.

    Closes the file when it is closed itself.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(wanted) if wanted else b""
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()
