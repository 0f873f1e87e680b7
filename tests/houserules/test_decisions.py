import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
PARTS = ["Question", "Options", "Decision", "Consequences", "What would change our mind", "Source"]


def test_the_numbers_have_no_gap():
    assert [path.name[:4] for path in RECORDS] == [f"{number:04d}" for number in range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_all_its_parts_and_fits_a_page(path):
    text = path.read_text("utf-8")

    assert re.match(
        rf"# {path.name[:4]}\. .+\n\nStatus: (proposed|accepted|replaced by \d{{4}})\n\nDate: \d{{4}}-\d\d-\d\d\n",
        text,
    )
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert text.count("Good because:") == text.count("Bad because:") >= 2
    assert len(text.split()) < 500


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_the_index_names_each_record_with_its_title_and_status(path):
    text = path.read_text("utf-8")
    title, status = re.search(r"# \d+\. (.+)", text)[1], re.search(r"Status: (.+)", text)[1]

    assert f"| {path.name[:4]} | [{title}]({path.name}) | {status} |" in (FOLDER / "README.md").read_text(
        "utf-8"
    )
