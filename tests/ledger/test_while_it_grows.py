"""Signing, exporting and verifying while others append, seal and destroy, in every store."""

import threading

from curtilage.ledger.opening import open_ledger
from curtilage.ledger.tiles import TileFolder, export_tiles
from curtilage.ledger.verify import verify_store, verify_tiles
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event
from tests.ledger.notaries import KEY, sign

MOST = 1_000


def write(ledger, stream, enough, failed):
    """Append entries with bodies, and destroy every second body, until it is enough.

    A store in memory takes more entries a second than anybody can verify: there are at most ``MOST``.
    """
    number = 0
    try:
        while number < MOST and not enough.wait(0.001):
            (entry,) = ledger.append(stream, number, [event(number, subject="Ana Canary")], by=CLERK)
            if number % 2:
                ledger.destroy_body(entry.bodies[0], by=CLERK, reason="Its time is over.")
            number += 1
    except Exception as error:  # noqa: BLE001 - told in the test's own thread
        failed.append(error)


def test_what_is_recorded_meanwhile_disturbs_nobody(address, ledger, tmp_path):
    others = [ledger] * 2 if address == "memory:" else [reopen(address), reopen(address)]
    ledger.append("retention/first", 0, [event()], by=CLERK)
    enough, failed = threading.Event(), []
    writers = [
        threading.Thread(target=write, args=(other, f"retention/{number}", enough, failed))
        for number, other in enumerate(others)
    ]
    for writer in writers:
        writer.start()
    try:
        for _ in range(6):
            export_tiles(ledger.store, tmp_path, sign(ledger))
            assert verify_store(ledger.store, keys=[KEY]).faults == ()
            assert verify_tiles(TileFolder(tmp_path), keys=[KEY]).faults == ()
    finally:
        enough.set()
        for writer, other in zip(writers, others, strict=True):
            writer.join()
            if other is not ledger:
                other.close()

    assert failed == []
    assert verify_store(ledger.store, keys=[KEY], tiles=TileFolder(tmp_path)).faults == ()


def reopen(address):
    return open_ledger(address, clock=StoppedClock(), sealer=PlainSealer())
