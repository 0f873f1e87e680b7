"""Say why a column was found to hold what it holds: by rule, with masked shapes, and never a cell.

A mask shows how something is written: digits as ``#``, letters as ``x``, except letters that the rule
itself begins with (the ``A`` of an A-Number). Of words nothing is shown: the rule says which they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curtilage.connectors.content.ports import Content, Table, TextColumn
from curtilage.detection.values.fold import fold
from curtilage.detection.values.nouns import Relations, Rule
from curtilage.detection.values.scanner import NotTextError, Scanner
from curtilage.detection.values.shapes import One, Row, Shape, parse_shape
from curtilage.detection.values.spans import mask

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_MASKS: Final = 5
_WHOLE: Final = 1
"""Parts that a table is read in: order does not matter here, and one process reads it."""


@dataclass(frozen=True, slots=True)
class Because:
    """One rule that counts in a column.

    Attributes:
        rule: The rule.
        cells: Cells in which it counts.
        masks: How that is written, the most frequent first: ``(mask, times)``; empty for words.
    """

    rule: Rule
    cells: int
    masks: tuple[tuple[str, int], ...]

    def around(self) -> tuple[str, ...]:
        """Return what the rule asks for around it: ``near: bank or card words``; empty where nothing."""
        return tuple(_say_relations(self.rule.asks))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a column holds what it holds.

    Attributes:
        column: Its name.
        locator: Where it is, as results say; may be empty.
        cells: Cells that were looked at and are not null.
        because: The rules that count, the most frequent first.
    """

    column: str
    locator: str
    cells: int
    because: tuple[Because, ...]


def find_column(content: Content, place: str) -> tuple[Table, TextColumn] | None:
    """Return the column that a place names: by its locator or its name, as results show them.

    A name without its table is enough where only one table has it.

    Raises:
        SourceError: The source cannot be read.
    """
    columns = [(table, column) for table in content.tables() for column in table.columns]
    for fits in (
        lambda column: place in (column.locator, column.name),
        lambda column: place == column.name.rpartition(".")[2],
    ):
        found = [pair for pair in columns if fits(pair[1])]
        if len(found) == 1:
            return found[0]
    return None


def explain_column(
    content: Content, table: Table, column: TextColumn, scanner: Scanner, carried: frozenset[str]
) -> Explanation:
    """Read a column to its end and return why it holds what it holds.

    Args:
        content: The open source.
        table: The table that holds the column.
        column: The column.
        scanner: Holds the rules.
        carried: Groups of words that the column's name speaks of.

    Raises:
        SourceError: The source cannot be read to its end.
    """
    cells, found, masks = 0, Counter[int](), dict[int, Counter[str]]()
    for array in _arrays(content, table, column):
        cells += len(array) - array.null_count
        for cell, times in _list_cells(array, scanner, carried):
            hits = scanner.find(cell, carried)
            found.update(dict.fromkeys({hit.rule for hit in hits}, times))
            folded = fold(cell)
            for hit in hits:
                rule = scanner.rules.rules[hit.rule]
                if not rule.phrases:
                    written = folded[hit.start : hit.end].decode()
                    masks.setdefault(hit.rule, Counter())[_mask(rule, written)] += times
    rules = scanner.rules.rules
    return Explanation(
        column.name,
        column.locator,
        cells,
        tuple(
            Because(rules[number], count, tuple(masks.get(number, Counter()).most_common(_MOST_MASKS)))
            for number, count in found.most_common()
        ),
    )


def _arrays(content: Content, table: Table, column: TextColumn) -> Iterator[pa.Array]:
    for part in content.parts(table, wanted=_WHOLE):
        for batch in content.read(part, columns=(column.name,), distinct=frozenset({column.name})):
            if column.name in batch.schema.names:
                yield batch.column(column.name)


def _list_cells(array: pa.Array, scanner: Scanner, carried: frozenset[str]) -> Iterator[tuple[bytes, int]]:
    """Give each different cell and how often it stands there; nothing where no rule counts in any."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if not scanner.scan_array(array, carried).rules:
            return
    except NotTextError:
        return
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    for each in pc.value_counts(array.cast(pa.large_binary())):
        if each["values"].is_valid:
            yield each["values"].as_py(), each["counts"].as_py()


def _mask(rule: Rule, written: str) -> str:
    kept = _count_fixed(rule)
    return written[:kept].upper() + mask(written[kept:])


def _count_fixed(rule: Rule) -> int:
    """Return with how many letters every shape of a rule begins, always the same ones."""
    beginnings = {_fixed(parse_shape(shape, cased=rule.cased)) for shape in rule.shapes}
    return len(next(iter(beginnings))) if len(beginnings) == 1 else 0


def _fixed(shape: Shape) -> str:
    parts = shape.parts if isinstance(shape, Row) else (shape,)
    fixed = ""
    for part in parts:
        letters = {chr(byte).upper() for byte in part.of} if isinstance(part, One) else set()
        if len(letters) != 1 or not next(iter(letters)).isalpha():
            break
        fixed += letters.pop()
    return fixed


def _say_relations(asks: Relations) -> Iterator[str]:
    for name in ("near", "sentence", "within", "then", "after"):
        groups = getattr(asks, name)
        if groups:
            yield f"{name}: {' or '.join(group.replace('_', ' ') for group in groups)}"
