"""The complete example on the room's page loads, and leaves no key out."""

import re
from pathlib import Path

import pytest
import yaml

from curtilage.inventory.diff import diff
from curtilage.inventory.load import load_documents
from curtilage.inventory.shapes import FILES, list_shapes

PAGE = (Path(__file__).parents[2] / "docs/rooms/inventory.md").read_text("utf-8")
EXAMPLE = {
    path: text.encode()
    for path, text in re.findall(
        r"^`([\w./]+)`\n\n```(?:yaml|toml)\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE
    )
}


def keys_in(value):
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


def test_the_example_has_every_kind_of_file_and_loads():
    assert len(EXAMPLE) == len(FILES) + 1
    inventory = load_documents(EXAMPLE)
    assert inventory.list_fields()[0].exception.approved_by == "counsel"
    assert diff(inventory, inventory) == ()


@pytest.mark.parametrize("shape", list(list_shapes()), ids=lambda shape: shape.name)
def test_the_example_uses_every_key(shape):
    used = set().union(
        *(keys_in(yaml.safe_load(text)) for path, text in EXAMPLE.items() if path.endswith("yml"))
    )
    assert set(shape.names()) <= used
