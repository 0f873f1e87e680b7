"""Two people act on one case at once: one wins, the other is told who was quicker, and nothing is half recorded."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.disclosure.case.state import read_case
from curtilage.ledger.verify import verify_store
from curtilage.testing.clock import StoppedClock
from tests.disclosure.casework import (
    LAW,
    NOON,
    OTHER_PLAN,
    PLAN,
    PRIVACY,
    RECORDS,
    RELEASER,
    begin,
    classified,
    done,
    identified,
    make_desk,
    planned,
    ready,
    received,
    released,
    why,
)
from tests.disclosure.rival import compete, open_rivals_desk
from tests.ledger.ledgers import make_database

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request, tmp_path):
    if request.param == "postgresql":
        return make_database(request.getfixturevalue("postgresql_server"))
    return str(tmp_path / "curtilage.db")


class Interrupted(StoppedClock):
    """A clock at whose first look somebody else acts: after the case was read, before it is appended to."""

    def __init__(self, rival):
        super().__init__(NOON)
        self.rival = rival

    def now(self):
        rival, self.rival = self.rival, None
        if rival:
            rival()
        return super().now()


def interrupted(desk, rival):
    return make_desk(desk.ledger, clock=Interrupted(rival))


def test_who_decided_on_an_older_version_is_told_who_was_quicker():
    desk = make_desk()
    case = begin(desk)
    done(act(desk, case, ev.Held("counsel", None), by=LAW, seen=2))
    late = act(desk, case, ev.Closed("withdrawn"), by=RECORDS, seen=2)
    assert [reason.text for reason in late.reasons] == [
        "Somebody else acted on this case first: law (held). Look at it again, and decide anew."
    ]
    assert late.case.held


def test_what_happens_between_reading_and_recording_is_noticed():
    desk = make_desk()
    case = begin(desk)
    here = interrupted(desk, lambda: done(act(desk, case, ev.Held("counsel", None), by=LAW)))
    late = act(here, case, ev.Closed("withdrawn"), by=RECORDS)
    assert why(late) == {"moved"}
    assert [entry.kind for entry in desk.ledger.read(ev.case_stream(case))][-1] == "disclosure.held"


def test_a_hold_placed_at_the_last_moment_stops_a_release():
    desk = make_desk()
    case = ready(desk)
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    here = interrupted(desk, lambda: done(act(desk, case, ev.Held("motion", None), by=LAW)))
    assert why(act(here, case, released(), by=RELEASER)) == {"moved"}
    assert "held" in why(act(desk, case, released(), by=RELEASER))
    assert read_case(desk.ledger, case).gone == ()


def test_of_two_who_begin_a_release_one_does():
    desk = make_desk()
    case = ready(desk)
    begun = ev.ReleaseIntended(PLAN, "package.age")
    here = interrupted(desk, lambda: done(act(desk, case, begun, by=RELEASER)))
    assert why(act(here, case, begun, by=RELEASER)) == {"moved"}
    kinds = [entry.kind for entry in desk.ledger.read(ev.case_stream(case))]
    assert kinds.count("disclosure.release-intended") == 1


def test_several_steps_of_one_act_stand_together_or_not_at_all():
    desk = make_desk()
    case = begin(desk)
    before = desk.ledger.count()
    assert why(act(desk, case, identified(), ev.Closed("released"), by=RECORDS)) == {"other-end"}
    assert desk.ledger.count() == before


def test_of_many_threads_one_wins_each_version(address):
    desk = open_rivals_desk(address)
    case = begin_at(desk)
    names = ["law", "privacy", "records", "releaser"] * 3
    for version in range(2, 6):
        with ThreadPoolExecutor(6) as threads:
            said = list(threads.map(lambda name, at=version: compete(desk, case, at, name, "hold"), names))
        assert said.count("won") == 1
        assert all("acted on this case first" in each for each in said if each != "won")
    assert read_case(desk.ledger, case).number == 6
    assert verify_store(desk.ledger.store).faults == ()
    desk.ledger.close()


def test_of_two_processes_one_wins_each_version(address):
    desk = open_rivals_desk(address)
    case = begin_at(desk)
    rivals = {name: start(address, case) for name in ("law", "records")}
    for version in range(2, 12):
        for name, rival in rivals.items():
            rival.stdin.write(f"{version} {name} hold\n")
            rival.stdin.flush()
        said = {name: rival.stdout.readline().strip() for name, rival in rivals.items()}
        [winner] = [name for name, each in said.items() if each == "won"]
        [told] = [each for name, each in said.items() if name != winner]
        assert f"acted on this case first: {winner} (held)" in told
    assert [rival.communicate(timeout=60)[0] for rival in rivals.values()] == ["", ""]
    assert read_case(desk.ledger, case).number == 12
    desk.ledger.close()


def begin_at(desk):
    """Return a case of version 2, by the clock of the machine."""
    from curtilage.disclosure.case.desk import open_case

    case = done(open_case(desk, received(), by=RECORDS)).case.id
    done(act(desk, case, classified(issued=None, served=None), by=LAW))
    return case


def start(address, case):
    words = [sys.executable, "-m", "tests.disclosure.rival", address, case]
    rival = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert rival.stdout.readline() == "ready\n"
    return rival


def test_nobody_releases_by_a_plan_that_was_replaced_meanwhile():
    desk = make_desk()
    case = ready(desk)
    here = interrupted(desk, lambda: done(act(desk, case, planned(OTHER_PLAN), by=PRIVACY)))
    assert why(act(here, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER)) == {"moved"}
    assert "other-plan" in why(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
