"""Which characters of a YAML file to replace for one change; ``edit.py`` checks the outcome.

Every function gives splices against the text as it was, or None where the change would take a comment
with it that stands between brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from curtilage.inventory._emit import emit_noun, emit_text, emit_value
from curtilage.inventory._yaml import Leaf, Node, Pairs, Rows

_BEFORE_COMMENT: Final = re.compile(r" +(?=#)")

Splice = tuple[int, int, str]
"""Replace the characters from the first to before the second number by the text."""


def apply(text: str, splices: Sequence[Splice]) -> str:
    """Return the text with every splice applied; those at one place in their order."""
    pieces, reached = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        pieces += [text[reached:start], new]
        reached = max(reached, end)
    return "".join([*pieces, text[reached:]])


def set_key(text: str, pairs: Pairs, key: str, value: Any, order: Sequence[str]) -> list[Splice] | None:
    """Set, add or (with None, or nothing in it) remove a key of a mapping."""
    index = next((at for at, (name, _) in enumerate(pairs.items) if name.text == key), None)
    if value is None or value in ("", [], {}):
        return [] if index is None else _remove_pair(text, pairs, index)
    if index is None:
        return _add_pair(text, pairs, key, value, order)
    return _replace(text, pairs.items[index][1], value)


def _replace(text: str, node: Node, value: Any) -> list[Splice] | None:
    if isinstance(node, Pairs) and not node.flow and isinstance(value, Mapping):
        return _replace_pairs(text, node, value)
    if isinstance(node, Rows) and not node.flow and isinstance(value, list):
        return _replace_rows(text, node, value)
    written = text[node.start : node.end]
    if isinstance(node, Rows | Pairs) and (not node.flow or ("#" in written and "\n" in written)):
        return None
    behind = "\n" if written.endswith("\n") else ""
    space = " " if text[node.start - 1 : node.start] == ":" else ""
    new = f"{space}{emit_value(value)}{behind}"
    if "\n" in written:
        return [(node.start, node.end, new)]
    return [(node.start, node.end, new), *_keep_aligned(text, node.end, len(new) - len(written))]


def _keep_aligned(text: str, end: int, longer: int) -> list[Splice]:
    """Keep a comment behind a value in its column, as far as there is room."""
    spaces = _BEFORE_COMMENT.match(text, end)
    if spaces is None:
        return []
    wanted = max(len(spaces[0]) - longer, 2 if longer else 1)
    return [(end, spaces.end(), " " * wanted)]


def _replace_pairs(text: str, node: Pairs, value: Mapping[str, Any]) -> list[Splice] | None:
    splices: list[Splice] = []
    kept = [name.text for name, _ in node.items if value.get(name.text)]
    if not kept:
        return None
    for name in dict.fromkeys([*(name.text for name, _ in node.items), *value]):
        part = set_key(text, node, name, value.get(name), [*kept, *value])
        if part is None:
            return None
        splices += part
    return splices


def _replace_rows(text: str, node: Rows, value: list[Any]) -> list[Splice] | None:
    """Keep the items that stay where they are, drop the others, add new ones at the end."""
    said = [item.text for item in node.items if isinstance(item, Leaf)]
    kept = [word for word in said if word in value]
    if len(said) != len(node.items) or not kept or kept != value[: len(kept)]:
        return None
    splices = [
        _whole_lines(text, _dash(text, item), item.end) for item in node.items if _leaf(item) not in value
    ]
    end = _line_end(text, next(item for item in node.items if _leaf(item) == kept[-1]).end)
    pad = " " * _column(text, _dash(text, node.items[0]))
    new = "".join(f"\n{pad}- {emit_text(word)}" for word in value[len(kept) :])
    return [*splices, (end, end, new)] if new else splices


def _leaf(node: Node) -> str:
    return node.text if isinstance(node, Leaf) else ""


def _add_pair(text: str, pairs: Pairs, key: str, value: Any, order: Sequence[str]) -> list[Splice]:
    written = f"{emit_text(key)}: {emit_value(value)}"
    if not pairs.items:
        return [(pairs.start + 1, pairs.start + 1, written)]
    name, last = _before(pairs, key, order)
    if pairs.flow:
        return [(last.end, last.end, f", {written}")]
    end = _line_end(text, max(last.end, name.end))
    return [(end, end, "\n" + " " * _column(text, pairs.items[0][0].start) + written)]


def _before(pairs: Pairs, key: str, order: Sequence[str]) -> tuple[Leaf, Node]:
    """Return the pair behind which a new key belongs by the order of keys; the last one by default."""
    ranks = {name: rank for rank, name in enumerate(order)}
    rank = ranks.get(key, len(ranks))
    earlier = [pair for pair in pairs.items if ranks.get(pair[0].text, len(ranks)) < rank]
    return max(earlier, key=lambda pair: pair[0].start) if earlier else pairs.items[0]


def _remove_pair(text: str, pairs: Pairs, index: int) -> list[Splice] | None:
    name, value = pairs.items[index]
    if not pairs.flow:
        if text[text.rfind("\n", 0, name.start) + 1 : name.start].strip():
            # The first key of a list's item stands behind its dash.
            return None
        return [_whole_lines(text, name.start, max(value.end, name.end))]
    if index:
        return [(pairs.items[index - 1][1].end, value.end, "")]
    following = pairs.items[1][0].start if len(pairs.items) > 1 else value.end
    return [(name.start, following, "")]


Plains = Sequence[Mapping[str, Any]]


def add_items(text: str, pairs: Pairs, key: str, plains: Plains, order: Sequence[str]) -> list[Splice] | None:
    """Add nouns at the end of the list under ``key``, which is begun where there is none."""
    found = next(((name, value) for name, value in pairs.items if name.text == key), None)
    if found is None:
        if pairs.flow or not pairs.items:
            return None
        name, last = _before(pairs, key, order)
        column = _column(text, pairs.items[0][0].start)
        end = _line_end(text, max(last.end, name.end))
        return [(end, end, f"\n{' ' * column}{key}:" + _block(plains, column + 2))]
    name, rows = found
    if isinstance(rows, Rows) and rows.items:
        if rows.flow:
            written = "".join(f", {emit_value(plain)}" for plain in plains)
            return [(rows.items[-1].end, rows.items[-1].end, written)]
        end = _line_end(text, rows.end)
        return [(end, end, _block(plains, _column(text, _dash(text, rows.items[0]))))]
    if pairs.flow:
        return None
    block = _block(plains, _column(text, name.start) + 2)
    end = _line_end(text, max(rows.end, name.end))
    # Nothing, or brackets with nothing between: those go, and a comment behind them stays.
    start = text.index(":", name.end) + 1
    return [(start, max(rows.end, start), ""), (end, end, block)]


def _block(plains: Plains, column: int) -> str:
    return "".join(f"\n{line}" for plain in plains for line in emit_noun(plain, indent=column, item=True))


def remove_item(text: str, rows: Rows, item: Pairs) -> list[Splice] | None:
    """Remove one item of a list."""
    index = next(at for at, candidate in enumerate(rows.items) if candidate is item)
    if not rows.flow:
        return [_whole_lines(text, _dash(text, item), item.end)]
    if index:
        return [(rows.items[index - 1].end, item.end, "")]
    following = rows.items[1].start if len(rows.items) > 1 else item.end
    return [(item.start, following, "")]


def _dash(text: str, item: Node) -> int:
    """Return where the ``-`` of an item of a block list stands."""
    return text.rindex("-", 0, item.start)


def _column(text: str, index: int) -> int:
    return index - (text.rfind("\n", 0, index) + 1)


def _line_end(text: str, index: int) -> int:
    """Return the end of the line in which a value ends; a text block ends behind its last line."""
    while index > 0 and text[index - 1] == "\n":
        index -= 1
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def _whole_lines(text: str, start: int, end: int) -> Splice:
    first = text.rfind("\n", 0, start) + 1
    last = _line_end(text, end)
    return (first, min(last + 1, len(text)), "")
