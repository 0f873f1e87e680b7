"""Translations in XML: Android's strings, XLIFF, .NET resources, Qt's messages.

``line:N`` of the element, the name its key. XLIFF and Qt give the translation, and the source where
there is none yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.languages import as_tag, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import join, plain
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.foundation.place import Place

_SUFFIXES: Final = frozenset({"xml", "xlf", "xliff", "resx", "resw", "ts"})
_SIGN: Final = re.compile(
    rb"<resources\b[^>]{0,500}>(?:[^<]|<!--.{0,2000}?-->){0,2000}+<(?:string|plurals)\b|<xliff\b|<root>.{0,9000}<data\s+name="
    rb"|<resheader\b|<TS\b",
    re.DOTALL,
)
#: Qt's files begin with a document type that declares nothing; only that very one is taken out.
_EMPTY_TYPE: Final = re.compile(rb"\A(\s*(?:<\?xml[^>]{0,200}\?>)?\s*)<!DOCTYPE (?:TS|xliff)>")
_FOLDER: Final = re.compile(r"(?:^|/)values-([a-z]{2,3})(?:-r([A-Z]{2}))?(?:-[^/]*)?/")
_MOST_IN_UNIT: Final = 100


class XmlLocalesReader:
    """Gives a question for each text of an application's translations in XML."""

    name = "i18n-xml"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.93 for the formats that are known by their root and first elements."""
        if document.suffix not in _SUFFIXES:
            return 0.0
        return 0.93 if _SIGN.search(document.head(16_384)) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a text, in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is no well-formed XML, or declares entities.
        """
        content = _EMPTY_TYPE.sub(rb"\1", document.content)
        root = load_xml(replace(document, content=content))
        read = {"resources": _android, "xliff": _xliff, "root": _resources, "TS": _qt}.get(root.name)
        found = read(root, document.source) if read else iter(())
        yield from tag_language(within_limits(found, document), document)


def _android(root: Element, source: str) -> Iterator[Place]:
    folder = _FOLDER.search(source)
    lang = as_tag("-".join(filter(None, folder.groups()))) if folder else ""
    for item in root.children:
        name = item.get("name")
        if item.get("translatable") == "false" or item.name not in {"string", "string-array", "plurals"}:
            continue
        parts = item.list_children("item") or [item]
        for part in parts:
            said = _words(part).replace("\\'", "'").replace('\\"', '"').replace("\\n", " ").strip('"')
            yield from _place(source, part.line, name, said, lang)


def _xliff(root: Element, source: str) -> Iterator[Place]:
    target, origin = root.get("trgLang"), root.get("srcLang")
    for item in root.walk():
        if item.name == "file":
            target, origin = item.get("target-language") or target, item.get("source-language") or origin
        if item.name not in {"trans-unit", "unit"}:
            continue
        inner = [one for one in item.walk() if one.name in {"source", "target", "note"}][:_MOST_IN_UNIT]
        translated = " ".join(_words(one) for one in inner if one.name == "target")
        said = translated or " ".join(_words(one) for one in inner if one.name == "source")
        notes = join(*(one.text for one in inner if one.name == "note"))
        name = item.get("resname") or item.get("name") or item.get("id")
        lang = as_tag(target if translated else origin)
        yield from (
            replace(place, context=notes[:300]) for place in _place(source, item.line, name, said, lang)
        )


def _resources(root: Element, source: str) -> Iterator[Place]:
    lang = tag_in_path(source, sure=True)
    for item in root.list_children("data"):
        if not item.get("type") and not item.get("mimetype"):
            for place in _place(source, item.line, item.get("name"), item.say("value"), lang):
                yield replace(place, context=plain(item.say("comment"))[:300])


def _qt(root: Element, source: str) -> Iterator[Place]:
    lang = as_tag(root.get("language"))
    for context in root.list_children("context"):
        for item in context.list_children("message"):
            origin, translated = item.say("source"), item.find("translation")
            said = _words(translated) if translated else ""
            for place in _place(
                source, item.line, item.get("id") or origin, said or origin, lang if said else ""
            ):
                yield replace(place, context=context.say("name"))


def _place(source: str, line: int, name: str, said: str, lang: str) -> Iterator[Place]:
    if name and is_for_people(said):
        yield Place(source, f"line:{line}", "question", plain(name), text=plain(said), lang=lang)


def _words(item: Element) -> str:
    """Return the text of an element and of what is marked up in it."""
    return " ".join(part for one in item.walk() if (part := one.text.strip()))
