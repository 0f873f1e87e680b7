"""What the tests of the ledger share: a sealer that only tests use, easy events."""

import hashlib
import secrets

import psycopg

from curtilage.foundation.errors import EvidenceError
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.nouns import Actor, Body, Event

CLERK = Actor("officer-2", "records-officer")


class PlainSealer:
    """Seals nothing: it only binds the context, so that tests can look at the bytes."""

    def seal(self, plain, *, context):
        text = plain.unsafe_reveal().encode()
        return hashlib.sha256(context + text).digest() + text

    def open(self, sealed, *, context):
        if hashlib.sha256(context + sealed[32:]).digest() != sealed[:32]:
            raise EvidenceError("not what was sealed")
        return Guarded(sealed[32:].decode())


def event(number=0, kind="retention.plan-made", **bodies):
    return Event(
        kind,
        {"count": number, "series": "hsg-014"},
        {name: Body(Guarded(text), "hsg-014") for name, text in bodies.items()},
    )


def make_database(server):
    """Return the address of a new, empty database of a PostgreSQL server."""
    name = f"ledger_{secrets.token_hex(6)}"
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.url(database=name)
