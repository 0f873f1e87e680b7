"""Objects in TypeScript that describe a record or a question: five shapes, told apart by their keys.

* a question with its name inside: ``{ name: 'ssn', label: 'SSN' }``;
* a question under its name: ``ssn: { label: 'SSN' }``, ``ssn: new TextProperty({ question: … })``;
* a schema's member: ``ssn: { type: String }``, ``ssn: z.string()``;
* a flat record: ``{ ssn: '', dob: null }``;
* a table of texts: ``const labels = { ssn: 'Your SSN' }``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.trees import Node, text_of
from curtilage.connectors.reading.typescript.values import (
    NAMES,
    NESTED,
    OPTIONS,
    SAYS,
    Names,
    bare,
    callee,
    chain,
    listed,
    literal,
    name_of,
    pairs,
    said_in,
    told_by_chain,
)

#: Calls whose object lists the members of a record.
_SCHEMAS: Final = re.compile(
    r"(?:\w*Schema|\w*Table|object|shape|model|define|props|group|interface|type|partial|strict|createTable|observable"
    r"|record|struct|input|inputType|objectType|defineComponent|reactive|useState|useForm|useFormik|createSlice|schema|init|extend)\Z"
)
#: What a schema puts for the type of a member.
_TYPES: Final = re.compile(
    r"(?:String|Number|Date|Boolean|BigInt|Array|Object|Buffer|Map)\Z"
    r"|(?:z|zod|yup|Yup|joi|Joi|t|types|DataTypes|Sequelize|Schema|mongoose|PropTypes|T|v|s|Type|Validators|DataType|a)\."
)
_SIMPLE: Final = frozenset(
    {"string", "template_string", "null", "undefined", "true", "false", "number", "array", "unary_expression"}
)
_TYPE_KEYS: Final = ("type", "mixin", "inputType", "fieldType", "ui:widget", "ui:field")
_TYPE_VALUES: Final = frozenset({"string", "identifier", "member_expression", "call_expression", "array"})
_TEXTS: Final = re.compile(
    r"label|text|message|question|locale|translation|i18n|strings|copy|content|title|lang", re.IGNORECASE
)
_KEY: Final = re.compile(r"[^\W\d][\w.$:-]*\Z")
#: Settings of a model that stand where its members may stand; none of them is held of anybody.
_MODEL: Final = frozenset(
    """timestamps tableName modelName sequelize underscored paranoid freezeTableName versionKey strict collection indexes
    charset collate toJSON toObject autoIndex discriminatorKey minimize""".split()
)
#: Members of a form that hold its parts.
_HELD: Final = (
    "questions",
    "sections",
    "fields",
    "pages",
    "elements",
    "components",
    "steps",
    "chapters",
    "groups",
)
_HTTP: Final = frozenset({"Content-Type", "Authorization", "Accept"})


@dataclass(frozen=True, slots=True)
class Member:
    """One question or member of a record.

    Attributes:
        name: Below the object that holds it.
        node: Where it is written.
        inner: An object that may hold members of its own, None where there is none.
    """

    name: str
    node: Node
    said: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    type: str = ""
    asks: bool = False
    inner: Node | None = None


def question_of(node: Node, names: Names) -> Member | None:
    """Return the question that an object with a name inside describes; None where it is none."""
    told = pairs(node)
    if "defaultMessage" in told and _belongs(node):
        return None
    key = next((one for one in NAMES if one in told and _KEY.match(literal(told[one]))), "")
    says = [one for one in SAYS if one in told]
    nested = [
        inner for one in NESTED if (inner := bare(told.get(one))) is not None and inner.type == "object"
    ]
    said = [said_in(told[one]) for one in says] + [
        said_in(pairs(inner)[one]) for inner in nested for one in SAYS if one in pairs(inner)
    ]
    if _lists_questions(told):
        return None
    if (
        not key
        and "question" in told
        and told["question"].type in {"string", "template_string"}
        and "type" in told
    ):
        key = "question"  # a list of questions may do without names
    if not key or not any(said) or "href" in told or "url" in told or "icon" in told:
        return None
    holders = [told, *(pairs(inner) for inner in nested)]
    options = [
        one for held in holders for key_ in OPTIONS if key_ in held for one in names.options(held[key_])
    ]
    type_ = next(
        (literal(told[one]) for one in ("type", "inputType", "component", "widget") if one in told), ""
    )
    pair = next(
        child
        for child in node.named_children
        if child.type == "pair" and name_of(child.child_by_field_name("key")) == key
    )
    name = "" if key == "question" else literal(told[key])
    return Member(name, pair, tuple(filter(None, said)), tuple(options), type_, asks=True)


def _lists_questions(told: Mapping[str, Node]) -> bool:
    """Tell whether an object holds a list of questions or sections, so that it is a form and no question."""
    listed_ = [bare(told[key]) for key in _HELD if key in told]
    return any(
        one is not None and one.type == "array" and any(item.type == "object" for item in one.named_children)
        for one in listed_
    )


def _belongs(message: Node) -> bool:
    """Tell whether a translated text is the label of a question that has a name, or what a check says."""
    pair = message.parent
    if pair is None or pair.type != "pair" or pair.parent is None:
        return False
    if name_of(pair.child_by_field_name("key")) not in SAYS:
        return False
    around = pairs(pair.parent)
    return "validator" in around or any(_KEY.match(literal(around.get(one))) for one in NAMES)


def members_of(
    node: Node, names: Names, *, bound: str, schema: bool, inside: bool = False
) -> Iterator[Member]:
    """Give the members of an object that lists a record's fields or its questions.

    Args:
        node: The object.
        names: What the file binds.
        bound: Name that the object is bound to; tells a table of texts.
        schema: Whether a schema's call holds it, so that any call is a type.
        inside: Whether it lies in a record that was recognised.
    """
    found = [
        member
        for child in node.named_children
        if (member := _member(child, names, bound=bound, schema=schema)) and member.name not in _MODEL
    ]
    told = pairs(node)
    if not inside and _lists_questions(told):
        return
    if "properties" in told and literal(told.get("type")) == "object":
        found = [member for member in found if member.name == "properties"]  # a JSON Schema
    plain = [member for member in found if not member.said and not member.type and member.inner is None]
    # One plain value is a setting; two and more under plain names are the fields of a record.
    kept = (
        found if schema or inside or len(plain) > 1 else [member for member in found if member not in plain]
    )
    if not _HTTP & {member.name for member in found}:
        yield from kept


def _member(child: Node, names: Names, *, bound: str, schema: bool) -> Member | None:
    if child.type != "pair":
        return None
    name, value = name_of(child.child_by_field_name("key")), bare(child.child_by_field_name("value"))
    if value is None or not _KEY.match(name):
        return None
    inner = _object_in(value)
    if inner is not None:
        described = _described(name, child, inner, value, names)
        if described or value.type == "object":
            return described or Member(name, child, inner=inner, type="object")
    if value.type == "call_expression" and callee(value).endswith("UI"):
        texts = [literal(one) for one in listed(value.child_by_field_name("arguments"))[:1]]
        return Member(name, child, tuple(filter(None, texts)), type=callee(value), asks=True)
    if value.type in {"call_expression", "new_expression"} and (schema or _is_type(value)):
        said, options = told_by_chain(value, names)
        calls = list(chain(value))
        held = inner if any(map(lists_members, calls)) else None
        return Member(name, child, tuple(filter(None, said)), tuple(options), callee(calls[-1]), inner=held)
    if value.type in {"identifier", "member_expression"} and _TYPES.match(text_of(value)):
        return Member(name, child, type=text_of(value))
    if value.type in _SIMPLE or text_of(value) == "undefined":
        said = [literal(value)] if value.type == "string" and _TEXTS.search(bound) else []
        return Member(name, child, tuple(filter(None, said)))
    return None


def _described(name: str, child: Node, inner: Node, value: Node, names: Names) -> Member | None:
    """Return a member whose object says what it asks or what type it has."""
    told = pairs(inner)
    says = [key for key in SAYS if key in told]
    type_node = next((bare(told[key]) for key in _TYPE_KEYS if key in told), None)
    typed = type_node is not None and type_node.type in _TYPE_VALUES
    if not (says or typed) or any(
        literal(told.get(one)) for one in ("name", "id", "key") if says and one in told and not typed
    ):
        return None
    options = [said for key in OPTIONS if key in told for said in names.options(told[key])]
    options += told_by_chain(type_node, names)[1] if typed else []
    type_ = (
        text_of(type_node)[:60].strip("'\"") if typed else (callee(value) if value.type != "object" else "")
    )
    nested = bare(told.get("properties") or told.get("fields"))
    said = tuple(filter(None, (said_in(told[key]) for key in says)))
    asks = bool(says) and not typed
    return Member(
        name,
        child,
        said,
        tuple(options),
        type_,
        asks,
        nested if nested is not None and nested.type == "object" else None,
    )


def _object_in(value: Node) -> Node | None:
    """Return the object that a value is, or is built from."""
    if value.type == "object":
        return value
    for call in chain(value):
        for one in listed(call.child_by_field_name("arguments"))[:2]:
            if one.type == "object":
                return one
    return None


def _is_type(value: Node) -> bool:
    function = value.child_by_field_name("function") or value.child_by_field_name("constructor")
    return bool(_TYPES.match(text_of(function))) or callee(value) in {"FormControl", "ref", "observable"}


def lists_members(call: Node) -> bool:
    """Tell whether the object in a call lists the members of a record."""
    return bool(_SCHEMAS.match(callee(call)))
