"""The plan that people read is the plan that the machine keeps, and every room has its page."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PLAN = (ROOT / "docs/explanation/floorplan.md").read_text("utf-8")
ROOMS = sorted(path.parent.name for path in (ROOT / "src/curtilage").glob("*/__init__.py"))


def test_the_drawing_has_the_floors_of_the_contract():
    [layers] = [
        contract["layers"]
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    drawn = re.findall(r"^ {4}\d  (\S+(?: · \S+)*)  ", PLAN, re.MULTILINE)

    assert [set(floor.split(" · ")) for floor in drawn] == [set(layer.split(" | ")) for layer in layers]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_floor_and_a_page_that_says_its_job(room):
    page = (ROOT / f"docs/rooms/{room}.md").read_text("utf-8")

    assert re.search(rf"^ {{4}}\d  .*\b{room}\b", PLAN, re.MULTILINE)
    assert page.startswith("# ")
    assert len(page.splitlines()) > 2


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.stem)
def test_a_private_module_is_imported_in_its_own_room_only(path):
    room = path.relative_to(ROOT / "src/curtilage").parts[0]
    private = re.findall(r"from curtilage\.(\w+)[\w.]*\._\w+ import", path.read_text("utf-8"))

    assert [owner for owner in private if owner != room] == []
