"""Every reader of source code and schemas, on the cases of ``tests/cases/code``."""

from pathlib import Path

import pytest
import yaml

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, Limits

FOLDER = Path(__file__).parents[2] / "cases" / "code"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(FOLDER.glob("*.yml"))
    for case in yaml.safe_load(path.read_text())
]


def place_of(found, wanted):
    """Return what a case speaks of, as the case writes it."""
    return {key: as_lists(getattr(found, key)) for key in wanted}


def as_lists(value):
    return [as_lists(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES)
def test_a_file_gives_just_the_places_of_its_case(case):
    document = Document(case["file"], case["source"].encode(), Limits())
    best = max(readers(), key=lambda reader: reader.weigh(document))
    found = list(best.read(document))
    assert [place.name for place in found] == [wanted["name"] for wanted in case["places"]]
    assert [place_of(*pair) for pair in zip(found, case["places"], strict=True)] == case["places"]
