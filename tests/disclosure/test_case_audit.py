"""The auditor that holds chance to its word is not blind: each thing left out of a good release is found."""

from datetime import timedelta

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from tests.disclosure.caseaudit import audit
from tests.disclosure.casework import (
    CHIEF,
    LAW,
    NIGHT,
    PLAN,
    RECORDS,
    RELEASER,
    TODAY,
    decide,
    done,
    emergency,
    facts,
    make_desk,
    opened,
    planned,
    ready,
    released,
)


@pytest.fixture
def good():
    """Return the entries of a good release."""
    desk = make_desk()
    case = ready(desk)
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), released(), by=RELEASER))
    return desk.ledger.read(ev.case_stream(case))


def without(entries, kind, **data):
    return [
        each
        for each in entries
        if each.kind != kind or any(each.data.get(name) != value for name, value in data.items())
    ]


def forged(desk, case, step, by):
    """Return the entries after a step that nobody weighed."""
    stream = ev.case_stream(case)
    event = ev.to_event(step)
    desk.ledger.append(stream, len(desk.ledger.read(stream)), [event], by=ev_actor(by))
    return desk.ledger.read(stream)


def ev_actor(by):
    from curtilage.ledger.nouns import Actor

    return Actor(by.id, by.role)


def test_a_good_release_is_found_good(good):
    audit(good)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("disclosure.decided", {}),
        ("disclosure.confirmed", {"what": "order"}),
        ("disclosure.confirmed", {"what": "outcome"}),
        ("disclosure.fact-stated", {"fact": "scope"}),
        ("disclosure.narrowed", {}),
        ("disclosure.planned", {}),
        ("disclosure.approved", {"role": "releaser"}),
        ("disclosure.approved", {"role": "counsel"}),
    ],
)
def test_what_is_left_out_of_a_good_release_is_found(good, kind, data):
    with pytest.raises((AssertionError, IndexError)):
        audit(without(good, kind, **data))


@pytest.mark.parametrize(
    "step",
    [
        ev.Held("counsel", None),
        *facts(status="yes"),
        ev.Identified("court", "judge", "yes", "none"),
        ev.NoticeWithheld("18 U.S.C. 2705(b)", TODAY),
    ],
)
def test_what_slips_in_before_a_release_is_found(step):
    desk = make_desk()
    case = ready(desk)
    forged(desk, case, step, LAW)
    with pytest.raises(AssertionError):
        audit(forged(desk, case, ev.ReleaseIntended(PLAN, "package.age"), RELEASER))


def test_a_planner_who_approves_is_found():
    desk = make_desk()
    case = ready(desk)
    forged(desk, case, planned().data, LAW)
    forged(desk, case, ev.Approved(PLAN, "releaser"), RELEASER)
    forged(desk, case, ev.Approved(PLAN, "counsel"), LAW)
    with pytest.raises(AssertionError):
        audit(forged(desk, case, ev.ReleaseIntended(PLAN, "package.age"), RELEASER))


def test_a_second_release_is_found(good):
    with pytest.raises(AssertionError):
        audit([*good, good[-1]])


def test_a_release_by_another_role_is_found():
    desk = make_desk()
    case = ready(desk)
    with pytest.raises(AssertionError):
        audit(forged(desk, case, ev.ReleaseIntended(PLAN, "package.age"), RECORDS))


def test_an_emergency_after_its_review_is_found():
    desk = make_desk()
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=NIGHT))
    forged(desk, case, ev.Reviewed("counsel", "proper", "none"), LAW)
    with pytest.raises(AssertionError):
        audit(forged(desk, case, ev.ReleaseIntended(PLAN, "package.age"), CHIEF))


def test_a_review_that_may_take_too_long_is_found():
    desk = make_desk()
    case = emergency(desk)
    late = opened(desk, review_by=desk.clock.now() + timedelta(hours=25))
    with pytest.raises(AssertionError):
        audit(forged(desk, case, late, CHIEF))
