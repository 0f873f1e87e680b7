"""The form of intake: all problems at once, none repeats what was typed, and what is in order becomes steps."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import open_body, open_case
from curtilage.disclosure.intake.blank import blank_form
from curtilage.disclosure.intake.form import KEYS, NEW_CASE, BadFormError, read_form
from curtilage.disclosure.intake.hints import read_hints
from curtilage.disclosure.intake.paper import join_pages
from curtilage.disclosure.intake.record import list_steps, receive_step
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.casework import LAW, PRIVACY, make_desk
from tests.disclosure.paperwork import FORMS as CASES
from tests.disclosure.paperwork import GOOD_FORM as GOOD
from tests.disclosure.paperwork import form

TODAY = CASES["today"]


def read(raw, *, is_new=True):
    return read_form(raw, source="intake.yml", today=TODAY, is_new=is_new)


def problems(raw, *, is_new=True):
    with pytest.raises(BadFormError) as raised:
        read(raw, is_new=is_new)
    return raised.value.problems


def record(raw, by=PRIVACY):
    desk, said = make_desk(), read(raw)
    return desk, open_case(desk, receive_step(said), *list_steps(said), by=by)


def test_a_form_in_order_is_read():
    said = read(CASES["good"].encode())

    assert said.words["instrument"] == "i-138"
    assert said.days["return_by"].isoformat() == "2026-12-07"
    assert said.asks_for == ("locator", "other_personal")
    assert "judge" not in said.sealed
    assert said.notes == ()


def test_the_same_form_as_json_says_the_same():
    assert read(json.dumps(GOOD).encode()) == read(CASES["good"].encode())


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: case["name"])
def test_a_form_that_is_wrong_says_what_is_wrong(case):
    said = problems(form(**case["set"]))

    assert any(case["says"] in str(each) for each in said), said
    assert all(each.line for each in said)


@pytest.mark.parametrize("case", CASES["odd"], ids=lambda case: case["name"])
def test_what_is_odd_is_told_and_hinders_nothing(case):
    assert any(case["note"] in note for note in read(form(**case["set"])).notes)


def test_all_problems_are_told_at_once_with_their_lines():
    found = problems(
        form(signer="Rosa Canary", served="2026-02-30", matter=None, subjects=["*"], chxnnel="x")
    )

    assert len(found) == 5
    assert [each.line for each in found] == sorted(each.line for each in found)


def test_a_key_that_stands_twice_is_a_problem_and_not_the_last_one_wins():
    [found] = problems(CASES["good"].encode() + b"return_by: 2026-12-08\n")

    assert "return_by stands twice" in found.what


@pytest.mark.parametrize(
    "raw", [b"", b"# nothing", b"[]", b"just words", b"a: [", b"\xff\xfe\x00", b"a: &x [*x]"]
)
def test_what_is_no_form_gets_its_message(raw):
    assert problems(raw)


def test_a_case_that_stands_takes_no_channel():
    found = problems(CASES["good"].encode(), is_new=False)

    assert {each.what for each in found} == {f"{key} stands in the case already." for key in NEW_CASE}


@settings(max_examples=60)
@given(
    st.sampled_from([key for key in KEYS if key not in {"records", "place"}]),
    st.text("zqxj", min_size=4, max_size=9),
)
def test_no_message_repeats_what_was_typed(key, stranger):
    said = ""
    try:
        read(form(**{key: f"{stranger} {stranger}"}))
    except BadFormError as error:
        said = str(error)

    assert stranger not in said


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_a_list_of_problems(raw):
    assert problems(raw)


def test_a_form_becomes_a_case_in_one_act():
    desk, acted = record(CASES["good"].encode())
    case = acted.case

    assert acted, acted.reasons
    assert (case.instrument, case.issuer, case.subjects) == ("i-138", "immigration-agency", 1)
    assert case.facts == {"status": "no", "locator": "yes", "other_personal": "yes"}
    assert json.loads(open_body(desk.ledger, case, ev.SUBJECTS).unsafe_reveal()) == ["A-1007"]
    assert "8 U.S.C. 1225(d)(4)" in open_body(desk.ledger, case, ev.WORDS).unsafe_reveal()


def test_no_entry_has_a_word_of_the_paper():
    desk, acted = record(CASES["good"].encode())
    said = b"".join(entry.to_bytes() for entry in desk.ledger.read_all())

    assert acted
    for word in (b"A-1007", b"Canary", b"leases", b"4711", b"1225", b"555-0100"):
        assert word not in said


@pytest.mark.parametrize("instrument", load_instruments())
def test_every_instrument_can_be_taken_in(instrument):
    row = load_instruments()[instrument]
    changed = {"instrument": instrument, "issuer": row.issuers[0], "signer": row.signers[0]}
    _, acted = record(form(**changed), by=LAW)

    assert acted, acted.reasons


def test_a_paper_that_forbids_telling_makes_the_case_counsels_alone():
    _, acted = record(form(gag="You shall tell nobody."))

    assert acted, acted.reasons
    assert acted.case.is_sealed
    assert acted.case.find_body(ev.GAG) is not None


def test_a_paper_that_asks_for_nothing_of_the_kind_says_none():
    _, acted = record(form(asks_for="none"))

    assert acted.case.facts == {"status": "no", "locator": "no", "other_personal": "no"}


def test_what_is_not_said_is_not_recorded():
    desk, acted = record(form(subjects=None, records=None, service=None, attachments=["A", "B"]))

    assert acted, acted.reasons
    assert {body.ref.name for body in acted.case.bodies} == {ev.WORDS}
    assert "attachments: A, B" in open_body(desk.ledger, acted.case, ev.WORDS).unsafe_reveal()


def test_a_paper_about_a_whole_class_is_narrowed_first():
    found = problems(form(subjects=[f"A-{number}" for number in range(1001)]))

    assert [each.what for each in found] == ["It names more than 1,000 people."]


def test_a_form_for_a_case_that_stands_asks_for_no_channel():
    assert not any(f"\n{key}:" in blank_form(is_new=False) for key in NEW_CASE)


def test_a_blank_form_has_every_key_and_says_nothing_by_itself():
    found = {each.what for each in problems(blank_form().encode())}

    assert [key for key in KEYS if f"\n{key}:" not in blank_form()] == []
    assert found == {f"{key} is missing." for key, each in KEYS.items() if each.must or key in NEW_CASE}


def test_a_form_with_hints_fills_in_nothing_but_which_rules_spoke():
    reading = read_hints(join_pages(["Warrant for Arrest of Alien\nForm I-200 (Rev. 09/16)"]), today=TODAY)
    made = yaml.safe_load(blank_form(reading))

    assert made.pop("hints") == list(reading.ids)
    assert made.pop("service") == dict.fromkeys(("name", "agency", "badge", "call_back"))
    assert set(made.values()) == {None}
    assert "the paper hints at i-200 (high)" in blank_form(reading)
