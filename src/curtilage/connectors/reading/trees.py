"""Source code as a syntax tree, by tree-sitter: tolerant of errors, never run, bounded in time."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.text import decode

Node = Any  # tree_sitter.Node, which is loaded only when a file needs it

#: Language, the module of its grammar and the function that gives it.
_GRAMMARS: Final[Mapping[str, tuple[str, str]]] = {
    "ruby": ("tree_sitter_ruby", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}
#: Source code that a person wrote is smaller.
_LARGEST: Final = 4 * 2**20
#: The library asks for a piece for the text of every node, so a small one is fast.
_PIECE: Final = 512


def parse(document: Document, language: str) -> tuple[Node, str]:
    """Return the root of the syntax tree, and the text; parts that make no sense are nodes of type ``ERROR``.

    Raises:
        LimitReachedError: The file is larger than source code gets, or takes too long.
        NotInstalledError: The grammar is missing.
        UnreadableError: It is no text.
    """
    if len(document.content) > _LARGEST:
        raise LimitReachedError(source=document.source, what="It is larger than source code gets")
    text = decode(document)
    content = text.encode()
    for library in ("tree_sitter", _GRAMMARS[language][0]):
        load_library(library, extra="code", source=document.source)
    parser = _parser(language)
    deadline = time.monotonic() + document.limits.seconds
    try:
        tree = parser.parse(
            lambda at, _: content[at : at + _PIECE] or None,
            progress_callback=lambda *_: time.monotonic() > deadline,  # true ends it
        )
    except ValueError as error:
        parser.reset()
        raise LimitReachedError(source=document.source, what="Reading it takes too long") from error
    return tree.root_node, text


@lru_cache
def _parser(language: str) -> Any:
    module, function = _GRAMMARS[language]
    library = importlib.import_module("tree_sitter")
    return library.Parser(library.Language(getattr(importlib.import_module(module), function)()))


def line_of(node: Node) -> int:
    """Return the 1-based line where a node begins."""
    return int(node.start_point[0]) + 1


def last_line_of(node: Node) -> int:
    """Return the 1-based line where a node ends."""
    return int(node.end_point[0]) + 1


def text_of(node: Node | None, *, most: int = 4000) -> str:
    """Return the source of a node; empty for none, and for one longer than ``most`` bytes."""
    if node is None or node.end_byte - node.start_byte > most:
        return ""
    return str(node.text.decode("utf-8", "replace"))


def descendants(node: Node, *, into: frozenset[str] | None = None, most: int = 1_000_000) -> Iterator[Node]:
    """Give a node and what lies below it, in order, without recursion.

    Args:
        node: Where to begin.
        into: Types of nodes to look into; None is all.
        most: Nodes after which it stops.
    """
    waiting, count = [node], 0
    while waiting and count < most:
        found = waiting.pop()
        count += 1
        yield found
        if into is None or found.type in into or found is node:
            waiting.extend(reversed(found.named_children))


class Comments:
    """The comments of a file, by line: what stands behind a declaration, and what right above it."""

    def __init__(self, text: str, pattern: re.Pattern[str], clean: Callable[[str], str]) -> None:
        """Collect them.

        Args:
            text: The file.
            pattern: Finds comments as its group ``comment``, and strings so that they hide none.
            clean: Takes a comment's markers off.
        """
        self._behind: dict[int, str] = {}
        self._alone: dict[int, tuple[int, str]] = {}
        line, at = 1, 0
        for match in pattern.finditer(text):
            if match["comment"] is None:
                continue
            line += text.count("\n", at, match.start())
            at = match.start()
            said = clean(match.group())
            if text[text.rfind("\n", 0, at) + 1 : at].strip():
                self._behind[line] = said
            else:
                self._alone[line + match.group().count("\n")] = (line, said)

    def of(self, node: Node) -> str:
        """Return what is said of the declaration ``node``: behind it, or else right above it."""
        behind = self._behind.get(last_line_of(node)) or self._behind.get(line_of(node))
        if behind:
            return behind
        said: list[str] = []
        at = line_of(node) - 1
        while at in self._alone and len(said) < 10:
            at, text = self._alone[at]
            said.insert(0, text)
            at -= 1
        return " ".join(filter(None, said))
