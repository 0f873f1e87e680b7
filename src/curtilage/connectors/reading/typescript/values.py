"""Literal values in TypeScript and JavaScript: texts, options, what a call says. Never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.reading.trees import Node, text_of

#: Keys under which an object says what it asks, best first.
SAYS: Final = (
    "question", "label", "ui:title", "getLabel", "title", "text", "legend", "prompt", "heading", "placeholder", "help", "helpText",
    "helperText", "hint", "tooltip", "moreInfo", "description", "ui:description", "message", "comment", "ariaLabel", "defaultMessage",
)  # fmt: skip
#: Keys under which an object names what it asks for.
NAMES: Final = ("name", "id", "key", "field", "fieldName", "property", "path", "dataIndex", "accessorKey", "inputName", "variable", "slug")  # fmt: skip
#: Keys under which an object lists the answers.
OPTIONS: Final = ("options", "choices", "items", "enum", "values", "answers", "oneOf", "possibleValues", "selectOptions", "radioOptions")  # fmt: skip
#: Objects inside these belong to the same question: form libraries put the label there.
NESTED: Final = ("templateOptions", "props", "ui", "uiSchema", "inputProps", "fieldProps", "componentProps", "meta", "attrs", "config")  # fmt: skip
_LISTING: Final = frozenset({"enum", "oneOf", "enumeration", "valid", "ENUM", "Enum", "picklist", "enums", "equal", "enumType", "mysqlEnum", "pgEnum"})  # fmt: skip
_TELLING: Final = frozenset({"describe", "label", "title", "comment", "description", "meta", "openapi"})
_WRAPPERS: Final = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"})  # fmt: skip
_MOST: Final = 400
#: How many nodes of one value are looked at for its texts.
_LOOK: Final = 3000


@dataclass(slots=True)
class Names:
    """What a file binds by name: lists, enumerations and unions of texts."""

    values: dict[str, Node] = field(default_factory=dict)
    unions: dict[str, list[str]] = field(default_factory=dict)

    def options(self, node: Node | None, depth: int = 0) -> list[str]:
        """Return the coded answers of a list, a mapping, or the name of one in this file.

        A label is taken before its code; a list of objects gives their labels.
        """
        node = bare(node)
        if node is None or depth > 8:
            return []
        if node.type == "array":
            return [said for item in node.named_children[:_MOST] for said in self._item(item, depth)]
        if node.type == "object":
            return [literal(value) or key for key, value in pairs(node).items()]
        if node.type == "identifier":
            name = text_of(node)
            return self.unions.get(name) or self.options(self.values.get(name), depth + 1)
        if node.type in {"arrow_function", "function_expression"}:
            lists = (part for part in within(node) if part.type == "array")
            return self.options(next(lists, None), depth + 1)
        if node.type == "call_expression":
            arguments = node.child_by_field_name("arguments")
            return [said for part in listed(arguments)[:1] for said in self.options(part, depth + 1)]
        return []

    def _item(self, item: Node, depth: int) -> list[str]:
        item = bare(item)
        if item.type == "object":
            told = pairs(item)
            keys = ("label", "text", "title", "name", "value", "const", "id", "key")
            said = next((literal(told[key]) for key in keys if key in told and literal(told[key])), "")
            return [said] if said else []
        if item.type == "spread_element":
            return [said for part in item.named_children for said in self.options(part, depth + 1)]
        if item.type == "array":
            texts = [literal(part) for part in item.named_children]
            return [next(filter(None, reversed(texts)), "")]
        return [literal(item)] if literal(item) else []


def bare(node: Node | None) -> Node | None:
    """Return what stands inside brackets and casts."""
    for _ in range(20):
        if node is None or node.type not in _WRAPPERS or not node.named_children:
            return node
        node = node.named_children[-1 if node.type == "type_assertion" else 0]
    return node


def within(node: Node, most: int = _LOOK) -> Iterator[Node]:
    """Give a node and what lies below it, in order, up to a number."""
    waiting, count = [node], 0
    while waiting and count < most:
        found = waiting.pop()
        count += 1
        yield found
        waiting.extend(reversed(found.named_children))


def literal(node: Node | None) -> str:
    """Return a text as far as it is literal; templates give their fixed parts, ``t('…')`` its text."""
    node = bare(node)
    if node is None:
        return ""
    if node.type in {"string", "template_string"}:
        parts = (
            text_of(part) if part.type != "template_substitution" else " … " for part in node.named_children
        )
        return _unescape("".join(parts))
    if node.type == "binary_expression":
        return "".join(filter(None, (literal(node.child_by_field_name(side)) for side in ("left", "right"))))
    if node.type in {"number", "true", "false"}:
        return text_of(node)
    if node.type == "call_expression":
        return _translated(node)
    return ""


def said_in(node: Node | None) -> str:
    """Return all that a value says, also where a function puts it together."""
    node = bare(node)
    if node is None or literal(node):
        return literal(node)
    if node.type == "object":
        return literal(pairs(node).get("defaultMessage"))
    if node.type not in {
        "arrow_function",
        "function_expression",
        "method_definition",
        "ternary_expression",
        "array",
        "jsx_element",
    }:
        return ""
    said: list[str] = []
    for part in within(node):
        if part.type in {"string_fragment", "jsx_text"}:
            text = " ".join(text_of(part).split())
            if (" " in text or part.type == "jsx_text") and text not in said:
                said.append(text)
    return _unescape(" ".join(said))


def pairs(node: Node) -> Mapping[str, Node]:
    """Return the members of an object by key; a method is its own value."""
    found: dict[str, Node] = {}
    for child in node.named_children:
        if child.type == "pair":
            found.setdefault(name_of(child.child_by_field_name("key")), child.child_by_field_name("value"))
        elif child.type == "method_definition":
            found.setdefault(name_of(child.child_by_field_name("name")), child)
    return found


def name_of(node: Node | None) -> str:
    """Return a key as written, without quotes; empty for one that is computed."""
    if node is None or node.type == "computed_property_name":
        return ""
    return literal(node) if node.type == "string" else text_of(node).lstrip("#")


def listed(arguments: Node | None) -> list[Node]:
    """Return the arguments of a call."""
    found = [] if arguments is None else [node for node in arguments.named_children if node.type != "comment"]
    return [node for node in map(bare, found) if node is not None]


def callee(node: Node) -> str:
    """Return the last name of what is called or built: ``model`` of ``types.model(…)``."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is not None and function.type == "member_expression":
        return text_of(function.child_by_field_name("property"))
    return text_of(function)


def chain(node: Node | None) -> Iterator[Node]:
    """Give the calls of ``z.enum([…]).describe('…')``, the last first."""
    for _ in range(30):
        node = bare(node)
        if node is None or node.type not in {"call_expression", "new_expression"}:
            return
        yield node
        function = node.child_by_field_name("function")
        if function is None:
            return
        node = function.child_by_field_name("object") if function.type == "member_expression" else None


def told_by_chain(node: Node | None, names: Names) -> tuple[list[str], list[str]]:
    """Return what the calls of a schema say of a field: texts, and coded answers."""
    said: list[str] = []
    options: list[str] = []
    for call in chain(node):
        arguments = listed(call.child_by_field_name("arguments"))
        name = callee(call)
        if name in _TELLING:
            said += [literal(one) for one in arguments[:1]]
        if name in _LISTING:
            options += [literal(one) for one in arguments if literal(one)]
            options += [said for one in arguments for said in names.options(one)]
        for one in arguments:
            if one.type == "object":
                told = pairs(one)
                said += [said_in(told[key]) for key in SAYS if key in told]
                options += [said for key in OPTIONS if key in told for said in names.options(told[key])]
    return said, options


def _translated(node: Node) -> str:
    name = callee(node)
    if not re.fullmatch(r"_?t|__?|i18n|translate|gettext|trans|formatMessage|\$t|tr|msg|intl|String", name):
        return ""
    texts: list[str] = []
    for one in listed(node.child_by_field_name("arguments")):
        if one.type == "object":
            told = pairs(one)
            texts += [
                literal(told[key])
                for key in ("defaultMessage", "defaultValue", "message", "id")
                if key in told
            ][:1]
        elif one.type in {"string", "template_string"}:
            texts.append(literal(one))
    return texts[-1] if texts else ""


def _unescape(text: str) -> str:
    return re.sub(r"\\(['\"`])", r"\1", text).replace("\\n", " ") if "\\" in text else text
