"""Files of YAML as nodes that know their line, for the files of other rooms that people write by hand."""

from __future__ import annotations

from curtilage.inventory._yaml import Leaf, Node, Pairs, RefusedYamlError, Rows, read_node

__all__ = ["Leaf", "Node", "Pairs", "RefusedYamlError", "Rows", "read_node"]
