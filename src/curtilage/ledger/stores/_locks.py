"""A lock that is a file: the system frees it when its holder ends, however that happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hold_file(path: Path) -> Iterator[bool]:
    """Hold a lock; yields False at once where somebody else holds it, another thread included.

    Effects:
        Leaves the empty file behind: to remove it would let two hold two files of one name.
    """
    import fcntl  # not everywhere; there the ledger in a file is for one process

    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
