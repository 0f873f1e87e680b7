"""One declaration in Python source, recognised: which library's field it is and what it says.

Recognised by shape, not by import: Django and REST framework, WTForms, Odoo, SQLAlchemy (both styles),
peewee, MongoEngine, marshmallow, Pydantic, and a project's own field classes.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.python.values import (
    Scope,
    dotted,
    is_false,
    is_true,
    keywords,
    literal_text,
)

_MODULES: Final = frozenset(
    {"models", "fields", "forms", "serializers", "ma", "wtforms", "gis_models", "m", "filters"}
)
_RELATIONS: Final = frozenset(
    {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericForeignKey", "ManyToOneField"}
)
#: Odoo's: the first argument names the other model, the second is the label.
_LINKS: Final = frozenset({"Many2one", "One2many", "Many2many", "Reference", "Many2oneReference"})
_COLUMNS: Final = frozenset({"Column", "mapped_column", "MappedColumn"})
_NO_FIELDS: Final = re.compile(
    r"(?:Manager|QuerySet|Index|Constraint|relationship|backref|Form|FormSet|FieldList|FormField|Meta|Q|F|Prefetch"
    r"|Case|When|Value|Subquery|Schema|Serializer|SubmitField|HiddenInput|Func|Count|Sum|Choices|Media)\Z"
)
#: Where a declaration says what it asks, best first.
_SAYS: Final = ("verbose_name", "label", "string", "title", "question", "prompt", "help_text", "help", "description", "doc", "comment", "info")  # fmt: skip
_CHOICES: Final = ("choices", "selection", "options", "values", "enum", "selection_add")
_RECORDS: Final = re.compile(r"(?:BaseModel|TypedDict|NamedTuple|SQLModel|Schema|BaseSchema|Document|Struct|Record|Base|DeclarativeBase|MappedAsDataclass|BaseSettings)\Z")  # fmt: skip
_RECORD_MARKS: Final = frozenset({"dataclass", "dataclasses.dataclass", "attr.s", "attrs.define", "define", "attr.attrs", "frozen", "strawberry.type", "strawberry.input"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What one field declaration says.

    Attributes:
        asks: Whether a person is asked (a form) rather than a record kept (a model).
    """

    type: str
    said: tuple[str, ...]
    options: tuple[str, ...]
    facts: frozenset[str]
    asks: bool = False


def read_call(value: ast.expr | None, scope: Scope, within: str) -> Declared | None:
    """Return what a field's call says; None where it is no field.

    Args:
        value: The right side of an assignment in a class body.
        scope: The file's names, for choices.
        within: Name of the class around.
    """
    if not isinstance(value, ast.Call):
        return None
    name = dotted(value.func)
    module, _, last = name.rpartition(".")
    if not _is_field(module.rpartition(".")[2], last, value):
        return None
    named = keywords(value)
    said = [literal_text(named.get(key)) for key in _SAYS]
    labels = value.args[1:2] if last in _LINKS else value.args[:1]
    if last not in _RELATIONS and not _is_column(last):
        said[:0] = [literal_text(label) for label in labels]
    said += _metadata(named.get("metadata"))
    options = [option for key in _CHOICES for option in scope.options(named.get(key), within)]
    if not options and last in {"Selection", "Enum", "ChoiceField", "MultipleChoiceField", "EnumField"}:
        options = [option for argument in value.args[:1] for option in scope.options(argument, within)]
    if _is_column(last):
        options += _column_options(value, scope, within)
    type_ = _column_type(value) if _is_column(last) else last
    if last in _LINKS and value.args and literal_text(value.args[0]):
        type_ = f"{last}({literal_text(value.args[0])})"
    asks = module.rpartition(".")[2] in {"forms", "wtforms", "serializers"} or _asks(value, last)
    return Declared(type_, tuple(filter(None, said)), tuple(options), _facts(last, named), asks)


def read_annotation(node: ast.AnnAssign, scope: Scope) -> Declared:
    """Return what an annotated attribute of a record says."""
    options = [option for part in ast.walk(node.annotation) for option in _annotated(part, scope)]
    said: list[str] = []
    calls = [part for part in (node.value, *ast.walk(node.annotation)) if isinstance(part, ast.Call)]
    for call in calls:
        named = keywords(call)
        said += [literal_text(named.get(key)) for key in _SAYS]
        options += [option for key in _CHOICES for option in scope.options(named.get(key))]
        said += [literal_text(call.args[0])] if dotted(call.func).endswith("Doc") and call.args else []
    return Declared(
        ast.unparse(node.annotation)[:120], tuple(filter(None, said)), tuple(options), frozenset()
    )


def is_record(class_: ast.ClassDef, scope: Scope) -> bool:
    """Tell whether the annotated attributes of a class are what a record holds."""
    marks = {dotted(mark.func if isinstance(mark, ast.Call) else mark) for mark in class_.decorator_list}
    return bool(marks & _RECORD_MARKS) or any(_RECORDS.search(base) for base in scope.bases(class_))


def _metadata(node: ast.AST | None) -> list[str]:
    """Return what marshmallow's ``metadata={"description": …}`` says."""
    if not isinstance(node, ast.Dict):
        return []
    said = {
        literal_text(key): literal_text(value)
        for key, value in zip(node.keys, node.values, strict=True)
        if key
    }
    return [said[key] for key in _SAYS if said.get(key)]


def _is_column(last: str) -> bool:
    return last in _COLUMNS


def _is_field(module: str, last: str, call: ast.Call) -> bool:
    if not last or _NO_FIELDS.search(last):
        return False
    if _is_column(last) or last in _RELATIONS or (last.endswith("Field") and last[:1].isupper()):
        return True
    if last == "Field" or last in {"Required", "Optional", "PrimaryKey"}:
        return bool(call.args or call.keywords)
    return module in _MODULES and last[:1].isupper()


def _asks(call: ast.Call, last: str) -> bool:
    """Tell a WTForms field, whose label comes first, from a model's."""
    return (
        last.endswith("Field") and bool(call.args) and bool({"validators", "render_kw"} & set(keywords(call)))
    )


def _column_type(call: ast.Call) -> str:
    types = [argument for argument in call.args[:3] if not isinstance(argument, ast.Constant)]
    types += [value for key, value in keywords(call).items() if key == "type_"]
    return ast.unparse(types[0])[:120] if types else ""


def _column_options(call: ast.Call, scope: Scope, within: str) -> list[str]:
    """Return the answers of ``Enum('a', 'b')``, ``Enum(Status)`` or a choices type inside a column."""
    for inner in call.args:
        if isinstance(inner, ast.Call) and dotted(inner.func).rpartition(".")[2] in {
            "Enum",
            "ENUM",
            "ChoiceType",
            "SET",
        }:
            listed = [literal_text(argument) for argument in inner.args]
            found = [text for text in listed if text]
            return found or [
                option for argument in inner.args[:1] for option in scope.options(argument, within)
            ]
    return []


def _facts(last: str, named: object) -> frozenset[str]:
    assert isinstance(named, dict)
    told = {
        "required": is_true(named.get("required")) or is_false(named.get("nullable")),
        "computed": "compute" in named
        or last in {"Computed", "SerializerMethodField", "GeneratedField", "column_property"},
        "encrypted": "encrypt" in last.lower(),
        "read-only": is_true(named.get("read_only")) or is_true(named.get("readonly")),
        "hidden": last == "HiddenField",
    }
    return frozenset(fact for fact, holds in told.items() if holds)


def _annotated(part: ast.AST, scope: Scope) -> list[str]:
    if isinstance(part, ast.Subscript) and dotted(part.value).rpartition(".")[2] == "Literal":
        listed = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
        return [literal_text(one) for one in listed if literal_text(one)]
    return scope.members(part.id) if isinstance(part, ast.Name) else []
