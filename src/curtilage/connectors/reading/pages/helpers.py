"""Calls in server templates that make a field, or the label of one; never run.

Each engine has its own: ``f.text_field :ssn`` (ERB), ``{{ form.ssn }}`` (Django, Twig), ``govukInput({...})``
(Nunjucks, Jinja), ``{{input name="ssn"}}`` (Handlebars), ``Form::text("ssn")`` (Blade), ``@Html.TextBoxFor(m => m.Ssn)``
(Razor). A call of anybody's own counts where it says both a name and a label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = r"""(?:"([^"\\]{1,500})"|'([^'\\]{1,500})')"""
_CALL: Final = (
    r"(?:\b(?:t|_|__|_e|trans|translate|gettext|gettext_lazy|intl|localize|l10n|msg|i18n|I18n\.t)|\$t)[\s(]+"
)
TRANSLATED: Final = re.compile(_CALL + _QUOTED + "|" + _QUOTED + r"\s*\|\s*(?:trans|translate|t)\b")
_RUBY: Final = re.compile(
    r"""(?:^|[\s=(])(?:(\w{1,40})\.)?(?P<method>\w{1,60}?)(?P<tag>_tag)?[ (]\s*(?::(?P<symbol>\w{1,100})|["'](?P<text>[\w\[\].-]{1,100})["'])"""
)
_RUBY_FIELD: Final = re.compile(
    r"(?:\w+_)?(?:field|area|select|button|buttons|box|boxes|input|radio_set|checkbox_set|check_boxes|date|upload|association"
    r"|radio|checkbox|radios|checkboxes|textfield|textarea|text_field|dropdown|fieldset)(?:_with_\w+)?"
)
_RUBY_NO_FIELD: Final = re.compile(
    r"submit|^button|button_to|image|fields_for|simple_fields|link|render|error"
)
_SAID: Final = re.compile(
    r""":?\b(?P<key>label|label_text|legend|placeholder|title|hint|prompt|help|help_text|question)\b["']?\s*(?:=>|:|=)\s*
    (?:\{\s*["']?text["']?:\s*)?""".replace("\n    ", "")
    + "(?:"
    + _CALL
    + ")?"
    + _QUOTED
)
_POSITIONAL: Final = re.compile(r"\s*,\s*(?:" + _CALL + r")?" + _QUOTED + r"\)?\s*(?:,|\)|$|do\b|-?$)")
_VALUE: Final = re.compile(r"""\s*,\s*(?::(\w+)|["']([^"']*)["']|(true|false|\d+))""")
_LIST: Final = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]{0,300}\]){0,4000}+\]")
_PAIR: Final = re.compile(r"\[\s*" + _QUOTED + r"\s*,[^\[\]]{0,200}\]")
_LITERAL: Final = re.compile(_QUOTED)
_DJANGO: Final = re.compile(r"\b\w{0,40}[fF]orm\w{0,20}\.(\w{1,100})((?:\.\w{1,40})?)")
_DJANGO_NO_FIELD: Final = frozenset(
    """errors non_field_errors hidden_tag csrf_token media as_p as_table as_ul as_div management_form action instance is_valid
    method helper prefix fields visible_fields hidden_fields data submit id name title object email_subject items is_bound
    label value attrs vars children start end row rest widget enctype url button""".split()
)
_GOVUK: Final = re.compile(r"\b(?:govuk|moj|dwp|hmrc|nhsuk|hmcts|ds|ons|on[Ss])([A-Z]\w{2,40})\s*\(\s*\{")
_GOVUK_FIELDS: Final = frozenset(
    """Input Radios Checkboxes DateInput Select Textarea CharacterCount FileUpload PasswordInput DatePicker CurrencyInput
    Autocomplete""".split()
)
_MEMBER: Final = re.compile(r"""\b(name|idPrefix|id)["']?\s*(?:=>|:|=)\s*["']([^"'{}$<>]{1,200})["']""")
#: Members of a component that say something else than its label.
_ASIDE: Final = re.compile(r"""\berrorMessage["']?\s*:\s*\{[^{}]{0,2000}\}""")
_ITEM_ASIDE: Final = re.compile(r"""\b(?:hint|label|conditional)["']?\s*:\s*\{[^{}]{0,2000}\}""")
_FACADE: Final = re.compile(r"""\bForm::(?P<method>\w{1,40})\(\s*["'](?P<name>[\w\[\].-]{1,100})["']""")
_NO_FIELDS: Final = frozenset({"open", "model", "close", "submit", "button", "reset", "token", "image"})
_ARROWED: Final = re.compile(r"""=>\s*(?:__\(|trans\()?\s*""" + _QUOTED)
_COMPONENT: Final = re.compile(r"[#>~\s]*([\w./-]{1,80})\s+(?=[\w@])")
_COMPONENT_FIELD: Final = re.compile(
    r"(?:input|textarea|text-area|select|checkbox|radio|picker|dropdown|field|date|question)[\w-]*\Z",
    re.IGNORECASE,
)
_SETTING: Final = re.compile(
    r"""(?<!\S)@?([\w-]{1,40})=(?:"([^"]{0,300})"|'([^']{0,300})'|\(?(?:t\s+)?["']?([\w.-]{1,100}))"""
)
_HTML_CALL: Final = re.compile(
    r"""Html\.(?P<method>(?:Label|DisplayName|TextBox|TextArea|Editor|DropDownList|ListBox|EnumDropDownList|CheckBox|RadioButton|Password|Hidden)(?:For)?)
    \(\s*(?:\w+\s*=>\s*\w+\.(?P<member>[\w.\[\]]{1,200})|["'](?P<name>[\w.\[\]-]{1,200})["'])""",
    re.VERBOSE,
)
_TEXT_MEMBER: Final = re.compile(r"""\b(?:text|html)["']?\s*:\s*(?:t\(|__\(|translate\()?\s*""" + _QUOTED)


@dataclass(frozen=True, slots=True)
class Helper:
    """A call in a template that makes a field or the label of one.

    Attributes:
        at: Where it stands, in characters from the start of the page.
        kind: ``label`` or what it makes (``text_field``, ``radio_button``, ``select``).
        name: The field's name.
        text: Its label where the call says one.
        hint: Its placeholder or hint.
        options: The choices it lists.
    """

    at: int
    kind: str
    name: str
    text: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()


def helpers_in(code: str, at: int, opening: str) -> list[Helper]:
    """Return the calls in one piece of template.

    Args:
        code: What stands between the brackets.
        at: Where the piece stands, in characters from the start of the page.
        opening: The bracket that opens it: ``<%``, ``{{``, ``{%``, ``{!`` or ``@``.
    """
    if opening == "<%":
        return _ruby(code, at)
    if opening == "@":
        return _razor(code, at) or _described(code, at)
    if opening not in ("{{", "{%", "{!"):
        return []
    if found := _GOVUK.search(code):
        return _govuk(found[1], code, at)
    return _laravel(code, at) or _ember(code, at) or _of_form(code, at) or _described(code, at)


def _of_form(code: str, at: int) -> list[Helper]:
    """Read ``{{ form.ssn }}``, ``{{ form_row(form.ssn, {'label': 'Number'}) }}``, ``{% render_field form.ssn %}``."""
    fields = [
        found[1]
        for found in _DJANGO.finditer(code)
        if found[1] not in _DJANGO_NO_FIELD
        and not found[2]
        and "for " not in code[:6]
        and "if " not in code[:6]
    ]
    if len(fields) != 1 or re.match(r"[\s-]*form_(?:errors|help|end|start)\b", code):
        return []
    said = {match["key"]: match[2] or match[3] for match in _SAID.finditer(code)}
    if re.match(r"[\s-]*form_label\b", code):
        named = _LITERAL.search(code)
        return [Helper(at, "label", fields[0], said.get("label") or (named[1] or named[2] if named else ""))]
    return [
        Helper(at, "field", fields[0], said.get("label", ""), said.get("help") or said.get("placeholder", ""))
    ]


def _laravel(code: str, at: int) -> list[Helper]:
    """Read ``Form::label('ssn', 'Number')`` and ``Form::select('sex', ['f' => 'Female'])``."""
    found = _FACADE.search(code)
    if found is None or found["method"] in _NO_FIELDS:
        return []
    method, rest = found["method"].lower(), code[found.end() :]
    if method == "label":
        return [Helper(at, "label", found["name"], _positional(rest))]
    said = {match["key"]: match[2] or match[3] for match in _SAID.finditer(rest)}
    options = tuple(first or second for first, second in _ARROWED.findall(rest)) if method == "select" else ()
    kind = {"checkbox": "check_box", "radio": "radio_button", "hidden": "hidden_field"}.get(method, method)
    if kind == "radio_button" and (value := _VALUE.match(rest)):
        options = (next(filter(None, value.groups()), ""),)
    return [Helper(at, kind, found["name"], "", said.get("placeholder", ""), options)]


def _ember(code: str, at: int) -> list[Helper]:
    """Read ``{{input name="ssn" label="Number"}}`` and ``{{> select name="visa"}}``."""
    found = _COMPONENT.match(code)
    if found is None or not _COMPONENT_FIELD.search(found[1]):
        return []
    told = {match[1].lower(): match[2] or match[3] or match[4] for match in _SETTING.finditer(code)}
    name = next(
        (told[key] for key in ("name", "field", "fieldname", "property", "id", "value") if told.get(key)), ""
    )
    label = next((told[key] for key in ("label", "legend", "title", "question") if told.get(key)), "")
    return (
        [Helper(at, "input", name, label, told.get("placeholder") or told.get("hint") or "")] if name else []
    )


def _razor(code: str, at: int) -> list[Helper]:
    """Read ``@Html.LabelFor(m => m.Ssn, "Number")``, ``@Html.TextBox("ssn")``."""
    found = _HTML_CALL.match(code)
    if found is None:
        return []
    method, name, rest = found["method"], found["member"] or found["name"], code[found.end() :]
    texts = [
        first or second for first, second in _LITERAL.findall(rest.partition("new {")[0].partition("new{")[0])
    ]
    if method.startswith(("Label", "DisplayName")):
        return [Helper(at, "label", name, texts[0] if texts else "")]
    kind = {"CheckBox": "check_box", "RadioButton": "radio_button", "Hidden": "hidden_field"}.get(
        method.removesuffix("For"), method.removesuffix("For").lower()
    )
    listed = re.search(r"new\s*(?:string\s*)?\[\]\s*\{([^{}]{0,4000})\}", rest)
    choices = [first or second for first, second in _LITERAL.findall(listed[1])] if listed else []
    return [Helper(at, kind, name, "", "", tuple(texts[:1] if kind == "radio_button" else choices))]


def _described(code: str, at: int) -> list[Helper]:
    """Read a call of somebody's own that says a name and a label: ``{{ field(name="ssn", label="Number") }}``."""
    name, said = _MEMBER.search(code), {match["key"]: match[2] or match[3] for match in _SAID.finditer(code)}
    label = said.get("label") or said.get("label_text") or said.get("legend") or said.get("question")
    if not name or not label or "submit" in code.lower()[:60]:
        return []
    return [Helper(at, "input", name[2], label, said.get("hint") or said.get("help_text") or "")]


def _ruby(code: str, at: int) -> list[Helper]:
    found = _RUBY.search(code)
    if found is None:
        return []
    method, name = found["method"], found["symbol"] or found["text"]
    rest = code[found.end() :]
    said = {match["key"]: match[2] or match[3] for match in _SAID.finditer(rest)}
    if method.endswith("label") or method == "label":
        return [Helper(at, "label", name, _positional(rest) or said.get("label", ""))]
    if not _RUBY_FIELD.fullmatch(method) or _RUBY_NO_FIELD.search(method):
        return []
    text = next((said[key] for key in ("label", "label_text", "legend", "question") if key in said), "")
    if not text and not found["tag"] and method not in ("radio_button", "check_box", "hidden_field"):
        text = _positional(rest)
    hint = next((said[key] for key in ("placeholder", "hint", "title", "help_text") if key in said), "")
    value = _VALUE.match(rest) if method == "radio_button" else None
    options = (next(filter(None, value.groups()), ""),) if value else _listed(rest)
    return [Helper(at, method, name, text, hint, options)]


def _positional(rest: str) -> str:
    found = _POSITIONAL.match(rest)
    return (found[1] or found[2] or "") if found else ""


def _listed(rest: str) -> tuple[str, ...]:
    found = _LIST.search(rest)
    if found is None:
        return ()
    pairs = _PAIR.findall(found.group()[1:])
    return tuple(first or second for first, second in pairs or _LITERAL.findall(found.group()))


def _govuk(component: str, code: str, at: int) -> list[Helper]:
    if component not in _GOVUK_FIELDS:
        return []
    head, _, items = (
        _ASIDE.sub("", code).replace("'items'", "items").replace('"items"', "items").partition("items:")
    )
    names = dict(
        reversed([(match[1], match[2]) for match in _MEMBER.finditer(head + items.rpartition("]")[2])])
    )
    texts = [first or second for first, second in _TEXT_MEMBER.findall(head)]
    options = tuple(first or second for first, second in _TEXT_MEMBER.findall(_ITEM_ASIDE.sub("", items)))
    name = names.get("name") or names.get("idPrefix") or names.get("id", "")
    return [Helper(at, component.lower(), name, texts[0] if texts else "", " ".join(texts[1:2]), options)]
