"""What PostgreSQL means when it refuses: whether to try again, and what to tell."""

from __future__ import annotations

from typing import Final

import psycopg

from curtilage.ledger.errors import DamagedStoreError, StoreError


def may_pass(error: psycopg.Error) -> bool:
    """Return whether the same may succeed in a moment: the server restarts, or a connection was lost."""
    state = error.sqlstate or ""
    if not state:
        is_refusal = any(sign in str(error).lower() for sign, _, _ in _REFUSALS)
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not is_refusal
    return state[:2] in {"08", "40"} or state in {"57P01", "57P02", "57P03", "25P03"}


def explain(where: str, error: psycopg.Error, *, is_known: bool) -> Exception:
    """Return the error to raise; the server's own words may name a user, so they are not repeated."""
    state = error.sqlstate or ""
    if (state[:2] in {"22", "23", "42"} and state != "42501") or state in {"XX001", "XX002"}:
        return DamagedStoreError(where=where)
    for sign, what, next_step in _FAILURES:
        if state.startswith(sign):
            return StoreError(where=where, what=what, next_step=next_step, is_known=is_known)
    for sign, what, next_step in () if state else _REFUSALS:
        if sign in str(error).lower():
            return StoreError(where=where, what=what, next_step=next_step, is_known=is_known)
    again = "Check that the server runs and lets this account in, then read the stream before you try again."
    return StoreError(where=where, what="the server did not answer", next_step=again, is_known=is_known)


_FAILURES: Final = (
    ("53100", "the server's disk is full", "Make room there and try again."),
    ("53", "the server lacks memory or connections", "Ask its administrator, and try again."),
    ("55P03", "another program kept it locked for too long", "Find out which one, and try again."),
    ("57014", "the server ended the question", "Ask its administrator for the limit, and try again."),
    ("25006", "the server takes no writing: it is a replica", "Give the address of the primary server."),
    ("42501", "this account may not do that", "Ask its administrator for the rights that docs/how-to/keep-the-ledger-in-postgresql.md names."),
)  # fmt: skip

#: What libpq says where there is no session yet, and so no code.
_REFUSALS: Final = (
    ("password", "the server refused this user or password", "Check both, and that the secret is the present one."),
    ("role", "the server knows no such user", "Ask its administrator for an account."),
    ("pg_hba", "the server lets nobody in from here with this account", "Ask its administrator to allow this machine."),
    ("certificate", "the server's certificate cannot be verified", "Name the authority with ?sslmode=verify-full&sslrootcert=PATH."),
    ("does not support ssl", "the server offers no encryption", "Ask its administrator to turn TLS on."),
    ("host name", "there is no such host", "Check the name of the host."),
    ('missing "="', "the address cannot be read", "Write it as postgresql://user:password@host:5432/database."),
    ("invalid", "the address cannot be read", "Write it as postgresql://user:password@host:5432/database."),
    ("does not exist", "the server has no such database", "Check the name behind the last slash."),
)  # fmt: skip
