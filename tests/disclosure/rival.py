"""A process of its own that acts on a case when it is told to: ``python -m tests.disclosure.rival ADDRESS CASE``.

It says ``ready``, reads a line ``VERSION NAME KIND`` from standard input, acts, and says ``won`` or why not.
"""

import sys

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.foundation.clock import SystemClock
from curtilage.ledger.opening import open_ledger
from tests.disclosure.casework import EVERYBODY, PLAN, make_desk
from tests.ledger.ledgers import PlainSealer

KINDS = {
    "hold": ev.Held("counsel", None),
    "assign": ev.Assigned("records"),
    "withdraw": ev.Closed("withdrawn"),
    "begin": ev.ReleaseIntended(PLAN, "package.age"),
}


def open_rivals_desk(address):
    clock = SystemClock()
    return make_desk(open_ledger(address, clock=clock, sealer=PlainSealer()), clock=clock)


def compete(desk, case, version, name, kind):
    """Return ``won``, or the reasons in words."""
    [who] = [each for each in EVERYBODY if each.id == name]
    acted = act(desk, case, KINDS[kind], by=who, seen=version or None)
    return "won" if acted else " ".join(reason.text for reason in acted.reasons)


def main(address, case):
    desk = open_rivals_desk(address)
    print("ready", flush=True)
    for line in sys.stdin:
        version, name, kind = line.split()
        print(compete(desk, case, int(version), name, kind), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
