"""A replay that is cut off anywhere, and the system restored once more: the next one always comes to its end.

A restored system is a new database that holds what the backup held: neither what went, nor a mark of it.
"""

import pytest

from curtilage.connectors.disposal.engine import MARKS
from curtilage.retention.carrying import Carrying, Pace
from curtilage.retention.events import Replayed, read_kind
from curtilage.retention.nouns import Permission, Reason
from curtilage.retention.recorder import Recorder
from curtilage.retention.replay import carry_out_replay, plan_replay
from curtilage.retention.run_line import MarkMismatchError
from tests.connectors.disposal.conftest import world  # noqa: F401 - a fixture
from tests.connectors.disposal.worlds import SqliteWorld
from tests.retention.books import RECORDS
from tests.retention.carried import Purge

ROWS, STAY = 12, [2, 4, 6, 8, 10, 12]


@pytest.fixture
def purge(world):  # noqa: F811 - the fixture
    world.fill(rows=ROWS)
    purge = Purge(world)
    assert purge.carry_out().rows == 6
    purge.restored = []
    yield purge
    for made in purge.restored:
        made.close()


def restore(purge):
    """Put the backup from before the purge back."""
    old = purge.world
    if isinstance(old, SqliteWorld):
        made = SqliteWorld(old.path.with_name(f"restored-{len(purge.restored)}.db"))
    else:
        made = type(old)(old.server)
    made.fill(rows=ROWS)
    purge.restored.append(made)
    purge.world = made


def replay(purge, ask=lambda: Permission(())):
    """Carry a replay out in batches of two, as long as ``ask`` permits."""
    clock, today = purge.clock, lambda: purge.clock.today("America/Chicago")
    made, result = carry_out_replay(
        lambda: plan_replay(
            purge.ledger, "housing", city="Smalltown", now=clock.now(), today=today(), by="rec"
        ),
        lambda plan: Carrying(
            Recorder(purge.ledger, plan, RECORDS),
            clock,
            lambda _: purge.world.open(),
            ask,
            Pace(batch_rows=2, wait_seconds=0),
            pause=lambda _: None,
        ),
        ledger=purge.ledger,
        declared=purge.declared,
        today=today,
        by=RECORDS,
    )
    return made, result


class Killed(BaseException):
    """The process ends here: nothing more of it is recorded."""


def cut_off(purge, after, *, killed):
    """Replay until the permission was asked so often, then end as the time is over, or as a process is killed."""
    asked = 0

    def ask():
        nonlocal asked
        asked += 1
        if asked <= after:
            return Permission(())
        if killed:
            raise Killed
        return Permission((Reason("until", "The time is over."),))

    try:
        replay(purge, ask)
    except Killed:
        assert killed


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
@pytest.mark.parametrize("after", [0, 3, 6])
def test_cut_off_and_restored_once_more_it_begins_anew_by_itself(purge, after, killed):
    restore(purge)
    cut_off(purge, after, killed=killed)
    restore(purge)

    made, result = replay(purge)

    assert (result.finished, purge.world.ids()) == (True, STAY)
    assert result.certificate.lines[0].disposed == 6
    is_told = after == 6 or (after == 3 and not killed)  # that a batch was done
    assert made.resumed is not is_told


def test_restored_again_and_again_no_replay_is_stuck(purge):
    for after in (3, 5, 7, 4, 6):
        restore(purge)
        cut_off(purge, after, killed=after % 2)
    restore(purge)

    replay(purge)

    assert purge.world.ids() == STAY


def test_cut_off_and_not_restored_it_goes_on(purge):
    restore(purge)
    cut_off(purge, 5, killed=True)
    first = len(purge.world.ids())

    made, result = replay(purge)

    assert (made.resumed, result.rows, purge.world.ids()) == (True, 6, STAY)
    assert len(STAY) < first < ROWS
    assert len(list(read_kind(purge.ledger.read_all(), Replayed))) == 1


def test_a_system_that_remembers_more_than_the_ledger_is_for_a_person(purge):
    """No restore of a system explains that: the ledger lost something, or somebody wrote the mark."""
    restore(purge)
    cut_off(purge, 5, killed=True)
    purge.world.run(f"UPDATE {MARKS} SET number = number + 7")

    with pytest.raises(MarkMismatchError, match="tell oversight"):
        replay(purge)
