"""Gettext ``.po`` and ``.pot`` files, as Django, WordPress and many others keep translations.

``line:N`` is the line of the ``msgid``; the language comes from the file's header, else its path.
Where the ``msgid`` is a sentence of its own it is kept as a further wording of the same question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.languages import as_tag, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import decode, plain, refuse_long_lines
from curtilage.foundation.place import Place

_KEYWORD: Final = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(\".*)")
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
_LANGUAGE: Final = re.compile(r"^Language:\s*([\w-]+)", re.MULTILINE)
_LONGEST_NAME: Final = 200


@dataclass(slots=True)
class _Entry:
    line: int = 0
    parts: dict[str, str] = field(default_factory=dict)

    def translation(self) -> str:
        return self.parts.get("msgstr") or self.parts.get("msgstr[0]") or ""


class GettextReader:
    """Reads gettext catalogues."""

    name = "gettext"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is: both keywords of the format have to be there."""
        if document.suffix not in ("po", "pot"):
            return 0.0
        head = document.head(64 * 1024)
        return 0.95 if b"msgid " in head and b"msgstr" in head else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a message, in the order of the file; obsolete ones are left out.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        refuse_long_lines(document)
        lang = tag_in_path(document.source, sure=True)
        for entry in _entries(decode(document)):
            original = entry.parts.get("msgid", "")
            if original:
                yield from _place(document.source, entry, original, lang)
            elif told := _LANGUAGE.search(entry.translation()):
                lang = as_tag(told[1]) or lang


def _place(source: str, entry: _Entry, original: str, lang: str) -> Iterator[Place]:
    translated = entry.translation()
    is_sentence = " " in original.strip() or not original.isascii()
    if not is_for_people(translated or original):
        return
    wordings = (("", plain(original)),) if translated and is_sentence and translated != original else ()
    yield Place(
        source,
        f"line:{entry.line}",
        "question",
        name=plain(original)[:_LONGEST_NAME],
        text=plain(translated or original),
        lang=lang if translated else "",
        translations=wordings,
        context=plain(entry.parts.get("msgctxt", "")),
    )


def _entries(text: str) -> Iterator[_Entry]:
    entry, current = _Entry(), ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if found := _KEYWORD.match(stripped):
            current = found[1]
            if current in entry.parts or (current in ("msgid", "msgctxt") and "msgid" in entry.parts):
                yield entry
                entry = _Entry()
            entry.parts[current] = _unquote(found[2])
            entry.line = number if current == "msgid" else entry.line
        elif stripped.startswith('"') and current in entry.parts:
            entry.parts[current] += _unquote(stripped)
    if entry.parts:
        yield entry


def _unquote(quoted: str) -> str:
    inner = quoted.strip()[1:].removesuffix('"')
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), inner)
