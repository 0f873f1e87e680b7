"""A file whose bytes are held in memory: what was sealed, or came through a pipe, and must not touch a disk."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class HeldFile:
    """Bytes as readers of content get a file.

    Attributes:
        source: How it is named in every result; its ending may decide who reads it.
        content: The bytes; never shown.
        version: Empty: it is always read again.
        can_seek: Always true.
    """

    source: str
    content: bytes = field(repr=False)
    version: str = ""
    can_seek: bool = True

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.content)

    def open(self) -> BinaryIO:
        """Return its bytes from the beginning."""
        return io.BytesIO(self.content)

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return nothing: it is as it stands."""
        return ()
