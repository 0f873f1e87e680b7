"""Others act on the case and on the records while it is released; whatever they do, and whenever, the record is true."""

import hashlib
import random
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.foundation.errors import CurtilageError
from tests.disclosure import casework as cw
from tests.disclosure.caseaudit import audit
from tests.disclosure.releases import SCOPE, Town, narrow
from tests.soak import TIMES

pytestmark = pytest.mark.soak

ELSEWHERE = SCOPE.replace('"4711"', '"4712"')
STEPS = (
    (cw.LAW, ev.Held("counsel", None)),
    (cw.LAW, ev.HoldLifted("counsel")),
    (cw.LAW, *cw.facts(motion_pending="yes")),
    (cw.LAW, *cw.facts(scope="exceeds")),
    (cw.RECORDS, ev.Assigned("records")),
    (cw.LAW, narrow(ELSEWHERE)),
    (cw.RECORDS, cw.planned("e" * 64, fields=(("housing.applicants.name", 1),), rows=1)),
    (cw.LAW, cw.identified(authentic="no")),
    (cw.LAW, ev.Closed("withdrawn")),
)
SQL = (
    "INSERT INTO applicants VALUES (4711, 'Canary-new', NULL, '2016-07-07', NULL, NULL, NULL)",
    "DELETE FROM applicants WHERE person = 4711",
    "UPDATE applicants SET name = 'Canary-changed' WHERE person = 4711",
    "INSERT INTO applicants VALUES (4713, 'Canary-other', NULL, '2016-07-07', NULL, NULL, NULL)",
)


class Meddler:
    """Does something now and then, wherever it is asked."""

    def __init__(self, town, case, chance):
        self.town, self.case, self.chance, self.did = town, case, chance, []

    def perhaps(self):
        if self.chance.random() < 0.35:
            by, *steps = self.chance.choice(STEPS)
            self.did.append(bool(act(self.town.desk, self.case, *steps, by=by)))
        if self.chance.random() < 0.15:
            with suppress(sqlite3.OperationalError):  # the file is being read
                self.town.run("housing", self.chance.choice(SQL))

    def opener(self, system):
        self.perhaps()
        made = self.town.opener(system)
        read, count = made.read, made.count

        def reading(wanted):
            for row in read(wanted):
                self.perhaps()
                yield row
            self.perhaps()

        def counting(wanted):
            found = count(wanted)
            self.perhaps()
            return found

        made.read, made.count = reading, counting
        return made


@pytest.mark.parametrize("seed", range(max(12, TIMES)))
def test_whatever_others_do_meanwhile_what_left_is_what_was_approved(seed):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        case, plan = town.approved()
        meddler = Meddler(town, case, chance)
        for _ in range(2):
            try:
                town.release(case, plan, opener=meddler.opener)
            except CurtilageError as error:
                said = str(error)
                assert "Canary" not in said
        entries = town.desk.ledger.read(ev.case_stream(case))
        audit(entries)
        _look(town, case, plan, [entry for entry in entries if entry.kind == "disclosure.released"])


def _look(town, case, plan, released):
    package = town.out / plan.package
    assert b"Canary" not in town.everything_written()
    assert package.exists() == bool(released)
    if released:
        assert released[0].data["package_hash"] == hashlib.sha256(package.read_bytes()).hexdigest()
        (said,) = town.manifest(package)["files"]
        assert (said["columns"], said["records"]) == (["name", "received"], 1)
    assert {each.name for each in town.out.iterdir()} <= {plan.package}
    assert not (town.read(case).releasing and released)
