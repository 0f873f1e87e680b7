"""Fields that Ruby keeps as data: a hash that describes one, a list of their names.

* A hash is a field where it has a name and a label, and a kind, answers, or a class that says so:
  ``Field.new("name" => "sex", "type" => "radio_button", "display_name_en" => "Sex")``.
* A list names fields where its constant or method says that it does (``PERSON_ATTRIBUTES``), or
  where a controller permits it, and where every item is a plain identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.languages import as_tag
from curtilage.connectors.reading.ruby.values import pairs, plain_arguments, text_of_string, word
from curtilage.connectors.reading.text import join
from curtilage.connectors.reading.trees import Node, descendants, text_of

_LANGUAGE: Final = r"(?:_(all|[a-z]{2}(?:[_-][A-Za-z]{2,4})?))?\Z"
_NAME: Final = ("name", "key", "field", "field_name", "attribute", "attribute_name", "id", "unique_id", "slug", "code", "variable")  # fmt: skip
_LABEL: Final = re.compile(
    rf"(?:display_name|label|question|question_text|title|text|prompt|name_i18n){_LANGUAGE}"
)
_HINT: Final = re.compile(rf"(?:help_text|hint|help|description|tooltip|guiding_questions){_LANGUAGE}")
_OPTIONS: Final = re.compile(
    r"option_strings_text(?:_\w+)?\Z|options\Z|choices\Z|answers\Z|collection\Z|values\Z"
)
_KIND: Final = ("type", "field_type", "input_type", "data_type", "kind", "as", "widget", "input")
_SAYS: Final = ("display_text", "label", "text", "name", "title", "value", "id")
_CLASS: Final = re.compile(r"(?:Field|Question|Column|Attribute|FormElement)\Z")
_IDENTIFIER: Final = re.compile(r"[a-z_][\w]*[?!]?\Z")
_LISTS_FIELDS: Final = re.compile(
    r"(?:\A|_)(?:attrs?|attributes?(?:_names)?|fields?(?:_names)?|params|parameters|columns?(?:_names)?|questions)\Z"
    r"|\A(?:permitted|allowed|whitelisted|editable|personal)_",
    re.IGNORECASE,
)
_ARRAYS: Final = frozenset({"array", "symbol_array", "string_array"})
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class HashField:
    """A field that a hash describes; ``said`` has language and text, the first one best."""

    node: Node
    name: str
    said: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    type: str


def field_of(node: Node) -> HashField | None:
    """Return the field that a hash, or the arguments of a call, describe; None where they describe none."""
    told = pairs(node)
    key = next((one for one in _NAME if _IDENTIFIER.match(word(told.get(one)))), "")
    labels = _texts(told, _LABEL)
    if not key or not labels:
        return None
    kind = next((word(told[one]) for one in _KIND if one in told and word(told[one])), "")
    options = next((found for one in told if _OPTIONS.match(one) and (found := _answers(told[one]))), [])
    if not (kind or options or _CLASS.search(_class_around(node))):
        return None
    hints = _texts(told, _HINT)
    said = tuple((lang, join(text, hints.get(lang, ""))) for lang, text in labels.items())
    pair = next(
        one for one in node.named_children if one.type == "pair" and word(one.named_children[0]) == key
    )
    return HashField(pair, word(told[key]), said, tuple(options), kind)


def names_in_list(name: str, value: Node | None) -> list[Node]:
    """Return the items of the lists below ``value``, if ``name`` says that they are names of fields."""
    return _identifiers(value) if value is not None and _LISTS_FIELDS.search(name) else []


def permitted(call: Node) -> Iterator[tuple[str, Node]]:
    """Give name and node of what ``params.require(:person).permit(:ssn, address: [:street])`` lets in."""
    arguments, receiver = call.child_by_field_name("arguments"), call.child_by_field_name("receiver")
    inner = (
        receiver.child_by_field_name("arguments")
        if receiver is not None and receiver.type == "call"
        else None
    )
    owner = next((word(one) for one in plain_arguments(inner)), "") if inner is not None else ""
    waiting = [(owner, arguments)]
    for _ in range(_MOST):
        if not waiting:
            return
        above, holder = waiting.pop()
        for child in holder.named_children:
            if child.type == "pair":
                full = f"{above}.{word(child.named_children[0])}".lstrip(".")
                value = child.child_by_field_name("value")
                if value is not None and value.type in _ARRAYS and value.named_children:
                    waiting.append((full, value))
                else:
                    yield full, child
            elif child.type in _ARRAYS or child.type == "hash":
                waiting.append((above, child))
            elif _IDENTIFIER.match(word(child)):
                yield f"{above}.{word(child)}".lstrip("."), child


def _texts(told: Mapping[str, Node], pattern: re.Pattern[str]) -> dict[str, str]:
    """Return what the keys of a pattern say, by language; empty where a key names none."""
    found: dict[str, str] = {}
    for key, value in told.items():
        if (named := pattern.match(key)) and (said := text_of_string(value)):
            found.setdefault(as_tag(named[1] or ""), said)
    return found


def _answers(value: Node) -> list[str]:
    """Return the answers of a list of texts or of hashes with a label, or of one text of many lines."""
    if said := text_of_string(value):
        return said.replace("\\n", "\n").split("\n")
    listed = next((one for one in descendants(value, most=50) if one.type in _ARRAYS), None)
    found: list[str] = []
    for item in listed.named_children[:_MOST] if listed is not None else []:
        told = pairs(item) if item.type == "hash" else {}
        shown = item.named_children[0] if item.type == "array" and item.named_children else item
        found += [next((word(told[key]) for key in _SAYS if word(told.get(key))), word(shown))]
    return [one for one in found if one]


def _class_around(node: Node) -> str:
    """Return the class whose ``new`` or ``create`` is given the hash."""
    for _ in range(3):
        if node is None or node.type == "call":
            break
        node = node.parent
    return "" if node is None else text_of(node.child_by_field_name("receiver"))


def _identifiers(value: Node) -> list[Node]:
    found: list[Node] = []
    for one in descendants(value, most=2000):
        # Under a key it is what a parameter may hold, and is read with that.
        if one.type in _ARRAYS and one.parent.type != "pair":
            items = [item for item in one.named_children if item.type not in {"comment", "splat_argument"}]
            names = [word(item) for item in items]
            if len(items) > 1 and all(map(_IDENTIFIER.match, names)):
                found += items[:_MOST]
    return found
