"""Foreign YAML as plain values that know their lines; never an object of Python's own.

The events of libyaml are put together here rather than by its composer, because a city's files are
not under our hand:

* a tag, known or not, is passed over and its value kept as text;
* numbers and dates stay the text they were written as (``007`` keeps its zeros);
* a duplicate key is kept once, the last value wins, as most programs do;
* an unknown alias is None, an alias of itself is None;
* what a chain of aliases would unfold to is counted before anybody walks it;
* leftovers of templates (``{{ x }}``, ``<% y %>``) and tabs are blanked out where they break the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import yaml

from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.connectors.reading.text import DEEPEST_TREE, decode, refuse_long_lines

Value = Any  # None, bool, str, YamlMap or YamlList; a type that contains itself says no more to a reader

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TEMPLATES: Final = re.compile(r"\{\{[^{}]{0,500}\}\}|\{%[^%]{0,500}%\}|<%[^%]{0,2000}%>")
_ODD_STARTS: Final = re.compile(r"^([^\S\n]*(?:- +)*(?:[\w.#\"'-]+: +)?)([@`%])", re.MULTILINE)
_TABS: Final = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_NEW_DOCUMENT: Final = re.compile(r"^---(?=\s|$)", re.MULTILINE)


class YamlMap(dict[str, Value]):
    """A mapping, in the order of the file.

    Attributes:
        line: 1-based line where it starts.
        lines: Key to the 1-based line of that key.
    """

    __slots__ = ("height", "line", "lines", "weight")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.weight = self.height = 1


class YamlList(list[Value]):
    """A sequence.

    Attributes:
        line: 1-based line where it starts.
        lines: 1-based line of each item.
    """

    __slots__ = ("height", "line", "lines", "weight")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []
        self.weight = self.height = 1


def load_documents(document: Document) -> Iterator[Value]:
    """Give the YAML documents of a file one after another.

    Args:
        document: The file; several documents are parted by ``---``.

    Yields:
        None, a bool, a str, a :class:`YamlMap` or a :class:`YamlList` each.

    Raises:
        LimitReachedError: Too deep, too many nodes, or aliases that unfold to too many.
        UnreadableError: It is no YAML, also after templating leftovers were blanked out. Documents
            before the broken one have been given by then.
    """
    refuse_long_lines(document)
    text = decode(document)
    try:
        yield from list(load_text(text, source=document.source, limits=document.limits))
    except UnreadableError:
        yield from _load_parts(blank_templates(text), document)


def load_text(text: str, *, source: str, limits: Limits) -> Iterator[Value]:
    """Give the YAML documents within ``text``, for YAML that stands as a string in another file.

    Lines count from 1 at the first line of ``text``. Raises as :func:`load_documents` does.
    """
    try:
        yield from _Builder(source, limits).build(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise UnreadableError(source=source, what="It does not follow YAML", line=line) from None


def blank_templates(text: str) -> str:
    """Replace what a template engine left, and tabs that indent, by characters that YAML takes.

    Lines stay where they are.

    >>> blank_templates("a: {{ user }} b")
    'a:  b'
    """
    text = _CONTROLS.sub(" ", text)
    text = _TEMPLATES.sub(lambda found: "\n" * found.group().count("\n"), text)
    text = _TABS.sub(lambda found: found.group().replace("\t", "  "), text)
    return _ODD_STARTS.sub(r"\1_", text)


def line_of(container: object, key: str | int) -> int:
    """Return the 1-based line of a key or item, 0 where ``container`` does not know lines."""
    if isinstance(container, YamlMap):
        return container.lines.get(str(key), container.line)
    if isinstance(container, YamlList) and isinstance(key, int) and key < len(container.lines):
        return container.lines[key]
    return 0


def _load_parts(text: str, document: Document) -> Iterator[Value]:
    """Read document by document, so that what stands before a broken one is not lost."""
    starts = [0, *(found.start() for found in _NEW_DOCUMENT.finditer(text)), len(text)]
    for begin, end in pairwise(starts):
        padding = "\n" * text.count("\n", 0, begin)
        yield from list(load_text(padding + text[begin:end], source=document.source, limits=document.limits))


@dataclass(slots=True)
class _Open:
    """A collection whose end is not reached yet, with the key that waits for its value."""

    made: YamlMap | YamlList
    anchor: str | None
    key: str | None = None
    key_line: int = 0


class _Builder:
    """Puts events together; holds the anchors of one document and the count of the whole file."""

    def __init__(self, source: str, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.nodes = 0
        self.anchors: dict[str, Value] = {}
        self.open: list[_Open] = []
        self.root: Value = None

    def build(self, text: str) -> Iterator[Value]:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                self._put(_scalar(event), _line(event), event.anchor)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                done = self.open.pop()
                self._put(done.made, done.made.line, done.anchor)
            elif isinstance(event, yaml.AliasEvent):
                self._put(self._alias(event), _line(event), None)
            elif isinstance(event, yaml.DocumentStartEvent):
                self.anchors, self.open, self.root = {}, [], None
            elif isinstance(event, yaml.DocumentEndEvent):
                yield self.root

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        line = _line(event)
        self._refuse_depth(len(self.open) + 1, line)
        if event.anchor:
            self.anchors[event.anchor] = None  # until it is whole: an alias of itself finds nothing
        made = YamlMap(line) if isinstance(event, yaml.MappingStartEvent) else YamlList(line)
        self.open.append(_Open(made, event.anchor))

    def _alias(self, event: yaml.AliasEvent) -> Value:
        value = self.anchors.get(event.anchor or "")
        if isinstance(value, YamlMap | YamlList):
            self._refuse_depth(len(self.open) + value.height, _line(event))
        return value

    def _put(self, value: Value, line: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = value
        is_collection = isinstance(value, YamlMap | YamlList)
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        top.made.weight += value.weight if is_collection else 1
        if is_collection:
            top.made.height = max(top.made.height, value.height + 1)
        if top.made.weight > self.limits.nodes:
            what = f"It holds, or its aliases unfold to, more than {self.limits.nodes:,} nodes"
            raise LimitReachedError(source=self.source, what=what, line=line)
        if isinstance(top.made, YamlList):
            top.made.append(value)
            top.made.lines.append(line)
        elif top.key is None:
            top.key, top.key_line = ("" if is_collection else _key(value)), line
        else:
            _store(top.made, top.key, value, top.key_line)
            top.key = None

    def _refuse_depth(self, depth: int, line: int) -> None:
        deepest = min(self.limits.depth, DEEPEST_TREE)
        if depth > deepest:
            what = f"It nests deeper than {deepest}"
            raise LimitReachedError(source=self.source, what=what, line=line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = str(event.value)
    if event.implicit[0]:  # plain: no quotes, no tag
        return None if text in _NULLS else _TRUTHS.get(text, text)
    return text


def _key(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _store(made: YamlMap, key: str, value: Value, line: int) -> None:
    if key != "<<":
        made[key] = value
        made.lines[key] = line
        return
    for base in value if isinstance(value, YamlList) else [value]:
        if isinstance(base, YamlMap):
            for inherited, its_value in base.items():
                made.setdefault(inherited, its_value)
                made.lines.setdefault(inherited, base.lines.get(inherited, line))
