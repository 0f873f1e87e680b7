from dataclasses import replace
from datetime import date, timedelta

import pytest

from curtilage.foundation.errors import DeclarationError, UsageError
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.safeguards.triage import dismiss, load_dismissals, save_dismissals, triage

TODAY = date(2017, 2, 22)
RULE = Rule("collection.test", 1, Severity.HIGH, "Title", "Why", "Remedy", "sunlight-2017")
FINDING = Finding(RULE, Spot("inventory/a.yml", 3), "aid.name", "Message.", state="category=ssn")


def set_aside(finding=FINDING, until=date(2017, 5, 1)):
    return dismiss(finding, reason="removed in June", by="clerk", today=TODAY, until=until)


def test_a_finding_set_aside_stays_aside_with_its_reason():
    [each] = triage([FINDING], [set_aside()], TODAY)

    assert (each.open, each.why) == (False, "removed in June")


def test_it_stays_aside_on_its_last_day_and_opens_on_the_next():
    dismissal = set_aside()
    [last] = triage([FINDING], [dismissal], dismissal.until)
    [after] = triage([FINDING], [dismissal], dismissal.until + timedelta(days=1))

    assert (last.open, after.open) == (False, True)
    assert "which is over" in after.why


def test_a_dismissal_from_a_day_to_come_sets_nothing_aside():
    early = replace(set_aside(), dismissed=date(2017, 4, 1))
    [each] = triage([FINDING], [early], TODAY)

    assert each.open
    assert "still to come" in each.why


def test_it_opens_again_when_the_place_has_changed():
    changed = replace(FINDING, state="category=itin")
    [each] = triage([changed], [set_aside()], TODAY)

    assert each.open
    assert "has changed" in each.why


def test_it_stays_aside_when_only_its_line_moved():
    moved = replace(FINDING, spot=Spot("inventory/a.yml", 30), message="Another wording.")
    [each] = triage([moved], [set_aside()], TODAY)

    assert not each.open


@pytest.mark.parametrize(
    ("reason", "by", "until", "says"),
    [
        ("", "clerk", TODAY, "A reason"),
        ("why not", "clerk", TODAY, "A reason"),
        ("a good reason", " ", TODAY, "Nobody is named"),
        ("a good reason", "clerk", TODAY - timedelta(days=1), "not within a year"),
        ("a good reason", "clerk", TODAY + timedelta(days=367), "not within a year"),
    ],
)
def test_nothing_is_set_aside_without_reason_name_and_end(reason, by, until, says):
    with pytest.raises(UsageError, match=says) as told:
        dismiss(FINDING, reason=reason, by=by, today=TODAY, until=until)

    assert "Nothing was set aside" in str(told.value)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    held = (set_aside(), set_aside(replace(FINDING, subject="aid.ñandú: #1")))
    save_dismissals(tmp_path, held)

    assert set(load_dismissals(tmp_path)) == set(held)


def test_no_file_dismisses_nothing(tmp_path):
    assert load_dismissals(tmp_path) == ()


def test_an_emptied_file_dismisses_nothing(tmp_path):
    save_dismissals(tmp_path, [])

    assert load_dismissals(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- [", "triage.not-yaml"),
        ("fingerprint: abc", "triage.not-a-list"),
        ("- just words", "triage.bad-entry"),
        ("- {fingerprint: a, rule: b}", "triage.bad-entry"),
        (
            "- {fingerprint: a, rule: b, subject: c, reason: d, by: e, dismissed: soon, until: later, state: f}",
            "triage.bad-entry",
        ),
        (
            "- {fingerprint: a, rule: b, subject: c, reason: d, by: e, dismissed: 2017-01-01, until: 2027-01-01, state: f}",
            "triage.bad-entry",
        ),
        (
            "- {fingerprint: a, rule: b, subject: c, reason: d, by: e, dismissed: 2017-02-01, until: 2017-02-31, state: f}",
            "triage.bad-entry",
        ),
        (
            "- {fingerprint: a, rule: b, subject: c, reason: d, by: e, dismissed: 2017-02-01, until: 2017-03-01 09:00:00, state: f}",
            "triage.bad-entry",
        ),
        ("- {[a]: b}", "triage.not-yaml"),
        ("[" * 1200, "triage.not-yaml"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_dismisses_nothing(tmp_path, text, code):
    (tmp_path / "triage.yml").write_text(text)

    with pytest.raises(DeclarationError) as told:
        load_dismissals(tmp_path)
    assert {problem.code for problem in told.value.problems} == {code}


def test_every_bad_entry_is_told_at_once_with_its_line(tmp_path):
    (tmp_path / "triage.yml").write_text("- one\n\n- two\n- three\n")

    with pytest.raises(DeclarationError) as told:
        load_dismissals(tmp_path)
    assert [problem.line for problem in told.value.problems] == [1, 3, 4]


def test_a_file_that_is_a_folder_is_told(tmp_path):
    (tmp_path / "triage.yml").mkdir()

    with pytest.raises(DeclarationError, match=r"triage\.unreadable"):
        load_dismissals(tmp_path)


def test_a_fingerprint_of_figures_alone_stays_as_it_is_written(tmp_path):
    figures = replace(set_aside(), fingerprint="0123456789012345", state="000000000001")
    save_dismissals(tmp_path, [figures])
    path = tmp_path / "triage.yml"
    path.write_text(path.read_text().replace("'", ""))  # as a hand that tidies might

    assert load_dismissals(tmp_path) == (figures,)
