"""A ledger that was put back from a backup is brought up to its published tiles, and to nothing else."""

import shutil

import pytest

from curtilage.ledger.errors import BodyDestroyedError
from curtilage.ledger.keys import key_of
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.recover import BadTilesError, recover
from curtilage.ledger.signing import ForkError
from curtilage.ledger.tiles import TileFolder, export_tiles
from curtilage.ledger.verify import verify_store
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event
from tests.ledger.notaries import KEY, ORIGIN, ed25519_pen, grow, memory_ledger, sign


def reopen(path):
    return open_ledger(str(path), clock=StoppedClock(), sealer=PlainSealer())


@pytest.fixture
def town(tmp_path):
    """A ledger of which a backup was made; then a body was destroyed, one recorded, and all published."""
    now = reopen(tmp_path / "now.db")
    grow(now, 5)
    (early,) = now.append("retention/hold", 0, [event(1, subject="Ana Canary")], by=CLERK)
    now.close()
    shutil.copy(tmp_path / "now.db", tmp_path / "backup.db")
    now = reopen(tmp_path / "now.db")
    now.destroy_body(early.bodies[0], by=CLERK, reason="Its time is over.")
    grow(now, 300)
    (late,) = now.append("retention/hold", 1, [event(2, subject="Ben Canary")], by=CLERK)
    export_tiles(now.store, tmp_path / "tiles", sign(now))
    backup = reopen(tmp_path / "backup.db")
    yield now, backup, TileFolder(tmp_path / "tiles"), early.bodies[0], late.bodies[0]
    now.close()
    backup.close()


def test_what_was_published_comes_back_byte_by_byte(town):
    now, backup, tiles, _, _ = town
    done = recover(backup, tiles, [KEY], by=CLERK)

    assert (done.before, done.size, done.destroyed, done.lost) == (6, 308, 1, 1)
    before = [entry.to_bytes() for entry in now.read_all()]
    assert [entry.to_bytes() for entry in backup.read_all()][:308] == before
    assert verify_store(backup.store, keys=[KEY], tiles=tiles, old=[("copy", tiles.note)]).faults == ()
    sign(backup)  # continues what was signed


def test_a_body_that_was_destroyed_since_is_destroyed_again(town, tmp_path):
    _, backup, tiles, early, late = town
    recover(backup, tiles, [KEY], by=CLERK)

    for ref in (early, late):
        with pytest.raises(BodyDestroyedError):
            backup.open_body(ref)
    assert "Lost:" in backup.read(f"ledger/body-{late.commitment}")[0].data["reason"]
    assert b"Ana Canary" not in b"".join(path.read_bytes() for path in tmp_path.glob("backup.db*"))


def test_doing_it_again_changes_nothing(town):
    _, backup, tiles, _, _ = town
    recover(backup, tiles, [KEY], by=CLERK)
    size = backup.count()

    assert recover(backup, tiles, [KEY], by=CLERK).lost == 0
    assert backup.count() == size


def test_a_ledger_that_went_on_by_itself_is_not_joined(town):
    _, backup, tiles, _, _ = town
    backup.append("retention/else", 0, [event(9)], by=CLERK)

    with pytest.raises(ForkError, match="its first 7 entries are not those"):
        recover(backup, tiles, [KEY], by=CLERK)
    assert backup.count() == 7


@pytest.mark.parametrize("keys", [[], [key_of(ORIGIN, ed25519_pen(9))]])
def test_tiles_that_nobody_trusted_signed_bring_nothing_back(town, keys):
    _, backup, tiles, _, _ = town

    with pytest.raises(BadTilesError):
        recover(backup, tiles, keys, by=CLERK)
    assert backup.count() == 6


def test_tiles_that_were_changed_bring_nothing_back(town, tmp_path):
    _, backup, _, _, _ = town
    path = tmp_path / "tiles/tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"plan-made", b"plan-mode", 1))

    with pytest.raises(BadTilesError, match="entry 0"):
        recover(backup, TileFolder(tmp_path / "tiles"), [KEY], by=CLERK)
    assert backup.count() == 6


def test_every_store_can_be_brought_up(ledger, tmp_path):
    published = memory_ledger(520)
    export_tiles(published.store, tmp_path, sign(published))
    grow(ledger, 250)
    recover(ledger, TileFolder(tmp_path), [KEY], by=CLERK)

    assert ledger.count() == 520
    assert verify_store(ledger.store, keys=[KEY], tiles=TileFolder(tmp_path)).faults == ()
