"""MariaDB and MySQL, as both of their drivers meet them: how to connect, what people made, what went wrong."""

from __future__ import annotations

from typing import Any, Final

from curtilage.connectors.ports import NoAnswerError, NoRightsError, SignInRefusedError
from curtilage.connectors.url import DatabaseUrl
from curtilage.foundation.errors import SourceError

MADE: Final = """
    t.table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
    AND (%(database)s = '' OR t.table_schema = %(database)s)
    AND t.table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
"""
#: The server's number, the error, what to say, what to do.
_FAILURES: Final[dict[int, tuple[type[SourceError], str, str]]] = {
    1044: (NoRightsError, "this account has no right on that database", "Ask its administrator to run: GRANT REFERENCES ON … TO …."),
    1045: (SignInRefusedError, "the server refused this user or password", "Check both, and that the secret named in curtilage.toml is the present one."),
    1049: (SignInRefusedError, "the server has no such database", "Check the name behind the last slash."),
    1130: (SignInRefusedError, "the server lets nobody in from this machine", "Ask its administrator to allow it."),
    1142: (NoRightsError, "this account may not see that", "Ask its administrator for the right to see what the tables are made of."),
    1698: (SignInRefusedError, "the server refused this user or password", "Check both."),
    1969: (NoAnswerError, "it did not answer in time", "Try again when it is less busy."),
    2005: (NoAnswerError, "there is no such host", "Check the name of the host."),
    3024: (NoAnswerError, "it did not answer in time", "Try again when it is less busy."),
    3159: (SignInRefusedError, "the server wants an encrypted connection", "Add ?ssl_ca=PATH to the address."),
}  # fmt: skip


def connect_with(url: DatabaseUrl) -> dict[str, Any]:
    """Return what PyMySQL wants to know in order to connect, the password included."""
    given = {
        "host": url.host,
        "port": url.port,
        "database": url.database,
        "user": url.user.unsafe_reveal(),
        "password": url.password.unsafe_reveal(),
        **url.options,
    }
    kept = {key: value for key, value in given.items() if value}
    return {
        **kept,
        "connect_timeout": 10,
        "charset": "utf8mb4",
        "program_name": "curtilage",
        "local_infile": False,
    }


def explain(source: str, error: Exception) -> SourceError:
    """Return the error to raise; the server's own words may name a user, so they are not repeated."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if number == 2003 and ("name or service" in str(error).lower() or "getaddrinfo" in str(error).lower()):
        number = 2005
    if number in _FAILURES:
        kind, what, next_step = _FAILURES[number]
        return kind(source=source, what=what, next_step=next_step)  # type: ignore[call-arg] # all take the same
    return NoAnswerError(
        source=source,
        what="it did not answer, or the connection was lost",
        next_step="Check the host, the port and that the server runs, then try again.",
    )
