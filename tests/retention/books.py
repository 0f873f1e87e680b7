"""A ledger in memory with a stopped clock, and the people of the example city, for tests."""

from datetime import date

from curtilage.connectors.disposal.hashing import Hasher
from curtilage.ledger.nouns import Actor
from curtilage.ledger.opening import open_ledger
from curtilage.retention.events import HoldPlaced
from curtilage.retention.holds import place_hold
from curtilage.retention.nouns import Scope
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import PlainSealer

HASHER = Hasher(b"k" * 32)
RECORDS = Actor("rec", "records officer")
HEAD = Actor("head", "department head")
COUNSEL = Actor("law", "city counsel")


def open_book(clock=None):
    return open_ledger("memory:", clock=clock or StoppedClock(), sealer=PlainSealer())


def placed(hold="h-1", **changed):
    """Return what is recorded of a hold; a scope's parts are told by the scope itself."""
    said = {
        "matter": "2017-CV-0123",
        "ground": "litigation",
        "issuer": "County court",
        "series": (),
        "systems": (),
        "subjects": 0,
        "conditional": False,
        "review": date(2017, 8, 1),
    }
    return HoldPlaced(hold, **(said | changed))


def put_hold(ledger, hold="h-1", scope=None, **changed):
    return place_hold(ledger, placed(hold, **changed), scope or Scope(), by=COUNSEL, kept_under="holds")


def people(*names):
    return frozenset(HASHER.subject(name) for name in names)
