"""Tables described beside their data: Frictionless table schemas and packages, Avro records, dbt's models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.yaml_text import load_documents
from curtilage.foundation.place import Place

_AVRO: Final = re.compile(rb'"type"\s*:\s*"record"')
_FIELDS: Final = re.compile(rb'"fields"\s*:\s*\[')
_TABLE: Final = re.compile(
    rb'"(?:resources|primaryKey|foreignKeys|missingValues)"\s*:|"constraints"\s*:|"profile"\s*:\s*"tabular'
)
_COLUMN: Final = re.compile(
    rb'"type"\s*:\s*"(?:string|integer|number|boolean|date|datetime|time|year|yearmonth|duration|any|geopoint|geojson|array|object)"'
)
_ASKED: Final = re.compile(
    rb'"(?:label|question|widget|placeholder|validations?|options|choices|inputType|fieldType)"\s*:'
)
_PACKAGE_NAME: Final = re.compile(
    r"(?:^|/)(?:datapackage|tableschema|dataresource|[^/]*schema[^/]*)\.(?:json|ya?ml)$"
)

#: What dbt calls the lists of what it describes, and where each keeps its tables or columns.
_DBT: Final = re.compile(rb"^(?:models|sources|seeds|snapshots)\s*:", re.MULTILINE)
_DBT_COLUMNS: Final = re.compile(rb"^\s*-?\s*columns\s*:", re.MULTILINE)
_DBT_LISTS: Final = ("models", "sources", "seeds", "snapshots")

_Steps = tuple[str | int, ...]
_Node = Mapping[str, Any]


class TableSchemaReader:
    """Gives a column for each field of a described table or record."""

    name = "table-schema"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.95 for Avro, 0.85 for Frictionless, 0 for forms and whatever else has fields."""
        if document.suffix in {"yaml", "yml"} and re.search(r"(?:^|/)datapackage\.ya?ml$", document.source):
            return 0.9
        if _is_dbt(document):
            return 0.9
        if document.suffix not in {"json", "avsc", "avpr"}:
            return 0.0
        head = document.head(262_144)
        if not _FIELDS.search(head):
            return 0.0
        if document.suffix in {"avsc", "avpr"} or _AVRO.search(head):
            return 0.95
        if _ASKED.search(head) or not _COLUMN.search(head):
            return 0.0
        return 0.85 if _TABLE.search(head) or _PACKAGE_NAME.search(document.source) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is neither JSON nor YAML.
        """
        roots = load_documents(document) if document.suffix in {"yaml", "yml"} else iter([load(document)])
        is_dbt = _is_dbt(document)
        for root in roots:
            found = _of_dbt(root, document) if is_dbt else _find(root, (), "", document)
            yield from tag_language(found, document)


def _is_dbt(document: Document) -> bool:
    head = document.head(65_536) if document.suffix in {"yaml", "yml"} else b""
    return bool(_DBT.search(head) and _DBT_COLUMNS.search(head))


def _of_dbt(root: object, document: Document) -> Iterator[Place]:
    """Give the columns of models, seeds and snapshots, and of the tables of sources."""
    for key in _DBT_LISTS:
        for index, item in enumerate(_mappings(root, key)):
            yield from _dbt_columns(item, (key, index), document)
            for at, table in enumerate(_mappings(item, "tables")):
                yield from _dbt_columns(table, (key, index, "tables", at), document)


def _dbt_columns(table: _Node, steps: _Steps, document: Document) -> Iterator[Place]:
    for index, column in enumerate(_mappings(table, "columns")):
        tests = column.get("data_tests") or column.get("tests")
        tests = tests if isinstance(tests, list) else []
        accepted = [rule for test in tests for rule in _mappings([test], "accepted_values")]
        allowed = [rule.get("values") or rule.get("arguments", {}).get("values") for rule in accepted]
        yield Place(
            source=document.source,
            locator=pointer(*steps, "columns", index),
            kind="column",
            name=f"{plain(table.get('name'))}.{plain(column.get('name'))}",
            text=plain(re.sub(r"\{\{.{0,200}?\}\}", "", plain(column.get("description")))),
            options=shorten(next((one for one in allowed if isinstance(one, list)), ())),
            context=plain(table.get("description"))[:300],
            type=plain(column.get("data_type")),
            facts=("required",) if "not_null" in tests else (),
        )


def _mappings(holder: object, key: str) -> list[_Node]:
    """Return the mappings under a key of a mapping, or of each mapping of a list."""
    found: object
    if isinstance(holder, list):
        found = [one[key] for one in holder if isinstance(one, Mapping) and key in one]
    else:
        found = holder.get(key) if isinstance(holder, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _find(node: object, steps: _Steps, name: str, document: Document) -> Iterator[Place]:
    """Look for lists of fields; ``name`` is the nearest resource or record around."""
    if isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _find(inner, (*steps, index), name, document)
    elif isinstance(node, Mapping):
        fields = node.get("fields")
        inside = plain(node.get("name")) if isinstance(node.get("name"), str) else ""
        owner = inside if inside and (fields or "schema" in node) else name
        about = join(node.get("title"), node.get("doc") or node.get("description"))[:300]
        for index, item in enumerate(fields if isinstance(fields, list) else ()):
            if isinstance(item, Mapping) and isinstance(item.get("name"), str):
                yield _place(item, (*steps, "fields", index), owner, about, document)
                yield from _nested(item, (*steps, "fields", index), document)
        for key in ("resources", "schema", "types", "items", "type"):
            if isinstance(node.get(key), list | Mapping):
                yield from _find(node[key], (*steps, key), owner, document)


def _nested(item: _Node, steps: _Steps, document: Document) -> Iterator[Place]:
    """Look into the type of a field, where Avro keeps further records."""
    if isinstance(item.get("type"), list | Mapping):
        yield from _find(item["type"], (*steps, "type"), plain(item["name"]), document)
    if isinstance(item.get("fields"), list):
        yield from _find(
            {"name": item["name"], "fields": item["fields"]}, steps, plain(item["name"]), document
        )


def _place(item: _Node, steps: _Steps, owner: str, about: str, document: Document) -> Place:
    constraints = item.get("constraints")
    rules = constraints if isinstance(constraints, Mapping) else {}
    kind = item.get("type")
    return Place(
        source=document.source,
        locator=pointer(*steps),
        kind="column",
        name=f"{owner}.{item['name']}" if owner else item["name"],
        text=join(item.get("title"), item.get("description") or item.get("doc")),
        options=_options(item, rules),
        context=about,
        type=kind if isinstance(kind, str) else _union(kind),
        facts=("required",) if rules.get("required") is True else (),
    )


def _union(kind: object) -> str:
    """Return the type of an Avro union or of a type that is described in place."""
    if isinstance(kind, Mapping):
        return plain(kind.get("logicalType")) or plain(kind.get("type"))
    if isinstance(kind, list):
        return "|".join(
            _union(part) if isinstance(part, Mapping) else plain(part) for part in kind if part != "null"
        )
    return ""


def _options(item: _Node, rules: _Node) -> tuple[str, ...]:
    coded = rules.get("enum") or item.get("categories")
    if isinstance(coded, list):
        return shorten(
            code.get("label") or code.get("value") if isinstance(code, Mapping) else code for code in coded
        )
    kind = item.get("type")
    parts = kind if isinstance(kind, list) else [kind]
    symbols = [part.get("symbols") for part in parts if isinstance(part, Mapping)]
    return shorten(next((listed for listed in symbols if isinstance(listed, list)), ()))
