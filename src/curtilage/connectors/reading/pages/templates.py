"""Server templates (ERB, Jinja, Django, Twig, Handlebars, EJS, PHP, Nunjucks) cut out of a page.

Each piece of template is replaced by as many characters, line breaks kept, so that the rest of the
page stays where it was. A translated text (``t('.birth')``, ``_("Date of birth")``) leaves its own
words behind. A helper that makes a field (``f.text_field :ssn``, ``{{ form.ssn }}``,
``govukInput({...})``) is given back as a :class:`Helper`. Nothing is ever run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.bounds import Deadline

_OPENING: Final = re.compile(r"<%|\{\{|\{%[-+~\s]|\{#\s|<\?")
_CLOSING: Final = {"<%": "%>", "{{": "}}", "{%": "%}", "{#": "#}", "<?": "?>"}
_LONGEST_PIECE: Final = 20_000

_QUOTED: Final = r"""(?:"([^"\\]{1,500})"|'([^'\\]{1,500})')"""
_CALL: Final = (
    r"(?:\b(?:t|_|__|_e|trans|translate|gettext|gettext_lazy|intl|localize|l10n|msg|i18n|I18n\.t)|\$t)[\s(]+"
)
_TRANSLATED: Final = re.compile(_CALL + _QUOTED)
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
    r"(?::?\b(?P<key>label|label_text|legend|placeholder|title|hint|prompt|help_text|question)\b\s*(?:=>|:|=)\s*(?:\{\s*text:\s*)?"
    r"(?:" + _CALL + r")?)" + _QUOTED
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
_GOVUK: Final = re.compile(r"\b(?:govuk|moj|dwp|hmrc|nhsuk)([A-Z]\w{2,40})\s*\(\s*\{")
_GOVUK_FIELDS: Final = frozenset(
    """Input Radios Checkboxes DateInput Select Textarea CharacterCount FileUpload PasswordInput DatePicker CurrencyInput
    Autocomplete""".split()
)
_MEMBER: Final = re.compile(r"""\b(name|idPrefix|id)\s*:\s*["']([^"']{1,200})["']""")
_TEXT_MEMBER: Final = re.compile(r"""\b(?:text|html)\s*:\s*(?:t\(|__\(|translate\()?\s*""" + _QUOTED)


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


def cut_templates(page: str, deadline: Deadline) -> tuple[str, list[Helper]]:
    """Return the page without template code, as long as before, and the helpers found in it."""
    pieces: list[str] = []
    helpers: list[Helper] = []
    done = at = 0
    closings: dict[str, int] = {}  # where each kind of piece closes next; the page's length where none does
    while found := _OPENING.search(page, at):
        deadline.check()
        opening = found.group()[:2]
        end = closings.get(opening, -1)
        if end < found.end():
            end = page.find(_CLOSING[opening], found.end())
            end = closings[opening] = end if end >= 0 else len(page)
        if end - found.end() > _LONGEST_PIECE or end == len(page):
            at = found.end()
            continue
        code = page[found.end() : end]
        made = _helpers(code, found.start(), opening)
        helpers += made
        pieces += (page[done : found.start()], _filling(page[found.start() : end + 2], "" if made else code))
        done = at = end + 2
    pieces.append(page[done:])
    return "".join(pieces), helpers


def _filling(piece: str, code: str) -> str:
    """Return the words that a piece of template shows, padded to its length; its line breaks last."""
    translated = _TRANSLATED.search(code)
    words = (translated[1] or translated[2]) if translated else ""
    words = re.sub(r"[<>\"'&\n]", " ", words)
    breaks = piece.count("\n")
    return words + " " * (len(piece) - len(words) - breaks) + "\n" * breaks


def _helpers(code: str, at: int, opening: str) -> list[Helper]:
    if opening == "<%":
        return _ruby(code, at)
    if opening not in ("{{", "{%"):
        return []
    if found := _GOVUK.search(code):
        return _govuk(found[1], code, at)
    fields = [
        found[1]
        for found in _DJANGO.finditer(code)
        if found[1] not in _DJANGO_NO_FIELD
        and not found[2]
        and "for " not in code[:6]
        and "if " not in code[:6]
    ]
    return [Helper(at, "field", fields[0])] if len(fields) == 1 else []


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
    hint = next(
        (said[key] for key in ("placeholder", "hint", "title", "help_text", "prompt") if key in said), ""
    )
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
    pairs = _PAIR.findall(found.group())
    return tuple(first or second for first, second in pairs or _LITERAL.findall(found.group()))


def _govuk(component: str, code: str, at: int) -> list[Helper]:
    if component not in _GOVUK_FIELDS:
        return []
    head, _, items = code.partition("items:")
    names = dict(
        reversed([(match[1], match[2]) for match in _MEMBER.finditer(head + items.rpartition("]")[2])])
    )
    texts = [first or second for first, second in _TEXT_MEMBER.findall(head)]
    options = tuple(first or second for first, second in _TEXT_MEMBER.findall(items))
    name = names.get("name") or names.get("idPrefix") or names.get("id", "")
    return [Helper(at, component.lower(), name, texts[0] if texts else "", " ".join(texts[1:2]), options)]
