"""Python source: models, forms, serializers, records and tables, of any Python, never run or imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.python.fields import Declared, is_record, read_annotation, read_call
from curtilage.connectors.reading.python.form import parse
from curtilage.connectors.reading.python.values import Scope, assigned, dotted, keywords, literal_text
from curtilage.connectors.reading.text import join, shorten
from curtilage.foundation.place import Place

#: A file without any of these declares nothing that is read here; cheap to ask of ten thousand files.
_TELLS: Final = re.compile(
    rb"Field\(|\bmodels\.[A-Z]|\bColumn\(|\bmapped_column\(|\bMapped\[|\bfields\.[A-Z]|\bTypedDict\b|\bNamedTuple\b"
    rb"|\bBaseModel\b|\bSQLModel\b|\bdataclass\b|@(?:attr\.s|define|attrs\.define|strawberry)|\b(?:context_key|field_name)\s*="
    rb"|['\"](?:question|label)['\"]\s*:|\bclass\s+\w+\([\w., ]*(?:Field|Question|Schema|Struct|Variable)\b"
)
#: One of these stands in every file that tells; looking for them first is three times as fast.
_HINTS: Final = (
    b"Field", b"models.", b"olumn(", b"Mapped[", b"fields.", b"TypedDict", b"NamedTuple", b"BaseModel", b"SQLModel",
    b"dataclass", b"@attr.s", b"@define", b"@attrs.define", b"@strawberry", b"context_key", b"field_name",
    b"question", b"Question", b"label", b"Schema", b"Struct", b"(Variable)",
)  # fmt: skip
_KEYS: Final = ("context_key", "field_name", "key", "name", "slug", "id", "variable")
_SAYS: Final = (
    "label",
    "question",
    "verbose_name",
    "title",
    "prompt",
    "text",
    "help_text",
    "help",
    "hint",
    "description",
)
_FORM_CLASS: Final = re.compile(r"(?:Field|Question|Note|Input|Prompt|Item)\Z")
_PRIVATE: Final = frozenset({"objects", "model_config", "Config", "Meta"})


class PythonReader:
    """Reads declarations in Python 2 and 3 source."""

    name = "python"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure this is Python that declares fields."""
        if document.suffix not in {"py", "pyi", "pyw"}:
            return 0.0
        content = document.content
        return 0.9 if any(hint in content for hint in _HINTS) and _TELLS.search(content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields of every class and table, in the order of the file.

        Raises:
            LimitReachedError: The file is larger than source code gets, or declares too much.
            UnreadableError: It is no text.
        """
        tree, lines = parse(document)
        try:
            found = sorted(_File(document, tree, lines).places(), key=lambda place: int(place.locator[5:]))
        except RecursionError:
            raise LimitReachedError(source=document.source, what="It nests too deeply") from None
        if len(found) > document.limits.places:
            raise LimitReachedError(source=document.source, what="It declares too many fields")
        yield from found


class _File:
    """One parsed file."""

    def __init__(self, document: Document, tree: ast.Module, lines: list[str]) -> None:
        self.source, self.tree, self.lines = document.source, tree, lines
        self.scope = Scope(tree)
        self.batches = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.With) and "batch_alter_table" in ast.unparse(node.items[0].context_expr)
        ]

    def places(self) -> Iterator[Place]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef) and node.name not in _PRIVATE:
                yield from self._of_class(node)
            elif isinstance(node, ast.Call):
                yield from self._of_call(node)
            elif isinstance(node, ast.Dict):
                yield from self._of_mapping(node)

    def _of_class(self, class_: ast.ClassDef) -> Iterator[Place]:
        record, context = is_record(class_, self.scope), _about(class_)
        asks = bool({"Form", "ModelForm", "FlaskForm", "Serializer"} & self.scope.bases(class_))
        for node in class_.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign):
                continue
            for name, value in assigned(node):
                declared = read_call(value, self.scope, class_.name)
                if declared and name not in _PRIVATE and not (isinstance(node, ast.AnnAssign) and record):
                    yield self._place(f"{class_.name}.{name}", node, declared, context, asks=asks)
            if (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and (record or _is_mapped(node))
            ):
                name = node.target.id
                if (
                    name not in _PRIVATE
                    and not name.startswith("_")
                    and "ClassVar" not in ast.unparse(node.annotation)
                ):
                    declared = read_annotation(node, self.scope)
                    called = read_call(node.value, self.scope, class_.name)
                    yield self._place(f"{class_.name}.{name}", node, _merge(declared, called), context)
        yield from self._of_form_class(class_)
        yield from self._of_variable(class_)
        if asks:
            yield from self._of_meta(class_)

    def _of_meta(self, class_: ast.ClassDef) -> Iterator[Place]:
        """Give the fields that a form takes from its model, with the labels that it gives them."""
        values, said = _meta(class_), dict[str, list[str]]()
        nodes: dict[str, ast.expr] = {}
        for told in (values.get("labels"), values.get("help_texts")):
            for key, text in zip(told.keys, told.values, strict=True) if isinstance(told, ast.Dict) else ():
                if key is not None:
                    said.setdefault(literal_text(key), []).append(literal_text(text))
                    nodes.setdefault(literal_text(key), key)
        listed = values.get("fields")
        for item in listed.elts if isinstance(listed, ast.List | ast.Tuple) else ():
            nodes.setdefault(literal_text(item), item)
        own = {"", *(name for node in class_.body for name, _ in assigned(node))}
        for name, item in nodes.items():
            if name not in own:
                declared = Declared("", tuple(said.get(name, ())), (), frozenset(), asks=True)
                yield self._place(f"{class_.name}.{name}", item, declared, "", comment=False)

    def _of_form_class(self, class_: ast.ClassDef) -> Iterator[Place]:
        """Give a class that is itself one question: ``class City(CharField): context_key = 'city'``."""
        values = {name: value for node in class_.body for name, value in assigned(node)}
        key = next((literal_text(values[name]) for name in _KEYS if literal_text(values.get(name))), "")
        said = [literal_text(values.get(name)) for name in _SAYS]
        if not any(_FORM_CLASS.search(base) for base in self.scope.bases(class_)) or not (
            key or any(said) or _is_thin(class_)
        ):
            return
        options = [
            option
            for name in ("choices", "options")
            for option in self.scope.options(values.get(name), class_.name)
        ]
        declared = Declared("", tuple(filter(None, said)), tuple(options), frozenset(), asks=True)
        name = f"{class_.name}.'{key}'" if key else f"{class_.name}."
        yield self._place(name, class_, declared, "", comment=False)

    def _of_variable(self, class_: ast.ClassDef) -> Iterator[Place]:
        """Give what is told of a person where each thing is a class: ``class born(Variable): value_type = …``."""
        values = dict(pair for node in class_.body for pair in assigned(node))
        if "entity" not in values and "entity_class" not in values:
            return
        typed = values.get("value_type") or values.get("column")
        if typed is None or "Variable" not in {dotted(base).rpartition(".")[2] for base in class_.bases}:
            return
        computed = any(
            isinstance(node, ast.FunctionDef) and node.name.startswith(("formula", "function"))
            for node in class_.body
        )
        declared = Declared(
            dotted(typed) or ast.unparse(typed)[:120],
            tuple(filter(None, (literal_text(values.get(key)) for key in ("label", "documentation")))),
            tuple(self.scope.options(values.get("possible_values"))),
            frozenset({"computed"} if computed else ()),
        )
        yield self._place(class_.name, class_, declared, "", comment=False)

    def _of_call(self, call: ast.Call) -> Iterator[Place]:
        """Give the columns of ``Table('people', …)`` and of migrations, which name their table beside them."""
        last = dotted(call.func).rpartition(".")[2]
        named = keywords(call)
        if last in {"Table", "create_table", "add_column"} and call.args:
            table = literal_text(call.args[0]) or self._batch(call)
            for column in call.args if isinstance(call.args[0], ast.Call) else call.args[1:]:
                if isinstance(column, ast.Call) and table:
                    yield from self._column(table, column)
        elif last == "CreateModel" and isinstance(named.get("fields"), ast.List):
            model = literal_text(named.get("name"))
            for pair in getattr(named["fields"], "elts", []):
                if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                    yield from self._named(model, literal_text(pair.elts[0]), pair.elts[1], pair)
        elif last in {"AddField", "AlterField"}:
            model = literal_text(named.get("model_name"))
            yield from self._named(model, literal_text(named.get("name")), named.get("field"), call)

    def _batch(self, call: ast.Call) -> str:
        """Return the table of the batch that a call stands in: ``with op.batch_alter_table("people") as b:``."""
        around = [batch for batch in self.batches if batch.lineno <= call.lineno <= (batch.end_lineno or 0)]
        made = around[-1].items[0].context_expr if around else None
        return literal_text(made.args[0]) if isinstance(made, ast.Call) and made.args else ""

    def _column(self, table: str, column: ast.Call) -> Iterator[Place]:
        name = literal_text(column.args[0]) if column.args else ""
        if dotted(column.func).rpartition(".")[2] == "Column":
            yield from self._named(table, name, column, column)

    def _named(self, owner: str, name: str, value: ast.expr | None, node: ast.expr) -> Iterator[Place]:
        declared = read_call(value, self.scope, "")
        if owner and name and declared:
            yield self._place(f"{owner}.{name}", node, declared, "")

    def _of_mapping(self, mapping: ast.Dict) -> Iterator[Place]:
        """Give a question that is written as a mapping: ``{"name": "ssn", "label": "SSN"}``."""
        values = {
            literal_text(key): value for key, value in zip(mapping.keys, mapping.values, strict=True) if key
        }
        name = next((literal_text(values[key]) for key in _KEYS if literal_text(values.get(key))), "")
        said = [literal_text(values.get(key)) for key in ("label", "question", "prompt")]
        # "text" alone is said of many things; with a kind of input it is a question.
        said += [literal_text(values.get("text"))] if {"type", "options", "choices"} & set(values) else []
        if name and any(said):
            said += [literal_text(values.get(key)) for key in ("help_text", "help", "hint", "description")]
            options = [
                option for key in ("choices", "options") for option in self.scope.options(values.get(key))
            ]
            declared = Declared("", tuple(filter(None, said)), tuple(options), frozenset(), asks=True)
            yield self._place(name, mapping, declared, "", comment=False)

    def _place(
        self,
        name: str,
        node: ast.stmt | ast.expr,
        declared: Declared,
        context: str,
        *,
        asks: bool = False,
        comment: bool = True,
    ) -> Place:
        return Place(
            source=self.source,
            locator=f"line:{node.lineno}",
            kind="question" if declared.asks or asks else "column",
            name=name,
            text=join(*declared.said) or (self._comment(node) if comment else ""),
            options=shorten(declared.options),
            context=context,
            type=declared.type,
            facts=tuple(sorted(declared.facts)),
        )

    def _comment(self, node: ast.stmt | ast.expr) -> str:
        """Return the comment behind the declaration, or else the lines of one right above it."""
        end = getattr(node, "end_lineno", None) or node.lineno
        behind = (
            re.search(r"(?:^|[\s,)\]}])#+([^'\"]*)\Z", self.lines[end - 1])
            if end <= len(self.lines)
            else None
        )
        if behind and self.lines[end - 1].strip()[:1] != "#":
            return join(behind.group(1))
        above: list[str] = []
        at = node.lineno - 2
        while at >= 0 and self.lines[at].strip().startswith("#") and len(above) < 10:
            above.insert(0, self.lines[at].strip().lstrip("#: "))
            at -= 1
        return join(" ".join(above))


def _meta(class_: ast.ClassDef) -> dict[str, ast.expr]:
    """Return what the inner class ``Meta`` binds."""
    inner = [node for node in class_.body if isinstance(node, ast.ClassDef) and node.name == "Meta"]
    return {name: value for meta in inner for node in meta.body for name, value in assigned(node)}


def _about(class_: ast.ClassDef) -> str:
    """Return what a class says of itself: ``_description``, ``verbose_name``, the docstring's first line."""
    values = {name: value for node in class_.body for name, value in assigned(node)}
    values |= _meta(class_)
    first = class_.body[0] if class_.body else None
    doc = literal_text(first.value).strip().partition("\n")[0] if isinstance(first, ast.Expr) else ""
    return join(literal_text(values.get("_description")), literal_text(values.get("verbose_name")), doc)[:300]


def _is_mapped(node: ast.AnnAssign) -> bool:
    annotation = node.annotation
    return isinstance(annotation, ast.Subscript) and dotted(annotation.value).rpartition(".")[2] == "Mapped"


def _is_thin(class_: ast.ClassDef) -> bool:
    """Tell a kind of question from a library's field class, which builds itself."""
    return not any(
        isinstance(node, ast.FunctionDef) and node.name in {"__init__", "__new__"} for node in class_.body
    )


def _merge(declared: Declared, called: Declared | None) -> Declared:
    if called is None:
        return declared
    options = called.options or declared.options
    return Declared(
        declared.type, called.said or declared.said, options, declared.facts | called.facts, called.asks
    )
