"""Objects in TypeScript and JavaScript as the data that they are: mappings and lists with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Limits
from curtilage.connectors.reading.text import DEEPEST_TREE
from curtilage.connectors.reading.trees import Node, line_of, text_of
from curtilage.connectors.reading.typescript.values import bare, literal, name_of
from curtilage.connectors.reading.yaml_text import Value, YamlList, YamlMap

_CONSTANTS: Final = {"true": True, "false": False, "null": None, "undefined": None}


def list_objects(root: Node, limits: Limits, *, having: str) -> Iterator[YamlMap]:
    """Give the outermost objects with a key, in the order of the file.

    Args:
        root: A parsed file.
        limits: Depth to which an object is followed; what lies deeper is left out.
        having: The key that tells them.
    """
    depth = min(limits.depth, DEEPEST_TREE)
    bound = _bindings(root)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "object" and any(
            name_of(_part(pair, "key")) == having for pair in node.named_children
        ):
            yield _data(node, bound, depth)
        else:
            waiting.extend(reversed(node.named_children))


def _bindings(root: Node) -> dict[str, Node]:
    """Return what stands at the top of the file under a name: lists of answers that questions share."""
    top = [inner for node in root.named_children for inner in (node, *node.named_children)]
    declared = [
        one
        for node in top
        if node.type in {"lexical_declaration", "variable_declaration"}
        for one in node.named_children
    ]
    return {
        text_of(_part(one, "name")): value for one in declared if (value := _part(one, "value")) is not None
    }


def _data(node: Node, bound: dict[str, Node], depth: int) -> Value:
    node = bare(node)
    if node is None or depth <= 0:
        return None
    if node.type == "object":
        return _mapping(node, bound, depth)
    if node.type == "array":
        items = YamlList(line_of(node))
        for child in node.named_children:
            if child.type != "comment":
                items.append(_data(child, bound, depth - 1))
                items.lines.append(line_of(child))
        return items
    if node.type == "identifier" and text_of(node) in bound:
        # A name is looked up once on the way down, so that a value cannot contain itself.
        name = text_of(node)
        return _data(bound[name], {key: value for key, value in bound.items() if key != name}, depth - 1)
    return _CONSTANTS.get(node.type, literal(node))


def _mapping(node: Node, bound: dict[str, Node], depth: int) -> YamlMap:
    found = YamlMap(line_of(node))
    for pair in node.named_children:
        key = name_of(_part(pair, "key")) if pair.type == "pair" else ""
        if key and key not in found:
            found.lines[key] = line_of(pair)
            found[key] = _data(_part(pair, "value"), bound, depth - 1)
    return found


def _part(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)
