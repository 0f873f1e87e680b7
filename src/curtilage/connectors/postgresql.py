"""PostgreSQL, as both of its drivers meet it: how to connect, what people made there, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from curtilage.connectors.ports import NoAnswerError, NoRightsError, SignInRefusedError
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError

#: Tables, partitioned parents, views, materialised views and foreign tables that people made:
#: nothing of the system, of an extension, of another session, and no single partition.
MADE: Final = """
    c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
"""
_FAILURES: Final[Sequence[tuple[str, type[SourceError], str, str]]] = (
    ("password", SignInRefusedError, "the server refused this user or password", "Check both, and that the secret named in curtilage.toml is the present one."),
    ("role", SignInRefusedError, "the server knows no such user", "Ask its administrator for an account that may connect."),
    ("no encryption", SignInRefusedError, "the server wants an encrypted connection", "Add ?sslmode=require to the address."),
    ("pg_hba", SignInRefusedError, "the server lets nobody in from here with this account", "Ask its administrator to allow this machine."),
    ("does not support ssl", SignInRefusedError, "the server offers no encryption", "Ask its administrator to turn TLS on, or connect through its own socket."),
    ("certificate", SignInRefusedError, "the server's certificate cannot be verified", "Name the authority with ?sslmode=verify-full&sslrootcert=PATH."),
    ("permission denied", NoRightsError, "this account may not connect to that database", "Run there: GRANT CONNECT ON DATABASE … TO …."),
    ("does not exist", SignInRefusedError, "the server has no such database", "Check the name behind the last slash."),
    ("translate host", NoAnswerError, "there is no such host", "Check the name of the host."),
    ("resolve host", NoAnswerError, "there is no such host", "Check the name of the host."),
    ("timeout", NoAnswerError, "it did not answer in time", "Check the host, the port and the firewall, then try again."),
    ("too many", NoAnswerError, "all its connections are taken", "Try again later."),
)  # fmt: skip


def connect_with(url: DatabaseUrl) -> dict[str, Any]:
    """Return what libpq wants to know in order to connect, the password included."""
    given = {
        "host": url.host,
        "port": url.port,
        "dbname": url.database,
        "user": url.user.unsafe_reveal(),
        "password": url.password.unsafe_reveal(),
        **url.options,
    }
    return {key: value for key, value in given.items() if value}


def qualified(schema: str, table: str) -> str:
    """Return a table's name as places give it: with its schema in front unless that is ``public``."""
    return table if schema == "public" else f"{schema}.{table}"


def explain(source: str, error: Exception) -> SourceError:
    """Return the error to raise; the server's own words may name a user, so they are not repeated."""
    said = str(error).lower()
    if getattr(error, "sqlstate", None) == "57014":
        said = "timeout"
    for sign, kind, what, next_step in _FAILURES:
        if sign in said:
            return kind(source=source, what=what, next_step=next_step)  # type: ignore[call-arg] # all take the same
    return NoAnswerError(
        source=source,
        what="it did not answer, or the connection was lost",
        next_step="Check the host, the port and that the server runs, then try again.",
    )
