"""A folder whose records are carried out in processes that are killed at any moment; loaded by name in one."""

import multiprocessing
import os
import random
from datetime import UTC, datetime, timedelta

from curtilage.connectors.disposal.files.marks import NAME
from curtilage.connectors.drivers.dispose_files import FileDisposer
from curtilage.foundation.settings import RetentionSettings
from curtilage.ledger.opening import open_ledger
from curtilage.retention.authorise import give_consent
from curtilage.retention.carrying import Pace
from curtilage.retention.events import BatchDone, plan_stream, read_kind
from curtilage.retention.holds import read_holds
from curtilage.retention.plan import make_plan
from curtilage.retention.state import read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import PlainSealer
from tests.retention.books import HASHER, HEAD, RECORDS
from tests.retention.carried import run
from tests.retention.declared import load, series

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.retention.killed_files"])
HEADER, DUE, KEPT = "id,person,closed_on\n", "2005-01-01", "2016-01-01"
FILES, PAPERS = 6, 12
MOMENT = StoppedClock().now() + timedelta(days=14)


def declared():
    held = [
        {
            "in": "files.*.csv",
            "trigger": "closed_on",
            "subject": "person",
            "key": ["id"],
            "dispose": "rewrite",
        },
        {"in": "files.*/*.pdf", "trigger": "file_modified", "key": ["file_path"], "dispose": "remove-files"},
    ]
    return load(series(held_in=held))


def fill(root):
    for number in range(FILES):
        rows = "".join(f"{number}{row},p-{row},{DUE if row % 2 else KEPT}\n" for row in range(10))
        (root / f"{number}.csv").write_text(HEADER + rows)
    for number in range(PAPERS):
        path = root / f"case-{number}" / "scan.pdf"
        path.parent.mkdir()
        path.write_text("x" * 1000)
        moment = datetime.fromisoformat(DUE if number % 2 else KEPT).replace(tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))


def open_book(ledger, moment=MOMENT):
    return open_ledger(str(ledger), clock=StoppedClock(moment), sealer=PlainSealer())


def carry_out(root, ledger, plan):
    """Carry a plan out in this process, to its end."""
    book = open_book(ledger)
    pace = Pace(wait_seconds=0.01)
    opener = lambda system: FileDisposer(root, system, HASHER)  # noqa: E731
    run(book, StoppedClock(MOMENT), declared(), read_state(book, plan).plan, pace, opener)
    book.close()


def agreed_plan(root, ledger):
    book, clock = open_book(ledger, StoppedClock().now()), StoppedClock()
    opener = lambda system: FileDisposer(root, system, HASHER)  # noqa: E731
    plan = make_plan(
        declared(), read_holds(book), opener, by="rec", clock=clock, settings=RetentionSettings()
    )
    record_plan(book, plan, by=RECORDS)
    for role, actor in (("records officer", RECORDS), ("department head", HEAD)):
        give_consent(book, read_state(book, plan.id), role, MOMENT.date(), by=actor)
    book.close()
    return plan


def carry_out_under_fire(folder, *, kills, seed):
    """Carry plans out in processes that are killed at random, until ``kills`` were; return how many were."""
    chance, killed, number = random.Random(seed), 0, 0
    while killed < kills:
        number += 1
        root, ledger = folder / f"files-{number}", folder / f"ledger-{number}.db"
        root.mkdir()
        fill(root)
        plan = agreed_plan(root, ledger)
        while True:
            process = _PROCESSES.Process(target=carry_out, args=(root, ledger, plan.id))
            process.start()
            process.join(chance.uniform(0.005, 0.12) if killed < kills else 60)
            if process.exitcode == 0:
                break
            process.kill()
            process.join()
            killed += 1
        assert_true_to_its_word(root, ledger, plan)
    return killed


def assert_true_to_its_word(root, ledger, plan):
    """See that what was due went, that nothing else did, that nothing is left beside, and that the record says so."""
    for number in range(FILES):
        rows = "".join(f"{number}{row},p-{row},{KEPT}\n" for row in range(0, 10, 2))
        assert (root / f"{number}.csv").read_text() == HEADER + rows
    assert len(list(root.glob("*/*.pdf"))) == PAPERS // 2
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] in ([], [NAME])
    book = open_book(ledger)
    done = [said.rows for _, said in read_kind(book.read(plan_stream(plan.id)), BatchDone)]
    state = read_state(book, plan.id)
    book.close()
    assert sum(done) == plan.rows == FILES * 5 + PAPERS // 2
    assert state.finished
