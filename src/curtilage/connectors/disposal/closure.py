"""What hangs on the rows of a batch, at any depth and in circles, and which rows must stay because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curtilage.connectors.disposal.nouns import Link

Key = tuple[Any, ...]


@dataclass(slots=True)
class Along:
    """Dependent rows that go with a batch, by table and key; the batch's own rows are not among them."""

    rows: dict[str, dict[Key, Child]] = field(default_factory=dict)

    def tables(self) -> tuple[str, ...]:
        """Return the tables that have any, sorted."""
        return tuple(sorted(table for table, rows in self.rows.items() if rows))

    def keys_of(self, table: str) -> list[Key]:
        """Return the keys of one table's rows."""
        return list(self.rows.get(table, ()))

    def with_rows(self, table: str, keys: Iterable[Key]) -> Along:
        """Return the same with more rows of a table, by their keys."""
        more = {key: Child(key, (), {}, held=False) for key in keys}
        return Along({**self.rows, table: {**self.rows.get(table, {}), **more}})

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return how many rows of each table go, sorted by table."""
        return tuple((table, len(self.rows[table])) for table in self.tables())


@dataclass(frozen=True, slots=True)
class Child:
    """A dependent row.

    Attributes:
        key: The values of its key.
        points: The values by which it points at its parent.
        above: The values of its columns that others may point at, by name.
        held: It must stay.
    """

    key: Key
    points: Key
    above: Mapping[str, Any]
    held: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """How dependants are read.

    Attributes:
        links: By the parent's table.
        find: Return the rows that point at some parents by a link, each locked; values are those of the
            link's parent columns.
    """

    links: Mapping[str, Sequence[Link]]
    find: Callable[[Link, Sequence[Key]], Iterable[Child]]


def find_along(
    reader: Reader, table: str, rows: Sequence[Key], columns: Sequence[str], *, key_size: int
) -> tuple[Along, frozenset[int]]:
    """Find what goes along with rows of a table.

    Args:
        reader: How dependants are read.
        table: Where the rows lie.
        rows: The rows, each the values of ``columns``.
        columns: Names of the columns, the key first; all that a link points at are among them.
        key_size: How many columns the key has.

    Returns:
        What goes along; and the places in ``rows`` of those on which something hangs that must stay. Where
        there are any, leave them out and ask again.
    """
    own = {row[:key_size]: number for number, row in enumerate(rows)}
    parents: dict[Key, set[int]] = {row[:key_size]: {number} for number, row in enumerate(rows)}
    above = {row[:key_size]: dict(zip(columns, row, strict=True)) for row in rows}
    along, held = Along(), set[int]()
    # Whose dependants are still to be looked for: table, key, its columns, and the batch's rows that it goes with.
    waiting: list[tuple[str, dict[Key, tuple[Mapping[str, Any], set[int]]]]] = [
        (table, {key: (above[key], parents[key]) for key in above})
    ]
    while waiting:
        parent_table, found = waiting.pop(0)
        for link in reader.links.get(parent_table, ()):
            roots = _roots_by_value(link, found.values())
            news: dict[Key, tuple[Mapping[str, Any], set[int]]] = {}
            for child in reader.find(link, list(roots)) if roots else ():
                # A value that the database holds for the same and Python does not hangs on all of them.
                its = _find(roots, child.points) or set().union(*roots.values())
                if link.table == table and child.key in own:
                    continue
                if child.held:
                    held |= its
                seen = along.rows.setdefault(link.table, {})
                if child.key not in seen:
                    seen[child.key] = child
                    news[child.key] = (child.above, set(its))
                elif child.key in news:
                    news[child.key][1].update(its)
            if news:
                waiting.append((link.table, news))
    return along, frozenset(held)


def _roots_by_value(link: Link, found: Iterable[tuple[Mapping[str, Any], set[int]]]) -> dict[Key, set[int]]:
    roots: dict[Key, set[int]] = {}
    for above, its in found:
        values = tuple(above[name] for name in link.parent_columns)
        if None not in values:
            roots.setdefault(values, set()).update(its)
    return roots


def _find(roots: Mapping[Key, set[int]], points: Key) -> set[int]:
    if points in roots:
        return roots[points]
    alike = _alike(points)
    return set().union(*(its for values, its in roots.items() if _alike(values) == alike))


def _alike(values: Key) -> Key:
    """Return values so that two compare equal where a database may hold them for equal."""
    return tuple(str(value).casefold().rstrip() for value in values)
