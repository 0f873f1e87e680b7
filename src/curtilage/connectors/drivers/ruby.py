"""Ruby source: Rails schemas and migrations, Mongoid, form objects, hashes and lists of fields; never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.ruby.fields import HashField, field_of, names_in_list, permitted
from curtilage.connectors.reading.ruby.values import pairs, plain_arguments, text_of_string, word
from curtilage.connectors.reading.text import join, shorten
from curtilage.connectors.reading.trees import Comments, Node, line_of, parse, text_of
from curtilage.foundation.place import Place

_TELLS: Final = re.compile(
    rb"\b(?:create_table|change_table|add_column|t\.(?:string|text|integer|boolean|date|datetime|bigint|jsonb|enum)\b"
    rb"|(?:field|attribute|property|attr_accessor|attr_encrypted|encrypts|has_encrypted|store_accessor|attributes|enum|validates"
    rb"|requires|optional|required|input|question|validates_inclusion_of|set_attributes_for|blind_index|permit) ?\(?[:\"'{\w])"
    rb"|\b(?:display_name|label|question|title|text)(?:_\w{2,5})?['\"]?(?::| ?=>) ?['\"]"
    rb"|(?i:attr|attributes|fields?|params|columns|_names|questions)[ \t\r]*+(?:=|\n)\s*+(?:%[iwIW]?[\[({]|\[)"
)
#: Tests make people up; what they name, the program that they try names as well.
_TRIALS: Final = re.compile(
    r"(?:_(?:spec|test)\.rb|(?:^|/)(?:spec|test)/(?:factories|fixtures|support)/.*)\Z"
)
#: Methods whose symbols name what a record holds, and the fact that each tells.
_DECLARES: Final = {
    "field": "", "attribute": "", "property": "", "attr_accessor": "", "attributes": "", "input": "",
    "attr_encrypted": "encrypted", "encrypts": "encrypted", "has_encrypted": "encrypted", "lockbox_encrypts": "encrypted",
    "requires": "required", "required": "required", "optional": "", "question": "", "argument": "",
    "has_one_attached": "", "has_many_attached": "", "mount_uploader": "", "has_secure_token": "",
}  # fmt: skip
#: The first of these is the name of what holds the others, or of a group.
_AFTER_FIRST: Final = frozenset({"store_accessor", "set_attributes_for", "jsonb_accessor"})
_MANY: Final = frozenset({"attr_accessor", "attributes", "attr_encrypted", "encrypts", "has_encrypted"})
_NO_COLUMN: Final = frozenset(
    {"index", "foreign_key", "check_constraint", "timestamps", "remove", "rename", "change", "primary_key",
     "unique_constraint", "exclusion_constraint", "remove_index", "change_default", "remove_references"}
)  # fmt: skip
_REFERENCES: Final = frozenset({"references", "belongs_to", "add_reference", "add_belongs_to"})
_MOST_VALUES: Final = 400
_COMMENTS: Final = re.compile(
    r"""\"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|(?P<comment>(?:^|(?<=[\s\])},]))\#[^\n]*)""", re.MULTILINE
)


@dataclass(slots=True)
class _Found:
    """A declaration while the file is still being read."""

    owner: str
    name: str
    line: int
    type: str = ""
    said: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    context: str = ""
    lang: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a call: class or table, the table's comment, the name of its block's parameter.

    ``working`` is true in a method, where nothing is declared but hashes and what is permitted.
    """

    owner: str = ""
    context: str = ""
    table: str = ""
    working: bool = False


@dataclass(frozen=True, slots=True)
class _Call:
    """A call: its method, its plain arguments, and its named ones."""

    node: Node
    method: str
    plain: list[Node]
    named: Mapping[str, Node]

    @property
    def arguments(self) -> Node:
        return self.node.child_by_field_name("arguments")

    def word(self, at: int) -> str:
        """Return the symbol or string at a place; empty where there is none."""
        return word(self.plain[at]) if at < len(self.plain) else ""


class RubyReader:
    """Reads what Ruby source declares that a record holds."""

    name = "ruby"
    extra = "code"

    def weigh(self, document: Document) -> float:
        """Return how sure this is Ruby that declares fields."""
        if document.suffix not in {"rb", "rake", "jbuilder"} or _TRIALS.search(document.source):
            return 0.0
        return 0.9 if _TELLS.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns and attributes in the order of the file.

        Raises:
            LimitReachedError: The file is larger, slower or fuller than source code gets.
            NotInstalledError: The grammar of Ruby is missing.
            UnreadableError: It is no text.
        """
        found = _File(*parse(document, "ruby")).read()
        if len(found) > document.limits.places:
            raise LimitReachedError(source=document.source, what="It declares too many columns")
        for one in found:
            yield Place(
                source=document.source,
                locator=f"line:{one.line}",
                kind="question" if one.asks else "column",
                name=f"{one.owner}.{one.name}" if one.owner else one.name,
                text=join(*one.said),
                options=shorten(one.options),
                lang=one.lang,
                translations=one.translations,
                context=one.context,
                type=one.type,
                facts=tuple(sorted(one.facts)),
            )


class _File:
    """One parsed file."""

    def __init__(self, root: Node, text: str) -> None:
        self.root = root
        self.comments = Comments(text, _COMMENTS, _said)
        self.found: dict[tuple[str, str], _Found] = {}
        self.lists: dict[str, list[str]] = {}

    def read(self) -> list[_Found]:
        """Return what the file declares, in its order."""
        waiting = [(self.root, _Around())]
        while waiting:
            node, around = waiting.pop()
            if node.type in {"class", "module"}:
                around = _Around(text_of(node.child_by_field_name("name")).rpartition("::")[2])
            elif node.type == "ERROR" and not around.owner:
                # A class that is not closed: its name stands first, its members are still calls.
                around = _Around(
                    next((text_of(one) for one in node.named_children if one.type == "constant"), "")
                )
            elif node.type == "assignment":
                self._remember(node)
            elif node.type == "call":
                around = self._call(node, around)
            elif node.type == "hash":
                self._hash(node)
            elif node.type in {"method", "singleton_method"} and _name(node) not in {"change", "up"}:
                # What a method does is no declaration, but it may return a list of them.
                self._list(_name(node), node.child_by_field_name("body"), around.owner)
                around = _Around(around.owner, working=bool(around.owner))
            waiting.extend((child, around) for child in reversed(node.named_children))
        return sorted(self.found.values(), key=lambda one: one.line)

    def _remember(self, node: Node) -> None:
        left = node.child_by_field_name("left")
        if left is not None and left.type == "constant":
            self.lists.setdefault(text_of(left), self._values(node.child_by_field_name("right")))
            self._list(text_of(left), node.child_by_field_name("right"), _class_of(node))

    def _list(self, name: str, value: Node | None, owner: str) -> None:
        for item in names_in_list(name, value):
            self._add(_Call(item, "", [], {}), owner, word(item), "")

    def _hash(self, node: Node) -> None:
        told = field_of(node)
        if told:
            self._ask(told)

    def _ask(self, told: HashField) -> None:
        """Keep a field that a hash describes; two forms may ask for the same name."""
        (lang, said), *others = told.said
        one = _Found("", told.name, line_of(told.node), told.type, [said], list(told.options), asks=True)
        one.lang, one.translations = lang, tuple(others)
        self.found.setdefault((f"line:{one.line}", told.name), one)

    def _call(self, node: Node, around: _Around) -> _Around:
        """Read one call; return what stands around its block."""
        arguments = node.child_by_field_name("arguments")
        if arguments is None:
            return around
        call = _Call(
            node, text_of(node.child_by_field_name("method")), plain_arguments(arguments), pairs(arguments)
        )
        receiver = text_of(node.child_by_field_name("receiver"))
        if call.method == "permit":
            for name, item in permitted(node):
                self._add(_Call(item, "", [], {}), "", name, "")
        elif described := field_of(arguments):
            self._ask(described)
        if around.working:
            return around
        if call.method in {"create_table", "change_table"} and call.plain:
            return _Around(call.word(0), text_of_string(call.named.get("comment")), _block_name(node))
        if receiver and receiver == around.table:
            self._column(call, around.owner, around.context)
        elif call.method in {"add_column", "add_reference", "add_belongs_to"} and len(call.plain) > 1:
            suffix = "_id" if call.method in _REFERENCES else ""
            self._add(call, call.word(0), call.word(1) + suffix, call.word(2))
        elif call.method == "create_enum" and len(call.plain) > 1:
            self.lists[call.word(0)] = self._values(call.plain[1])
        elif not receiver or receiver == "self":
            self._declare(call, around.owner)
        return around

    def _column(self, call: _Call, table: str, context: str) -> None:
        if call.method in _NO_COLUMN:
            return
        typed = call.method == "column"
        for argument in call.plain[:1] if typed else call.plain:
            name = word(argument)
            if name:
                suffix = "_id" if call.method in _REFERENCES else ""
                one = self._add(call, table, name + suffix, call.word(1) if typed else call.method)
                one.context = context
                one.options += self.lists.get(text_of_string(call.named.get("enum_type")), [])

    def _declare(self, call: _Call, owner: str) -> None:
        if call.method in _DECLARES or call.method in _AFTER_FIRST:
            self._attributes(call, owner)
        elif call.method == "enum" and owner:
            self._enumerate(call, owner)
        elif call.method in {"validates", "validates_inclusion_of", "validate_inclusion_of"}:
            inclusion = call.named.get("inclusion") if call.method == "validates" else call.arguments
            allowed = pairs(inclusion).get("in") or pairs(inclusion).get("within") or inclusion
            for argument in call.plain if inclusion is not None else []:
                one = self.found.get((owner, word(argument)))
                if one and not one.options:
                    one.options += self._values(allowed)

    def _enumerate(self, call: _Call, owner: str) -> None:
        """Read ``enum status: {…}``, ``enum :status, {…}`` and ``enum :status, citizen: 0``."""
        if len(call.plain) > 1:
            self._add(call, owner, call.word(0), "enum").options += self._values(call.plain[1])
        elif call.plain:
            self._add(call, owner, call.word(0), "enum").options += list(call.named)
        else:
            for name, values in call.named.items():
                if name[:1] != "_":
                    self._add(call, owner, name, "enum").options += self._values(values)

    def _attributes(self, call: _Call, owner: str) -> None:
        many = call.method in _MANY or call.method in _AFTER_FIRST
        names = call.plain[1:] if call.method in _AFTER_FIRST else call.plain
        if not owner and call.method not in {"requires", "required", "optional"}:
            return
        for name in filter(None, map(word, names if many else names[:1])):
            type_ = "" if many or len(call.plain) < 2 else text_of(call.plain[1])[:120]
            one = self._add(call, owner, name, type_ or text_of(call.named.get("type")).strip(":"))
            one.facts |= {_DECLARES.get(call.method, "")} - {""}
            one.said += (
                [text_of_string(call.plain[2])] if len(call.plain) > 2 and call.method == "field" else []
            )
            one.options += self._values(call.named.get("values") or call.named.get("in"))

    def _add(self, call: _Call, owner: str, name: str, type_: str) -> _Found:
        one = self.found.get((owner, name))
        if one is None:
            one = self.found[owner, name] = _Found(owner, name, line_of(call.node))
        one.type = one.type or type_
        one.said += [
            text_of_string(call.named.get(key))
            for key in ("comment", "label", "desc", "description", "title")
        ]
        if not any(one.said):
            one.said.append(self.comments.of(call.node))
        if text_of(call.named.get("null")) == "false" or text_of(call.named.get("required")) == "true":
            one.facts.add("required")
        return one

    def _values(self, node: Node | None) -> list[str]:
        """Return the plain values of a list, of a mapping's keys, or of a constant of this file."""
        if node is None:
            return []
        if node.type in {"constant", "scope_resolution"}:
            return self.lists.get(text_of(node).rpartition("::")[2], [])
        found: list[str] = []
        waiting = [node]
        while waiting and len(found) < _MOST_VALUES:
            part = waiting.pop()
            if part.type in {"bare_string", "bare_symbol", "string", "simple_symbol", "hash_key_symbol"}:
                found.append(word(part))
            elif part.type == "constant":
                found += self.lists.get(text_of(part), [])
            elif part.type == "pair":
                waiting.append(part.child_by_field_name("key"))  # citizen: 0 says citizen
            else:
                waiting.extend(reversed(part.named_children))
        return [value for value in found if value]


def _class_of(node: Node) -> str:
    """Return the class around a constant; empty where there is none."""
    for _ in range(4):
        node = node.parent
        if node is None or node.type in {"class", "module"}:
            break
    return "" if node is None else _name(node).rpartition("::")[2]


def _name(node: Node) -> str:
    return text_of(node.child_by_field_name("name"))


def _block_name(node: Node) -> str:
    """Return the name of a block's parameter: the ``t`` of ``create_table … do |t|``."""
    block = node.child_by_field_name("block")
    parameters = block.child_by_field_name("parameters") if block is not None else None
    return text_of(parameters).strip("| ")


def _said(comment: str) -> str:
    return re.sub(r"^#+\s*|^=begin\s*|\s*=end$|^\s*[-=]+\s*$", "", comment).strip()
