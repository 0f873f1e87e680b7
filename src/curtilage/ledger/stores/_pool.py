"""Connections that are lent to one thread at a time, and never carried over into another process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, TypeVar

C = TypeVar("C")


class Pool(Generic[C]):
    """Open connections that nobody uses at the moment, the last used on top.

    A connection that was opened before a ``fork`` is neither used nor closed in the child: closing it
    would end the parent's session, or give up its locks.
    """

    def __init__(self, connect: Callable[[], C], is_sound: Callable[[C], bool]) -> None:
        """Open with ``connect`` when none is idle; keep only those that ``is_sound`` afterwards."""
        self._connect = connect
        self._is_sound = is_sound
        self._guard = threading.Lock()
        self._idle: list[C] = []
        self._lent: dict[int, C] = {}
        self._left_behind: list[Any] = []
        self._process = os.getpid()

    @contextmanager
    def lend(self) -> Iterator[C]:
        """Lend a connection; one that is in no sound state afterwards is closed."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _take(self) -> C:
        with self._guard:
            if self._process != os.getpid():
                self._left_behind.extend((*self._idle, *self._lent.values()))
                self._idle, self._lent, self._process = [], {}, os.getpid()
            connection = self._idle.pop() if self._idle else None
        connection = self._connect() if connection is None else connection
        with self._guard:
            self._lent[id(connection)] = connection
        return connection

    def _give_back(self, connection: C) -> None:
        is_sound = self._is_sound(connection)
        with self._guard:
            self._lent.pop(id(connection), None)
            if is_sound:
                self._idle.append(connection)
        if not is_sound:
            _close(connection)

    def close(self) -> None:
        """Close every connection that nobody uses: at the end, or when one was lost and others may be dead."""
        with self._guard:
            idle, self._idle = self._idle, []
        for connection in idle if self._process == os.getpid() else ():
            _close(connection)


def _close(connection: Any) -> None:
    with suppress(Exception):  # it may be broken, and is given up in any case
        connection.close()
