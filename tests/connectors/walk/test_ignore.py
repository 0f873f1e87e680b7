from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors._ignore import is_ignored, parse_ignore

CASES = yaml.safe_load(Path("tests/cases/walk/gitignore.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_ignore_rules_mean_what_git_says(case):
    file = parse_ignore("\n".join(case["lines"]), depth=0)
    parts = tuple(case["path"].rstrip("/").split("/"))

    assert is_ignored((file,), parts, is_folder=case["path"].endswith("/")) == case["ignored"]


def test_the_deepest_file_decides():
    above, below = parse_ignore("*.csv", depth=0), parse_ignore("!keep.csv", depth=1)

    assert not is_ignored((above, below), ("sub", "keep.csv"), is_folder=False)
    assert is_ignored((above, below), ("sub", "other.csv"), is_folder=False)


def test_a_hostile_pattern_comes_to_an_end():
    stars = parse_ignore("*a" * 400 + "b\n" + "**/a/" * 90 + "b", depth=0)

    assert not is_ignored((stars,), ("a" * 255,) * 100, is_folder=False)


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_any_text_is_read_without_an_error(text, parts):
    assert is_ignored((parse_ignore(text, depth=0),), tuple(parts), is_folder=True) in {True, False}
