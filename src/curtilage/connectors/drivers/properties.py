"""Java ``.properties`` files: ``key = text`` lines, as Spring and others keep translations.

``line:N`` is the line where the key stands; the language comes from the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.languages import is_locale_folder, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import decode, plain, refuse_long_lines
from curtilage.foundation.place import Place

_NAMED: Final = re.compile(
    r"messages?|labels?|strings?|texts?|translations?|i18n|lang|bundle|resources?|forms?|locale"
)
#: Settings of build tools and servers: no text for residents.
_SETTINGS: Final = re.compile(
    r"(?:gradle|gradle-wrapper|application|bootstrap|log4j2?|logback|logging|maven-wrapper|build|local|sonar-project"
    r"|project|junit-platform|git|version|jvm|hibernate|quartz|ehcache|checkstyle|lombok)(?:[-_.].*)?"
)
_PAIR: Final = re.compile(
    rb"^[ \t]*[^#!\s][^=:\n]{0,200}[=:][^\n]*[A-Za-z\x80-\xff]{2}[^\n]* [^\n]*", re.MULTILINE
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_KEY: Final = re.compile(r"((?:[^\\=:\s]|\\.)*+)[ \t\f]*[=:]?[ \t\f]*", re.DOTALL)


class PropertiesReader:
    """Reads resource bundles of Java applications."""

    name = "properties"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is: by the name of a bundle or a language, least for settings."""
        if document.suffix != "properties":
            return 0.0
        stem = document.source.rsplit("/", 1)[-1].removesuffix(".properties").lower()
        if _SETTINGS.fullmatch(stem):
            return 0.0
        if tag_in_path(document.source) or is_locale_folder(document.source) or _NAMED.search(stem):
            return 0.9
        return 0.3 if len(_PAIR.findall(document.head())) > 2 else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a key whose value may be words, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        refuse_long_lines(document)
        lang = tag_in_path(document.source, sure=True)
        for line, logical in _logical_lines(decode(document)):
            key, value = _split(logical)
            if key and is_for_people(value):
                yield Place(document.source, f"line:{line}", "question", key, text=plain(value), lang=lang)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the first line's number and the whole of each pair, continued lines joined."""
    started, parts = 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.removesuffix("\r").lstrip(" \t\f")
        if not parts and (not stripped or stripped[0] in "#!"):
            continue
        started = started or number
        slashes = len(stripped) - len(stripped.rstrip("\\"))
        if slashes % 2:
            parts.append(stripped[:-1])
            continue
        yield started, "".join((*parts, stripped))
        started, parts = 0, []
    if parts:
        yield started, "".join(parts)


def _split(logical: str) -> tuple[str, str]:
    found = _KEY.match(logical)
    assert found is not None
    # MessageFormat writes one apostrophe as two.
    return _unescape(found[1]), _unescape(logical[found.end() :]).replace("''", "'")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(found: re.Match[str]) -> str:
    escaped = found[1]
    return chr(int(escaped[1:], 16)) if len(escaped) == 5 else _ESCAPED.get(escaped, escaped)
