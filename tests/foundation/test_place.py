import pytest

from curtilage.foundation.place import Place


@pytest.mark.parametrize(
    ("locator", "line"),
    [
        ("line:7", 7),
        ("line:7 element:a/b", 7),
        ("row:7 col:2", 0),
        ("applicants.line:7", 0),
        ("line:", 0),
        ("line:²", 0),
        ("", 0),
    ],
)
def test_a_place_knows_its_line_where_its_locator_names_one(locator, line):
    assert Place("forms/a.html", locator, "question", "").line == line
