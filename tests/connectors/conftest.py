"""Reads a file as a scan would: with the reader that is surest of it."""

import json
import textwrap
from collections.abc import Callable

import pytest

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, Limits
from curtilage.foundation.place import Place

READERS = readers()


class Reading:
    """One file, who read it, and the places in it."""

    def __init__(self, source: str, content: object, limits: Limits) -> None:
        if isinstance(content, dict | list):
            content = json.dumps(content)
        if isinstance(content, str):
            content = textwrap.dedent(content).encode()
        self.document = Document(source, content, limits)
        weighed = [(reader.weigh(self.document), reader.name, reader) for reader in READERS]
        self.weight, self.reader, self._chosen = max(weighed, key=lambda one: one[:2])

    @property
    def places(self) -> list[Place]:
        return list(self._chosen.read(self.document)) if self.weight else []

    def column(self, *names: str) -> list:
        """The places as tuples of these attributes; the attribute itself where it is only one."""
        rows = [tuple(getattr(place, name) for name in names) for place in self.places]
        return [row[0] for row in rows] if len(names) == 1 else rows

    def one(self, name: str) -> Place:
        (found,) = [place for place in self.places if place.name == name]
        return found


@pytest.fixture
def read() -> Callable[..., Reading]:
    """``read("a.html", content)``: text, bytes, or what becomes JSON; bounds as keywords (``depth=5``)."""
    return lambda source, content, **limits: Reading(source, content, Limits(**limits))
