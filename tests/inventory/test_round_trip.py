"""Whatever a city can declare comes back from each format as it went in."""

from hypothesis import HealthCheck, given, settings

from curtilage.inventory.diff import diff
from curtilage.inventory.export import read_json, write_documents, write_json
from curtilage.inventory.load import load_documents
from tests.inventory.smalltown import inventories, without_lines

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(inventories())
def test_any_inventory_written_as_files_loads_as_itself(inventory):
    files = {path: text.encode() for path, text in write_documents(inventory).items()}
    assert without_lines(inventory) == without_lines(load_documents(files))


@SLOW
@given(inventories())
def test_any_inventory_written_as_json_is_read_as_itself_lines_included(inventory):
    assert inventory == read_json(write_json(inventory))


@SLOW
@given(inventories())
def test_the_same_inventory_gives_the_same_json_bytes(inventory):
    assert write_json(inventory) == write_json(read_json(write_json(inventory)))


@SLOW
@given(inventories())
def test_an_inventory_does_not_differ_from_itself(inventory):
    files = {path: text.encode() for path, text in write_documents(inventory).items()}
    assert diff(inventory, load_documents(files)) == ()
