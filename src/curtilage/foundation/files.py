"""Write a file whole or not at all, and one run after the other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from curtilage.foundation.errors import CurtilageError


class NotWrittenError(CurtilageError):
    """A file could not be written."""

    code = "file.not-written"

    def __init__(self, *, path: Path, why: str) -> None:
        self.path = path
        super().__init__(
            f"{path} could not be written ({why}). What stood there before is untouched. "
            "Check the folder's rights and the free space, and run the command again."
        )


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` with ``content``; a crash at any point leaves the old file or the new one.

    Effects:
        Writes a temporary file beside ``path``, flushes it to disk, renames it over ``path``. A link
        stays, and what it points to is replaced; a pipe or device is written into, never replaced.

    Raises:
        NotWrittenError: The folder is missing or full, or may not be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        if path.is_symlink():
            path = path.resolve()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise NotWrittenError(path=path, why=error.strerror or "unknown") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode_of(path))
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise NotWrittenError(path=path, why=error.strerror or "unknown") from error


def _mode_of(path: Path) -> int:
    """Keep the rights of the file that is replaced; a new one is readable as the user's mask allows."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other run changes ``folder``, and keep others waiting until the block is left.

    What is read, changed and written again belongs into one block, or one of two changes made at the
    same moment is lost.

    Args:
        folder: Where it is missing, or its file system knows no locks, nothing is waited for.

    Effects:
        Locks the folder itself; leaves nothing behind, however the run ends.
    """
    with ExitStack() as held:
        with suppress(ImportError, OSError):
            import fcntl  # not everywhere

            handle = os.open(folder, os.O_RDONLY)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
