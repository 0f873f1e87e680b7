"""Salesforce metadata: custom fields, objects with their fields, and translations of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.languages import is_language
from curtilage.connectors.reading.text import join, shorten
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(
    rb"<(?:CustomField|CustomObject|CustomMetadata)(?:Translation)?[\s>][^>]{0,300}soap\.sforce\.com/2006/04/metadata"
)
_OBJECT: Final = re.compile(r"(?:^|/)objects(?:Translations)?/([^/]+?)(?:/|\.object)")
_LANGUAGE: Final = re.compile(r"[-_]([a-z]{2}(?:_[A-Z]{2})?)(?:/|\.objectTranslation)")


class SalesforceReader:
    """Gives a column for each custom field, in the language of the file."""

    name = "salesforce"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.97 for metadata of fields and objects, 0 otherwise."""
        is_xml = document.suffix in {"xml", "object", "field", "objecttranslation"}
        return 0.97 if is_xml and _SIGN.search(document.head()) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is no well-formed XML, or declares entities.
        """
        root = load_xml(document)
        yield from tag_language(_read(root, document), document, _language(document.source))


def _read(root: Element, document: Document) -> Iterator[Place]:
    if (root.find("fullName") and not root.find("fields")) or root.name.startswith("CustomField"):
        yield _place(root, f"/{root.name}", document)
    for number, item in enumerate(root.list_children("fields"), start=1):
        yield _place(item, f"/{root.name}/fields[{number}]", document)


def _place(item: Element, path: str, document: Document) -> Place:
    key = "fullName" if item.find("fullName") else "name"
    owner = _OBJECT.search(document.source)
    return Place(
        source=document.source,
        locator=f"{path}/{key}",
        kind="column",
        name=item.say(key),
        text=join(
            item.say("label") or item.say("caseValues"),
            item.say("description") or item.say("inlineHelpText") or item.say("help"),
        ),
        options=_options(item),
        context=owner.group(1) if owner else "",
        type=item.say("type"),
        facts=_facts(item),
    )


def _options(item: Element) -> tuple[str, ...]:
    """Return the labels of a picklist, in the ways that three generations of the format write it."""
    return shorten(
        value.say("translation") or value.say("label") or value.say("masterLabel") or value.say("fullName")
        for value in item.walk()
        if value.name in {"value", "picklistValues"}
    )


def _facts(item: Element) -> tuple[str, ...]:
    told = {
        "encrypted": item.say("type") == "EncryptedText" or item.say("encryptionScheme") not in {"", "None"},
        "masked": bool(item.say("maskType")),
        "required": item.say("required") == "true",
        "computed": bool(item.say("formula")),
    }
    return tuple(sorted(fact for fact, holds in told.items() if holds))


def _language(source: str) -> str:
    """Return the language of a translation, which stands after the object's name: ``Contact-es_MX``."""
    found = [tag for tag in _LANGUAGE.findall(source) if is_language(tag)]
    return found[-1].replace("_", "-") if found else ""
