"""XML Schema (XSD, also within WSDL) and RELAX NG: elements, attributes, lists of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.foundation.place import Place

_XSD: Final = re.compile(rb"http://www\.w3\.org/2001/XMLSchema[\"']")
_XSD_ROOT: Final = re.compile(rb"<(?:\w+:)?schema[\s>]")
_RELAX: Final = re.compile(rb"http://relaxng\.org/ns/structure/1\.0")
_NAMING: Final = frozenset({"complexType", "element", "group", "attributeGroup", "define"})
_SAYING: Final = frozenset({"annotation", "appinfo"})
_MOST_STEPS: Final = 20


class XmlSchemaReader:
    """Gives a column for each element and attribute, and for each named list of codes."""

    name = "xml-schema"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.95 for XML Schema and RELAX NG, 0 otherwise."""
        if document.suffix not in {"xsd", "wsdl", "xml", "rng"}:
            return 0.0
        head = document.head(16_384)
        is_schema = _XSD.search(head) and _XSD_ROOT.search(document.head(262_144))
        return 0.95 if is_schema or _RELAX.search(head) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is no well-formed XML, or declares entities.
        """
        root = load_xml(document)
        named = {(item.name, item.get("name")): item for item in root.walk() if item.get("name")}
        yield from tag_language(_Schema(document, named).list_places(root, ""), document)


@dataclass(frozen=True, slots=True)
class _Schema:
    """One file of definitions; ``named`` finds them by kind and name."""

    document: Document
    named: Mapping[tuple[str, str], Element]
    codes: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)

    def list_places(self, holder: Element, inside: str) -> Iterator[Place]:
        for item in holder.children:
            if item.name in _SAYING:
                continue
            name = _own_name(item)
            if item.name in {"element", "attribute"} and name:
                yield self._place(item, f"{inside}.{name}" if inside else name)
            elif item.name == "simpleType" and name and _codes(item):
                yield self._place(item, name)
            yield from self.list_places(item, name if name and item.name in _NAMING else inside)

    def _place(self, item: Element, name: str) -> Place:
        target = self.named.get((item.name, _local(item.get("ref"))), item) if item.get("ref") else item
        said = _documentation(item) or _documentation(target)
        return Place(
            source=self.document.source,
            locator=f"line:{item.line}",
            kind="column",
            name=name,
            text=said[0][1] if said else "",
            options=self._options(target),
            lang=said[0][0] if said else "",
            translations=tuple(said[1:]),
            type=_local(target.get("type")) or ("codes" if item.name == "simpleType" else ""),
            facts=("required",) if item.get("use") == "required" else (),
        )

    def _options(self, item: Element) -> tuple[str, ...]:
        """Return the codes an element allows: its own, or those of the type it names in this file."""
        found = _codes(item)
        base = _base(item)
        for _ in range(_MOST_STEPS):
            if found or not base:
                break
            if base not in self.codes:
                named = self.named.get(("simpleType", base)) or self.named.get(("complexType", base))
                self.codes[base] = (_codes(named), _base(named)) if named else ((), "")
            found, base = self.codes[base]
        return found


def _base(item: Element) -> str:
    """Return the name of the type that an element has, or that a type narrows or extends."""
    if item.get("type"):
        return _local(item.get("type"))
    for part in ("simpleType", "complexType", "simpleContent", "restriction", "extension", "list", "union"):
        inner = item.find(part)
        if inner:
            named = inner.get("base") or inner.get("itemType") or inner.get("memberTypes").partition(" ")[0]
            return _local(named) or _base(inner)
    return ""


def _own_name(item: Element) -> str:
    """Return the name of a definition; RELAX NG may write it as a child."""
    return (
        item.get("name")
        or _local(item.get("ref"))
        or (item.say("name") if item.name in {"element", "attribute"} else "")
    )


def _codes(item: Element) -> tuple[str, ...]:
    """Return what an element or type enumerates itself, not what elements in it do."""
    if item.name == "choice":
        return shorten(value.text for value in item.list_children("value"))
    codes = item.list_children("enumeration")
    if codes:
        return shorten(join(code.get("value"), *(text for _, text in _documentation(code))) for code in codes)
    for part in ("simpleType", "complexType", "simpleContent", "restriction", "union", "choice"):
        found = next((told for told in map(_codes, item.list_children(part)) if told), ())
        if found:
            return found
    return ()


def _documentation(item: Element) -> list[tuple[str, str]]:
    """Return the documentation of a definition by language, the languages that are not told joined."""
    found: dict[str, str] = {}
    for holder in (*item.list_children("annotation"), item):
        for words in holder.list_children("documentation"):
            said = plain(" ".join(part.text for part in words.walk()))
            if said:
                lang = words.get("lang").replace("_", "-")
                found[lang] = join(found.get(lang), said, by=" ")
    return list(found.items())


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]
