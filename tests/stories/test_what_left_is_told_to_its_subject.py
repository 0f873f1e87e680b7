"""A court's order is complied with; then the recipient gets a letter, the subject a notice, and the clock stands still.

Source:
    sunlight-2017, limit the discretion of individual employees; curtilage-disclosure-table.
"""

import json

import pytest

pytest.importorskip("pyrage", reason="needs the extra release")

from tests.cli.casetown import codes, told, typed
from tests.cli.test_release_commands import (  # noqa: F401 - fixtures
    approved,
    case,
    decided_town,
    town,
)


@pytest.fixture
def left(town, case):  # noqa: F811 - the fixtures
    """A town from which a package has left by a judge's warrant."""
    plan = approved(town, case)
    told(town, "release", case, plan[:12], "--out", town / "out", "--as", "releaser")
    return town


def letter(city, case, *words):  # noqa: F811
    return " ".join(typed(city, "disclosure", "letter", case, *words).split())


def clocks(city, case):  # noqa: F811
    said = typed(city, "disclosure", "clocks", case, "--all", "--as", "law", "--format", "json")
    return {each["clock"]: each["state"] for each in json.loads(said)}


def test_the_recipients_letter_says_what_left_in_counts_and_kinds(left, case):  # noqa: F811
    said = letter(left, case)

    assert "What the city discloses" in said
    assert "1 record, about 1 person" in said
    assert "* Full name" in said
    assert "Its fingerprint (SHA-256) is" in said
    assert "CANARY" not in said


def test_the_subject_is_told_in_their_language_and_the_clock_ends(left, case):  # noqa: F811
    said = letter(left, case, "--kind", "notice", "--lang", "es")
    assert "La ciudad divulgó información sobre usted" in said
    assert "* Nombre completo" in said
    assert "privacy@smalltown.example" in said
    assert clocks(left, case)["subject-notice"] == "soon"

    told(left, "notify", case, "--whom", "subject", "--how", "mail", "--as", "privacy")
    assert clocks(left, case)["subject-notice"] == "met"


def test_while_an_order_of_silence_stands_no_notice_is_written_or_recorded(left, case, tmp_path):  # noqa: F811
    order = tmp_path / "order.txt"
    order.write_text("Tell nobody.", "utf-8")
    words = ("--cite", "18 U.S.C. 2705(b)", "--until", "2199-01-01", "--text", order, "--as", "law")
    told(left, "withhold-notice", case, *words)
    out = tmp_path / "notice.txt"

    told(left, "letter", case, "--kind", "notice", "--as", "law", "--out", out, status=3)
    assert not out.exists()
    assert codes(told(left, "notify", case, "--whom", "subject", "--how", "mail", "--as", "law", status=3))
    assert "subject-notice" not in clocks(left, case)
    assert clocks(left, case)["silence-ends"] == "running"
