"""FHIR: Questionnaires (nested items, translations in extensions) and StructureDefinitions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(rb'"resourceType"\s*:\s*"(Questionnaire|StructureDefinition|Bundle)"')
_KIND: Final = re.compile(rb'"resourceType"\s*:\s*"(?:Questionnaire|StructureDefinition)"')
_STILL: Final = frozenset({"group", "display", "question-group"})
_TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"

_Steps = tuple[str | int, ...]
_Node = Mapping[str, Any]


class FhirReader:
    """Gives a question for each item of a questionnaire, a column for each element of a profile."""

    name = "fhir"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.97 for questionnaires and profiles, also within a bundle; 0 for residents' records."""
        if document.suffix != "json" or not _SIGN.search(document.head(65_536)):
            return 0.0
        return 0.97 if _KIND.search(document.head(1_048_576)) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no JSON.
        """
        root = load(document)
        if isinstance(root, Mapping):
            yield from _read_resource(root, (), document)


def _read_resource(resource: _Node, steps: _Steps, document: Document) -> Iterator[Place]:
    kind = resource.get("resourceType")
    title = plain(resource.get("title") or resource.get("name"))
    stated = plain(resource.get("language"))
    if kind == "Questionnaire":
        found = _Questionnaire(resource, document).list_places(resource, steps, (title,))
        yield from tag_language(found, document, stated)
    elif kind == "StructureDefinition":
        yield from tag_language(_read_profile(resource, steps, document), document, stated)
    elif kind == "Bundle":
        for index, entry in enumerate(_nodes(resource, "entry")):
            inner = entry.get("resource")
            if isinstance(inner, Mapping):
                yield from _read_resource(inner, (*steps, "entry", index, "resource"), document)


class _Questionnaire:
    """One questionnaire, with the value sets that it carries along."""

    def __init__(self, resource: _Node, document: Document) -> None:
        self.document = document
        self.sets: dict[str, list[_Node]] = {}
        for contained in _nodes(resource, "contained"):
            compose = contained.get("compose")
            included = _nodes(compose, "include") if isinstance(compose, Mapping) else []
            self.sets[f"#{contained.get('id')}"] = [
                code for part in included for code in _nodes(part, "concept")
            ]

    def list_places(self, holder: _Node, steps: _Steps, section: tuple[str, ...]) -> Iterator[Place]:
        """Give the items below ``holder``, which releases before 2017 called groups and questions."""
        for key in ("item", "group", "question"):
            if isinstance(holder.get(key), Mapping):  # the one group that an old questionnaire begins with
                yield from self._one(key, holder[key], (*steps, key), section)
            for index, item in enumerate(_nodes(holder, key)):
                yield from self._one(key, item, (*steps, key, index), section)

    def _one(self, key: str, item: _Node, steps: _Steps, section: tuple[str, ...]) -> Iterator[Place]:
        text = plain(item.get("text") or item.get("title"))
        if key != "group" and item.get("type") not in _STILL and (text or item.get("linkId")):
            yield self._place(item, steps, section)
        yield from self.list_places(item, steps, (*section, text)[-3:] if text else section)

    def _place(self, item: _Node, steps: _Steps, section: tuple[str, ...]) -> Place:
        hint = "; ".join(
            plain(part.get("text")) for part in _nodes(item, "item") if part.get("type") == "display"
        )
        codes = [*_nodes(item, "code"), *_nodes(item, "concept")]
        coded = next((plain(code.get("display")) for code in codes if code.get("display")), "")
        told = {"required": item.get("required") is True, "read-only": item.get("readOnly") is True}
        return Place(
            source=self.document.source,
            locator=pointer(*steps),
            kind="question",
            name=plain(item.get("linkId")),
            text=join(item.get("text") or coded, hint if len(hint) < 300 else ""),
            options=self._options(item),
            translations=tuple(_translations(item.get("_text"))),
            context=join(*section, coded, by=" › ")[:300],
            type=plain(item.get("type")),
            facts=tuple(sorted(fact for fact, holds in told.items() if holds)),
        )

    def _options(self, item: _Node) -> tuple[str, ...]:
        coded = [_answer(option) for key in ("answerOption", "option") for option in _nodes(item, key)]
        named = item.get("answerValueSet") or item.get("options")
        reference = named.get("reference") if isinstance(named, Mapping) else named
        listed = self.sets.get(reference, []) if isinstance(reference, str) else []
        return shorten(coded or [code.get("display") or code.get("code") for code in listed])


def _answer(option: _Node) -> object:
    for key, value in option.items():
        if key.startswith("value"):
            return (value.get("display") or value.get("code")) if isinstance(value, Mapping) else value
    return option.get("display") or option.get("code")


def _translations(extended: object) -> Iterator[tuple[str, str]]:
    """Give the other languages of a text, which FHIR keeps in extensions beside it."""
    if not isinstance(extended, Mapping):
        return
    for extension in _nodes(extended, "extension"):
        if extension.get("url") == _TRANSLATION:
            parts = {plain(part.get("url")): part for part in _nodes(extension, "extension")}
            lang, content = parts.get("lang", {}), parts.get("content", {})
            said = plain(content.get("valueString") or content.get("valueMarkdown"))
            if said:
                yield plain(lang.get("valueCode")), said


def _read_profile(resource: _Node, steps: _Steps, document: Document) -> Iterator[Place]:
    """Read the elements of a profile: those it changes, all of them where it has no differential."""
    title = plain(resource.get("title") or resource.get("name"))
    for key in ("differential", "snapshot"):
        view = resource.get(key)
        elements = _nodes(view, "element") if isinstance(view, Mapping) else []
        for index, element in enumerate(elements):
            path = plain(element.get("path") or element.get("id"))
            if "." in path:
                yield Place(
                    source=document.source,
                    locator=pointer(*steps, key, "element", index),
                    kind="column",
                    name=plain(element.get("id")) or path,
                    text=join(
                        element.get("label"), element.get("short"), plain(element.get("definition"))[:300]
                    ),
                    context=title,
                    type="|".join(plain(kind.get("code")) for kind in _nodes(element, "type")),
                    facts=("required",) if element.get("min") == 1 else (),
                )
        if elements:
            return


def _nodes(holder: _Node, key: str) -> list[_Node]:
    value = holder.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
