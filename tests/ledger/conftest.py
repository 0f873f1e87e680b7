"""One fixture gives an empty ledger in each store."""

import pytest

from curtilage.ledger.opening import open_ledger
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import PlainSealer, make_database

STORES = ("memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture(params=STORES)
def address(request, tmp_path):
    """The address of an empty ledger; one of memory is another one each time it is opened."""
    if request.param == "postgresql":
        return make_database(request.getfixturevalue("postgresql_server"))
    return "memory:" if request.param == "memory" else str(tmp_path / "curtilage.db")


@pytest.fixture
def ledger(address, clock):
    opened = open_ledger(address, clock=clock, sealer=PlainSealer())
    yield opened
    opened.close()
