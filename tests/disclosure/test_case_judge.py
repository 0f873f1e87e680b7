"""The facts of a case as policy is asked for them: what is derived, what is stated, what is never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act, rule
from curtilage.disclosure.case.judge import RELEASING, list_facts, list_missing, say_missing, to_request
from curtilage.disclosure.case.state import read_case
from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.facts import NAMES, Incomplete, find_word
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.casework import (
    CHIEF,
    LAW,
    RECORDS,
    active,
    asked,
    begin,
    decide,
    done,
    emergency,
    facts,
    identified,
    make_desk,
    narrowed,
    order_in_hand,
    policies,
    why,
)


@pytest.fixture
def desk():
    return make_desk()


def request_of(desk, case, role="releaser"):
    return to_request(read_case(desk.ledger, case), role)


def complete(desk, instrument="judicial-warrant", **stated):
    case = begin(desk, instrument)
    done(act(desk, case, identified(), *asked(**stated), by=LAW))
    return case


def test_what_would_stop_it_is_never_guessed(desk):
    missing = request_of(desk, begin(desk)).missing
    assert missing == (
        "issuer",
        "signer",
        "authentic",
        "motion_pending",
        "status",
        "locator",
        "other_personal",
    )


def test_what_could_only_let_it_out_is_no_until_somebody_states_it(desk):
    found = request_of(desk, complete(desk))
    assert (found.in_force, found.enforced_by_court, found.public_record) == (False, False, False)
    assert (found.exempt_fields, found.scope, found.confirmed_by_counsel) == (True, "not-stated", False)
    assert (found.mandatory_authority, found.consent, found.exigency) == (None, None, None)


def test_a_record_of_which_a_part_is_missing_is_missing(desk):
    case = complete(desk)
    done(act(desk, case, *facts(consent__written="yes", consent__specific="yes"), by=RECORDS))
    assert request_of(desk, case).missing == ("consent.by_the_subject", "consent.revoked")


def test_a_paper_that_nobody_found_genuine_is_not_genuine(desk):
    case = complete(desk)
    for word in ("unknown", "no"):
        done(act(desk, case, identified(authentic=word), by=LAW))
        assert not request_of(desk, case).authentic


def test_a_hold_is_a_fact_and_a_motion_is_pending_while_it_is_held_for_one(desk):
    case = complete(desk)
    done(act(desk, case, ev.Held("motion", None), by=LAW))
    found = request_of(desk, case)
    assert (found.held, found.motion_pending) == (True, True)


def test_whether_a_motion_is_pending_is_asked_of_whatever_a_court_enforced(desk):
    case = begin(desk, "i-200", civil_immigration=True)
    done(
        act(
            desk,
            case,
            identified("immigration-agency", "immigration-officer"),
            *asked(motion_pending=""),
            by=LAW,
        )
    )
    assert not request_of(desk, case).motion_pending
    done(act(desk, case, *facts(enforced_by_court="yes"), by=LAW))
    assert request_of(desk, case).missing == ("motion_pending",)


def test_that_an_official_wishes_to_send_is_said_by_the_kind_of_request(desk):
    assert request_of(desk, complete(desk, "status-inquiry")).official_wishes_to_send
    assert not request_of(desk, complete(desk)).official_wishes_to_send


def test_an_emergency_is_a_fact_until_it_was_reviewed(desk):
    case = emergency(desk)
    assert request_of(desk, case).exigency.review_opened
    done(act(desk, case, ev.Reviewed("counsel", "improper", "no-emergency"), by=LAW))
    assert not request_of(desk, case).exigency.review_opened


def test_who_states_what_is_missing_is_said_with_the_command(desk):
    case = read_case(desk.ledger, begin(desk))
    said = list_missing(case, to_request(case, "releaser").missing)
    assert [(each.facts, each.command.split()[0]) for each in said] == [
        (("issuer", "signer", "authentic"), "identify"),
        (("motion_pending",), "state"),
        (("status", "locator", "other_personal"), "state"),
    ]
    assert said[1].who == "counsel"
    assert all(reason.code == "fact-missing" for reason in say_missing(case, ("status", "gag")))


def test_where_facts_are_missing_policy_is_not_asked(desk):
    case = begin(desk)
    assert why(rule(desk, case, policies(), active(), by=RECORDS)) == {"fact-missing"}


def test_a_ruling_keeps_every_fact_so_that_it_can_be_decided_again(desk):
    case = read_case(desk.ledger, order_in_hand(desk))
    told = dict(case.ruling.facts)
    assert set(NAMES) <= set(told)
    request = to_request(case, told["acting_role"])
    assert list_facts(request) == case.ruling.facts
    assert Engine(policies()).decide(request).outcome.value == case.ruling.outcome


def test_a_ruling_names_the_rules_and_the_set_that_gave_it(desk):
    ruling = read_case(desk.ledger, order_in_hand(desk)).ruling
    assert ruling.policies == ("release-court-order",)
    assert ruling.policy_hash == policies().hash
    assert [pack for pack, _ in ruling.packs] == ["base", "us-federal"]


@pytest.mark.parametrize(
    ("stated", "by", "role"),
    [
        (
            {"consent__written": "yes", "consent__specific": "yes", "consent__by_the_subject": "yes", "consent__revoked": "no"},
            RECORDS,
            "releaser",
        ),
        ({f"mandatory_authority__{part}": "yes" for part in ("compels", "current", "names_the_fields")}, LAW, "privacy-officer"),
        ({"public_record": "yes", "exempt_fields": "no"}, RECORDS, "records-officer"),
    ],
)  # fmt: skip
def test_the_role_is_that_of_the_ground(desk, stated, by, role):
    case = begin(desk, "own-request")
    done(act(desk, case, identified("subject", "subject"), *asked(motion_pending=""), by=LAW))
    done(act(desk, case, *facts(**stated), by=by))
    ruling = decide(desk, case).ruling
    assert (ruling.lets_leave, ruling.role) == (True, role)


def test_an_emergency_is_the_last_ground(desk):
    case = emergency(desk)
    given = {"written": "yes", "specific": "yes", "by_the_subject": "yes", "revoked": "no"}
    done(act(desk, case, *facts(**{f"consent__{part}": word for part, word in given.items()}), by=RECORDS))
    assert decide(desk, case, by=CHIEF).ruling.role == "releaser"


def test_a_pack_of_a_state_stops_what_it_stops_in_a_case_too(desk):
    case = begin(desk, "i-200", civil_immigration=True)
    done(
        act(
            desk,
            case,
            identified("immigration-agency", "immigration-officer"),
            *asked(motion_pending=""),
            by=LAW,
        )
    )
    assert decide(desk, case, packs=("or",)).ruling.outcome == "decline"
    assert decide(desk, case, packs=("tx",)).ruling.outcome == "counsel_review"


@settings(max_examples=60, deadline=None)
@given(
    instrument=st.sampled_from(list(load_instruments())),
    words=st.fixed_dictionaries({name: st.sampled_from(["yes", "no"]) for name in ("status", "locator", "other_personal")}),
    civil=st.booleans(),
    signer=st.sampled_from(["judge", "immigration-judge", "agency-official", "nobody"]),
)  # fmt: skip
def test_no_case_is_released_of_which_nobody_stated_a_ground(instrument, words, civil, signer):
    desk = make_desk()
    case = begin(desk, instrument, civil_immigration=civil)
    done(
        act(desk, case, identified("court", signer), *facts(motion_pending="no", **words), narrowed(), by=LAW)
    )
    found = read_case(desk.ledger, case)
    for role in RELEASING:
        request = to_request(found, role)
        assert not isinstance(request, Incomplete)
        assert Engine(policies()).decide(request).outcome is not Answer.RELEASE
        assert find_word(request, "acting_role") == role
