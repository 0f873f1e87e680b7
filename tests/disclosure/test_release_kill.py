"""Killed at any point, nothing half leaves, nothing leaves twice, and the record is true."""

import hashlib

import pytest

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.disclosure.case.events import case_stream
from tests.disclosure.caseaudit import audit
from tests.disclosure.killed_release import at_once, copy_of, in_a_process, open_town
from tests.processes import linux
from tests.soak import TIMES

pytestmark = [linux, pytest.mark.soak]


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A town's folder with an approved plan, the case, the plan and the recipient's key."""
    folder = tmp_path_factory.mktemp("ready")
    town = open_town(folder)
    case, plan = town.approved()
    town.desk.ledger.close()
    return folder, case, plan, town.identity


@pytest.fixture(scope="module")
def points(ready, tmp_path_factory):
    """How many points a release has at which it can be killed."""
    folder, case, plan, _ = ready
    return in_a_process(copy_of(folder, tmp_path_factory.mktemp("count") / "town"), case, plan.id)[0]


def _look(folder, case, plan):
    """Hold a town to what must be true after any kill; return whether its package is there."""
    town = open_town(folder)
    recorded = [gone.package_hash for gone in town.read(case).gone]
    package = town.out / plan.package
    if package.exists():
        assert recorded == [hashlib.sha256(package.read_bytes()).hexdigest()]
    assert b"Canary" not in town.everything_written()
    audit(town.desk.ledger.read(case_stream(case)))
    assert {each.name for each in town.out.iterdir()} <= {plan.package, f".{plan.package}.part"}
    town.desk.ledger.close()
    return package.exists()


def _choose(points):
    if points <= TIMES:
        return range(1, points + 1)
    return sorted({1 + round(number * (points - 1) / TIMES) for number in range(TIMES + 1)})


def test_whatever_point_it_is_killed_at_the_next_run_completes_it_once(ready, points, tmp_path):
    folder, case, plan, identity = ready
    for at in _choose(points):
        copy = copy_of(folder, tmp_path / str(at))
        assert in_a_process(copy, case, plan.id, at=at) is None
        was_there = _look(copy, case, plan)
        before = (copy / "out" / plan.package).read_bytes() if was_there else b""
        _, is_left, _ = in_a_process(copy, case, plan.id)
        assert is_left
        assert _look(copy, case, plan)
        town = open_town(copy)
        town.identity = identity
        package = town.out / plan.package
        assert before in {b"", package.read_bytes()}
        assert town.manifest(package)["plan"] == plan.id
        assert town.kinds(case).count("released") == 1
        assert [each.name for each in town.out.iterdir()] == [plan.package]
        town.desk.ledger.close()


def test_killed_again_and_again_it_still_leaves_once(ready, points, tmp_path):
    folder, case, plan, _ = ready
    copy = copy_of(folder, tmp_path / "town")
    for at in _choose(points)[:4]:
        in_a_process(copy, case, plan.id, at=at)
        _look(copy, case, plan)
    assert in_a_process(copy, case, plan.id)[1]
    town = open_town(copy)
    assert town.kinds(case).count("released") == 1
    town.desk.ledger.close()


def test_processes_at_the_same_moment_make_one_package(ready, tmp_path):
    folder, case, plan, _ = ready
    copy = copy_of(folder, tmp_path / "town")
    told = at_once(copy, case, plan.id, count=3)
    assert any(is_left for _, is_left, _ in told)
    assert sum(is_left and not is_again for _, is_left, is_again in told) == 1
    assert _look(copy, case, plan)
    town = open_town(copy)
    assert town.kinds(case).count("released") == 1
    town.desk.ledger.close()
