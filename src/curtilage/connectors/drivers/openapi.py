"""OpenAPI 2 and 3 (Swagger) and AsyncAPI, in JSON or YAML: schemas, parameters, request bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.schema import SchemaWalk, own_options
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load
from curtilage.connectors.reading.text import has_any, join, plain
from curtilage.connectors.reading.yaml_text import load_documents
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(
    rb"""^[ \t{]*["']?(?:openapi|swagger|asyncapi)["']?\s*:\s*["']?[1-4](?:\.\d+)*""", re.MULTILINE
)
_PART: Final = re.compile(
    rb"""^["']?(?:components|paths|parameters)["']?\s*:|^\{[^"]*"(?:components|paths)"\s*:""", re.MULTILINE
)
_SCHEMAS: Final = re.compile(rb"""^[ \t]+["']?(?:schemas|parameters|requestBodies)["']?\s*:""", re.MULTILINE)
_WORDS: Final = (b"openapi", b"swagger", b"asyncapi")
_YAML: Final = frozenset({"yaml", "yml"})

_Steps = tuple[str | int, ...]


class OpenApiReader:
    """Gives a column for each property of a schema, a question for each parameter."""

    name = "openapi"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.97 where the version is stated, 0.85 for a part of such a file, 0 otherwise."""
        if document.suffix not in _YAML | {"json"}:
            return 0.0
        head = document.head(65_536)
        if has_any(head, _WORDS) and _SIGN.search(head):
            return 0.97
        is_part = _PART.search(document.head()) and _SCHEMAS.search(head)
        return 0.85 if is_part and document.suffix in _YAML else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places of named schemas, parameters and inline bodies, in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is neither JSON nor YAML.
        """
        roots = load_documents(document) if document.suffix in _YAML else iter([load(document)])
        for root in roots:
            if isinstance(root, Mapping):
                title = plain(_mapping(root, "info").get("title"))
                yield from tag_language(
                    _Api(SchemaWalk(document, root, context=title)).list_places(), document
                )


class _Api:
    """One description of an interface being read."""

    def __init__(self, walk: SchemaWalk) -> None:
        self.walk, self.root = walk, walk.root

    def list_places(self) -> Iterator[Place]:
        for key, value in self.root.items():
            if not isinstance(value, Mapping):
                continue
            if key == "definitions":
                yield from self.walk.list_definitions(value, (key,))
            elif key == "components":
                yield from self._components(value)
            elif key == "parameters":
                yield from self._named(value, (key,))
            elif key in {"paths", "webhooks"}:
                for path, item in value.items():
                    yield from self._path(item, (key, path))

    def _components(self, components: Mapping[str, Any]) -> Iterator[Place]:
        for key, value in components.items():
            if not isinstance(value, Mapping):
                continue
            if key == "schemas":
                yield from self.walk.list_definitions(value, ("components", key))
            elif key == "parameters":
                yield from self._named(value, ("components", key))
            elif key in {"requestBodies", "responses", "messages"}:
                for name, body in value.items():
                    yield from self._body(body, ("components", key, name), name)

    def _named(self, parameters: Mapping[str, Any], steps: _Steps) -> Iterator[Place]:
        for key, value in parameters.items():
            yield from self._parameter(value, (*steps, key))

    def _path(self, item: object, steps: _Steps) -> Iterator[Place]:
        if not isinstance(item, Mapping):
            return
        yield from self._parameters(item, steps)
        for verb, operation in item.items():
            if not isinstance(operation, Mapping):
                continue
            name = plain(operation.get("operationId"))
            yield from self._parameters(operation, (*steps, verb))
            yield from self._body(operation.get("requestBody"), (*steps, verb, "requestBody"), name)
            for status, response in _mapping(operation, "responses").items():
                yield from self._body(response, (*steps, verb, "responses", status), name)

    def _parameters(self, holder: Mapping[str, Any], steps: _Steps) -> Iterator[Place]:
        listed = holder.get("parameters")
        for index, parameter in enumerate(listed if isinstance(listed, list) else ()):
            yield from self._parameter(parameter, (*steps, "parameters", index))

    def _parameter(self, parameter: object, steps: _Steps) -> Iterator[Place]:
        """Give a parameter's place; one that is only a reference has its place where it is defined."""
        if not isinstance(parameter, Mapping) or not parameter.get("name"):
            return
        if parameter.get("in") == "body":
            yield from self.walk.list_places(parameter.get("schema"), (*steps, "schema"), "")
            return
        schema = _mapping(parameter, "schema") or parameter
        described = self.walk.describe(schema, steps, plain(parameter["name"]))
        yield Place(
            source=described.source,
            locator=described.locator,
            kind="question",
            name=described.name,
            text=join(parameter.get("description") or schema.get("description") or schema.get("title")),
            options=described.options or own_options(parameter),
            context=described.context,
            type=described.type,
            facts=("required",) if parameter.get("required") is True else (),
        )

    def _body(self, body: object, steps: _Steps, name: str) -> Iterator[Place]:
        """Give the properties of schemas that stand inline in a body or an answer."""
        if not isinstance(body, Mapping):
            return
        if isinstance(body.get("schema"), Mapping):
            yield from self.walk.list_places(body["schema"], (*steps, "schema"), name)
        if isinstance(body.get("payload"), Mapping):
            yield from self.walk.list_places(body["payload"], (*steps, "payload"), name)
        for media, content in _mapping(body, "content").items():
            if isinstance(content, Mapping):
                yield from self.walk.list_places(
                    content.get("schema"), (*steps, "content", media, "schema"), name
                )


def _mapping(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, Mapping) else {}
