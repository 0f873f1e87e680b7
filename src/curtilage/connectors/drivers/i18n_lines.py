"""Translations that are lines: Apple's ``.strings``, Fluent, INI and TOML.

``line:N`` of the key, the name its key, with the section in front where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.languages import is_locale_file, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import decode, plain, refuse_long_lines
from curtilage.foundation.place import Place

_QUOTED: Final = r'"((?:[^"\\]|\\.)*+)"'
_APPLE: Final = re.compile(rf"\s*(?:{_QUOTED}|([\w.-]{{1,200}}))\s*=\s*{_QUOTED}\s*;")
_FLUENT: Final = re.compile(r"(?:([a-zA-Z][\w-]{0,200})|(\s+\.[a-zA-Z][\w-]{0,100}))\s*=\s*(.*)")
_SETTING: Final = re.compile(
    rf"\s*(?:{_QUOTED}|([\w.-]{{1,200}}))\s*=\s*(?:{_QUOTED}|'([^']*+)'|(\S.*))\s*\Z"
)
_SECTION: Final = re.compile(r"\s*\[+\s*\"?([^\[\]\"]{1,200})\"?\s*\]+\s*\Z")
_TEMPLATE: Final = re.compile(rb"<#|<@|\$\{|<html", re.IGNORECASE)
#: What go-i18n calls the forms of a number; they are no keys.
_PLURALS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})


class LineLocalesReader:
    """Gives a question for each text in files of translations that have one line a text."""

    name = "i18n-lines"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.9 for ``.strings``; 0.85 for the others where name or folder tell translations."""
        suffix, head = document.suffix, document.head()
        if suffix == "strings":
            return 0.9 if b"=" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")) else 0.0
        if suffix not in {"ftl", "ini", "toml"} or not is_locale_file(document.source):
            return 0.0
        return 0.0 if suffix == "ftl" and _TEMPLATE.search(head) else 0.85

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a text, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        lines = decode(document).split("\n")
        lang = tag_in_path(document.source, sure=True)
        read = {"strings": _apple, "ftl": _fluent}.get(document.suffix, _settings)
        found = (
            Place(document.source, f"line:{line}", "question", name, text=plain(said), lang=lang)
            for line, name, said in read(lines)
            if name and is_for_people(said)
        )
        yield from tag_language(within_limits(found, document), document, lang)


_Texts = Iterator[tuple[int, str, str]]


def _apple(lines: list[str]) -> _Texts:
    for number, line in enumerate(lines, start=1):
        if found := _APPLE.match(line):
            yield number, found[1] or found[2], re.sub(r"\\(.)", r"\1", found[3].replace("\\n", " "))


def _fluent(lines: list[str]) -> _Texts:
    """Read Fluent: a message goes on in lines that are indented; ``.label`` is an attribute of it."""
    message, name, at, parts = "", "", 0, list[str]()
    for number, line in enumerate([*lines, "#"], start=1):
        found = _FLUENT.match(line)
        if found or not line[:1].isspace():
            yield at, name, " ".join(parts)
            name, parts = "", []
        if found:
            message = found[1] or message
            name, at, parts = message + (found[2] or "").strip(), number, [found[3]]
        elif name and not line.strip().startswith(("[", "*[", "}")):
            parts.append(line.strip())


def _settings(lines: list[str]) -> _Texts:
    section = ""
    for number, line in enumerate(lines, start=1):
        if line.lstrip()[:1] in {"#", ";"}:
            continue
        if found := _SECTION.match(line):
            section = found[1].strip()
        elif found := _SETTING.match(line):
            key = found[1] or found[2]
            name = section if section and key in _PLURALS else f"{section}.{key}".lstrip(".")
            yield number, name, re.sub(r"\\(.)", r"\1", found[3] or found[4] or found[5] or "")
