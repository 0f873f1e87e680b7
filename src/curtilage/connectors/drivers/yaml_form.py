"""Forms in YAML that people invent for themselves: pages, sections, questions, in one language or many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.field import said_in
from curtilage.connectors.reading.forms.form import find_entries, make_places
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.kinds import is_something_else
from curtilage.connectors.reading.languages import is_language
from curtilage.connectors.reading.text import has_any
from curtilage.connectors.reading.yaml_text import YamlMap, load_documents
from curtilage.foundation.place import Place

_HEAD: Final = 524_288


def _key(names: str, then: str = "") -> re.Pattern[bytes]:
    """Return a pattern for keys in block or flow style, whatever their case."""
    before = r"""(?:^[ \t]*(?:-[ \t]+)?|[{,]\s*)["']?"""
    return re.compile(f"""{before}(?:{names})["']?:{then}""".encode(), re.MULTILINE | re.IGNORECASE)


_HOLDER: Final = _key(
    "questions|fields|elements|inputs|controls|form_?fields|prompts|subfields|components",
    r"\s*(?:(?:#.*)?$|[\[{])",
)
_LABEL: Final = _key("label|title|question|name|text|legend|prompt")
_NAMED: Final = _key("id|key|name|field|variable|slug|code", r"\s*\S")
_ASKS: Final = _key(
    "type|input_?type|field_?type|widget|options|choices|required|validations?|datatype|control"
)
_INPUT: Final = _key(
    "type|input_?type|field_?type|widget|control|kind",
    r"""\s*["']?(?:input|radio|check_?box(?:es)?|select|drop_?down|text_?area|text_?field|multi_?select|short_?text|long_?text"""
    r"""|yes_?no|multiple[ _-]choice|single[ _-]choice|radio[ _-](?:group|buttons?))["']?\s*(?:[,}]|$)""",
)
#: Words that a file must hold before the patterns are worth their time.
_HOLDER_WORDS: Final = (
    b"questions", b"fields", b"elements", b"inputs", b"controls", b"prompts", b"components",
)  # fmt: skip
_INPUT_WORDS: Final = (b"input", b"radio", b"check", b"select", b"drop", b"text", b"yes", b"choice")
_OTHERS: Final = re.compile(
    rb"""^(?:openapi|swagger|asyncapi|apiVersion|kind|on|jobs|services|stages|steps|resources|Resources|hosts|tasks)\s*:
       | ^-\s+(?:hosts|name:\s.*\n\s+hosts)\s*: | ^[ \t]*\$schema\s*: | json-schema\.org | ^[ \t]*uses:\s""",
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
        lower = head.lower()
        may_hold, may_ask = has_any(lower, _HOLDER_WORDS), has_any(lower, _INPUT_WORDS)
        if not (may_hold or may_ask) or not _LABEL.search(head) or _OTHERS.search(head):
            return 0.0
        if not (may_hold and _HOLDER.search(head) and _ASKS.search(head)):
            return 0.3 if may_ask and _INPUT.search(head) else 0.0
        return 0.5 if _NAMED.search(head) else 0.35

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no YAML.
        """
        for root in load_documents(document):
            yield from tag_language(_read_form(root, document), document, _stated(root))


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
