"""Hide the small cells of a table with its totals, and as few others as keep them from being worked out.

A count of one or two beside a month and a kind of paper can point at a person. Hiding it is not enough: the totals
give it back. So further cells are hidden, until nobody who knows the printed ones, and that a hidden one is at least
one, can tell a small count from a count at the threshold.

Rules of this file:

* A zero is printed: it points at nobody, and hiding it would hide that nothing happened.
* A hidden cell looks the same whether it is small or hides one that is.
* A table with its totals is a circulation: rows and columns are nodes, a cell is an arc from its row to its column, a
  total an arc back. What a hidden cell can be is what can flow through its arc while printed arcs stay as they are.
* Among the cells that would do, those are hidden whose counts are smallest: least is lost to the reader.

Source:
    cox-1995, network flow and the protection of two-way tables.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Cell = tuple[int, int]
"""Row and column, from 0; the row and the column after the last hold the totals."""

Table = tuple[tuple[int, ...], ...]


def add_totals(counts: Sequence[Sequence[int]]) -> Table:
    """Return a table with a column and a row of totals added; at least one row and one column.

    >>> add_totals([[1, 2], [3, 4]])
    ((1, 2, 3), (3, 4, 7), (4, 6, 10))
    """
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def hide_small(counts: Sequence[Sequence[int]], threshold: int) -> frozenset[Cell]:
    """Return which cells of a table, its totals among them, are not printed.

    Args:
        counts: Rows of counts, all of one length, without totals; at least one row and one column.
        threshold: Counts from 1 to below it are small; 1 hides nothing.
    """
    table = add_totals(counts)
    small = sorted(
        (value, (row, column))
        for row, cells in enumerate(table)
        for column, value in enumerate(cells)
        if 0 < value < threshold
    )
    hiding = _Hiding(table, {cell for _, cell in small})
    for value, cell in small:
        hiding.let_move(cell, threshold - value, up=True)
        hiding.let_move(cell, value - 1, up=False)
    return frozenset(hiding.hidden)


@dataclass(frozen=True, slots=True)
class _Step:
    """One arc of a way through the table: a cell, and whether it grows."""

    cell: Cell
    up: bool


@dataclass(slots=True)
class _Hiding:
    """A table of which some cells are hidden."""

    table: Table
    hidden: set[Cell]
    flow: dict[Cell, int] = field(default_factory=dict)

    def let_move(self, cell: Cell, by: int, *, up: bool) -> None:
        """Hide what is needed so that ``cell`` could as well be ``by`` more, or less.

        Where it cannot be less, since that many cells beside it are seen to be no zero, that is all there is to know.
        """
        self.flow = {}
        begin, end = self._ends(cell, up=up)
        while by > 0 and (way := self._find_way(end, begin, cell)):
            moved = min([by, *(self._room(step) for step in way)])
            for step in way:
                self.flow[step.cell] = self.flow.get(step.cell, 0) + (moved if step.up else -moved)
                self.hidden.add(step.cell)
            by -= moved

    def _ends(self, cell: Cell, *, up: bool) -> tuple[int, int]:
        """Return from which node to which a cell's arc leads where it grows, or where it shrinks."""
        row, column = cell[0], len(self.table) + cell[1]
        is_total = (cell[0] == len(self.table) - 1) != (cell[1] == len(self.table[0]) - 1)
        return (row, column) if is_total != up else (column, row)

    def _room(self, step: _Step) -> int:
        """Return by how much a cell may still change; a cell that is seen to be no zero stays 1 at least."""
        if step.up:
            return 1 << 62
        row, column = step.cell
        return self.table[row][column] - 1 + self.flow.get(step.cell, 0)

    def _find_way(self, begin: int, end: int, without: Cell) -> list[_Step]:
        """Return the way from a node to another that hides least; empty where there is none."""
        best: dict[int, tuple[int, int]] = {begin: (0, 0)}
        came: dict[int, tuple[int, _Step]] = {}
        waiting = [(0, 0, begin)]
        while waiting:
            cost, length, node = heapq.heappop(waiting)
            if (cost, length) > best[node]:
                continue
            for step, beyond, price in self._arcs(node, without):
                reached = (cost + price, length + 1)
                if beyond not in best or reached < best[beyond]:
                    best[beyond], came[beyond] = reached, (node, step)
                    heapq.heappush(waiting, (*reached, beyond))
        if end not in came:
            return []
        way, node = list[_Step](), end
        while node != begin:
            node, step = came[node]
            way.append(step)
        return way

    def _arcs(self, node: int, without: Cell) -> Iterator[tuple[_Step, int, int]]:
        """Give each cell by which a node can be left: the step, where it leads, and what it costs to hide it."""
        rows, columns = len(self.table), len(self.table[0])
        cells = (
            ((node, column) for column in range(columns))
            if node < rows
            else ((row, node - rows) for row in range(rows))
        )
        for cell in cells:
            value = self.table[cell[0]][cell[1]]
            if cell == without or not value:
                continue
            begin, end = self._ends(cell, up=True)
            step = _Step(cell, up=begin == node)
            if self._room(step) > 0:
                yield step, end if begin == node else begin, 0 if cell in self.hidden else value
