"""A ledger in an SQLite file: no server to start, and durable when an append returns.

Rules of this file:

* WAL with ``synchronous=FULL``: each commit is on the disk before it returns, and readers never wait.
* ``secure_delete``: what a destroyed body took up is overwritten with zeros; :meth:`SqliteStore.scrub` then
  empties the write-ahead log, which still holds it.
* An append takes the file's write lock before it reads the head, so that two processes stand one after
  the other. Threads of one process wait in a fair queue of their own first: SQLite itself only polls.

Source:
    sqlite-wal, sqlite-pragma.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from curtilage.foundation.files import one_at_a_time
from curtilage.ledger.errors import DamagedStoreError, ForeignFormatError, StoreError
from curtilage.ledger.nouns import Row, SealedBody
from curtilage.ledger.ports import Addition, Build, Head
from curtilage.ledger.stores._additions import BEYOND, completed, unwrap, wrap
from curtilage.ledger.stores._locks import hold_file
from curtilage.ledger.stores._pool import Pool

FORMAT: Final = 1
"""Version of the tables, kept as the file's ``user_version``."""

APPLICATION: Final = 0x43757274
"""``Curt``: the file's ``application_id``, by which ``file`` and SQLite's tools know it."""

BUSY_SECONDS: Final = 60.0
"""Chosen: how long to wait for another process; the longest append takes well under one."""

SCRUB_SECONDS: Final = 5.0
"""Chosen: how long to wait for those who read before the write-ahead log is emptied."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS ledger_entries (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    number   INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    entry    BLOB NOT NULL,
    leaf     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_by_stream ON ledger_entries (stream, number);
CREATE INDEX IF NOT EXISTS ledger_entries_by_kind ON ledger_entries (kind);
CREATE TABLE IF NOT EXISTS ledger_nodes (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger_bodies (
    commitment TEXT PRIMARY KEY,
    sealed     BLOB NOT NULL,
    digest     BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ledger_kept (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS ledger_entries_stay BEFORE UPDATE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never changed'); END;
CREATE TRIGGER IF NOT EXISTS ledger_entries_remain BEFORE DELETE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never removed'); END;
"""
_SELECT: Final = "SELECT position, stream, number, kind, entry, leaf FROM ledger_entries WHERE "


class SqliteStore:
    """Keeps the ledger in one file; may be shared by threads, and opened by many processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none.

        Effects:
            Creates the file and its tables, readable by its owner only.

        Raises:
            StoreError: The folder is missing, full or may not be written.
            DamagedStoreError: It is no SQLite database, or a damaged one.
            ForeignFormatError: Another version of Curtilage wrote it.
        """
        self._path = path
        self._where = path.name
        self._pool: Pool[sqlite3.Connection] = Pool(self._connect, _is_sound)
        self._writing = threading.Lock()
        try:
            with self._explained():
                self._make()
        except BaseException:
            self._pool.close()
            raise

    def add(self, stream: str, build: Build) -> Addition | None:
        """Add under the file's write lock; see :class:`~curtilage.ledger.ports.Store`."""
        with self._explained(), self._writing, self._pool.lend() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                addition = build(_read_head(connection, stream))
                if addition is not None:
                    _write(connection, addition)
                connection.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return addition

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._ask("SELECT coalesce(max(position), -1) + 1 FROM ledger_entries")[0][0])

    def read_rows(
        self, *, after: int = -1, kinds: Collection[str] = (), limit: int = 1000
    ) -> tuple[Row, ...]:
        """Return the next rows."""
        one = _SELECT + "position > ?"
        if not kinds:
            return _rows(self._ask(f"{one} ORDER BY position LIMIT ?", after, limit))
        # One ordered walk for each kind, merged: with IN the index would give them unsorted.
        asked = " UNION ALL ".join([f"{one} AND kind = ?"] * len(set(kinds)))
        given = [value for kind in sorted(set(kinds)) for value in (after, kind)]
        return _rows(self._ask(f"{asked} ORDER BY position LIMIT ?", *given, limit))

    def read_stream(self, stream: str, *, after: int = 0, limit: int = 1000) -> tuple[Row, ...]:
        """Return the next rows of a stream."""
        asked = _SELECT + "stream = ? AND number > ? ORDER BY number LIMIT ?"
        return _rows(self._ask(asked, stream, after, limit))

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams."""
        asked = "SELECT DISTINCT stream FROM ledger_entries WHERE stream >= ? AND stream < ? ORDER BY stream"
        return tuple(row[0] for row in self._ask(asked, prefix, prefix + _LAST))

    def hashes(self, level: int, start: int, count: int) -> tuple[bytes, ...]:
        """Return hashes of the tree."""
        with self._explained(), self._pool.lend() as connection:
            return _read_hashes(connection, level, start, count)

    def find_body(self, commitment: str) -> SealedBody | None:
        """Return a private body."""
        asked = "SELECT commitment, sealed, digest FROM ledger_bodies WHERE commitment = ?"
        found = self._ask(asked, commitment)
        return SealedBody(*found[0]) if found else None

    def list_bodies(self, *, after: str = "", limit: int = 1000) -> tuple[SealedBody, ...]:
        """Return the next private bodies."""
        asked = "SELECT commitment, sealed, digest FROM ledger_bodies WHERE commitment > ? ORDER BY commitment LIMIT ?"
        return tuple(SealedBody(*row) for row in self._ask(asked, after, limit))

    def replace_body(self, body: SealedBody, *, before: bytes) -> bool:
        """Put a private body in the place of the one that is there."""
        asked = (
            "UPDATE ledger_bodies SET sealed = ?, digest = ? WHERE commitment = ? AND digest = ? RETURNING 1"
        )
        return bool(self._ask(asked, body.sealed, body.digest, body.commitment, before))

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small thing."""
        self._ask(
            "INSERT INTO ledger_kept VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            name,
            wrap(value),
        )

    def find_kept(self, name: str) -> bytes | None:
        """Return what is kept."""
        found = self._ask("SELECT value FROM ledger_kept WHERE name = ?", name)
        return unwrap(name, found[0][0] if found else None)

    def list_kept(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of what is kept."""
        asked = "SELECT name FROM ledger_kept WHERE name >= ? AND name < ? ORDER BY name"
        return tuple(row[0] for row in self._ask(asked, prefix, prefix + _LAST))

    def forget(self, name: str) -> None:
        """Give up what is kept."""
        self._ask("DELETE FROM ledger_kept WHERE name = ?", name)

    def scrub(self) -> str:
        """Write the write-ahead log back into the file, and empty it; wait a little for those who read.

        Where somebody reads for longer, the next one does it, or whoever closes the file last.
        """
        with self._explained(), self._pool.lend() as connection:
            connection.execute(f"PRAGMA busy_timeout = {SCRUB_SECONDS * 1000:.0f}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
        return "the write-ahead log, until another program that reads lets go of it" if busy else ""

    def inspect(self) -> tuple[str, ...]:
        """Return where the pages and indexes of the file contradict each other; 1.5 seconds for a million entries."""
        found = [row[0] for row in self._ask("PRAGMA integrity_check") if row[0] != "ok"]
        (beyond,) = self._ask(
            "SELECT count(*) FROM ledger_nodes WHERE level NOT BETWEEN 1 AND 7 OR place < 0 OR place >= "
            "(SELECT coalesce(max(position), -1) + 1 FROM ledger_entries) >> (8 * level)"
        )[0]
        return (*found, BEYOND.format(beyond)) if beyond else tuple(found)

    @contextmanager
    def only_one(self, name: str) -> Iterator[bool]:
        """Hold a lock by name: a file beside the ledger's, which the system frees when a process dies."""
        with hold_file(self._path.with_name(f"{self._path.name}-{name}.lock")) as taken:
            yield taken

    def close(self) -> None:
        """Close the file; the last one to do so empties the write-ahead log."""
        self._pool.close()

    def _ask(self, asked: str, *values: Any) -> list[Any]:
        with self._explained(), self._pool.lend() as connection:
            return connection.execute(asked, values).fetchall()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    def _make(self) -> None:
        """Make the file, its journal and its tables, as far as they are not there."""
        if not self._path.exists():
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._pool.lend() as connection:
            if self._has_format(connection):
                return
            # SQLite does not wait for another who changes the journal at the same moment.
            with one_at_a_time(self._path.parent):
                if not self._has_format(connection):
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.executescript(
                        f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT"
                    )

    def _has_format(self, connection: sqlite3.Connection) -> bool:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in {0, FORMAT}:
            raise ForeignFormatError(where=self._where, found=str(found), known=str(FORMAT))
        return bool(found)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Wrap SQLite's errors; its own words name tables and columns only, never a value."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise _explain(self._where, error) from error


_LAST: Final = "\U0010ffff"
"""Above every name that begins with a prefix."""


def _is_sound(connection: sqlite3.Connection) -> bool:
    return not connection.in_transaction


def _read_head(connection: sqlite3.Connection, stream: str) -> Head:
    last = connection.execute(
        "SELECT position, entry FROM ledger_entries ORDER BY position DESC LIMIT 1"
    ).fetchone()
    asked = "SELECT coalesce(max(number), 0) FROM ledger_entries WHERE stream = ?"
    version = connection.execute(asked, (stream,)).fetchone()[0]
    return Head(last[0] + 1, last[1], version) if last else Head(0, b"", version)


def _write(connection: sqlite3.Connection, addition: Addition) -> None:
    connection.executemany(
        "INSERT INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?)",
        addition.rows,
    )
    nodes = completed(addition, lambda *asked: _read_hashes(connection, *asked))
    if nodes:
        connection.executemany("INSERT INTO ledger_nodes VALUES (?, ?, ?)", nodes)
    for body in addition.bodies:
        values = (body.commitment, body.sealed, body.digest)
        connection.execute("INSERT INTO ledger_bodies VALUES (?, ?, ?)", values)
    if addition.destroyed:
        connection.execute("DELETE FROM ledger_bodies WHERE commitment = ?", (addition.destroyed,))


def _read_hashes(connection: sqlite3.Connection, level: int, start: int, count: int) -> tuple[bytes, ...]:
    if level == 0:
        asked = "SELECT leaf FROM ledger_entries WHERE position >= ? AND position < ? ORDER BY position"
        values: Sequence[int] = (start, start + count)
    else:
        asked = "SELECT hash FROM ledger_nodes WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
        values = (level, start, start + count)
    return tuple(row[0] for row in connection.execute(asked, values))


def _rows(found: Sequence[Any]) -> tuple[Row, ...]:
    return tuple(map(Row._make, found))


def _explain(where: str, error: sqlite3.Error | OSError) -> Exception:
    """Return the error to raise for one of SQLite's."""
    if isinstance(error, OSError):
        return StoreError(
            where=where,
            what=f"it cannot be opened ({error.strerror})",
            next_step="Check the folder and its rights.",
        )
    code = getattr(error, "sqlite_errorname", "") or ""
    for sign, what, next_step in _FAILURES:
        if code.startswith(sign):
            return StoreError(where=where, what=what, next_step=next_step)
    if code.startswith(
        ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CONSTRAINT", "SQLITE_ERROR", "SQLITE_MISMATCH")
    ):
        return DamagedStoreError(where=where)
    return StoreError(
        where=where,
        what=f"SQLite refused ({code or 'no code'})",
        next_step="Try again; if it stays, run: curtilage ledger verify.",
    )


_FAILURES: Final = (
    ("SQLITE_BUSY", "another program kept it locked for too long", "Find out which one, and try again."),
    ("SQLITE_LOCKED", "another program kept it locked for too long", "Find out which one, and try again."),
    ("SQLITE_FULL", "the disk is full", "Make room and try again."),
    ("SQLITE_IOERR", "the disk cannot be written or read", "Look at the disk's room and health, and try again."),
    ("SQLITE_READONLY", "it may not be written", "Check the rights of the file and its folder."),
    ("SQLITE_CANTOPEN", "it cannot be opened", "Check that its folder is there, and its rights."),
    ("SQLITE_PERM", "it may not be opened", "Check the rights of the file and its folder."),
)  # fmt: skip
