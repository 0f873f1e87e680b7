"""Inputs of React forms: what is asked, under which name, with the label that the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from curtilage.connectors.reading.trees import Node, text_of
from curtilage.connectors.reading.typescript.objects import Member
from curtilage.connectors.reading.typescript.values import Names, listed, literal, name_of, within

_INPUT: Final = re.compile(
    r"input\Z|select\Z|textarea\Z"
    r"|(?:[A-Z][\w.]*)?(?:Field|Input|Select|Checkbox|CheckboxGroup|Radio|RadioGroup|RadioButtons?|Picker|TextArea|Textarea|Dropdown"
    r"|Autocomplete|Switch|Toggle|Question|Combobox|ComboBox|Controller|Item|Control|FormGroup|Upload|Typeahead|Fieldset|YesNo)\Z"
)
_LABEL: Final = re.compile(r"label\Z|legend\Z|\w*Label\Z|\w*Legend\Z|Form\.Label\Z")
_NAMES: Final = (
    "name",
    "id",
    "field",
    "fieldName",
    "inputName",
    "controlId",
    "dataKey",
    "source",
    "path",
    "property",
)
_SAYS: Final = ("label", "question", "legend", "title", "aria-label", "ariaLabel", "labelText", "placeholder", "help", "helpText", "helperText", "hint", "hintText", "description", "tooltip")  # fmt: skip
_VARIABLES: Final = frozenset({"identifier", "member_expression"})
#: What a component calls the value that it is given; says nothing of what is asked.
_NO_NAMES: Final = frozenset(
    {"value", "values", "defaultValue", "inputValue", "checked", "v", "x", "val", "undefined", "id", "key"}
)
_BUTTONS: Final = frozenset({"submit", "button", "reset", "image"})
_MOST_LOOKED: Final = 400


class Inputs:
    """The inputs and labels of one file, gathered first and joined when all are seen."""

    def __init__(self) -> None:
        self._inputs: list[tuple[Node, str, Mapping[str, Node | None]]] = []
        self._labels: dict[str, str] = {}
        self._around: list[tuple[int, int, str]] = []
        self._registered: list[tuple[Node, str]] = []

    def see(self, node: Node) -> None:
        """Remember an element, if it asks or labels."""
        if node.type == "jsx_element":
            opening = node.child_by_field_name("open_tag")
            if opening is not None and _LABEL.match(text_of(opening.child_by_field_name("name"))):
                self._label(node, _attributes(opening))
            return
        tag = text_of(node.child_by_field_name("name"))
        attributes = _attributes(node)
        if _INPUT.match(tag) or ("name" in attributes and "label" in attributes):
            self._inputs.append((node, tag, attributes))

    def register(self, call: Node) -> None:
        """Remember ``register('ssn')`` of react-hook-form, which names an input."""
        names = [literal(one) for one in listed(call.child_by_field_name("arguments"))[:1]]
        self._registered += [(call, name) for name in names if name]

    def members(self, names: Names) -> Iterator[Member]:
        """Give the inputs as questions, in no particular order."""
        lines = set()
        holders = [node for node, _, attributes in self._inputs if "render" in attributes][:_MOST_LOOKED]
        for node, tag, attributes in self._inputs:
            name = next((literal(attributes[key]) for key in _NAMES if literal(attributes.get(key))), "")
            name = name or self._registered_in(node) or _bound(attributes)
            kind = literal(attributes.get("type"))
            if not name and any(one.start_byte < node.start_byte < one.end_byte for one in holders):
                continue  # it is what the component around it shows
            said = self._said(node, attributes)
            if kind in _BUTTONS or not (name or any(said)):
                continue
            lines.add(node.start_point[0])
            options = [
                one
                for key in ("options", "items", "choices", "data")
                for one in names.options(_value(attributes.get(key)))
            ]
            options += (
                _children_options(node)
                if tag.endswith(("elect", "Dropdown")) or literal(attributes.get("as")) == "select"
                else []
            )
            yield Member(name, node, tuple(filter(None, said)), tuple(options), kind or tag, asks=True)
        for call, name in self._registered:
            if not any(
                node.start_byte <= call.start_byte < node.end_byte
                for node, _, _ in self._inputs[:_MOST_LOOKED]
            ):
                yield Member(name, call, (self._labels.get(name, ""),), asks=True)

    def _said(self, node: Node, attributes: Mapping[str, Node | None]) -> list[str]:
        """Return what an input, its labels, or the inputs that it shows say."""
        keys = ("id", "name", "labelId")
        labels = [self._labels.get(literal(attributes.get(key)), "") for key in keys]
        said = [literal(attributes.get(key)) for key in _SAYS] + labels
        if any(said):
            return said
        if "render" in attributes:
            shown = [one for start, _, one in self._around if node.start_byte < start < node.end_byte]
            inner = [
                told for one, _, told in self._inputs if node.start_byte < one.start_byte < node.end_byte
            ]
            said = shown[:1] or [literal(told.get(key)) for told in inner[:1] for key in _SAYS]
        return said if any(said) else [self._wrapping(node)]

    def _registered_in(self, node: Node) -> str:
        inside = (
            name for call, name in self._registered if node.start_byte <= call.start_byte < node.end_byte
        )
        return next(inside, "")

    def _label(self, node: Node, attributes: Mapping[str, Node | None]) -> None:
        said = _shown(node)
        target = next(
            (literal(attributes[key]) for key in ("htmlFor", "for", "id") if literal(attributes.get(key))), ""
        )
        if target and said:
            self._labels.setdefault(target, said)
        if said and len(self._around) < _MOST_LOOKED:
            self._around.append((node.start_byte, node.end_byte, said))

    def _wrapping(self, node: Node) -> str:
        """Return the text of the label that the input stands in."""
        inside = (said for start, end, said in self._around if start <= node.start_byte < end)
        return next(inside, "")


def _bound(attributes: Mapping[str, Node | None]) -> str:
    """Return the variable that an input without a name shows: ``value={form.ssn}``."""
    for key in ("value", "checked", "defaultValue"):
        node = attributes.get(key)
        name = text_of(node).rpartition(".")[2] if node is not None and node.type in _VARIABLES else ""
        if name and name not in _NO_NAMES:
            return name.lstrip("#?")
    return ""


def _attributes(opening: Node) -> dict[str, Node | None]:
    found: dict[str, Node | None] = {}
    for child in opening.named_children:
        if child.type == "jsx_attribute" and child.named_children:
            value = child.named_children[1] if len(child.named_children) > 1 else None
            found.setdefault(name_of(child.named_children[0]), _value(value))
    return found


def _value(node: Node | None) -> Node | None:
    """Return what stands in the braces of an attribute."""
    if node is not None and node.type == "jsx_expression":
        return node.named_children[0] if node.named_children else None
    return node


def _shown(node: Node) -> str:
    """Return the words that an element shows, translated ones by their default or key."""
    said: list[str] = []
    for part in within(node, most=_MOST_LOOKED):
        if part.type == "jsx_text":
            said.append(" ".join(text_of(part).split()))
        elif part.type == "jsx_expression" and part.named_children:
            said.append(literal(part.named_children[0]))
        elif part.type == "jsx_attribute" and name_of(part.named_children[0]) in {
            "defaultMessage",
            "i18nKey",
        }:
            said.append(literal(part.named_children[-1]))
    return " ".join(filter(None, said))


def _children_options(opening: Node) -> list[str]:
    element = opening.parent
    if element is None or element.type != "jsx_element":
        return []
    options = (one for one in element.named_children if one.type == "jsx_element")
    return [
        _shown(one)
        for one in options
        if re.match(
            r"<\s*[\w.]*(?:[Oo]ption|MenuItem|SelectItem)", text_of(one.child_by_field_name("open_tag"))
        )
    ]
