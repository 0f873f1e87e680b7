"""One connection to PostgreSQL over ADBC, on which rows come as Arrow (COPY in its binary form)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from curtilage.connectors.content.ahead import read_ahead
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.ports import NoAnswerError, NoRightsError
from curtilage.connectors.postgresql import connect_with, explain
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

_MOMENT: Final = re.compile(r"[0-9A-Fa-f-]{1,64}")
#: Set within each transaction, so that they hold behind a pool of connections too. Dates come in ISO form.
SETTINGS: Final = {
    "lock_timeout": "2000",
    "search_path": "pg_catalog",
    "idle_in_transaction_session_timeout": "0",
    "datestyle": "ISO",
    "intervalstyle": "iso_8601",
    "timezone": "UTC",
}
#: SQLSTATE, or how it begins; what is said of it, what to do.
_FAILURES: Final = (
    ("57014", NoAnswerError, "reading {what} took longer than it may", "Try again when it is less busy, or raise the limit of seconds."),
    ("55P03", NoAnswerError, "{what} is locked by somebody who changes it", "Try again later."),
    ("42501", NoRightsError, "this account may not read {what}", "Ask its administrator to run: GRANT SELECT ON {what} TO …."),
    ("42P01", NoAnswerError, "{what} is not there any more", "Run it again: it takes the tables that are there then."),
    ("42703", NoAnswerError, "a column of {what} is not there any more", "Run it again: it takes the columns that are there then."),
    ("40001", NoAnswerError, "the standby server had to give up the rows of {what}", "Read from the primary, or raise max_standby_streaming_delay."),
    ("08", NoAnswerError, "the connection was lost while reading {what}", "Check that the server runs, then try again."),
    ("57P", NoAnswerError, "the connection was ended while reading {what}", "Check that the server runs, then try again."),
)  # fmt: skip
#: The same for errors that come up in the middle of rows, where ADBC hands on words only.
_SAID: Final = (
    ("57014", "statement timeout"),
    ("57014", "canceling statement"),
    ("42501", "permission denied"),
    ("08", "pqgetcopydata"),
    ("57P", "terminat"),
    ("08", "connection"),
)


def explain_reading(source: str, what: str, error: Exception) -> SourceError:
    """Return the error to raise; the server's own words may quote a cell, so they are dropped.

    Raise it ``from None``: a chained error would be shown with its words.
    """
    state = str(getattr(error, "sqlstate", None) or "")
    said = str(error).lower()
    state = state or next((each for each, words in _SAID if words in said), "")
    for sign, kind, happened, next_step in _FAILURES:
        if state.startswith(sign):
            return kind(source=source, what=happened.format(what=what), next_step=next_step.format(what=what))
    return NoAnswerError(
        source=source,
        what=f"the server could not compute {what} to its end" + (f" (SQLSTATE {state})" if state else ""),
        next_step="Its log says why; what it says is not repeated here, because it may quote a cell.",
    )


def join_moment(moment: str) -> str:
    """Return the order that lets a transaction see what the one that exported ``moment`` sees; empty for no moment.

    >>> join_moment("00000003-0000001B-1"), join_moment("'; SELECT 1")
    ("SET TRANSACTION SNAPSHOT '00000003-0000001B-1'", '')
    """
    return f"SET TRANSACTION SNAPSHOT '{moment}'" if _MOMENT.fullmatch(moment) else ""


class Copying:
    """A connection for rows, opened when it is first asked, in one transaction that cannot write."""

    def __init__(self, url: DatabaseUrl, limits: ContentLimits) -> None:
        """Prepare; connects later.

        Args:
            url: Where, and as whom.
            limits: Bound batches and time.
        """
        self._url, self._limits = url, limits
        self._connection: Any = None
        self._cursor: Any = None
        self.moment = ""

    def ask(self, query: str, *, what: str, seconds: float) -> Iterator[pa.RecordBatch]:
        """Give the rows of a question, columns as the question calls them.

        Args:
            query: A SELECT; only quoted names and numbers are put in.
            what: How messages call what is read.
            seconds: After this time the server ends it.

        Raises:
            NoAnswerError: It took too long, is locked or gone, or the connection was lost.
            NoRightsError: The account may not read it.
            StoppedError: ``limits.stopped`` said so.
        """
        ended = False
        try:
            yield from read_ahead(
                lambda: self._rows(query, seconds),
                cancel=self._cancel,
                limits=self._limits,
                source=self._url.source,
            )
            ended = True
        except (SourceError, StoppedError):
            raise
        except Exception as error:  # noqa: BLE001 - ADBC's, Arrow's and libpq's errors have no common root
            raise explain_reading(self._url.source, what, error) from None
        finally:
            if not ended:
                # What was under way is over, and with it the transaction.
                self.close()

    def close(self) -> None:
        """End the connection; may be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _rows(self, query: str, seconds: float) -> Iterator[pa.RecordBatch]:
        if self._connection is None:
            self._connection = self._connect()
        # Going back to here gives back the lock on the table, and keeps what the transaction sees.
        self._order("SAVEPOINT part")
        self._order(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
        with self._connection.cursor() as cursor:
            self._cursor = cursor
            try:
                size = str(self._limits.batch_bytes)
                cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": size})
                cursor.execute(query)
                with cursor.fetch_record_batch() as batches:
                    yield from batches
            finally:
                self._cursor = None
        self._order("ROLLBACK TO SAVEPOINT part")

    def _connect(self) -> Any:
        adbc = load_library("adbc_driver_postgresql.dbapi", extra="databases", source=self._url.source)
        psycopg = load_library("psycopg", extra="databases", source=self._url.source)
        address = psycopg.conninfo.make_conninfo(
            **connect_with(self._url),
            connect_timeout=10,
            application_name="curtilage",
            client_encoding="UTF8",
            tcp_user_timeout=int(self._limits.seconds * 1000),
        )
        try:
            self._connection = adbc.connect(address)
        except Exception as error:  # noqa: BLE001 - as above
            raise explain(self._url.source, error) from None
        self._order("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if order := join_moment(self.moment):
            self._order(order)
        for name, value in SETTINGS.items():
            self._order(f"SET LOCAL {name} = '{value}'")
        return self._connection

    def _order(self, order: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(order)

    def _cancel(self) -> None:
        cursor = self._cursor
        if cursor is not None:
            with suppress(Exception):
                cursor.adbc_cancel()
