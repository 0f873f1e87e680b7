"""A case at the command line, from the counter to its end, as officers type it."""

import json
from datetime import UTC, datetime

import pytest

from curtilage.disclosure.policy.packs import load_pack
from tests.cli.casetown import codes, make_town, receive, shown, told, typed
from tests.cli.running import run

pytestmark = pytest.mark.skipif(
    datetime.now(UTC).date() >= load_pack("base").expires, reason="the packs are to be read again"
)
HOUSING = """\
systems:
  - id: housing
    title: Housing
"""


@pytest.fixture
def town(tmp_path):
    make_town(tmp_path)
    (tmp_path / "inventory/systems.yml").write_text(HOUSING)
    return tmp_path


@pytest.fixture
def case(town):
    return receive(town)


def say(town, verb, case, *words, who="law", status=0):
    return told(town, verb, case, *words, "--as", who, status=status)


def classify(town, case, instrument, *words, who="records"):
    purpose = "--civil-immigration" if instrument.startswith("i-") else "--not-civil-immigration"
    return say(town, "classify", case, instrument, purpose, "--holder", "other", *words, who=who)


def identify(town, case, issuer, signer, *words):
    words = ("--issuer", issuer, "--signer", signer, "--authentic", "yes", *words)
    return say(town, "identify", case, *words, who="records")


def test_an_administrative_warrant_at_the_counter_is_declined(town, case):
    assert "classify" in say(town, "assign", case, "records", who="privacy")
    classify(town, case, "i-200", "--form", "I-200")
    identify(town, case, "immigration-agency", "immigration-officer", "--how", "in-person")
    say(town, "state", case, "status=yes", "locator=yes", "other_personal=yes", who="records")
    said = typed(town, "disclosure", "rule", case, "--as", "records")
    assert said.startswith("Decline. It is declined in writing and recorded.")
    assert "[immigration-paper-decline]" in said
    assert "8 C.F.R. 236.1" in said

    letter = town / "letter.txt"
    letter.write_text("The city declines.")
    say(town, "refuse", case, "--letter", letter, "--template", "decline.en@1a2b3c4d", who="privacy")
    say(town, "close", case, "refused", who="records")
    found = shown(town, case)
    assert (found["stage"], found["result"], found["sent"][0]["answer"]) == ("closed", "refused", "refused")
    assert "The city declines" not in typed(town, "disclosure", "show", case)


def test_a_judges_warrant_is_confirmed_and_narrowed_until_policy_says_release(town, case):
    classify(town, case, "judicial-warrant")
    identify(town, case, "court", "judge", "--how", "clerk-of-court")
    say(
        town,
        "state",
        case,
        "status=no",
        "locator=no",
        "other_personal=yes",
        "motion_pending=no",
        "in_force=yes",
    )
    (town / "scope.yml").write_text(
        "period: none named\nrecords: [{in: housing.applicants, about: ['4711'], fields: [name],"
        " named_by_order: [name]}]\n"
    )
    say(town, "confirm", case, "order")
    assert typed(town, "disclosure", "rule", case, "--as", "records").startswith("Narrow.")
    say(town, "narrow", case, town / "scope.yml", "--matched")
    assert typed(town, "disclosure", "rule", case, "--as", "records").startswith("Release.")
    assert f"plan-release {case}" in say(town, "confirm", case, "outcome")
    said = typed(town, "disclosure", "show", case)
    assert "order confirmed by: law" in said
    assert "how far: 1 person, 1 field" in said
    assert "4711" not in said


def test_what_is_missing_is_asked_of_who_states_it(town, case):
    classify(town, case, "i-138")
    said = say(town, "rule", case, who="records", status=3)
    assert codes(said) == {"fact-missing"}
    assert f"curtilage disclosure identify {case}" in said
    assert "motion pending. It is said by counsel" in said


def test_a_desk_is_refused_everything_after_the_receipt(town, case):
    for verb, words in [
        ("classify", ("i-200", "--civil-immigration", "--holder", "other")),
        ("state", ("status=no",)),
        ("assign", ("records",)),
        ("hold", ("counsel",)),
        ("lift", ("counsel",)),
        ("confirm", ("order",)),
        ("refuse", ()),
        ("answer", ("routed",)),
        ("close", ("withdrawn",)),
        ("emergency", ("--harm", "fire")),
        ("review", ("--finding", "proper")),
    ]:
        said = say(town, verb, case, *words, who="window", status=3)
        assert "not-your-role" in codes(said), verb
        assert "Nobody at a desk decides" in said
    assert shown(town, case)["number"] == 1


def test_a_stranger_is_told_to_name_themselves(town, case):
    said = say(town, "hold", case, "counsel", who="nobody", status=3)
    assert "city.yml declares no officer and no seat of that id" in said


def test_an_emergency_stands_in_the_list_until_the_board_reviewed_it(town, case):
    classify(town, case, "emergency-request", who="chief")
    identify(town, case, "state-or-local-agency", "nobody", "--how", "call-back")
    words = ("--harm", "missing-child", "--called-back", "--minimum-only")
    assert "reviewed by" in say(town, "emergency", case, *words, who="chief")
    assert "review" in typed(town, "disclosure", "cases")
    say(town, "review", case, "--finding", "proper", who="seat-1")
    assert shown(town, case)["emergency"]["finding"] == "proper"
    assert codes(say(town, "review", case, "--finding", "proper", who="law", status=3)) == {"no-review"}


def test_an_emergency_for_civil_immigration_is_refused(town, case):
    classify(town, case, "i-200")
    said = say(
        town, "emergency", case, "--harm", "death", "--called-back", "--minimum-only", who="chief", status=3
    )
    assert codes(said) == {"civil-immigration"}


def test_a_decision_on_an_old_version_is_refused_and_says_who_was_quicker(town, case):
    say(town, "hold", case, "counsel", "--seen", "1")
    said = say(town, "close", case, "withdrawn", "--seen", "1", who="records", status=3)
    assert "law (held)" in said
    assert codes(said) == {"moved"}


def test_a_case_that_may_not_be_told_of_is_shown_to_counsel_alone(town, case):
    (town / "gag.txt").write_text("You shall tell nobody.")
    classify(town, case, "grand-jury-subpoena", "--gag", town / "gag.txt")
    listed = run("disclosure", "cases", "--city", town)
    assert case not in listed.stdout.decode()
    assert "1 case in the sealed lane" in listed.stderr.decode()
    assert codes(told(town, "show", case, status=3)) == {"sealed"}
    assert shown(town, case, "--as", "law")["gag"]
    assert case in typed(town, "disclosure", "cases", "--as", "law")


def test_whom_a_paper_names_is_counted_and_sealed(town, case):
    (town / "people.txt").write_text("4711\n4712\n4711\n\n")
    classify(town, case, "i-138", "--subjects", town / "people.txt")
    found = shown(town, case)
    assert (found["subjects"], found["bodies"]) == (2, ["subjects"])
    assert "4711" not in json.dumps(found)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"   \n"])
def test_a_file_that_is_no_text_is_refused(town, case, content):
    (town / "people.txt").write_bytes(content)
    words = ("i-138", "--civil-immigration", "--holder", "other", "--subjects", town / "people.txt")
    said = say(town, "classify", case, *words, status=2)
    assert "Give a text file in UTF-8" in said


def test_a_purpose_is_never_guessed(town, case):
    said = say(town, "classify", case, "i-138", "--holder", "other", status=2)
    assert "it is never guessed" in said


def test_dates_that_contradict_one_another_are_refused(town, case):
    words = (
        "i-138",
        "--civil-immigration",
        "--holder",
        "other",
        "--issued",
        "2026-11-20",
        "--served",
        "2026-11-19",
    )
    assert codes(say(town, "classify", case, *words, status=3)) == {"days"}


def test_a_scope_that_reaches_everybody_or_what_nobody_declared_is_refused(town, case):
    classify(town, case, "judicial-warrant")
    everybody = "period: none named\nrecords: [{in: housing.applicants, about: ['*'], fields: [name]}]\n"
    undeclared = "period: none named\nrecords: [{in: library.cards, about: ['1'], fields: [Maria]}]\n"
    for scope in (everybody, undeclared):
        (town / "scope.yml").write_text(scope)
        done = run("disclosure", "narrow", case, town / "scope.yml", "--as", "law", "--city", town)
        assert done.returncode == 2
        assert b"Maria" not in done.stderr
    assert shown(town, case)["bounds"] is None


def test_a_fact_without_a_word_is_a_slip_of_typing(town, case):
    assert "Write FACT=WORD" in say(town, "state", case, "status", status=2)


def test_an_unknown_case_is_said_without_repeating_it(town):
    said = say(town, "hold", "maria-lopez", "counsel", status=2)
    assert "The ledger knows no such case" in said
    assert "maria" not in said


def test_rules_that_were_changed_since_they_were_activated_decide_nothing(town, case):
    classify(town, case, "i-200")
    identify(town, case, "immigration-agency", "immigration-officer")
    say(town, "state", case, "status=yes", "locator=yes", "other_personal=yes", who="records")
    (town / "policy/more.cedar").write_text(
        '@id("stop") @outcome("decline") forbid(principal, action, resource) when { resource.locator };\n'
    )
    said = say(town, "rule", case, who="records", status=3)
    assert codes(said) == {"other-rules-active", "unsigned"}


def test_programs_read_the_same(town, case):
    [row] = json.loads(typed(town, "disclosure", "cases", "--format", "json"))
    assert (row["id"], row["stage"], row["sealed"], row["late"]) == (case, "received", False, False)
    assert [each["code"] for each in row["waits_for"]] == ["classify", "unassigned"]
    assert shown(town, case)["history"][0]["kind"] == "disclosure.received"
