"""Read one batch ahead in a thread of its own, so that a waiting server can be left at any time.

A library that waits for a server in C hears neither Ctrl-C nor a wish to stop. Here it waits in a
thread, and who reads asks ``limits.stopped`` meanwhile; reading and looking overlap besides.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from curtilage.connectors.content.batches import check_stop
from curtilage.connectors.content.ports import ContentLimits

if TYPE_CHECKING:
    import pyarrow as pa

_ASK_SECONDS: Final = 0.1
_PATIENCE_SECONDS: Final = 10.0
Batches = Iterator["pa.RecordBatch"]


def read_ahead(
    make: Callable[[], Batches], *, cancel: Callable[[], None], limits: ContentLimits, source: str
) -> Batches:
    """Give the batches of ``make()``, which runs in a thread, one ahead.

    Args:
        make: Asks the question and gives its batches; its errors come up here.
        cancel: Ends the question that is under way; called from another thread where the reader leaves early.
        limits: ``stopped`` is asked ten times a second.
        source: For the message.

    Raises:
        StoppedError: ``limits.stopped`` said so.

    Effects:
        Starts a thread, which ends with the iteration.
    """
    given: queue.Queue[pa.RecordBatch | BaseException | None] = queue.Queue(1)
    left = threading.Event()
    thread = threading.Thread(target=_run, args=(make, given, left), daemon=True)
    thread.start()
    try:
        yield from _take(thread, given, limits, source)
    finally:
        left.set()
        if thread.is_alive():
            _leave(thread, given, cancel)


def _run(
    make: Callable[[], Batches],
    given: queue.Queue[pa.RecordBatch | BaseException | None],
    left: threading.Event,
) -> None:
    try:
        for batch in make():
            given.put(batch)
            if left.is_set():
                break
    except BaseException as error:  # noqa: BLE001 - it is raised again where the batches are read
        given.put(error)
    else:
        given.put(None)


def _take(
    thread: threading.Thread,
    given: queue.Queue[pa.RecordBatch | BaseException | None],
    limits: ContentLimits,
    source: str,
) -> Batches:
    while True:
        check_stop(limits, source)
        try:
            item = given.get(timeout=_ASK_SECONDS)
        except queue.Empty:
            continue
        if item is None:
            thread.join()
            return
        if isinstance(item, BaseException):
            thread.join()
            raise item
        yield item


def _leave(
    thread: threading.Thread,
    given: queue.Queue[pa.RecordBatch | BaseException | None],
    cancel: Callable[[], None],
) -> None:
    """End the question and wait for the thread; what it still gives is dropped."""
    for _ in range(int(_PATIENCE_SECONDS / _ASK_SECONDS)):
        cancel()
        with suppress(queue.Empty):
            given.get(timeout=_ASK_SECONDS)
        thread.join(_ASK_SECONDS)
        if not thread.is_alive():
            return
