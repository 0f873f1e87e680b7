"""FHIR: Questionnaires (nested items, translations in extensions) and StructureDefinitions, also in code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.fhir import FhirNode, Questionnaire, Steps, nodes
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.text import join, plain
from curtilage.connectors.reading.trees import parse
from curtilage.connectors.reading.typescript.data import list_objects
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(rb'"resourceType"\s*:\s*"(Questionnaire|StructureDefinition|Bundle)"')
_KIND: Final = re.compile(rb'"resourceType"\s*:\s*"(?:Questionnaire|StructureDefinition)"')
_SCRIPT: Final = re.compile(rb"""resourceType['"]?\s*:\s*['"]Questionnaire['"]""")
_GRAMMARS: Final = {"ts": "typescript", "mts": "typescript", "tsx": "tsx", "js": "tsx", "jsx": "tsx", "mjs": "tsx", "cjs": "tsx"}  # fmt: skip
_TRIAL: Final = re.compile(r"(?:\.(?:test|spec|stories|mock)\.\w+|(?:^|/)(?:__tests__|__mocks__)/.*)\Z")


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


class FhirScriptReader:
    """Gives the questions of questionnaires that stand as objects in TypeScript or JavaScript."""

    name = "fhir-script"
    extra = "code"

    def weigh(self, document: Document) -> float:
        """Return 0.9 where an object is a questionnaire, 0 otherwise."""
        if document.suffix not in _GRAMMARS or _TRIAL.search(document.source):
            return 0.0
        return 0.9 if _SCRIPT.search(document.content) and b"linkId" in document.content else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places in the order of the file, each with its line.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: The grammar is missing.
            UnreadableError: It is no text.
        """
        root, _ = parse(document, _GRAMMARS[document.suffix])
        for resource in list_objects(root, document.limits, having="resourceType"):
            yield from _read_resource(resource, (), document)


def _read_resource(resource: FhirNode, steps: Steps, document: Document) -> Iterator[Place]:
    kind = resource.get("resourceType")
    title = plain(resource.get("title") or resource.get("name"))
    stated = plain(resource.get("language"))
    if kind == "Questionnaire":
        found = Questionnaire(resource, document).list_places(resource, steps, (title,))
        yield from tag_language(found, document, stated)
    elif kind == "StructureDefinition":
        yield from tag_language(_read_profile(resource, steps, document), document, stated)
    elif kind == "Bundle":
        for index, entry in enumerate(nodes(resource, "entry")):
            inner = entry.get("resource")
            if isinstance(inner, Mapping):
                yield from _read_resource(inner, (*steps, "entry", index, "resource"), document)


def _read_profile(resource: FhirNode, steps: Steps, document: Document) -> Iterator[Place]:
    """Read the elements of a profile: those it changes, all of them where it has no differential."""
    title = plain(resource.get("title") or resource.get("name"))
    for key in ("differential", "snapshot"):
        view = resource.get(key)
        elements = nodes(view, "element") if isinstance(view, Mapping) else []
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
                    type="|".join(plain(kind.get("code")) for kind in nodes(element, "type")),
                    facts=("required",) if element.get("min") == 1 else (),
                )
        if elements:
            return
