"""What a table is made of and hangs on, as far as deleting from it must know; and in which order to delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curtilage.connectors.disposal.nouns import Link
from curtilage.connectors.disposal.sql import Column


@dataclass(frozen=True, slots=True)
class Shape:
    """One table.

    Attributes:
        name: As plans name it.
        sql: For FROM: qualified and quoted.
        columns: By name.
        key: Columns of the primary key, in order; empty is none.
        uniques: Columns of each other unique index without NULL.
        facts: What deleting must heed: ``view``, ``foreign``, ``versioned``, ``virtual``, ``trigger:NAME``,
            ``row-security``.
    """

    name: str
    sql: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    uniques: tuple[tuple[str, ...], ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def row_key(self) -> tuple[str, ...]:
        """Return columns that identify a row: the primary key or a unique index; empty where nothing does."""
        return self.key or next(iter(self.uniques), ())

    def has_key(self, columns: Sequence[str]) -> bool:
        """Return whether ``columns`` identify a row: the primary key, or unique and never NULL."""
        return any(set(each) == set(columns) for each in (self.key, *self.uniques) if each)


#: Links whose dependants must go before what they hang on; the database itself unties the others.
TAKING = frozenset({"none", "cascade", "declared"})


def find_dependants(table: str, links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links by which rows hang on rows of ``table``, directly or through others, nearest first."""
    taking = [link for link in links if link.rule in TAKING]
    found: list[Link] = []
    seen, waiting = {table}, [table]
    while waiting:
        parent = waiting.pop(0)
        for link in taking:
            if link.parent == parent and link not in found:
                found.append(link)
                if link.table not in seen:
                    seen.add(link.table)
                    waiting.append(link.table)
    return tuple(found)


def order_tables(tables: Iterable[str], links: Iterable[Link]) -> tuple[tuple[str, ...], ...]:
    """Return in which order to delete: dependants first; tables that hang on each other in one group, sorted.

    >>> a, b = Link("a", ("b",), "b"), Link("b", ("a",), "a")
    >>> order_tables(["a", "b", "c"], [a, b, Link("c", ("a",), "a")])
    (('c',), ('a', 'b'))
    """
    names = sorted(set(tables))
    above = {
        name: {link.parent for link in links if link.table == name and link.parent in names} for name in names
    }
    reach = {name: _reach(name, above) for name in names}
    groups: list[tuple[str, ...]] = []
    for name in names:
        group = tuple(
            other for other in names if other == name or (other in reach[name] and name in reach[other])
        )
        if group not in groups:
            groups.append(group)
    # Whoever hangs on more comes first; a group reaches all that is above it.
    return tuple(sorted(groups, key=lambda group: (-len(reach[group[0]] | set(group)), group)))


def _reach(name: str, above: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for parent in above[waiting.pop()] - seen:
            seen.add(parent)
            waiting.append(parent)
    return seen
