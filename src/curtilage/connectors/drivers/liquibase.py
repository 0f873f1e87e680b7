"""Liquibase changelogs, in XML and YAML: the columns that they create and add. Rows are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.text import plain
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.connectors.reading.yaml_text import YamlList, YamlMap, load_documents
from curtilage.foundation.place import Place

_XML: Final = re.compile(rb"<(?:\w+:)?databaseChangeLog\b")
_YAML: Final = re.compile(rb"^databaseChangeLog:", re.MULTILINE)
_MAKES: Final = frozenset({"createTable", "addColumn"})


class LiquibaseReader:
    """Gives a column for each that a change creates."""

    name = "liquibase"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.95 for changelogs, 0 otherwise."""
        if document.suffix == "xml":
            return 0.95 if _XML.search(document.head(16_384)) else 0.0
        return 0.95 if document.suffix in {"yml", "yaml"} and _YAML.search(document.head(16_384)) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is neither well-formed XML nor YAML.
        """
        found = (
            _of_xml(load_xml(document)) if document.suffix == "xml" else _of_yaml(load_documents(document))
        )
        yield from within_limits((_place(document.source, *one) for one in found), document)


_Column = tuple[int, str, Mapping[str, Any], bool]


def _of_xml(root: Element) -> Iterator[_Column]:
    for change in root.walk():
        if change.name in _MAKES:
            for column in change.list_children("column"):
                rules = column.find("constraints")
                yield (
                    column.line,
                    change.get("tableName"),
                    column.attributes,
                    bool(rules and rules.get("nullable") == "false"),
                )


def _of_yaml(documents: Iterator[Any]) -> Iterator[_Column]:
    waiting = list(documents)
    while waiting:
        node = waiting.pop()
        if isinstance(node, YamlList):
            waiting.extend(reversed(node))
        elif isinstance(node, YamlMap):
            for key, inner in reversed(node.items()):
                if key in _MAKES and isinstance(inner, YamlMap):
                    yield from _columns(inner)
                else:
                    waiting.append(inner)


def _columns(change: YamlMap) -> Iterator[_Column]:
    listed = change.get("columns")
    for item in listed if isinstance(listed, YamlList) else ():
        column = item.get("column") if isinstance(item, YamlMap) else None
        if isinstance(column, YamlMap):
            rules = column.get("constraints")
            needed = isinstance(rules, YamlMap) and rules.get("nullable") is False
            yield column.lines.get("name", column.line), plain(change.get("tableName")), column, needed


def _place(source: str, line: int, table: str, told: Mapping[str, Any], needed: bool) -> Place:  # noqa: FBT001
    name = plain(told.get("name"))
    return Place(
        source,
        f"line:{line}",
        "column",
        name=f"{table}.{name}" if table else name,
        text=plain(told.get("remarks")),
        type=plain(told.get("type")),
        facts=("required",) if needed else (),
    )
