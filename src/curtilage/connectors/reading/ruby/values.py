"""Literal words in Ruby: symbols, strings, the pairs of a hash. Nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from curtilage.connectors.reading.trees import Node, descendants, text_of

_SYMBOLS: Final = frozenset({"simple_symbol", "hash_key_symbol", "bare_symbol", "bare_string"})
#: What stands among the arguments of a call and is no plain one.
_OTHER: Final = frozenset({"pair", "comment", "block_argument", "hash_splat_argument"})


def plain_arguments(arguments: Node) -> list[Node]:
    """Return the arguments without a name."""
    return [node for node in arguments.named_children if node.type not in _OTHER]


def pairs(node: Node | None) -> Mapping[str, Node]:
    """Return the pairs of a hash, or of the arguments of a call, by key."""
    found = [] if node is None else [child for child in node.named_children if child.type == "pair"]
    return {word(pair.child_by_field_name("key")): pair.child_by_field_name("value") for pair in found}


def word(node: Node | None) -> str:
    """Return what a symbol, a string or a hash key says; empty for anything that is computed."""
    if node is None:
        return ""
    if node.type in _SYMBOLS:
        return text_of(node).lstrip(":").strip("\"'")
    return text_of_string(node)


def text_of_string(node: Node | None) -> str:
    """Return the text of a string literal, joined ones too; empty for anything else."""
    if node is None or node.type not in {"string", "chained_string"}:
        return ""
    return "".join(text_of(part) for part in descendants(node, most=200) if part.type == "string_content")
