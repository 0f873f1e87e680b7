"""Forms in JSON: form.io, SurveyJS, Typeform, Kobo, JSON Forms, GOV.UK HOF, and people's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.field import is_translated, label_key, said_in
from curtilage.connectors.reading.forms.form import Entry, find_entries, make_places
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.json_text import load, pointer
from curtilage.connectors.reading.kinds import is_something_else
from curtilage.connectors.reading.languages import is_language
from curtilage.connectors.reading.text import has_any, join, plain, shorten
from curtilage.foundation.place import Place

#: From here on a program is recognised, below it only that something is a form.
_KNOWN: Final = 0.9
_HEAD: Final = 524_288


def _sign(*patterns: str) -> tuple[re.Pattern[bytes], ...]:
    return tuple(re.compile(pattern.encode(), re.DOTALL) for pattern in patterns)


_LABEL: Final = r'"(?:label|title|question|legend|questionText|prompt)"\s*:'
_HOLDER: Final = (
    r'"(?:fields|questions|elements|components|inputs|controls|fieldGroups|field_groups|formFields|form_fields'
    r'|formElements|formControls|prompts|subFields|inputFields)"\s*:\s*[\[{]'
)
#: What all of must be there, and how sure that makes: the most telling first.
_SIGNS: Final = (
    (0.95, _sign(r'"asset_type"\s*:\s*"(?:survey|block|question|template)"', r'"survey"\s*:\s*\[')),
    (0.93, _sign(r'"components"\s*:\s*\[', r'"key"\s*:', r'"(?:input|tableView|validate|display)"\s*:', _LABEL)),
    (0.93, _sign(r'"(?:Vertical|Horizontal)Layout"|"Categorization"', r'"scope"\s*:\s*"#')),
    (0.92, _sign(r'"(?:pages|elements)"\s*:\s*\[', r'"type"\s*:\s*"(?:text|comment|radiogroup|checkbox|dropdown|boolean|panel|panel'
                 r'dynamic|tagbox|matrix\w*|multipletext)"', r'"name"\s*:')),
    (0.9, _sign(r'"fields"\s*:\s*\[', r'"ref"\s*:', r'"title"\s*:', r'"type"\s*:')),
    (0.6, _sign(r'"(?:fieldtype|FieldType)"\s*:\s*"', r'"[Ll]abel"\s*:\s*"', r'"(?:fieldname|ID)"\s*:\s*"')),
    (0.6, _sign(r'"link_?id"\s*:', r'"text"\s*:\s*"', r'"type"\s*:\s*"')),
    (0.6, _sign(r'"question"\s*:\s*\{', r'"answers"\s*:\s*\[\s*\{', r'"type"\s*:\s*"(?:TextField|Radio|Checkbox|Date|Number|TextArea|Dropdown)"')),
    (0.6, _sign(_HOLDER, _LABEL, r'"(?:type|inputType|fieldType|widget|options|choices|required|validations?|mixin)"\s*:')),
    (0.45, _sign(_HOLDER.replace("|components", ""), r'"(?:name|id|key)"\s*:', r'"(?:type|inputType|fieldType|widget|options|choices)"\s*:')),
    (0.3, _sign(_LABEL, r'"(?:type|inputType|input_type|fieldType|widget|control|mixin)"\s*:\s*"(?:radio|checkbox|checkboxes|select|dropdown'
                r'|textarea|textfield|text_field|text_area|multi_?select|short_?text|long_?text|yes_?no|multiple_choice|single_choice'
                r'|radio-group|input-text|input-date)"')),
)  # fmt: skip
_WORDS: Final = (
    b'"label"',
    b'"Label"',
    b'"text"',
    b'"title"',
    b'"question',
    b'"legend"',
    b'"prompt"',
    b'"fields"',
    b'"elements"',
    b'"survey"',
)
_QUALTRICS: Final = re.compile(rb'"SurveyElements"\s*:')
_DHIS: Final = re.compile(
    rb'"(?:dataElements|trackedEntityAttributes)"\s*:\s*\[\s*\{[^\[\]]{0,5000}"valueType"', re.DOTALL
)
_MANY_LABELS: Final = re.compile(rb'"(?:label|legend|hint)"\s*:\s*"')
_NOT_FORMS: Final = re.compile(
    rb'"\$schema"\s*:\s*"https?://json-schema\.org|^\s*\{\s*"(?:openapi|swagger)"|"resourceType"\s*:'
)
_HOF_NAME: Final = re.compile(r"(?:^|/)fields(?:[._-][a-z-]+)?\.json$")
_LANGUAGE_IN_PATH: Final = re.compile(r"(?:^|[/._-])([a-z]{2}(?:-[A-Z]{2})?)(?=[/._])")


class JsonFormReader:
    """Gives a question for each field of a form in JSON, whatever program it is for."""

    name = "json-form"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.9 and more for known form programs, 0.45 or 0.6 for what looks like a form."""
        if document.suffix not in {"json", "json5", "jsonc", "qsf"} or is_something_else(document):
            return 0.0
        head = document.head(_HEAD)
        if _QUALTRICS.search(head) or _DHIS.search(head):
            return 0.95
        if not has_any(head, _WORDS) or _NOT_FORMS.search(head):
            return 0.0
        if _is_hof(document):
            return 0.92
        return next((sure for sure, signs in _SIGNS if all(sign.search(head) for sign in signs)), 0.0)

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no JSON.
        """
        root = load(document)
        if (
            isinstance(root, Mapping)
            and isinstance(root.get("content"), Mapping)
            and "survey" in root["content"]
        ):
            yield from tag_language(_read_kobo(root, document), document)
        elif isinstance(root, Mapping) and isinstance(root.get("SurveyElements"), list):
            yield from tag_language(_read_qualtrics(root, document), document)
        elif isinstance(root, Mapping) and _DHIS.search(document.head(_HEAD)):
            yield from tag_language(_read_dhis(root, document), document)
        elif isinstance(root, Mapping) and _is_hof(document):
            yield from tag_language(_read_hof(root, document), document, _stated_in_path(document.source))
        else:
            found = _read_form(root, document, is_known=self.weigh(document) >= _KNOWN)
            yield from tag_language(found, document, _stated(root, document))


def _is_hof(document: Document) -> bool:
    return bool(_HOF_NAME.search(document.source)) and len(_MANY_LABELS.findall(document.head(65_536))) >= 2


def _stated(root: Any, document: Document) -> str:
    if isinstance(root, Mapping):
        for key in ("language", "locale", "lang", "defaultLanguage", "default_language"):
            if is_language(root.get(key)):
                return str(root[key])
    return _stated_in_path(document.source)


def _stated_in_path(source: str) -> str:
    found = [tag for tag in _LANGUAGE_IN_PATH.findall(source) if is_language(tag)]
    return found[-1] if found else ""


def _read_form(root: Any, document: Document, *, is_known: bool) -> Iterator[Place]:
    """Give the fields; in a form of nobody's known format the locator is that of the label itself."""
    title = said_in(root.get("title") or root.get("name")) if isinstance(root, Mapping) else ""
    for entry in find_entries(root):
        label = "" if is_known else label_key(entry.node)
        for place in make_places(entry, document, title):
            yield replace(place, locator=place.locator + pointer(label)) if label else place


def _read_hof(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    """Read a map of field names to their words, as the HOF framework keeps translations."""
    for key, node in root.items():
        if isinstance(node, Mapping) and not is_translated(node):
            entry = Entry(node, (key,), key, (), 0)
            yield from (replace(place, name=key) for place in make_places(entry, document))


def _read_kobo(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    """Read the survey and choices sheets that Kobo keeps as JSON, each label a list of languages."""
    content = root["content"]
    languages = [_tag(name) for name in content.get("translations") or [""]]
    choices: dict[str, list[Mapping[str, Any]]] = {}
    for choice in content.get("choices") or ():
        if isinstance(choice, Mapping):
            choices.setdefault(plain(choice.get("list_name")), []).append(choice)
    section: list[str] = []
    for index, row in enumerate(content["survey"] if isinstance(content["survey"], list) else ()):
        if not isinstance(row, Mapping):
            continue
        kind = plain(row.get("type"))
        if kind.startswith("begin"):
            section.append(_nth(row.get("label"), 0))
        elif kind.startswith("end") and section:
            section.pop()
        elif kind not in {"note", "start", "end", "today", "deviceid", "audit", ""} and not kind.startswith(
            "end"
        ):
            listed = choices.get(plain(row.get("select_from_list_name")), [])
            said = [
                (lang, join(_nth(row.get("label"), at), _nth(row.get("hint"), at)))
                for at, lang in enumerate(languages)
            ]
            yield Place(
                source=document.source,
                locator=pointer("content", "survey", index),
                kind="question",
                name=plain(row.get("name") or row.get("$autoname") or row.get("$kuid")),
                text=said[0][1],
                options=shorten(_nth(choice.get("label"), 0) or choice.get("name") for choice in listed),
                lang=said[0][0],
                translations=tuple(pair for pair in said[1:] if pair[1]),
                context=join(root.get("name"), *section[-2:], by=" › "),
                type=kind,
                facts=("required",) if row.get("required") in {True, "true", "yes"} else (),
            )


def _read_qualtrics(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    """Read the questions of a survey that Qualtrics has exported."""
    about = root.get("SurveyEntry")
    title = plain(about.get("SurveyName")) if isinstance(about, Mapping) else ""
    for index, element in enumerate(root["SurveyElements"]):
        told = element.get("Payload") if isinstance(element, Mapping) else None
        if (
            not isinstance(told, Mapping)
            or element.get("Element") != "SQ"
            or told.get("QuestionType") == "DB"
        ):
            continue
        choices = told.get("Choices")
        listed = (
            choices.values() if isinstance(choices, Mapping) else choices if isinstance(choices, list) else ()
        )
        yield Place(
            source=document.source,
            locator=pointer("SurveyElements", index),
            kind="question",
            name=plain(told.get("DataExportTag") or told.get("QuestionID")),
            text=plain(told.get("QuestionText")),
            options=shorten(one.get("Display") for one in listed if isinstance(one, Mapping)),
            context=title,
            type=plain(told.get("QuestionType")),
        )


def _read_dhis(root: Mapping[str, Any], document: Document) -> Iterator[Place]:
    """Read what DHIS2 describes: data elements and attributes, with the options of their sets."""
    codes = {plain(one.get("id")): one.get("name") for one in _mappings(root, "options")}
    sets = {
        plain(one.get("id")): [
            option.get("name") or codes.get(plain(option.get("id"))) for option in _mappings(one, "options")
        ]
        for one in _mappings(root, "optionSets")
    }
    for key in ("dataElements", "trackedEntityAttributes"):
        for index, item in enumerate(_mappings(root, key)):
            chosen = item.get("optionSet")
            yield Place(
                source=document.source,
                locator=pointer(key, index),
                kind="question",
                name=plain(item.get("code") or item.get("shortName") or item.get("id")),
                text=join(item.get("formName") or item.get("name"), item.get("description")),
                options=shorten(sets.get(plain(chosen.get("id")), ()) if isinstance(chosen, Mapping) else ()),
                type=plain(item.get("valueType")),
            )


def _mappings(holder: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _nth(value: object, number: int) -> str:
    if isinstance(value, list):
        return plain(value[number]) if number < len(value) else ""
    return plain(value) if number == 0 else ""


def _tag(name: object) -> str:
    """Return the language of a Kobo translation, which calls itself ``Français (fr)``."""
    found = re.search(r"\(([a-z]{2,3})\)\s*$", name) if isinstance(name, str) else None
    return found.group(1) if found else ""
