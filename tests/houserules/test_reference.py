"""What exists is documented: the pages made from the program are those it would make now."""

from pathlib import Path

import pytest

from tools.reference import PAGES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_current(name):
    said = (REFERENCE / name).read_text("utf-8")

    assert said == PAGES[name]().rstrip() + "\n", "Run: python tools/reference.py"
