"""Read a YAML file that somebody wrote into nodes that know their line, in bounded time.

The rules of this file:

* Plain text stays text: ``no`` is a language, ``2017-02-22`` waits to be asked for as a date. What a
  value means is decided by the key it stands under (``_kinds.py``), never guessed from its look.
* The parser's events are read one after the other, never by recursion, so that a file of a million
  brackets ends in one line that says so.
* Aliases, tags and a second document are refused: each line must say what it means where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from curtilage.foundation.errors import Problem

DEEPEST: Final = 20
"""Nesting that is still read; the deepest inventory needs 9."""

LARGEST_BYTES: Final = 8 * 2**20
"""Size of a file that is still read; ten thousand fields are about 3 MiB."""

MOST_NODES: Final = 500_000
"""Keys and values of one file."""

_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_PLAIN_TAGS: Final = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Leaf:
    """One value: text as it stands in the file; ``text`` is empty for ``~``, ``null`` and nothing.

    ``start`` and ``end`` are the characters of the file that it takes, quotation marks included;
    both are 0 where it comes from no YAML file. So for each kind of node.
    """

    text: str
    line: int
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Rows:
    """A list; may be empty. ``flow`` is whether it is written in brackets."""

    items: list[Node]
    line: int
    start: int = 0
    end: int = 0
    flow: bool = False


@dataclass(slots=True)
class Pairs:
    """A mapping, in the order of the file, repeated keys included; may be empty.

    ``flow`` is whether it is written in braces.
    """

    items: list[tuple[Leaf, Node]]
    line: int
    start: int = 0
    end: int = 0
    flow: bool = False


Node = Leaf | Rows | Pairs


class RefusedYamlError(Exception):
    """A file cannot be read as YAML at all; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def read_node(path: str, content: bytes) -> Node | None:
    """Return the one document of a file as nodes; None where it holds nothing but comments.

    Args:
        path: Name to put into the problem.
        content: The file, UTF-8, with or without a byte order mark.

    Raises:
        RefusedYamlError: The file is too large, not UTF-8, not YAML, too deep, or uses what is
            refused here.
    """
    text = _decode(path, content)
    builder = _Builder(path)
    try:
        # Asking the parser itself, not yaml.parse, halves the time for a large file.
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        event = loader.get_event()
        while type(event) is not yaml.StreamEndEvent:
            builder.take(event)
            event = loader.get_event()
    except yaml.YAMLError as error:
        raise RefusedYamlError(_explain(path, text, error)) from error
    return builder.root


def _decode(path: str, content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        what = f"The file has more than {LARGEST_BYTES // 2**20} MiB."
        raise RefusedYamlError(
            Problem(path, 0, what, "Split it: one file a department or schedule.", "inventory.too-large")
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RefusedYamlError(
            Problem(
                path,
                line,
                "The file is not UTF-8 text.",
                "Save it again with the encoding UTF-8.",
                "inventory.not-utf8",
            )
        ) from error


@dataclass(slots=True)
class _Builder:
    """Turns events into nodes; ``open`` are the lists and mappings not yet closed."""

    path: str
    root: Node | None = None
    documents: int = 0
    count: int = 0
    open: list[Rows | Pairs] = field(default_factory=list)
    keys: list[Leaf | None] = field(default_factory=list)

    def take(self, event: Any) -> None:
        """Add one event of the parser."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            mark = event.start_mark
            self._begin(Pairs([], mark.line + 1, mark.index, flow=event.flow_style), event)
        elif kind is yaml.SequenceStartEvent:
            mark = event.start_mark
            self._begin(Rows([], mark.line + 1, mark.index, flow=event.flow_style), event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(event)
        elif kind is yaml.AliasEvent:
            self._refuse_alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse_alias(event)
        if event.tag is not None:
            self._check_tag(event)
        mark, text = event.start_mark, event.value
        if text in _NOTHING and event.implicit[0] and not event.style:
            text = ""
        leaf = Leaf(text.strip(), mark.line + 1, mark.index, event.end_mark.index)
        if self.open and self.keys[-1] is None and type(self.open[-1]) is Pairs:
            # Every second value is a key: the short way for those.
            self.count += 1
            self.keys[-1] = leaf
            return
        self._place(leaf)

    def _close(self, event: Any) -> None:
        node = self.open.pop()
        self.keys.pop()
        if node.flow or not node.items:
            node.end = event.end_mark.index
        else:
            # In block style the parser says where the next thing begins, not where this one ends.
            last = node.items[-1]
            node.end = last[1].end if isinstance(last, tuple) else last.end

    def _begin(self, node: Rows | Pairs, event: Any) -> None:
        if event.anchor is not None:
            self._refuse_alias(event)
        if event.tag is not None:
            self._check_tag(event)
        if len(self.open) >= DEEPEST:
            raise self._refusal(
                node.line,
                f"The file is nested more than {DEEPEST} levels deep.",
                "Compare it with the example in docs/reference/inventory-files.md.",
                "inventory.too-deep",
            )
        self._place(node)
        self.open.append(node)
        self.keys.append(None)

    def _place(self, node: Node) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise self._refusal(
                node.line,
                f"The file holds more than {MOST_NODES} keys and values.",
                "Split it: one file a department or schedule.",
                "inventory.too-large",
            )
        if not self.open:
            # An empty document arrives as one empty value.
            self.root = None if isinstance(node, Leaf) and not node.text else node
            return
        top = self.open[-1]
        if isinstance(top, Rows):
            top.items.append(node)
            return
        key = self.keys[-1]
        if key is not None:
            top.items.append((key, node))
            self.keys[-1] = None
        elif isinstance(node, Leaf):
            self.keys[-1] = node
        else:
            raise self._refusal(
                node.line,
                "A list or mapping stands where a key must stand.",
                "Write `key: value`; put text that begins with { or [ in quotes.",
                "inventory.yaml",
            )

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refusal(
                event.start_mark.line + 1,
                "A second document begins here (`---`).",
                "Write one document a file.",
                "inventory.yaml",
            )

    def _check_tag(self, event: Any) -> None:
        if event.tag == "!" or event.tag.startswith(_PLAIN_TAGS + "str"):
            return
        raise self._refusal(
            event.start_mark.line + 1,
            "A tag (`!name`) stands before a value.",
            "Leave it out, or put text that begins with `!` in quotes.",
            "inventory.yaml-tag",
        )

    def _refuse_alias(self, event: Any) -> None:
        raise self._refusal(
            event.start_mark.line + 1,
            "An anchor (`&name`) or alias (`*name`) stands here.",
            "Write the value out where it is used; put text that begins with & or * in quotes.",
            "inventory.yaml-alias",
        )

    def _refusal(self, line: int, what: str, instead: str, code: str) -> RefusedYamlError:
        return RefusedYamlError(Problem(self.path, line, what, instead, code))


#: What libyaml says, and what that means to somebody who writes an inventory.
_HINTS: Final = (
    ("a tab character", "A tab stands where spaces must.", "Indent with spaces."),
    (
        "mapping values are not allowed",
        "A colon stands where none can, or the line is indented wrongly.",
        "Put text that holds a colon in quotes; align keys of one level in one column.",
    ),
    (
        "could not find expected ':'",
        "A line is neither a `key: value` nor part of the text above.",
        "Write `key: value`, and indent what belongs to the line above.",
    ),
    (
        "found unexpected end of stream",
        "A quotation mark is opened and never closed.",
        'Close it; write \\" for a quotation mark inside of quotes.',
    ),
    (
        "did not find expected ',' or",
        "A list in brackets or a mapping in braces is not closed, or a comma is missing.",
        "Close it; put text that holds a comma or bracket in quotes.",
    ),
    (
        "cannot start any token",
        "A value begins with a character that has a meaning of its own in YAML.",
        "Put the text in quotes.",
    ),
    (
        "did not find expected key",
        "The line is indented in a way that belongs to nothing above, or text follows a closed quotation.",
        "Align keys of one level in one column; inside of '...' write '' for an apostrophe.",
    ),
    (
        "did not find expected '-' indicator",
        "The line is indented like a list item, but does not begin with `- `.",
        "Begin each item with `- `, aligned in one column.",
    ),
    (
        "control characters are not allowed",
        "The file holds an invisible control character.",
        "Delete it, or type the line again.",
    ),
)


def _explain(path: str, text: str, error: yaml.YAMLError) -> Problem:
    said = " ".join(
        str(part) for part in (getattr(error, "context", ""), getattr(error, "problem", "")) if part
    )
    said = said or str(error)
    mark = getattr(error, "problem_mark", None)
    if mark is not None and text[mark.index : mark.index + 1] == "\t":
        said = "a tab character"
    line = _line_of(text, error)
    for words, what, instead in _HINTS:
        if words in said:
            return Problem(path, line, what, instead, "inventory.yaml")
    return Problem(path, line, "This is not YAML.", "Compare it with a file that loads.", "inventory.yaml")


def _line_of(text: str, error: yaml.YAMLError) -> int:
    mark = getattr(error, "context_mark", None)
    if mark is None or "unexpected end of stream" not in str(error):
        # For an unclosed quotation mark the opening tells more than the end of the file.
        mark = getattr(error, "problem_mark", None) or mark
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None)
    if isinstance(position, int):
        return text.count("\n", 0, position) + 1
    return 0
