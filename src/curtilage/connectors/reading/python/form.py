"""Python source as class bodies and calls, by the standard parser, without running or importing it.

A file that Python 3 refuses (Python 2, mixed tabs, a syntax error midway) is read again statement by
statement: the class headings and the assignments right below them are the same in both Pythons.
"""

from __future__ import annotations

import ast
import re
import time
import warnings
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.text import decode

#: Source code that a person wrote is smaller; parsing a larger file takes memory by the hundredfold.
_LARGEST: Final = 2 * 2**20
_HEADING: Final = re.compile(r"([ \t]*)class[ \t]+([^\W\d]\w*)[ \t]*(\([^#\n]*\)?)?.*?(:)?[ \t]*(?:#.*)?$")
_STATEMENT: Final = re.compile(r"[^\W\d][\w.]*[ \t]*(?::[^=\n]+)?=(?!=)|[^\W\d]\w*[ \t]*:[ \t]*\S|[\"'rub@]")
_MOST_LINES: Final = 120
_Failure = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse(document: Document) -> tuple[ast.Module, list[str]]:
    """Return the module and its lines.

    What cannot be parsed as a whole comes back as far as its class bodies can.

    Raises:
        LimitReachedError: The file is larger than source code gets.
        UnreadableError: It is no text.
    """
    if len(document.content) > _LARGEST:
        raise LimitReachedError(source=document.source, what="It is larger than source code gets")
    text = decode(document).replace("\r\n", "\n").replace("\r", "\n")
    # Python counts lines by newlines only; form feeds are spaces to it.
    lines = text.split("\n")
    tree = _quietly(text)
    return tree or ast.Module(list(_Slices(lines, document).classes()), []), lines


def _quietly(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a stranger's invalid escapes are no warning of ours
        try:
            return ast.parse(text)
        except _Failure:
            return None


class _Slices:
    """Cuts class bodies out of lines that do not parse as a whole."""

    def __init__(self, lines: list[str], document: Document) -> None:
        self.lines, self.source = lines, document.source
        self.deadline = time.monotonic() + document.limits.seconds

    def classes(self) -> Iterator[ast.stmt]:
        """Give a class for each heading, with the assignments that stand right below it."""
        for at, line in enumerate(self.lines):
            match = _HEADING.match(line)
            if match:
                yield self._class(at, len(match.group(1).expandtabs(8)), match.group(2))

    def _class(self, at: int, indent: int, name: str) -> ast.ClassDef:
        heading, after = _code(self.lines[at]), at + 1
        while heading.count("(") > heading.count(")") and after < min(len(self.lines), at + 20):
            heading += " " + _code(self.lines[after])
            after += 1
        made = _quietly(f"{heading}\n    pass") or _quietly(f"class {name}:\n    pass")
        found = made.body[0] if made else None
        if not isinstance(found, ast.ClassDef):
            found = ast.ClassDef(name, [], [], [ast.Pass()], [])
        found.lineno = at + 1
        found.body = list(self._body(after, indent)) or found.body
        return found

    def _body(self, at: int, indent: int) -> Iterator[ast.stmt]:
        own: int | None = None
        while at < len(self.lines):
            stripped = self.lines[at].strip()
            if not stripped or stripped.startswith("#"):
                at += 1
                continue
            wide = self.lines[at].expandtabs(8)
            depth = len(wide) - len(wide.lstrip())
            own = depth if own is None else own
            if depth <= indent:
                return
            if depth != own or not _STATEMENT.match(stripped):
                at += 1
                continue
            statement, after = self._statement(at)
            if statement is not None:
                yield ast.increment_lineno(statement, at)
            at = after

    def _statement(self, at: int) -> tuple[ast.stmt | None, int]:
        """Return the statement that begins on a line, and the line after it."""
        if time.monotonic() > self.deadline:
            raise LimitReachedError(source=self.source, what="Reading it takes too long", line=at + 1)
        depth, quotes, end = 0, 0, at
        for end in range(at, min(len(self.lines), at + _MOST_LINES)):
            line = _code(self.lines[end])
            depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
            quotes += line.count('"""') + line.count("'''")
            if depth <= 0 and quotes % 2 == 0 and not line.endswith("\\"):
                break
        text = "\n".join([self.lines[at].strip(), *self.lines[at + 1 : end + 1]])
        tree = _quietly(re.sub(r"\b[uU][rR](?=['\"])", "r", text))
        return (tree.body[0], end + 1) if tree and tree.body else (None, at + 1)


def _code(line: str) -> str:
    """Return a line without its comment, as far as that is plain to see."""
    quoted = '"' in line or "'" in line
    return (line if quoted else line.partition("#")[0]).strip()
