"""TypeScript and JavaScript: interfaces, classes, schemas, records, questions and React inputs; never run."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.text import join, shorten
from curtilage.connectors.reading.trees import Comments, Node, line_of, parse, text_of
from curtilage.connectors.reading.typescript.inputs import Inputs
from curtilage.connectors.reading.typescript.migrations import column_of
from curtilage.connectors.reading.typescript.objects import Member, lists_members, members_of, question_of
from curtilage.connectors.reading.typescript.texts import Text, texts_by_language, texts_in_call
from curtilage.connectors.reading.typescript.values import (
    Names,
    bare,
    callee,
    listed,
    literal,
    name_of,
    told_by_chain,
    within,
)
from curtilage.foundation.place import Place

_SUFFIXES: Final = {"ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx", "jsx": "tsx", "js": "tsx", "mjs": "tsx", "cjs": "tsx"}  # fmt: skip
#: Without any of these a file declares nothing that is read here.
_TELLS: Final = re.compile(
    rb"\binterface\s+\w|\btype\s+\w+[^=;\n]{0,80}=\s*(?:Readonly<)?\{|\bclass\s+\w|\w\.(?:object|model|shape|group|define|init)\(|Schema\(|Table\("
    rb"|[\w'\"]\s*:\s*(?:''|\"\"|null|new \w+\(|String|Number|Date|Boolean)|\b(?:label|question|title|fieldName|mixin)['\"]?\s*:"
    rb"|\b(?:createTable|alterTable|addColumn)\(|\b(?:add(?:Resource|Translation|Message)\w*|[Tt]ranslations?\.add|_)\(\s*[{'\"]|\b(?:en|es|fr|de|pt)['\"]?\s*:\s*\{"
    rb"|<(?:input|select|textarea|\w*(?:Field|Input|Select|Checkbox|Radio|Picker|TextArea|Dropdown|Question|Form\.\w+|FormItem))\b|\bregister\("
)
#: Tests and stories make people up; what they name, the program that they try names as well.
_TRIALS: Final = re.compile(
    r"(?:\.(?:test|spec|stories|mock|fixture)s?\.\w+|(?:^|/)(?:__tests__|__mocks__|fixtures|cypress|e2e)/.*)\Z"
)
_COMMENTS: Final = re.compile(
    r"""\"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|(?P<comment>//[^\n]*|/\*(?s:.*?)\*/)"""
)
#: Members that hold a record and are none themselves.
_HOLDERS: Final = frozenset(
    {
        "defaultValues",
        "initialValues",
        "initialState",
        "fields",
        "properties",
        "columns",
        "attributes",
        "uiSchema",
        "schema",
    }
)
_MOST_MEMBERS: Final = 20_000
_TYPE_SKIPPED: Final = frozenset({"function_type", "constructor_type"})


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a node: the record's name, the name it is bound to, and in what it is."""

    owner: str = ""
    bound: str = ""
    schema: bool = False
    ignored: bool = False


class TypeScriptReader:
    """Reads what TypeScript and JavaScript source declares that records hold and forms ask."""

    name = "typescript"
    extra = "code"

    def weigh(self, document: Document) -> float:
        """Return how sure this is source that a person wrote and that declares fields."""
        content = document.content
        if (
            document.suffix not in _SUFFIXES
            or _TRIALS.search(document.source)
            or content[:200].lstrip()[:1] == b"<"
        ):
            return 0.0
        packed = len(content) > 20_000 and len(content) > 500 * content.count(b"\n")
        return 0.8 if not packed and _TELLS.search(content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields and questions in the order of the file.

        Raises:
            LimitReachedError: The file is larger, slower or fuller than source code gets.
            NotInstalledError: The grammar of TypeScript is missing.
            UnreadableError: It is no text.
        """
        root, text = parse(document, _SUFFIXES.get(document.suffix, "tsx"))
        places = _File(document.source, root, text).read()
        if len(places) > document.limits.places:
            raise LimitReachedError(source=document.source, what="It declares too many fields")
        yield from places


class _File:
    """One parsed file."""

    def __init__(self, source: str, root: Node, text: str) -> None:
        self.source, self.root = source, root
        self.comments = Comments(text, _COMMENTS, _said)
        self.names, self.inputs = Names(), Inputs()
        self.found: dict[tuple[int, str], Place] = {}

    def read(self) -> list[Place]:
        """Return the places of the file, in its order."""
        self._bind()
        waiting = [(self.root, _Around())]
        while waiting:
            node, around = waiting.pop()
            around = self._visit(node, around)
            waiting.extend(
                (child, around) for child in reversed(node.named_children) if child.named_child_count
            )
        for member in self.inputs.members(self.names):
            self._add(member.name, member)
        return sorted(self.found.values(), key=lambda place: int(place.locator[5:]))

    def _bind(self) -> None:
        """Remember the lists, enumerations and unions that stand at the top of the file."""
        top = [inner for node in self.root.named_children for inner in (node, *node.named_children)]
        for node in top:
            name = text_of(node.child_by_field_name("name"))
            if node.type == "enum_declaration":
                self.names.unions[name] = _enumerated(node)
            elif node.type == "type_alias_declaration":
                self.names.unions[name] = _united(node.child_by_field_name("value"))
            elif node.type in {"lexical_declaration", "variable_declaration"}:
                for one in node.named_children:
                    value = one.child_by_field_name("value")
                    if value is not None:
                        self.names.values[text_of(one.child_by_field_name("name"))] = value

    def _visit(self, node: Node, around: _Around) -> _Around:
        """Read one node; return what stands around the nodes inside."""
        kind = node.type
        if kind in {"interface_declaration", "type_alias_declaration"}:
            return _Around(text_of(node.child_by_field_name("name")))
        if kind in {"class_declaration", "abstract_class_declaration", "class"}:
            return _Around(text_of(node.child_by_field_name("name")))
        if kind == "property_signature":
            return self._property(node, around)
        if kind == "public_field_definition":
            return self._field(node, around)
        if kind == "variable_declarator":
            named = node.child_by_field_name("name")
            return _Around(bound=text_of(named) if named is not None and named.type == "identifier" else "")
        if kind in {"call_expression", "new_expression"}:
            return self._call(node, around)
        if kind == "object":
            return self._object(node, around)
        if kind in {"jsx_self_closing_element", "jsx_opening_element", "jsx_element"}:
            self.inputs.see(node)
            return replace(around, ignored=True)
        if kind in {"statement_block", "method_definition", "arrow_function", "jsx_expression"}:
            return _Around(ignored=kind == "jsx_expression")
        return around

    def _property(self, node: Node, around: _Around) -> _Around:
        name = name_of(node.child_by_field_name("name"))
        declared = node.child_by_field_name("type")
        inner = declared.named_children[0] if declared is not None and declared.named_children else None
        if not name or not around.owner or (inner is not None and inner.type in _TYPE_SKIPPED):
            return replace(around, owner="")
        full = f"{around.owner}.{name}"
        self._add(full, Member(name, node, options=tuple(self._answers(inner)), type=text_of(inner)[:120]))
        return replace(around, owner=full)

    def _field(self, node: Node, around: _Around) -> _Around:
        name, value = name_of(node.child_by_field_name("name")), bare(node.child_by_field_name("value"))
        declared = node.child_by_field_name("type")
        inner = declared.named_children[0] if declared is not None and declared.named_children else None
        working = {"arrow_function", "function_expression", "await_expression"}
        if (value is not None and value.type in working) or (
            inner is not None and inner.type in _TYPE_SKIPPED
        ):
            return _Around()
        said: list[str] = []
        options = self._answers(inner)
        marks = [
            call for mark in node.named_children if mark.type == "decorator" for call in mark.named_children
        ]
        for call in [*marks, *([value] if value is not None else [])]:
            told, listed_ = told_by_chain(call, self.names)
            said, options = said + told, options + listed_
        member = Member(name, node, tuple(filter(None, said)), tuple(options), text_of(inner)[:120])
        self._add(f"{around.owner}.{name}" if around.owner else name, member)
        return _Around(bound=name, ignored=bool(marks))

    def _call(self, node: Node, around: _Around) -> _Around:
        if told := texts_in_call(node):
            return self._translated(told)
        if callee(node) == "register" and not around.bound:
            self.inputs.register(node)
        if column := column_of(node, self.names):
            self._add(*column)
            return replace(around, ignored=True)
        if lists_members(node):
            first = listed(node.child_by_field_name("arguments"))[:1]
            named = literal(first[0]) if first and first[0].type == "string" else ""
            return _Around(around.owner or named or around.bound, around.bound, schema=True)
        # Whatever else a call takes is a setting, unless it describes a question.
        return replace(around, schema=False, ignored=around.ignored or node.type == "call_expression")

    def _translated(self, texts: list[Text]) -> _Around:
        for text in texts:
            place = Place(
                self.source, f"line:{text.line}", "question", text.name, text=text.said, lang=text.lang
            )
            self.found.setdefault((text.line, f"{text.lang} {text.name}"), place)
        return _Around(ignored=True)

    def _object(self, node: Node, around: _Around) -> _Around:
        if told := texts_by_language(node):
            return self._translated(told)
        question = question_of(node, self.names)
        if question:
            self._add(question.name, question)
            return _Around(ignored=True)
        found = members_of(node, self.names, bound=around.bound, schema=around.schema)
        self._members([one for one in found if not around.ignored or (one.said and one.asks)], around)
        return _Around(ignored=True)

    def _members(self, members: list[Member], around: _Around) -> None:
        """Add members and what lies in them, a few levels down; one that holds nothing is a setting."""
        waiting = deque((around.owner, one) for one in members)
        for _ in range(_MOST_MEMBERS):
            if not waiting:
                return
            above, member = waiting.popleft()
            full = f"{above}.{member.name}".lstrip(".")
            inner: list[Member] = []
            if member.inner is not None and above.count(".") < 8:
                found = members_of(
                    member.inner, self.names, bound=around.bound, schema=around.schema, inside=True
                )
                inner = list(found)
            holds = member.name in _HOLDERS and bool(inner)
            if not holds and (inner or member.type != "object"):
                self._add(full, member)
            waiting.extend((above if holds else full, one) for one in inner)

    def _answers(self, node: Node | None) -> list[str]:
        if node is None:
            return []
        known = self.names.unions.get(text_of(node), [])
        return known or _united(node)

    def _add(self, name: str, member: Member) -> None:
        line = line_of(member.node)
        self.found.setdefault(
            (line, name.rpartition(".")[2]),
            Place(
                source=self.source,
                locator=f"line:{line}",
                kind="question" if member.asks else "column",
                name=name,
                text=join(*member.said) or join(self.comments.of(member.node)),
                options=shorten(member.options),
                type="" if member.type == "object" else member.type,
            ),
        )


def _united(node: Node | None) -> list[str]:
    """Return the texts of ``'a' | 'b'``; empty where the type is more than a union of texts."""
    if node is None or node.type not in {"union_type", "literal_type", "array_type", "parenthesized_type"}:
        return []
    parts = list(within(node, most=2000))
    if any(part.type in {"object_type", "generic_type"} for part in parts):
        return []
    return [literal(part) for part in parts if part.type == "string"]


def _enumerated(node: Node) -> list[str]:
    """Return the values of an enumeration, or the names of those without one."""
    body = node.child_by_field_name("body")
    members = [] if body is None else body.named_children
    return [
        literal(one.child_by_field_name("value")) or name_of(one.child_by_field_name("name"))
        if one.type == "enum_assignment"
        else name_of(one)
        for one in members
        if one.type in {"enum_assignment", "property_identifier", "string"}
    ]


def _said(comment: str) -> str:
    """Return the words of a comment; directives to tools are none."""
    said = re.sub(r"^/\*+|\*+/\Z|^//+", "", comment)
    words = " ".join(re.sub(r"^[\s*]+", "", line) for line in said.split("\n"))
    words = re.split(r"\s@\w+|^@\w+", f" {words}")[0].strip()
    return "" if re.match(r"eslint|prettier|ts-|tslint|#region|istanbul|TODO|FIXME|=+|-+\Z", words) else words
