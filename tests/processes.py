"""What Linux says of the processes that a test started; tests that share one may have others running."""

import os
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux for the processes")


def children_of(parent=None):
    """Return the numbers of the processes that ``parent`` (this one where none is given) has started."""
    parent = parent or os.getpid()
    try:
        return {int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()}
    except FileNotFoundError:
        return set()


def is_running(pid):
    """Return whether a process runs; one that has ended and is still to be waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
