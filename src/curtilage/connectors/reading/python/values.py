"""Literal values in Python source: texts, choices, names. What is not literal is left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

#: Calls whose first argument is the text itself: translation, marking, lazy strings.
_WRAPPERS: Final = frozenset(
    {
        "_", "__", "_l", "_t", "N_", "gettext", "ugettext", "gettext_lazy", "ugettext_lazy", "gettext_noop",
        "pgettext", "pgettext_lazy", "lazy_gettext", "trans", "translate", "mark_safe", "format_html", "format_lazy",
        "Markup", "dedent", "str", "unicode", "text", "t", "L_", "cleandoc", "safe", "SafeText",
    }
)  # fmt: skip
_MOST_OPTIONS: Final = 400
_DEEPEST: Final = 20


def dotted(node: ast.AST | None) -> str:
    """Return ``models.CharField`` for a name or attribute; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def literal_text(node: ast.AST | None, depth: int = 0) -> str:
    """Return a text as far as it is literal: translated, joined and formatted ones too."""
    if node is None or depth > _DEEPEST:
        return ""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(literal_text(part, depth + 1) or " … " for part in node.values)
    if isinstance(node, ast.BinOp):
        right = literal_text(node.right, depth + 1) if isinstance(node.op, ast.Add) else ""
        return literal_text(node.left, depth + 1) + right
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "strip", "join"}:
            return literal_text(node.func.value, depth + 1)
        last = dotted(node.func).rpartition(".")[2]
        texts = [literal_text(argument, depth + 1) for argument in node.args] if last in _WRAPPERS else []
        # pgettext gives the context first and the text last.
        return next(filter(None, reversed(texts) if last.startswith("pgettext") else texts), "")
    return ""


class Scope:
    """What a file binds by name at its top and in its classes: lists of choices, enumerations."""

    def __init__(self, tree: ast.Module) -> None:
        self._values: dict[str, ast.expr] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        for node in tree.body:
            self._bind(node, "")

    def bases(self, class_: ast.ClassDef) -> set[str]:
        """Return the last names of all bases of a class, those inside the file followed."""
        found: set[str] = set()
        waiting = [class_]
        while waiting:
            for base in waiting.pop().bases:
                name = dotted(base.value if isinstance(base, ast.Subscript) else base)
                last = name.rpartition(".")[2]
                if last and last not in found:
                    found.add(last)
                    waiting += [self._classes[last]] if last in self._classes else []
        return found

    def options(self, node: ast.AST | None, within: str = "", depth: int = 0) -> list[str]:
        """Return the coded answers of a list of choices: their labels, or the codes where there are none.

        Args:
            node: A literal list, tuple, set or mapping, or the name of one in this file.
            within: Name of the class around, whose own constants are seen first.
            depth: How many names have been followed.
        """
        if node is None or depth > _DEEPEST:
            return []
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found = [said for item in node.elts[:_MOST_OPTIONS] for said in self._option(item, within, depth)]
        elif isinstance(node, ast.Dict):
            codes = [literal_text(key) if key else "" for key in node.keys[:_MOST_OPTIONS]]
            found = [literal_text(value) or code for value, code in zip(node.values, codes, strict=False)]
        elif isinstance(node, ast.BinOp):
            found = self.options(node.left, within, depth + 1) + self.options(node.right, within, depth + 1)
        elif isinstance(node, ast.Call):
            found = self._called(node, within, depth)
        else:
            found = self._named(node, within, depth)
        return [said for said in found if said]

    def members(self, name: str) -> list[str]:
        """Return the labels of an enumeration of this file; empty where it has none of that name."""
        class_ = self._classes.get(name)
        if class_ is None or not self._enumerates(class_):
            return []
        return [said for node in class_.body for said in self._member(node)]

    def _bind(self, node: ast.AST, prefix: str) -> None:
        if isinstance(node, ast.ClassDef):
            self._classes.setdefault(node.name, node)
            for inner in node.body:
                self._bind(inner, f"{node.name}.")
            return
        for name, value in assigned(node):
            self._values.setdefault(prefix + name, value)

    def _named(self, node: ast.AST, within: str, depth: int) -> list[str]:
        name = dotted(node).removeprefix("self.").removesuffix(".choices").removesuffix(".items")
        value = self._values.get(f"{within}.{name}") or self._values.get(name)
        return self.options(value, within, depth + 1) if value else self.members(name.rpartition(".")[2])

    def _called(self, node: ast.Call, within: str, depth: int) -> list[str]:
        """Follow ``sorted(X)``, ``list(X.items())``, ``Choices(('a', 'A'))``, ``X.choices()``."""
        last = dotted(node.func).rpartition(".")[2]
        if last in {"choices", "items", "values", "keys", "to_list"}:
            return self.options(node.func, within, depth + 1)
        if last in {"sorted", "list", "tuple", "dict", "OrderedDict", "enumerate", "set"} and node.args:
            return self.options(node.args[0], within, depth + 1)
        if last in {"Choices", "ChoiceList", "Enum"}:
            return [said for item in node.args for said in self._option(item, within, depth)]
        return []

    def _option(self, item: ast.expr, within: str, depth: int) -> Iterator[str]:
        if isinstance(item, ast.Tuple | ast.List) and item.elts:
            if len(item.elts) == 2 and isinstance(item.elts[1], ast.Tuple | ast.List):
                yield from self.options(item.elts[1], within, depth + 1)  # a group with its own choices
            else:
                yield literal_text(item.elts[-1]) or literal_text(item.elts[0]) or dotted(item.elts[0])
        elif isinstance(item, ast.Starred):
            yield from self.options(item.value, within, depth + 1)
        elif isinstance(item, ast.Dict):
            named = {
                literal_text(key): literal_text(value)
                for key, value in zip(item.keys, item.values, strict=True)
            }
            yield named.get("label") or named.get("text") or named.get("value") or ""
        else:
            yield literal_text(item) or dotted(item).rpartition(".")[2]

    def _enumerates(self, class_: ast.ClassDef) -> bool:
        return any(base.endswith(("Choices", "Enum")) for base in self.bases(class_))

    def _member(self, node: ast.stmt) -> Iterator[str]:
        for name, value in assigned(node):
            if not name.startswith("_") and name not in {"choices", "__empty__"}:
                given = value.elts[-1] if isinstance(value, ast.Tuple) and value.elts else value
                yield literal_text(given) or name


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Give the names that a statement binds to a value, plain ones only."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        yield node.target.id, node.value


def keywords(call: ast.Call) -> Mapping[str, ast.expr]:
    """Return the named arguments of a call."""
    return {word.arg: word.value for word in call.keywords if word.arg}


def is_true(node: ast.AST | None) -> bool:
    """Tell a literal True."""
    return isinstance(node, ast.Constant) and node.value is True


def is_false(node: ast.AST | None) -> bool:
    """Tell a literal False."""
    return isinstance(node, ast.Constant) and node.value is False
