"""Who may take which step of a case, with which words, when."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act, open_case
from curtilage.disclosure.case.roles import MAY, OWN_STEP, STATES, roles_of, say_roles
from curtilage.disclosure.case.state import read_case
from curtilage.disclosure.case.steps import Step, weigh
from curtilage.disclosure.case.words import list_statable, weigh_words
from curtilage.disclosure.nouns import ROLES
from curtilage.disclosure.policy.facts import NAMES
from tests.disclosure.casework import (
    BOARD,
    BUYER,
    CHIEF,
    CLERK,
    DESK,
    EVERYBODY,
    LAW,
    PACKAGE,
    PLAN,
    PRIVACY,
    RECORDS,
    RELEASER,
    TODAY,
    asked,
    begin,
    classified,
    decide,
    done,
    emergency,
    facts,
    identified,
    make_desk,
    narrowed,
    officer,
    opened,
    order_in_hand,
    planned,
    ready,
    received,
    released,
    step,
    why,
)


@pytest.fixture
def desk():
    return make_desk()


def one_of_each(desk):
    """Return a step of every kind, each with words that are right."""
    return [
        received("abcdefgh"),
        step(ev.Attached("words", "", 3, 0, ()), words="abc"),
        identified(),
        classified(),
        *facts(status="yes"),
        ev.Assigned("records"),
        ev.Held("counsel", None),
        ev.HoldLifted("counsel"),
        ev.Confirmed("order"),
        ev.Decided("decline", (), (), (), (), PLAN, TODAY, ()),
        narrowed(),
        ev.Objected("", None),
        ev.Refused(""),
        ev.Answered("routed", ""),
        planned(),
        ev.Approved(PLAN, "counsel"),
        ev.ReleaseIntended(PLAN, "package.age"),
        ev.Released(PLAN, PACKAGE, 1, 1, (), ()),
        ev.ReleaseStopped(PLAN, "held"),
        ev.Preserved("case-hold"),
        ev.Noticed("subject", "mail", TODAY),
        step(ev.NoticeWithheld("18 U.S.C. 2705(b)", None), gag="Tell nobody."),
        opened(desk),
        ev.Reviewed("board", "proper", "none"),
        ev.Closed("withdrawn"),
    ]


def test_every_kind_of_step_says_whose_it_is():
    assert set(MAY) == set(ev.KINDS.values())


def test_every_fact_has_somebody_who_says_it():
    assert {*STATES, *OWN_STEP} == set(NAMES)


def test_nobody_at_a_desk_ever_does_more_than_receive(desk):
    case = read_case(desk.ledger, begin(desk))
    taken = {
        type(each.data if isinstance(each, Step) else each)
        for each in one_of_each(desk)
        for who in (DESK, CLERK)
        if weigh(case, each if isinstance(each, Step) else Step(each), who, desk.now())
    }
    assert taken == set()


def test_a_desk_may_add_to_what_it_received_until_it_is_handed_on(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    more = step(ev.Attached("words", "", 3, 0, ()), words="abc")
    done(act(desk, case, more, by=DESK))
    done(act(desk, case, classified(), by=RECORDS))
    assert why(act(desk, case, more, by=DESK)) == {"handed-on"}
    done(act(desk, case, more, by=RECORDS))


def test_everybody_whose_step_it_is_not_is_refused(desk):
    case = read_case(desk.ledger, ready(desk))
    for each in one_of_each(desk):
        wanted = each if isinstance(each, Step) else Step(each)
        for who in EVERYBODY:
            refused = {reason.code for reason in weigh(case, wanted, who, desk.now()).reasons}
            is_theirs = bool(MAY[type(wanted.data)] & roles_of(who))
            assert is_theirs or "not-your-role" in refused or "unknown-step" in refused


def test_a_step_that_is_no_event_of_a_case_is_refused(desk):
    case = read_case(desk.ledger, begin(desk))
    assert {r.code for r in weigh(case, Step(ev.Data()), LAW, desk.now()).reasons} == {"unknown-step"}
    assert {r.code for r in weigh(case, received("abcdefgh"), LAW, desk.now()).reasons} == {"unknown-step"}


@pytest.mark.parametrize(
    ("role", "roles"),
    [
        ("city counsel", {"counsel"}),
        ("housing counselor", {"frontline"}),
        ("privacy officer and supervisor", {"privacy-officer", "supervisor"}),
        ("front desk supervisor", {"frontline"}),
        ("counter clerk, records", {"frontline"}),
        ("contracts manager", {"contract-manager"}),
        ("oversight board", {"board"}),
        ("mayor", {"frontline"}),
        ("", {"frontline"}),
    ],
)
def test_a_role_is_read_off_its_words(role, roles):
    assert roles_of(officer("somebody", role)) == roles


def test_every_role_that_policy_knows_can_be_had():
    names = ("counsel", "privacy", "records", "releaser", "supervisor", "contract", "desk")
    assert {role for name in names for role in roles_of(officer("x", name))} == set(ROLES)


def test_roles_are_said_as_people_say_them():
    assert say_roles(frozenset({"counsel", "privacy-officer", "supervisor"})) == (
        "counsel, the privacy officer or the supervisor"
    )
    assert say_roles(MAY[ev.Decided]) == "any officer who is not at a desk"
    assert say_roles(MAY[ev.Received]) == "anybody"


# --- words, days, bodies -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (received("abcdefgh", channel="pigeon"), "word"),
        (received("abcdefgh", issuer="a friend"), "word"),
        (received("abcdefgh", department="Maria Lopez"), "word"),
        (received("maria123"), "word"),
        (received("abcdefgh", paper="pink"), "word"),
    ],
)
def test_a_receipt_with_a_word_on_no_list_is_refused(desk, wrong, code):
    assert code in why(open_case(desk, wrong, by=DESK))
    assert desk.ledger.count() == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (classified("i-2000"), "word"),
        (classified(form="Maria Lopez"), "word"),
        (classified(holder="moon"), "word"),
        (classified(issued=TODAY, served=TODAY - timedelta(days=1)), "days"),
        (classified(issued=TODAY, return_by=TODAY - timedelta(days=1)), "days"),
        (classified(issued=TODAY + timedelta(days=1), served=None), "days"),
        (classified(civil_immigration=None), "shape"),
        (classified(subjects=-1), "count"),
        (classified(hints=("The text of the paper",)), "word"),
        (step(classified().data), "body"),
        (step(classified(subjects=0).data, gag="Tell nobody."), "body"),
        (step(classified(subjects=0, gag=True).data), "body"),
        (step(classified(subjects=0).data, letter="Dear"), "body"),
        (identified("my cousin"), "word"),
        (ev.Held("counsel", TODAY - timedelta(days=1)), "days"),
        (narrowed(subjects=0), "everyone"),
        (narrowed(fields=()), "everyone"),
        (narrowed(since=TODAY, until=TODAY - timedelta(days=1)), "days"),
        (step(narrowed().data), "body"),
        (planned(rows=0), "nothing"),
        (planned(expires=TODAY - timedelta(days=1)), "days"),
        (planned("short"), "word"),
        (ev.Noticed("subject", "mail", TODAY + timedelta(days=1)), "days"),
        (step(ev.NoticeWithheld("because we like it so", None), gag="Tell nobody."), "word"),
        (step(ev.NoticeWithheld("18 U.S.C. 2705(b)", None)), "body"),
        (step(ev.Attached("paper", "application/pdf", 3, 1, ()), words="abc"), "body"),
    ],
)
def test_what_may_not_be_recorded_for_ever_is_refused(desk, wrong, code):
    case = begin(desk)
    before = desk.ledger.count()
    assert code in why(act(desk, case, wrong, by=LAW))
    assert desk.ledger.count() == before


def test_no_message_repeats_what_was_typed(desk):
    case = begin(desk)
    wrong = [
        classified("Maria Lopez"),
        classified(form="Maria Lopez"),
        ev.FactStated("Maria Lopez", "yes"),
        ev.FactStated("status", "Maria Lopez"),
        ev.Assigned("Maria Lopez"),
        ev.Refused("Maria Lopez"),
        ev.Held("Maria Lopez", None),
        identified("Maria Lopez"),
        planned("Maria Lopez"),
    ]
    for each in wrong:
        said = " ".join(reason.text for reason in act(desk, case, each, by=LAW).reasons)
        assert said
        assert "Maria" not in said


@pytest.mark.parametrize("fact", list_statable())
def test_a_fact_is_stated_in_its_words_and_taken_back_with_none(desk, fact):
    case = begin(desk)
    word = "exceeds" if fact == "scope" else "yes"
    assert done(act(desk, case, ev.FactStated(fact, word), by=LAW)).case.facts[fact] == word
    assert fact not in done(act(desk, case, ev.FactStated(fact, "none"), by=LAW)).case.facts


def test_taking_back_consent_takes_back_all_of_its_parts(desk):
    case = begin(desk)
    done(act(desk, case, *facts(consent__written="yes", consent__specific="yes"), by=RECORDS))
    assert done(act(desk, case, *facts(consent="none"), by=RECORDS)).case.facts == {}


@pytest.mark.parametrize("fact", list(OWN_STEP))
def test_a_fact_with_a_step_of_its_own_is_not_stated(desk, fact):
    assert why(act(desk, begin(desk), ev.FactStated(fact, "yes"), by=LAW)) == {"own-step"}


@pytest.mark.parametrize("fact", ["nonsense", "consent", "consent.nonsense", "status.part", ""])
def test_no_other_fact_is_stated(desk, fact):
    assert why(act(desk, begin(desk), ev.FactStated(fact, "yes"), by=LAW)) == {"fact"}


@pytest.mark.parametrize("fact", ["motion_pending", "enforced_by_court"])
def test_what_a_court_did_is_stated_by_counsel(desk, fact):
    assert why(act(desk, begin(desk), ev.FactStated(fact, "yes"), by=RECORDS)) == {"not-your-fact"}


def test_that_the_scope_matches_is_stated_by_counsel_once_there_is_one(desk):
    case = begin(desk)
    assert why(act(desk, case, *facts(scope="matched"), by=LAW)) == {"no-bounds"}
    done(act(desk, case, narrowed(), by=RECORDS))
    assert why(act(desk, case, *facts(scope="matched"), by=RECORDS)) == {"not-your-fact"}
    done(act(desk, case, *facts(scope="matched"), by=LAW))
    assert "scope" not in done(act(desk, case, narrowed(), by=RECORDS)).case.facts


# --- what a step needs of the case ---------------------------------------------------------------


def test_counsel_confirms_an_order_that_somebody_verified(desk):
    case = begin(desk)
    assert why(act(desk, case, ev.Confirmed("order"), by=LAW)) == {"not-authentic"}
    done(act(desk, case, identified(authentic="unknown"), by=RECORDS))
    assert why(act(desk, case, ev.Confirmed("order"), by=LAW)) == {"not-authentic"}


def test_a_ruling_on_other_facts_is_not_recorded(desk):
    case = order_in_hand(desk)
    ruling = read_case(desk.ledger, case).ruling
    done(act(desk, case, *facts(status="yes"), by=RECORDS))
    forged = ev.Decided(
        **{name: getattr(ruling, name) for name in ev.Decided.__dataclass_fields__ if hasattr(ruling, name)}
    )
    assert why(act(desk, case, forged, by=RECORDS)) == {"other-facts"}


def test_a_ruling_for_another_day_is_not_recorded(desk):
    case = order_in_hand(desk)
    ruling = read_case(desk.ledger, case).ruling
    said = {name: getattr(ruling, name) for name in ev.Decided.__dataclass_fields__}
    old = ev.Decided(**(said | {"day": TODAY - timedelta(days=1)}))
    assert why(act(desk, case, old, by=RECORDS)) == {"other-day"}


def test_a_case_is_assigned_to_somebody_who_may_answer_it(desk):
    case = begin(desk)
    assert why(act(desk, case, ev.Assigned("window"), by=PRIVACY)) == {"not-inside"}
    assert why(act(desk, case, ev.Assigned("nobody"), by=PRIVACY)) == {"nobody"}
    assert done(act(desk, case, ev.Assigned("records"), by=PRIVACY)).case.officer == "records"


def test_a_hold_is_lifted_by_counsel_and_only_where_it_stands(desk):
    case = begin(desk)
    done(act(desk, case, ev.Held("order", None), by=BUYER))
    assert why(act(desk, case, ev.HoldLifted("order"), by=PRIVACY)) == {"not-your-role"}
    assert why(act(desk, case, ev.HoldLifted("motion"), by=LAW)) == {"not-held"}
    assert not done(act(desk, case, ev.HoldLifted("order"), by=LAW)).case.held


def test_a_case_that_may_not_be_told_of_is_counsels_alone(desk):
    case = begin(desk, gag=True)
    assert why(act(desk, case, identified(), by=RECORDS)) == {"sealed"}
    assert why(act(desk, case, ev.Noticed("subject", "mail", TODAY), by=LAW)) == {"withheld"}
    assert why(act(desk, case, ev.Assigned("records"), by=LAW)) == {"sealed"}
    done(act(desk, case, identified(), *asked(), by=LAW))
    assert decide(desk, case, by=LAW).ruling.outcome == "sealed_lane"


def test_nobody_is_told_until_the_day_is_over(desk):
    case = begin(desk)
    withheld = step(ev.NoticeWithheld("18 U.S.C. 2705(b)", TODAY), gag="Tell nobody.")
    done(act(desk, case, withheld, by=LAW))
    assert why(act(desk, case, ev.Noticed("subject", "mail", TODAY), by=LAW)) == {"withheld"}
    desk.clock.move(timedelta(days=1))
    done(act(desk, case, ev.Noticed("subject", "mail", TODAY), by=LAW))


# --- answers and ends ----------------------------------------------------------------------------


def paper(desk, instrument, issuer, signer, **stated):
    case = begin(desk, instrument, civil_immigration=instrument.startswith("i-"))
    done(act(desk, case, identified(issuer, signer), *asked(**stated), by=LAW))
    return case


def test_an_administrative_warrant_is_declined_by_the_privacy_officer(desk):
    case = paper(desk, "i-200", "immigration-agency", "immigration-officer", motion_pending="")
    assert decide(desk, case).ruling.outcome == "decline"
    assert why(act(desk, case, ev.Refused(""), by=RECORDS)) == {"not-confirmed"}
    done(act(desk, case, step(ev.Refused("decline.en@1a2b3c4d"), letter="We decline."), by=PRIVACY))
    assert done(act(desk, case, ev.Closed("refused"), by=RECORDS)).case.result == "refused"


def test_after_counsels_word_the_records_officer_declines(desk):
    case = paper(desk, "i-200", "immigration-agency", "immigration-officer", motion_pending="")
    decide(desk, case)
    done(act(desk, case, ev.Confirmed("outcome"), by=LAW))
    done(act(desk, case, ev.Refused(""), by=RECORDS))


def test_counsel_objects_to_an_administrative_subpoena(desk):
    case = paper(desk, "i-138", "immigration-agency", "immigration-officer")
    assert decide(desk, case).ruling.outcome == "object_or_decline"
    assert why(act(desk, case, ev.Objected("", None), by=PRIVACY)) == {"not-your-role"}
    done(act(desk, case, ev.Objected("", TODAY), by=LAW))
    assert why(act(desk, case, ev.Closed("refused"), by=RECORDS)) == {"other-end"}
    done(act(desk, case, ev.Closed("objected"), by=RECORDS))


def test_a_courts_order_is_not_declined(desk):
    case = begin(desk)
    done(act(desk, case, identified(), *asked(), by=LAW))
    assert decide(desk, case).ruling.outcome == "counsel_review"
    assert "courts-order" in why(act(desk, case, ev.Refused(""), by=LAW))


def test_nothing_is_declined_before_policy_answered(desk):
    assert why(act(desk, begin(desk, "i-200"), ev.Refused(""), by=LAW)) == {"not-decided"}


def test_that_the_city_holds_nothing_is_told_only_to_whom_something_may_leave(desk):
    case = paper(desk, "i-200", "immigration-agency", "immigration-officer", motion_pending="")
    decide(desk, case)
    done(act(desk, case, ev.Confirmed("outcome"), by=LAW))
    assert why(act(desk, case, ev.Answered("no-such-record", ""), by=LAW)) == {"other-answer"}
    entitled = order_in_hand(desk)
    done(act(desk, entitled, ev.Answered("no-such-record", ""), by=RECORDS))
    done(act(desk, entitled, ev.Closed("no-such-record"), by=RECORDS))


def test_it_is_not_said_that_something_left_before_it_did(desk):
    assert why(act(desk, ready(desk), ev.Answered("released", ""), by=RECORDS)) == {"not-gone"}


def test_a_request_may_be_handed_on_at_once_and_withdrawn(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    done(act(desk, case, ev.Answered("routed", ""), by=RECORDS))
    done(act(desk, case, ev.Closed("withdrawn"), by=RECORDS))


def test_a_closed_case_takes_nothing_but_notices(desk):
    case = begin(desk)
    done(act(desk, case, ev.Closed("withdrawn"), by=RECORDS))
    assert why(act(desk, case, identified(), by=RECORDS)) == {"closed"}
    done(act(desk, case, ev.Noticed("subject", "mail", TODAY), by=RECORDS))


def test_a_release_without_an_outcome_keeps_a_case_open(desk):
    case = ready(desk)
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    assert "releasing" in why(act(desk, case, ev.Closed("withdrawn"), by=RECORDS))


def test_an_answer_that_could_not_be_decided_is_followed_by_no_letter(desk):
    case = paper(desk, "i-200", "immigration-agency", "immigration-officer", motion_pending="")
    ruling = decide(desk, case).ruling
    said = {name: getattr(ruling, name) for name in ev.Decided.__dataclass_fields__}
    done(act(desk, case, ev.Decided(**(said | {"failures": ("a rule failed",)})), by=RECORDS))
    assert why(act(desk, case, ev.Refused(""), by=LAW)) == {"undecided"}
    assert why(act(desk, case, ev.Confirmed("outcome"), by=LAW)) == {"undecided"}


def test_an_emergency_is_told_by_a_supervisor_from_the_call_to_the_bounds(desk):
    case = read_case(desk.ledger, emergency(desk))
    assert case.emergency.by == CHIEF.id
    assert why(act(desk, case.id, released(), by=BOARD)) == {"not-your-role"}


# --- what two rules keep between them ------------------------------------------------------------


def test_counsel_confirms_no_answer_that_policy_has_not_given(desk):
    assert why(act(desk, begin(desk), ev.Confirmed("outcome"), by=LAW)) == {"not-decided"}


def test_counsel_confirms_no_paper_that_nobody_classified(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    done(act(desk, case, identified(), by=RECORDS))
    assert why(act(desk, case, ev.Confirmed("order"), by=LAW)) == {"not-classified"}


def test_nothing_is_planned_of_which_nobody_said_how_far_it_goes(desk):
    case = begin(desk, "records-request")
    public = facts(public_record="yes", exempt_fields="no")
    done(act(desk, case, identified("public", "nobody"), *asked(motion_pending=""), *public, by=RECORDS))
    assert decide(desk, case).ruling.lets_leave
    assert why(act(desk, case, planned(), by=RELEASER)) == {"no-bounds"}


def test_where_there_is_no_emergency_there_is_nothing_to_review(desk):
    assert why(act(desk, begin(desk), ev.Reviewed("counsel", "proper", "none"), by=LAW)) == {"no-review"}


def test_nobody_reviews_in_the_name_of_somebody_else(desk):
    case = emergency(desk)
    assert why(act(desk, case, ev.Reviewed("board", "proper", "none"), by=LAW)) == {"not-your-role"}
    assert why(act(desk, case, ev.Reviewed("counsel", "proper", "none"), by=BOARD)) == {"not-your-role"}


def test_who_is_counsel_and_supervisor_does_not_review_their_own_emergency(desk):
    case = begin(desk, "emergency-request")
    both = officer("both", "counsel and supervisor")
    done(act(desk, case, opened(desk), by=both))
    assert why(act(desk, case, ev.Reviewed("counsel", "proper", "none"), by=both)) == {"own-emergency"}


@pytest.mark.parametrize("kind", sorted(set(ev.KINDS) - {"disclosure.decided"}))
def test_a_name_in_any_word_of_any_step_is_refused_and_not_repeated(desk, kind):
    case = read_case(desk.ledger, begin(desk))
    [step_of_it] = [each for each in map(as_step, one_of_each(desk)) if kind == each.data.KIND]
    words = [
        each.name for each in fields(step_of_it.data) if isinstance(getattr(step_of_it.data, each.name), str)
    ]
    for word in words:
        slipped = replace(step_of_it, data=replace(step_of_it.data, **{word: "Maria Lopez-Garcia"}))
        reasons = list(weigh_words(slipped.data, slipped.bodies, desk.now()))
        if not reasons:  # whether somebody of that id is there, only the city's people tell
            reasons = list(weigh(case, slipped, LAW, desk.now()).reasons)
        assert reasons, word
        assert not any("Maria" in reason.text for reason in reasons)


def as_step(each):
    return each if isinstance(each, Step) else Step(each)


def test_a_courts_order_is_not_only_handed_on(desk):
    case = begin(desk)
    done(act(desk, case, ev.Answered("routed", ""), by=RECORDS))
    done(act(desk, case, identified(), by=RECORDS))
    assert why(act(desk, case, ev.Closed("routed"), by=RECORDS)) == {"other-end"}
    assert why(act(desk, case, ev.Answered("routed", ""), by=RECORDS)) == {"courts-order"}


def test_a_case_ends_as_it_was_answered_last(desk):
    case = paper(desk, "i-138", "immigration-agency", "immigration-officer")
    decide(desk, case)
    done(act(desk, case, ev.Objected("", None), by=LAW))
    done(act(desk, case, ev.FactStated("enforced_by_court", "yes"), by=LAW))
    assert why(act(desk, case, ev.Closed("objected"), by=RECORDS)) == {"other-end"}


def test_a_held_case_is_not_closed(desk):
    case = begin(desk)
    done(act(desk, case, ev.Held("order", None), by=LAW))
    assert why(act(desk, case, ev.Closed("withdrawn"), by=RECORDS)) == {"held"}


def test_a_case_of_the_sealed_lane_ends_as_handed_on_to_counsel(desk):
    case = begin(desk, "national-security-letter", gag=True)
    done(act(desk, case, identified("federal-agency", "agency-official"), *asked(motion_pending=""), by=LAW))
    decide(desk, case, by=LAW)
    done(act(desk, case, ev.Answered("sealed-lane", ""), ev.Closed("routed"), by=LAW))


def test_a_case_begins_with_a_receipt(desk):
    assert why(open_case(desk, Step(ev.Assigned("law")), by=LAW)) == {"not-received"}
    assert why(open_case(desk, received(), identified(), by=DESK)) == {"not-your-role"}
    assert desk.ledger.count() == 0


def test_an_act_without_a_step_records_nothing(desk):
    assert why(act(desk, begin(desk), by=LAW)) == {"nothing"}
