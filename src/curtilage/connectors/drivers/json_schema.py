"""JSON Schema of any draft, in JSON or YAML, alone or beside its uiSchema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.schema import SchemaWalk
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.kinds import is_something_else
from curtilage.connectors.reading.text import has_any, join, plain
from curtilage.connectors.reading.yaml_text import load_documents
from curtilage.foundation.place import Place

_JSON: Final = frozenset({"json", "jsonschema", "json5", "jsonc", "schema"})
_YAML: Final = frozenset({"yaml", "yml"})
_DIALECT: Final = re.compile(rb"""\$schema["']?\s*:\s*["']?https?://json-schema\.org/""")
_HOLDERS: Final = (b"properties", b"Properties", b"$defs", b"definitions")
#: What follows the word: something named within it, which itself holds something.
_NAMED: Final = re.compile(
    rb"""["']?\s*:\s*
         (?:\{\s*["']?[^"'\s:{}]+["']?\s*:\s*\{ | \r?\n\s+["']?[^\s:#"']+["']?\s*:\s*(?:\r?\n|\{|&|\#))""",
    re.VERBOSE,
)
_TYPED: Final = re.compile(
    rb"""["']?type["']?\s*:\s*["']?(?:object|string|array|integer|number|boolean)\b|["']\$ref["']|\bui:(?:title|widget)"""
)
_UI: Final = re.compile(rb"""ui:(?:title|widget|options|order|description)["']?\s*:""")
_OTHER: Final = re.compile(rb"""^[ \t]*["']?(?:openapi|swagger|asyncapi)["']?\s*:""", re.MULTILINE)
_OTHER_WORDS: Final = (b"openapi", b"swagger", b"asyncapi")
_WRAPPERS: Final = ("schema", "jsonSchema", "dataSchema", "json_schema", "formSchema")
_UI_WRAPPERS: Final = ("uiSchema", "ui", "uischema", "ui_schema")
_WORDS: Final = (b"$schema", b"properties", b"$defs", b"definitions", b"ui:")
_HEAD: Final = 262_144


class JsonSchemaReader:
    """Gives a column for each property, and for each named schema that has none."""

    name = "json-schema"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.9 where the dialect is named, 0.8 for objects with typed properties, 0 otherwise."""
        if document.suffix not in _JSON | _YAML or is_something_else(document):
            return 0.0
        head = document.head(_HEAD)
        if not has_any(head, _WORDS) or (has_any(head, _OTHER_WORDS) and _OTHER.search(head)):
            return 0.0
        if _DIALECT.search(head):
            return 0.9
        if _defines(head) and _TYPED.search(head):
            return 0.8
        return 0.7 if _UI.search(head) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places of a schema, or of each schema that the file holds under a name.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is neither JSON nor YAML.
        """
        roots = load_documents(document) if document.suffix in _YAML else iter([load(document)])
        for root in roots:
            if isinstance(root, Mapping):
                yield from tag_language(_read_root(root, document), document)


def _defines(head: bytes) -> bool:
    """Return whether ``head`` names properties or definitions; looks at the first hundred of each word."""
    for word in _HOLDERS:
        at = head.find(word)
        for _ in range(100):
            if at < 0:
                break
            if _NAMED.match(head, at + len(word)):
                return True
            at = head.find(word, at + 1)
    return False


def _read_root(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    ui: dict[str, str] = {}
    for key in _UI_WRAPPERS:
        _collect_titles(root.get(key), "", ui)
    wrapped = [key for key in _WRAPPERS if isinstance(root.get(key), Mapping)]
    if "properties" not in root and wrapped:
        for key in wrapped:
            inner = root[key]
            yield from SchemaWalk(document, inner, ui, _context(inner, root)).list_places(inner, (key,))
        return
    walk = SchemaWalk(document, root, ui, _context(root))
    found = False
    for place in walk.list_places(root):
        found = True
        yield place
    if not found:
        yield from _without_root(root, document)


def _without_root(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    """Read a uiSchema that stands alone, a scalar schema, or a file that is a map of named schemas."""
    titles: dict[str, str] = {}
    _collect_titles(root, "", titles)
    for name, title in titles.items():
        yield Place(
            document.source, pointer(*name.replace("[]", ".items").split(".")), "question", name, title
        )
    if not titles:
        yield from SchemaWalk(document, root).list_definitions(
            {key: value for key, value in root.items() if isinstance(value, Mapping) and _is_schema(value)},
            (),
        )


def _is_schema(value: Mapping[str, Any]) -> bool:
    return bool({"properties", "allOf", "oneOf", "anyOf", "enum", "$ref"} & value.keys()) or (
        isinstance(value.get("type"), str | list)
        and bool({"description", "title", "format", "pattern"} & value.keys())
    )


def _collect_titles(ui: object, name: str, into: dict[str, str]) -> None:
    """Put the labels of a uiSchema under the name that their property has."""
    if not isinstance(ui, Mapping):
        return
    said = join(ui.get("ui:title"), ui.get("ui:description"))
    if said and name:
        into[name] = said
    for key, inner in ui.items():
        if not key.startswith("ui:"):
            _collect_titles(inner, name + "[]" if key == "items" else f"{name}.{key}" if name else key, into)


def _context(*schemas: Mapping[str, Any]) -> str:
    said = next((schema for schema in schemas if schema.get("title") or schema.get("description")), {})
    return plain(said.get("title") or said.get("description"))[:300]
