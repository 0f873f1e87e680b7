"""What must hold of a case before anything leaves, and when."""

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.disclosure.case.nouns import Stage
from curtilage.disclosure.case.state import read_case
from tests.disclosure.casework import (
    CHIEF,
    PLAN,
    RECORDS,
    RELEASER,
    decide,
    done,
    emergency,
    make_desk,
    planned,
    ready,
    released,
)


@pytest.fixture
def desk():
    return make_desk()


def test_a_courts_order_is_released_after_policy_counsel_and_two_people(desk):
    case = ready(desk)
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    done(act(desk, case, released(), by=RELEASER))
    assert read_case(desk.ledger, case).stage is Stage.RELEASED


def test_an_emergency_is_released_by_a_supervisor_after_somebody_else_planned(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=CHIEF))
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), released(), by=CHIEF))
    assert read_case(desk.ledger, case).emergency.is_open
