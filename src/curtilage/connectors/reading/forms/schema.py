"""Walks JSON Schema, for every reader of a format that has it inside.

References are followed only within the file, only one step after another with a bound, and only to
borrow a description or options: what a reference points at has its own place already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.json_text import pointer, resolve
from curtilage.connectors.reading.text import MOST_OPTIONS, join, plain, shorten
from curtilage.foundation.place import Place

Schema = Mapping[str, Any]

_SAME_NAME_LISTS: Final = ("allOf", "anyOf", "oneOf")
_SAME_NAME: Final = ("if", "then", "else", "not")
_BY_KEY: Final = ("dependencies", "dependentSchemas")
_DEFINITIONS: Final = ("definitions", "$defs")
_STRUCTURE: Final = frozenset({"properties", "allOf", "patternProperties", "definitions", "$defs"})
_MOST_STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class SchemaWalk:
    """One file of schemas being walked.

    Attributes:
        document: Whose places are given.
        root: The whole file, for local references.
        titles: Property path to a label that stands elsewhere (a uiSchema); may be empty.
        context: What stands around: the schema's title.
        known: Options of schemas that were met, by identity; for the walk's own use.
    """

    document: Document
    root: Any
    titles: Mapping[str, str] = field(default_factory=dict)
    context: str = ""
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def list_places(
        self, schema: object, steps: tuple[str | int, ...] = (), name: str = ""
    ) -> Iterator[Place]:
        """Give the places of everything beneath ``schema``, in the order of the file.

        Args:
            schema: The schema at ``steps``; anything that is no mapping has no places.
            steps: The way from the file's root, for the pointer.
            name: What stands in front of its properties' names; empty at the root.
        """
        if not isinstance(schema, Mapping):
            return
        for key, value in schema.items():
            if key in {"properties", "patternProperties"}:
                yield from self._properties(schema, key, steps, name)
            elif key in _DEFINITIONS and isinstance(value, Mapping):
                yield from self.list_definitions(value, (*steps, key))
            elif key in {"items", "additionalItems", "contains", "prefixItems"}:
                yield from self._each(value, (*steps, key), name + "[]" if name else "")
            elif key in _SAME_NAME_LISTS or key in _SAME_NAME:
                yield from self._each(value, (*steps, key), name)
            elif key in _BY_KEY and isinstance(value, Mapping):
                for dependency, inner in value.items():
                    yield from self.list_places(inner, (*steps, key, dependency), name)
            elif key in {"additionalProperties", "unevaluatedProperties"}:
                yield from self.list_places(value, (*steps, key), f"{name}.*" if name else "*")

    def list_definitions(self, named: Mapping[str, Any], steps: tuple[str | int, ...]) -> Iterator[Place]:
        """Give the places of named schemas: those without properties themselves, then what is within."""
        for key, inner in named.items():
            if not isinstance(inner, Mapping):
                continue
            if not _STRUCTURE.intersection(inner) and not is_structured(inner.get("items")):
                yield self.describe(inner, (*steps, key), key)
            yield from self.list_places(inner, (*steps, key), key)

    def describe(
        self, schema: object, steps: tuple[str | int, ...], name: str, facts: frozenset[str] = frozenset()
    ) -> Place:
        """Return the place of one property or definition."""
        told = self._chain(schema)
        text = next((said for said in map(_say, told) if said), "") or self.titles.get(name, "")
        return Place(
            source=self.document.source,
            locator=pointer(*steps),
            kind="column",
            name=name,
            text=text,
            options=next((found for found in map(self._options, told) if found), ()),
            context=self.context,
            type=next((found for found in map(_type, told) if found), ""),
            facts=tuple(sorted(facts | _facts(told))),
        )

    def _properties(
        self, schema: Schema, key: str, steps: tuple[str | int, ...], name: str
    ) -> Iterator[Place]:
        properties = schema[key]
        if not isinstance(properties, Mapping):
            return
        required = schema.get("required")
        needed = {item for item in required if isinstance(item, str)} if isinstance(required, list) else set()
        for prop, inner in properties.items():
            full = f"{name}.{prop}" if name else prop
            facts = frozenset({"required"} if prop in needed else ())
            yield self.describe(inner, (*steps, key, prop), full, facts)
            yield from self.list_places(inner, (*steps, key, prop), full)

    def _each(self, value: object, steps: tuple[str | int, ...], name: str) -> Iterator[Place]:
        if isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self.list_places(inner, (*steps, index), name)
        else:
            yield from self.list_places(value, steps, name)

    def _chain(self, schema: object) -> list[Schema]:
        """Return the schema and what its local references lead to, each once."""
        seen: list[Schema] = []
        while (
            isinstance(schema, Mapping) and len(seen) < _MOST_STEPS and all(schema is not one for one in seen)
        ):
            seen.append(schema)
            reference = schema.get("$ref") or _only_part(schema).get("$ref")
            schema = resolve(self.root, reference) if isinstance(reference, str) else None
        return seen

    def _options(self, schema: Schema) -> tuple[str, ...]:
        """Return what a schema or its items allow; remembered, since many fields may share one list."""
        if id(schema) not in self.known:
            found = own_options(schema)
            items = schema.get("items")
            if not found and isinstance(items, Mapping):
                found = next((told for told in map(own_options, self._chain(items)) if told), ())
            self.known[id(schema)] = found
        return self.known[id(schema)]


def own_options(schema: Schema) -> tuple[str, ...]:
    """Return the coded answers that a schema states itself: enum, const, or alternatives of const."""
    names = schema.get("enumNames") or schema.get("x-enumNames") or schema.get("x-enum-varnames")
    coded = schema.get("enum")
    if isinstance(coded, list):
        return shorten(chain(coded, names if isinstance(names, list) else ()))
    if "const" in schema:
        return shorten([_said(schema["const"])])
    for key in ("oneOf", "anyOf"):
        found = shorten(option for part in _parts(schema.get(key)) for option in _alternative(part))
        if found:
            return found
    return ()


def is_structured(schema: object) -> bool:
    """Return whether a schema has properties of its own."""
    return isinstance(schema, Mapping) and bool(_STRUCTURE.intersection(schema))


def _alternative(part: Schema) -> list[object]:
    coded = part.get("enum")
    if isinstance(coded, list):
        return list(coded)
    return [_said(part["const"]), part.get("title", "")] if "const" in part else []


def _parts(value: object) -> list[Schema]:
    few = value[:MOST_OPTIONS] if isinstance(value, list) else []
    return [part for part in few if isinstance(part, Mapping)]


def _only_part(schema: Schema) -> Schema:
    """Return the one schema that ``allOf: [{$ref: ...}]`` wraps, as people do to add a description."""
    parts = _parts(schema.get("allOf"))
    return parts[0] if len(parts) == 1 else {}


def _said(value: object) -> object:
    return str(value) if isinstance(value, bool) else value


def _say(schema: Schema) -> str:
    return join(schema.get("title"), schema.get("description") or schema.get("$comment"))


def _type(schema: Schema) -> str:
    kind = schema.get("type")
    said = "|".join(map(plain, kind)) if isinstance(kind, list) else plain(kind)
    form = plain(schema.get("format"))
    return f"{said}({form})" if said and form else said


def _facts(told: list[Schema]) -> frozenset[str]:
    facts = set()
    for schema in told:
        if schema.get("readOnly") is True:
            facts.add("read-only")
        if schema.get("format") == "password" or schema.get("writeOnly") is True:
            facts.add("masked")
        if schema.get("required") is True:
            facts.add("required")
    return frozenset(facts)
