"""A FHIR questionnaire as a tree: nested items, answers, translations in extensions.

The tree may come from JSON, where a place is told by a pointer, or from source code, where lines are
known and told instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.json_text import pointer
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.yaml_text import YamlMap
from curtilage.foundation.place import Place

_STILL: Final = frozenset({"group", "display", "question-group"})
_TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"

Steps = tuple[str | int, ...]
FhirNode = Mapping[str, Any]


class Questionnaire:
    """One questionnaire, with the value sets that it carries along."""

    def __init__(self, resource: FhirNode, document: Document) -> None:
        self.document = document
        self.sets: dict[str, list[FhirNode]] = {}
        for contained in nodes(resource, "contained"):
            compose = contained.get("compose")
            included = nodes(compose, "include") if isinstance(compose, Mapping) else []
            self.sets[f"#{contained.get('id')}"] = [
                code for part in included for code in nodes(part, "concept")
            ]

    def list_places(self, holder: FhirNode, steps: Steps, section: tuple[str, ...]) -> Iterator[Place]:
        """Give the items below ``holder``, which releases before 2017 called groups and questions."""
        for key in ("item", "group", "question"):
            if isinstance(holder.get(key), Mapping):  # the one group that an old questionnaire begins with
                yield from self._one(key, holder[key], (*steps, key), section)
            for index, item in enumerate(nodes(holder, key)):
                yield from self._one(key, item, (*steps, key, index), section)

    def _one(self, key: str, item: FhirNode, steps: Steps, section: tuple[str, ...]) -> Iterator[Place]:
        text = plain(item.get("text") or item.get("title"))
        if key != "group" and plain(item.get("type")) not in _STILL and (text or item.get("linkId")):
            yield self._place(item, steps, section)
        yield from self.list_places(item, steps, (*section, text)[-3:] if text else section)

    def _place(self, item: FhirNode, steps: Steps, section: tuple[str, ...]) -> Place:
        hint = "; ".join(
            plain(part.get("text")) for part in nodes(item, "item") if part.get("type") == "display"
        )
        codes = [*nodes(item, "code"), *nodes(item, "concept")]
        coded = next((plain(code.get("display")) for code in codes if code.get("display")), "")
        told = {"required": item.get("required") is True, "read-only": item.get("readOnly") is True}
        return Place(
            source=self.document.source,
            locator=f"line:{item.line}" if isinstance(item, YamlMap) else pointer(*steps),
            kind="question",
            name=plain(item.get("linkId")),
            text=join(item.get("text") or coded, hint if len(hint) < 300 else ""),
            options=self._options(item),
            translations=tuple(_translations(item.get("_text"))),
            context=join(*section, coded, by=" › ")[:300],
            type=plain(item.get("type")),
            facts=tuple(sorted(fact for fact, holds in told.items() if holds)),
        )

    def _options(self, item: FhirNode) -> tuple[str, ...]:
        coded = [_answer(option) for key in ("answerOption", "option") for option in nodes(item, key)]
        named = item.get("answerValueSet") or item.get("options")
        reference = named.get("reference") if isinstance(named, Mapping) else named
        listed = self.sets.get(reference, []) if isinstance(reference, str) else []
        return shorten(coded or [code.get("display") or code.get("code") for code in listed])


def _answer(option: FhirNode) -> object:
    for key, value in option.items():
        if key.startswith("value"):
            return (value.get("display") or value.get("code")) if isinstance(value, Mapping) else value
    return option.get("display") or option.get("code")


def _translations(extended: object) -> Iterator[tuple[str, str]]:
    """Give the other languages of a text, which FHIR keeps in extensions beside it."""
    if not isinstance(extended, Mapping):
        return
    for extension in nodes(extended, "extension"):
        if extension.get("url") == _TRANSLATION:
            parts = {plain(part.get("url")): part for part in nodes(extension, "extension")}
            lang, content = parts.get("lang", {}), parts.get("content", {})
            said = plain(content.get("valueString") or content.get("valueMarkdown"))
            if said:
                yield plain(lang.get("valueCode")), said


def nodes(holder: FhirNode, key: str) -> list[FhirNode]:
    """Return the mappings of the list that ``holder`` has under ``key``; empty where it has none."""
    value = holder.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
