"""Each ground on which something may leave, brought to its package: an order, consent, the law of records, an emergency."""

import pytest

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from tests.disclosure import casework as cw
from tests.disclosure.releases import Town, narrow
from tests.disclosure.test_release_plan import entry


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


def state(town, case, reach, *, by=cw.LAW, **facts):
    cw.done(act(town.desk, case, narrow(reach), *cw.facts(**facts), by=by))


def test_consent_lets_out_what_it_names(town):
    case = cw.begin(town.desk, "own-request", issued=None, served=None)
    cw.done(act(town.desk, case, cw.identified("subject", "subject", "yes", "in-person"), by=cw.LAW))
    facts = {"status": "no", "locator": "yes", "other_personal": "yes", "in_force": "yes"}
    given = {
        "consent__written": "yes",
        "consent__specific": "yes",
        "consent__by_the_subject": "yes",
        "consent__revoked": "no",
    }
    state(
        town,
        case,
        entry("housing.applicants", "['4712']", "[name, address]"),
        scope="matched",
        **facts,
        **given,
    )
    ruling = cw.decide(town.desk, case).ruling
    assert ruling.outcome == "release", ruling
    cw.done(act(town.desk, case, ev.Confirmed("outcome"), by=cw.LAW))
    plan = town.plan(case).plan
    assert (plan.basis, plan.lines[0].unshared) == ("consent", 0)
    town.approve(case, plan.id)
    assert "Bo Canary-4712" in str(town.open(town.release(case, plan).path))


def test_what_law_makes_public_leaves_without_those_who_asked_not_to_be_shared(town):
    town.run("housing", "UPDATE applicants SET may_share = 'y' WHERE person = 4713")
    case = cw.begin(town.desk, "records-request", issued=None, served=None)
    cw.done(act(town.desk, case, cw.identified("public", "nobody", "yes", "none"), by=cw.LAW))
    facts = {
        "status": "no",
        "locator": "no",
        "other_personal": "yes",
        "public_record": "yes",
        "exempt_fields": "no",
        "in_force": "yes",
    }
    state(
        town,
        case,
        entry("housing.applicants", "['4712', '4713']", "[name, received]"),
        scope="matched",
        **facts,
    )
    ruling = cw.decide(town.desk, case).ruling
    assert (ruling.outcome, ruling.role) == ("release", "records-officer"), ruling
    plan = town.plan(case, by=cw.PRIVACY).plan
    assert (plan.basis, plan.rows, plan.lines[0].unshared) == ("public-record", 1, 1)
    town.approve(case, plan.id, cw.RECORDS, cw.LAW)
    held = town.open(town.release(case, plan, by=cw.RECORDS).path)
    assert "Cy Canary-4713" in str(held)
    assert "4712" not in str(held)


def emergency(town, scope):
    case = cw.emergency(town.desk)
    cw.done(act(town.desk, case, narrow(scope), by=cw.CHIEF))
    cw.decide(town.desk, case, by=cw.CHIEF)
    return case


SCOPE = entry("housing.applicants", "['4711']", "[name, address]")


def test_in_an_emergency_one_supervisor_approves_what_another_planned(town):
    case = emergency(town, SCOPE)
    plan = town.plan(case, by=cw.CHIEF).plan
    assert plan.basis == "emergency"
    town.approve(case, plan.id, cw.NIGHT)
    left = town.release(case, plan, by=cw.NIGHT)
    assert left, left.reasons
    assert town.read(case).emergency.is_open


def test_an_emergency_does_not_let_out_who_asked_not_to_be_shared(town):
    case = emergency(town, entry("housing.applicants", "['4712']", "[name, address]"))
    assert {reason.code for reason in town.plan(case, by=cw.CHIEF).reasons} == {"nothing-goes"}


def test_an_emergency_is_no_ground_for_what_the_inventory_prohibits(town):
    named = entry("housing.applicants", "['4711']", "[name, origin]", named_by_order="[origin]")
    assert {reason.code for reason in town.plan(emergency(town, named), by=cw.CHIEF).reasons} >= {
        "not-compelled"
    }


def test_who_planned_in_an_emergency_does_not_release_alone(town):
    case = emergency(town, SCOPE)
    plan = town.plan(case, by=cw.CHIEF).plan
    left = town.release(case, plan, by=cw.CHIEF)
    assert "not-approved" in {reason.code for reason in left.reasons}
    assert list(town.out.iterdir()) == []
