"""XForms as ODK, Kobo and CommCare write them: controls, bindings, translations apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.languages import is_language
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(rb"http://www\.w3\.org/2002/xforms")
_CONTROL: Final = re.compile(
    rb"<(?:\w+:)?(?:input|select1?|upload|range|odk:rank|trigger|secret|textarea|bind)[\s>]"
)
_CONTROLS: Final = frozenset(
    {"input", "select", "select1", "upload", "range", "rank", "trigger", "secret", "textarea"}
)
_ITEXT: Final = re.compile(r"itext\(\s*'([^']{1,500})'\s*\)")
_BRACKETED: Final = re.compile(r"\(([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\)\s*$")

_Words = dict[str, dict[str, str]]


class XFormsReader:
    """Gives a question for each control, its other languages as translations."""

    name = "xforms"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.95 for XML with controls of XForms, 0 otherwise."""
        if document.suffix not in {"xml", "xhtml", "xform"} or not _SIGN.search(document.head()):
            return 0.0
        return 0.95 if _CONTROL.search(document.head(1_048_576)) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the questions in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is no well-formed XML, or declares entities.
        """
        yield from tag_language(_Form(load_xml(document), document).list_places(), document)


class _Form:
    def __init__(self, root: Element, document: Document) -> None:
        self.root, self.document = root, document
        elements = list(root.walk())
        self.binds = {bind.get("nodeset"): bind for bind in elements if bind.name == "bind"}
        self.words: _Words = {}
        for translation in (item for item in elements if item.name == "translation"):
            self.words[translation.get("lang")] = {
                text.get("id"): plain(text.say("value")) for text in translation.list_children("text")
            }
        self.title = next((plain(item.text) for item in elements if item.name == "title"), "")

    def list_places(self) -> Iterator[Place]:
        yield from self._below(self.root, ())

    def _below(self, holder: Element, section: tuple[str, ...]) -> Iterator[Place]:
        for item in holder.children:
            if item.name in _CONTROLS and (item.get("ref") or item.get("bind")):
                yield self._place(item, section)
            elif item.name in {"group", "repeat"}:
                title = next(iter(self._say(item, "label").values()), "")
                yield from self._below(item, (*section, title)[-3:] if title else section)
            else:
                yield from self._below(item, section)

    def _place(self, item: Element, section: tuple[str, ...]) -> Place:
        path = item.get("ref") or item.get("bind")
        bind = self.binds.get(path)
        labels, hints = self._say(item, "label"), self._say(item, "hint")
        said = [(_tag(lang), join(text, hints.get(lang))) for lang, text in (labels or hints).items()]
        first = said[0] if said else ("", "")
        return Place(
            source=self.document.source,
            locator=f"line:{item.line}",
            kind="question",
            name=path.rstrip("/").rsplit("/", 1)[-1],
            text=first[1],
            options=shorten(self._option(choice) for choice in item.list_children("item")),
            lang=first[0],
            translations=tuple(said[1:]),
            context=join(self.title, *section, by=" › "),
            type=bind.get("type") if bind else item.name,
            facts=_facts(item, bind),
        )

    def _option(self, choice: Element) -> str:
        return next((text for text in self._say(choice, "label").values() if text), "") or choice.say("value")

    def _say(self, item: Element, name: str) -> dict[str, str]:
        """Return the words of a label by language; one language of no name where they stand in place."""
        words = item.find(name)
        if words is None:
            return {}
        found = _ITEXT.search(words.get("ref"))
        if not found:
            said = plain(words.text)
            return {"": said} if said else {}
        return {
            lang: texts[found.group(1)] for lang, texts in self.words.items() if texts.get(found.group(1))
        }


def _facts(item: Element, bind: Element | None) -> tuple[str, ...]:
    told = {
        "required": bind is not None and bind.get("required") == "true()",
        "read-only": bind is not None and bind.get("readonly") == "true()",
        "computed": bind is not None and bool(bind.get("calculate")),
        "masked": item.name == "secret",
    }
    return tuple(sorted(fact for fact, holds in told.items() if holds))


def _tag(lang: str) -> str:
    """Return the tag of a language that a form calls ``Español (es)``, ``es`` or ``default``."""
    found = _BRACKETED.search(lang)
    tag = found.group(1) if found else lang
    return tag if is_language(tag) else ""
