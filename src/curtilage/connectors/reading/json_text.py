"""Foreign JSON as plain values, with pointers and, where wanted, lines.

Strict JSON goes through the standard library. What that refuses is read once more by a patient
reader that takes comments, trailing commas, single quotes and bare keys (JSON5 as people really
write it), without recursion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.connectors.reading.text import DEEPEST_TREE, decode

Value = Any  # None, bool, int, float, str, dict or list; a type that contains itself says no more

_PART: Final = re.compile(
    r"""(?P<space>[\s\ufeff]+|//[^\n]*|/\*.*?\*/)
      | (?P<text>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')
      | (?P<mark>[{}\[\],:])
      | (?P<bare>[^\s{}\[\],:"'/]+)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final = {"null": None, "undefined": None, "true": True, "false": False}


def load(document: Document) -> Value:
    """Return the one JSON value of a file.

    Raises:
        LimitReachedError: It nests deeper than ``limits.depth`` or holds more than ``limits.nodes``.
        UnreadableError: It is no JSON, and no JSON with comments either.
    """
    text = decode(document)
    if sum(map(text.count, ",[{")) > document.limits.nodes:
        return _read_patiently(text, document)  # counts while it reads, before memory is taken
    try:
        value = json.loads(text, parse_int=_number, parse_constant=lambda _: None)
    except RecursionError:
        raise _too_deep(document.source, document.limits) from None
    except ValueError:
        value = _read_patiently(text, document)
    _refuse_size(value, document)
    return value


def load_lines(document: Document) -> dict[str, int]:
    """Return the 1-based line of every value in a JSON file, by its pointer.

    The line of a member is that of its key. Slower than :func:`load`: for when a person asks where.
    Raises as :func:`load` does.
    """
    patient = _Patient(document.source, document.limits, with_lines=True)
    patient.read(decode(document))
    return patient.lines or {}


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer of ``steps``.

    Source:
        rfc6901, section 3.

    >>> pointer("properties", "a/b", "items", 0)
    '/properties/a~1b/items/0'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def resolve(root: Value, reference: str) -> Value:
    """Return what a local reference (``#/definitions/Name``) points at, None where nothing does.

    A reference to another file or address is never followed.
    """
    if not reference.startswith("#"):
        return None
    found = root
    for step in reference[1:].split("/")[1:]:
        name = step.replace("%25", "%").replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and name.isdigit() and len(name) < 9 and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _read_patiently(text: str, document: Document) -> Value:
    return _Patient(document.source, document.limits, with_lines=False).read(text)


def _number(digits: str) -> int | str:
    """Keep an integer of hundreds of digits as text: turning it into a number takes too long."""
    return int(digits) if len(digits) < 30 else digits


def _refuse_size(value: Value, document: Document) -> None:
    nodes = 0
    level = [value]
    for _ in range(_deepest(document.limits) + 1):
        nodes += len(level)
        if nodes > document.limits.nodes:
            what = f"It holds more than {document.limits.nodes:,} nodes"
            raise LimitReachedError(source=document.source, what=what)
        level = [child for holder in level for child in _children(holder)]
        if not level:
            return
    raise _too_deep(document.source, document.limits)


def _children(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _too_deep(source: str, limits: Limits, line: int = 0) -> LimitReachedError:
    return LimitReachedError(source=source, what=f"It nests deeper than {_deepest(limits)}", line=line)


def _deepest(limits: Limits) -> int:
    return min(limits.depth, DEEPEST_TREE)


@dataclass(slots=True)
class _Level:
    """One open object or array of the patient reader, with the key that waits for its value."""

    made: Value
    path: str
    key: str | None = None


class _Patient:
    """Reads tolerantly and without recursion, counts as it goes, remembers lines where asked."""

    def __init__(self, source: str, limits: Limits, *, with_lines: bool) -> None:
        self.source, self.limits = source, limits
        self.lines: dict[str, int] | None = {} if with_lines else None
        self.opened: list[_Level] = []
        self.roots: list[Value] = []
        self.nodes = 0

    def read(self, text: str) -> Value:
        for kind, part, line in _tokens(text, self.source):
            if kind != "mark":
                self._place(_word(kind, part), line)
            elif part in ("{", "["):
                self._begin({} if part == "{" else [], line)
            elif part in ("}", "]"):
                self._end(part, line)
        if self.opened or len(self.roots) != 1:
            what = "It ends before its last bracket, or is not one JSON value"
            raise UnreadableError(source=self.source, what=what)
        return self.roots[0]

    def _begin(self, made: Value, line: int) -> None:
        if len(self.opened) >= _deepest(self.limits):
            raise _too_deep(self.source, self.limits, line)
        self.opened.append(_Level(made, self._place(made, line)))

    def _end(self, part: str, line: int) -> None:
        if not self.opened or isinstance(self.opened[-1].made, dict) != (part == "}"):
            raise UnreadableError(source=self.source, what="A bracket closes what was not open", line=line)
        self.opened.pop()

    def _place(self, value: Value, line: int) -> str:
        """Put a value where it belongs, or take it as the key that the next value belongs to."""
        self.nodes += not (self.opened and self._awaits_key())
        if self.nodes > self.limits.nodes:
            what = f"It holds more than {self.limits.nodes:,} nodes"
            raise LimitReachedError(source=self.source, what=what, line=line)
        if not self.opened:
            self.roots.append(value)
            return self._note("", line)
        top = self.opened[-1]
        if isinstance(top.made, list):
            top.made.append(value)
            return self._note(top.path, line, len(top.made) - 1)
        if self._awaits_key():
            top.key = str(value)
            self._note(top.path, line, top.key)
            return top.path
        key, top.key = top.key or "", None
        top.made[key] = value
        return self._note(top.path, line, key)

    def _awaits_key(self) -> bool:
        return isinstance(self.opened[-1].made, dict) and self.opened[-1].key is None

    def _note(self, path: str, line: int, *steps: str | int) -> str:
        """Remember the line of a path, the first that was met; give the path."""
        if self.lines is None:
            return ""
        full = path + pointer(*steps)
        self.lines.setdefault(full, line)
        return full


def _tokens(text: str, source: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise UnreadableError(source=source, what="It does not follow JSON", line=line)
        kind = found.lastgroup or ""
        if kind != "space":
            yield kind, found.group(), line
        line += text.count("\n", at, found.end())
        at = found.end()


def _word(kind: str, part: str) -> Value:
    if kind == "bare":
        return _WORDS[part] if part in _WORDS else _numeral(part)
    if part[0] == "'":
        part = '"' + part[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        return json.loads(part, strict=False)
    except ValueError:
        return part[1:-1]


def _numeral(part: str) -> Value:
    try:
        return float(part) if set(part) & set(".eE") else _number(str(int(part))) if len(part) < 30 else part
    except ValueError:
        return part
