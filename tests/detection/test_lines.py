"""``curtilage classify``: lines in, lines out."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from curtilage.detection.classifier import Classifier
from curtilage.detection.lines import BadLineError, Lines


@pytest.fixture(scope="module")
def lines() -> Lines:
    return Lines(Classifier())


def run(given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "curtilage", "classify"]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def test_an_answer_has_the_id_the_categories_and_the_level(lines: Lines) -> None:
    answer = json.loads(lines.answer(b'{"id": "a:1", "text": "Passport number", "page": 3}'))
    assert (answer["id"], answer["reveals"], answer["categories"][0]["category"]) == (
        "a:1",
        "strong",
        "passport",
    )


def test_nulls_and_numbers_in_options_are_read(lines: Lines) -> None:
    answer = json.loads(
        lines.answer(b'{"name": null, "text": "Visa type", "options": [1, null, true, "F-1"]}')
    )
    assert answer["reveals"] == "direct"


def test_a_translation_tells_too(lines: Lines) -> None:
    asked = '{"name": "q7", "text": "", "translations": {"es": "País de nacimiento"}}'
    assert json.loads(lines.answer(asked.encode()))["reveals"] == "strong"


@pytest.mark.parametrize("line", [b"x", b"[]", b'{"text": 7}', b'{"options": "a"}', b"\xff\xfe", b"{"])
def test_a_line_that_is_no_field_says_why_without_repeating_it(lines: Lines, line: bytes) -> None:
    with pytest.raises(BadLineError, match="JSON"):
        lines.answer(line)


def test_a_bad_line_is_told_and_the_rest_goes_on() -> None:
    done = run('{"id": 1, "text": "Nationality"}\nsecret words\n\n{"id": 3, "text": "Colour"}\n')
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 3]
    assert (done.returncode, "line 2: " in done.stderr, "secret" in done.stderr) == (2, True, False)


def test_lines_that_are_all_fields_end_in_zero() -> None:
    done = run('{"id": 1, "name": "ssn"}\n')
    assert (done.returncode, done.stderr) == (0, "")
