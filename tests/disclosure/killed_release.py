"""Processes that release a case and are killed at a chosen point; loaded by name in a process of its own."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

from curtilage.disclosure.release import carry_out as path
from curtilage.ledger.opening import open_ledger
from curtilage.testing.clock import StoppedClock
from tests.disclosure import casework as cw
from tests.disclosure.releases import Town
from tests.ledger.ledgers import PlainSealer

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.disclosure.killed_release", "cedarpy", "pyrage"])


def open_town(folder):
    """Return a town whose ledger is a file, as another process left it."""
    clock = StoppedClock(cw.NOON)
    ledger = open_ledger(str(folder / "ledger.db"), clock=clock, sealer=PlainSealer())
    return Town(folder, ledger=ledger, clock=clock)


class Points:
    """Counts what the path does to the world, before and after each act; dies at one of them."""

    def __init__(self, at):
        self.at, self.count = at, 0

    def step(self):
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, does):
        def done(*arguments, **more):
            self.step()
            found = does(*arguments, **more)
            self.step()
            return found

        return done

    def between(self, makes):
        def pieces(*arguments, **more):
            for piece in makes(*arguments, **more):
                self.step()
                yield piece

        return pieces

    def install(self):
        path.record = self.around(path.record)
        path.make_package = self.between(path.make_package)
        path.os.fsync = self.around(os.fsync)
        Path.rename = self.around(Path.rename)
        Path.unlink = self.around(Path.unlink)


def release(folder, case, plan, at, told):
    """Release a case in this process, killed at a point; 0 is at none. Tells how many points there were."""
    town = open_town(Path(folder))
    points = Points(at)
    points.install()
    left = path.carry_out(town.releasing(cw.RELEASER), case, plan, town.out)
    told.put((points.count, bool(left), left.is_again))
    town.desk.ledger.close()


def in_a_process(folder, case, plan, *, at=0):
    """Return what :func:`release` told; None where it was killed."""
    told = _PROCESSES.SimpleQueue()
    process = _PROCESSES.Process(target=release, args=(str(folder), case, plan, at, told))
    process.start()
    process.join(120)
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    return told.get() if process.exitcode == 0 else None


def at_once(folder, case, plan, *, count):
    """Return what several processes told that release the same case at the same moment."""
    told = _PROCESSES.SimpleQueue()
    processes = [
        _PROCESSES.Process(target=release, args=(str(folder), case, plan, 0, told)) for _ in range(count)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    return [told.get() for _ in processes]


def copy_of(folder, to):
    """Return a copy of a town's folder."""
    return Path(shutil.copytree(folder, to))
