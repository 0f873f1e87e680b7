"""Hand records over to the archives: each batch is a bag (BagIt, RFC 8493), in a folder or as a ZIP file.

* A bag holds each table as CSV, with the names of the columns; documents under their own paths; and the
  SHA-256 of every file, so that whoever takes it over can tell that it is whole.
* It is there whole or not at all. The same batch again takes the place of what was given before.
* In CSV a cell that holds nothing is empty and a text stands in quotes, so that no text and an empty text
  differ. Bytes are written in base64.

Source:
    rfc8493; rfc4180.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from curtilage.foundation.errors import SourceError

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._@-]+")

Rows = Sequence[Sequence[object]]


class ArchiveFailedError(SourceError):
    """The archives could not take records over."""

    code = "disposal.archive-failed"

    def __init__(self, *, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(
            f"The archive {where} could not be written ({why}). Nothing of this batch was deleted. "
            "Check the rights and the free space there, and run the command again."
        )


class FolderArchive:
    """A folder that the archives fetch from. A name that ends in ``.zip`` makes each bag one file."""

    def __init__(self, path: Path) -> None:
        """Name the folder; it is made when something is taken over.

        Args:
            path: The folder; with ``.zip`` behind its name, bags are ZIP files in the folder without it.
        """
        self._is_zip: Final = path.suffix.lower() == ".zip"
        self._folder: Final = path.with_suffix("") if self._is_zip else path

    def take(self, item: str, number: int, rows: Sequence[tuple[str, Sequence[str], Rows]]) -> None:
        """Keep what a batch is about to delete; see the port.

        Raises:
            ArchiveFailedError: It could not be written.
        """
        name = f"{_UNSAFE.sub('_', item)[:80]}-{hashlib.sha256(item.encode()).hexdigest()[:8]}-{number:06}"
        files = dict(_files(rows))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(name, _bag(item, number, files))
        except OSError as error:
            raise ArchiveFailedError(where=self._folder.name, why=error.strerror or "unknown") from None

    def _write(self, name: str, files: Mapping[str, bytes]) -> None:
        part, whole = self._folder / f".{name}.part", self._folder / (f"{name}.zip" if self._is_zip else name)
        _remove(part)
        if self._is_zip:
            _write_zip(part, name, files)
        else:
            for path, content in files.items():
                _write_file(part / path, content)
        _remove(whole)
        part.rename(whole)
        _sync(self._folder)


def _files(rows: Sequence[tuple[str, Sequence[str], Rows]]) -> Iterator[tuple[str, bytes]]:
    """Give each file of the payload with its path in it: tables as CSV, documents as they are."""
    for table, columns, found in rows:
        if tuple(columns) == ("file_path", "content"):
            for path, content in found:
                assert isinstance(content, bytes)
                yield f"documents/{PurePosixPath(str(path)).as_posix()}", content
        else:
            lines = [columns, *found]
            text = "".join(",".join(map(_cell, line)) + "\r\n" for line in lines)
            yield f"{_UNSAFE.sub('_', table)}.csv", text.encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)


def _bag(item: str, number: int, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the files of a bag, by their paths in it."""
    size = sum(len(content) for content in files.values())
    info = f"External-Identifier: {item} batch {number}\nPayload-Oxum: {size}.{len(files)}\n".encode()
    payload = {f"data/{path}": content for path, content in files.items()}
    tags = {"bagit.txt": _DECLARATION, "bag-info.txt": info, "manifest-sha256.txt": _manifest(payload)}
    return {**payload, **tags, "tagmanifest-sha256.txt": _manifest(tags)}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    def escaped(path: str) -> str:
        return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")

    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {escaped(path)}\n" for path, content in sorted(files.items())
    ).encode()


def _write_zip(path: Path, name: str, files: Mapping[str, bytes]) -> None:
    with path.open("wb") as file:
        path.chmod(0o600)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, content in files.items():
                archive.writestr(f"{name}/{each}", content)
        file.flush()
        os.fsync(file.fileno())


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("wb") as file:
        path.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
