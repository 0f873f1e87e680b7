"""Forms in YAML that people invent for themselves: pages, sections, questions, in one language or many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors._field import said_in
from curtilage.connectors._form import find_entries, make_places
from curtilage.connectors._guess import is_language, tag_language
from curtilage.connectors._kinds import is_something_else
from curtilage.connectors._yaml import YamlMap, load_documents
from curtilage.connectors.ports import Document
from curtilage.foundation.place import Place

_HEAD: Final = 524_288
_HOLDER: Final = re.compile(
    rb"""^\s*(?:-\s+)?["']?(?:questions|fields|elements|inputs|controls|form_?fields|prompts|subfields|components)["']?:
         \s*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_LABEL: Final = re.compile(
    rb"""^\s*(?:-\s+)?["']?(?:label|title|question|name|text|legend|prompt)["']?:""", re.MULTILINE
)
_NAMED: Final = re.compile(
    rb"""^\s*(?:-\s+)?["']?(?:id|key|name|field|variable|slug|code)["']?:\s*\S""", re.MULTILINE
)
_ASKS: Final = re.compile(
    rb"""^\s*(?:-\s+)?["']?(?:type|input_?type|field_?type|widget|options|choices|required|validations?|datatype|control)["']?:""",
    re.MULTILINE | re.IGNORECASE,
)
_INPUT: Final = re.compile(
    rb"""^\s*(?:-\s+)?["']?(?:type|input_?type|field_?type|widget|control|kind)["']?:\s*["']?
         (?:radio|check_?box(?:es)?|select|drop_?down|text_?area|text_?field|multi_?select|short_?text|long_?text|yes_?no
           |multiple[ _-]choice|single[ _-]choice|radio[ _-](?:group|buttons?))["']?\s*$""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    rb"""^(?:openapi|swagger|asyncapi|apiVersion|kind|on|jobs|services|stages|steps|resources|Resources|hosts|tasks)\s*:
       | ^-\s+(?:hosts|name:\s.*\n\s+hosts)\s*: | ^\s*\$schema\s*: | json-schema\.org | ^\s*uses:\s""",
    re.MULTILINE | re.VERBOSE,
)


class YamlFormReader:
    """Gives a question for each field, one for each language that its label is given in."""

    name = "yaml-form"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.5 for named, labelled fields in a list, 0.3 or 0.35 for less of that, 0 for none."""
        if document.suffix not in {"yml", "yaml"} or is_something_else(document):
            return 0.0
        head = document.head(_HEAD)
        if _OTHERS.search(head) or not _LABEL.search(head):
            return 0.0
        if not (_HOLDER.search(head) and _ASKS.search(head)):
            return 0.3 if _INPUT.search(head) else 0.0
        return 0.5 if _NAMED.search(head) else 0.35

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no YAML.
        """
        for root in load_documents(document):
            yield from tag_language(_read_form(root, document), _stated(root))


def _read_form(root: object, document: Document) -> Iterator[Place]:
    title = said_in(root.get("title") or root.get("name")) if isinstance(root, YamlMap) else ""
    for entry in find_entries(root):
        yield from make_places(entry, document, title)


def _stated(root: object) -> str:
    if isinstance(root, YamlMap):
        for key in ("language", "locale", "lang", "default_language"):
            if is_language(root.get(key)):
                return str(root[key])
    return ""
