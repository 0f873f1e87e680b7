"""One fixture gives an empty ledger in each store."""

import pytest

from curtilage.ledger.opening import open_ledger
from tests.ledger.ledgers import PlainSealer, StandingClock

STORES = ("memory", "sqlite")


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture(params=STORES)
def address(request, tmp_path):
    """The address of an empty ledger; one of memory is another one each time it is opened."""
    return "memory:" if request.param == "memory" else str(tmp_path / "curtilage.db")


@pytest.fixture
def ledger(address, clock):
    opened = open_ledger(address, clock=clock, sealer=PlainSealer())
    yield opened
    opened.close()
