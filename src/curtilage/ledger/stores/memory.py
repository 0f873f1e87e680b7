"""A ledger in memory, for tests: gone when the process ends."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice

from curtilage.ledger.nouns import Row, SealedBody
from curtilage.ledger.ports import Addition, Build, Head
from curtilage.ledger.stores._additions import completed, unwrap, wrap


class MemoryStore:
    """Keeps rows in lists; threads of one process may share it."""

    def __init__(self) -> None:
        self._writing = threading.RLock()
        self._rows: list[Row] = []
        self._streams: dict[str, list[Row]] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._bodies: dict[str, SealedBody] = {}
        self._kept: dict[str, bytes] = {}
        self._locks: dict[str, threading.Lock] = {}

    def add(self, stream: str, build: Build) -> Addition | None:
        """Add under the one lock; see :class:`~curtilage.ledger.ports.Store`."""
        with self._writing:
            last = self._rows[-1].entry if self._rows else b""
            addition = build(Head(len(self._rows), last, len(self._streams.get(stream, ()))))
            if addition is not None:
                self._put(addition)
            return addition

    def _put(self, addition: Addition) -> None:
        nodes = completed(addition, self.hashes)
        for row in addition.rows:
            self._streams.setdefault(row.stream, []).append(row)
        self._nodes.update({(level, index): node for level, index, node in nodes})
        self._bodies.update({body.commitment: body for body in addition.bodies})
        self._bodies.pop(addition.destroyed, None)
        self._rows.extend(addition.rows)

    def count(self) -> int:
        """Return the number of entries."""
        return len(self._rows)

    def read_rows(
        self, *, after: int = -1, kinds: Collection[str] = (), limit: int = 1000
    ) -> tuple[Row, ...]:
        """Return the next rows."""
        wanted = frozenset(kinds)
        following = (self._rows[index] for index in range(max(after + 1, 0), len(self._rows)))
        return tuple(islice((row for row in following if not wanted or row.kind in wanted), limit))

    def read_stream(self, stream: str, *, after: int = 0, limit: int = 1000) -> tuple[Row, ...]:
        """Return the next rows of a stream."""
        return tuple(self._streams.get(stream, [])[after : after + limit])

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams."""
        return tuple(sorted(name for name in tuple(self._streams) if name.startswith(prefix)))

    def hashes(self, level: int, start: int, count: int) -> tuple[bytes, ...]:
        """Return hashes of the tree."""
        if level == 0:
            return tuple(row.leaf for row in self._rows[start : start + count])
        wanted = ((level, index) for index in range(start, start + count))
        return tuple(self._nodes[key] for key in wanted if key in self._nodes)

    def find_body(self, commitment: str) -> SealedBody | None:
        """Return a private body."""
        return self._bodies.get(commitment)

    def list_bodies(self, *, after: str = "", limit: int = 1000) -> tuple[SealedBody, ...]:
        """Return the next private bodies."""
        names = sorted(self._bodies)
        return tuple(self._bodies[name] for name in names[bisect_right(names, after) :][:limit])

    def replace_body(self, body: SealedBody, *, before: bytes) -> bool:
        """Put a private body in the place of the one that is there."""
        with self._writing:
            there = self._bodies.get(body.commitment)
            if there is None or there.digest != before:
                return False
            self._bodies[body.commitment] = body
            return True

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small thing."""
        self._kept[name] = wrap(value)

    def find_kept(self, name: str) -> bytes | None:
        """Return what is kept."""
        return unwrap(name, self._kept.get(name))

    def list_kept(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of what is kept."""
        names = sorted(self._kept)
        return tuple(name for name in names[bisect_left(names, prefix) :] if name.startswith(prefix))

    def forget(self, name: str) -> None:
        """Give up what is kept."""
        self._kept.pop(name, None)

    def scrub(self) -> str:
        """Say that nothing is left: what is removed here is gone with the process at the latest."""
        return ""

    def inspect(self) -> tuple[str, ...]:
        """Find nothing: lists have no index beside them."""
        return ()

    @contextmanager
    def only_one(self, name: str) -> Iterator[bool]:
        """Hold a lock by name among the threads of this process."""
        lock = self._locks.setdefault(name, threading.Lock())
        taken = lock.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                lock.release()

    def close(self) -> None:
        """Do nothing: there is nothing to give up."""
