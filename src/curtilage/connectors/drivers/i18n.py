"""Translations that applications keep in YAML and JSON: each string is a question or a part of one.

Two readers:

* :class:`YamlLocalesReader`: YAML under a language (``es:``), and other YAML in a folder of translations.
  ``line:N``; the name is the last two keys, what stands before them is context.
* :class:`JsonLocalesReader`: flat or nested JSON. A JSON pointer; the name is all keys joined by dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.languages import as_tag, is_locale_file, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import plain
from curtilage.connectors.reading.yaml_text import YamlList, YamlMap, line_of, load_documents
from curtilage.foundation.place import Place

_TOP_KEY: Final = re.compile(rb"^(?:\xef\xbb\xbf)?['\"]?([A-Za-z][\w.@-]*)['\"]?[ \t]*:(.*)$", re.MULTILINE)
#: Signs of YAML and JSON that somebody else reads.
_OTHER_YAML: Final = re.compile(
    rb"^(?:openapi|swagger|question|questions|fields|elements|metadata|apiVersion|services|webform)\s*:",
    re.MULTILINE,
)
_OTHER_JSON: Final = re.compile(
    rb'"(?:\$schema|openapi|swagger|resourceType|properties|\$ref|dependencies|compilerOptions|components)"\s*:'
)
_TEXT_MEMBER: Final = re.compile(rb'"[^"\n]{1,200}"\s*:\s*"')


class YamlLocalesReader:
    """Reads YAML translations as Rails, Symfony and others keep them."""

    name = "i18n-yaml"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is: a language as the one top key says most, a folder's name less."""
        if document.suffix not in ("yml", "yaml"):
            return 0.0
        head = document.head()
        told, is_locale = tag_in_path(document.source), is_locale_file(document.source)
        if _has_languages(head):
            return 0.95 if told or is_locale else 0.8
        return 0.5 if told and is_locale and not _OTHER_YAML.search(head) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a string, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It does not follow YAML.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        told = tag_in_path(document.source, sure=True)
        for tree in load_documents(document):
            if not isinstance(tree, YamlMap):
                continue
            for key, value in tree.items():
                tag = as_tag(key) if isinstance(value, YamlMap) else ""
                keys = () if tag else (key,)
                yield from _yaml_strings(document.source, value, keys, line_of(tree, key), tag or told)


def _has_languages(head: bytes) -> bool:
    """Return whether every key at the top is a language with something under it."""
    keys = [(found[1].decode(), found[2].strip()) for found in _TOP_KEY.finditer(head)]
    return bool(keys) and all(as_tag(key) and (not rest or rest[:1] in b"#&{") for key, rest in keys)


def _yaml_strings(source: str, value: Any, keys: tuple[str, ...], line: int, lang: str) -> Iterator[Place]:
    if isinstance(value, YamlMap | YamlList):
        for key, child in _yaml_children(value):
            yield from _yaml_strings(source, child, (*keys, str(key)), line_of(value, key), lang)
    elif isinstance(value, str) and is_for_people(value):
        yield Place(
            source,
            f"line:{line}",
            "question",
            name=".".join(keys[-2:]),
            text=plain(value),
            lang=lang,
            context=".".join(keys[:-2]),
        )


def _yaml_children(value: YamlMap | YamlList) -> Iterator[tuple[str | int, Any]]:
    yield from value.items() if isinstance(value, YamlMap) else enumerate(value)


class JsonLocalesReader:
    """Reads JSON translations: i18next, vue-i18n, react-intl, ARB."""

    name = "i18n-json"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is; a JSON of strings says little, a name or folder of a language more."""
        if document.suffix not in ("json", "arb", "json5"):
            return 0.0
        head = document.head()
        if document.suffix == "arb" or b'"@@locale"' in head:
            return 0.95
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or _OTHER_JSON.search(head):
            return 0.0
        if not _TEXT_MEMBER.search(head) or not is_locale_file(document.source):
            return 0.0
        return 0.6 if tag_in_path(document.source) else 0.4

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a string, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It does not follow JSON.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        tree = load(document)
        lang = tag_in_path(document.source, sure=True)
        if isinstance(tree, dict):
            lang = as_tag(str(tree.get("@@locale", ""))) or lang
            yield from _json_file(document.source, tree, lang)


def _json_file(source: str, tree: dict[str, Any], lang: str) -> Iterator[Place]:
    # A file of several languages has them at the top: {"en": {...}, "es": {...}}.
    has_languages = all(as_tag(key) and isinstance(value, dict) for key, value in tree.items())
    for key, value in tree.items():
        if has_languages:
            yield from _json_strings(source, value, (key,), as_tag(key), skip=1)
        else:
            yield from _json_strings(source, value, (key,), lang, skip=0)


def _json_strings(
    source: str, value: Any, keys: tuple[str | int, ...], lang: str, *, skip: int
) -> Iterator[Place]:
    if str(keys[-1]).startswith("@"):
        return  # ARB keeps what describes a string beside it, under @key
    if isinstance(value, str):
        if is_for_people(value):
            name = ".".join(map(str, keys[skip:]))
            yield Place(source, pointer(*keys), "question", name=name, text=plain(value), lang=lang)
    elif isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _json_strings(source, child, (*keys, key), lang, skip=skip)
