"""Counts of parts that are done, kept in the city's folder: a run goes on where the last one ended.

* One line is one part: where it is, the version of its content and of what looked at it, its counts.
  Never a cell, and no address with a secret.
* A line is written as soon as its part is done, in one piece; what a crash tears is left out when it
  is read again, and its part is counted again.
* A part counts again only where its version is unchanged. A source that cannot tell its version is
  always read.
* At the end of a run the file is written anew, whole or not at all, without what is gone.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from curtilage.connectors.content.ports import Part
from curtilage.foundation.canonical import JSON, fingerprint
from curtilage.foundation.files import NotWrittenError, write_atomically
from curtilage.survey.values.nouns import Counted, Task

FOLDER: Final = Path(".curtilage") / "values"
FILE: Final = "values-parts.jsonl"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Line:
    """What one line holds; see the module."""

    schema: int
    source: str
    table: str
    key: str
    version: str
    counted: Counted

    @property
    def name(self) -> tuple[str, str, str]:
        """Return what names the part, whatever its content."""
        return self.source, self.table, self.key


_lines: Final = msgspec.json.Decoder(Line)


def version_of(task: Task, rules: str) -> str:
    """Return what changes when the counts of a part may change; empty where its source cannot tell.

    The rules, and what the names of its columns say, belong to it.
    """
    part = task.part
    if part is None or not part.version:
        return ""
    carried: JSON = {column: list(groups) for column, groups in task.carried.items()}
    return fingerprint([part.version, rules, carried])[:24]


class Nothing:
    """Keeps nothing: for a scan, which leaves no trace."""

    def find(self, part: Part, version: str) -> Counted | None:
        """Return None."""

    def keep(self, part: Part, version: str, counted: Counted) -> None:
        """Do nothing."""


class KeptParts:
    """The parts of one city that are done.

    Args:
        folder: The city's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FOLDER / FILE
        self._held: dict[tuple[str, str, str], Line] = {}
        self._handle = -1

    def __enter__(self) -> Self:
        """Read what is kept, and be ready to keep more.

        Raises:
            NotWrittenError: The folder cannot be made or the file not be opened.

        Effects:
            Makes ``.curtilage/values``, which this account alone may read.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held = {line.name: line for line in _read(self._path)}
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise NotWrittenError(path=self._path, why=error.strerror or "unknown") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; every part that was kept stays kept, however the run ended."""
        os.close(self._handle)

    def find(self, part: Part, version: str) -> Counted | None:
        """Return what was counted in a part; None where it is not kept, or has changed since."""
        line = self._held.get((part.source, part.table, part.key))
        return line.counted if line and version and line.version == version else None

    def keep(self, part: Part, version: str, counted: Counted) -> None:
        """Keep what was counted in a part; nothing where its source cannot tell its version.

        Raises:
            NotWrittenError: The disk is full.

        Effects:
            Appends one line.
        """
        if not version:
            return
        line = Line(_SCHEMA, part.source, part.table, part.key, version, counted)
        self._held[line.name] = line
        # It begins with a line's end, so that what a crash left torn spoils no other line.
        content = b"\n" + msgspec.json.encode(line)
        try:
            while content:
                content = content[os.write(self._handle, content) :]
        except OSError as error:
            raise NotWrittenError(path=self._path, why=error.strerror or "unknown") from error

    def tidy(self, parts: Collection[Part], sources: Collection[str]) -> None:
        """Drop the parts of ``sources`` that are not among ``parts``: they are gone.

        Raises:
            NotWrittenError: It could not be written; what was kept is untouched.

        Effects:
            Writes the file anew.
        """
        there = {(part.source, part.table, part.key) for part in parts}
        looked = set(sources)
        kept = [line for name, line in self._held.items() if name in there or line.source not in looked]
        write_atomically(self._path, b"".join(msgspec.json.encode(line) + b"\n" for line in kept))


def _read(path: Path) -> Iterator[Line]:
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return
    for each in written.split(b"\n"):
        try:
            line = _lines.decode(each)
        except (msgspec.DecodeError, RecursionError):
            continue  # torn, or of another version
        if line.schema == _SCHEMA:
            yield line
