"""A process that appends until it is stopped: python -m tests.ledger.appender ADDRESS NAME [ROUNDS]

It prints ``POSITION LEAF`` of each entry once its append has returned, and nothing before. What it records
counts up, so that an entry that was lost or recorded twice shows.
"""

import itertools
import sys

from curtilage.foundation.clock import SystemClock
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.ports import StreamMovedError
from tests.ledger.ledgers import CLERK, PlainSealer, event

SHARED = "retention/shared"


def main(address, name, rounds=None):
    ledger = open_ledger(address, clock=SystemClock(), sealer=PlainSealer())
    own = f"retention/{name}"
    version = len(ledger.read(own))
    for turn in itertools.count() if rounds is None else range(int(rounds)):
        batch = 300 if turn % 10 == 9 else 1 + turn % 4
        bodies = {"who": f"Ana {turn}"} if turn % 3 == 0 else {}
        entries = ledger.append(
            own, version, [event(version + each, **bodies) for each in range(batch)], by=CLERK
        )
        version += batch
        tell(entries)
        if bodies:
            tell([ledger.destroy_body(entries[0].bodies[0], by=CLERK, reason="Its time is over.")])
        tell(append_shared(ledger))
    ledger.close()


def append_shared(ledger):
    """Append to the stream that all share: read, decide, and decide again where another was faster."""
    while True:
        version = len(ledger.read(SHARED))
        try:
            return ledger.append(SHARED, version, [event(version)], by=CLERK)
        except StreamMovedError:
            continue


def tell(entries):
    for entry in entries:
        print(entry.position, entry.leaf_hash().hex(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
