"""Finds what looks like a field in any tree of mappings and lists, JSON or YAML.

Forms that people invent for themselves have no schema, but they look alike: a list of things that
each have a label and a name, or a kind, or options, below something called fields, questions or
elements. This looks for that, conservatively: a list of plain records is data and gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.forms.field import (
    ASKING,
    HOLDERS,
    OPTIONS,
    facts_of,
    has_holder,
    holds_fields,
    label_of,
    languages_of,
    name_of,
    options_of,
    text_of,
    type_of,
)
from curtilage.connectors.reading.json_text import pointer
from curtilage.connectors.reading.text import join
from curtilage.connectors.reading.yaml_text import YamlMap, line_of
from curtilage.foundation.place import Place

Steps = tuple[str | int, ...]

_STRONG_HOLDERS: Final = frozenset(
    """fields questions elements components inputs controls formfields form_fields formelements prompts
    subfields subquestions item inputfields formcontrols formcomponents conditionalquestions fieldset
    questionnaire""".split()
)
#: Kinds of input that nothing but a form has: what a list without a telling name must show.
_INPUT: Final = re.compile(
    r"""(?:short|long|single|free|multi)?[ _-]?(?:line)?[ _-]?(?:text|string)(?:[ _-]?(?:field|area|box|input))?
      |input|(?:input|form)[ _-]?\w+|number|integer|date|datetime(?:-local)?|time|e-?mail|tel|phone(?:[ _-]?number)?
      |(?:multi[ _-]?)?(?:select|choice|radio|checkbox(?:es)?|dropdown)(?:[ _-]?(?:group|one|multiple|list|boxes|buttons?|field))?
      |(?:single|multiple)[ _-]?(?:choice|select)|boolean|yes[ _-]?(?:or[ _-]?)?no|(?:fixed|multi[ _-]?select)[ _-]?list|address\w*|document|file(?:[ _-]?upload)?|signature""",
    re.VERBOSE | re.IGNORECASE,
)
_STILL: Final = re.compile(
    r"""^(?:html|html_?element|content|static|statictext|paragraph_?display|markup|markdown|header|heading|h\d|divider|separator|spacer
      |button|submit|reset|image|video|link|note|info|information|message|alert|banner|label|legend|section|(?:section|page|column|tab)[ _]?break|display
      |panel|fieldset|container|layout|columns?|grid|row|well|tabs?|group|repeat|wizard|page|form
      |verticallayout|horizontallayout|categorization|category|stack|card|expression|statement|welcome_?screen|thankyou_?screen
      |begin[ _]group|end[ _]group|begin[ _]repeat|end[ _]repeat|start|end|deviceid|calculate|summary|review|accordion
      |object|array|details|info_?text|help_?text|info_?box|warning(?:text|message)?|insettext|hint|nested|group_?layout|sectionheader|text_?block)$""",
    re.VERBOSE | re.IGNORECASE,
)
#: What stands in a list of fields and heads those below it.
_BREAK: Final = re.compile(r"(?:section|tab|page)[ _]?break", re.IGNORECASE)
#: Pairs of keys that programs give every field, also one without a label.
_CODED: Final = (("ID", "FieldType"), ("fieldname", "fieldtype"))
_EXTRA: Final = frozenset(
    """required placeholder validation validations validators validate mask min max minlength maxlength
    pattern options choices default defaultvalue visibleif showif dependson dependent conditional
    isrequired optional mandatory readonly hidden multiple validationrules rules hint help helptext
    tooltip errormessage autocomplete mixin questionoptions""".split()
)
#: Keys under which answers are kept, which are nobody's business here.
_ANSWERS: Final = frozenset(
    "answer answers response responses submission submissions record records entry entries result results".split()
)
#: Keys of a field under which no further question stands.
_RULES: Final = frozenset(
    """validate validation validations validators validationRules rules conditions conditional logic
    errors error translations i18n visibleIf showIf visibility dependsOn attributes_for style css
    default defaultValue value lists optionSets choiceLists codeLists lookups""".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a tree that looks like a field.

    Attributes:
        node: The mapping itself.
        steps: The way to it from the root.
        key: Its name in the mapping that holds it; empty in a list.
        section: Titles of what it stands in, the nearest last.
        line: 1-based line where it starts, 0 where lines are not known.
    """

    node: Mapping[str, Any]
    steps: Steps
    key: str
    section: tuple[str, ...]
    line: int


def find_entries(root: object) -> Iterator[Entry]:
    """Give everything below ``root`` that looks like a field, in the order of the file.

    Args:
        root: A tree that a reader has loaded within its bounds.
    """
    yield from _below(root, (), (), _Trust.LITTLE)


class _Trust(IntEnum):
    """How much what stands around says that fields stand here."""

    LITTLE = 0
    """Somewhere in the file."""
    INSIDE = 1
    """In a list within a field: follow-up questions, but rules and conditions too."""
    MUCH = 2
    """In what is called fields, questions or the like."""


def _below(node: object, steps: Steps, section: tuple[str, ...], trust: _Trust) -> Iterator[Entry]:
    """Look at what a list or mapping holds."""
    if isinstance(node, list):
        around = section
        for index, inner in enumerate(node):
            if isinstance(inner, Mapping):
                if _BREAK.fullmatch(type_of(inner)):
                    around = (*section, label_of(inner))[-3:]
                yield from _look(Entry(inner, (*steps, index), "", around, line_of(node, index)), trust)
            else:
                yield from _below(inner, (*steps, index), section, trust)
    elif isinstance(node, Mapping):
        for key, inner in node.items():
            if not isinstance(inner, list | Mapping) or key in _RULES:
                continue
            if key.lower() in _ANSWERS:
                yield from _below(_asked(node, inner), (*steps, key), section, _Trust.MUCH)
                continue
            if key not in OPTIONS or holds_fields(inner):
                entry = Entry(node, (*steps, key), key, section, line_of(node, key))
                yield from _member(entry, inner, trust)


def _asked(question: Mapping[str, Any], answers: object) -> list[Mapping[str, Any]]:
    """Return the boxes below one question, each with the question's words where it has none of its own.

    Some questionnaires call their boxes answers. What somebody answered has neither kind nor name.
    """
    title = label_of(question, late=False)
    boxes = answers if title and isinstance(answers, list) else []
    if not boxes or not all(
        isinstance(box, Mapping) and name_of(box) and _INPUT.fullmatch(type_of(box)) for box in boxes
    ):
        return []
    return [box if label_of(box, late=False) else {**box, "label": title} for box in boxes]


def _member(entry: Entry, inner: object, trust: _Trust) -> Iterator[Entry]:
    """Look at one value of a mapping, ``entry`` being the mapping and the key."""
    word = entry.key.lower()
    if word in _STRONG_HOLDERS:
        yield from _below(inner, entry.steps, entry.section, _Trust.MUCH)
    elif trust is not _Trust.INSIDE and isinstance(inner, Mapping) and word not in HOLDERS:
        yield from _look(replace(entry, node=inner), trust)
    else:
        yield from _below(inner, entry.steps, entry.section, trust)


def _look(entry: Entry, trust: _Trust) -> Iterator[Entry]:
    """Give an entry where it looks like a field, then what stands within it."""
    is_field = looks_like_field(entry.node, key=entry.key, trust=trust)
    if is_field:
        yield entry
    title = label_of(entry.node)
    inside = (*entry.section, title)[-3:] if title and has_holder(entry.node) else entry.section
    yield from _below(entry.node, entry.steps, inside, min(trust, _Trust.INSIDE) if is_field else trust)


def looks_like_field(node: Mapping[str, Any], *, key: str = "", trust: int = _Trust.LITTLE) -> bool:
    """Return whether a mapping is asked of somebody.

    Args:
        node: The mapping.
        key: The name under which another mapping holds it; empty in a list.
        trust: How much what stands around says so: 0 little, 1 it is inside a field, 2 much.
    """
    kind = type_of(node)
    if isinstance(node.get("input"), bool) and kind:
        # form.io says so itself, whatever kinds of input a city has added to it
        return bool(node["input"] and label_of(node)) and kind != "button"
    if kind and _STILL.match(kind) and node.get("fieldtype") != "Link":  # Frappe's word for a list of records
        return False
    if any(node.get(name) and node.get(typed) for name, typed in _CODED):
        return True
    options = options_of(node)
    label = label_of(node, late=bool(trust))
    is_input = bool(kind and ASKING.search(kind))
    asks = is_input or bool(options) or any(name.lower() in _EXTRA for name in node)
    if has_holder(node) and not is_input and not options:
        return False
    named = bool(name_of(node)) or "name" in node
    if key and trust != _Trust.LITTLE:
        return bool(label or options) and (asks or trust == _Trust.MUCH or _only_words(node))
    if trust == _Trust.MUCH:
        return bool(label or named) and asks
    if trust == _Trust.INSIDE:
        return bool(label) and named and asks
    return bool(label) and (named or bool(key)) and bool(_INPUT.fullmatch(kind) or (options and kind))


def make_places(entry: Entry, document: Document, context: str = "") -> Iterator[Place]:
    """Give the place of a field.

    Where lines are known each language has a place of its own: the first at the line of the field, the
    others at theirs. Elsewhere the locator is a JSON pointer, and the other languages are translations.
    """
    (first, _), *others = (languages_of(entry.node) or {"": 0}).items()
    place = Place(
        source=document.source,
        locator=f"line:{entry.line}" if isinstance(entry.node, YamlMap) else pointer(*entry.steps),
        kind="question",
        name=name_of(entry.node, entry.key),
        text=text_of(entry.node, first),
        options=options_of(entry.node, first),
        lang=first.replace("_", "-"),
        context=join(context, *entry.section, by=" › ")[:300],
        type=type_of(entry.node),
        facts=facts_of(entry.node),
    )
    if not isinstance(entry.node, YamlMap):
        said = tuple((lang.replace("_", "-"), text_of(entry.node, lang)) for lang, _ in others)
        yield replace(place, translations=said)
        return
    yield place
    for lang, line in others:
        options, tag = options_of(entry.node, lang), lang.replace("_", "-")
        yield replace(
            place, locator=f"line:{line}", text=text_of(entry.node, lang), lang=tag, options=options
        )


def _only_words(node: Mapping[str, Any]) -> bool:
    """Return whether everything in a mapping is text of a label, as in a file of translations."""
    return (
        bool(node)
        and all(isinstance(value, str | Mapping) for value in node.values())
        and ("label" in node or "legend" in node or "options" in node or "hint" in node)
    )
