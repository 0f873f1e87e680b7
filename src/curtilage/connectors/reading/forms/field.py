"""What one mapping that looks like a field says: its name, label, kind, options, languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from curtilage.connectors.reading.languages import is_language
from curtilage.connectors.reading.text import MOST_OPTIONS, join, plain, shorten
from curtilage.connectors.reading.yaml_text import line_of

_LABELS: Final = (
    "label",
    "Label",
    "legend",
    "title",
    "question",
    "questionText",
    "question_text",
    "prompt",
    "text",
    "caption",
)
_LATE_LABELS: Final = (
    "displayName",
    "display_name",
    "heading",
    "display",
    "message",
    "name",
    "description",
    "placeholder",
)
_HINTS: Final = (
    "hint",
    "help",
    "helpText",
    "questionHelpText",
    "help_text",
    "HintText",
    "description",
    "instructions",
    "tooltip",
    "guidance",
    "subtitle",
)
_NAMES: Final = (
    "key", "id", "field", "fieldName", "field_name", "fieldname", "variable", "variableName", "slug", "code", "attribute",
    "property", "questionId", "question_id", "fieldId", "field_id", "inputName", "ref", "uid", "model", "var", "column",
    "linkId", "link_id", "ID",
)  # fmt: skip
_TYPES: Final = (
    "type", "inputType", "input_type", "fieldType", "field_type", "fieldtype", "FieldType", "widget", "component", "control", "input", "mixin",
    "datatype", "dataType", "data_type", "questionType", "question_type", "kind", "format", "element", "answerType",
    "cellType",
)  # fmt: skip
OPTIONS: Final = (
    "options", "choices", "answers", "answerOptions", "answer_options", "answer_choices", "selectOptions", "values",
    "enum", "allowedValues", "allowed_values", "possibleValues", "radioOptions", "responses", "rateValues", "items",
    "list", "picklist", "choiceList", "questionOptions",
)  # fmt: skip
_OPTION_HOLDERS: Final = (
    "options",
    "data",
    "properties",
    "props",
    "templateOptions",
    "componentProperties",
    "settings",
    "attributes",
    "config",
    "params",
    "schema",
    "validate",
    "widget",
    "questionOptions",
)
_UNSURE: Final = frozenset({"answers", "responses", "values", "items", "list"})
_SURE_OPTIONS: Final = tuple(key for key in OPTIONS if key not in _UNSURE)
_CHOOSING: Final = re.compile(
    r"select|choice|radio|check|drop|list|likert|rank|yes|bool|enum|option|combo|auto_?complete|multi|single|spinner|rating|matrix|survey",
    re.IGNORECASE,
)
#: Keys under which forms keep their fields, pages and sections.
HOLDERS: Final = frozenset(
    """fields questions elements components inputs controls fieldgroups field_groups groups formfields
    form_fields formelements items prompts rows columns panels pages sections steps screens tabs
    children body content blocks item questionnaire templateelements nested subfields subquestions
    conditionalquestions formcontrols inputfields attributes cards formcomponents fieldset fieldsets
    parts detailpanels""".split()
)
ASKING: Final = re.compile(
    r"""text|string|paragraph|number|integer|decimal|float|currency|money|^int|date|time|year|month|birth|e-?mail|phone|^tel
      |select|single|drop-?_?down|radio|check-?_?box|bool|yes_?-?(?:or_?)?no|choice|option|multi|upload|attach|document|^data$|^link$|^check$|list$|file|signature|address
      |rating|likert|matrix|scale|picker|combo|typeahead|autocomplete|^input|ssn|social|country|state|zip|postal
      |password|hidden|toggle|switch|slider|photo|camera|barcode|geopoint|^person|^name|lookup|picklist
      |survey|rank|tags?$|reference|enum|contact|language|demographic|url|^control$""",
    re.VERBOSE | re.IGNORECASE,
)
_ACF_KEY: Final = re.compile(r"field_\w+")
_CODE: Final = re.compile(r"[A-Za-z_.-]{0,20}\d[\w.-]{0,20}")
_SECRET: Final = re.compile(r"password|secret", re.IGNORECASE)
#: A longer hint explains the page, not the question.
_LONGEST_HINT: Final = 300


def label_of(node: Mapping[str, Any], lang: str = "", *, late: bool = True) -> str:
    """Return the label of a field, in ``lang`` where it has several; the first language otherwise."""
    coded = _coded_label(node)
    for key in _LABELS:
        said = said_in(node.get(key), lang)
        if said and said != coded:
            return said
    for holder in ("props", "templateOptions", "attributes", "componentProperties"):
        inner = node.get(holder)
        if isinstance(inner, Mapping) and (said := said_in(inner.get("label") or inner.get("title"), lang)):
            return said
    for key in _LATE_LABELS if late else ():
        said = said_in(node.get(key), lang)
        if said and (key != "name" or isinstance(node["name"], Mapping) or " " in said or not name_of(node)):
            return said
    return ""


def _coded_label(node: Mapping[str, Any]) -> str:
    """Return a label that is no word but a number of the question, which says itself elsewhere."""
    label = node.get("label")
    says = any(said_in(node.get(key)) for key in ("text", "question", "title", "questionText"))
    return label if isinstance(label, str) and says and _CODE.fullmatch(label) else ""


def label_key(node: Mapping[str, Any]) -> str:
    """Return the key under which a field's label stands; empty where it stands deeper or nowhere."""
    coded = _coded_label(node)
    keys = (key for key in (*_LABELS, *_LATE_LABELS) if said_in(node.get(key)))
    return next((key for key in keys if node[key] != coded), "")


def text_of(node: Mapping[str, Any], lang: str = "") -> str:
    """Return legend, label and hint of a field joined."""
    legend = said_in(node.get("legend"), lang)
    label = label_of(node, lang)
    own = said_in(node.get("label"), lang) if not _coded_label(node) else ""
    hint = next((said for said in (said_in(node.get(key), lang) for key in _HINTS) if said), "")
    hint = hint if len(hint) <= _LONGEST_HINT else ""
    return join(legend or label, own or label, hint)


def name_of(node: Mapping[str, Any], key: str = "") -> str:
    """Return the name that the answer is kept under, empty where the field has none."""
    name = node.get("name")
    # Beside "questionText" the name may be in words; beside a key of ACF's the name is what answers are kept under.
    is_own = not node.get("key") or _ACF_KEY.fullmatch(plain(node.get("key")))
    if isinstance(name, str) and name and (" " not in name.strip() or "questionText" in node) and is_own:
        return name
    mapped = node.get("mapping")
    if isinstance(mapped, Mapping) and isinstance(mapped.get("field_name"), str):
        return str(mapped["field_name"])  # where the answer goes, in forms that number their questions
    for candidate in _NAMES:
        found = node.get(candidate)
        if isinstance(found, str | int) and not isinstance(found, bool) and 0 < len(str(found)) < 300:
            return str(found)
    if coded := _coded_label(node):
        return coded
    scope = node.get("scope")
    if isinstance(scope, str):
        return scope.rsplit("/", 1)[-1]
    return key


def type_of(node: Mapping[str, Any]) -> str:
    """Return the kind of input as the file calls it, empty where it does not say."""
    for key in _TYPES:
        kind = node.get(key)
        if isinstance(kind, str) and kind and len(kind) < 80:
            return kind
        if isinstance(kind, Mapping) and isinstance(kind.get("type"), str):
            return str(kind["type"])
    return ""


def options_of(node: Mapping[str, Any], lang: str = "") -> tuple[str, ...]:
    """Return the coded answers of a field, in ``lang`` where they have several.

    Words such as ``answers`` name the choices of one program and what somebody answered in another:
    they are believed only beside a kind of input that is chosen from a list.
    """
    keys = OPTIONS if _CHOOSING.search(type_of(node)) else _SURE_OPTIONS
    holders = (node[key] for key in _OPTION_HOLDERS if isinstance(node.get(key), Mapping))
    sure = node.get("questionOptions")
    for holder in (node, *holders):
        for key in OPTIONS if holder is sure else keys:
            found = _options(holder.get(key), lang)
            if found:
                return found
    return ()


def languages_of(node: Mapping[str, Any]) -> dict[str, int]:
    """Return the languages in which a field's label is given, each with its line."""
    for key in (*_LABELS, *_LATE_LABELS):
        value = _unwrapped(node.get(key))
        if is_translated(value):
            assert isinstance(value, Mapping)
            return {lang if is_language(lang) else "": line_of(value, lang) for lang in value if value[lang]}
        if isinstance(value, str) and value and key != "name":
            return {}
    return {}


def is_translated(value: object) -> bool:
    """Return whether a mapping is from languages to texts."""
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= 100
        and all(is_language(key) or key in {"default", "value"} for key in value)
        and any(map(is_language, value))
        and all(said is None or isinstance(said, str) for said in value.values())
    )


def _unwrapped(value: object) -> object:
    """Return the languages of ``{"translations": {"en_US": …}}``, as CivicForm keeps them; else the value."""
    inner = value.get("translations") if isinstance(value, Mapping) else None
    return inner if is_translated(inner) else value


def said_in(value: object, lang: str = "") -> str:
    """Return a text, in ``lang`` where it is given in several languages, else in the first of them."""
    value = _unwrapped(value)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return plain(value[0]) if value and isinstance(value[0], str) else ""
    if is_translated(value):
        assert isinstance(value, Mapping)
        return plain(value.get(lang) if lang else next((said for said in value.values() if said), ""))
    if isinstance(value, Mapping) and "placeholders" in value and isinstance(value.get("text"), str):
        return plain(value["text"])
    return ""


def facts_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a field says of itself, as the short codes of a place."""
    rules = [
        node,
        *(
            node[key]
            for key in ("validate", "validations", "validation", "properties", "props", "templateOptions")
            if isinstance(node.get(key), Mapping)
        ),
    ]
    kind = type_of(node)
    told = {
        "required": any(
            rule.get(key) is True for rule in rules for key in ("required", "isRequired", "mandatory")
        ),
        "hidden": kind.lower() == "hidden" or any(node.get(key) is True for key in ("hidden", "isHidden")),
        "read-only": any(node.get(key) is True for key in ("readOnly", "readonly", "disabled")),
        "masked": bool(_SECRET.search(kind)) or node.get("masked") is True or node.get("protected") is True,
        "encrypted": node.get("encrypted") is True,
        "computed": bool(node.get("calculateValue") or node.get("calculation")),
    }
    return tuple(sorted(fact for fact, holds in told.items() if holds))


def _options(value: object, lang: str) -> tuple[str, ...]:
    if isinstance(value, str) and "\n" in value.strip():
        return shorten(filter(None, (line.strip() for line in value.split("\n"))))
    if isinstance(value, list):
        if any(isinstance(item, Mapping) and (has_holder(item) or _is_input(item)) for item in value[:20]):
            return ()
        return shorten(_option(item, lang) for item in value[: 10 * MOST_OPTIONS])
    if isinstance(value, Mapping) and value and not holds_fields(value):
        if is_translated(value):
            return ()
        labels = [(key, inner) for key, inner in value.items() if isinstance(inner, str | int | Mapping)]
        if len(labels) == len(value):
            return shorten(
                (not isinstance(inner, int) and _option(inner, lang)) or key for key, inner in labels
            )
    return ()


def _option(item: object, lang: str) -> str:
    if isinstance(item, Mapping):
        for key in (
            "label",
            "optionText",
            "title",
            "text",
            "name",
            "display",
            "prompt",
            "description",
            "value",
            "id",
            "key",
        ):
            said = said_in(item.get(key), lang) or (
                plain(item.get(key)) if isinstance(item.get(key), int | float) else ""
            )
            if said:
                return said
        return said_in(item, lang) or (plain(next(iter(item))) if len(item) == 1 else "")
    if isinstance(item, list):
        return plain(item[-1]) if item else ""
    return plain(item)


def _is_input(item: Mapping[str, Any]) -> bool:
    """Return whether an item of what might be options is a field of its own: it has a kind and a name."""
    kind = item.get("type")
    return isinstance(kind, str) and bool(ASKING.search(kind)) and bool(name_of(item))


def has_holder(node: Mapping[str, Any]) -> bool:
    """Return whether a mapping has a key that holds fields."""
    return any(key.lower() in HOLDERS and holds_fields(value) for key, value in node.items())


def holds_fields(value: object) -> bool:
    """Return whether a value holds mappings that may be fields, not only the labels of options."""
    inner = (
        value[:5]
        if isinstance(value, list)
        else list(value.values())[:5]
        if isinstance(value, Mapping)
        else []
    )
    for item in inner:
        if isinstance(item, list):
            return holds_fields(item)
        if isinstance(item, Mapping) and (type_of(item) or any(key.lower() in HOLDERS for key in item)):
            return not is_translated(item)
    return False
