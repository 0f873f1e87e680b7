"""Opens the content of a file as a survey would, and reads all of it."""

import pytest

from curtilage.cli.assembly import open_content
from curtilage.connectors.content.ports import ContentLimits


class Opened:
    """One file, its tables, and everything that was read of it."""

    def __init__(self, path, **limits):
        self.content = open_content(str(path), path.name, ContentLimits(**limits))

    @property
    def tables(self):
        return {table.name: table for table in self.content.tables()}

    @property
    def names(self):
        return [column.name for table in self.content.tables() for column in table.columns]

    def batches(self, name="", *, wanted=1, **asked):
        table = self.tables[name]
        return [
            batch
            for part in self.content.parts(table, wanted=wanted)
            for batch in self.content.read(part, **asked)
        ]

    def cells(self, column, name="", **asked):
        """All values of a column as text, in order; of bytes that are no UTF-8 with a mark instead."""
        batches = [batch for batch in self.batches(name, **asked) if column in batch.schema.names]
        values = [value for batch in batches for value in batch.column(column).to_pylist()]
        return [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in values]

    def rows(self, name="", **asked):
        return sum(batch.num_rows for batch in self.batches(name, **asked))

    @property
    def told(self):
        return {(told.reason, told.detail) for told in self.content.told()}

    @property
    def reasons(self):
        return sorted(told.reason for told in self.content.told())


@pytest.fixture
def opened():
    """``opened(path, batch_rows=5)`` opens a file that is there; it is closed when the test ends."""
    kept = []

    def open_it(path, **limits):
        kept.append(Opened(path, **limits))
        return kept[-1]

    yield open_it
    for each in kept:
        each.content.close()


@pytest.fixture
def put(tmp_path, opened):
    """``put("a.csv", "text or bytes", batch_rows=5)`` writes a file and opens it."""

    def write(name, content, **limits):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return opened(path, **limits)

    return write
