"""Be somebody without rights for a while: nothing is closed to the administrator."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

NOBODY = 65534


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Leave what root may do; the working folder stays open, so name files from there."""
    before = os.geteuid()
    if before == 0:
        Path().chmod(0o755)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
