"""What must hold of a case before anything leaves, and what takes it back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act, open_case, rule
from curtilage.disclosure.case.judge import weigh_still
from curtilage.disclosure.case.leaving import list_counting, weigh_leaving
from curtilage.disclosure.case.nouns import Stage
from curtilage.disclosure.case.state import read_case
from tests.disclosure.casework import (
    BOARD,
    CHIEF,
    CITY,
    DECLARED,
    DESK,
    LAW,
    NIGHT,
    OTHER_PLAN,
    PLAN,
    PRIVACY,
    RECORDS,
    RELEASER,
    SECOND_LAW,
    TODAY,
    active,
    begin,
    classified,
    decide,
    done,
    emergency,
    facts,
    identified,
    make_desk,
    narrowed,
    opened,
    order_in_hand,
    planned,
    policies,
    ready,
    received,
    released,
    step,
    why,
)

BEGIN = ev.ReleaseIntended(PLAN, "package.age")


@pytest.fixture
def desk():
    return make_desk()


def leaving(desk, case):
    return {reason.code for reason in weigh_leaving(read_case(desk.ledger, case), desk.now()).reasons}


def test_a_courts_order_is_released_after_policy_counsel_and_two_people(desk):
    case = ready(desk)
    done(act(desk, case, BEGIN, by=RELEASER))
    done(act(desk, case, released(), by=RELEASER))
    assert read_case(desk.ledger, case).stage is Stage.RELEASED


def test_an_emergency_is_released_by_a_supervisor_after_somebody_else_planned(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=CHIEF))
    done(act(desk, case, BEGIN, released(), by=CHIEF))
    assert read_case(desk.ledger, case).emergency.is_open


def test_a_case_is_released_once(desk):
    case = ready(desk)
    done(act(desk, case, BEGIN, released(), by=RELEASER))
    assert why(act(desk, case, BEGIN, by=RELEASER)) == {"gone"}
    assert why(act(desk, case, planned(OTHER_PLAN), by=RECORDS)) == {"gone"}


@pytest.mark.parametrize(
    ("what", "by"),
    [
        (ev.Held("motion", None), RECORDS),
        (facts(status="yes")[0], RECORDS),
        (facts(consent="none")[0], RECORDS),
        (facts(in_force="yes")[0], LAW),
        (identified(), RECORDS),
        (classified(), RECORDS),
        (narrowed(), RECORDS),
        (step(ev.NoticeWithheld("18 U.S.C. 2705(b)", TODAY), gag="Tell nobody."), LAW),
    ],
)
def test_whatever_changes_a_fact_takes_back_the_answer_the_plan_and_the_approvals(desk, what, by):
    case = ready(desk)
    changed = done(act(desk, case, what, by=by)).case
    assert (changed.ruling, changed.outcome, changed.plan, changed.list_approvals()) == (None, None, None, ())
    assert why(act(desk, case, BEGIN, by=RELEASER)) & {"not-decided", "sealed"}


@pytest.mark.parametrize("what", [identified(), classified(), *facts(in_force="yes", enforced_by_court="no")])
def test_what_changes_the_paper_asks_counsel_to_confirm_the_order_anew(desk, what):
    case = order_in_hand(desk)
    assert done(act(desk, case, what, by=LAW)).case.order is None


def test_other_facts_leave_counsels_word_on_the_order_as_it_is(desk):
    case = order_in_hand(desk)
    assert done(act(desk, case, *facts(locator="yes"), by=RECORDS)).case.order.officer == "law"


def test_a_hold_between_the_beginning_and_the_end_of_a_release_stops_it(desk):
    case = ready(desk)
    done(act(desk, case, BEGIN, by=RELEASER))
    done(act(desk, case, ev.Held("counsel", None), by=LAW))
    assert "held" in why(act(desk, case, released(), by=RELEASER))
    given_up = done(act(desk, case, ev.ReleaseStopped(PLAN, "held"), by=RELEASER)).case
    assert (given_up.releasing, given_up.gone) == ("", ())


def test_a_release_ends_only_where_it_was_begun(desk):
    assert why(act(desk, ready(desk), released(), by=RELEASER)) == {"not-begun"}


def test_more_than_was_planned_is_no_outcome_of_the_plan(desk):
    case = ready(desk)
    done(act(desk, case, BEGIN, by=RELEASER))
    assert why(act(desk, case, released(rows=3), by=RELEASER)) == {"more-than-planned"}


def test_only_the_role_that_the_answer_names_releases(desk):
    case = ready(desk)
    assert why(act(desk, case, BEGIN, by=RECORDS)) == {"not-your-role"}
    assert why(act(desk, case, BEGIN, by=LAW)) == {"not-your-role"}


def test_nothing_is_planned_before_counsel_confirmed_the_answer(desk):
    case = order_in_hand(desk)
    decide(desk, case)
    assert why(act(desk, case, planned(), by=RECORDS)) == {"not-confirmed"}


def test_a_plan_stays_within_the_bounds(desk):
    case = order_in_hand(desk)
    wider = planned(fields=(("housing.applicants.name", 2), ("housing.applicants.address", 2)))
    assert why(act(desk, case, wider, by=RECORDS)) == {"beyond-bounds"}
    assert why(act(desk, case, planned(subjects=2), by=RECORDS)) == {"beyond-bounds"}


def test_who_planned_does_not_approve(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=LAW))
    assert why(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW)) == {"own-plan"}


def test_nobody_approves_twice(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert "approved-already" in why(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))


def known_as(desk, name, *officers):
    """Return a desk of a city that declares some officers under one name."""
    people = [replace(each, name=name) if each in officers else each for each in CITY.officers]
    declared = replace(DECLARED, city=replace(CITY, officers=tuple(people)))
    return replace(desk, declared=declared)


def test_one_person_under_two_ids_does_not_approve_their_own_plan(desk):
    desk = known_as(desk, "J. Lind", RECORDS, RELEASER)
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    assert why(act(desk, case, ev.Approved(PLAN, "releaser"), by=RELEASER)) == {"own-plan"}


def test_one_person_under_two_ids_approves_once(desk):
    desk = known_as(desk, "J. Lind", LAW, RELEASER)
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert "approved-already" in why(act(desk, case, ev.Approved(PLAN, "releaser"), by=RELEASER))


def test_two_approvals_that_turn_out_to_be_one_persons_let_nothing_leave(desk):
    case = ready(desk)
    assert leaving(desk, case) == set()
    assert leaving(known_as(desk, "J.  LIND", LAW, RELEASER), case) == {"not-approved"}


def test_people_who_were_never_named_count_as_one(desk):
    desk = known_as(desk, "To be named", LAW, RELEASER)
    moment = desk.now()
    assert moment.is_one_person("law", "releaser")
    assert not moment.is_one_person("law", "records")
    assert not moment.is_one_person("law", "nobody-known")
    assert moment.is_one_person("nobody-known", "nobody-known")


def test_one_of_two_who_approve_has_the_role_that_releases(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert why(act(desk, case, ev.Approved(PLAN, "counsel"), by=SECOND_LAW)) == {"role-missing"}
    done(act(desk, case, ev.Approved(PLAN, "releaser"), by=RELEASER))
    assert leaving(desk, case) == set()


def test_somebody_approves_only_as_what_they_are(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    assert "not-that-role" in why(act(desk, case, ev.Approved(PLAN, "releaser"), by=PRIVACY))


def test_a_plan_that_was_replaced_is_not_approved(desk):
    case = ready(desk)
    done(act(desk, case, planned(OTHER_PLAN), by=RECORDS))
    assert "other-plan" in why(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert leaving(desk, case) == {"not-approved"}


def test_a_plan_made_again_by_somebody_else_is_approved_again(desk):
    case = ready(desk)
    done(act(desk, case, planned(), by=PRIVACY))
    assert leaving(desk, case) == {"not-approved"}


def test_a_plan_is_over_after_its_last_day(desk):
    case = ready(desk)
    desk.clock.move(timedelta(days=8))
    assert leaving(desk, case) == {"plan-expired"}


def test_an_approval_counts_only_while_who_gave_it_has_that_role(desk):
    case = ready(desk)
    gone = tuple(each for each in CITY.officers if each.id != "law")
    later = make_desk(
        desk.ledger, clock=desk.clock, declared=replace(DECLARED, city=replace(CITY, officers=gone))
    )
    assert leaving(later, case) == {"not-approved"}
    assert [each.officer for each in list_counting(read_case(desk.ledger, case), later.now())] == ["releaser"]


# --- emergencies ---------------------------------------------------------------------------------


def test_only_a_supervisor_states_an_emergency(desk):
    case = begin(desk, "emergency-request")
    assert why(act(desk, case, opened(desk), by=LAW)) == {"not-your-role"}


def test_civil_immigration_is_no_emergency(desk):
    case = begin(desk, "emergency-request", civil_immigration=True)
    assert why(act(desk, case, opened(desk), by=CHIEF)) == {"civil-immigration"}


def test_a_purpose_that_nobody_stated_is_no_emergency(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    assert why(act(desk, case, opened(desk), by=CHIEF)) == {"not-classified"}


@pytest.mark.parametrize("hours", [25, 0, -1])
def test_a_review_is_due_within_a_day(desk, hours):
    case = begin(desk, "emergency-request")
    late = opened(desk, review_by=desk.clock.now() + timedelta(hours=hours))
    assert why(act(desk, case, late, by=CHIEF)) == {"review"}


def test_an_emergency_stated_again_is_reviewed_no_later(desk):
    case = emergency(desk)
    first = read_case(desk.ledger, case).emergency.review_by
    desk.clock.move(timedelta(hours=5))
    assert done(act(desk, case, opened(desk), by=NIGHT)).case.emergency.review_by == first


def test_without_a_call_back_policy_lets_nothing_leave(desk):
    case = emergency(desk)
    done(act(desk, case, opened(desk, called_back=False), by=CHIEF))
    assert not decide(desk, case, by=CHIEF).ruling.lets_leave


def test_an_emergency_is_over_when_its_review_is_overdue(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=CHIEF))
    desk.clock.move(timedelta(hours=25))
    assert why(act(desk, case, BEGIN, by=CHIEF)) == {"emergency-over"}


def test_in_an_emergency_nobody_but_a_supervisor_approves(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    assert "not-supervisor" in why(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))


def test_the_supervisor_who_planned_does_not_approve(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=CHIEF))
    assert why(act(desk, case, ev.Approved(PLAN, "supervisor"), by=CHIEF)) == {"own-plan"}
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=NIGHT))


def test_who_stated_an_emergency_does_not_review_it(desk):
    case = emergency(desk)
    assert why(act(desk, case, ev.Reviewed("counsel", "proper", "none"), by=CHIEF)) >= {"not-your-role"}
    assert done(act(desk, case, ev.Reviewed("board", "more", "none"), by=BOARD)).case.emergency.is_open
    assert not done(act(desk, case, ev.Reviewed("board", "proper", "none"), by=BOARD)).case.emergency.is_open


def test_after_its_review_an_emergency_lets_nothing_leave(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, ev.Reviewed("counsel", "improper", "no-emergency"), by=LAW))
    assert "no-open-review" in why(act(desk, case, planned(), by=RECORDS))
    assert why(act(desk, case, opened(desk), by=CHIEF)) == {"reviewed"}


def test_a_case_that_left_for_an_emergency_stays_open_until_the_review(desk):
    case = emergency(desk)
    decide(desk, case, by=CHIEF)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "supervisor"), by=CHIEF))
    done(act(desk, case, BEGIN, released(), by=CHIEF))
    assert why(act(desk, case, ev.Closed("released"), by=RECORDS)) == {"review-open"}
    done(act(desk, case, ev.Reviewed("board", "proper", "none"), by=BOARD))
    assert done(act(desk, case, ev.Closed("released"), by=RECORDS)).case.result == "released"


# --- policy, asked again at that moment ----------------------------------------------------------


def test_policy_asked_again_lets_a_good_case_leave(desk):
    case = read_case(desk.ledger, ready(desk))
    assert weigh_still(case, policies(), active())


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((policies("or"), active("or")), "decided-on-others"),
        ((policies("or"), active()), "other-rules-active"),
        ((policies(), None), "no-active-rules"),
        ((replace(policies(), unsigned=("base",)), active()), "unsigned"),
    ],
)
def test_other_rules_than_those_of_the_answer_let_nothing_leave(desk, rules, code):
    case = read_case(desk.ledger, ready(desk))
    assert {reason.code for reason in weigh_still(case, *rules).reasons} == {code}


def test_a_case_that_changed_since_is_answered_anew(desk):
    case = ready(desk)
    done(act(desk, case, ev.Held("order", None), by=LAW))
    assert {
        reason.code for reason in weigh_still(read_case(desk.ledger, case), policies(), active()).reasons
    } == {"not-released"}


def test_without_active_rules_nothing_is_decided_or_recorded(desk):
    case = begin(desk)
    before = desk.ledger.count()
    assert why(rule(desk, case, policies(), None, by=RECORDS)) == {"no-active-rules"}
    assert desk.ledger.count() == before


def test_of_those_whose_approval_still_counts_one_has_the_role_that_releases(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    for role, who in (("releaser", RELEASER), ("counsel", LAW), ("privacy-officer", PRIVACY)):
        done(act(desk, case, ev.Approved(PLAN, role), by=who))
    stayed = tuple(each for each in CITY.officers if each.id != "releaser")
    city = replace(CITY, officers=stayed)
    later = make_desk(desk.ledger, clock=desk.clock, declared=replace(DECLARED, city=city))
    assert leaving(later, case) == {"role-missing"}


def test_what_must_hold_is_asked_in_one_place_whoever_asks(desk):
    case = ready(desk)
    assert leaving(desk, case) == set()
    done(act(desk, case, BEGIN, released(), by=RELEASER))
    assert leaving(desk, case) == {"gone"}
    sealed = begin(desk, gag=True)
    assert leaving(desk, sealed) == {"sealed", "not-decided", "no-plan"}
