"""How a worker holds rules against a batch: counts by column, rule and category, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from curtilage import __version__
from curtilage.detection.values.nouns import Rules
from curtilage.detection.values.profile import Profile, profile_cells
from curtilage.detection.values.scanner import NotTextError, Scanner
from curtilage.survey.values.nouns import CATEGORY

if TYPE_CHECKING:
    import pyarrow as pa


def version_of_rules(rules: Rules) -> str:
    """Return what changes whenever other cells may be found: the rules, or the program that holds them."""
    content = msgspec.json.encode(rules, order="deterministic") + __version__.encode()
    return hashlib.sha256(content).hexdigest()[:16]


class RuleLooks:
    """Holds rules against cells.

    Args:
        rules: All of them.
        scanner: One that is made of them already.
    """

    def __init__(self, rules: Rules, scanner: Scanner | None = None) -> None:
        self.version = version_of_rules(rules)
        self._rules = rules
        self._scanner = scanner or Scanner(rules)
        self.slow = self._scanner.why

    def carries(self, categories: Iterable[str]) -> frozenset[str]:
        """Return the groups of words that a column carries whose name says ``categories``."""
        return self._rules.groups_of(frozenset(categories))

    def count(
        self, batch: pa.RecordBatch, carried: Mapping[str, frozenset[str]]
    ) -> Iterator[tuple[str, str, int]]:
        """Give column, rule (or category behind ``=``), and in how many cells it found something."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                counts = self._scanner.scan_array(column, carried.get(name, frozenset()))
            except NotTextError:
                continue
            yield from ((name, rule, cells) for rule, cells in counts.rules.items())
            yield from ((name, CATEGORY + each, cells) for each, cells in counts.categories.items())

    def profile(self, cells: pa.Array) -> Profile:
        """Return what some cells look like."""
        return profile_cells(_list_cells(cells), self._scanner)


def _list_cells(column: pa.Array) -> Iterator[tuple[bytes, int]]:
    """Give each different cell that is not null, as bytes, and how often it stands there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    counts = pc.value_counts(column.cast(pa.large_binary()))
    for cell, times in zip(
        counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True
    ):
        if cell is not None:
            yield cell, times
