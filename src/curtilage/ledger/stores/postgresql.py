"""A ledger in PostgreSQL, for a city with more than one machine.

Rules of this file:

* One advisory lock stands for the right to append. It is taken before the head is read, and the server
  frees it with the transaction, however that ends.
* An append takes two rounds: begin, lock and read the head; write and commit. Each is sent as one message,
  of statements that the session has prepared: with a message for each, a durable append takes twice as long.
* A connection that is lost before the commit was sent is taken again, and the append begun again. One that
  is lost after it leaves a question, which is settled under the lock: do our bytes stand there or not?
* Sessions of ours commit durably whatever the server's default, and do not hold the lock while they sleep.

Source:
    postgresql-locks, postgresql-wal.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from curtilage.ledger.errors import BadEventError, ForeignFormatError
from curtilage.ledger.nouns import Row, SealedBody
from curtilage.ledger.ports import Addition, Build, Head
from curtilage.ledger.stores._additions import BEYOND, completed, unwrap, wrap
from curtilage.ledger.stores._pool import Pool
from curtilage.ledger.stores._postgresql_failures import explain, may_pass

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

FORMAT: Final = 1
"""Version of the tables, kept in one of them."""

PATIENCE_SECONDS: Final = 30.0
"""Chosen: how long to try again while a server restarts; most are back in a few seconds."""

OPENING_SECONDS: Final = 3.0
"""Chosen: the same when the ledger is opened; an address that was never right is told soon."""

_TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS curtilage;
CREATE TABLE curtilage.ledger_about (format integer PRIMARY KEY);
CREATE TABLE curtilage.ledger_entries (
    position bigint PRIMARY KEY,
    stream   text COLLATE "C" NOT NULL,
    number   bigint NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    entry    bytea NOT NULL,
    leaf     bytea NOT NULL,
    UNIQUE (stream, number)
);
CREATE INDEX ledger_entries_by_kind ON curtilage.ledger_entries (kind, position);
CREATE TABLE curtilage.ledger_nodes (
    level integer NOT NULL,
    place bigint NOT NULL,
    hash  bytea NOT NULL,
    PRIMARY KEY (level, place)
);
CREATE TABLE curtilage.ledger_bodies (
    commitment text COLLATE "C" PRIMARY KEY,
    sealed     bytea NOT NULL,
    digest     bytea NOT NULL
);
CREATE TABLE curtilage.ledger_kept (
    name  text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);
CREATE FUNCTION curtilage.ledger_entries_stay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'an entry of the ledger is never changed or removed'; END $$;
CREATE TRIGGER ledger_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON curtilage.ledger_entries
    EXECUTE FUNCTION curtilage.ledger_entries_stay();
"""
_SELECT: Final = "SELECT position, stream, number, kind, entry, leaf FROM curtilage.ledger_entries WHERE "
_PREPARED: Final = """
PREPARE ledger_head (text) AS
SELECT last.position, last.entry,
       (SELECT coalesce(max(number), 0) FROM curtilage.ledger_entries WHERE stream = $1)
FROM (SELECT position, entry FROM curtilage.ledger_entries ORDER BY position DESC LIMIT 1) last;
PREPARE ledger_add (bigint, text, bigint, text, bytea, bytea) AS
INSERT INTO curtilage.ledger_entries VALUES ($1, $2, $3, $4, $5, $6);
"""
_INSERT_MANY: Final = (
    "INSERT INTO curtilage.ledger_entries SELECT * FROM "
    "unnest(%b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[])"
)
_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_LAST: Final = "\U0010ffff"


class PostgresStore:
    """Keeps the ledger in the schema ``curtilage`` of one database; may be shared by threads."""

    def __init__(self, address: str) -> None:
        """Connect, and make the tables where there are none.

        Args:
            address: ``postgresql://user:password@host:port/database?sslmode=…``, as libpq reads it.

        Raises:
            StoreError: The server does not answer or lets nobody in, or the account may not make tables.
            ForeignFormatError: Another version of Curtilage wrote it.
        """
        self._address = address
        self._where = "PostgreSQL"
        self._pool: Pool[Connection] = Pool(self._connect, _is_sound)
        self._is_made = False
        try:
            self._patiently(self._make, (), seconds=OPENING_SECONDS)
        finally:
            self._pool.close()  # those that were opened before there were tables have prepared nothing
        self._is_made = True

    def add(self, stream: str, build: Build) -> Addition | None:
        """Add under the advisory lock; see :class:`~curtilage.ledger.ports.Store`."""
        sent: list[Addition] = []
        return self._patiently(lambda: self._add(stream, build, sent), sent)

    def _add(self, stream: str, build: Build, sent: list[Addition]) -> Addition | None:
        with self._pool.lend() as connection:
            try:
                head = _begin(connection, stream)
                if sent and _stands(connection, sent[0]):
                    connection.execute("ROLLBACK")
                    return sent[0]
                sent.clear()
                addition = build(head)
                if addition is None:
                    connection.execute("ROLLBACK")
                else:
                    _write(connection, addition, sent)
            except BaseException:
                _roll_back(connection)
                raise
            return addition

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._ask("SELECT coalesce(max(position), -1) + 1 FROM curtilage.ledger_entries")[0][0])

    def read_rows(
        self, *, after: int = -1, kinds: Collection[str] = (), limit: int = 1000
    ) -> tuple[Row, ...]:
        """Return the next rows."""
        one = _SELECT + "position > %s"
        if not kinds:
            return _rows(self._ask(f"{one} ORDER BY position LIMIT %s", after, limit))
        # One ordered walk for each kind, merged: with IN the index would give them unsorted.
        asked = " UNION ALL ".join([f"({one} AND kind = %s ORDER BY position LIMIT %s)"] * len(set(kinds)))
        given = [value for kind in sorted(set(kinds)) for value in (after, kind, limit)]
        return _rows(self._ask(f"{asked} ORDER BY position LIMIT %s", *given, limit))

    def read_stream(self, stream: str, *, after: int = 0, limit: int = 1000) -> tuple[Row, ...]:
        """Return the next rows of a stream."""
        asked = _SELECT + "stream = %s AND number > %s ORDER BY number LIMIT %s"
        return _rows(self._ask(asked, stream, after, limit))

    def list_streams(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of the streams."""
        asked = "SELECT DISTINCT stream FROM curtilage.ledger_entries WHERE stream >= %s AND stream < %s"
        return tuple(row[0] for row in self._ask(f"{asked} ORDER BY stream", prefix, prefix + _LAST))

    def hashes(self, level: int, start: int, count: int) -> tuple[bytes, ...]:
        """Return hashes of the tree."""
        asked, *values = _hashes(level, start, count)
        return tuple(row[0] for row in self._ask(asked, *values))

    def find_body(self, commitment: str) -> SealedBody | None:
        """Return a private body."""
        asked = "SELECT commitment, sealed, digest FROM curtilage.ledger_bodies WHERE commitment = %s"
        found = self._ask(asked, commitment)
        return SealedBody(*found[0]) if found else None

    def list_bodies(self, *, after: str = "", limit: int = 1000) -> tuple[SealedBody, ...]:
        """Return the next private bodies."""
        asked = "SELECT commitment, sealed, digest FROM curtilage.ledger_bodies WHERE commitment > %s"
        found = self._ask(f"{asked} ORDER BY commitment LIMIT %s", after, limit)
        return tuple(SealedBody(*row) for row in found)

    def replace_body(self, body: SealedBody, *, before: bytes) -> bool:
        """Put a private body in the place of the one that is there."""
        asked = "UPDATE curtilage.ledger_bodies SET sealed = %b, digest = %b WHERE commitment = %s AND digest = %b RETURNING 1"
        return bool(self._ask(asked, body.sealed, body.digest, body.commitment, before))

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small thing."""
        asked = "INSERT INTO curtilage.ledger_kept VALUES (%s, %b) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._ask(asked, name, wrap(value))

    def find_kept(self, name: str) -> bytes | None:
        """Return what is kept."""
        found = self._ask("SELECT value FROM curtilage.ledger_kept WHERE name = %s", name)
        return unwrap(name, found[0][0] if found else None)

    def list_kept(self, prefix: str = "") -> tuple[str, ...]:
        """Return the names of what is kept."""
        asked = "SELECT name FROM curtilage.ledger_kept WHERE name >= %s AND name < %s ORDER BY name"
        return tuple(row[0] for row in self._ask(asked, prefix, prefix + _LAST))

    def forget(self, name: str) -> None:
        """Give up what is kept."""
        self._ask("DELETE FROM curtilage.ledger_kept WHERE name = %s", name)

    def scrub(self) -> str:
        """Clear the dead rows of private bodies away, and say what the server still has of them."""
        self._ask("VACUUM curtilage.ledger_bodies")
        return "the server's pages until they are written anew, its write-ahead log, replicas and backups"

    def inspect(self) -> tuple[str, ...]:
        """Return what is beside the tree; pages and indexes have PostgreSQL's own checksums, and amcheck."""
        (found,) = self._ask(
            "SELECT count(*) FROM curtilage.ledger_nodes WHERE level NOT BETWEEN 1 AND 7 OR place < 0 OR place >= "
            "(SELECT coalesce(max(position), -1) + 1 FROM curtilage.ledger_entries) >> (8 * level)"
        )[0]
        return (BEYOND.format(found),) if found else ()

    @contextmanager
    def only_one(self, name: str) -> Iterator[bool]:
        """Hold a lock by name, as long as this session lasts; the server frees it when the session ends."""
        with self._explained():
            connection = self._connect()
        try:
            with self._explained():
                taken = connection.execute("SELECT pg_try_advisory_lock(%s)", (_key(name),)).fetchone()
            yield bool(taken and taken[0])
        finally:
            connection.close()

    def close(self) -> None:
        """End the sessions."""
        self._pool.close()

    def _ask(self, asked: str, *values: Any) -> list[Any]:
        """Ask one thing that may be asked twice."""
        return self._patiently(lambda: self._ask_once(asked, values), [])

    def _ask_once(self, asked: str, values: Sequence[Any]) -> list[Any]:
        with self._pool.lend() as connection:
            cursor = connection.execute(asked, values, binary=True)
            return cursor.fetchall() if cursor.description else []

    def _patiently(
        self, act: Callable[[], T], sent: Sequence[Addition], *, seconds: float | None = None
    ) -> T:
        """Do ``act``, and again while the server is away."""
        until = time.monotonic() + (PATIENCE_SECONDS if seconds is None else seconds)
        pause, again = 0.01, False
        while True:
            try:
                return act()
            except psycopg.Error as error:
                # Once in any case: a machine that slept has spent its patience asleep.
                if not may_pass(error) or (again and time.monotonic() + pause > until):
                    raise explain(self._where, error, is_known=not sent or not may_pass(error)) from error
                again = True
                self._pool.close()
                time.sleep(pause)
                pause = min(2 * pause, 1.0)

    def _connect(self) -> Connection:
        # The library's own preparing is off: with it, each rollback would drop our statements too.
        connection = psycopg.connect(
            self._address,
            autocommit=True,
            connect_timeout=10,
            application_name="curtilage ledger",
            prepare_threshold=None,
        )
        connection.execute(_SESSION)
        if self._is_made:
            connection.execute(_PREPARED)
        return connection

    def _make(self) -> None:
        """Learn how the database is called in messages, and make the tables where there are none."""
        with self._pool.lend() as connection:
            self._where = f"PostgreSQL database {connection.info.dbname}"
            if self._has_format(connection):
                return
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                if not self._has_format(connection):
                    connection.execute(_TABLES)
                    connection.execute("INSERT INTO curtilage.ledger_about VALUES (%s)", (FORMAT,))

    def _has_format(self, connection: Connection) -> bool:
        # Not to_regclass: it may still answer what was so before the lock was waited for.
        asked = "SELECT FROM pg_tables WHERE schemaname = 'curtilage' AND tablename = 'ledger_about'"
        if connection.execute(asked).fetchone() is None:
            return False
        found = [row[0] for row in connection.execute("SELECT format FROM curtilage.ledger_about")]
        if found != [FORMAT]:
            raise ForeignFormatError(where=self._where, found=str(found), known=str(FORMAT))
        return True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise explain(self._where, error, is_known=True) from error


#: A server may be set to lose the last commits; a client that sleeps may not keep the others waiting.
_SESSION: Final = """
SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
           WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
       set_config('idle_in_transaction_session_timeout', '60s', false),
       set_config('lock_timeout', '60s', false),
       set_config('standard_conforming_strings', 'on', false),
       set_config('client_min_messages', 'error', false)
"""


def _key(name: str) -> int:
    """Return the number of the advisory lock of a name."""
    return int.from_bytes(hashlib.sha256(f"curtilage/ledger/{name}".encode()).digest()[:8], signed=True)


_LOCK: Final = _key("")


def _is_sound(connection: Connection) -> bool:
    return not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE


def _begin(connection: Connection, stream: str) -> Head:
    """Begin, take the lock, and read the head, in one round."""
    cursor = connection.execute(
        f"{_BEGIN}; SELECT pg_advisory_xact_lock({_LOCK}); EXECUTE ledger_head({_quote(stream)})"
    )
    while cursor.nextset():
        pass
    last = cursor.fetchone()
    return Head(last[0] + 1, last[1], last[2]) if last else Head(0, b"", 0)


def _quote(name: str) -> str:
    """Return a name between quotes; names are checked long before, so nothing in it is left to escape."""
    if not name.isascii() or "'" in name or "\\" in name or "\0" in name:
        raise BadEventError(what="a name holds a quotation mark or the like")
    return f"'{name}'"


def _stands(connection: Connection, addition: Addition) -> bool:
    """Return whether an addition whose commit was never answered stands after all."""
    row = addition.rows[-1]
    asked = "SELECT leaf FROM curtilage.ledger_entries WHERE position = %s"
    found = connection.execute(asked, (row.position,), binary=True).fetchone()
    return found is not None and found[0] == row.leaf


def _write(connection: Connection, addition: Addition, sent: list[Addition]) -> None:
    """Write and commit, in one round; ``sent`` tells that the commit may have reached the server."""
    nodes = completed(addition, lambda *asked: _read_hashes(connection, *asked))
    sent.append(addition)
    if len(addition.rows) == 1 and not (nodes or addition.bodies or addition.destroyed):
        connection.execute(f"{_insert(addition.rows[0])}; COMMIT")
        return
    with connection.pipeline():
        connection.execute(_INSERT_MANY, [list(column) for column in zip(*addition.rows, strict=True)])
        for node in nodes:
            connection.execute("INSERT INTO curtilage.ledger_nodes VALUES (%s, %s, %b)", node)
        for body in addition.bodies:
            given = (body.commitment, body.sealed, body.digest)
            connection.execute("INSERT INTO curtilage.ledger_bodies VALUES (%s, %b, %b)", given)
        if addition.destroyed:
            connection.execute(
                "DELETE FROM curtilage.ledger_bodies WHERE commitment = %s", (addition.destroyed,)
            )
        connection.execute("COMMIT")


def _insert(row: Row) -> str:
    stream, kind = _quote(row.stream), _quote(row.kind)
    return (
        f"EXECUTE ledger_add({row.position}, {stream}, {row.number}, {kind}, "
        f"'\\x{row.entry.hex()}', '\\x{row.leaf.hex()}')"
    )


def _roll_back(connection: Connection) -> None:
    """End the transaction where the connection still can; a lost one ended it itself."""
    try:
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            connection.execute("ROLLBACK")
    except psycopg.Error:
        connection.close()


def _hashes(level: int, start: int, count: int) -> tuple[Any, ...]:
    if level == 0:
        asked = "SELECT leaf FROM curtilage.ledger_entries WHERE position >= %s AND position < %s"
        return f"{asked} ORDER BY position", start, start + count
    asked = "SELECT hash FROM curtilage.ledger_nodes WHERE level = %s AND place >= %s AND place < %s"
    return f"{asked} ORDER BY place", level, start, start + count


def _read_hashes(connection: Connection, level: int, start: int, count: int) -> tuple[bytes, ...]:
    asked, *values = _hashes(level, start, count)
    return tuple(row[0] for row in connection.execute(asked, values, binary=True))


def _rows(found: Sequence[Any]) -> tuple[Row, ...]:
    return tuple(map(Row._make, found))
