"""Every error can be built, has its own code, says three things, and repeats no resident's text."""

import inspect
import re
import typing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from curtilage.foundation.errors import Problem
from curtilage.retention.nouns import Reason
from tools.reference import list_errors, list_problem_codes

ERRORS = list_errors()
BUILT = [kind for kind in ERRORS if "__init__" in vars(kind)]
UNTOUCHED = r"[Nn]othing|untouched|unchanged|[Kk]ept|were (read|answered)|was read|left as it is|No "
SAMPLES = {
    Path: Path("inventory/city.yml"),
    str: "some words.",
    int: 7,
    float: 7.5,
    bool: True,
    bytes: b"12345678",
    datetime: datetime(2017, 2, 22, 12, tzinfo=UTC),
    Reason: Reason("odd", "It is odd."),
    Problem: Problem("inventory/city.yml", 3, "It is odd.", "Write it otherwise.", "inventory.odd"),
}


def sample(hint):
    if hint in SAMPLES:
        return SAMPLES[hint]
    inner = [sample(each) for each in typing.get_args(hint) if each is not Ellipsis]
    return tuple(inner) if inner else None


def build(kind):
    hints = typing.get_type_hints(kind.__init__)
    parameters = list(inspect.signature(kind).parameters.values())
    given = {each.name: sample(hints[each.name]) for each in parameters if each.kind is each.KEYWORD_ONLY}
    return kind(*(sample(hints[each.name]) for each in parameters if each.name not in given), **given)


@pytest.mark.parametrize("kind", BUILT, ids=lambda kind: kind.__name__)
def test_an_error_says_what_happened_what_is_untouched_and_what_to_do(kind):
    said = str(build(kind))
    sentences = re.split(r"[.!?:]+\s+", said)

    assert len(sentences) >= 3, said
    assert re.search(UNTOUCHED, said), said


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_has_a_stable_code_of_its_own_and_begins_with_one_plain_sentence(kind):
    assert "code" in vars(kind), "a child must not borrow the code of its parent"
    assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", kind.code)
    assert (inspect.getdoc(kind) or "").partition("\n")[0].rstrip().endswith(
        (".", ";", ",")
    ) or "\n" in kind.__doc__


def test_no_two_errors_share_a_code():
    codes = [kind.code for kind in ERRORS]

    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("kind", BUILT, ids=lambda kind: kind.__name__)
def test_an_error_takes_its_fields_by_name(kind):
    positional = [
        each.name
        for each in inspect.signature(kind).parameters.values()
        if each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD}
    ]

    assert positional in ([], ["problems"])


def test_codes_of_problems_in_files_are_said_in_one_sentence():
    for code, meaning in list_problem_codes().items():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+", code)
        assert meaning.endswith(".")
