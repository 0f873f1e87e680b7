"""Drupal's configuration: webforms (a form as YAML inside YAML), and fields of content types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.yaml_text import YamlMap, line_of, load_documents, load_text
from curtilage.foundation.place import Place

_BARE: Final = re.compile(rb"""^\w+:[ \t]*\r?\n[ ]+["']#(?:type|title)["']:""", re.MULTILINE)
_WEBFORM: Final = re.compile(rb"^elements:", re.MULTILINE)
_ELEMENT: Final = re.compile(rb"""["']?#(?:type|title)["']?\s*:""")
_FIELD: Final = re.compile(rb"^field_(?:name|type): ", re.MULTILINE)
_STORAGE: Final = re.compile(rb"^(?:entity_type|bundle): |^settings:", re.MULTILINE)
_IN_PATH: Final = re.compile(r"(?:^|/)language/([a-z]{2,3}(?:-[a-z]{2,4})?)/")

_HOLDERS: Final = frozenset(
    """fieldset container details section webform_section webform_wizard_page webform_flexbox
    webform_card webform_table webform_table_row webform_horizontal_rule webform_group""".split()
)
_SILENT: Final = frozenset(
    """processed_text webform_markup markup html_tag webform_actions actions label item webform_message
    webform_horizontal_rule captcha webform_more webform_view webform_link link webform_variant
    page_title webform_toggles_markup submit button inline_template webform_terms_markup
    webform_element_markup""".split()
)
_SUB_TITLE: Final = re.compile(r"^#([a-z0-9_]+)__title$")


class DrupalReader:
    """Gives a question for each element that a resident fills in, a column for each field of content."""

    name = "drupal"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.97 for webforms and field configuration, 0 otherwise."""
        if document.suffix not in {"yml", "yaml"}:
            return 0.0
        content = document.head(1_048_576)
        if _ELEMENT.search(content) and (_WEBFORM.search(content) or _BARE.search(content)):
            return 0.97
        head = document.head()
        return 0.97 if _FIELD.search(head) and len(set(_STORAGE.findall(head))) > 1 else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places of a webform or of one field.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: The file, or the form within it, is no YAML.
        """
        for config in load_documents(document):
            if isinstance(config, YamlMap):
                found = _IN_PATH.search(document.source)
                stated = found.group(1) if found else plain(config.get("langcode"))
                yield from tag_language(_read_config(config, document), document, stated)


def _read_config(config: YamlMap, document: Document) -> Iterator[Place]:
    elements = config.get("elements")
    if not isinstance(elements, str):
        if isinstance(elements, YamlMap):
            yield from _Form(document, plain(config.get("title")), 0).list_places(elements, (), "")
        elif "field_name" in config:
            yield _read_field(config, document)
        else:  # the elements alone, as the form builder shows them
            yield from _Form(document, "", 0).list_places(config, (), "")
        return
    form = _Form(document, plain(config.get("title")), line_of(config, "elements"))
    for inner in load_text(elements, source=document.source, limits=document.limits):
        if isinstance(inner, YamlMap):
            yield from form.list_places(inner, (), "")


@dataclass(frozen=True, slots=True)
class _Form:
    """A form being read; ``offset`` is the line before the first of the string that holds it."""

    document: Document
    title: str
    offset: int

    def list_places(self, holder: YamlMap, path: tuple[str, ...], section: str) -> Iterator[Place]:
        for key, element in holder.items():
            if key.startswith("#") or not isinstance(element, YamlMap):
                continue
            inner = (*path, key)
            kind = plain(element.get("#type"))
            children = [
                name
                for name, value in element.items()
                if not name.startswith("#") and isinstance(value, YamlMap)
            ]
            if kind not in _SILENT and kind not in _HOLDERS and not (children and not kind):
                yield self._place(element, inner, line_of(holder, key), section, kind)
                yield from self._parts(element, inner, line_of(holder, key), section)
            yield from self.list_places(element, inner, plain(element.get("#title")) or section)

    def _place(self, element: YamlMap, path: tuple[str, ...], line: int, section: str, kind: str) -> Place:
        said = join(element.get("#title"), element.get("#description") or element.get("#help"))
        return Place(
            source=self.document.source,
            locator=f"line:{self.offset + line} element:{'/'.join(path)}",
            kind="question",
            name=path[-1],
            text=said or plain(element.get("#placeholder")),
            options=_options(element.get("#options")),
            context=join(self.title, section, by=" › "),
            type=kind,
            facts=_facts(element, kind),
        )

    def _parts(self, element: YamlMap, path: tuple[str, ...], line: int, section: str) -> Iterator[Place]:
        """Give what one element asks in several boxes: a matrix, an address, a table of own making."""
        around = plain(element.get("#title")) or section
        asked = element.get("#questions")
        if isinstance(asked, YamlMap):
            for key, text in asked.items():
                row = YamlMap(0)
                row.update({"#title": text, "#options": element.get("#answers")})
                yield self._place(row, (*path, key), line_of(asked, key), around, "likert")
        for key, text in element.items():
            sub = _SUB_TITLE.match(key)
            if sub and element.get(f"#{sub.group(1)}__access") is not False:
                row = YamlMap(0)
                row.update({"#title": text, "#options": element.get(f"#{sub.group(1)}__options")})
                yield self._place(row, (*path, sub.group(1)), line_of(element, key), around, "")
        if isinstance(element.get("#element"), YamlMap):
            yield from self.list_places(element["#element"], path, around)


def _options(choices: object) -> tuple[str, ...]:
    if isinstance(choices, Mapping):
        flat: list[object] = []
        for key, label in choices.items():
            flat.extend(label.values() if isinstance(label, Mapping) else [plain(label) or key])
        return shorten(flat)
    if isinstance(choices, str):
        return shorten([choices])  # the name of a list that the city keeps elsewhere: country_names, yes_no
    return shorten(choices) if isinstance(choices, list) else ()


def _facts(element: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    told = {
        "required": element.get("#required") is True,
        "hidden": kind in {"hidden", "value"}
        or element.get("#access") is False
        or element.get("#private") is True,
        "computed": kind.startswith("webform_computed"),
        "masked": kind in {"password", "password_confirm"},
        "read-only": element.get("#readonly") is True or element.get("#disabled") is True,
    }
    return tuple(sorted(fact for fact, holds in told.items() if holds))


def _read_field(config: YamlMap, document: Document) -> Place:
    """Return the place of a field of a content type (``field.field``) or its storage."""
    settings = config.get("settings")
    allowed = settings.get("allowed_values") if isinstance(settings, YamlMap) else None
    labels = [
        item.get("label") or item.get("value") if isinstance(item, Mapping) else item
        for item in allowed or ()
    ]
    name, bundle = plain(config.get("field_name")), plain(config.get("bundle") or config.get("entity_type"))
    return Place(
        source=document.source,
        locator=f"line:{line_of(config, 'field_name')}",
        kind="column",
        name=f"{bundle}.{name}" if bundle else name,
        text=join(config.get("label"), config.get("description")),
        options=shorten(labels),
        type=plain(config.get("field_type") or config.get("type")),
        facts=("required",) if config.get("required") is True else (),
    )
