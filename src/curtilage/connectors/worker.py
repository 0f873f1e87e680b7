"""The inside of a worker process: bounded before it reads anything, and gone when it is too slow.

* The kernel keeps the bounds: an alarm ends the process when one task takes too long, whatever
  library hangs; a limit on memory makes an allocation fail; no core file is ever written, for it
  would be a copy of what was read.
* What a library prints is thrown away: it could be a resident's words. Standard input and output
  carry frames and nothing else: four bytes of length, then the bytes.
* The process ends by itself when its parent is gone, for then its standard input ends.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import Final

Handler = Callable[[bytes], bytes]
"""Turns one task into one answer."""

OUT_OF_MEMORY: Final = 71
NOT_STARTED: Final = 72
READY: Final = b""
_START_SECONDS: Final = 120.0
_SECONDS: Final = struct.Struct(">d")


def serve(make: str, argument: str, memory_bytes: int) -> None:
    """Answer tasks until standard input ends.

    Args:
        make: ``MODULE:FUNCTION``; the function is given ``argument`` and returns a :data:`Handler`.
        argument: Text for ``make``.
        memory_bytes: What the process may allocate.

    Effects:
        Sets limits of this process, redirects its standard streams, ends it.
    """
    tasks, answers = _take_streams()
    _set_bounds(memory_bytes)
    signal.setitimer(signal.ITIMER_REAL, _START_SECONDS)
    try:
        handle = _find(make)(argument)
    except Exception as error:  # noqa: BLE001 - nothing was read yet, so the message is safe to send
        write_frame(answers, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000])
        os._exit(NOT_STARTED)
    write_frame(answers, READY)
    while (task := read_frame(tasks)) is not None:
        # When the time is over the process is ended by the signal.
        signal.setitimer(signal.ITIMER_REAL, _SECONDS.unpack_from(task)[0])
        try:
            answer = handle(task[_SECONDS.size :])
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(answers, answer)


def allow_time(seconds: float) -> None:
    """Give the task under way that much wall time from now: a long one says after each step that it moves.

    Effects:
        Sets the alarm of this process, which ends it when the time is over.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)


def read_frame(descriptor: int) -> bytes | None:
    """Return the next frame; None where the other side has closed."""
    size = _read_exactly(descriptor, 4)
    return None if size is None else _read_exactly(descriptor, int.from_bytes(size, "big"))


def write_frame(descriptor: int, content: bytes) -> None:
    """Send one frame.

    Raises:
        BrokenPipeError: The other side is gone.
    """
    rest = memoryview(len(content).to_bytes(4, "big") + content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_task(descriptor: int, content: bytes, seconds: float) -> None:
    """Send one task and the wall time that it may take, which must be more than 0.

    Raises:
        BrokenPipeError: The worker is gone.
    """
    write_frame(descriptor, _SECONDS.pack(seconds) + content)


def _read_exactly(descriptor: int, size: int) -> bytes | None:
    chunks: list[bytes] = []
    while size:
        chunk = os.read(descriptor, min(size, 2**20))
        if not chunk:
            return None
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _take_streams() -> tuple[int, int]:
    tasks, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return tasks, answers


def _set_bounds(memory_bytes: int) -> None:
    # The parent hears Ctrl-C and ends its workers; a worker must not die in the middle by itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for kind, wanted in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, memory_bytes)):
        _, hard = resource.getrlimit(kind)
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (bound, hard))


def _find(name: str) -> Callable[[str], Handler]:
    module, _, attribute = name.partition(":")
    found: Callable[[str], Handler] = getattr(importlib.import_module(module), attribute)
    return found


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
